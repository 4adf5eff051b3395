//! URLs as the package tools see them: parsed, never compared as text.

use std::fmt;

/// A parsed URL. Parsing follows the WHATWG URL standard, as cargo does: the host is lower-cased and
/// in punycode, a default port is dropped.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Url {
    url: url::Url,
}

impl Url {
    /// Parses an absolute URL. `None` where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        url::Url::parse(text).ok().map(|url| Self { url })
    }

    /// The scheme, lower-case: `https`.
    pub fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// The host, lower-case and in punycode; empty where the URL has none.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port, where it is not the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.url.port()
    }

    /// The user name; empty where there is none.
    pub fn user(&self) -> &str {
        self.url.username()
    }

    /// Whether a password is written into the URL.
    pub fn has_password(&self) -> bool {
        self.url.password().is_some()
    }

    /// The query, undecoded.
    pub fn query(&self) -> Option<&str> {
        self.url.query()
    }

    /// The path's segments as compared: `.git` and a trailing `/` fall away, and on github.com letter
    /// case does too, since these name the same repository there and cargo treats them as one.
    pub fn segments(&self) -> Vec<String> {
        let fold_case = self.host() == "github.com";
        let mut segments: Vec<String> = self
            .url
            .path()
            .split('/')
            .filter(|s| !s.is_empty())
            .map(|s| if fold_case { s.to_ascii_lowercase() } else { s.to_owned() })
            .collect();
        if let Some(last) = segments.last_mut()
            && let Some(stem) = last.strip_suffix(".git")
            && !stem.is_empty()
        {
            *last = stem.to_owned();
        }
        segments
    }

    /// Whether both name the same place: scheme, host, port and path, in that canonical form.
    pub fn same_place(&self, other: &Self) -> bool {
        self.scheme() == other.scheme()
            && self.host() == other.host()
            && self.port() == other.port()
            && self.segments() == other.segments()
    }

    /// Whether what it fetches can be altered on the way: plain `http`, `git` and `ftp`, except to
    /// this machine.
    pub fn is_insecure(&self) -> bool {
        matches!(self.scheme(), "http" | "git" | "ftp") && !self.is_loopback()
    }

    fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// The canonical text, as parsed; may hold credentials, so it is for comparing, never for printing.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }
}

impl fmt::Display for Url {
    /// Without credentials: a user name other than `git` and every password are replaced.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.url.clone();
        let hide_user = !matches!(shown.username(), "" | "git");
        if hide_user || shown.password().is_some() {
            // Both fail only for URLs that cannot have credentials at all.
            let _ = shown.set_password(None);
            if hide_user {
                let _ = shown.set_username("***");
            }
        }
        f.write_str(shown.as_str())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}
