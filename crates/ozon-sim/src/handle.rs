//! Owns the simulator's state behind its locks, and all that a test may ask or do.
//! Does not speak HTTP.

mod cancellations;
mod changes;
mod pushes;
mod requests;
mod scenarios;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio::sync::Notify;

use crate::api::request::With;
use crate::api::view_v4;
use crate::clock::VirtualClock;
use crate::faults::FaultQueue;
use crate::generate::draft::PostingDraft;
use crate::generate::options::GeneratorOptions;
use crate::life::{self, LifeSettings};
use crate::limiter::{Limiter, Limits, Verdict};
use crate::log::RequestLog;
use crate::model::cabinet::{CabinetSettings, Role};
use crate::model::machine::{Act, ActError, Piece};
use crate::model::posting::{Canceller, Override};
use crate::model::truth::PostingTruth;
use crate::model::vocabulary::Status;
use crate::model::world::{Due, World};
use crate::push::sender::PushSettings;
use crate::server::{Behaviour, Config};

/// The simulated cabinets. Clones share one state; it outlives the server.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

struct Shared {
    world: Mutex<World>,
    limiter: Mutex<Limiter>,
    faults: Mutex<FaultQueue>,
    log: Mutex<RequestLog>,
    behaviour: Mutex<Behaviour>,
    pushes: PushSettings,
    push_client: OnceLock<Option<reqwest::Client>>,
    url_registered: Notify,
}

/// A panic elsewhere does not make the state unusable for the other tests' assertions.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}

/// Cabinets and postings.
impl Handle {
    /// A state without cabinets.
    pub fn new(config: &Config) -> Self {
        Self {
            shared: Arc::new(Shared {
                world: Mutex::new(World::new(VirtualClock::new(config.clock))),
                limiter: Mutex::new(Limiter::new(config.limits)),
                faults: Mutex::default(),
                log: Mutex::new(RequestLog::new(config.log)),
                behaviour: Mutex::new(config.behaviour),
                pushes: config.pushes,
                push_client: OnceLock::new(),
                url_registered: Notify::new(),
            }),
        }
    }

    /// The world with everything done that is due.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = locked(&self.shared.world);
        world.settle();
        world
    }

    /// Adds a cabinet; one of the same Client-Id is replaced with all its postings.
    pub fn add_cabinet(&self, settings: CabinetSettings) {
        self.world().add_cabinet(settings);
    }

    /// Client-Ids of all cabinets.
    pub fn client_ids(&self) -> Vec<String> {
        self.world().cabinets().map(|state| state.cabinet.client_id.to_string()).collect()
    }

    /// Makes believable postings; returns their numbers in order of `in_process_at`.
    pub fn generate(
        &self,
        client_id: &str,
        count: usize,
        options: &GeneratorOptions,
    ) -> Result<Vec<String>, ActError> {
        let mut world = self.world();
        let now = world.now();
        world.generate(client_id, count, options, now)
    }

    /// Adds a posting made to measure; returns its number.
    pub fn add_posting(&self, client_id: &str, draft: &PostingDraft) -> Result<String, ActError> {
        let mut world = self.world();
        let now = world.now();
        world.add(client_id, draft, now)
    }

    /// All posting numbers in order of `in_process_at` and creation.
    pub fn posting_numbers(&self, client_id: &str) -> Vec<String> {
        let world = self.world();
        world.cabinet(client_id).map_or_else(
            |_| Vec::new(),
            |state| {
                state.by_start.values().map(|&slot| state.postings[slot].posting_number.to_string()).collect()
            },
        )
    }

    /// How many postings a cabinet has; none where there is no cabinet.
    pub fn posting_count(&self, client_id: &str) -> usize {
        self.world().cabinet(client_id).map_or(0, |state| state.postings.len())
    }

    /// What a posting is, for comparison.
    pub fn truth(&self, client_id: &str, posting_number: &str) -> Option<PostingTruth> {
        let world = self.world();
        let posting = world.cabinet(client_id).ok()?.get(posting_number)?;
        Some(PostingTruth::of(posting))
    }

    /// What all postings are, in order of `in_process_at` and creation.
    pub fn truths(&self, client_id: &str) -> Vec<PostingTruth> {
        let world = self.world();
        world.cabinet(client_id).map_or_else(
            |_| Vec::new(),
            |state| state.by_start.values().map(|&slot| PostingTruth::of(&state.postings[slot])).collect(),
        )
    }

    /// The JSON that the v4 lists show of a posting with all parts, overrides applied.
    pub fn snapshot(&self, client_id: &str, posting_number: &str) -> Option<Value> {
        let world = self.world();
        let posting = world.cabinet(client_id).ok()?.get(posting_number)?.clone();
        drop(world);
        let with = With {
            analytics_data: true,
            barcodes: true,
            financial_data: true,
            legal_info: true,
            ..With::default()
        };
        let shown = view_v4::render(&posting, with).ok()?;
        serde_json::from_str(shown.get()).ok()
    }
}

