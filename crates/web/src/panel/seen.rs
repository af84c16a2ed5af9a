//! Forms that two people have open at once: a mark of what a form showed, by which whoever saves later is told first.

use std::fmt::Debug;

use storage::PageAsk;
use storage::people::AuditFilter;

use super::faults::Fault;
use super::words;
use crate::state::AppState;
use voice::Voice;

/// The audit's lines that are looked through for whoever came first.
const LINES: u64 = 20;

/// A mark of what a form shows; the same for the same.
pub(crate) fn mark(shown: &impl Debug) -> String {
    blake3::hash(format!("{shown:?}").as_bytes()).to_hex().chars().take(32).collect()
}

/// That somebody else came first, with a name where it is known.
pub(crate) fn told(v: Voice, who: Option<String>) -> String {
    match who.filter(|who| !who.is_empty()) {
        Some(who) => v.with("overtaken-who", "who", who),
        None => v.t("overtaken"),
    }
}

/// Who was the last to do one of these acts, to this if anything is named.
pub(crate) async fn by_whom(
    v: Voice,
    state: &AppState,
    acts: &[&str],
    subject: Option<&str>,
) -> Result<Option<String>, Fault> {
    let filter =
        AuditFilter { acts: acts.iter().map(|act| (*act).to_owned()).collect(), ..AuditFilter::default() };
    let lines = state.store.audit_of(&filter, &PageAsk::first(LINES)).await?.items;
    let last = lines.into_iter().find(|line| subject.is_none_or(|subject| line.subject == subject));
    Ok(last.map(|line| words::doer(v, &line.actor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_differs_as_soon_as_anything_shown_does() {
        assert_eq!(mark(&("desk", 25)), mark(&("desk", 25)));
        assert_ne!(mark(&("desk", 25)), mark(&("desk", 26)));
        assert_eq!(mark(&"").len(), 32);
    }
}
