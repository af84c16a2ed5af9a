//! The bodies of the answers that Ozon expects to its push messages (API section 6). Does not serve them.
//!
//! A message that was taken is answered by status 200 and [`taken`], a ping by status 200 and [`ping`], anything else by
//! [`ErrorCode::status`] and [`error`]; always as `application/json`, and within 1.5 seconds. Ozon stops sending to an address that
//! answers otherwise or late.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::PushError;

/// What such an answer bears as its `Content-Type`.
pub const CONTENT_TYPE: &str = "application/json";

/// Why a message is not taken. Ozon sends it again, after a few seconds at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ErrorCode {
    /// Something is wrong on our side, or with the whole message.
    #[serde(rename = "ERROR_UNKNOWN")]
    Unknown,
    /// The message lacks a field.
    #[serde(rename = "ERROR_PARAMETER_VALUE_MISSED")]
    ParameterValueMissed,
    /// The message came before. A repeat that does no harm is better answered by [`taken`], which ends the sending.
    #[serde(rename = "ERROR_REQUEST_DUPLICATED")]
    RequestDuplicated,
}

impl ErrorCode {
    /// The HTTP status to answer with.
    pub fn status(self) -> u16 {
        match self {
            Self::Unknown => 500,
            Self::ParameterValueMissed => 400,
            Self::RequestDuplicated => 409,
        }
    }
}

impl From<&PushError> for ErrorCode {
    fn from(error: &PushError) -> Self {
        match error {
            PushError::NotJson => Self::Unknown,
            PushError::Missing(_) => Self::ParameterValueMissed,
        }
    }
}

#[derive(Serialize)]
struct Taken {
    result: bool,
}

#[derive(Serialize)]
struct Ping<'a> {
    version: &'a str,
    name: &'a str,
    time: String,
}

#[derive(Serialize)]
struct Refusal<'a> {
    error: Fault<'a>,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: ErrorCode,
    message: &'a str,
    details: (),
}

/// Says that a message was taken.
pub fn taken() -> String {
    written(&Taken { result: true })
}

/// Answers a ping: the version and the name of the receiving program, and when it began with this ping.
pub fn ping(version: &str, name: &str, began: DateTime<Utc>) -> String {
    written(&Ping { version, name, time: began.to_rfc3339_opts(SecondsFormat::Secs, true) })
}

/// Says that a message was not taken, and why in words.
pub fn error(code: ErrorCode, message: &str) -> String {
    written(&Refusal { error: Fault { code, message, details: () } })
}

fn written(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("texts, a truth and nothing can always be written")
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use serde_json::{Value, json};

    use super::{ErrorCode, error, ping, taken};
    use crate::push::PushMessage;

    fn read(body: &str) -> Value {
        serde_json::from_str(body).unwrap()
    }

    #[test]
    fn a_message_is_answered_by_a_true_result() {
        assert_eq!(taken(), r#"{"result":true}"#);
    }

    #[test]
    fn a_ping_is_answered_by_who_we_are_and_when_we_began() {
        let began = Utc.timestamp_opt(1_795_435_200, 987_654_321).unwrap();
        assert_eq!(
            ping("1.0", "Vygruzka", began),
            r#"{"version":"1.0","name":"Vygruzka","time":"2026-11-23T12:00:00Z"}"#
        );
        let odd = "quote \" and\nline";
        assert_eq!(read(&ping(odd, odd, began))["name"], odd);
    }

    #[test]
    fn a_refusal_has_its_code_and_details_of_null() {
        for (code, text, status) in [
            (ErrorCode::Unknown, "ERROR_UNKNOWN", 500),
            (ErrorCode::ParameterValueMissed, "ERROR_PARAMETER_VALUE_MISSED", 400),
            (ErrorCode::RequestDuplicated, "ERROR_REQUEST_DUPLICATED", 409),
        ] {
            let said = json!({ "error": { "code": text, "message": "no \"x\"", "details": null } });
            assert_eq!(read(&error(code, "no \"x\"")), said);
            assert_eq!(code.status(), status);
        }
    }

    #[test]
    fn a_message_that_cannot_be_read_has_its_code() {
        let code = |body: &str| ErrorCode::from(&PushMessage::from_json(body).unwrap_err());
        assert_eq!(code("<html>"), ErrorCode::Unknown);
        assert_eq!(code(r#"{"message_type":"TYPE_NEW_POSTING"}"#), ErrorCode::ParameterValueMissed);
    }
}
