//! The front door for a whole project: bytes in, a report out.