/// What happens to postings.
impl Handle {
    /// Does an act now; returns the numbers of postings that it made.
    pub fn act(&self, client_id: &str, posting_number: &str, act: &Act) -> Result<Vec<String>, ActError> {
        let mut world = self.world();
        let now = world.now();
        world.act(client_id, posting_number, act, now)
    }

    /// Does an act when the virtual clock has gone on by `after`; nothing is seen before.
    pub fn act_later(&self, client_id: &str, posting_number: &str, act: Act, after: TimeDelta) {
        let mut world = self.world();
        let at = world.now() + after;
        let posting_number = posting_number.to_owned();
        let due = Due::Act { posting_number, act };
        world.schedule(client_id, at, due);
    }

    /// One step on the usual course of its delivery type.
    pub fn advance(&self, client_id: &str, posting_number: &str) -> Result<(), ActError> {
        self.act(client_id, posting_number, &Act::Advance).map(drop)
    }

    /// Straight into a status, with its first substatus.
    pub fn set_status(&self, client_id: &str, posting_number: &str, status: Status) -> Result<(), ActError> {
        let act = Act::SetStatus { status, substatus: None };
        self.act(client_id, posting_number, &act).map(drop)
    }

    /// Cancels with the usual reason of the canceller.
    pub fn cancel(&self, client_id: &str, posting_number: &str, by: Canceller) -> Result<(), ActError> {
        let act = Act::Cancel { by, reason_id: None, reason: None };
        self.act(client_id, posting_number, &act).map(drop)
    }

    /// Divides without packing (two halves when `parts` is empty); returns the parts' numbers.
    pub fn split(
        &self,
        client_id: &str,
        posting_number: &str,
        parts: Vec<Vec<Piece>>,
    ) -> Result<Vec<String>, ActError> {
        self.act(client_id, posting_number, &Act::Split { parts })
    }

    /// Packs in several packages; returns the numbers of the second and further ones.
    pub fn ship_in_packages(
        &self,
        client_id: &str,
        posting_number: &str,
        packages: Vec<Vec<Piece>>,
    ) -> Result<Vec<String>, ActError> {
        self.act(client_id, posting_number, &Act::ShipInPackages { packages })
    }

    /// Leaves so many pieces of a line; nought removes it.
    pub fn reduce_quantity(
        &self,
        client_id: &str,
        posting_number: &str,
        sku: i64,
        quantity: u32,
    ) -> Result<(), ActError> {
        let act = Act::ReduceQuantity { sku, quantity };
        self.act(client_id, posting_number, &act).map(drop)
    }

    /// Moves the shipment date without any change of status.
    pub fn move_shipment_date(
        &self,
        client_id: &str,
        posting_number: &str,
        to: Option<DateTime<Utc>>,
    ) -> Result<(), ActError> {
        let act = Act::MoveShipmentDate { to };
        self.act(client_id, posting_number, &act).map(drop)
    }

