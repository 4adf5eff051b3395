//! What holds for every format and any text.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::{
    Ecosystem, File, Finding, Fix, Judge, Level, Note, Origin, Problem, Source, SourceKind, Subject, Url,
    Waived,
};

/// What nobody may see.
const SECRET: &str = "S3CRET";

/// Texts that a hostile checkout would choose.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,6}",
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "\u{1b}[31m",
            "\u{9b}2J",
            "\n",
            "\r\n",
            "\t",
            "\u{202e}",
            "\u{200b}",
            "\u{2028}",
            "\u{e000}",
            "::",
            "\n::error::x",
            "##vso[x]y",
            "##[error]",
            "](",
            "%0A",
            "日本",
            "\"",
            "'",
            "`",
            " = ",
            "/t/",
            "@",
            "https://",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![
            "https://me:S3CRET@host/x",
            "git+ssh://S3CRET@host",
            " https://host/t/S3CRET/simple ",
            "https://host/x?token=S3CRET&a=b",
            " token = \"S3CRET\" ",
            " access_token=S3CRET ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn place()(path in hostile(), text in hostile(), origin in 0usize..3, start in 0usize..60, length in 0usize..40)
        -> crate::model::Place {
        let origin = [Origin::Checkout, Origin::Outside, Origin::BuiltIn].into_iter().nth(origin);
        let file = Arc::new(File { path, text, origin: origin.unwrap_or(Origin::Checkout) });
        file.at(start..start + length)
    }
}

prop_compose! {
    fn finding()(
        place in place(), related in place(), judge in place(),
        texts in prop::collection::vec(hostile(), 8), warn: bool, grouped: bool,
    ) -> Finding {
        let text = |n: usize| texts.get(n).cloned().unwrap_or_default();
        let mut finding = Finding::new(&sample::UNKNOWN_SOURCE, subject(&text(0)), place, text(1))
            .label(text(2))
            .related(related, text(3))
            .judge(Some(Judge { place: judge, says: text(4) }))
            .chain(vec![text(5), text(6)])
            .paste(text(5), text(7));
        finding.level = if warn { Level::Warn } else { Level::Deny };
        finding.cause = grouped.then(|| text(6));
        finding
    }
}

fn subject(text: &str) -> Subject {
    let source = Source {
        raw: text.to_owned(),
        kind: SourceKind::Git { reference: None, commit: None },
        // A source with a space or a quote in it is no URL to begin with.
        url: Url::parse(text).filter(|_| !text.contains([' ', '"'])),
    };
    Subject {
        package: Some((Ecosystem::Cargo, text.to_owned(), Some(text.to_owned()))),
        source: Some(Arc::new(source)),
        artifact: Some(text.to_owned()),
        digest: Some(text.to_owned()),
        lockfile: Some(text.to_owned()),
        setting: Some((text.to_owned(), text.to_owned(), text.to_owned())),
    }
}

prop_compose! {
    fn report()(
        findings in prop::collection::vec(finding(), 0..4), twice in finding(), waived in finding(),
        at in place(), texts in prop::collection::vec(hostile(), 6),
    ) -> Report {
        let text = |n: usize| texts.get(n).cloned().unwrap_or_default();
        let mut problem = Problem::new(text(0)).at(at.clone(), text(1));
        problem.fixes.push(Fix { text: text(2), paste: Some(text(3)) });
        Report {
            policy: text(4),
            contact: Some(text(5)),
            lockfiles: vec![sample::judged(&at.file, 1), sample::judged(&File::new(text(2), ""), 1)],
            findings: findings.into_iter().chain([twice.clone(), twice]).collect(),
            waived: vec![Waived { finding: waived, waiver: at, reason: text(1) }],
            problems: vec![problem, Problem::new(text(2)).path(text(3))],
            notes: vec![Note { path: Some(text(4)), text: text(5), verbose: false }],
            ..sample::clean(&[])
        }
    }
}

/// Without our own colours.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(part.len());
        assert!(part.get(end..).is_some_and(|rest| rest.starts_with('m')), "not a colour: {part:?}");
        out + part.get(end + 1..).unwrap_or_default()
    })
}

fn assert_harmless(format: Format, text: &str) {
    assert!(!text.contains(SECRET), "{format:?} shows a credential:\n{text}");
    let visible = |c: char| c == '\n' || !(c.is_control() || "\u{202e}\u{200b}\u{2028}\u{e000}".contains(c));
    assert!(text.chars().all(visible), "{format:?} shows a control character:\n{text:?}");
    assert!(!text.contains("##vso[") && !text.contains("##["), "{format:?} commands a build server:\n{text}");
    for line in text.lines().map(str::trim_start).filter(|line| line.starts_with("::")) {
        let own = line.starts_with("::: ") || (format == Format::Github && !line.starts_with("::error::"));
        assert!(own, "{format:?} commands GitHub: {line}");
    }
}

proptest! {
    #[test]
    fn no_output_harms_its_reader(report in report(), unicode: bool, width in 0usize..200) {
        for format in Format::ALL {
            let style = Style { unicode, verbose: true, width: (width > 40).then_some(width), ..Style::default() };
            assert_harmless(format, &format.render(&report, &style));
        }
        let style = Style { color: true, verbose: true, ..Style::default() };
        let plain = human::render(&report, &Style { color: false, ..style });
        prop_assert_eq!(without_colors(&human::render(&report, &style)), plain);
        for format in [Format::Json, Format::Sarif] {
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(&format.render(&report, &style));
            prop_assert!(parsed.is_ok());
        }
    }
}

#[test]
fn formats_are_found_by_name() {
    for format in Format::ALL {
        assert_eq!(Format::named(format.name()), Some(format));
    }
    assert_eq!(Format::named("xml"), None);
}
