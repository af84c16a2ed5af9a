//! Owns buyers' requests to cancel what is packed already, of realFBS postings (API section 4).
//! Does not speak HTTP.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::change::{Asked, ChangeKind};
use super::machine::{Act, ActError};
use super::posting::{Canceller, Posting};
use super::state::CabinetState;
use super::vocabulary::DeliveryType;
use super::world::{Due, World};

/// Without an answer a request is approved after so long, when a test says nothing else.
pub(crate) const SILENCE: TimeDelta = TimeDelta::days(2);

/// Ozon's number of the reason that a buyer's request has.
pub(crate) const REASON_ID: i64 = 501;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestState {
    /// `ON_APPROVAL`: waits for the seller.
    OnApproval,
    /// `APPROVED`: the posting is cancelled.
    Approved,
    /// `REJECTED`: the posting goes on.
    Rejected,
}

impl RequestState {
    /// Ozon's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnApproval => "ON_APPROVAL",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
        }
    }
}

/// A buyer's request to cancel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancellationRequest {
    /// `cancellation_id`.
    pub id: i64,
    /// Which posting.
    pub posting_number: String,
    /// The buyer's reason in words.
    pub reason: String,
    /// What became of it.
    pub state: RequestState,
    /// When the buyer asked.
    pub asked_at: DateTime<Utc>,
    /// When silence becomes approval.
    pub auto_approve_date: DateTime<Utc>,
    /// When it was approved or rejected.
    pub decided_at: Option<DateTime<Utc>>,
    /// Nobody decided in time.
    pub by_silence: bool,
    /// The seller's comment.
    pub comment: String,
}

impl CancellationRequest {
    fn decide(&mut self, state: RequestState, at: DateTime<Utc>) {
        self.state = state;
        self.decided_at = Some(at);
    }
}

/// Why the seller's decision was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecided {
    NoRequest,
    NotOnApproval,
}

/// The buyer asks; returns the request's id. Silence of `patience` approves it.
pub(crate) fn request(
    world: &mut World,
    client_id: &str,
    posting_number: &str,
    reason: &str,
    patience: TimeDelta,
    at: DateTime<Utc>,
) -> Result<i64, ActError> {
    let state = world.cabinet_mut(client_id)?;
    let posting = state.get(posting_number).ok_or_else(|| ActError::NoPosting(posting_number.to_owned()))?;
    if posting.delivery_type == DeliveryType::Ozon {
        return Err(ActError::NotRealFbs);
    }
    if !is_askable(posting) {
        return Err(ActError::WrongStatus(posting.status.clone()));
    }
    if let Some(open) = open_request(state, posting_number) {
        return Err(ActError::RequestExists(open));
    }
    let id = state.cancellation_requests.last_key_value().map_or(90_066_001, |(id, _)| id + 1);
    let auto_approve_date = at + patience;
    let request = CancellationRequest {
        id,
        posting_number: posting_number.to_owned(),
        reason: reason.to_owned(),
        state: RequestState::OnApproval,
        asked_at: at,
        auto_approve_date,
        decided_at: None,
        by_silence: false,
        comment: String::new(),
    };
    state.cancellation_requests.insert(id, request);
    world.schedule(client_id, auto_approve_date, Due::Silence { request: id });
    Ok(id)
}

/// The buyer cannot cancel by himself but has to ask.
pub(crate) fn must_ask(posting: &Posting) -> bool {
    posting.delivery_type != DeliveryType::Ozon && posting.is_packed
}

/// He may ask now: there is still time, and no request of his waits.
pub(crate) fn can_ask(cabinet: &CabinetState, posting: &Posting) -> bool {
    is_askable(posting) && open_request(cabinet, &posting.posting_number).is_none()
}

fn open_request(cabinet: &CabinetState, posting_number: &str) -> Option<i64> {
    let mut requests = cabinet.cancellation_requests.values();
    let open = requests.find(|request| {
        request.posting_number == posting_number && request.state == RequestState::OnApproval
    });
    open.map(|request| request.id)
}

/// Before packing the buyer cancels at once, and what is conditionally delivered is returned.
fn is_askable(posting: &Posting) -> bool {
    posting.is_packed && !posting.status.is_final() && posting.substatus != "posting_conditionally_delivered"
}

/// The seller approves or rejects; an approval cancels the posting at once. Written down with the
/// seller's other changes.
pub(crate) fn decide(
    world: &mut World,
    client_id: &str,
    id: i64,
    kind: ChangeKind,
    comment: &str,
) -> Result<Result<(), Undecided>, ActError> {
    let at = world.now();
    let state = world.cabinet_mut(client_id)?;
    let Some(request) = state.cancellation_requests.get(&id).cloned() else {
        return Ok(Err(Undecided::NoRequest));
    };
    let is_over = state.get(&request.posting_number).is_none_or(|posting| posting.status.is_final());
    let is_approval = kind == ChangeKind::ApproveCancellation;
    let is_refused = request.state != RequestState::OnApproval || (is_approval && is_over);
    let value = Some(comment).filter(|comment| !comment.is_empty());
    let asked = Asked { posting_number: &request.posting_number, kind, value };
    state.changes.push(asked, at, is_refused.then_some("HAS_INCORRECT_STATUS"));
    if is_refused {
        return Ok(Err(Undecided::NotOnApproval));
    }
    if is_approval {
        world.act(client_id, &request.posting_number, &cancel(&request), at)?;
    }
    let state = world.cabinet_mut(client_id)?;
    if let Some(request) = state.cancellation_requests.get_mut(&id) {
        request.decide(if is_approval { RequestState::Approved } else { RequestState::Rejected }, at);
        comment.clone_into(&mut request.comment);
    }
    Ok(Ok(()))
}

/// The time for an answer is over. What has reached the buyer meanwhile stays with him.
pub(crate) fn lapse(world: &mut World, client_id: &str, id: i64, at: DateTime<Utc>) -> Result<(), ActError> {
    let state = world.cabinet_mut(client_id)?;
    let open = |request: &&CancellationRequest| request.state == RequestState::OnApproval;
    let Some(request) = state.cancellation_requests.get(&id).filter(open).cloned() else {
        return Ok(());
    };
    let is_over = state.get(&request.posting_number).is_none_or(|posting| posting.status.is_final());
    if !is_over {
        world.act(client_id, &request.posting_number, &cancel(&request), at)?;
    }
    let state = world.cabinet_mut(client_id)?;
    let is_cancelled =
        state.get(&request.posting_number).is_some_and(|posting| posting.cancellation.is_some());
    if let Some(request) = state.cancellation_requests.get_mut(&id) {
        request.decide(if is_cancelled { RequestState::Approved } else { RequestState::Rejected }, at);
        request.by_silence = true;
    }
    Ok(())
}

fn cancel(request: &CancellationRequest) -> Act {
    Act::Cancel { by: Canceller::Customer, reason_id: Some(REASON_ID), reason: Some(request.reason.clone()) }
}
