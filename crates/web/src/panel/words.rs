//! Words for the store's and Ozon's codes.

use domain::erasure::ERASED;
use domain::search::fold;
use domain::{Actor, CabinetId, SkipReason};
use storage::people::Role;
use storage::runs::{Cause, RunState};

use super::faults::Fault;
use super::routes::Page;
use super::view::Link;
use voice::Voice;

/// What can go wrong with a load: the codes of `sync::LoadError` and `ozon_api::ErrorKind`.
const TROUBLES: &[&str] = &[
    "already_running",
    "disabled",
    "not_due",
    "bad_address",
    "database_full",
    "database_busy",
    "wrong_secret_key",
    "database",
    "lost_lease",
    "stopping",
    "key_invalid",
    "key_deactivated",
    "key_missing",
    "role_missing",
    "ip_restricted",
    "offer_not_signed",
    "rate_limited",
    "outage",
    "timeout",
    "network",
    "method_gone",
    "not_found",
    "rejected",
    "period_too_long",
    "broken_answer",
    "answer_too_large",
];

/// The codes of what is told in words that hold a text, however it is written.
pub(crate) fn troubles_that_say(v: Voice, text: &str) -> Vec<&'static str> {
    let text = fold(text);
    let says = |code: &&str| !text.is_empty() && fold(&trouble(v, code).0).contains(&text);
    TROUBLES.iter().copied().filter(says).collect()
}

/// What went wrong with Ozon or a load, and what to do about it.
pub(crate) fn trouble(v: Voice, code: &str) -> (String, String) {
    let word = |family| v.ozon_word(family, code);
    (
        word("ozon-error").unwrap_or_else(|| v.t("ozon-error-other")),
        word("ozon-advice").unwrap_or_else(|| v.t("ozon-advice-other")),
    )
}

/// A role.
pub(crate) fn role(v: Voice, role: Role) -> String {
    match role {
        Role::Admin => v.t("role-admin"),
        Role::Manager => v.t("role-manager"),
        Role::Viewer => v.t("role-viewer"),
    }
}

/// Who did it.
pub(crate) fn actor(v: Voice, actor: &Actor) -> String {
    match actor {
        Actor::Ozon => v.t("actor-ozon"),
        Actor::Rule => v.t("actor-rule"),
        Actor::User { name, .. } => name.clone(),
        Actor::Token { name } => v.with("actor-token", "name", name),
        Actor::Command => v.t("actor-command"),
    }
}

/// A person's name, or that it was erased.
pub(crate) fn person(v: Voice, name: &str) -> String {
    if name == ERASED { v.t("persons-erased") } else { name.to_owned() }
}

/// Whoever the store names by a word or an address: people stand there by their address.
pub(crate) fn doer(v: Voice, kept: &str) -> String {
    // Earlier versions kept the longer word.
    if matches!(kept, "command" | "command line") { v.t("actor-command") } else { kept.to_owned() }
}

/// What started a load.
pub(crate) fn cause(v: Voice, cause: Cause) -> String {
    match cause {
        Cause::Schedule => v.t("cause-schedule"),
        Cause::Panel => v.t("cause-panel"),
        Cause::Rest => v.t("cause-rest"),
        Cause::Command => v.t("cause-command"),
        Cause::Push => v.t("cause-push"),
        Cause::Reconciliation => v.t("cause-reconciliation"),
    }
}

/// Where a load stands.
pub(crate) fn run_state(v: Voice, state: RunState) -> String {
    match state {
        RunState::Running => v.t("run-running"),
        RunState::Done => v.t("run-done"),
        RunState::Failed => v.t("run-failed"),
        RunState::Interrupted => v.t("run-interrupted"),
    }
}

/// Why a posting made no order.
pub(crate) fn skip(v: Voice, reason: Option<SkipReason>) -> String {
    match reason {
        Some(SkipReason::AlsoAwaitingDeliverOff) => v.t("skip-also-awaiting-deliver-off"),
        Some(SkipReason::FirstSeenTooLate) => v.t("skip-first-seen-too-late"),
        Some(SkipReason::UnknownStatus) => v.t("skip-unknown-status"),
        Some(SkipReason::OlderThanLoadFrom) => v.t("skip-older-than-load-from"),
        Some(SkipReason::Archive) => v.t("skip-archive"),
        Some(SkipReason::PartOfPosting) => v.t("skip-part-of-posting"),
        Some(SkipReason::Undecodable) => v.t("skip-undecodable"),
        None => v.t("skip-none"),
    }
}

/// Why the store refused a change that a person asked for; what is no refusal stays a fault.
pub(crate) fn refusal(v: Voice, error: storage::Error) -> Result<String, Fault> {
    Ok(match error {
        storage::Error::Taken { what: "email" } => v.t("fault-email-taken"),
        storage::Error::Taken { .. } => v.t("fault-taken"),
        storage::Error::InUse { count } => v.n("fault-in-use", count),
        storage::Error::Refused("default") => v.t("fault-default"),
        storage::Error::Refused("no_default") => v.t("fault-no-default"),
        storage::Error::Refused("installed") => v.t("fault-installed"),
        storage::Error::Refused("last_admin") => v.t("fault-last-admin"),
        other => return Err(other.into()),
    })
}

/// A link to a setting of a cabinet, by its key, with the setting's label.
pub(crate) fn setting(v: Voice, cabinet: CabinetId, key: &str) -> Link {
    let label = v.maybe(&format!("setting-{}", key.replace('.', "-"))).unwrap_or_else(|| key.to_owned());
    Link { href: Page::Settings(cabinet).place(key), text: label }
}

/// A count of the rail: nothing for none, and "999+" where counting stopped.
pub(crate) fn capped(v: Voice, count: u64) -> String {
    match count {
        0 => String::new(),
        1000.. => "999+".to_owned(),
        n => v.number(n),
    }
}

/// The orders of a status are counted up to this many: more takes longer than the page itself.
pub(crate) const COUNTED: u64 = 10_000;

/// A count of the orders of a status: "10 000+" where counting stopped.
pub(crate) fn counted(v: Voice, count: u64) -> String {
    let plus = if count >= COUNTED { "+" } else { "" };
    format!("{}{plus}", v.number(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;
    use voice::Lang;

    #[test]
    fn every_reason_and_its_setting_have_their_words() {
        for lang in Lang::ALL {
            let v = Voice { lang, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
            for reason in SkipReason::iter() {
                assert!(!skip(v, Some(reason)).contains("Unknown localization"));
                if let Some(key) = reason.setting() {
                    assert_ne!(setting(v, CabinetId(1), key).text, key);
                }
            }
        }
    }

    #[test]
    fn every_trouble_of_a_load_has_its_words() {
        let v = Voice { lang: Lang::Ru, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
        for code in TROUBLES {
            assert!(v.ozon_word("ozon-error", code).is_some(), "{code} has no words");
            assert!(v.ozon_word("ozon-advice", code).is_some(), "{code} has no advice");
        }
        assert_eq!(trouble(v, "new_thing").0, "Загрузка не удалась");
        assert_eq!(troubles_that_say(v, "загрузка УЖЕ"), ["already_running"]);
        assert!(troubles_that_say(v, "").is_empty() && troubles_that_say(v, "xyz").is_empty());
    }
}
