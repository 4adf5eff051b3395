//! Git's index, read as bytes: which paths are tracked.
