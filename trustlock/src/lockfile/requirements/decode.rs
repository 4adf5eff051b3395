//! From bytes to text, as pip decodes a requirements file: a byte order mark, else a `coding` comment in
//! the first two lines, else UTF-8.

use crate::tree::ReadError;

/// What a `coding` comment may name, by every spelling that people use.
const ENCODINGS: &[(&[&str], Encoding)] = &[
    (&["utf-8", "utf8", "u8", "utf", "cp65001"], Encoding::Utf8),
    (&["ascii", "us-ascii", "646"], Encoding::Ascii),
    (&["latin-1", "latin1", "iso-8859-1", "iso8859-1", "8859", "cp819", "l1"], Encoding::Latin1),
];

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
}

/// The text. Where nothing names the encoding and the bytes are not UTF-8, pip falls back to the
/// encoding of the machine that it runs on: such a file says something else on every machine, so it is
/// not read at all. Neither is one in an encoding that can hide text from people (`utf-7`).
pub(super) fn decode(mut bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
        return utf8(bytes);
    }
    // Python looks for a mark once more where the first is little-endian, and a second one may turn
    // the bytes around.
    let once = |rest: &[u8], marks: [&[u8]; 2]| {
        let twice = marks.into_iter().any(|mark| rest.starts_with(mark));
        let error = || ReadError::Encoding("two byte order marks stand at its start".to_owned());
        if twice { Err(error()) } else { Ok(()) }
    };
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe\0\0") {
        once(rest, [b"\xff\xfe\0\0", b"\0\0\xfe\xff"])?;
        return utf32(rest, u32::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xfe\xff") {
        return utf32(rest, u32::from_be_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        once(rest, [b"\xff\xfe", b"\xfe\xff"])?;
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    match declared(&bytes)? {
        None | Some(Encoding::Utf8) => utf8(bytes),
        Some(Encoding::Ascii) => match bytes.iter().position(|byte| !byte.is_ascii()) {
            None => utf8(bytes),
            Some(at) => Err(ReadError::Encoding(format!("it says that it is ASCII, and byte {at} is not"))),
        },
        Some(Encoding::Latin1) => Ok(bytes.into_iter().map(char::from).collect()),
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))
}

/// The encoding that a comment among the first two lines names (PEP 263).
fn declared(bytes: &[u8]) -> Result<Option<Encoding>, ReadError> {
    for line in bytes.split(|byte| *byte == b'\n').take(2).filter(|line| line.starts_with(b"#")) {
        let Some(name) = coding(line) else { continue };
        let plain = name.to_ascii_lowercase().replace('_', "-");
        let known = ENCODINGS.iter().find(|(names, _)| names.contains(&plain.as_str()));
        return match known {
            Some((_, encoding)) => Ok(Some(*encoding)),
            None => Err(ReadError::Encoding(format!(
                "its encoding is `{name}`, and only UTF-8, UTF-16, UTF-32, ASCII and Latin-1 are read"
            ))),
        };
    }
    Ok(None)
}

/// `coding[:=]\s*([-\w.]+)`, the first place in the line where that fits.
fn coding(line: &[u8]) -> Option<String> {
    const WORD: &[u8] = b"coding";
    let at = |from: usize| {
        let rest = line.get(from..)?.strip_prefix(WORD)?;
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let space = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0d);
        let name = rest.iter().skip_while(|byte| space(byte));
        let name: Vec<u8> = name
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .copied()
            .collect();
        String::from_utf8(name).ok().filter(|name| !name.is_empty())
    };
    (0..line.len()).find_map(at)
}

fn chunks<const N: usize>(bytes: &[u8]) -> Result<&[[u8; N]], ReadError> {
    match bytes.as_chunks::<N>() {
        (chunks, []) => Ok(chunks),
        _ => Err(ReadError::Encoding("it ends in the middle of a character".to_owned())),
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    let units = chunks(bytes)?.iter().map(|unit| read(*unit));
    char::decode_utf16(units)
        .collect::<Result<_, _>>()
        .map_err(|_| ReadError::Encoding("it is not valid UTF-16".to_owned()))
}

fn utf32(bytes: &[u8], read: fn([u8; 4]) -> u32) -> Result<String, ReadError> {
    let text: Option<String> = chunks(bytes)?.iter().map(|unit| char::from_u32(read(*unit))).collect();
    text.ok_or_else(|| ReadError::Encoding("it is not valid UTF-32".to_owned()))
}
