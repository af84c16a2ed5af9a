//! Reads an answer that is not a success: Ozon's status body, the older envelope, an HTML page. Does not decide about repeats.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::decode::{from_text, part, scalar};
use crate::error::{Broken, ErrorKind, KeyFault};

/// Longer words of Ozon are cut.
const LONGEST_MESSAGE: usize = 500;

/// What every error body may hold: `google.rpc.Status`, or the older `{"error": {…}}` (API section 2).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    #[serde(deserialize_with = "scalar")]
    code: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    message: Option<String>,
    #[serde(deserialize_with = "part")]
    error: Option<Legacy>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Legacy {
    #[serde(deserialize_with = "scalar")]
    code: Option<String>,
    #[serde(deserialize_with = "scalar")]
    message: Option<String>,
}

/// Sorts an answer whose status is not 2xx. `hide` takes the key out of Ozon's words.
pub(crate) fn classify(
    status: u16,
    retry_after: Option<Duration>,
    body: &str,
    hide: impl Fn(&str) -> String,
) -> ErrorKind {
    let is_object = body.trim_start().starts_with('{');
    let parsed = if is_object { from_text(body).ok() } else { None };
    let said_in_json = parsed.is_some();
    let Body { code, message, error } = parsed.unwrap_or_default();
    let legacy = error.unwrap_or_default();
    let message = message.or(legacy.message).unwrap_or_default();
    let words = format!("{} {message}", legacy.code.unwrap_or_default()).to_lowercase();
    let says = |part: &str| words.contains(part);
    let shown = || hide(&message).chars().take(LONGEST_MESSAGE).collect::<String>();

    match status {
        300..=399 => return ErrorKind::BrokenAnswer { reason: Broken::Redirect },
        429 => return ErrorKind::RateLimited { retry_after },
        408 | 504 => return ErrorKind::Outage { status },
        405 | 501 => return ErrorKind::MethodGone,
        500..=599 if code != Some(12) => return ErrorKind::Outage { status },
        _ => {}
    }
    if says("method is not allowed") || says("unknown method") || code == Some(12) {
        return ErrorKind::MethodGone;
    }
    if let Some(kind) = of_key(status, code, &says) {
        return kind;
    }
    if code == Some(8) {
        return ErrorKind::RateLimited { retry_after };
    }
    if says("period_is_too_long") || says("period is too long") {
        return ErrorKind::PeriodTooLong;
    }
    if says("posting_not_found") || says("not_found_error") || code == Some(5) {
        return ErrorKind::NotFound { message: shown() };
    }
    match status {
        // A path that the server does not know is answered by a page or by nothing.
        404 if !said_in_json => ErrorKind::MethodGone,
        404 => ErrorKind::NotFound { message: shown() },
        _ => ErrorKind::Rejected { status, code, message: shown() },
    }
}

fn of_key(status: u16, code: Option<i64>, says: &dyn Fn(&str) -> bool) -> Option<ErrorKind> {
    let of_key = says("api-key") || says("api key") || says("apikey");
    if status == 401 || code == Some(16) {
        let fault = if says("headers are required") || says("missing") {
            KeyFault::Missing
        } else if says("deactivated") || says("expired") {
            KeyFault::Deactivated
        } else {
            KeyFault::Invalid
        };
        return Some(ErrorKind::BadKey(fault));
    }
    if status != 403 && code != Some(7) {
        return None;
    }
    if says("required role") || says("missing a role") {
        Some(ErrorKind::MissingRole)
    } else if says("ip address") || says("ip-address") {
        Some(ErrorKind::IpRestricted)
    } else if says("offer not signed") || says("offer is not signed") {
        Some(ErrorKind::OfferNotSigned)
    } else if of_key && (says("deactivated") || says("expired")) {
        Some(ErrorKind::BadKey(KeyFault::Deactivated))
    } else if of_key && says("invalid") {
        Some(ErrorKind::BadKey(KeyFault::Invalid))
    } else {
        None
    }
}

