//! The audit: who did what to the installation, and when, in words.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use storage::PageAsk;
use storage::people::{AuditEntry, AuditFilter, Role};

use super::faults::Fault;
use super::routes::Page;
use super::sign_in::NOBODY;
use super::users;
use super::view::audit::{AuditPage, AuditRow, Kinds};
use super::view::{Choice, Section};
use super::visitor::Visitor;
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// Acts on a page.
const ROWS: u64 = 100;
/// How the audit names a program before its name, and the command line.
const PROGRAM: &str = "token ";
const COMMAND: &str = "command";

/// Every act that the code notes, in the order of the filter. What stands before the dot is the kind.
pub(crate) const ACTS: &[&str] = &[
    "session.open",
    "session.refused",
    "session.code_refused",
    "session.recovery_code",
    "session.close",
    "session.end",
    "session.end_others",
    "session.end_all",
    "user.add",
    "user.role",
    "user.password",
    "user.disable",
    "user.enable",
    "user.second_factor_on",
    "user.second_factor_off",
    "user.second_factor_reset",
    "user.recovery_codes",
    "secret.rotate",
    "token.add",
    "token.delete",
    "cabinet.add",
    "cabinet.rename",
    "cabinet.key",
    "cabinet.disable",
    "cabinet.enable",
    "cabinet.hook",
    "cabinet.hook_on",
    "cabinet.hook_off",
    "settings.apply",
    "settings.existing",
    "settings.restore",
    "settings.copy",
    "settings.import",
    "cabinet.warehouses",
    "cabinet.load",
    "reconciliation.repair",
    "outbox.retry",
    "outbox.cancel",
    "mail.set",
    "mail.forget",
    "orders.export",
    "orders.create",
    "orders.change",
    "orders.change_several",
    "orders.undo",
    "personal_data.rule",
    "personal_data.erase",
    "customer.add",
    "customer.change",
    "customer.delete",
    "status.add",
    "status.change",
    "status.delete",
    "status.move",
    "source.add",
    "source.change",
    "source.delete",
    "delivery_method.add",
    "delivery_method.change",
    "delivery_method.delete",
    "payment_method.add",
    "payment_method.change",
    "payment_method.delete",
    "number_template.change",
];

#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    kind: String,
    cursor: Option<String>,
}

fn kind_of(act: &str) -> &str {
    act.split_once('.').map_or(act, |(kind, _)| kind)
}

/// The acts that a filter's word stands for: one act, or all of a kind.
fn acts_of(wanted: &str) -> Vec<String> {
    let of_kind = ACTS.iter().filter(|act| kind_of(act) == wanted).map(|act| (*act).to_owned());
    let acts: Vec<String> = of_kind.collect();
    if acts.is_empty() && !wanted.is_empty() { vec![wanted.to_owned()] } else { acts }
}

/// An act in words; one that has none is shown as it is.
fn act(v: Voice, code: &str) -> String {
    v.ozon_word("audit-act", &code.replace('.', "_")).unwrap_or_else(|| code.to_owned())
}

/// Who it was, in words.
fn who(v: Voice, actor: &str) -> String {
    match actor.strip_prefix(PROGRAM) {
        Some(name) => v.with("actor-token", "name", name),
        None if actor == NOBODY => v.t("audit-nobody"),
        None => words::doer(v, actor),
    }
}

/// On what, in words: the audit names cabinets, customers and the like by their numbers.
fn subject(v: Voice, cabinets: &HashMap<String, String>, told: &str) -> String {
    let Some((what, number)) = told.split_once(' ') else { return told.to_owned() };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return told.to_owned();
    }
    match (what, cabinets.get(number)) {
        ("cabinet", Some(name)) => name.clone(),
        ("cabinet", None) => v.with("audit-cabinet", "number", number),
        ("customer", _) => v.with("audit-customer", "number", number),
        ("outbox", _) => v.with("audit-outbox", "number", number),
        _ => told.to_owned(),
    }
}

/// More of it, in words: roles and versions have them.
fn detail(v: Voice, told: &str) -> String {
    if let Ok(role) = told.parse::<Role>() {
        return words::role(v, role);
    }
    match told.strip_prefix("version ") {
        Some(number) => v.with("audit-version", "number", number),
        None => told.to_owned(),
    }
}

fn row(v: Voice, cabinets: &HashMap<String, String>, entry: &AuditEntry) -> AuditRow {
    let subject = subject(v, cabinets, &entry.subject);
    AuditRow {
        at: v.when_exactly(&entry.at),
        who: who(v, &entry.actor),
        of_actor: Page::Audit.with([("actor", &entry.actor)]),
        what: act(v, &entry.act),
        // What somebody did to their own account needs no second name.
        subject: if entry.subject == entry.actor { String::new() } else { subject },
        detail: detail(v, &entry.detail),
        bad: entry.act.ends_with("refused"),
    }
}

