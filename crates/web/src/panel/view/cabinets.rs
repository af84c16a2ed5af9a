//! Cabinets: the list, the form of a new one, and the card with its key and its loads.

use askama::Template;
use domain::CabinetId;

use super::rehearsal::RehearsalPanel;
use super::runs::RunRow;
use super::{Choice, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The list of cabinets.
#[derive(Template)]
#[template(path = "cabinets.html")]
pub struct CabinetsPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinets.
    pub rows: Vec<CabinetRow>,
}

/// A cabinet of the list.
pub struct CabinetRow {
    /// Id.
    pub id: CabinetId,
    /// Name.
    pub name: String,
    /// Client-Id.
    pub client_id: String,
    /// The seller's name at Ozon.
    pub company: Option<String>,
    /// How it stands.
    pub state: CabinetState,
    /// The last good load.
    pub last_load: Option<Moment>,
    /// How long the key lives.
    pub key: KeyLife,
}

/// How a cabinet stands, in words and as a kind for colour and icon.
#[derive(Clone, Debug)]
pub struct CabinetState {
    /// `ok`, `bad`, `off`, `busy` or `new`.
    pub kind: &'static str,
    /// Words.
    pub text: String,
    /// What to do about it.
    pub advice: Option<String>,
}

/// How long a key lives.
#[derive(Clone, Debug)]
pub struct KeyLife {
    /// Words.
    pub text: String,
    /// Full date.
    pub title: String,
    /// Two weeks or less.
    pub soon: bool,
}

/// The form of a new cabinet.
#[derive(Template)]
#[template(path = "cabinet-new.html")]
pub struct NewCabinetPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// What was typed; never the key.
    pub name: String,
    /// What was typed.
    pub client_id: String,
    /// API addresses; shown only when there is a choice.
    pub api_urls: Vec<Choice>,
    /// What is wrong with the name.
    pub name_fault: Option<String>,
    /// What is wrong with the Client-Id.
    pub client_id_fault: Option<String>,
    /// What is wrong with the key.
    pub key_fault: Option<String>,
}

/// The card of a cabinet.
#[derive(Template)]
#[template(path = "cabinet.html")]
pub struct CabinetPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Id.
    pub id: CabinetId,
    /// Name.
    pub name: String,
    /// Client-Id.
    pub client_id: String,
    /// API address; shown only when it is not Ozon's own.
    pub api_url: Option<String>,
    /// The seller's name at Ozon.
    pub company: Option<String>,
    /// How it stands.
    pub state: CabinetState,
    /// How long the key lives.
    pub key: KeyLife,
    /// When the key was given.
    pub key_set_at: Moment,
    /// When the key was last checked.
    pub checked_at: Option<Moment>,
    /// The key's roles.
    pub roles: Vec<String>,
    /// Methods that the key has no role for.
    pub missing: Vec<String>,
    /// What the check said was wrong.
    pub check_error: Option<String>,
    /// When the schedule loads, in words.
    pub schedule: String,
    /// When the next load is due.
    pub next_load: Option<Moment>,
    /// What the last comparison with Ozon came to: whether it asks for attention, in words, and when.
    pub compared: Option<(bool, String, Moment)>,
    /// Disabled.
    pub disabled: bool,
    /// The load panel.
    pub load: LoadPanel,
    /// What a load would bring, until something was loaded.
    pub rehearsal: Option<RehearsalPanel>,
    /// The last loads.
    pub runs: Vec<RunRow>,
    /// What is wrong with the new key that was just typed.
    pub key_fault: Option<String>,
    /// What is wrong with the new name that was just typed.
    pub name_fault: Option<String>,
}

/// How a load goes; polled while it runs.
#[derive(Clone, Template)]
#[template(path = "load-panel.html")]
pub struct LoadPanel {
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// This person may start one.
    pub can_load: bool,
    /// The cabinet is disabled.
    pub disabled: bool,
    /// A load runs.
    pub running: Option<Progress>,
    /// How the last one ended.
    pub last: Option<Outcome>,
}

/// A load that runs.
#[derive(Clone)]
pub struct Progress {
    /// "120 из ~600".
    pub words: String,
    /// Pages so far.
    pub pages: String,
    /// How long it has run.
    pub elapsed: String,
    /// For the bar.
    pub percent: Option<u64>,
}

/// How a load ended.
#[derive(Clone)]
pub struct Outcome {
    /// It went wrong.
    pub bad: bool,
    /// What came of it.
    pub text: String,
    /// What to do, when it went wrong.
    pub advice: Option<String>,
    /// When.
    pub at: Moment,
    /// Figures with their names, those that are not nought.
    pub figures: Vec<(String, String)>,
}

