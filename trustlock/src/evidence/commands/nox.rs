//! `noxfile.py`: what its sessions install and run, as far as it stands there in letters.

use std::sync::Arc;

use super::{Command, Directory, Environment, Form, Word};
use crate::model::{File, Span};
use crate::tree::TreePath;

/// The commands of a noxfile in `folder`.
pub(super) fn read(file: &Arc<File>, folder: &TreePath) -> Vec<Command> {
    let mut lexer = Lexer { text: &file.text, at: 0 };
    let mut commands = Vec::new();
    // The last tokens: `session`, `.`, `install`, then `(`.
    let mut before = [Token::End, Token::End, Token::End];
    loop {
        let token = lexer.next();
        if token == Token::End {
            return commands;
        }
        if token == Token::Sign(b'(')
            && let [Token::Name("session" | "s"), Token::Sign(b'.'), Token::Name(method)] = before
        {
            let form = match method {
                "install" => Some(Form::NoxInstall),
                "run" | "run_always" | "run_install" => Some(Form::Line),
                _ => None,
            };
            if let Some(form) = form {
                let words = lexer.arguments();
                let environment = Arc::new(Environment::new());
                commands.push(Command {
                    form,
                    words,
                    environment,
                    directory: Directory::Here(folder.clone()),
                    into: None,
                });
            }
        }
        before = [before[1], before[2], token];
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Name(&'a str),
    /// A string: what is between its quotes, where that begins, and whether it is one that holds values.
    Text(&'a str, usize, bool),
    Sign(u8),
    End,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Token<'a> {
        loop {
            let rest = self.rest();
            let Some(first) = rest.chars().next() else { return Token::End };
            if first == '#' {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if first.is_whitespace() || first == '\\' {
                self.at += first.len_utf8();
            } else if first == '"' || first == '\'' {
                return self.string(false);
            } else if first.is_alphanumeric() || first == '_' {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                let name = rest.get(..end).unwrap_or_default();
                self.at += end;
                let is_prefix = name.len() <= 2 && name.bytes().all(|b| b"rRbBfFuU".contains(&b));
                if is_prefix && self.rest().starts_with(['"', '\'']) {
                    return self.string(name.contains(['f', 'F']));
                }
                return Token::Name(name);
            } else {
                self.at += first.len_utf8();
                return Token::Sign(u8::try_from(first).unwrap_or(b'?'));
            }
        }
    }

    fn string(&mut self, formatted: bool) -> Token<'a> {
        let rest = self.rest();
        let quote = if rest.starts_with('"') { "\"" } else { "'" };
        let triple = quote.repeat(3);
        let quote = if rest.starts_with(&triple) { &*triple } else { quote };
        let start = self.at + quote.len();
        let inner = self.text.get(start..).unwrap_or_default();
        let mut end = 0;
        while end < inner.len() {
            let rest = inner.get(end..).unwrap_or_default();
            if rest.starts_with(quote) || (quote.len() == 1 && rest.starts_with('\n')) {
                break;
            }
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
            end += first + escaped.map_or(0, char::len_utf8);
        }
        let end = end.min(inner.len());
        self.at = (start + end + quote.len()).min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        let text = inner.get(..end).unwrap_or_default();
        Token::Text(text, start, formatted && text.contains('{'))
    }

    /// The arguments of a call whose parenthesis is open: strings are words, anything else is a word that
    /// nobody knows, and what has a name is left out.
    fn arguments(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        let mut depth = 1_usize;
        let mut argument = Argument::default();
        loop {
            let start = self.at;
            let token = self.next();
            match token {
                Token::End => return words,
                Token::Sign(b'(' | b'[' | b'{') => depth += 1,
                Token::Sign(b')' | b']' | b'}') => {
                    depth -= 1;
                    if depth == 0 {
                        words.extend(argument.word());
                        return words;
                    }
                }
                Token::Sign(b',') if depth == 1 => {
                    words.extend(std::mem::take(&mut argument).word());
                    continue;
                }
                Token::Sign(b'=') if depth == 1 => argument.named = true,
                _ => {}
            }
            argument.see(token, start, self.at);
        }
    }
}

/// An argument that is being read.
#[derive(Default)]
struct Argument {
    text: String,
    span: Option<(usize, usize)>,
    named: bool,
    varies: bool,
}

impl Argument {
    fn see(&mut self, token: Token<'_>, start: usize, end: usize) {
        let start = match token {
            Token::Text(text, at, varies) => {
                self.text.push_str(text);
                self.varies |= varies;
                at
            }
            _ => {
                self.varies = true;
                start
            }
        };
        let end = if let Token::Text(text, at, _) = token { at + text.len() } else { end };
        let from = self.span.map_or(start, |(from, _)| from);
        self.span = Some((from, end));
    }

    fn word(self) -> Option<Word> {
        let (start, end) = self.span.filter(|_| !self.named)?;
        let text = if self.varies { "${value}".to_owned() } else { self.text };
        Some(Word { text, span: Span::new(start, end), varies: self.varies })
    }
}
