//! Words of a command that people paste into a shell.

use std::borrow::Cow;

/// `word` as one word of a POSIX shell, whatever it holds: a name in a hostile lockfile may not start
/// programs on the machine of the one who mends it.
pub fn quote(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | '+');
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn only_plain_words_stand_without_quotes() {
        for plain in ["serde", "a_b-c", "services/api/Cargo.lock", "1.0.0+wasi.1"] {
            assert_eq!(quote(plain), plain);
        }
        for (word, quoted) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("$(id)", "'$(id)'"),
            ("a';id;'", r"'a'\'';id;'\'''"),
            ("a\nid", "'a\nid'"),
        ] {
            assert_eq!(quote(word), quoted);
        }
    }
}
