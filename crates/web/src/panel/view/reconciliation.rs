//! The comparisons of a cabinet.

use askama::Template;
use domain::CabinetId;

use super::{Frame, Link};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The comparisons of a cabinet.
#[derive(Template)]
#[template(path = "reconciliation.html")]
pub struct ReconciliationPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// This person may compare.
    pub can_start: bool,
    /// And mend.
    pub can_repair: bool,
    /// A comparison is going.
    pub running: bool,
    /// The cabinet is disabled.
    pub disabled: bool,
    /// The form's first day, `YYYY-MM-DD`.
    pub since: String,
    /// The form's last day.
    pub until: String,
    /// What is wrong with what was asked.
    pub fault: Option<String>,
    /// The comparison that is shown.
    pub shown: Option<Comparison>,
    /// What it found.
    pub findings: Vec<FindingRow>,
    /// Its first and last day.
    pub period: Option<(String, String)>,
    /// All of them, the newest first.
    pub earlier: Vec<Comparison>,
}

/// One comparison.
pub struct Comparison {
    /// When it ended.
    pub at: Moment,
    /// Of which days.
    pub period: String,
    /// What started it.
    pub cause: String,
    /// Where it is shown.
    pub link: String,
    /// Something differs, or it did not end.
    pub bad: bool,
    /// In one sentence.
    pub text: String,
    /// Something is left that could be mended.
    pub left: bool,
    /// Names and numbers.
    pub figures: Vec<(String, String)>,
}

/// A posting that differs.
pub struct FindingRow {
    /// The posting, leading to its order.
    pub posting: Link,
    /// What differs, a line each.
    pub what: Vec<String>,
    /// It was mended.
    pub repaired: bool,
    /// Mending could help.
    pub can_be_repaired: bool,
}

#[cfg(test)]
impl ReconciliationPage {
    /// Nothing compared yet, all well, something found, and one that is going.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let comparison = |bad: bool| Comparison {
            at: v.when_exactly(&v.now),
            period: v.fill("reconciled-period", &[("since", v.day(&v.now)), ("until", v.day(&v.now))]),
            cause: v.t("cause-schedule"),
            link: Page::Reconciliation(CabinetId(1)).with([("show", 7)]),
            bad,
            text: if bad { v.n("reconciled-left", 2_u64) } else { v.t("reconciled-all") },
            left: bad,
            figures: vec![(v.t("reconciled-matched"), v.number(1_024))],
        };
        let finding = |number: &str, repaired: bool| FindingRow {
            posting: Link { href: Page::Orders.with([("q", number)]), text: number.into() },
            what: vec![letters::difference(v, &domain::reconcile::Difference::Missing)],
            repaired,
            can_be_repaired: true,
        };
        let page = |bad: bool, running: bool| Self {
            frame: Frame::sample(v, super::Section::Cabinets),
            v,
            id: CabinetId(1),
            cabinet: "Дом и свет".into(),
            can_start: true,
            can_repair: true,
            running,
            disabled: false,
            since: "2026-10-25".into(),
            until: "2026-11-23".into(),
            fault: bad.then(|| v.n("fault-period", 364_u64)),
            shown: Some(comparison(bad)),
            findings: if bad {
                vec![finding("0105259411-0854-1", false), finding("0105259411-0855-1", true)]
            } else {
                Vec::new()
            },
            period: Some(("2026-10-24".into(), "2026-11-23".into())),
            earlier: vec![comparison(bad), comparison(false)],
        };
        let empty = Self { shown: None, period: None, earlier: Vec::new(), ..page(false, false) };
        vec![
            ("reconciliation-empty", empty),
            ("reconciliation", page(false, false)),
            ("reconciliation-found", page(true, false)),
            ("reconciliation-running", page(false, true)),
        ]
    }
}
