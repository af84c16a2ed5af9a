//! A line of an order's history as REST shows it: the names for machines, and the reason in an English sentence.

use domain::ozon_status::Stage;
use domain::{Actor, Field, HistoryEntry, Reason};
use serde::Serialize;
use utoipa::ToSchema;

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
    /// Before; a status of the shop by its id. Null also where it names a person and the token may not see persons.
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
        let hidden = !persons && matches!(entry.field, Field::Customer | Field::Recipient);
        let (reason, reason_text) = why(&entry.reason);
        Self {
            at: Time(entry.at),
            ozon_at: Time::of(entry.ozon_at),
            actor: match entry.actor {
                Actor::Ozon => "ozon".to_owned(),
                Actor::Rule => "rule".to_owned(),
                Actor::Command => "command".to_owned(),
                Actor::User { name, .. } => format!("user:{name}"),
                Actor::Token { name } => format!("token:{name}"),
            },
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
        Reason::SettingsChanged { key } => (
            "settings_changed",
            format!("The setting {key} changed, and the change was applied to the orders that there were."),
        ),
        Reason::PersonsValueStands => (
            "persons_value_stands",
            says("Ozon says otherwise than a person did; the person's value stands."),
        ),
    }
}
