//! Reading one policy file.
