//! What a refused request is told: problem details (RFC 9457), and how the rooms below are put into them.
//! Decides nothing about who may do what.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use storage::settings::ApplyError;
use sync::LoadError;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::wire::Time;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What a request handler gives back.
pub type Answer<T> = Result<T, Problem>;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $slug:literal, $status:ident, $title:literal;)*) => {
        /// The kinds of problems; each has a `type` that does not change from one version to the next.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            fn uri(self) -> &'static str {
                match self { $(Self::$kind => concat!("urn:vygruzka:problem:", $slug),)* }
            }

            fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status,)* }
            }

            fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)* }
            }
        }
    };
}

kinds! {
    /// The address or the body cannot be read.
    BadRequest = "bad-request", BAD_REQUEST, "The request cannot be read";
    /// No token, or one that we did not give out.
    NoToken = "no-token", UNAUTHORIZED, "A valid bearer token is needed";
    /// The token's role may not do it.
    NotAllowed = "not-allowed", FORBIDDEN, "The token's role may not do this";
    /// There is no such thing.
    NotFound = "not-found", NOT_FOUND, "Not found";
    /// The address exists, the method does not.
    WrongMethod = "wrong-method", METHOD_NOT_ALLOWED, "This address has no such method";
    /// A value that must be unique is taken.
    Taken = "taken", CONFLICT, "Already taken";
    /// It cannot be deleted while something refers to it.
    InUse = "in-use", CONFLICT, "Still in use";
    /// A rule of the shop forbids it.
    Refused = "refused", CONFLICT, "A rule of the shop forbids this";
    /// A load is running already.
    AlreadyRunning = "already-running", CONFLICT, "A load is already running";
    /// The cabinet is disabled.
    Disabled = "disabled", CONFLICT, "The cabinet is disabled";
    /// More than one thing is meant.
    Ambiguous = "ambiguous", CONFLICT, "It is not clear which one is meant";
    /// The body is too large.
    TooLarge = "too-large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body is not JSON.
    NotJson = "not-json", UNSUPPORTED_MEDIA_TYPE, "The body must be JSON";
    /// The body is JSON, but not what is asked for.
    Invalid = "invalid", UNPROCESSABLE_ENTITY, "The body does not hold what is asked for";
    /// A change of settings is wrong.
    WrongSettings = "wrong-settings", UNPROCESSABLE_ENTITY, "The settings are wrong; nothing was changed";
    /// Ours to repair.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong here";
    /// Worth another try.
    Busy = "busy", SERVICE_UNAVAILABLE, "Busy; try again in a moment";
    /// The disk is full.
    Full = "full", INSUFFICIENT_STORAGE, "The database cannot be written";
    /// The mail server did not take a letter.
    Mail = "mail", BAD_GATEWAY, "The mail server did not take the letter";
    /// Ozon could not be asked.
    Ozon = "ozon", BAD_GATEWAY, "Ozon did not answer as it should";
}

/// One value that is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WrongValue {
    /// The key with dots, or the query parameter.
    pub key: String,
    /// What is allowed in its place.
    pub allowed: String,
    /// Both in one sentence.
    pub detail: String,
}

/// A problem (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
struct Body {
    /// What kind of problem it is; `urn:vygruzka:problem:…`, the same in every version.
    #[serde(rename = "type")]
    uri: &'static str,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened this time.
    detail: String,
    /// Each value that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<WrongValue>,
    /// A finer code, where there is one: the rule that forbids, or Ozon's error.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// How many things refer to what cannot be deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// Since when what is in the way goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    /// The run that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<i64>,
}

/// A problem on its way to the caller.
#[derive(Debug)]
pub struct Problem(Kind, Box<Body>);

/// The schemas of a problem, for the specification.
pub fn schemas() -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = vec![("Problem".to_owned(), Body::schema())];
    Body::schemas(&mut schemas);
    schemas
}

