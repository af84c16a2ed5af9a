//! A stored posting as REST shows it, with Ozon's own words.

use domain::SkipReason;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use storage::postings::{RawPosting, StoredPosting};
use utoipa::ToSchema;

use crate::AppState;
use crate::rest::caller::Caller;
use crate::rest::problem::Answer;
use crate::rest::wire::Time;

/// Postings whose raw words are read at the same time.
const AT_ONCE: usize = 4;

/// A posting as Ozon showed it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Posting)]
pub struct PostingView {
    /// Our id.
    id: i64,
    /// The cabinet.
    cabinet_id: i64,
    /// Ozon's number; for one that could not be read a name of our own.
    posting_number: String,
    /// Ozon's status as last read.
    ozon_status: String,
    /// Ozon's substatus.
    ozon_substatus: Option<String>,
    /// When Ozon began to process it.
    in_process_at: Option<Time>,
    /// When we first saw it.
    first_seen_at: Time,
    /// When the last answer that we keep was asked for.
    read_at: Time,
    /// Its order, where it has one.
    order_id: Option<i64>,
    /// Why it has none: `also_awaiting_deliver_off`, `first_seen_too_late`, `unknown_status`, `older_than_load_from`,
    /// `archive`, `undecodable`.
    skipped_because: Option<String>,
    /// The same in a sentence that names the setting.
    skipped_because_text: Option<String>,
    /// Why Ozon's answer could not be read; null for a token that may not see persons.
    undecodable: Option<String>,
    /// The posting word for word as Ozon's list sent it (as the single read did, where no list showed it); null for a
    /// token that may not see persons.
    #[schema(value_type = Option<Object>)]
    raw: Option<Box<RawValue>>,
    /// The posting word for word as the single read (`/v3/posting/fbs/get`) sent it, where both did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    raw_get: Option<Box<RawValue>>,
}

/// Postings as REST shows them to this caller.
pub async fn with_raw(
    state: &AppState,
    caller: &Caller,
    postings: Vec<StoredPosting>,
) -> Answer<Vec<PostingView>> {
    if !caller.sees_persons() {
        let masked =
            |posting| PostingView::of(StoredPosting { undecodable: None, ..posting }, RawPosting::default());
        return Ok(postings.into_iter().map(masked).collect());
    }
    let read = stream::iter(postings).map(|posting| async move {
        let raw = state.store.raw_posting(posting.id).await?;
        Answer::Ok(PostingView::of(posting, raw))
    });
    read.buffered(AT_ONCE).try_collect().await
}

impl PostingView {
    fn of(posting: StoredPosting, raw: RawPosting) -> Self {
        let (raw, raw_get) = match (raw.list, raw.get) {
            (None, get) => (get, None),
            (list, get) => (list, get),
        };
        Self {
            id: posting.id,
            cabinet_id: posting.cabinet_id.0,
            posting_number: posting.posting_number,
            ozon_status: posting.ozon_status,
            ozon_substatus: posting.ozon_substatus,
            in_process_at: Time::of(posting.in_process_at),
            first_seen_at: Time(posting.first_seen_at),
            read_at: Time(posting.read_at),
            order_id: posting.order_id.map(|id| id.0),
            skipped_because: posting.skipped_because.map(|reason| reason.to_string()),
            skipped_because_text: posting.skipped_because.map(|reason| in_words(reason).to_owned()),
            undecodable: posting.undecodable,
            raw: raw.as_deref().and_then(as_sent),
            raw_get: raw_get.as_deref().and_then(as_sent),
        }
    }
}

/// Ozon's words as they came; what is no JSON as a text.
fn as_sent(text: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).or_else(|_| to_raw_value(text)).ok()
}

/// Why a posting has no order.
fn in_words(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::AlsoAwaitingDeliverOff => {
            "It was first seen after assembly, and the setting also_awaiting_deliver is off."
        }
        SkipReason::FirstSeenTooLate => {
            "It was first seen on its way, delivered, disputed or cancelled; no order begins there, and no setting changes that."
        }
        SkipReason::UnknownStatus => {
            "Its status is not one that Ozon documents; it becomes an order when it comes to one in which orders begin."
        }
        SkipReason::OlderThanLoadFrom => {
            "It was first seen after assembly, and Ozon began to process it before the setting load_from."
        }
        SkipReason::Archive => "It is closed, and Ozon began to process it before the setting load_from.",
        SkipReason::PartOfPosting => {
            "It is a part of a posting that has an order, and the setting also_box_changes is off."
        }
        SkipReason::Undecodable => "Ozon's answer about it could not be read; it is kept as it came.",
    }
}
