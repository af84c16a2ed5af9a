//! The journal of loads.

use askama::Template;

use super::lists::ListTab;
use super::{Choice, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The tabs of the journal: loads, and push messages.
pub fn tabs(v: Voice, here: &Page) -> Vec<ListTab> {
    let pages = [(Page::Runs, "journal-loads"), (Page::PushMessages, "journal-messages")];
    pages.into_iter().map(|(href, key)| ListTab { here: href == *here, label: v.t(key), href }).collect()
}

/// The journal of loads.
#[derive(Template)]
#[template(path = "runs.html")]
pub struct RunsPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// What is looked for in the errors.
    pub q: String,
    /// Cabinets to choose from.
    pub cabinet: Vec<Choice>,
    /// How they stand.
    pub state: Vec<Choice>,
    /// What brought them about.
    pub cause: Vec<Choice>,
    /// The first day, as typed.
    pub from: String,
    /// The last day, as typed.
    pub to: String,
    /// What is wrong with the days.
    pub fault: Option<String>,
    /// Something is chosen.
    pub active: bool,
    /// The loads, newest first.
    pub rows: Vec<RunRow>,
    /// The address of older ones.
    pub next: Option<String>,
}

/// A load.
#[derive(Clone)]
pub struct RunRow {
    /// Cabinet.
    pub cabinet: String,
    /// Who or what started it.
    pub cause: String,
    /// `running`, `done`, `failed` or `interrupted`.
    pub kind: &'static str,
    /// State in words.
    pub state: String,
    /// Start.
    pub started: Moment,
    /// How long it took.
    pub took: String,
    /// seen, created, updated, unchanged, skipped, failed, pages.
    pub figures: [String; 7],
    /// What went wrong, in words.
    pub error: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
    /// The exact text, for those who help.
    pub detail: Option<String>,
    /// Trace id.
    pub trace_id: Option<String>,
}

#[cfg(test)]
impl RunRow {
    /// A load of every kind.
    pub fn samples(v: Voice) -> Vec<Self> {
        let row = |id: i64, kind: &'static str| Self {
            cabinet: "Дом и свет".into(),
            cause: v.t("cause-schedule"),
            kind,
            state: v.t(&format!("run-{kind}")),
            started: v.when_exactly(&(v.now - chrono::Duration::minutes(5 * id))),
            took: if id == 5 { v.t("time-under-a-second") } else { v.n("time-seconds", 3_u64) },
            figures: ["612", "12", "40", "560", "4", "0", "7"].map(Into::into),
            error: (kind == "failed").then(|| v.t("ozon-error-rate-limited")),
            advice: (kind == "failed").then(|| v.t("ozon-advice-rate-limited")),
            detail: (kind == "failed").then(|| "429 Too Many Requests".into()),
            trace_id: (kind == "failed").then(|| "6f1d8a".into()),
        };
        vec![row(1, "running"), row(2, "done"), row(3, "failed"), row(4, "interrupted"), row(5, "done")]
    }
}

#[cfg(test)]
impl RunsPage {
    /// With loads, without, and with none found for what was typed.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |rows: Vec<RunRow>, q: &str| Self {
            frame: Frame::sample(v, Section::Runs),
            v,
            tabs: tabs(v, &Page::Runs),
            q: q.to_owned(),
            cabinet: vec![
                Choice::new("", v.t("filter-any-cabinet"), ""),
                Choice::new(1, "Дом и свет", ""),
                Choice::new(2, "Сад", ""),
            ],
            state: vec![Choice::new("", v.t("filter-any-result"), "")],
            cause: vec![Choice::new("", v.t("filter-any-cause"), "")],
            from: String::new(),
            to: q.to_owned(),
            fault: (!q.is_empty()).then(|| v.t("filter-bad-date")),
            active: !q.is_empty(),
            next: (!rows.is_empty()).then(|| "/runs?cursor=x".into()),
            rows,
        };
        let found = page(RunRow::samples(v), "");
        vec![
            ("runs", found),
            ("runs-none", page(Vec::new(), "")),
            ("runs-none-found", page(Vec::new(), "<b>")),
        ]
    }
}
