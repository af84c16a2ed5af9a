//! What can go wrong with the store, sorted by what the caller can do about it.

use sea_orm::{DbErr, SqlErr};

/// The result of asking the store.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row.
    #[error("not found")]
    NotFound,
    /// A value that must be unique is taken.
    #[error("this {what} is already taken")]
    Taken {
        /// Which value: `name`, `email`, `client_id`.
        what: &'static str,
    },
    /// It cannot be deleted while something refers to it.
    #[error("it is in use {count} times and cannot be deleted")]
    InUse {
        /// By how many rows.
        count: u64,
    },
    /// A rule of the shop forbids it: `default` (the default status), `installed`, `no_default`;
    /// `settings_changed` when what was decided upon is no longer in force.
    #[error("it cannot be done: {0}")]
    Refused(&'static str),
    /// The cursor of a page is not one that we gave out.
    #[error("the cursor is not one that a page gave out")]
    BadCursor,
    /// Another transaction holds the database or the row; trying again helps.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// The disk is full, or the database may not grow.
    #[error("the database cannot be written: the disk is full or read-only")]
    Full,
    /// The secret key is not the one that the store was made with, or that its key was rotated to.
    #[error(
        "the secret key is not this database's: set VYGRUZKA_SECRET_KEY to the one it was made with, or to the new one where the key \
         was rotated, and start again"
    )]
    WrongSecretKey,
    /// PostgreSQL needs a secret key from outside.
    #[error("VYGRUZKA_SECRET_KEY is not set; with PostgreSQL it must hold base64 of 32 bytes")]
    NoSecretKey,
    /// A newer program has migrated the database.
    #[error(
        "the database is of a newer version than this program; use the newer program, or restore a backup"
    )]
    NewerDatabase,
    /// The database is of an older version than this program.
    #[error("the database is of an older version; `vygruzka migrate` brings it up to date")]
    OlderDatabase,
    /// Another process has the SQLite file open.
    #[error("another process has the database open; stop the server and every other command first")]
    NotAlone,
    /// Where everything is to go there is something already.
    #[error("there are tables in {0} already; give a new, empty database")]
    NotEmpty(String),
    /// A file that was to be written is there already.
    #[error("{0} is there already and is not written over; move it away or name another file")]
    Exists(String),
    /// A file is no whole copy of our database.
    #[error("{0} is no whole copy of a database of Vygruzka: {1}")]
    NoCopy(String, String),
    /// A file or folder could not be read or written.
    #[error("{0}: {1}")]
    File(String, #[source] std::io::Error),
    /// A row holds what this version cannot read.
    #[error("the database holds what cannot be read: {0}")]
    Corrupt(String),
    /// A row that must be unique came into being at the same time; the whole transaction can be repeated.
    #[error("another change came first")]
    Raced,
    /// The database could not be reached or refused.
    #[error("the database did not answer as it should: {0}")]
    Database(#[source] DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Self::Raced;
        }
        let text = error.to_string();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(&[
            "database is locked",
            "database table is locked",
            "deadlock detected",
            "could not serialize",
            "pool timed out",
        ]) {
            Self::Busy
        } else if says(&["database or disk is full", "No space left", "readonly database", "disk I/O error"])
        {
            Self::Full
        } else {
            Self::Database(error)
        }
    }
}

impl Error {
    /// Whether repeating the same transaction may well help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Raced)
    }
}
