//! What is told to Ozon about an order (settings rows 15 and 16), and whether it may be told now. Sends nothing.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::StatusId;
use crate::ozon_status::OzonStatus;
use crate::posting::Posting;
use crate::settings::Settings;

/// A step of the seller's own delivery, in the order in which a posting takes them (API.md, section 4).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    /// "Доставляется".
    Delivering,
    /// "Последняя миля".
    LastMile,
    /// "Доставлено"; Ozon then shows "conditionally delivered" until the customer confirms.
    Delivered,
}

impl Step {
    /// All steps, the first one first.
    pub const ALL: [Self; 3] = [Self::Delivering, Self::LastMile, Self::Delivered];

    /// The action that Ozon must offer for it.
    fn action(self) -> &'static str {
        match self {
            Self::Delivering => "non_int_delivering",
            Self::LastMile => "non_int_last_mile",
            Self::Delivered => "non_int_delivered",
        }
    }

    /// The settings key of row 15 that asks for it.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Delivering => "seller_delivery.delivering",
            Self::LastMile => "seller_delivery.last_mile",
            Self::Delivered => "seller_delivery.delivered",
        }
    }

    /// How far a posting has come on the way of the seller's own delivery; `None` before it or off it.
    pub fn reached(status: &OzonStatus, substatus: Option<&str>) -> Option<Self> {
        match (status, substatus) {
            (OzonStatus::Delivered, _)
            | (OzonStatus::Delivering, Some("posting_conditionally_delivered")) => Some(Self::Delivered),
            (OzonStatus::Delivering, Some("posting_in_courier_service")) => Some(Self::LastMile),
            (OzonStatus::Delivering, Some("posting_returned_to_warehouse")) => None,
            (OzonStatus::Delivering | OzonStatus::SentBySeller, _) => Some(Self::Delivering),
            _ => None,
        }
    }

    /// The step that entering this status of the shop asks for; the farthest where one status stands for several.
    pub fn asked_by(settings: &Settings, status: StatusId) -> Option<Self> {
        let rows = &settings.seller_delivery;
        let row = |step: &Self| match step {
            Self::Delivering => rows.delivering,
            Self::LastMile => rows.last_mile,
            Self::Delivered => rows.delivered,
        };
        Self::ALL.into_iter().rev().find(|step| row(step) == Some(status))
    }
}

/// One thing to tell Ozon about a posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Push {
    /// The track number (settings row 16).
    TrackNumber {
        /// The number as the shop has it.
        value: String,
    },
    /// The posting is to reach this step; the ones before it that are missing are sent first (settings row 15).
    Move {
        /// The step.
        goal: Step,
    },
    /// The answer to a customer's request of cancellation (realFBS).
    CancellationRequest {
        /// Ozon's id of the request.
        id: i64,
        /// Approved, or rejected.
        approve: bool,
        /// What the customer is told.
        comment: String,
    },
}

impl Push {
    /// The place in the order in which pushes of one posting are sent.
    pub fn rank(&self) -> i32 {
        match self {
            Self::CancellationRequest { .. } => 0,
            Self::TrackNumber { .. } => 1,
            Self::Move { goal: Step::Delivering } => 2,
            Self::Move { goal: Step::LastMile } => 3,
            Self::Move { goal: Step::Delivered } => 4,
        }
    }

    /// A stable word for lists and filters.
    pub fn word(&self) -> &'static str {
        match self {
            Self::TrackNumber { .. } => "track_number",
            Self::Move { goal } => goal.into(),
            Self::CancellationRequest { .. } => "cancellation_request",
        }
    }

    /// The settings key that causes such pushes, where one does.
    pub fn setting(&self) -> Option<&'static str> {
        match self {
            Self::TrackNumber { .. } => Some("send_track_numbers"),
            Self::Move { goal } => Some(goal.setting()),
            Self::CancellationRequest { .. } => None,
        }
    }
}

/// Why Ozon is not told.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NotTold {
    /// Ozon's own logistics or its partner delivers and moves the posting.
    DeliveredByOzon,
    /// A delivery service reports the statuses by the track number.
    DeliveredByService,
    /// The posting is not packed yet; Ozon offers the action only afterwards.
    NotPackedYet,
    /// The posting is cancelled.
    Cancelled,
    /// The posting is delivered already.
    AlreadyDelivered,
    /// Ozon does not offer the action for this posting now.
    NotOffered,
    /// Ozon does not know the posting.
    NotFound,
    /// Ozon refused it, in words of its own.
    RefusedByOzon,
    /// Ozon took it again and again without doing it, or did not answer for too long.
    NotConfirmed,
    /// The key has no role for it.
    NoRole,
    /// Nothing in the shop is left to tell it about.
    NothingToTell,
    /// The request was decided already.
    AlreadyDecided,
}

/// One call that brings a push on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Set the track number.
    SetTrackNumber(String),
    /// Move the posting by one step.
    Move(Step),
    /// Answer a request of cancellation.
    DecideCancellation {
        /// Ozon's id of the request.
        id: i64,
        /// Approved, or rejected.
        approve: bool,
        /// What the customer is told.
        comment: String,
    },
}

