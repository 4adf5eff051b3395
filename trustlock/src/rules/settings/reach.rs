//! Where a path in a settings file leads: into the checkout, or to the machine.

/// Whose a program, a library or a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Reach {
    /// The machine's: a name that is looked up on `PATH`, or a directory that only its owner writes to.
    Machine,
    /// The checkout's: a relative path.
    Checkout,
    /// An absolute path elsewhere. A checkout can stand there (CI does not hide where), and so can
    /// another user's file.
    Elsewhere,
}

impl Reach {
    /// For messages: "a program of this repository".
    pub(in crate::rules) fn of(self) -> &'static str {
        match self {
            Self::Machine => "of the machine",
            Self::Checkout => "of this repository",
            Self::Elsewhere => "outside the system's own directories",
        }
    }

    /// Whether the path is not the machine's own.
    pub(in crate::rules) fn is_foreign(self) -> bool {
        self != Self::Machine
    }
}

/// Directories that installers and administrators write to.
const SYSTEM: [&str; 16] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/opt",
    "/etc",
    "/nix/store",
    "/gnu/store",
    "/Library",
    "/System",
    "/Applications",
    "/snap",
    "/home/linuxbrew/.linuxbrew",
    "/boot",
];

/// The same on Windows, below the drive.
const WINDOWS: [&str; 4] = ["/program files", "/program files (x86)", "/windows", "/msys64"];

/// A file or folder: without a leading `/` it is relative, however short.
pub(in crate::rules) fn folder(path: &str) -> Reach {
    let path = path.replace('\\', "/");
    let drive = path.get(1..2) == Some(":") && path.starts_with(|c: char| c.is_ascii_alphabetic());
    if !drive && !path.starts_with('/') {
        return Reach::Checkout;
    }
    let climbs = path.split('/').any(|part| part == "..");
    let within = |path: &str, directories: &[&str]| {
        directories
            .iter()
            .any(|d| path.strip_prefix(d).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let system = if drive {
        within(&path.get(2..).unwrap_or_default().to_ascii_lowercase(), &WINDOWS)
    } else {
        within(&path, &SYSTEM)
    };
    if system && !climbs { Reach::Machine } else { Reach::Elsewhere }
}

/// The first foreign entry of a search path such as `PATH`. An empty entry is the current directory,
/// except at the end, where people leave it by accident of `…:$PATH`; cargo expands no variables, so
/// `$PATH` itself is a relative path.
pub(in crate::rules) fn search_path(value: &str) -> Option<(&str, Reach)> {
    let separator = if value.contains(';') || value.get(1..3) == Some(":\\") { ';' } else { ':' };
    value.split(separator).map(|entry| (entry, folder(entry))).find(|(_, reach)| reach.is_foreign())
}
