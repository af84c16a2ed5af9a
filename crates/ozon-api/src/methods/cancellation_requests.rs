//! `/v2/conditional-cancellation/list`: requests to cancel realFBS postings that are already packed. Does not decide them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::directory::object;
use super::{Method, request};
use crate::codes::{CancellationInitiator, CancellationState};
use crate::decode::{Part, list, part, scalar};
use crate::error::Broken;
use crate::pages::{Page, Paged};

/// The request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListCancellationRequests {
    /// Which requests.
    pub filters: CancellationFilter,
    /// Requests on a page.
    pub limit: CancellationPageLimit,
    /// Where the page begins: the `last_id` of the one before; empty for the first.
    #[serde(skip_serializing_if = "String::is_empty", serialize_with = "request::number")]
    pub last_id: String,
    /// Which optional parts to answer.
    pub with: CancellationWith,
}

/// Which requests. An empty list filters nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CancellationFilter {
    /// In this state; in any where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CancellationState>,
    /// Of these postings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub posting_number: Vec<String>,
    /// Made by these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cancellation_initiator: Vec<CancellationInitiator>,
}

/// Which optional parts the answer should have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CancellationWith {
    /// How many requests wait for the seller.
    pub counter: bool,
}

/// Requests on a page: 1 to 500, which is what Ozon takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CancellationPageLimit(u16);

impl CancellationPageLimit {
    /// The largest page.
    pub const MAX: Self = Self(500);

    /// `None` outside 1 to 500.
    pub fn new(requests: u16) -> Option<Self> {
        (1..=Self::MAX.0).contains(&requests).then_some(Self(requests))
    }
}

impl Default for CancellationPageLimit {
    fn default() -> Self {
        Self::MAX
    }
}

impl ListCancellationRequests {
    /// The requests in that state, and how many wait for the seller.
    pub fn in_state(state: CancellationState) -> Self {
        Self {
            filters: CancellationFilter { state: Some(state), ..CancellationFilter::default() },
            with: CancellationWith { counter: true },
            ..Self::default()
        }
    }
}

/// A request to cancel a posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CancellationRequest {
    /// Its identifier, by which it is decided.
    pub cancellation_id: i64,
    /// Which posting.
    pub posting_number: String,
    /// Where it stands.
    pub state: Option<CancellationState>,
    /// The same in words, in Russian.
    pub state_name: Option<String>,
    /// Who made it.
    pub initiator: Option<CancellationInitiator>,
    /// Identifier of the reason.
    pub reason_id: Option<i64>,
    /// The reason, in Russian.
    pub reason: Option<String>,
    /// What its maker wrote.
    pub message: Option<String>,
    /// When it was made.
    pub requested_at: Option<DateTime<Utc>>,
    /// When Ozon approves it by itself.
    pub auto_approve_date: Option<DateTime<Utc>>,
    /// When it was approved or rejected.
    pub decided_at: Option<DateTime<Utc>>,
    /// What was written to the approval or rejection.
    pub decision_comment: Option<String>,
    /// When the posting was ordered.
    pub ordered_at: Option<DateTime<Utc>>,
    /// Who delivers, as Ozon writes it here.
    pub tpl_integration_type: Option<String>,
    /// The identifier that it had in the older version of this method.
    pub source_id: Option<i64>,
}

/// A page of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancellationPage {
    /// The requests.
    pub items: Vec<CancellationRequest>,
    /// Entries without an identifier or a posting, which are of no use and are left out.
    pub unreadable: usize,
    /// How many wait for the seller, over all pages; only if asked for.
    pub counter: Option<i64>,
    /// Where the next page begins; empty for nowhere.
    pub last_id: String,
    /// Whether there may be a next page: Ozon does not say it, so that the last page may be empty.
    pub has_next: bool,
}

impl Page for CancellationPage {
    fn cursor(&self) -> &str {
        &self.last_id
    }

