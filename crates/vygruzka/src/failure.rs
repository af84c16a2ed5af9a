//! Why a command did not do it, in one sentence, and how it ends.

use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It was asked for wrongly: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// It was asked for rightly and could not be done: exit code 1.
    #[error("{0}")]
    Failed(String),
    /// The store did not do it.
    #[error("{0}")]
    Store(#[from] storage::Error),
    /// Ozon, or the load itself.
    #[error("{0}")]
    Load(#[from] sync::LoadError),
    /// A stream or file.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Failure {
    /// How the process ends: 1 failed, 2 wrong use.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}
