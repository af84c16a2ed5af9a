//! What the pages of a cabinet's settings share: their line of tabs, a version in a list, and what a search of the settings
//! found.

use domain::CabinetId;

use super::lists::ListTab;
use super::settings::Change;
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The tabs of the pages; what changes something is shown to those who may.
pub fn tabs(v: Voice, id: CabinetId, may_change: bool, here: &Page) -> Vec<ListTab> {
    let mut pages = vec![
        (Page::Settings(id), "settings-tab-form"),
        (Page::SettingsVersions(id), "versions-title"),
        (Page::SettingsFile(id), "settings-tab-file"),
    ];
    if may_change {
        pages.insert(2, (Page::SettingsCopy(id), "settings-tab-copy"));
    }
    pages.into_iter().map(|(href, key)| ListTab { here: href == *here, label: v.t(key), href }).collect()
}

/// A version of the settings.
pub struct Version {
    /// Its number.
    pub number: u32,
    /// Where it is shown whole.
    pub href: Page,
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// What changed against the version before.
    pub changes: Vec<Change>,
    /// It is the one in force.
    pub in_force: bool,
}

/// What a search of the settings found.
#[derive(Default)]
pub struct Found {
    /// What was looked for.
    pub text: String,
    /// Every row of the page.
    pub rows: Vec<FoundRow>,
}

/// A row of the page.
pub struct FoundRow {
    /// Its place on the page.
    pub row: &'static str,
    /// The part it stands in.
    pub part: &'static str,
    /// What it is found by, folded.
    pub words: String,
    /// It has every word that is looked for.
    pub shown: bool,
}

impl Found {
    /// What a row is found by.
    pub fn words(&self, row: &str) -> &str {
        self.rows.iter().find(|found| found.row == row).map_or("", |found| &found.words)
    }

    /// The row is not among those found.
    pub fn hides(&self, row: &str) -> bool {
        self.rows.iter().any(|found| found.row == row && !found.shown)
    }

    /// Nothing of a part is among those found.
    pub fn hides_part(&self, part: &str) -> bool {
        self.rows.iter().filter(|found| found.part == part).all(|found| !found.shown)
    }

    /// How many rows are shown.
    pub fn shown(&self) -> usize {
        self.rows.iter().filter(|found| found.shown).count()
    }

    /// How many there are, in words for the given figures.
    pub fn told(&self, v: Voice, shown: &str) -> String {
        v.fill("settings-found", &[("shown", shown.to_owned()), ("total", self.rows.len().to_string())])
    }
}

#[cfg(test)]
impl Version {
    /// A version that changed one switch, and the first one.
    pub fn samples(v: Voice) -> Vec<Self> {
        let version = |number, who: &str, changes| Self {
            number,
            href: Page::SettingsVersion(crate::panel::routes::VersionPath { id: CabinetId(1), number }),
            at: v.when_exactly(&v.now),
            who: who.to_owned(),
            changes,
            in_force: number == 2,
        };
        let change = Change {
            group: None,
            label: v.t("setting-also_awaiting_deliver"),
            old: v.t("value-off"),
            new: v.t("value-on"),
        };
        vec![version(2, "olga@example.com", vec![change]), version(1, &v.t("actor-command"), Vec::new())]
    }
}
