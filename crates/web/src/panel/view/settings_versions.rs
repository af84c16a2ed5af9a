//! The versions of a cabinet's settings, and one of them whole.

use askama::Template;
use domain::CabinetId;

use super::Frame;
use super::lists::ListTab;
use super::settings::Change;
use super::settings_shared::Version;
use crate::panel::routes::Page;
use voice::Voice;

/// Every version.
#[derive(Template)]
#[template(path = "settings-versions.html")]
pub struct VersionsPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// The versions, newest first.
    pub versions: Vec<Version>,
    /// The next page.
    pub next: Option<String>,
}

/// One version.
#[derive(Template)]
#[template(path = "settings-version.html")]
pub struct VersionPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// The version, with what it changed.
    pub version: Version,
    /// What would change if these settings came into force again.
    pub differences: Vec<Change>,
    /// Settings that name what the shop no longer has: they would stay as they are now.
    pub gone: Vec<String>,
    /// The settings, part by part.
    pub parts: Vec<VersionPart>,
}

/// A part of the settings in words.
pub struct VersionPart {
    /// Heading.
    pub title: String,
    /// Labels and values.
    pub rows: Vec<(String, String)>,
}

#[cfg(test)]
impl VersionsPage {
    /// A page that is not the last, and a cabinet whose settings nobody has changed.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let id = CabinetId(1);
        let page = |versions, more: bool| Self {
            frame: Frame::sample(v, super::Section::Cabinets),
            v,
            id,
            cabinet: "Дом и свет".into(),
            tabs: super::settings_shared::tabs(v, id, more, &Page::SettingsVersions(id)),
            versions,
            next: more.then(|| Page::SettingsVersions(id).with([("cursor", "AAAA")])),
        };
        let first = Version::samples(v).pop().into_iter().collect();
        vec![
            ("settings-versions", page(Version::samples(v), true)),
            ("settings-versions-first", page(first, false)),
        ]
    }
}

#[cfg(test)]
impl VersionPage {
    /// The version in force, and an older one that names a status which is gone.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let part = |title: &str, rows: &[(&str, &str)]| VersionPart {
            title: v.t(title),
            rows: rows.iter().map(|(label, value)| (v.t(label), (*value).to_owned())).collect(),
        };
        let page = |version: Version| Self {
            frame: Frame::sample(v, super::Section::Cabinets),
            v,
            id: CabinetId(1),
            cabinet: "Дом и свет".into(),
            differences: if version.in_force {
                Vec::new()
            } else {
                vec![Change {
                    group: None,
                    label: v.t("setting-source_id"),
                    old: "Ozon".into(),
                    new: "<b>Сайт</b>".into(),
                }]
            },
            gone: if version.in_force { Vec::new() } else { vec![v.t("setting-status_map")] },
            version,
            parts: vec![
                part("settings-orders", &[("setting-source_id", "Ozon"), ("setting-schedule-at", "06:00")]),
                part("setting-status_map", &[("ozon-status-delivered", "Доставлен")]),
            ],
        };
        let mut versions = Version::samples(v).into_iter();
        let mut named = |name| versions.next().map(|version| (name, page(version)));
        [named("settings-version"), named("settings-version-older")].into_iter().flatten().collect()
    }
}
