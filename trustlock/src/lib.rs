//! The policy engine of trustlock: it decides which third-party code may enter a machine.
//!
//! The data goes one way, and each folder is one step of it:
//!
//! ```text
//! tree/ (bytes) → lockfile/, policy/ (readers) → evidence/ (what else must be known)
//!   → rules/ (pure functions) → check (waivers, grouping) → report/ (outputs)
//! ```
//!
//! Nothing here runs code of the checkout it reads, writes to it, follows a symbolic link in it, or
//! uses the network. See `ARCHITECTURE.md` for the whole house.

pub mod check;
pub mod evidence;
pub mod lockfile;
pub mod model;
mod parallel;
pub mod policy;
pub mod report;
pub mod rules;
pub mod text;
pub mod tree;
