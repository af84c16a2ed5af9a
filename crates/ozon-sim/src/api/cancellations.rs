//! Owns `/v2/conditional-cancellation/…`: buyers' requests as they are listed and decided. Does
//! not own the requests.

use serde_json::{Value, json};

use super::request::texts;
use super::shape::whole;
use super::{CANCELLATION_APPROVE, CANCELLATION_REJECT};
use crate::model::cancelling::{self, CancellationRequest, RequestState, Undecided};
use crate::model::change::ChangeKind;
use crate::model::state::CabinetState;
use crate::model::world::World;
use crate::refusal::Refusal;

const MOST: i64 = 500;

/// All that ask here are buyers.
const INITIATOR: &str = "CLIENT";

pub(crate) fn list(cabinet: &CabinetState, body: &Value) -> Result<Value, Refusal> {
    let limit = whole(&body["limit"]).unwrap_or(0);
    let refusal = || {
        Refusal::invalid(format!(
            "invalid GetConditionalCancellationListV2Request.Limit: value must be inside range (0, {MOST}]"
        ))
    };
    if !(1..=MOST).contains(&limit) {
        return Err(refusal());
    }
    let limit = usize::try_from(limit).map_err(|_| refusal())?;
    let after = whole(&body["last_id"]).unwrap_or(0);
    let filters = &body["filters"];
    let numbers = texts(&filters["posting_number"]);
    let initiators = texts(&filters["cancellation_initiator"]);
    let state = filters["state"].as_str().filter(|state| !state.is_empty() && *state != "ALL");
    let page: Vec<&CancellationRequest> = cabinet
        .cancellation_requests
        .values()
        .filter(|request| {
            request.id > after
                && state.is_none_or(|state| state == request.state.as_str())
                && (numbers.is_empty() || numbers.contains(&request.posting_number))
                && (initiators.is_empty() || initiators.iter().any(|word| word == INITIATOR))
        })
        .take(limit)
        .collect();
    let mut answer = json!({
        "result": page.iter().map(|request| view(cabinet, request)).collect::<Vec<_>>(),
        "last_id": page.last().map_or(after, |request| request.id),
    });
    if body["with"]["counter"].as_bool().unwrap_or(false) {
        let open = |request: &&CancellationRequest| request.state == RequestState::OnApproval;
        let count = cabinet.cancellation_requests.values().filter(open).count();
        // An int64 as a text, as in Ozon's example.
        answer["counter"] = json!(count.to_string());
    }
    Ok(answer)
}

fn view(cabinet: &CabinetState, request: &CancellationRequest) -> Value {
    let posting = cabinet.get(&request.posting_number);
    let (state_id, state_name) = match request.state {
        RequestState::OnApproval => (1, "На рассмотрении"),
        RequestState::Approved => (2, "Подтверждена"),
        RequestState::Rejected => (3, "Отклонена"),
    };
    json!({
        "cancellation_id": request.id,
        "posting_number": request.posting_number,
        "cancellation_initiator": INITIATOR,
        "cancellation_reason": {"id": cancelling::REASON_ID, "name": request.reason},
        "cancellation_reason_message": request.reason,
        "cancelled_at": request.asked_at,
        "order_date": posting.map(|posting| posting.in_process_at),
        "tpl_integration_type": posting.map_or("", |posting| posting.delivery_type.as_str()),
        "state": {"id": state_id, "name": state_name, "state": request.state.as_str()},
        "approve_comment": request.comment,
        "approve_date": request.decided_at,
        "auto_approve_date": request.auto_approve_date,
    })
}

/// `None` for a method that decides no request.
pub(crate) fn kind_of(path: &str) -> Option<ChangeKind> {
    match path {
        CANCELLATION_APPROVE => Some(ChangeKind::ApproveCancellation),
        CANCELLATION_REJECT => Some(ChangeKind::RejectCancellation),
        _ => None,
    }
}

/// Ozon documents no texts for what is refused here.
pub(crate) fn decide(
    world: &mut World,
    client_id: &str,
    kind: ChangeKind,
    body: &Value,
) -> Result<Value, Refusal> {
    let id = whole(&body["cancellation_id"]).filter(|id| *id > 0).ok_or_else(|| {
        Refusal::invalid(
            "invalid ConditionalCancellationMoveV2Request.CancellationId: value must be greater than 0",
        )
    })?;
    let comment = body["comment"].as_str().unwrap_or("");
    let decided = cancelling::decide(world, client_id, id, kind, comment).map_err(|_| Refusal::internal())?;
    match decided {
        Ok(()) => Ok(json!({})),
        Err(Undecided::NoRequest) => Err(Refusal::not_found("CANCELLATION_NOT_FOUND")),
        Err(Undecided::NotOnApproval) => Err(Refusal::precondition("HAS_INCORRECT_STATUS")),
    }
}
