//! What a program changes of an order. The order and the statuses are the store's; what of it Ozon is told is decided there too.

use domain::by_hand::Act;
use domain::{StatusId, UserId};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::rest::field::{Line, Remark};
use crate::rest::problem::{Answer, Kind, Problem, WrongValue};

/// A change of an order; what is left out stays.
#[derive(ToSchema)]
#[schema(as = OrderChange)]
#[expect(
    dead_code,
    reason = "it describes the body, which is read key by key so that every wrong one is named"
)]
pub struct Shape {
    /// Move it to this status of the shop.
    #[schema(nullable = false)]
    status_id: Option<i64>,
    /// The track number; null or empty text clears it.
    #[schema(value_type = Option<Line>)]
    track_number: Option<String>,
    /// Paid, or not.
    #[schema(nullable = false)]
    paid: Option<bool>,
    /// Give it to this person, who must be let in and may change orders; null gives it to nobody.
    manager_id: Option<i64>,
    /// The shop's own comment.
    #[schema(value_type = Remark, required = false)]
    admin_comment: Option<String>,
}

const KEYS: [&str; 5] = ["status_id", "track_number", "paid", "manager_id", "admin_comment"];

/// The acts that a body asks for; refuses all of it when one key is wrong. `statuses` are those of the shop,
/// `people` those whom an order can be given to.
pub fn acts(body: &Map<String, Value>, statuses: &[StatusId], people: &[UserId]) -> Answer<Vec<Act>> {
    let mut reading = Reading::default();
    for (key, value) in body {
        match key.as_str() {
            "track_number" => reading.track_number(value),
            "status_id" => match value.as_i64().map(StatusId).filter(|id| statuses.contains(id)) {
                Some(id) => reading.acts.push(Act::SetStatus(id)),
                None => reading.wrong(key, "the id of a status of the shop"),
            },
            "paid" => match value.as_bool() {
                Some(paid) => reading.acts.push(Act::SetPaid(paid)),
                None => reading.wrong(key, "true or false"),
            },
            "manager_id" if value.is_null() => reading.acts.push(Act::SetManager(None)),
            "manager_id" => match value.as_i64().map(UserId).filter(|id| people.contains(id)) {
                Some(id) => reading.acts.push(Act::SetManager(Some(id))),
                None => reading.wrong(key, "null or the id of a user who is let in and may change orders"),
            },
            "admin_comment" => match value.as_str().map(|text| Remark::try_from(text.to_owned())) {
                Some(Ok(text)) => reading.acts.push(Act::SetComment(text.into_text())),
                _ => reading.wrong(key, "text of at most 5000 characters without control characters"),
            },
            other => reading.unknown(other),
        }
    }
    reading.done()
}

#[derive(Default)]
struct Reading {
    acts: Vec<Act>,
    wrong: Vec<WrongValue>,
}

impl Reading {
    fn track_number(&mut self, value: &Value) {
        let number = match value {
            Value::Null => Some(None),
            Value::String(text) => Line::try_from(text.clone()).ok().map(Line::into_filled),
            _ => None,
        };
        match number {
            Some(number) => self.acts.push(Act::SetTrackNumber(number)),
            None => self.wrong("track_number", "null or one line of at most 200 printable characters"),
        }
    }

    fn wrong(&mut self, key: &str, allowed: &str) {
        let detail = format!("`{key}` must be {allowed}");
        self.wrong.push(WrongValue { key: key.to_owned(), allowed: allowed.to_owned(), detail });
    }

    fn unknown(&mut self, key: &str) {
        let key: String = key.chars().take(60).collect();
        let allowed = KEYS.join(", ");
        let detail = format!("there is no key `{key}` here; allowed: {allowed}");
        self.wrong.push(WrongValue { key, allowed, detail });
    }

    /// The acts, the track number before the status and the mark of payment after it, since a status may set both going.
    fn done(mut self) -> Answer<Vec<Act>> {
        if !self.wrong.is_empty() {
            let all: Vec<&str> = self.wrong.iter().map(|wrong| wrong.detail.as_str()).collect();
            let problem = Problem::new(Kind::Invalid, all.join("; "));
            return Err(self.wrong.into_iter().fold(problem, Problem::naming));
        }
        self.acts.sort_by_key(|act| match act {
            Act::SetTrackNumber(_) => 0,
            Act::SetStatus(_) => 1,
            Act::SetPaid(_) | Act::SetPaidAt(_) => 2,
            Act::SetComment(_)
            | Act::SetManager(_)
            | Act::SetCustomer { .. }
            | Act::SetDeliveryMethod(_)
            | Act::SetPaymentMethod(_) => 3,
        });
        Ok(self.acts)
    }
}
