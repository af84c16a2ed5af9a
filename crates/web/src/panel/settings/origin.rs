//! Where settings come from that nobody typed into the form; it goes with the form until they are saved, for the audit.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// Where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An older version.
    Version(u32),
    /// A file.
    File,
}

impl Origin {
    /// The act, as the audit names it.
    pub(crate) fn act(self) -> &'static str {
        match self {
            Self::Version(_) => "settings.restore",
            Self::File => "settings.import",
        }
    }

    /// What became of it, for the audit.
    pub(crate) fn detail(self, saved: u32) -> String {
        match self {
            Self::Version(number) => format!("version {saved} from version {number}"),
            Self::File => format!("version {saved} from a file"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(number) => write!(f, "{number}"),
            Self::File => f.write_str("file"),
        }
    }
}

impl FromStr for Origin {
    type Err = ParseIntError;
    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        if text == "file" { Ok(Self::File) } else { text.parse().map(Self::Version) }
    }
}
