//! Who did what to the installation.

use askama::Template;

use super::lists::ListTab;
use super::{Choice, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The audit.
#[derive(Template)]
#[template(path = "audit.html")]
pub struct AuditPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Users, and the audit.
    pub tabs: Vec<ListTab>,
    /// People and programs to choose from.
    pub actors: Vec<Choice>,
    /// Kinds of acts to choose from.
    pub kinds: Vec<Kinds>,
    /// Something is chosen.
    pub filtered: bool,
    /// The acts, newest first.
    pub rows: Vec<AuditRow>,
    /// The address of older ones.
    pub next: Option<String>,
}

/// A kind with its acts, as a group of choices.
pub struct Kinds {
    /// Words.
    pub label: String,
    /// All of the kind, then each act.
    pub choices: Vec<Choice>,
}

/// An act.
pub struct AuditRow {
    /// When.
    pub at: Moment,
    /// Who, in words.
    pub who: String,
    /// The audit of this one alone.
    pub of_actor: String,
    /// What, in words.
    pub what: String,
    /// On what; empty where it says nothing new.
    pub subject: String,
    /// More of it.
    pub detail: String,
    /// It was refused.
    pub bad: bool,
}

#[cfg(test)]
impl AuditPage {
    /// With acts, and with none found.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let row = |what: &str, subject: &str, bad: bool| AuditRow {
            at: v.when_exactly(&v.now),
            who: if bad { v.t("audit-nobody") } else { "olga@example.com".into() },
            of_actor: Page::Audit.with([("actor", "olga@example.com")]),
            what: v.t(what),
            subject: subject.into(),
            detail: if bad { String::new() } else { v.t("role-manager") },
            bad,
        };
        let page = |filtered: bool| Self {
            frame: Frame::sample(v, Section::Users),
            v,
            tabs: vec![
                ListTab { href: Page::Users, label: v.t("users-title"), here: false },
                ListTab { href: Page::Audit, label: v.t("audit-tab"), here: true },
            ],
            actors: vec![Choice::new("", v.t("audit-everyone"), "")],
            kinds: vec![Kinds {
                label: v.t("audit-kind-user"),
                choices: vec![Choice::new("user.add", v.t("audit-act-user-add"), "user.add")],
            }],
            filtered,
            rows: if filtered {
                Vec::new()
            } else {
                vec![
                    row("audit-act-user-add", "petr@example.com", false),
                    row("audit-act-session-refused", "eve@example.com", true),
                    row("audit-act-session-open", "", false),
                ]
            },
            next: (!filtered).then(|| "/audit?cursor=x".into()),
        };
        vec![("audit", page(false)), ("audit-none", page(true))]
    }
}
