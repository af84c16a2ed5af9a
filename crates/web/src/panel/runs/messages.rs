//! The journal of Ozon's push messages to all cabinets.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::response::Response;
use domain::CabinetId;
use serde::Deserialize;
use storage::PageAsk;
use storage::hooks::{Message, MessageFilter, Outcome};
use strum::IntoEnumIterator;

use super::{ROWS, days, kept, older, tidy};
use crate::access::Act;
use crate::panel::cabinets;
use crate::panel::faults::Fault;
use crate::panel::routes::Page;
use crate::panel::view::messages::{MessageRow, PushMessagesPage};
use crate::panel::view::runs::tabs;
use crate::panel::view::{Choice, Section};
use crate::panel::visitor::Visitor;
use crate::state::AppState;
use voice::Voice;

/// Ozon's words for the kinds that we have words for; the other kinds are shown by Ozon's.
const KINDS: [&str; 5] = [
    "TYPE_NEW_POSTING",
    "TYPE_POSTING_CANCELLED",
    "TYPE_STATE_CHANGED",
    "TYPE_CUTOFF_DATE_CHANGED",
    "TYPE_DELIVERY_DATE_CHANGED",
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    number: String,
    cabinet: String,
    kind: String,
    outcome: String,
    from: String,
    to: String,
    cursor: Option<String>,
}

impl Asked {
    /// As it was meant.
    fn tidy(self) -> Self {
        let Self { number, cabinet, kind, outcome, from, to, cursor } = self;
        let [number, cabinet, kind, outcome, from, to] =
            [number, cabinet, kind, outcome, from, to].map(|text| tidy(&text));
        Self { number, cabinet, kind, outcome, from, to, cursor }
    }

    /// For the store; whatever makes no sense is as if it were not there, but for the days.
    fn filter(&self, v: Voice) -> Result<MessageFilter, String> {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Ok(MessageFilter {
            cabinet: self.cabinet.parse().ok(),
            number: given(&self.number),
            message_type: given(&self.kind),
            outcome: self.outcome.parse().ok(),
            came: days::read(v, &self.from, &self.to)?,
        })
    }

    /// What the address keeps from page to page.
    fn kept(&self) -> Vec<(&'static str, String)> {
        kept([
            ("number", &self.number),
            ("cabinet", &self.cabinet),
            ("kind", &self.kind),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
        ])
    }
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let asked = asked.tidy();
    let cabinets = state.store.cabinets().await?;
    let names: HashMap<_, _> = cabinets.iter().map(|c| (c.id, c.name.as_str())).collect();
    let ask = PageAsk { limit: ROWS, cursor: asked.cursor.clone() };
    let (found, fault) = match asked.filter(v) {
        Ok(filter) => (state.store.messages(&filter, &ask).await?, None),
        Err(fault) => (storage::Page { items: Vec::new(), next: None }, Some(fault)),
    };
    let kept = asked.kept();
    let page = PushMessagesPage {
        frame: visitor.frame_of(&state, Section::Runs).await?,
        v,
        tabs: tabs(v, &Page::PushMessages),
        cabinet: cabinets::any_or_each(v, &cabinets, &asked.cabinet),
        kind: kinds(v, &asked.kind),
        outcome: outcomes(v, &asked.outcome),
        active: !kept.is_empty(),
        rows: rows(&visitor, &found.items, &names),
        next: found.next.map(|cursor| older(&Page::PushMessages, kept, cursor)),
        number: asked.number,
        from: asked.from,
        to: asked.to,
        fault,
    };
    visitor.page(&page)
}

/// The kinds to choose from, and the one that is chosen although we have no word for it.
fn kinds(v: Voice, chosen: &str) -> Vec<Choice> {
    let is_other = !chosen.is_empty() && !KINDS.contains(&chosen);
    let each = KINDS.into_iter().chain(is_other.then_some(chosen));
    Choice::any_or(v.t("filter-any-kind"), each.map(|kind| (kind, worded(v, kind))), chosen)
}

fn outcomes(v: Voice, chosen: &str) -> Vec<Choice> {
    let each = Outcome::iter().map(|outcome| {
        let word: &'static str = outcome.into();
        (word, v.ozon_word("outcome", word).unwrap_or_default())
    });
    Choice::any_or(v.t("filter-any-result"), each, chosen)
}

/// A kind in words; one that has none as Ozon calls it.
fn worded(v: Voice, message_type: &str) -> String {
    v.ozon_word("message", message_type).unwrap_or_else(|| message_type.to_owned())
}

/// Messages as rows; what Ozon wrote in them is for those who may see persons.
pub(crate) fn rows(
    visitor: &Visitor,
    messages: &[Message],
    names: &HashMap<CabinetId, &str>,
) -> Vec<MessageRow> {
    let v = visitor.v;
    let sees_persons = visitor.may(Act::SeePersons);
    let row = |message: &Message| {
        let outcome: &'static str = message.outcome.into();
        MessageRow {
            at: v.when_exactly(&message.came.received_at),
            kind: worded(v, &message.came.message_type),
            posting_number: message.came.posting_number.clone(),
            cabinet: names.get(&message.came.cabinet).copied().unwrap_or_default().to_owned(),
            outcome: v.ozon_word("outcome", outcome).unwrap_or_default(),
            bad: message.outcome == Outcome::Unknown,
            body: sees_persons.then(|| message.came.body.clone()),
        }
    };
    messages.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use voice::Lang;

    #[test]
    fn every_kind_and_outcome_has_its_words_and_another_kind_can_be_chosen_too() {
        for lang in Lang::ALL {
            let v = Voice { lang, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
            for kind in KINDS {
                assert_ne!(worded(v, kind), kind, "{kind} has no words in {}", lang.code());
            }
            assert!(outcomes(v, "").iter().all(|choice| !choice.label.is_empty()));
            let chosen = kinds(v, "TYPE_PING");
            assert!(chosen.last().is_some_and(|choice| choice.chosen && choice.label == "TYPE_PING"));
            assert_eq!(kinds(v, "").len(), KINDS.len() + 1);
        }
    }
}