/// The people and programs to choose from, and whoever is chosen although they are gone.
async fn actors(v: Voice, state: &AppState, chosen: &str) -> Result<Vec<Choice>, Fault> {
    let mut known: Vec<String> = state.store.users().await?.into_iter().map(|user| user.email).collect();
    known.extend(state.store.tokens().await?.into_iter().map(|token| format!("{PROGRAM}{}", token.name)));
    known.extend([COMMAND.to_owned(), NOBODY.to_owned()]);
    if !chosen.is_empty() && !known.iter().any(|actor| actor == chosen) {
        known.push(chosen.to_owned());
    }
    let all = Choice::new("", v.t("audit-everyone"), chosen);
    let choices = known.into_iter().map(|actor| {
        let words = who(v, &actor);
        Choice::new(actor, words, chosen)
    });
    Ok([all].into_iter().chain(choices).collect())
}

/// Kinds, each with its acts.
fn kinds(v: Voice, chosen: &str) -> Vec<Kinds> {
    let mut kinds: Vec<Kinds> = Vec::new();
    for code in ACTS {
        let kind = kind_of(code);
        let label = v.t(&format!("audit-kind-{}", kind.replace('_', "-")));
        if kinds.last().is_none_or(|last| last.label != label) {
            let whole = Choice::new(kind, v.with("audit-kind-all", "kind", &label), chosen);
            kinds.push(Kinds { label, choices: vec![whole] });
        }
        if let Some(last) = kinds.last_mut() {
            last.choices.push(Choice::new(code, act(v, code), chosen));
        }
    }
    kinds
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    visitor.must(Act::SeeAudit)?;
    let v = visitor.v;
    let (actor, kind) = (asked.actor.trim().to_owned(), asked.kind.trim().to_owned());
    let filter =
        AuditFilter { actor: Some(actor.clone()).filter(|actor| !actor.is_empty()), acts: acts_of(&kind) };
    let found = state.store.audit_of(&filter, &PageAsk { limit: ROWS, cursor: asked.cursor }).await?;
    let cabinets = state.store.cabinets().await?;
    let cabinets = cabinets.into_iter().map(|cabinet| (cabinet.id.to_string(), cabinet.name)).collect();
    let page = AuditPage {
        frame: visitor.frame_of(&state, Section::Users).await?,
        v,
        tabs: users::tabs(&visitor, &Page::Audit),
        actors: actors(v, &state, &actor).await?,
        kinds: kinds(v, &kind),
        filtered: !actor.is_empty() || !kind.is_empty(),
        next: found.next.map(|cursor| {
            let kept = [("actor", actor), ("kind", kind), ("cursor", cursor)];
            Page::Audit.with(kept.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
        }),
        rows: found.items.iter().map(|entry| row(v, &cabinets, entry)).collect(),
    };
    visitor.page(&page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use voice::Lang;

    fn voice(lang: Lang) -> Voice {
        Voice { lang, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH }
    }

    #[test]
    fn every_act_and_kind_has_its_words_and_an_unknown_act_is_shown_as_it_is() {
        for lang in Lang::ALL {
            let v = voice(lang);
            for code in ACTS {
                assert_ne!(act(v, code), *code, "{code} has no words in {}", lang.code());
            }
            for kind in kinds(v, "") {
                assert!(!kind.label.contains("Unknown localization"), "{}", kind.label);
            }
            assert_eq!(act(v, "moon.land"), "moon.land");
        }
    }

    /// The sources of every room that notes acts.
    fn sources(folder: &std::path::Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                into.push_str(&std::fs::read_to_string(path).expect("it can be read"));
            }
        }
    }

    #[test]
    fn every_act_of_the_known_kinds_that_the_code_names_is_in_the_list() {
        let mut code = String::new();
        for room in ["storage", "sync", "web", "vygruzka"] {
            let folder = format!("{}/../{room}/src", env!("CARGO_MANIFEST_DIR"));
            sources(std::path::Path::new(&folder), &mut code);
        }
        let noted = code.split("note").skip(1).filter_map(|call| {
            let call = call.split(';').next()?;
            call.split('"').nth(1).filter(|word| {
                let (kind, verb) = word.split_once('.').unwrap_or_default();
                let plain = |text: &str| {
                    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                };
                plain(kind) && plain(verb)
            })
        });
        let mut seen = 0;
        for act in noted {
            seen += 1;
            assert!(ACTS.contains(&act), "{act} is noted and has no words");
        }
        assert!(seen > 20, "only {seen} acts were found in the code");
    }

    #[test]
    fn a_kind_stands_for_all_its_acts() {
        assert_eq!(acts_of("token"), ["token.add", "token.delete"]);
        assert_eq!(acts_of("token.add"), ["token.add"]);
        assert!(acts_of("").is_empty());
    }

    #[test]
    fn subjects_and_details_are_told_in_words_where_they_are_ours() {
        let v = voice(Lang::Ru);
        let cabinets = HashMap::from([("3".to_owned(), "Дом".to_owned())]);
        assert_eq!(subject(v, &cabinets, "cabinet 3"), "Дом");
        assert_eq!(subject(v, &cabinets, "cabinet 4"), "Кабинет № 4");
        assert_eq!(subject(v, &cabinets, "outbox of mine"), "outbox of mine");
        assert_eq!(detail(v, "version 7"), "версия 7");
        assert_eq!(detail(v, "manager"), "Менеджер");
    }
}
