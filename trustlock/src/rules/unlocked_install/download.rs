//! `curl … | sh` and its kin: what the network answers is run before anybody has seen it.

use super::call::Call;
use super::door::{Cause, Door, Site};
use crate::evidence::commands::{Command, Feed, Word};
use crate::model::Span;
use crate::text::shell::quote;

/// How many programs may stand between the download and the shell.
const STEPS: usize = 8;

/// The download in this command, where something runs what it answers.
pub(super) fn judge(site: &Site<'_>) -> Option<Door> {
    let first = site.command.words.first()?;
    let call = Call::of(&site.command.words)?;
    let is_download = matches!(
        call.tool.as_str(),
        "curl" | "wget" | "iwr" | "irm" | "invoke-webrequest" | "invoke-restmethod" | "fetch" | "http" | "xh"
    ) || first.text.to_ascii_lowercase().contains("downloadstring");
    if !is_download {
        return None;
    }
    let is_near = |word: &Word| ["file:", "http://localhost", "http://127.0.0.1"].iter().any(|near| word.text.starts_with(near));
    if site.command.words.iter().any(is_near) {
        return None;
    }
    let mut from = site.command;
    for _ in 0..STEPS {
        let (index, feed) = from.into?;
        let to = site.script.commands.get(index)?;
        if runs(to, feed) {
            return Some(door(site, to));
        }
        if feed != Feed::Pipe {
            return None;
        }
        from = to;
    }
    None
}

/// Whether a command runs what it is given that way.
fn runs(command: &Command, feed: Feed) -> bool {
    let Some(call) = Call::of(&command.words) else { return false };
    let texts: Vec<&str> = call.rest.iter().map(|word| word.text.as_str()).collect();
    let first = texts.first().copied().unwrap_or_default();
    match call.tool.as_str() {
        "iex" | "invoke-expression" => true,
        "eval" => feed == Feed::Argument,
        "source" | "." => feed == Feed::Input,
        "sh" | "bash" | "dash" | "zsh" | "ksh" | "ash" | "pwsh" | "powershell" => match feed {
            Feed::Argument => texts.iter().any(|text| text.starts_with('-') && text.ends_with('c')),
            Feed::Input => true,
            // A script of its own makes the rest its data; `-s` and `-` do not.
            Feed::Pipe => {
                let mut before = texts.iter().take_while(|text| !matches!(**text, "-s" | "--" | "-" | "/dev/stdin"));
                before.all(|text| text.starts_with('-') && (text.starts_with("--") || !text.ends_with('c')))
            }
        },
        "python" | "node" | "ruby" | "perl" | "php" => match feed {
            Feed::Argument => matches!(first, "-c" | "-e"),
            Feed::Input => texts.len() == 1,
            Feed::Pipe => matches!(first, "" | "-" | "/dev/stdin"),
        },
        _ => false,
    }
}

fn door(site: &Site<'_>, runner: &Command) -> Door {
    let (here, there) = (site.command.span(), runner.span());
    let span = Span { start: here.start.min(there.start), end: here.end.max(there.end) };
    let url = site.command.words.iter().find(|word| word.text.contains("://")).map(|word: &Word| word.text.as_str());
    let from = url.map_or_else(|| "the network".to_owned(), |url| format!("`{url}`"));
    let title = format!("a script from {from} is run unseen");
    let label = "whoever answers this request decides what runs here";
    let url = quote(url.unwrap_or("URL"));
    let shell = Call::of(&runner.words).map_or_else(String::new, |call| call.tool);
    let door = Door::new(Cause::Download, span, title, label);
    if matches!(shell.as_str(), "iex" | "invoke-expression") {
        return door.paste(
            "save it, compare its digest, then run it",
            format!(
                "Invoke-WebRequest {url} -OutFile install.ps1\n\
                 if ((Get-FileHash install.ps1).Hash -ne 'SHA256') {{ throw 'install.ps1 has changed' }}\n./install.ps1"
            ),
        );
    }
    let shell = if matches!(shell.as_str(), "eval" | "source" | ".") { "sh" } else { &shell };
    door.paste(
        "save it, compare its digest, then run it",
        format!("curl -fsSLo install.sh {url}\necho 'SHA256  install.sh' | sha256sum --check\n{shell} install.sh"),
    )
}
