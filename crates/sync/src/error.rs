//! Why a load or a check did not come to its end.

use chrono::{DateTime, Utc};
use storage::runs::RunError;

/// Why a load did not come to its end. Whatever it is, nothing is lost: the next load reads the same again.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Another load of this cabinet is going; only one may at a time, over all instances.
    #[error(
        "a load of this cabinet is already running; it holds its place until {until} unless it renews it"
    )]
    AlreadyRunning {
        /// Until when the other one holds its place, as of now.
        until: DateTime<Utc>,
    },
    /// The cabinet is disabled.
    #[error("the cabinet is disabled; enable it first")]
    Disabled,
    /// The schedule asked, but another instance has just loaded.
    #[error("nothing is due")]
    NotDue,
    /// The address of the API in the cabinet is not one that can be called.
    #[error("the cabinet's API address cannot be used: {0}")]
    Address(String),
    /// Ozon did not answer as it should.
    #[error(transparent)]
    Ozon(#[from] ozon_api::Error),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] storage::Error),
    /// The database was out of reach so long that another load may have begun.
    #[error("the load lost its place, because the database did not answer for too long")]
    LostLease,
    /// The process is to end.
    #[error("the load was stopped, because the program is ending; the next one repeats it")]
    Stopping,
}

impl LoadError {
    /// A stable code, worded by the panel.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyRunning { .. } => "already_running",
            Self::Disabled => "disabled",
            Self::NotDue => "not_due",
            Self::Address(_) => "bad_address",
            Self::Ozon(error) => error.code(),
            Self::Store(storage::Error::Full) => "database_full",
            Self::Store(storage::Error::Busy) => "database_busy",
            Self::Store(storage::Error::WrongSecretKey) => "wrong_secret_key",
            Self::Store(_) => "database",
            Self::LostLease => "lost_lease",
            Self::Stopping => "stopping",
        }
    }

    /// Whether the cabinet's key is to blame, so that a new one or more roles would help.
    pub fn blames_key(&self) -> bool {
        matches!(
            self,
            Self::Ozon(error) if matches!(
                error.kind,
                ozon_api::ErrorKind::BadKey(_)
                    | ozon_api::ErrorKind::MissingRole
                    | ozon_api::ErrorKind::IpRestricted
                    | ozon_api::ErrorKind::OfferNotSigned
            )
        )
    }

    /// As the run keeps it.
    pub(crate) fn kept(&self) -> RunError {
        let trace_id = match self {
            Self::Ozon(error) => error.trace_id.clone(),
            _ => None,
        };
        RunError {
            code: self.code().to_owned(),
            text: self.to_string(),
            trace_id,
            blames_key: self.blames_key(),
        }
    }
}
