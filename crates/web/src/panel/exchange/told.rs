//! Pushes and letters in words: what goes out, what is in its way, and what to do about that.

use domain::push::{NotTold, Push};
use storage::outbox::What;

use voice::Voice;

/// What goes out.
pub(crate) fn what(v: Voice, what: &What) -> String {
    match what {
        What::Push(Push::TrackNumber { value }) => v.with("push-track-number", "value", value),
        What::Push(Push::CancellationRequest { approve: true, .. }) => v.t("push-cancellation-approve"),
        What::Push(Push::CancellationRequest { approve: false, .. }) => v.t("push-cancellation-reject"),
        What::Push(push @ Push::Move { .. }) => subject(v, push.word(), None),
        What::Letter { kind, .. } => subject(v, kind, None),
    }
}

/// What goes out, by the word that lists and histories keep; a track number with its value, where that is known.
pub(crate) fn subject(v: Voice, word: &str, value: Option<&str>) -> String {
    match (word, value) {
        ("track_number", Some(value)) => v.with("push-track-number", "value", value),
        ("track_number", None) => v.t("push-any-track-number"),
        ("cancellation_request", Some("approve")) => v.t("push-cancellation-approve"),
        ("cancellation_request", Some("reject")) => v.t("push-cancellation-reject"),
        _ => v
            .ozon_word("push", word)
            .or_else(|| v.ozon_word("letter-kind", word))
            .unwrap_or_else(|| v.t("push-letter")),
    }
}

/// Why Ozon was not told, and what to do about it.
pub(crate) fn not_told(v: Voice, why: NotTold) -> (String, String) {
    let word = |family| v.ozon_word(family, why.into()).unwrap_or_default();
    (word("not-told"), word("not-told-advice"))
}

/// Why a letter was not sent, and what to do about it.
pub(crate) fn not_sent(v: Voice, trouble: &str) -> (String, String) {
    let word = |family| v.ozon_word(family, trouble);
    (
        word("post").unwrap_or_else(|| v.t("letter-trouble")),
        word("post-advice").unwrap_or_else(|| v.t("push-advice-mail")),
    )
}

/// Why a trial letter was not sent, and what to do about it: nobody tries that one again.
pub(crate) fn trial_not_sent(v: Voice, trouble: &str) -> (String, String) {
    let (why, advice) = not_sent(v, trouble);
    (why, v.ozon_word("trial-advice", trouble).unwrap_or(advice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::push::Step;
    use strum::IntoEnumIterator;
    use voice::Lang;

    #[test]
    fn everything_that_goes_out_and_every_refusal_has_its_words() {
        for lang in Lang::ALL {
            let v = Voice { lang, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
            for why in NotTold::iter() {
                let (told, advice) = not_told(v, why);
                assert!(!told.is_empty() && !advice.is_empty(), "{why} has no words");
            }
            for goal in Step::ALL {
                assert_ne!(subject(v, Push::Move { goal }.word(), None), v.t("push-letter"));
            }
            let track = Push::TrackNumber { value: "RA1".to_owned() };
            assert!(what(v, &What::Push(track)).contains("RA1"));
            assert_ne!(subject(v, "cancellation_request", None), v.t("push-letter"));
            for trouble in letters::post::Trouble::iter() {
                let (told, advice) = not_sent(v, trouble.into());
                assert!(told != v.t("letter-trouble") && advice != v.t("push-advice-mail"), "{trouble}");
                let (_, advice) = trial_not_sent(v, trouble.into());
                assert!(
                    !["сами", "by ourselves", "«Повторить»", "“Try again”"]
                        .iter()
                        .any(|w| advice.contains(w))
                );
            }
            for letter in letters::Letter::samples(v.now) {
                assert_ne!(subject(v, letter.kind(), None), v.t("push-letter"));
                assert!(v.ozon_word("mail-kind", letter.kind()).is_some(), "{} is in no list", letter.kind());
            }
            let letter = What::Letter { kind: "a_newer_one".to_owned(), payload: String::new() };
            assert_eq!(what(v, &letter), v.t("push-letter"));
        }
    }
}
