//! What acts by itself: loads of orders by schedule and on demand, and the checks of keys.
//!
//! A [`Desk`] is the shop's side of the conversation with Ozon. It reads through `ozon-api`, turns each answer into the
//! domain's words (`normalise`), and hands it to the store, which decides and writes in one transaction a page.

mod check;
mod clock;
mod desk;
mod error;
mod keeper;
mod load;
mod normalise;
mod reapply;
mod rehearsal;
mod scheduler;
mod tally;

pub use check::Checked;
pub use clock::Clock;
pub use desk::{Config, Desk};
pub use error::LoadError;
pub use load::{LoadOptions, Report};
pub use rehearsal::{Rehearsal, Rehearsed};
