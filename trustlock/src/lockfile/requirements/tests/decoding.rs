use super::decode::decode;
use crate::tree::ReadError;

fn text(bytes: &[u8]) -> String {
    decode(bytes.to_vec()).unwrap()
}

fn utf16(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(of).collect()
}

#[test]
fn byte_order_marks() {
    let said = "sïx==1\n";
    assert_eq!(text(said.as_bytes()), said);
    assert_eq!(text(&[b"\xef\xbb\xbf", said.as_bytes()].concat()), said);
    assert_eq!(text(&[b"\xff\xfe".as_slice(), &utf16(said, u16::to_le_bytes)].concat()), said);
    assert_eq!(text(&[b"\xfe\xff".as_slice(), &utf16(said, u16::to_be_bytes)].concat()), said);
    let wide = |of: fn(u32) -> [u8; 4]| said.chars().flat_map(|c| of(c.into())).collect::<Vec<u8>>();
    assert_eq!(text(&[b"\xff\xfe\0\0".as_slice(), &wide(u32::to_le_bytes)].concat()), said);
    assert_eq!(text(&[b"\0\0\xfe\xff".as_slice(), &wide(u32::to_be_bytes)].concat()), said);
}

#[test]
fn coding_comments() {
    for head in ["# -*- coding: latin-1 -*-\n", "#!x\n# vim: set fileencoding=iso_8859_1 :\n", "#coding:L1\n"]
    {
        let bytes = [head.as_bytes(), b"# \xe9\n"].concat();
        assert_eq!(text(&bytes), format!("{head}# é\n"));
    }
    // Only the first two lines count, and only comments among them.
    for head in ["\n\n# coding: latin-1\n", " # coding: latin-1\n", "# codings: latin-1\n"] {
        let bytes = [head.as_bytes(), b"# \xe9\n"].concat();
        assert!(matches!(decode(bytes), Err(ReadError::NotUtf8(_))), "{head}");
    }
    assert_eq!(text(b"# coding: utf-8\nsix"), "# coding: utf-8\nsix");
}

#[test]
fn what_means_something_else_elsewhere_is_not_read() {
    for bytes in [
        b"# coding: utf-7\n+AHMAaQB4-".as_slice(),
        b"# coding: unicode_escape\n",
        b"# coding: ascii\n# \xe9",
        b"\xff\xfes",
        b"\xff\xfe\x00\xd8",
        b"\xff\xfe\xfe\xff\x00s",
        b"\xff\xfe\0\0\0\0\x11\0",
    ] {
        assert!(matches!(decode(bytes.to_vec()), Err(ReadError::Encoding(_))), "{bytes:?}");
    }
    assert!(matches!(decode(b"# \xe9\n".to_vec()), Err(ReadError::NotUtf8(2))));
}
