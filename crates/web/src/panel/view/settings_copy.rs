//! The settings of one cabinet taken over by others: what is chosen, and what would change there.

use askama::Template;
use domain::CabinetId;

use super::lists::ListTab;
use super::settings::Change;
use super::{Frame, Link};
use crate::panel::routes::Page;
use voice::Voice;

/// The choice, and below it what it would change.
#[derive(Template)]
#[template(path = "settings-copy.html")]
pub struct CopyPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet whose settings are taken.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// The other cabinets.
    pub targets: Vec<Tick>,
    /// What is wrong with the choice of them.
    pub target_fault: Option<String>,
    /// The parts of the settings.
    pub parts: Vec<Tick>,
    /// What is wrong with the choice of them.
    pub part_fault: Option<String>,
    /// What belongs to a cabinet alone and is taken only when asked for.
    pub own: Vec<Tick>,
    /// What was chosen and is looked at now.
    pub looked_at: Option<LookedAt>,
    /// Cabinets whose settings were just saved, with the question about the orders loaded there.
    pub saved: Vec<Link>,
}

/// A box to tick.
pub struct Tick {
    /// Name in the form.
    pub name: String,
    /// Words.
    pub label: String,
    /// It is ticked.
    pub on: bool,
}

/// What would change.
pub struct LookedAt {
    /// The choice, and the versions it was looked at upon.
    pub fields: Vec<(String, String)>,
    /// Settings changed since this person looked at them last.
    pub overtaken: bool,
    /// Each cabinet.
    pub targets: Vec<Target>,
    /// In how many of them something would change.
    pub changing: u64,
}

/// What would change in one cabinet.
pub struct Target {
    /// Its name.
    pub name: String,
    /// The settings that change.
    pub changes: Vec<Change>,
    /// Settings that name what that cabinet does not have: they stay as they are there.
    pub gone: Vec<String>,
    /// What it would do to what is loaded there, if it were applied.
    pub figures: Vec<(String, String)>,
}

#[cfg(test)]
impl CopyPage {
    /// To choose, with nothing chosen, looked at, saved, and with no other cabinet.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let id = CabinetId(1);
        let tick = |name: &str, label: String, on| Tick { name: name.into(), label, on };
        let page = || Self {
            frame: Frame::sample(v, super::Section::Cabinets),
            v,
            id,
            cabinet: "Дом и свет".into(),
            tabs: super::settings_shared::tabs(v, id, true, &Page::SettingsCopy(id)),
            targets: vec![tick("to.2", "<Второй>".into(), true), tick("to.3", "Третий".into(), false)],
            target_fault: None,
            parts: vec![tick("part.orders", v.t("settings-orders"), true)],
            part_fault: None,
            own: vec![tick("load_from", v.t("settings-copy-load-from"), false)],
            looked_at: None,
            saved: Vec::new(),
        };
        let change = || Change {
            group: None,
            label: v.t("setting-source_id"),
            old: "Ozon".into(),
            new: "Сайт".into(),
        };
        let target = |name: &str, changes: Vec<Change>| Target {
            name: name.into(),
            gone: if changes.is_empty() { Vec::new() } else { vec![v.t("setting-customer_id")] },
            figures: vec![(v.n("effect-moved", 7), v.number(7))],
            changes,
        };
        let looked_at = LookedAt {
            fields: vec![("to.2".into(), "true".into())],
            overtaken: true,
            targets: vec![target("<Второй>", vec![change()]), target("Третий", Vec::new())],
            changing: 1,
        };
        let empty = v.t("settings-copy-no-target");
        let saved = Link {
            href: Page::SettingsEffect(CabinetId(2)).with([("since", 1)]),
            text: "<Второй>".into(),
        };
        vec![
            ("settings-copy", page()),
            (
                "settings-copy-nothing",
                Self { target_fault: Some(empty.clone()), part_fault: Some(empty), ..page() },
            ),
            ("settings-copy-looked-at", Self { looked_at: Some(looked_at), ..page() }),
            ("settings-copy-saved", Self { saved: vec![saved], ..page() }),
            ("settings-copy-alone", Self { targets: Vec::new(), ..page() }),
        ]
    }
}
