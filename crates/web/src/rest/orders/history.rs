//! A line of an order's history as REST shows it: the names for machines, and the reason in an English sentence.

use chrono::SecondsFormat;
use domain::ozon_status::Stage;
use domain::push::NotTold;
use domain::warehouse_rules::PlaceKind;
use domain::{Field, HistoryEntry, Reason};
use serde::Serialize;
use utoipa::ToSchema;

use crate::rest::caller::named;
use crate::rest::wire::Time;

/// Something that happened to an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HistoryEntry)]
pub struct Happened {
    /// Our time.
    at: Time,
    /// Ozon's time of it, where Ozon told.
    ozon_at: Option<Time>,
    /// Who: `ozon`, `rule` (by a setting), `command`, `user:` with the e-mail address, `token:` with the token's name.
    #[schema(example = "rule")]
    actor: String,
    /// What changed: `created`, `ozon_status`, `status`, `paid`, `track_number`, `lines`, `ship_by` and so on.
    #[schema(example = "status")]
    field: String,
    /// Before; a status of the shop, a manager or a method by its id. Null also where it names a person and the token may not see persons.
    old: Option<String>,
    /// After.
    new: Option<String>,
    /// Why: the key of the setting that ruled, or another code such as `ozon_changed` or `by_hand`.
    #[schema(example = "status_map")]
    reason: String,
    /// The reason in a sentence.
    reason_text: String,
}

impl Happened {
    /// The line as it is shown; names of persons only to those who may see them.
    pub fn of(entry: HistoryEntry, persons: bool) -> Self {
        let hidden =
            !persons && matches!(entry.field, Field::Customer | Field::Recipient | Field::AdminComment);
        let (reason, reason_text) = why(&entry.reason);
        Self {
            at: Time(entry.at),
            ozon_at: Time::of(entry.ozon_at),
            actor: named(entry.actor),
            field: entry.field.to_string(),
            old: entry.old.filter(|_| !hidden),
            new: entry.new.filter(|_| !hidden),
            reason: reason.to_owned(),
            reason_text,
        }
    }
}