/// Reads `Retry-After`: seconds, whole or not, or a date. Times before now are zero.
pub(crate) fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = DateTime::parse_from_rfc2822(header).ok()?.to_utc();
    Some((until - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {

    use std::time::Duration;

    use chrono::{TimeZone, Utc};
    use contract::Specification;

    use super::{classify, retry_after};
    use crate::error::{Broken, ErrorKind, KeyFault};

    fn read(status: u16, body: &str) -> ErrorKind {
        classify(status, None, body, str::to_owned)
    }

    #[test]
    fn every_reported_error_is_sorted_by_what_must_be_done() {
        let Some(specification) = Specification::load() else {
            return;
        };
        let expected = [
            ("http400__ship__already_shipped", "rejected"),
            ("http401__code16__missing_headers", "key_missing"),
            ("http403__code7__deactivated_key", "key_deactivated"),
            ("http403__code7__invalid_key", "key_invalid"),
            ("http429__code8__rate_limit", "rate_limited"),
            ("legacy_envelope_bad_request", "rejected"),
            ("legacy_envelope_not_found", "not_found"),
        ];
        let examples = specification.error_examples();
        for (name, code) in expected {
            let example = examples.iter().find(|example| example.name == name).unwrap();
            let kind = read(example.status, &example.body.to_string());
            assert_eq!(kind.code(), code, "{name}");
        }
        let sorted = examples.iter().filter(|example| example.status != 200).count();
        assert_eq!(sorted, expected.len(), "an example is not sorted here");
    }

    #[test]
    fn refusals_of_access_are_told_apart() {
        let say = |message: &str| read(403, &format!(r#"{{"code":7,"message":"{message}"}}"#));
        assert_eq!(say("Api-Key is missing a required role for a method"), ErrorKind::MissingRole);
        assert_eq!(say("Api-Key is restricted to specific IP addresses"), ErrorKind::IpRestricted);
        assert_eq!(say("Offer not signed"), ErrorKind::OfferNotSigned);
        assert_eq!(say("method is not allowed"), ErrorKind::MethodGone);
        assert_eq!(
            say("something new"),
            ErrorKind::Rejected { status: 403, code: Some(7), message: "something new".to_owned() }
        );
        assert_eq!(read(401, ""), ErrorKind::BadKey(KeyFault::Invalid));
    }

    #[test]
    fn a_page_of_a_proxy_is_an_outage_and_an_unknown_path_is_a_gone_method() {
        let page = "<html><body>502 Bad Gateway</body></html>";
        assert_eq!(read(502, page), ErrorKind::Outage { status: 502 });
        assert_eq!(read(500, "{}"), ErrorKind::Outage { status: 500 });
        assert_eq!(read(404, "404 page not found"), ErrorKind::MethodGone);
        assert_eq!(read(404, ""), ErrorKind::MethodGone);
        assert_eq!(
            read(404, r#"{"code":5,"message":"POSTING_NOT_FOUND"}"#),
            ErrorKind::NotFound { message: "POSTING_NOT_FOUND".to_owned() }
        );
        assert_eq!(read(301, ""), ErrorKind::BrokenAnswer { reason: Broken::Redirect });
    }

    #[test]
    fn a_period_that_is_too_long_is_known_by_its_word() {
        assert_eq!(
            read(400, r#"{"code":3,"message":"PERIOD_IS_TOO_LONG","details":[]}"#),
            ErrorKind::PeriodTooLong
        );
        assert_eq!(read(400, r#"{"error":{"code":"PERIOD_IS_TOO_LONG"}}"#), ErrorKind::PeriodTooLong);
    }

    #[test]
    fn bodies_of_wrong_shapes_are_still_sorted_by_status() {
        for body in ["", "[]", "null", "{", r#"{"code":"x","message":{"a":1},"error":"text"}"#, "\u{0}"] {
            assert_eq!(read(400, body).code(), "rejected", "{body:?}");
            assert_eq!(read(503, body).code(), "outage", "{body:?}");
            assert_eq!(read(429, body).code(), "rate_limited", "{body:?}");
        }
    }

    #[test]
    fn the_key_is_taken_out_of_ozons_words_and_long_words_are_cut() {
        let body = format!(r#"{{"code":3,"message":"bad secret-key {}"}}"#, "x".repeat(9_000));
        let kind = classify(400, None, &body, |text| text.replace("secret-key", "[key]"));
        let text = kind.to_string();
        assert!(!text.contains("secret-key"), "{text}");
        assert!(text.len() < 700);
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        assert_eq!(retry_after("3", now), Some(Duration::from_secs(3)));
        assert_eq!(retry_after(" 0.5 ", now), Some(Duration::from_millis(500)));
        assert_eq!(retry_after("Mon, 23 Nov 2026 12:01:00 GMT", now), Some(Duration::from_mins(1)));
        assert_eq!(retry_after("Mon, 23 Nov 2026 11:00:00 GMT", now), Some(Duration::ZERO));
        for odd in ["", "soon", "-1", "NaN", "1e400"] {
            assert_eq!(retry_after(odd, now), None, "{odd}");
        }
    }
}
