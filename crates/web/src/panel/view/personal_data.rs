//! The rule by which personal data goes, and the question before it is erased by hand.

use askama::Template;

use super::lists::ListTab;
use super::{Frame, Link};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The rule, what it touches, and what went.
#[derive(Template)]
#[template(path = "personal-data.html")]
pub struct PersonalDataPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// The rule is on.
    pub is_on: bool,
    /// The rule in words.
    pub rule: String,
    /// What it touches now.
    pub touches: Option<String>,
    /// The days in the form.
    pub days: String,
    /// What is wrong with them.
    pub fault: Option<String>,
    /// A rule that is not in force, with what it would touch.
    pub proposed: Option<Proposed>,
    /// The last erasings, the newest first.
    pub erasures: Vec<ErasureRow>,
}

/// A rule that a person thinks of.
pub struct Proposed {
    /// After so many days.
    pub days: u32,
    /// The question.
    pub title: String,
    /// What it would touch now.
    pub touches: String,
}

/// An erasing.
pub struct ErasureRow {
    /// When.
    pub at: Moment,
    /// How much.
    pub what: String,
    /// By rule, or by whom.
    pub who: String,
}

/// The question before the personal data of an order or a customer is erased.
#[derive(Template)]
#[template(path = "erase.html")]
pub struct ErasePage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The order or the customer.
    pub about: Link,
    /// Where the answer goes.
    pub act: Page,
    /// What goes, a line each.
    pub goes: Vec<String>,
    /// What stays, a sentence each.
    pub stays: Vec<String>,
    /// Orders that are left alone.
    pub going_on: Option<String>,
}

#[cfg(test)]
impl PersonalDataPage {
    /// Off, off with a rule that is looked at, on, and with a fault.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let touched = || {
            let parts = [v.n("erased-orders", 1204), v.n("erased-customers", 987)];
            v.with("erasing-touches", "what", parts.join(", "))
        };
        let row = |what: String, who: String| ErasureRow { at: v.when_exactly(&v.now), what, who };
        let off = || Self {
            frame: Frame::sample(v, super::Section::Users),
            v,
            tabs: vec![
                ListTab { href: Page::Users, label: v.t("users-title"), here: false },
                ListTab { href: Page::PersonalData, label: v.t("personal-data-tab"), here: true },
            ],
            is_on: false,
            rule: v.t("erasing-rule-off"),
            touches: None,
            days: "180".into(),
            fault: None,
            proposed: None,
            erasures: Vec::new(),
        };
        let on = || Self {
            is_on: true,
            rule: v.n("erasing-rule-on", 90),
            touches: Some(v.t("erasing-touches-nothing")),
            erasures: vec![
                row(v.n("erased-orders", 3), v.n("erasing-by-rule", 90)),
                row(v.n("erased-customers", 1), "olga@example.com".into()),
            ],
            ..off()
        };
        let proposed =
            || Some(Proposed { days: 30, title: v.n("erasing-proposed-title", 30), touches: touched() });
        vec![
            ("personal-data", off()),
            ("personal-data-proposed", Self { proposed: proposed(), ..off() }),
            ("personal-data-on", on()),
            ("personal-data-changed", Self { proposed: proposed(), touches: Some(touched()), ..on() }),
            (
                "personal-data-fault",
                Self { days: "\"><b>".into(), fault: Some(v.t("fault-erasing-days")), ..off() },
            ),
        ]
    }
}

#[cfg(test)]
impl ErasePage {
    /// Of an order, and of a customer with an order that goes on.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let link = |href: Page, text: &str| Link { href: href.to_string(), text: text.into() };
        let page = |about, act, going_on| Self {
            frame: Frame::sample(v, super::Section::Orders),
            v,
            about,
            act,
            goes: vec![v.t("erase-goes-people"), v.n("erase-goes-orders", 2)],
            stays: vec![v.t("erase-stays"), v.t("erase-stays-views")],
            going_on,
        };
        let (order, customer) = (domain::OrderId(7), domain::CustomerId(2));
        vec![
            (
                "erase-order",
                page(link(Page::Order(order), "98105259411-0854-2"), Page::OrderErase(order), None),
            ),
            (
                "erase-customer",
                page(
                    link(Page::Customer(customer), "<Иванова Мария>"),
                    Page::CustomerErase(customer),
                    Some(v.n("erase-going-on", 1)),
                ),
            ),
        ]
    }
}
