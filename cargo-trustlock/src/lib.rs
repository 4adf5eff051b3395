//! The command line of trustlock.
