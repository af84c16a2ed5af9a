//! A seller's Ozon cabinet in memory, speaking the Seller API over HTTP.
//!
//! Its own model, no type shared with the client of that API, so that one mistake cannot hide in
//! both. Tests start it on a free port and drive it through [`Handle`]; other processes drive it
//! through the control interface under `/_sim`.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use ozon_sim::{CabinetSettings, Config, GeneratorOptions, Simulator};
//!
//! let simulator = Simulator::start(Config::default()).await?;
//! simulator.handle().add_cabinet(CabinetSettings::new("100500", "key"));
//! simulator.handle().generate("100500", 200, &GeneratorOptions::seeded(1))?;
//! println!("{}", simulator.base_url());
//! simulator.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! The seller changes his postings by the methods of the API: a move is answered at once and seen
//! after [`Behaviour::change_delay_millis`]. [`Handle::changes`] and [`Handle::refused_changes`]
//! say what was taken and what was not; [`Fault`] loses answers of changes that were taken.
//! Buyers ask to cancel what is packed by [`Handle::request_cancellation`].
//!
//! Push messages go to the URLs that a cabinet has registered, in the background while a server
//! runs, and are tried again on the virtual clock; [`Handle::pushes`] is their journal. Nothing
//! but the loopback is called unless [`PushSettings::any_address`] says so. Not simulated: the
//! pause of all messages to a URL that fails for long, its nightly check, and pings at intervals
//! ([`Handle::ping`] sends one, [`Handle::disable_url`] switches one off).
//!
//! How to add a method of the API: its path into `api`, its request into `api::shapes`, its
//! answer into a module of its own beside `api::get`, its arm into `api::dispatch`; one that
//! changes something into the pipeline, beside `api::moves`.

mod api;
mod clock;
mod control;
mod faults;
mod generate;
mod handle;
mod life;
mod limiter;
mod log;
mod model;
mod outgoing;
mod pipeline;
mod push;
mod refusal;
mod scenario;
mod server;
mod spoiling;
mod wire;

pub use api::{
    CANCELLATION_APPROVE, CANCELLATION_LIST, CANCELLATION_REJECT, DELIVERED, DELIVERING,
    DELIVERY_METHOD_LIST, LAST_MILE, METHODS, NOTIFICATION_CHECK, NOTIFICATION_DELETE, NOTIFICATION_ENABLE,
    NOTIFICATION_LIST, NOTIFICATION_SET, NOTIFICATION_UPDATE, POSTING_GET, POSTING_LIST, PUSH_TYPE_LIST,
    ROLES, SELLER_INFO, TRACKING_NUMBER_SET, UNFULFILLED_LIST, WAREHOUSE_LIST,
};
pub use clock::ClockSettings;
pub use faults::{Fault, FaultPlan, PendingFault};
pub use generate::draft::{LineDraft, PostingDraft};
pub use generate::options::{EqualAtBorders, GeneratorOptions};
pub use handle::Handle;
pub use life::LifeSettings;
pub use limiter::Limits;
pub use log::{LogSettings, LoggedRequest};
pub use model::cabinet::{CabinetSettings, DeliveryMethod, Role, Warehouse};
pub use model::cancelling::{CancellationRequest, RequestState};
pub use model::change::{AcceptedChange, ChangeKind, RefusedChange};
pub use model::machine::{Act, ActError, Piece};
pub use model::posting::{Cancellation, Canceller, HistoryEntry, LegalEntity, Override};
pub use model::truth::{BuyerTruth, LineTruth, PostingTruth};
pub use model::vocabulary::{DeliveryType, Flow, Status};
pub use push::journal::{Push, PushState, PushTry};
pub use push::sender::PushSettings;
pub use push::urls::{Availability, DisableReason, NotificationUrl};
pub use push::verdict::PushFault;
pub use scenario::{ActOn, Batch, Scenario, ScenarioCabinet, ScenarioError, ScenarioEvent};
pub use server::{Behaviour, Config, Running, Simulator};
