//! Owns the judgement of what a receiver answered to a push message (API section 6). Sends nothing.

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is wrong with an answer, in Ozon's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PushFault {
    /// `REQUEST_ERROR`: no connection.
    RequestError,
    /// `REQUEST_TIMEOUT`: no answer in time.
    RequestTimeout,
    /// `SERVER_FAULT`: 5xx.
    ServerFault,
    /// `STATUS_CODE_NOT_OK`: any other status than 200.
    StatusCodeNotOk,
    /// `EMPTY_BODY`: nothing in it.
    EmptyBody,
    /// `INVALID_BODY`: not said to be JSON, or no text.
    InvalidBody,
    /// `INVALID_JSON`: no JSON.
    InvalidJson,
    /// `WRONG_RESULT_FIELD`: not `{"result": true}`; for a ping no version or no name.
    WrongResultField,
    /// `WRONG_RESULT_TIME_FIELD`: a ping's time is absent, no instant, or not in UTC.
    WrongResultTimeField,
}

impl PushFault {
    /// For `/v1/notification/check`.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::RequestError => "Адрес не отвечает",
            Self::RequestTimeout => "Ответ не пришёл вовремя",
            Self::ServerFault => "Сервис ответил внутренней ошибкой",
            Self::StatusCodeNotOk => "HTTP-статус ответа отличается от 200",
            Self::EmptyBody => "В ответе нет тела",
            Self::InvalidBody => "Тело ответа не в том формате",
            Self::InvalidJson => "Тело ответа не читается как JSON",
            Self::WrongResultField => "Поля ответа не те, что ожидались",
            Self::WrongResultTimeField => "Поле time неверно",
        }
    }
}

/// An answer as it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) status: u16,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a [u8],
}

/// `None` when all is well.
pub(crate) fn judge(received: Received<'_>, is_ping: bool) -> Option<PushFault> {
    match received.status {
        200 => {}
        500.. => return Some(PushFault::ServerFault),
        _ => return Some(PushFault::StatusCodeNotOk),
    }
    if received.body.trim_ascii().is_empty() {
        return Some(PushFault::EmptyBody);
    }
    let is_json = received
        .content_type
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let Some(text) = std::str::from_utf8(received.body).ok().filter(|_| is_json) else {
        return Some(PushFault::InvalidBody);
    };
    let Ok(answer) = serde_json::from_str::<Value>(text) else {
        return Some(PushFault::InvalidJson);
    };
    if is_ping {
        return judge_ping(&answer);
    }
    (answer["result"] != true).then_some(PushFault::WrongResultField)
}

fn judge_ping(answer: &Value) -> Option<PushFault> {
    let is_text = |name: &str| answer[name].as_str().is_some_and(|text| !text.is_empty());
    if !is_text("version") || !is_text("name") {
        return Some(PushFault::WrongResultField);
    }
    let time = answer["time"].as_str().and_then(|time| DateTime::parse_from_rfc3339(time).ok());
    let is_utc = time.is_some_and(|time| time.offset().local_minus_utc() == 0);
    (!is_utc).then_some(PushFault::WrongResultTimeField)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, content_type: &str, body: &str, is_ping: bool) -> Option<PushFault> {
        judge(Received { status, content_type, body: body.as_bytes() }, is_ping)
    }

    #[test]
    fn answers_are_judged_by_status_form_and_fields() {
        let json = "application/json; charset=utf-8";
        for (status, kind, body, expected) in [
            (200, json, r#"{"result": true}"#, None),
            (200, json, r#"{"result": true, "more": 1}"#, None),
            (201, json, r#"{"result": true}"#, Some(PushFault::StatusCodeNotOk)),
            (403, json, "{}", Some(PushFault::StatusCodeNotOk)),
            (503, json, r#"{"result": true}"#, Some(PushFault::ServerFault)),
            (200, json, " \n", Some(PushFault::EmptyBody)),
            (200, "text/plain", r#"{"result": true}"#, Some(PushFault::InvalidBody)),
            (200, "", r#"{"result": true}"#, Some(PushFault::InvalidBody)),
            (200, json, r#"{"result": tru"#, Some(PushFault::InvalidJson)),
            (200, json, r#"{"result": false}"#, Some(PushFault::WrongResultField)),
            (200, json, r#"{"result": "true"}"#, Some(PushFault::WrongResultField)),
            (200, json, "[]", Some(PushFault::WrongResultField)),
        ] {
            assert_eq!(judged(status, kind, body, false), expected, "{status} {kind} {body}");
        }
    }

    #[test]
    fn a_ping_wants_version_name_and_time() {
        for (body, expected) in [
            (r#"{"version":"1.0","name":"Desk","time":"2026-11-23T12:00:00Z"}"#, None),
            (r#"{"version":"1.0","name":"Desk","time":"2026-11-23T12:00:00.123+00:00"}"#, None),
            (r#"{"result":true}"#, Some(PushFault::WrongResultField)),
            (
                r#"{"version":1,"name":"Desk","time":"2026-11-23T12:00:00Z"}"#,
                Some(PushFault::WrongResultField),
            ),
            (r#"{"version":"1.0","name":"Desk"}"#, Some(PushFault::WrongResultTimeField)),
            (
                r#"{"version":"1.0","name":"Desk","time":"2026-11-23T15:00:00+03:00"}"#,
                Some(PushFault::WrongResultTimeField),
            ),
            (r#"{"version":"1.0","name":"Desk","time":"23.11.2026"}"#, Some(PushFault::WrongResultTimeField)),
        ] {
            assert_eq!(judged(200, "application/json", body, true), expected, "{body}");
        }
    }
}
