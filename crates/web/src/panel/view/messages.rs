//! Ozon's push messages: those to a cabinet with the address for them, and the journal of all.

use askama::Template;
use domain::CabinetId;

use super::lists::ListTab;
use super::{Choice, Frame};
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
    /// The last messages, newest first.
    pub rows: Vec<MessageRow>,
}

/// The journal of push messages.
#[derive(Template)]
#[template(path = "push-messages.html")]
pub struct PushMessagesPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// How the number of the posting begins that is looked for.
    pub number: String,
    /// Cabinets to choose from.
    pub cabinet: Vec<Choice>,
    /// Kinds to choose from.
    pub kind: Vec<Choice>,
    /// What became of them.
    pub outcome: Vec<Choice>,
    /// The first day, as typed.
    pub from: String,
    /// The last day, as typed.
    pub to: String,
    /// What is wrong with the days.
    pub fault: Option<String>,
    /// Something is chosen.
    pub active: bool,
    /// The messages, newest first.
    pub rows: Vec<MessageRow>,
    /// The address of older ones.
    pub next: Option<String>,
}

/// A message.
#[derive(Clone)]
pub struct MessageRow {
    /// When it came.
    pub at: Moment,
    /// Its kind.
    pub kind: String,
    /// The posting.
    pub posting_number: Option<String>,
    /// The cabinet.
    pub cabinet: String,
    /// What became of it.
    pub outcome: String,
    /// It led nowhere.
    pub bad: bool,
    /// Ozon's own words.
    pub body: Option<String>,
}

#[cfg(test)]
impl MessageRow {
    /// One that was read, one that led nowhere, and one about no posting.
    fn samples(v: Voice) -> Vec<Self> {
        let row = |outcome: &str, number: Option<&str>| Self {
            at: v.when_exactly(&v.now),
            kind: v.t("message-type-state-changed"),
            posting_number: number.map(str::to_owned),
            cabinet: "Дом и свет".into(),
            outcome: v.t(outcome),
            bad: outcome == "outcome-unknown",
            body: number.map(|_| "{\"message_type\":\"TYPE_STATE_CHANGED\"}".into()),
        };
        let number = Some("0105259411-0854-1");
        vec![row("outcome-read", number), row("outcome-unknown", number), row("outcome-noted", None)]
    }
}

#[cfg(test)]
impl MessagesPage {
    /// With an address and messages, and without.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |full: bool| Self {
            frame: Frame::sample(v, Section::Cabinets),
            v,
            id: CabinetId(1),
            cabinet: "Дом и свет".into(),
            address: full.then(|| "https://orders.example.ru/hooks/ozon/9hJ2k".into()),
            good: full.then(|| v.t("messages-reached")),
            bad: if full { vec![v.t("push-fault-request-timeout")] } else { Vec::new() },
            rows: if full { MessageRow::samples(v) } else { Vec::new() },
        };
        vec![("messages", page(true)), ("messages-none", page(false))]
    }
}

#[cfg(test)]
impl PushMessagesPage {
    /// With messages, without, and with none found for what was typed.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |rows: Vec<MessageRow>, number: &str| Self {
            frame: Frame::sample(v, Section::Runs),
            v,
            tabs: super::runs::tabs(v, &Page::PushMessages),
            number: number.to_owned(),
            cabinet: vec![
                Choice::new("", v.t("filter-any-cabinet"), ""),
                Choice::new(1, "Дом и свет", ""),
                Choice::new(2, "Сад", ""),
            ],
            kind: vec![Choice::new("", v.t("filter-any-kind"), "")],
            outcome: vec![Choice::new("", v.t("filter-any-result"), "")],
            from: number.to_owned(),
            to: String::new(),
            fault: (!number.is_empty()).then(|| v.t("filter-bad-date")),
            active: !number.is_empty(),
            next: (!rows.is_empty()).then(|| "/runs/messages?cursor=x".into()),
            rows,
        };
        vec![
            ("push-messages", page(MessageRow::samples(v), "")),
            ("push-messages-none", page(Vec::new(), "")),
            ("push-messages-none-found", page(Vec::new(), "<b>")),
        ]
    }
}
