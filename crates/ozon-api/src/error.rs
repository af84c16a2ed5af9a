//! What can go wrong with a call, sorted by what the caller must do. Does not read answers.

use std::fmt;
use std::time::Duration;

/// A call that gave no usable answer, after all its retries.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The method that was called, such as `/v4/posting/fbs/list`.
    pub method: &'static str,
    /// Ozon's `x-o3-trace-id`, where there was an answer: what its support asks for.
    pub trace_id: Option<String>,
}

impl Error {
    /// A code for machines; it does not change from one version to the next.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }

    /// Whether Ozon may have done what a changing call asked for, although the call failed.
    ///
    /// Where it may, look first (read the posting, list the URLs) and repeat only what is still missing. Where it may not, nothing
    /// has changed, and the same call can be made again once its cause is gone. Of a reading call it says nothing of use.
    pub fn may_have_been_taken(&self) -> bool {
        self.kind.may_have_been_taken()
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}", self.kind, self.method)?;
        if let Some(trace) = &self.trace_id {
            write!(formatter, ", trace {trace}")?;
        }
        formatter.write_str(")")
    }
}

/// What is wrong, and so what to do. No text here ever holds the key.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The key does not open the account: ask the owner for another one, and do not call again with this one.
    #[error("Ozon does not accept the API key: {0}")]
    BadKey(KeyFault),
    /// The key is good but may not do this: ask the owner for a key with the role.
    #[error("The API key lacks the role for this method")]
    MissingRole,
    /// The key may be used from other addresses only: the owner must add ours.
    #[error("The API key is restricted to other IP addresses")]
    IpRestricted,
    /// The account waits for its owner to sign Ozon's offer.
    #[error("The seller has not signed Ozon's offer")]
    OfferNotSigned,
    /// Too many calls: wait, as long as Ozon says if it says so.
    #[error("Ozon asks to slow down")]
    RateLimited {
        /// How long from now; `None` where Ozon did not say.
        retry_after: Option<Duration>,
    },
    /// Ozon is out of order: try again later.
    #[error("Ozon answers with status {status}")]
    Outage {
        /// The HTTP status.
        status: u16,
    },
    /// No whole answer in time: try again later.
    #[error("Ozon did not answer in time")]
    Timeout,
    /// No connection, or it broke: try again later, and look at the network.
    #[error("There is no connection to Ozon: {reason}")]
    Network {
        /// The cause in words.
        reason: String,
        /// Whether the request may have reached Ozon; not where there never was a connection.
        maybe_sent: bool,
    },
    /// The method was switched off: a newer version of this program is needed.
    #[error("Ozon no longer has this method")]
    MethodGone,
    /// There is no such posting, or it is another seller's.
    #[error("Ozon does not find it: {message}")]
    NotFound {
        /// Ozon's words.
        message: String,
    },
    /// The request is refused: it is ours to correct.
    #[error("Ozon refuses the request (status {status}, code {}): {message}", .code.map_or_else(|| "none".to_owned(), |code| code.to_string()))]
    Rejected {
        /// The HTTP status; 0 where the request was never sent.
        status: u16,
        /// The gRPC code of the body (3 for a wrong argument).
        code: Option<i64>,
        /// Ozon's words.
        message: String,
    },
    /// The range of dates is too long: ask for shorter ones.
    #[error("Ozon refuses the period as too long")]
    PeriodTooLong,
    /// The answer makes no sense: nothing of it may be believed.
    #[error("Ozon's answer is broken: {reason}")]
    BrokenAnswer {
        /// In which way.
        reason: Broken,
    },
    /// The answer is larger than we are willing to hold.
    #[error("Ozon's answer is larger than {limit} bytes")]
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
}

impl ErrorKind {
    /// A code for machines; it does not change from one version to the next.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadKey(KeyFault::Invalid) => "key_invalid",
            Self::BadKey(KeyFault::Deactivated) => "key_deactivated",
            Self::BadKey(KeyFault::Missing) => "key_missing",
            Self::MissingRole => "role_missing",
            Self::IpRestricted => "ip_restricted",
            Self::OfferNotSigned => "offer_not_signed",
            Self::RateLimited { .. } => "rate_limited",
            Self::Outage { .. } => "outage",
            Self::Timeout => "timeout",
            Self::Network { .. } => "network",
            Self::MethodGone => "method_gone",
            Self::NotFound { .. } => "not_found",
            Self::Rejected { .. } => "rejected",
            Self::PeriodTooLong => "period_too_long",
            Self::BrokenAnswer { .. } => "broken_answer",
            Self::TooLarge { .. } => "answer_too_large",
        }
    }

    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Outage { .. } | Self::Timeout | Self::Network { .. } => true,
            Self::BrokenAnswer { reason } => reason.is_transient(),
            _ => false,
        }
    }

    /// Whether the request never reached Ozon, so that even a changing call may be repeated at once.
    pub(crate) fn never_left(&self) -> bool {
        matches!(self, Self::Network { maybe_sent: false, .. })
    }

    /// Whether Ozon may have done what was asked for: it was asked, and did not say no.
    pub fn may_have_been_taken(&self) -> bool {
        match self {
            Self::Outage { .. } | Self::Timeout | Self::BrokenAnswer { .. } | Self::TooLarge { .. } => true,
            Self::Network { maybe_sent, .. } => *maybe_sent,
            Self::BadKey(_)
            | Self::MissingRole
            | Self::IpRestricted
            | Self::OfferNotSigned
            | Self::RateLimited { .. }
            | Self::MethodGone
            | Self::NotFound { .. }
            | Self::Rejected { .. }
            | Self::PeriodTooLong => false,
        }
    }
}

/// Why a key does not open the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Mistyped, of another account, or deleted.
    #[error("it is not valid for this Client-Id")]
    Invalid,
    /// Switched off, or past its time.
    #[error("it is deactivated")]
    Deactivated,
    /// The headers did not arrive.
    #[error("Client-Id or Api-Key did not arrive")]
    Missing,
}

/// In which way an answer is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// Status 200 and no body.
    #[error("it is empty")]
    Empty,
    /// The body ended before its end.
    #[error("it was cut off")]
    Cut,
    /// A page for people, or text that is not JSON.
    #[error("it is not JSON")]
    NotJson,
    /// JSON, but not an object with what the method answers.
    #[error("it lacks what the method answers")]
    MissingList,
    /// There is said to be more, and nothing in the list.
    #[error("it has an empty list and promises more")]
    NextWithoutItems,
    /// There is said to be more, behind a cursor that leads back.
    #[error("its cursor does not advance")]
    CursorRepeated,
    /// It points elsewhere; redirects are not followed, for they would carry the key away.
    #[error("it redirects elsewhere")]
    Redirect,
}

impl Broken {
    fn is_transient(self) -> bool {
        !matches!(self, Self::Redirect)
    }
}