    fn has_next(&self) -> bool {
        self.has_next
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "list")]
    result: Option<Vec<Part<Entry>>>,
    #[serde(deserialize_with = "scalar")]
    last_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    counter: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(deserialize_with = "scalar")]
    cancellation_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    posting_number: Option<String>,
    #[serde(deserialize_with = "part")]
    state: Option<State>,
    #[serde(deserialize_with = "scalar")]
    cancellation_initiator: Option<CancellationInitiator>,
    #[serde(deserialize_with = "part")]
    cancellation_reason: Option<Reason>,
    #[serde(deserialize_with = "scalar")]
    cancellation_reason_message: Option<String>,
    #[serde(deserialize_with = "scalar")]
    cancelled_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    auto_approve_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    approve_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    approve_comment: Option<String>,
    #[serde(deserialize_with = "scalar")]
    order_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    tpl_integration_type: Option<String>,
    #[serde(deserialize_with = "scalar")]
    source_id: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct State {
    #[serde(deserialize_with = "scalar")]
    state: Option<CancellationState>,
    #[serde(deserialize_with = "scalar")]
    name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reason {
    #[serde(deserialize_with = "scalar")]
    id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    name: Option<String>,
}

impl Entry {
    fn request(self) -> Option<CancellationRequest> {
        let posting_number = self.posting_number?.trim().to_owned();
        let state = self.state.unwrap_or_default();
        let reason = self.cancellation_reason.unwrap_or_default();
        let cancellation_id = self.cancellation_id?;
        (!posting_number.is_empty()).then_some(CancellationRequest {
            cancellation_id,
            posting_number,
            state: state.state,
            state_name: state.name,
            initiator: self.cancellation_initiator,
            reason_id: reason.id,
            reason: reason.name,
            message: self.cancellation_reason_message,
            requested_at: self.cancelled_at,
            auto_approve_date: self.auto_approve_date,
            decided_at: self.approve_date,
            decision_comment: self.approve_comment,
            ordered_at: self.order_date,
            tpl_integration_type: self.tpl_integration_type,
            source_id: self.source_id,
        })
    }
}

impl Method for ListCancellationRequests {
    const PATH: &'static str = "/v2/conditional-cancellation/list";
    type Answer = CancellationPage;

    fn decode(body: &str) -> Result<CancellationPage, Broken> {
        let wire: Wire = object(body)?;
        let entries = wire.result.ok_or(Broken::MissingList)?;
        let told = entries.len();
        let items: Vec<_> =
            entries.into_iter().filter_map(|entry| entry.0.and_then(Entry::request)).collect();
        let last_id = wire.last_id.filter(|id| *id != 0);
        Ok(CancellationPage {
            unreadable: told - items.len(),
            items,
            counter: wire.counter,
            has_next: told > 0 && last_id.is_some(),
            last_id: last_id.map(|id| id.to_string()).unwrap_or_default(),
        })
    }
}

impl Paged for ListCancellationRequests {
    fn cursor(&self) -> &str {
        &self.last_id
    }

    fn set_cursor(&mut self, cursor: String) {
        self.last_id = cursor;
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use contract::Specification;
    use serde_json::{Value, json};

    use super::{CancellationFilter, CancellationWith, ListCancellationRequests};
    use crate::codes::{CancellationInitiator, CancellationState};
    use crate::error::Broken;
    use crate::methods::{CancellationPageLimit, Method};
    use crate::pages::{Page, Paged};

    #[test]
    fn the_official_example_is_written_and_loses_no_field() {
        let Some(specification) = Specification::load() else {
            return;
        };
        let mut request = specification.example_requests(ListCancellationRequests::PATH).remove(0);
        let built = ListCancellationRequests {
            filters: CancellationFilter {
                state: None,
                posting_number: vec![request["filters"]["posting_number"][0].as_str().unwrap().to_owned()],
                cancellation_initiator: vec![CancellationInitiator::Client],
            },
            with: CancellationWith { counter: true },
            ..ListCancellationRequests::default()
        };
        // The specification wants it absent from the first request.
        request.as_object_mut().unwrap().remove("last_id");
        // It is what Ozon takes where nothing is said.
        request["filters"].as_object_mut().unwrap().remove("state");
        assert_eq!(serde_json::to_value(&built).unwrap(), request);

        let raw = specification.example_answers(ListCancellationRequests::PATH).remove(0);
        let page = ListCancellationRequests::decode(&raw.to_string()).unwrap();
        assert_eq!(page.counter, Some(1));
        assert_eq!((page.cursor(), page.has_next()), ("283784254", true));
        assert_eq!((page.items.len(), page.unreadable), (1, 0));
        let (raw, read) = (&raw["result"][0], &page.items[0]);
        let time = |name: &str| Some(raw[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap());
        assert_eq!(read.cancellation_id, raw["cancellation_id"]);
        assert_eq!(read.posting_number, raw["posting_number"]);
        assert_eq!(read.state.as_ref().unwrap().as_str(), raw["state"]["state"]);
        assert_eq!(read.state_name.as_deref(), raw["state"]["name"].as_str());
        assert_eq!(read.initiator, Some(CancellationInitiator::Ozon));
        assert_eq!(read.reason_id, raw["cancellation_reason"]["id"].as_i64());
        assert_eq!(read.reason.as_deref(), raw["cancellation_reason"]["name"].as_str());
        assert_eq!(read.message.as_deref(), raw["cancellation_reason_message"].as_str());
        assert_eq!(read.requested_at, time("cancelled_at"));
        assert_eq!(read.auto_approve_date, time("auto_approve_date"));
        assert_eq!(read.decided_at, time("approve_date"));
        assert_eq!(read.decision_comment.as_deref(), raw["approve_comment"].as_str());
        assert_eq!(read.ordered_at, time("order_date"));
        assert_eq!(read.tpl_integration_type.as_deref(), raw["tpl_integration_type"].as_str());
    }

    #[test]
    fn a_request_that_waits_is_read_and_odd_ones_cost_only_themselves() {
        let body = json!({ "result": [
            { "cancellation_id": "7", "posting_number": "1-1-1", "state": { "id": 1, "state": "ON_APPROVAL" },
              "approve_date": null, "approve_comment": "", "cancellation_reason": null, "source_id": 5 },
            { "cancellation_id": 8, "posting_number": "1-1-2", "state": "ON_APPROVAL", "cancelled_at": "" },
            { "cancellation_id": 9, "posting_number": " " },
            { "posting_number": "1-1-3" }, null,
        ], "last_id": "9", "counter": null });
        let page = ListCancellationRequests::decode(&body.to_string()).unwrap();
        assert_eq!((page.items.len(), page.unreadable, page.counter), (2, 3, None));
        let first = &page.items[0];
        assert_eq!((first.cancellation_id, first.source_id), (7, Some(5)));
        assert_eq!(first.state, Some(CancellationState::OnApproval));
        assert_eq!((first.decided_at, first.reason_id), (None, None));
        assert_eq!(page.items[1].state, None);
    }

    #[test]
    fn the_reading_goes_on_from_the_last_identifier_until_nothing_is_left() {
        let page = |body: Value| ListCancellationRequests::decode(&body.to_string()).unwrap();
        assert!(page(json!({ "result": [{}], "last_id": 5 })).has_next());
        for last in [
            json!({ "result": [], "last_id": 5 }),
            json!({ "result": [{}], "last_id": 0 }),
            json!({ "result": [{}] }),
        ] {
            assert!(!page(last.clone()).has_next(), "{last}");
        }
        let mut request = ListCancellationRequests::in_state(CancellationState::OnApproval);
        assert_eq!(request.cursor(), "");
        assert_eq!(serde_json::to_value(&request).unwrap()["last_id"], Value::Null);
        request.set_cursor("283784254".to_owned());
        let written = serde_json::to_value(&request).unwrap();
        assert_eq!(written["last_id"], 283_784_254);
        assert_eq!(written["filters"], json!({ "state": "ON_APPROVAL" }));
        request.set_cursor("no number".to_owned());
        assert!(serde_json::to_value(&request).is_err());
    }

    #[test]
    fn an_answer_without_the_list_is_broken() {
        for body in ["{}", "[]", r#"{"result":null}"#, r#"{"result":{}}"#, r#"{"result":{"last_id":1}}"#] {
            assert_eq!(ListCancellationRequests::decode(body), Err(Broken::MissingList), "{body}");
        }
        assert_eq!(ListCancellationRequests::decode("<html>"), Err(Broken::NotJson));
    }

    #[test]
    fn a_page_takes_one_to_five_hundred_requests() {
        assert_eq!(CancellationPageLimit::new(0), None);
        assert_eq!(CancellationPageLimit::new(501), None);
        assert_eq!(CancellationPageLimit::new(500), Some(CancellationPageLimit::default()));
    }
}
