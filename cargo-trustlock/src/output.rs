//! Where text goes: a file or standard output, with or without colour.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anstream::ColorChoice;
use trustlock::model::{Problem, Report};
use trustlock::report::{Style, human};

use crate::args::{Color, Printing};

/// The exit code for anything that could not be done.
pub(crate) const FAILED: u8 = 2;

/// How to render for where the text goes.
pub(crate) fn style(printing: &Printing) -> Style {
    let color = match printing.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            printing.output.is_none() && anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never
        }
    };
    Style { color, unicode: true, width: None, verbose: printing.verbose, quiet: printing.quiet }
}

/// Writes `text` to `--output` or to standard output.
pub(crate) fn write(text: &str, file: Option<&Path>) -> Result<(), Problem> {
    write_with(file, |out| out.write_all(text.as_bytes()))
}

/// Lets `fill` write to `--output` or to standard output.
pub(crate) fn write_with(
    file: Option<&Path>,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Problem> {
    match file {
        // A link that the checkout put there must not choose the file that is written.
        Some(path) if path.is_symlink() && !path.starts_with("/dev") => {
            Err(Problem::new(format!("`{}` is a symbolic link, which is never followed", path.display())))
        }
        Some(path) => File::create(path)
            .and_then(|file| fill_buffered(file, fill))
            .map_err(|e| Problem::new(format!("`{}` could not be written: {e}", path.display()))),
        None => match fill_buffered(io::stdout().lock(), fill) {
            // A reader that has seen enough (`| head`) is not a failure of the check.
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                Err(Problem::new(format!("standard output could not be written: {e}")))
            }
            _ => Ok(()),
        },
    }
}

fn fill_buffered(out: impl Write, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    fill(&mut out)?;
    out.flush()
}

/// Says on standard error what could not be done; the exit code for it.
pub(crate) fn fail(problems: Vec<Problem>) -> u8 {
    let color = anstream::AutoStream::choice(&io::stderr()) != ColorChoice::Never;
    let style = Style { color, unicode: true, quiet: true, ..Style::default() };
    // Nothing is left to say it with, should standard error be closed.
    let _ = io::stderr().lock().write_all(human::render(&Report::failed(problems), &style).as_bytes());
    FAILED
}

/// The exit code of a command that printed `text`.
pub(crate) fn print(text: &str) -> u8 {
    match write(text, None) {
        Ok(()) => 0,
        Err(problem) => fail(vec![problem]),
    }
}
