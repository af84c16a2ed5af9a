//! What acts by itself: loads of orders by schedule and on demand, what is told to Ozon, letters, and the checks of keys.
//!
//! A [`Desk`] is the shop's side of the conversation with Ozon. It reads through `ozon-api`, turns each answer into the
//! domain's words (`normalise`), and hands it to the store, which decides and writes in one transaction a page.

mod cancellations;
mod check;
mod clock;
mod courtesy;
mod desk;
mod erasing;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod hooks;
mod keeper;
mod load;
mod measure;
mod news;
mod normalise;
mod outbox;
mod periods;
mod post;
mod push_address;
mod reader;
mod reading;
mod reapply;
mod reconcile;
mod rehearsal;
mod scheduler;
mod tally;
mod warehouses;

pub use check::Checked;
pub use clock::Clock;
pub use desk::{Config, Desk};
pub use error::LoadError;
pub use hooks::PushAnswer;
pub use load::{LoadOptions, REACH, Report, open_statuses};
pub use outbox::Flushed;
pub use ozon_api::push::reply::ErrorCode as PushErrorCode;
pub use post::{TrialError, mail_server};
pub use reconcile::{Asked as ReconcileAsked, NIGHTLY};
pub use rehearsal::{Rehearsal, Rehearsed};
pub use warehouses::WarehousesRead;
