//! What an act on several orders would tell Ozon, before it is done.

use askama::Template;
use domain::OrderId;

use super::Frame;
use crate::panel::routes::Page;
use voice::Voice;

/// The question before an act on several orders.
#[derive(Template)]
#[template(path = "bulk.html")]
pub struct BulkPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// What is to be done.
    pub title: String,
    /// How many orders change.
    pub changed: String,
    /// How many are so already.
    pub unchanged: Option<String>,
    /// What Ozon is told.
    pub told: Vec<Counted>,
    /// Why Ozon is not told.
    pub not_told: Vec<Counted>,
    /// The orders.
    pub ids: Vec<OrderId>,
    /// The act's word.
    pub act: String,
    /// The status, for an act that names one.
    pub status: Option<String>,
    /// Where to go back.
    pub back: String,
}

/// Something with how often.
pub struct Counted {
    /// What.
    pub what: String,
    /// What to do about it.
    pub why: Option<String>,
    /// How often.
    pub many: String,
}

#[cfg(test)]
impl BulkPage {
    /// With something to tell, and with reasons why not.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use crate::panel::exchange::told;
        let (what, why) = told::not_told(v, domain::push::NotTold::DeliveredByOzon);
        let page = Self {
            frame: Frame::sample(v, super::Section::Orders),
            v,
            title: v.with("bulk-title-status", "status", "Отправлен"),
            changed: v.n("bulk-changed", 12_u64),
            unchanged: Some(v.n("bulk-unchanged", 3_u64)),
            told: vec![Counted { what: told::subject(v, "delivering", None), why: None, many: "9".into() }],
            not_told: vec![Counted { what, why: Some(why), many: "3".into() }],
            ids: (1..=12).map(OrderId).collect(),
            act: "status".into(),
            status: Some("4".into()),
            back: "/orders".into(),
        };
        vec![("bulk", page)]
    }
}