#[cfg(test)]
impl CabinetsPage {
    /// Cabinets in every state, and none.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let row = |id: i64, name: &str, kind: &'static str, advice: bool| CabinetRow {
            id: CabinetId(id),
            name: name.into(),
            client_id: format!("{}", 836_000 + id * 977),
            company: Some("ИП Соколова О. А.".into()),
            state: CabinetState {
                kind,
                text: if advice { v.t("ozon-error-key-invalid") } else { v.t("cabinet-state-ok") },
                advice: advice.then(|| v.t("ozon-advice-key-invalid")),
            },
            last_load: Some(v.ago(&(v.now - chrono::Duration::minutes(2)))),
            key: KeyLife {
                text: v.n("key-days-left", if advice { 9_u64 } else { 141_u64 }),
                title: "2026-12-01".into(),
                soon: advice,
            },
        };
        let page = |rows| Self { frame: Frame::sample(v, Section::Cabinets), v, rows };
        vec![
            (
                "cabinets",
                page(vec![
                    row(1, "Дом и свет", "ok", false),
                    row(2, "Мастерская", "bad", true),
                    row(3, "Старый", "off", false),
                ]),
            ),
            ("cabinets-none", page(Vec::new())),
        ]
    }
}

#[cfg(test)]
impl NewCabinetPage {
    /// Empty, and with every fault.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |fault: Option<String>| Self {
            frame: Frame::sample(v, Section::Cabinets),
            v,
            name: fault.as_ref().map_or_else(String::new, |_| "Дом и свет".into()),
            client_id: String::new(),
            api_urls: if fault.is_some() {
                vec![
                    Choice::new("https://api-seller.ozon.ru", "https://api-seller.ozon.ru", ""),
                    Choice::new("http://127.0.0.1:8090", "http://127.0.0.1:8090", ""),
                ]
            } else {
                Vec::new()
            },
            name_fault: fault.clone(),
            client_id_fault: fault.clone(),
            key_fault: fault,
        };
        vec![("cabinet-new", page(None)), ("cabinet-new-faults", page(Some(v.t("fault-empty"))))]
    }
}

#[cfg(test)]
impl CabinetPage {
    /// In order while loading, and with a bad key.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let at = v.when_exactly(&(v.now - chrono::Duration::hours(5)));
        let page = |bad: bool| Self {
            frame: Frame::sample(v, Section::Cabinets),
            v,
            id: CabinetId(1),
            name: "Дом и свет".into(),
            client_id: "836977".into(),
            api_url: bad.then(|| "http://127.0.0.1:8090".into()),
            company: (!bad).then(|| "ИП Соколова О. А.".into()),
            state: CabinetState {
                kind: if bad { "bad" } else { "busy" },
                text: v.t(if bad { "ozon-error-key-invalid" } else { "cabinet-state-busy" }),
                advice: bad.then(|| v.t("ozon-advice-key-invalid")),
            },
            key: KeyLife { text: v.n("key-days-left", 141_u64), title: "2026-12-01".into(), soon: bad },
            key_set_at: at.clone(),
            checked_at: (!bad).then(|| at.clone()),
            roles: if bad { Vec::new() } else { vec!["Posting FBS".into(), "Report".into()] },
            missing: if bad { vec!["/v4/posting/fbs/list".into()] } else { Vec::new() },
            check_error: bad.then(|| v.t("ozon-error-key-invalid")),
            schedule: v.n("schedule-minutes", 5_u64),
            next_load: Some(at.clone()),
            compared: Some((true, v.n("reconciled-left", 2_u64), v.when_exactly(&v.now))),
            disabled: bad,
            load: LoadPanel {
                v,
                id: CabinetId(1),
                can_load: true,
                disabled: false,
                running: (!bad).then(|| Progress {
                    words: v.fill("load-of-about", &[("seen", "120".into()), ("expected", "600".into())]),
                    pages: v.n("load-pages", 2_u64),
                    elapsed: v.n("time-seconds", 14_u64),
                    percent: Some(20),
                }),
                last: Some(Outcome {
                    bad,
                    text: v.t(if bad { "ozon-error-key-invalid" } else { "run-done" }),
                    advice: bad.then(|| v.t("ozon-advice-key-invalid")),
                    at: at.clone(),
                    figures: vec![(v.t("figure-created"), "12".into()), (v.t("figure-updated"), "40".into())],
                }),
            },
            rehearsal: (!bad).then(|| RehearsalPanel::samples(v).swap_remove(2).1),
            runs: RunRow::samples(v),
            key_fault: bad.then(|| v.t("fault-empty")),
            name_fault: bad.then(|| v.t("fault-empty")),
        };
        vec![("cabinet", page(false)), ("cabinet-bad-key", page(true))]
    }
}

#[cfg(test)]
impl LoadPanel {
    /// Alone, as the page polls it.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        CabinetPage::samples(v)
            .into_iter()
            .zip(["load-running", "load-ended"])
            .map(|((_, page), name)| (name, page.load))
            .collect()
    }
}