impl Problem {
    /// A problem of a kind, with what happened this time.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let body = Body {
            uri: kind.uri(),
            title: kind.title(),
            status: kind.status().as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            code: None,
            count: None,
            since: None,
            run_id: None,
        };
        Self(kind, Box::new(body))
    }

    /// There is no such thing; `what` begins the sentence, as in "No such order".
    pub fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("{what}."))
    }

    /// A query parameter is wrong.
    pub fn parameter(key: &str, allowed: &str, given: &str) -> Self {
        let given: String = given.chars().take(60).collect();
        let detail = format!("the query parameter `{key}` must be {allowed}; it is `{given}`");
        Self::new(Kind::BadRequest, detail.clone()).naming(WrongValue {
            key: key.to_owned(),
            allowed: allowed.to_owned(),
            detail,
        })
    }

    /// A key of the body is wrong.
    pub fn value(key: &str, allowed: &str) -> Self {
        let detail = format!("`{key}` must be {allowed}");
        Self::new(Kind::Invalid, detail.clone()).naming(WrongValue {
            key: key.to_owned(),
            allowed: allowed.to_owned(),
            detail,
        })
    }

    /// With one more value named as wrong.
    #[must_use]
    pub fn naming(mut self, wrong: WrongValue) -> Self {
        self.1.errors.push(wrong);
        self
    }

    /// With a finer code.
    #[must_use]
    pub fn coded(mut self, code: impl Into<String>) -> Self {
        self.1.code = Some(code.into());
        self
    }

    /// With the run that is in the way and when it began.
    #[must_use]
    pub fn since(mut self, run_id: i64, since: DateTime<Utc>) -> Self {
        self.1.run_id = Some(run_id);
        self.1.since = Some(Time(since));
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(kind, body) = self;
        let text = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (kind.status(), [(CONTENT_TYPE, MEDIA_TYPE)], text).into_response();
        match kind {
            Kind::NoToken => {
                let challenge = HeaderValue::from_static("Bearer realm=\"Vygruzka\"");
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            }
            Kind::Busy => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

impl From<storage::Error> for Problem {
    fn from(error: storage::Error) -> Self {
        use storage::Error as E;
        let text = error.to_string();
        match error {
            E::NotFound => Self::new(Kind::NotFound, text),
            E::Taken { what } => Self::new(Kind::Taken, text).coded(what),
            E::InUse { count } => {
                let mut problem = Self::new(Kind::InUse, text);
                problem.1.count = Some(count);
                problem
            }
            E::Refused(rule) => Self::new(Kind::Refused, rule_in_words(rule)).coded(rule),
            E::BadCursor => Self::parameter("cursor", "the `next_cursor` of a page of this list", "another"),
            E::Busy | E::Raced => Self::new(Kind::Busy, text),
            E::Full => Self::new(Kind::Full, text),
            E::WrongSecretKey | E::NoSecretKey | E::Corrupt(_) | E::Database(_)
            // Of commands alone.
            | E::NewerDatabase | E::OlderDatabase | E::NotAlone | E::NotEmpty(_) | E::Exists(_)
            | E::NoCopy(..) | E::File(..) => {
                tracing::error!("REST: {text}");
                Self::new(Kind::Internal, "The server's log says what it was.")
            }
        }
    }
}

/// The rules of the shop that the store keeps, in words.
fn rule_in_words(rule: &str) -> String {
    match rule {
        "default" => "This is the default status; make another one the default first.",
        "no_default" => "One status must be the default; make another one the default instead.",
        "installed" => "It came with the installation and is referred to by the default settings.",
        "last_admin" => "This is the last administrator; without one nobody could set anything up.",
        "settings_changed" => "The settings have changed meanwhile; look at them again.",
        "outbox_state" => "It is done or under way, so it can be neither tried again nor taken back now.",
        "decided" => "The request is decided already.",
        "undecodable" => {
            "Ozon's answer about this posting could not be read, so there is nothing to make an order of."
        }
        other => return format!("It cannot be done: {other}."),
    }
    .to_owned()
}

impl From<ApplyError> for Problem {
    fn from(error: ApplyError) -> Self {
        let faults = match error {
            ApplyError::Store(error) => return error.into(),
            ApplyError::Faults(faults) => faults,
        };
        let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let mut problem = Self::new(Kind::WrongSettings, all.join("; "));
        for fault in faults {
            use domain::settings::Problem as Wrong;
            let detail = fault.to_string();
            let allowed = match fault.problem {
                Wrong::UnknownKey { allowed } => allowed.join(", "),
                Wrong::Wrong { allowed } => allowed,
            };
            problem = problem.naming(WrongValue { key: fault.key, allowed, detail });
        }
        problem
    }
}

impl From<LoadError> for Problem {
    fn from(error: LoadError) -> Self {
        let (code, text) = (error.code(), error.to_string());
        match error {
            LoadError::Store(error) => error.into(),
            LoadError::AlreadyRunning { .. } => Self::new(Kind::AlreadyRunning, text),
            LoadError::Disabled => Self::new(Kind::Disabled, text),
            LoadError::Ozon(_) => Self::new(Kind::Ozon, text).coded(code),
            LoadError::Address(_) => Self::new(Kind::Refused, text).coded(code),
            LoadError::NotDue | LoadError::LostLease | LoadError::Stopping => {
                Self::new(Kind::Busy, text).coded(code)
            }
        }
    }
}
