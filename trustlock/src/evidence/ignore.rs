//! Git's ignore rules, read through the tree.
