use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
struct Printed {
    name: String,
    version: String,
    index: Option<bool>,
    marker: Option<String>,
    hashes: Vec<String>,
}

fn package() -> impl Strategy<Value = Printed> {
    let hashes = prop::collection::vec("[0-9a-f]{64}", 1..4);
    let marker =
        prop::option::of(any::<bool>().prop_map(|b| format!("python_version >= '3.{}'", u8::from(b))));
    ("[a-z][a-z0-9]{0,8}", "[0-9]{1,2}\\.[0-9]{1,2}", any::<Option<bool>>(), marker, hashes)
        .prop_map(|(name, version, index, marker, hashes)| Printed { name, version, index, marker, hashes })
}

/// The lockfile as pipenv writes it.
fn print(categories: &[(String, Vec<Printed>)]) -> String {
    let mut top = serde_json::json!({"_meta": {
        "hash": {"sha256": HEX},
        "pipfile-spec": 6,
        "requires": {"python_version": "3.12"},
        "sources": [serde_json::from_str::<serde_json::Value>(PYPI).unwrap(), serde_json::from_str::<serde_json::Value>(ACME).unwrap()],
    }});
    for (category, packages) in categories {
        top[category] = serde_json::json!({});
        for package in packages {
            let hashes: Vec<String> = package.hashes.iter().map(|hex| format!("sha256:{hex}")).collect();
            let mut entry =
                serde_json::json!({"hashes": hashes, "version": format!("=={}", package.version)});
            if let Some(first) = package.index {
                entry["index"] = if first { "pypi" } else { "acme" }.into();
            }
            if let Some(marker) = &package.marker {
                entry["markers"] = marker.as_str().into();
            }
            top[category][&package.name] = entry;
        }
    }
    serde_json::to_string_pretty(&top).unwrap()
}

fn categories() -> impl Strategy<Value = Vec<(String, Vec<Printed>)>> {
    let category = ("default|develop|[a-z]{1,5}", prop::collection::vec(package(), 0..6));
    prop::collection::vec(category, 0..4)
}

/// What was printed, without what a later entry of the same key replaced.
fn live(categories: &[(String, Vec<Printed>)]) -> Vec<(String, Printed)> {
    let mut live = std::collections::BTreeMap::new();
    for (category, packages) in categories {
        live.insert(
            category.as_str(),
            packages.iter().map(|p| (p.name.as_str(), p)).collect::<std::collections::BTreeMap<_, _>>(),
        );
    }
    let flat = live
        .into_iter()
        .flat_map(|(c, packages)| packages.into_values().map(move |p| (c.to_owned(), p.clone())));
    flat.collect()
}

proptest! {
    #[test]
    fn what_is_printed_is_read(categories in categories()) {
        let lockfile = parsed(&print(&categories));
        prop_assert_eq!(&lockfile.oddities, &vec![]);
        let mut read: Vec<_> = lockfile.packages().map(|p| {
            let hashes: Vec<String> = p.digests().iter().map(|d| lockfile.text(d.hex).to_owned()).collect();
            let index = p.source().unwrap().url.as_ref().map(|url| url.host() == "pypi.org");
            (p.groups().next().unwrap().to_owned(), p.name().to_owned(), p.version().unwrap().to_owned(), index, p.marker().map(str::to_owned), hashes)
        }).collect();
        read.sort();
        let mut printed: Vec<_> = live(&categories).into_iter()
            .map(|(c, p)| (c, p.name, p.version, p.index, p.marker, p.hashes)).collect();
        printed.sort();
        prop_assert_eq!(read, printed);
    }

    #[test]
    fn no_text_panics(
        categories in categories(),
        noise in ".{0,60}",
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..PIECES.len()), 1..5),
    ) {
        let _ = read(&File::new("Pipfile.lock", noise));
        let mut text = print(&categories);
        for (at, length, piece) in cuts {
            let start = floor(&text, at.index(text.len() + 1));
            let end = floor(&text, (start + length.index(20)).min(text.len()));
            text.replace_range(start..end, PIECES[piece]);
        }
        if let Ok(lockfile) = read(&File::new("Pipfile.lock", text.as_str())) {
            for place in lockfile.packages().flat_map(|p| [p.package.place, p.package.name.place, p.version_place().span, p.source_place().span]) {
                prop_assert!(text.get(place.range()).is_some());
            }
            for oddity in &lockfile.oddities {
                prop_assert!(text.get(oddity.place.range()).is_some());
            }
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What a hostile or careless hand may put into a lockfile.
const PIECES: &[&str] = &[
    "",
    "\"",
    "\\",
    "\\u0061",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e9",
    "\n",
    "\0",
    "é",
    "\"default\": {},",
    "\"hashes\": [],",
    "\"hashes\": [\"sha256:\"],",
    "\"version\": \"\",",
    "\"version\": \"==1\\n-r a\",",
    "\"git\": \"a@b#c\",",
    "\"path\": \"..\",",
    "\"file\": \"a.whl#sha256=\",",
    "\"index\": \"x\",",
    "\"editable\": true,",
    "\"extras\": [\"\"],",
    "\"verify_ssl\": 0,",
    "\"url\": \"\",",
    "\"name\": \"pypi\",",
    "\"pip_args\": [\"-x\"],",
    "\"a\": \"*\",",
];
