//! Who listens, and the one task that looks for what is new while somebody does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::OrderId;
use serde::Serialize;
use storage::Store;
use storage::changes::{Change, Follower};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::MissedTickBehavior;

use crate::panel::pulse::Loading;
use crate::state::AppState;

/// Streams of one session: browsers open only six connections to a site, and pages need some.
const BY_SESSION: usize = 4;
/// Streams in all.
const IN_ALL: usize = 200;
/// A look for changes.
const EVERY: Duration = Duration::from_secs(1);
/// Messages that a slow listener may leave waiting.
const WAITING: usize = 64;

/// What open pages are told.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// Orders changed.
    Changed(Arc<OrdersNow>),
    /// Loading goes otherwise than before.
    Loading(Arc<Loading>),
}

/// Which orders changed.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct OrdersNow {
    /// Orders that came into being.
    created: Vec<OrderId>,
    /// Orders that were there before.
    changed: Vec<OrderId>,
    /// There was more than is told: whoever shows orders reads all of them again.
    more: bool,
    /// The last of the changes; 0 where nobody knows.
    #[serde(skip)]
    pub(super) last: i64,
}

impl OrdersNow {
    /// More than can be told; the last of them, where somebody knows it.
    pub(super) fn too_much(last: i64) -> Self {
        Self { more: true, last, ..Self::default() }
    }

    /// Each order once; one that came into being only as that.
    pub(super) fn of(changes: &[Change]) -> Self {
        let ids = |created: bool| changes.iter().filter(move |c| c.created == created).map(|c| c.order);
        let mut told = Self {
            created: ids(true).collect(),
            changed: ids(false).collect(),
            more: false,
            last: changes.iter().map(|change| change.id).max().unwrap_or(0),
        };
        told.created.sort_unstable();
        told.created.dedup();
        told.changed.retain(|id| told.created.binary_search(id).is_err());
        told.changed.sort_unstable();
        told.changed.dedup();
        told
    }
}

/// Everybody who listens; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Hub(Arc<Mutex<Seats>>);

#[derive(Default)]
struct Seats {
    /// How many streams each session has.
    by_session: HashMap<blake3::Hash, usize>,
    in_all: usize,
    /// To the task that looks, while there is one: it alone holds the sender, so that its end ends the streams too.
    watcher: Option<broadcast::WeakSender<Told>>,
}

impl Hub {
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for one more stream of a session, whose page knows of the changes up to `known`; `None` when there are too
    /// many. The first one sets the task going.
    pub(crate) fn take_seat(&self, state: &AppState, session: &str, known: i64) -> Option<Seat> {
        let session = blake3::hash(session.as_bytes());
        let mut seats = self.seats();
        let own = seats.by_session.get(&session).copied().unwrap_or(0);
        if own >= BY_SESSION || seats.in_all >= IN_ALL {
            return None;
        }
        seats.by_session.insert(session, own + 1);
        seats.in_all += 1;
        let news = if let Some(told) = seats.watcher.as_ref().and_then(broadcast::WeakSender::upgrade) {
            told.subscribe()
        } else {
            let (told, news) = broadcast::channel(WAITING);
            seats.watcher = Some(told.downgrade());
            let watcher = Watcher { hub: self.clone(), store: state.store.clone(), told, known };
            let stopping = state.desk.stopping();
            tokio::spawn(async move {
                tokio::select! {
                    () = watcher.watch() => {}
                    () = stopping => {}
                }
            });
            news
        };
        drop(seats);
        Some(Seat { hub: self.clone(), session, news })
    }
}

/// A stream's place; it is free again when the stream ends.
pub(crate) struct Seat {
    hub: Hub,
    session: blake3::Hash,
    news: broadcast::Receiver<Told>,
}

impl Seat {
    /// What is told next; `None` when nobody looks any more.
    pub(super) async fn next(&mut self) -> Option<Told> {
        match self.news.recv().await {
            Ok(told) => Some(told),
            Err(RecvError::Lagged(_)) => Some(Told::Changed(OrdersNow::too_much(0).into())),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.hub.seats();
        seats.in_all = seats.in_all.saturating_sub(1);
        if let Some(own) = seats.by_session.get_mut(&self.session) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                seats.by_session.remove(&self.session);
            }
        }
    }
}

/// The task that looks.
struct Watcher {
    hub: Hub,
    store: Store,
    told: broadcast::Sender<Told>,
    /// The change after which it begins: the first page may have missed some before it listened.
    known: i64,
}

impl Watcher {
    /// Looks once a second until nobody listens.
    async fn watch(mut self) {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut follower = None;
        let mut loading = None;
        let mut ails = false;
        loop {
            tick.tick().await;
            let Some(still) = self.unless_idle() else { return };
            self = still;
            match self.look(&mut follower, &mut loading).await {
                Ok(()) => ails = false,
                Err(error) => {
                    if !ails {
                        tracing::warn!("open pages are not told what changes: {error}");
                    }
                    ails = true;
                }
            }
        }
    }

    /// Ends the task when nobody listens; under the lock, so that whoever comes finds it or begins another.
    fn unless_idle(self) -> Option<Self> {
        let hub = self.hub.clone();
        let seats = hub.seats();
        if seats.in_all == 0 {
            drop(self);
            return None;
        }
        drop(seats);
        Some(self)
    }

    async fn look(
        &self,
        follower: &mut Option<Follower>,
        loading: &mut Option<Arc<Loading>>,
    ) -> storage::Result<()> {
        let follower = match follower {
            Some(follower) => follower,
            None => follower.insert(Follower::begin(&self.store, self.known).await?),
        };
        loop {
            let (changes, more) = follower.look(&self.store).await?;
            if !changes.is_empty() {
                self.tell(Told::Changed(OrdersNow::of(&changes).into()));
            }
            if !more {
                break;
            }
        }
        let now = Loading::read(&self.store).await?;
        if loading.as_deref() != Some(&now) {
            let now = Arc::new(now);
            self.tell(Told::Loading(Arc::clone(&now)));
            *loading = Some(now);
        }
        Ok(())
    }

    fn tell(&self, what: Told) {
        // It fails only when the last listener has just gone.
        let _ = self.told.send(what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_told_once_and_a_new_one_as_new() {
        let change = |(id, order, created)| Change { id, order: OrderId(order), created };
        let changes = [(5, 9, false), (6, 8, true), (7, 8, false), (8, 9, false), (9, 3, false)].map(change);
        let told = OrdersNow::of(&changes);
        assert_eq!(told.last, 9);
        let json = serde_json::to_string(&told).expect("plain values");
        assert_eq!(json, r#"{"created":[8],"changed":[3,9],"more":false}"#);
    }
}
