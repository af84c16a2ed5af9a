//! What is true in the shop: types, settings and decisions.
//!
//! This room has no input or output, no async and no clock of its own: everything it needs to know is handed to it, and
//! what it decides is handed back as values. `intake` decides about a posting that Ozon showed us, `by_hand` about what
//! a person does to an order, `reapply` about an order whose settings changed; each gives back the order as it should be
//! and the history that explains it. `push` knows what may be told to Ozon, and when; `reconcile`
//! tells what is not as Ozon has it; `picking` what is to be taken from the shelves, `erasure` what of it is personal and when
//! that goes.

pub mod by_hand;
pub mod customer;
pub mod discussion;
pub mod erasure;
pub mod flag;
pub mod history;
pub mod ids;
pub mod intake;
pub mod money;
pub mod number_template;
pub mod order;
pub mod ozon_status;
pub mod picking;
pub mod posting;
pub mod push;
pub mod reapply;
pub mod reconcile;
pub mod schedule;
pub mod search;
pub mod settings;
pub mod skip;
pub mod warehouse_rules;

pub use flag::Flag;
pub use history::{Actor, Field, HistoryEntry, Reason};
pub use ids::{
    CabinetId, CustomerId, DeliveryMethodId, OrderId, PaymentMethodId, PostingNumber, RunId, SourceId,
    StatusId, UserId,
};
pub use money::{Currency, Money};
pub use order::{Order, OrderLine};
pub use ozon_status::OzonStatus;
pub use posting::{Posting, Scheme};
pub use settings::Settings;
pub use skip::SkipReason;
pub use warehouse_rules::WarehouseRules;