impl Call {
    /// A stable word, by which one call is told from another.
    pub fn word(&self) -> &'static str {
        match self {
            Self::SetTrackNumber(_) => "track_number",
            Self::Move(step) => step.into(),
            Self::DecideCancellation { .. } => "cancellation_request",
        }
    }
}

/// What is to be done about a push, as the posting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The posting shows it: nothing is left to send.
    Done,
    /// Call Ozon.
    Send(Call),
    /// Ozon will offer it later: wait until the posting has changed.
    Hold(NotTold),
    /// It cannot be told.
    Refuse(NotTold),
}

/// What brings a push on, as the posting stands. Only what Ozon offers (`available_actions`) is sent.
pub fn next(push: &Push, posting: &Posting) -> Next {
    let told = posting.details.tracking_number.as_deref();
    match push {
        Push::TrackNumber { value } if told == Some(value) => Next::Done,
        Push::Move { goal }
            if Step::reached(&posting.status, posting.substatus.as_deref()) >= Some(*goal) =>
        {
            Next::Done
        }
        _ if posting.status.is_final_cancellation() => Next::Refuse(NotTold::Cancelled),
        Push::TrackNumber { value } if offers(posting, "set_track_number") => {
            Next::Send(Call::SetTrackNumber(value.clone()))
        }
        Push::TrackNumber { .. } => not_offered(posting),
        Push::Move { goal } => {
            let reached = Step::reached(&posting.status, posting.substatus.as_deref());
            let missing = Step::ALL.into_iter().filter(|step| Some(*step) > reached && step <= goal);
            match missing.into_iter().find(|step| offers(posting, step.action())) {
                Some(step) => Next::Send(Call::Move(step)),
                None => not_offered(posting),
            }
        }
        Push::CancellationRequest { id, approve, comment } => {
            Next::Send(Call::DecideCancellation { id: *id, approve: *approve, comment: comment.clone() })
        }
    }
}

/// Where no answer has told the actions yet, Ozon itself is left to refuse.
fn offers(posting: &Posting, action: &str) -> bool {
    posting.details.available_actions.as_ref().is_none_or(|all| all.iter().any(|a| a == action))
}

fn not_offered(posting: &Posting) -> Next {
    let flow = posting.details.integration_type_flow.as_deref().unwrap_or_default();
    let kind = posting.details.tpl_integration_type.as_deref().unwrap_or_default();
    let by_seller = kind == "non_integrated" || flow.ends_with("non_integrated");
    let by_service = kind == "3pl_tracking" || flow.ends_with("3pl_tracking");
    if posting.status == OzonStatus::Delivered {
        return Next::Refuse(NotTold::AlreadyDelivered);
    }
    let before_packing = posting.status.is_initial() || posting.status == OzonStatus::AwaitingRegistration;
    match (by_seller || by_service, before_packing) {
        (true, true) => Next::Hold(NotTold::NotPackedYet),
        (true, false) if by_service => Next::Refuse(NotTold::DeliveredByService),
        (false, _) if matches!(kind, "ozon" | "aggregator") => Next::Refuse(NotTold::DeliveredByOzon),
        (true, false) | (false, _) => Next::Refuse(NotTold::NotOffered),
    }
}

/// The pause before a push or a letter is tried again, after so many failed tries.
pub fn pause(tries: u32) -> Duration {
    const SECONDS: [i64; 8] = [2, 5, 15, 60, 120, 240, 480, 900];
    let at = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX).min(SECONDS.len() - 1);
    Duration::seconds(SECONDS[at])
}

/// Whether a push or a letter has been tried so often that it is left to a person: for three days by its pauses. Tries are
/// counted and not the time since it was made, for it may have waited long before it could be tried at all: until the
/// posting was packed, or while the server was off.
pub fn is_given_up(tries: u32) -> bool {
    // A quarter of an hour of growing pauses, then four tries an hour.
    const TRIES: u32 = 7 + 3 * 24 * 4;
    tries > TRIES
}

/// When after a call the posting is read, until it shows the change: Ozon takes changes first and makes them later.
pub fn look_after(reads: u32) -> Option<Duration> {
    const SECONDS: [i64; 5] = [1, 3, 5, 10, 30];
    SECONDS.get(usize::try_from(reads).ok()?).map(|seconds| Duration::seconds(*seconds))
}

/// What has been told to Ozon of an order, as far as it matters when Ozon's answer comes back (settings row 12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// A move waits or is on its way.
    pub waits: bool,
    /// The farthest step that was sent.
    pub sent: Option<Step>,
}

impl Told {
    /// Whether the posting stands where our own push has brought it, so that the map must not act.
    pub fn is_echo(&self, status: &OzonStatus, substatus: Option<&str>) -> bool {
        *status != OzonStatus::Delivered
            && Step::reached(status, substatus).is_some_and(|reached| Some(reached) <= self.sent)
    }
}
