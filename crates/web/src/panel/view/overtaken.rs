//! What somebody else has saved since a form showed it, told above the form.

use super::settings::Change;

/// What somebody else has saved meanwhile.
pub struct Overtaken {
    /// That it happened, and who it was.
    pub told: String,
    /// What changed meanwhile, as far as that is known.
    pub meanwhile: Vec<Change>,
    /// What saving the form would change.
    pub mine: Vec<Change>,
    /// The page as it is stored, without what was typed.
    pub theirs: String,
}

#[cfg(test)]
impl Overtaken {
    /// Both have changed something.
    pub fn sample(v: voice::Voice) -> Self {
        let change = |label: String, old: &str, new: &str| Change {
            group: None,
            label,
            old: old.into(),
            new: new.into(),
        };
        Self {
            told: v.with("overtaken-who", "who", "<anna@example.com>"),
            meanwhile: vec![change(v.t("setting-source_id"), "Ozon", "<b>Сайт")],
            mine: vec![change(v.t("setting-schedule-at"), "06:00", "07:30")],
            theirs: "/mail".into(),
        }
    }
}
