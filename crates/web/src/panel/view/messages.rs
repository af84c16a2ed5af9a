//! Ozon's push messages to a cabinet.

use askama::Template;
use domain::CabinetId;

use super::Frame;
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// Ozon's push messages to a cabinet.
#[derive(Template)]
#[template(path = "messages.html")]
pub struct MessagesPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// Where Ozon is to send them; `None` while nobody knows at which address people reach us.
    pub address: Option<String>,
    /// What went well just now.
    pub good: Option<String>,
    /// What went wrong just now.
    pub bad: Vec<String>,
    /// The posting looked for.
    pub number: String,
    /// The messages, newest first.
    pub rows: Vec<MessageRow>,
    /// The address of older ones.
    pub next: Option<String>,
}

/// A message.
pub struct MessageRow {
    /// When it came.
    pub at: Moment,
    /// Its kind.
    pub kind: String,
    /// The posting.
    pub posting_number: Option<String>,
    /// What became of it.
    pub outcome: String,
    /// It led nowhere.
    pub bad: bool,
    /// Ozon's own words.
    pub body: Option<String>,
}

#[cfg(test)]
impl MessagesPage {
    /// With an address and messages, and without.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let row = |outcome: &str, bad: bool| MessageRow {
            at: v.when_exactly(&v.now),
            kind: v.t("message-type-state-changed"),
            posting_number: Some("0105259411-0854-1".into()),
            outcome: v.t(outcome),
            bad,
            body: Some("{\"message_type\":\"TYPE_STATE_CHANGED\"}".into()),
        };
        let page = |full: bool| Self {
            frame: Frame::sample(v, Section::Cabinets),
            v,
            id: CabinetId(1),
            cabinet: "Дом и свет".into(),
            address: full.then(|| "https://orders.example.ru/hooks/ozon/9hJ2k".into()),
            good: full.then(|| v.t("messages-reached")),
            bad: if full { vec![v.t("push-fault-request-timeout")] } else { Vec::new() },
            number: String::new(),
            rows: if full {
                vec![row("outcome-read", false), row("outcome-unknown", true)]
            } else {
                Vec::new()
            },
            next: full.then(|| "/cabinets/1/messages?cursor=x".into()),
        };
        vec![("messages", page(true)), ("messages-none", page(false))]
    }
}
