//! What a change of the settings would do to what is stored, as REST shows it.

use chrono::NaiveDate;
use serde::Serialize;
use storage::effect::Effect;
use utoipa::ToSchema;

/// What a change of the settings would do, if it were saved and applied to the orders and postings that are stored.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SettingsEffect)]
pub struct EffectView {
    /// The version of the settings that it was counted against.
    version: u32,
    /// Orders that would change their status.
    moved: Vec<MovedView>,
    /// Orders that would be marked as paid.
    marked_paid: u64,
    /// Orders whose barcodes would be filled in.
    barcodes_filled: u64,
    /// Orders that would be made of stored postings.
    new_orders: Vec<NewOrdersView>,
    /// Pushes to Ozon: always 0, since nothing that is applied to existing orders is told to Ozon.
    pushes: u64,
    /// Letters: 1 about the orders made, where `notify_new_orders` is on and mail is set up.
    letters: u64,
}

/// Orders that would change from one status to another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MovedOrders)]
struct MovedView {
    /// The status that they leave.
    from_status_id: i64,
    /// The status that they get.
    to_status_id: i64,
    /// How many.
    orders: u64,
}

/// Orders that would be made of the postings of one day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewOrders)]
struct NewOrdersView {
    /// The day of the shop's zone on which Ozon began to process them; null where Ozon did not tell.
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<NaiveDate>,
    /// How many.
    orders: u64,
}

impl From<Effect> for EffectView {
    fn from(effect: Effect) -> Self {
        let moved = effect.moved.into_iter().map(|((from, to), orders)| MovedView {
            from_status_id: from.0,
            to_status_id: to.0,
            orders,
        });
        let made = effect.made.orders.into_iter().map(|(day, orders)| NewOrdersView { day, orders });
        Self {
            version: effect.version,
            moved: moved.collect(),
            marked_paid: effect.paid,
            barcodes_filled: effect.barcodes,
            new_orders: made.collect(),
            pushes: effect.pushes,
            letters: effect.letters,
        }
    }
}
