//! Owns what the seller's calls do to a posting: the track number and the moves of a delivery of
//! his own (API section 4). Does not know requests and answers.

use chrono::{DateTime, TimeDelta, Utc};

use super::actions::{Carrier, available_actions, carrier};
use super::change::{Asked, ChangeKind};
use super::machine::{Act, ActError, perform};
use super::posting::Posting;
use super::vocabulary::Status;
use super::world::{Due, World};

const NOT_FOUND: &str = "POSTING_NOT_FOUND";
const WRONG_CARRIER: &str = "HAS_INCORRECT_TPL_INTEGRATION_TYPE";
const NOT_POSSIBLE: &str = "TRANSITION_IS_NOT_POSSIBLE";
const WRONG_STATE: &str = "STATE_NOT_VALID";

impl ChangeKind {
    /// The action that opens the change; a decision on a request has none.
    fn action(self) -> Option<&'static str> {
        match self {
            Self::TrackNumber => Some("set_track_number"),
            Self::Delivering => Some("non_int_delivering"),
            Self::LastMile => Some("non_int_last_mile"),
            Self::Delivered => Some("non_int_delivered"),
            Self::ApproveCancellation | Self::RejectCancellation => None,
        }
    }

    /// The substatus of `delivering` that the move ends in; other changes move nothing.
    fn substatus(self) -> Option<&'static str> {
        match self {
            Self::TrackNumber | Self::ApproveCancellation | Self::RejectCancellation => None,
            Self::Delivering => Some("posting_transferred_to_courier_service"),
            Self::LastMile => Some("posting_in_courier_service"),
            Self::Delivered => Some("posting_conditionally_delivered"),
        }
    }
}

/// Takes or refuses one item of a call and writes it down; returns Ozon's word for a refusal.
/// A move is seen after `delay`. `demanded`: a refusal that a fault wants.
pub(crate) fn ask(
    world: &mut World,
    client_id: &str,
    asked: Asked<'_>,
    demanded: Option<String>,
    delay: TimeDelta,
) -> Result<Option<String>, ActError> {
    let at = world.now();
    let state = world.cabinet_mut(client_id)?;
    let refusal = demanded.or_else(|| {
        let judged = state.get(asked.posting_number).map(|posting| judge(posting, asked.kind));
        judged.unwrap_or(Err(NOT_FOUND)).err().map(str::to_owned)
    });
    state.changes.push(asked, at, refusal.as_deref());
    if refusal.is_some() {
        return Ok(refusal);
    }
    if let Some(number) = asked.value {
        let act = Act::SetTrackingNumber { tracking_number: number.to_owned() };
        state.edit(asked.posting_number, at, |posting| perform(posting, &act, at))?;
    } else {
        state.edit(asked.posting_number, at, |posting| {
            posting.moves_under_way.push(asked.kind);
            Ok(())
        })?;
        let posting_number = asked.posting_number.to_owned();
        world.schedule(client_id, at + delay, Due::SellerMove { posting_number, kind: asked.kind });
    }
    Ok(None)
}

fn judge(posting: &Posting, kind: ChangeKind) -> Result<(), &'static str> {
    let is_carriers = match carrier(posting) {
        Carrier::Seller => true,
        Carrier::TrackedService => kind == ChangeKind::TrackNumber,
        Carrier::Ozon | Carrier::Partner | Carrier::Post => false,
    };
    if !is_carriers {
        return Err(WRONG_CARRIER);
    }
    if kind == ChangeKind::TrackNumber {
        return if is_open(posting, kind) { Ok(()) } else { Err(WRONG_STATE) };
    }
    // What is under way already is not asked for again, nor what lies before it.
    let is_past = posting.moves_under_way.iter().any(|&under_way| under_way >= kind);
    if is_past || !is_open(posting, kind) { Err(NOT_POSSIBLE) } else { Ok(()) }
}

/// As `available_actions` says; last mile is taken straight from `awaiting_deliver` too, which
/// has been seen live.
fn is_open(posting: &Posting, kind: ChangeKind) -> bool {
    let actions = available_actions(posting);
    let has = |kind: ChangeKind| kind.action().is_some_and(|action| actions.contains(&action));
    has(kind) || (kind == ChangeKind::LastMile && has(ChangeKind::Delivering))
}

/// Nobody but the seller moves the posting on.
pub(crate) fn awaits_seller(posting: &Posting) -> bool {
    let moves = [ChangeKind::Delivering, ChangeKind::LastMile, ChangeKind::Delivered];
    carrier(posting) == Carrier::Seller && moves.into_iter().any(|kind| is_open(posting, kind))
}

/// A move comes to be seen; what was cancelled or moved on meanwhile stays where it is.
pub(crate) fn arrive(
    world: &mut World,
    client_id: &str,
    posting_number: &str,
    kind: ChangeKind,
    at: DateTime<Utc>,
) -> Result<(), ActError> {
    let state = world.cabinet_mut(client_id)?;
    state.edit(posting_number, at, |posting| {
        if let Some(index) = posting.moves_under_way.iter().position(|&under_way| under_way == kind) {
            posting.moves_under_way.remove(index);
        }
        if let Some(substatus) = kind.substatus()
            && is_open(posting, kind)
        {
            posting.enter(Status::Delivering, substatus, at, "moved by the seller");
        }
        Ok(())
    })
}