/// The code and the sentence of a reason.
fn why(reason: &Reason) -> (&'static str, String) {
    let says = |text: &str| text.to_owned();
    match reason {
        Reason::OzonChanged => ("ozon_changed", says("Ozon's data changed.")),
        Reason::FirstSeen { ozon_status } => {
            ("first_seen", format!("First seen in Ozon's status {ozon_status}, in which orders begin."))
        }
        Reason::AlsoAwaitingDeliver { ozon_status } => (
            "also_awaiting_deliver",
            format!("First seen in Ozon's status {ozon_status}; the setting also_awaiting_deliver is on."),
        ),
        Reason::ByHand => ("by_hand", says("Somebody asked for it.")),
        Reason::Undone => ("undone", says("Somebody undid what was done to several orders.")),
        Reason::StatusMap { row } => ("status_map", format!("By the row {row} of the setting status_map.")),
        Reason::NoRowInStatusMap { row } => (
            "no_row_in_status_map",
            format!("The row {row} of the setting status_map is empty, so the status stays."),
        ),
        Reason::MarkPaidWhenDelivered => {
            ("mark_paid_when_delivered", says("Delivered, and the setting mark_paid_when_delivered is on."))
        }
        Reason::OnCancel { stage, reason, initiator } => {
            let row = match stage {
                Stage::BeforeWork => "before_work",
                Stage::InWork => "in_work",
                Stage::Shipped => "shipped",
            };
            let told: Vec<&str> = [initiator.as_deref(), reason.as_deref()].into_iter().flatten().collect();
            let told = if told.is_empty() { String::new() } else { format!(" Ozon: {}.", told.join(", ")) };
            ("on_cancel", format!("Cancelled at Ozon; by the setting on_cancel.{row}.{told}"))
        }
        Reason::StepBack => ("step_back", says("Ozon went a step back.")),
        Reason::AfterCancellation => {
            ("after_cancellation", says("Ozon shows a status after a final cancellation; nothing changes."))
        }
        Reason::LoadBarcode => ("load_barcode", says("The setting load_barcode is on.")),
        Reason::Split { part, goods } => {
            ("split", format!("The posting was split; {part} now holds {goods} (setting also_box_changes)."))
        }
        Reason::PartOf { parent } => {
            ("part_of", format!("A part of {parent}, which has an order; by the setting also_box_changes."))
        }
        Reason::OnlyNoted => ("only_noted", says("Noted only: the setting also_box_changes is off.")),
        Reason::SettingsChanged { key } => (
            "settings_changed",
            format!("The setting {key} changed, and the change was applied to the orders that there were."),
        ),
        Reason::PersonsValueStands => (
            "persons_value_stands",
            says("Ozon says otherwise than a person did; the person's value stands."),
        ),
        Reason::Told { setting, answer, trace_id } => {
            let by = by_setting(setting);
            (
                "told",
                format!(
                    "Ozon was told and shows it{by}.{}",
                    answered(answer.as_deref(), trace_id.as_deref())
                ),
            )
        }
        Reason::NotTold { setting, why, answer, trace_id } => {
            let by = by_setting(setting);
            let why = not_told(*why);
            (
                "not_told",
                format!("Ozon was not told{by}: {why}{}", answered(answer.as_deref(), trace_id.as_deref())),
            )
        }
        Reason::CancellationRequest { decide_by: Some(at) } => {
            let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            ("cancellation_request", format!("The customer asks to cancel; silence approves it at {at}."))
        }
        Reason::CancellationRequest { decide_by: None } => {
            ("cancellation_request", says("By the customer's request to cancel, or its end."))
        }
        Reason::OwnPush => ("own_push", says("Our own push brought it about; status_map does not act.")),
        Reason::WarehouseRule { of, settings } => {
            let whose = match of {
                PlaceKind::Warehouse => "warehouse",
                PlaceKind::DeliveryMethod => "delivery method",
            };
            ("warehouse_rule", format!("By the rule of the {whose}, instead of {}.", settings.join(", ")))
        }
        Reason::ErasedAfter { days } => (
            "erased_after",
            format!("By the installation's rule, {days} days after delivery or cancellation."),
        ),
        Reason::PushWaits { row } => (
            "push_waits",
            format!("Something waits to be told to Ozon, so the row {row} of status_map does not act."),
        ),
    }
}

fn by_setting(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!(" (setting {key})") }
}

/// Ozon's words and trace id, where there are any.
fn answered(answer: Option<&str>, trace_id: Option<&str>) -> String {
    let answer = answer.map(|text| format!(" Ozon: {text}.")).unwrap_or_default();
    let trace = trace_id.map(|id| format!(" Trace id {id}.")).unwrap_or_default();
    answer + &trace
}

/// Why Ozon was not told, and what to do about it.
pub fn not_told(why: NotTold) -> &'static str {
    match why {
        NotTold::DeliveredByOzon => "Ozon runs the delivery and changes the statuses itself.",
        NotTold::DeliveredByService => {
            "a delivery service reports the statuses; tell the track number instead."
        }
        NotTold::NotPackedYet => "the posting is not packed yet; it is told once it is.",
        NotTold::Cancelled => "the posting is cancelled at Ozon.",
        NotTold::AlreadyDelivered => "the posting is delivered already.",
        NotTold::NotOffered => "Ozon does not offer it for this posting now; retry once it does.",
        NotTold::NotFound => {
            "Ozon does not know the posting; check that the key and the Client-Id are of the same cabinet, then retry."
        }
        NotTold::RefusedByOzon => "Ozon refused; mend what its answer points at, then retry.",
        NotTold::NotConfirmed => {
            "Ozon took it, but the posting never showed it; look at it in Ozon's cabinet, then retry."
        }
        NotTold::NoRole => "the key has no role for it; give it one in Ozon's cabinet, then retry.",
        NotTold::NothingToTell => "the order or value that it was about is gone.",
        NotTold::AlreadyDecided => "the request is decided already.",
    }
}
