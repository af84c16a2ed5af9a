//! The settings of a cabinet as a file: out, and in again.

use askama::Template;
use domain::CabinetId;

use super::Frame;
use super::lists::ListTab;
use crate::panel::routes::Page;
use voice::Voice;

/// The page of the file.
#[derive(Template)]
#[template(path = "settings-file.html")]
pub struct FilePage {
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
    /// What was pasted, or what the file holds.
    pub text: String,
    /// Why it cannot be read at all, or that it changes nothing.
    pub fault: Option<String>,
    /// What is wrong in it.
    pub faults: Vec<FileFault>,
}

/// One thing that is wrong in a file.
pub struct FileFault {
    /// The line, where it is found.
    pub line: Option<usize>,
    /// The key.
    pub key: String,
    /// The setting's label, when there is such a setting.
    pub label: Option<String>,
    /// What is allowed.
    pub words: String,
}

#[cfg(test)]
impl FilePage {
    /// Empty, unreadable, and with faults.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let id = CabinetId(1);
        let page = || Self {
            frame: Frame::sample(v, super::Section::Cabinets),
            v,
            id,
            cabinet: "Дом и свет".into(),
            tabs: super::settings_shared::tabs(v, id, true, &Page::SettingsFile(id)),
            text: String::new(),
            fault: None,
            faults: Vec::new(),
        };
        let typed = || "{\n  \"sourse_id\": \"</textarea><b>\"\n}".to_owned();
        let place = [("line", "2".to_owned()), ("column", "3".to_owned())];
        let faults = vec![
            FileFault {
                line: Some(2),
                key: "sourse_id".into(),
                label: None,
                words: v.with("settings-file-unknown", "allowed", "source_id"),
            },
            FileFault {
                line: None,
                key: "schedule.at".into(),
                label: Some(v.t("setting-schedule-at")),
                words: v.t("fault-time"),
            },
        ];
        vec![
            ("settings-file", page()),
            (
                "settings-file-unreadable",
                Self { text: typed(), fault: Some(v.fill("settings-file-not-json", &place)), ..page() },
            ),
            ("settings-file-faults", Self { text: typed(), faults, ..page() }),
        ]
    }
}
