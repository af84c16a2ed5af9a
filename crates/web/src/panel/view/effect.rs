//! What a change of the settings would do to the orders that are loaded, and the question what is to be done about it.

use askama::Template;
use domain::CabinetId;

use super::settings::Change;
use super::{Dot, Frame};
use crate::panel::routes::Page;
use voice::Voice;

/// The question, before a change is saved or after.
#[derive(Template)]
#[template(path = "settings-effect.html")]
pub struct EffectPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// What is asked.
    pub question: Question,
    /// The settings changed since this person looked at them last.
    pub overtaken: bool,
    /// Settings that were to change, but name what there no longer is: they stay as they are.
    pub kept: Vec<String>,
    /// The version of the settings that this was counted against.
    pub version: u32,
    /// The settings that change.
    pub changes: Vec<Change>,
    /// Nothing that is loaded would be any different.
    pub empty: bool,
    /// Orders that change or are made, each once.
    pub orders: u64,
    /// What happens, and to how many.
    pub figures: Vec<(String, String)>,
    /// From which status to which.
    pub moved: Vec<Moved>,
    /// New orders by day.
    pub days: Vec<DayCount>,
}

/// What is asked.
pub enum Question {
    /// Whether to save.
    Unsaved {
        /// The form as it was typed.
        fields: Vec<(String, String)>,
    },
    /// Whether to apply what is saved.
    Saved {
        /// The version before the changes in question.
        since: u32,
    },
}

/// Orders that change from one status to another.
pub struct Moved {
    /// The status that they leave.
    pub from: String,
    /// Its colour.
    pub from_dot: Dot,
    /// The status that they get.
    pub to: String,
    /// Its colour.
    pub to_dot: Dot,
    /// How many, in words.
    pub count: String,
}

/// Orders of a day.
#[derive(Clone)]
pub struct DayCount {
    /// The day.
    pub name: String,
    /// How many.
    pub count: String,
}

#[cfg(test)]
impl DayCount {
    /// Some days, the last one a span.
    pub fn samples(v: Voice) -> Vec<Self> {
        let day = |back: i64, count: u64| Self {
            name: v.day(&(v.now - chrono::Duration::days(back))),
            count: v.number(count),
        };
        let long_ago = [("from", v.day(&(v.now - chrono::Duration::days(90)))), ("to", v.day(&v.now))];
        let mut days: Vec<_> = (0..6).map(|back| day(back, 3 + 17 * back.unsigned_abs())).collect();
        days.push(Self { name: v.fill("days-before", &long_ago), count: v.number(1204) });
        days.push(Self { name: v.t("days-unknown"), count: v.number(2) });
        days
    }
}

#[cfg(test)]
impl EffectPage {
    /// Before saving, overtaken by another change, afterwards, and with nothing to do.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let moved = |from: &str, to: &str, count: u64| Moved {
            from: from.into(),
            from_dot: Dot::new("#2f6fed"),
            to: to.into(),
            to_dot: Dot::new("#0b7347"),
            count: v.n("effect-orders", count),
        };
        let page = |question, empty: bool| Self {
            frame: Frame::sample(v, Section::Cabinets),
            v,
            id: CabinetId(1),
            cabinet: "Дом и свет".into(),
            question,
            overtaken: false,
            kept: Vec::new(),
            version: 3,
            changes: vec![Change {
                group: Some(v.t("setting-status_map")),
                label: v.ozon_status("awaiting_packaging"),
                old: "Новый".into(),
                new: "<В обработке>".into(),
            }],
            empty,
            orders: 1_449,
            figures: [
                ("effect-moved", 17),
                ("effect-made", 1_432),
                ("effect-pushes", 0),
                ("effect-letters", 0),
            ]
            .map(|(key, count)| (v.n(key, count), v.number(count)))
            .into(),
            moved: if empty {
                Vec::new()
            } else {
                vec![moved("Новый", "В обработке", 16), moved("Отправлен", "Ожидается возврат на склад", 1)]
            },
            days: if empty { Vec::new() } else { DayCount::samples(v) },
        };
        let fields =
            || vec![("at".to_owned(), "\"><b>".to_owned()), ("map.delivered".to_owned(), "5".to_owned())];
        let unsaved = || Question::Unsaved { fields: fields() };
        vec![
            ("settings-effect", page(unsaved(), false)),
            ("settings-effect-overtaken", Self { overtaken: true, ..page(unsaved(), true) }),
            ("settings-effect-kept", Self { kept: vec![v.t("setting-source_id")], ..page(unsaved(), false) }),
            ("settings-effect-saved", page(Question::Saved { since: 2 }, false)),
            ("settings-effect-none", page(Question::Saved { since: 2 }, true)),
        ]
    }
}