    /// Merges a patch (RFC 7396) into the shown JSON; counts as a change of status, so that
    /// incremental readings see it.
    pub fn patch(&self, client_id: &str, posting_number: &str, patch: Value) -> Result<(), ActError> {
        let act = Act::Patch { change: Override::Merge(patch), touch: true };
        self.act(client_id, posting_number, &act).map(drop)
    }

    /// Begins a life of its own, or changes its pace.
    pub fn begin_life(&self, client_id: &str, settings: LifeSettings) -> Result<(), ActError> {
        life::begin(&mut self.world(), client_id, settings)
    }

    /// Ends it.
    pub fn end_life(&self, client_id: &str) -> Result<(), ActError> {
        life::end(&mut self.world(), client_id)
    }

    /// Texts of scheduled events that could not be done, the latest hundred.
    pub fn event_failures(&self) -> Vec<String> {
        self.world().failures().map(str::to_owned).collect()
    }

    /// How many scheduled events have not come yet.
    pub fn pending_events(&self) -> usize {
        self.world().pending()
    }
}

/// The virtual clock.
impl Handle {
    /// Virtual now.
    pub fn now(&self) -> DateTime<Utc> {
        self.world().now()
    }

    /// Moves the clock; everything that falls due happens, each at its own instant.
    pub fn advance_clock(&self, by: TimeDelta) {
        let mut world = self.world();
        world.clock.advance(by);
        world.settle();
    }

    /// Sets the clock, running or frozen as it is.
    pub fn set_clock(&self, to: DateTime<Utc>) {
        let mut world = self.world();
        world.clock.set(to);
        world.settle();
    }

    /// Stops the clock.
    pub fn freeze_clock(&self) {
        self.world().clock.freeze();
    }

    /// Lets the clock run with real time.
    pub fn run_clock(&self) {
        self.world().clock.run();
    }

    /// Whether the clock stands.
    pub fn is_clock_frozen(&self) -> bool {
        self.world().clock.is_frozen()
    }
}

/// The key and the conditions of a cabinet.
impl Handle {
    /// When the key expires; after that it is refused as deactivated.
    pub fn set_key_expiry(&self, client_id: &str, at: DateTime<Utc>) -> Result<(), ActError> {
        self.world().cabinet_mut(client_id)?.cabinet.key_expires_at = at;
        Ok(())
    }

    /// Roles of the key.
    pub fn set_roles(&self, client_id: &str, roles: Vec<Role>) -> Result<(), ActError> {
        self.world().cabinet_mut(client_id)?.cabinet.roles = roles;
        Ok(())
    }

    /// A deactivated key is refused until it is activated again.
    pub fn set_key_deactivated(&self, client_id: &str, is: bool) -> Result<(), ActError> {
        self.world().cabinet_mut(client_id)?.cabinet.key_deactivated = is;
        Ok(())
    }

    /// The key is refused from now on.
    pub fn deactivate_key(&self, client_id: &str) -> Result<(), ActError> {
        self.set_key_deactivated(client_id, true)
    }

    /// Another key; the old one is invalid.
    pub fn set_api_key(&self, client_id: &str, key: impl Into<String>) -> Result<(), ActError> {
        self.world().cabinet_mut(client_id)?.cabinet.api_key = key.into();
        Ok(())
    }

    /// New limits; what was spent is forgotten.
    pub fn set_limits(&self, limits: Limits) {
        locked(&self.shared.limiter).set(limits);
    }

    /// No limits.
    pub fn lift_limits(&self) {
        self.set_limits(Limits::lifted());
    }

    /// The limits.
    pub fn limits(&self) -> Limits {
        locked(&self.shared.limiter).limits
    }

    pub(crate) fn ask_limiter(&self, client_id: &str, method: &str) -> Verdict {
        locked(&self.shared.limiter).ask(client_id, method, Instant::now())
    }

    /// How requests are judged and answers wrapped.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        *locked(&self.shared.behaviour) = behaviour;
    }

    /// How requests are judged and answers wrapped.
    pub fn behaviour(&self) -> Behaviour {
        *locked(&self.shared.behaviour)
    }
}
