//! The desk: what the panel, REST, the commands and the scheduler ask for.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::by_hand::Act;
use domain::history::Actor;
use domain::{CabinetId, Order, OrderId, RunId, UserId};
use ozon_api::{Client, ClientOptions, Credentials};
use storage::Store;
use storage::cabinets::Cabinet;
use storage::intake::Anew;
use storage::news::NewsKind;
use storage::orders::bulk::BulkDone;
use storage::runs::Cause;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::clock::Clock;
use crate::courtesy::Courtesy;
use crate::error::LoadError;
use crate::hooks::{self, Inbox};
use crate::keeper::Keeper;
use crate::load::{self, LoadOptions, Report};
use crate::rehearsal::Rehearsals;

/// How the desk works.
#[derive(Clone, Debug)]
pub struct Config {
    /// How long a load holds its place when it does not renew it; it renews it four times as often.
    pub lease: Duration,
    /// How Ozon is called. The address is each cabinet's own.
    pub client: ClientOptions,
    /// The address at which people reach the panel, for links in letters.
    pub public_url: Option<Url>,
}

impl Default for Config {
    fn default() -> Self {
        Self { lease: Duration::from_secs(20), client: ClientOptions::default(), public_url: None }
    }
}

/// The shop's side of the conversation with Ozon; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) config: Arc<Config>,
    pub(crate) stopping: CancellationToken,
    pub(crate) tasks: TaskTracker,
    /// Something new may wait in the outbox.
    pub(crate) told: Arc<Notify>,
    /// Something new may be to be read.
    pub(crate) hinted: Arc<Notify>,
    /// Where push messages go.
    pub(crate) inbox: Inbox,
    pub(crate) rehearsals: Rehearsals,
    pub(crate) courtesy: Courtesy,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Desk({:?})", self.store)
    }
}

impl Desk {
    /// A desk over a store.
    pub fn new(store: Store, mut config: Config, clock: Clock) -> Self {
        let tell = clock.clone();
        config.client.clock = Arc::new(move || tell.now());
        let (inbox, came) = hooks::inbox();
        // Ends when the last clone of the desk has gone.
        tokio::spawn(hooks::write(store.clone(), came));
        Self {
            store,
            clock,
            config: Arc::new(config),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            told: Arc::default(),
            hinted: Arc::default(),
            inbox,
            rehearsals: Rehearsals::default(),
            courtesy: Courtesy::default(),
        }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// A person or a program asks for something and waits: loads that go meanwhile give way.
    pub fn somebody_asks(&self) {
        self.courtesy.asked();
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Loads a cabinet and waits for the end.
    ///
    /// # Errors
    /// Whatever stopped it; the run keeps it too.
    pub async fn load(
        &self,
        cabinet: CabinetId,
        cause: Cause,
        options: LoadOptions,
    ) -> Result<Report, LoadError> {
        if options.dry_run {
            return load::rehearse(self, self.loadable(cabinet).await?).await;
        }
        let (cabinet, keeper, run) = self.begin(cabinet, cause).await?;
        load::run(self, cabinet, keeper, run).await
    }

    /// Begins a load and leaves it to itself; its run tells how it goes.
    ///
    /// # Errors
    /// When it cannot begin, as when another one is going.
    pub async fn start_load(&self, cabinet: CabinetId, cause: Cause) -> Result<RunId, LoadError> {
        let (cabinet, keeper, run) = self.begin(cabinet, cause).await?;
        let desk = self.clone();
        self.tasks.spawn(async move {
            // The run keeps the error, and the run is what people look at.
            if let Err(error) = load::run(&desk, cabinet, keeper, run).await {
                tracing::warn!(run = run.0, code = error.code(), "load did not come to its end: {error}");
            }
        });
        Ok(run)
    }

    /// Makes an order of a stored posting because someone asked for it; the one it has, if it has one.
    ///
    /// # Errors
    /// When the posting does not exist or could never be read.
    pub async fn create_order(&self, posting_row: i64, actor: &Actor) -> storage::Result<OrderId> {
        self.store.create_order(posting_row, actor, self.now()).await
    }

    /// What a person or program does to an order; what Ozon is to be told of it goes out at once.
    ///
    /// # Errors
    /// When the order, or the status it should move to, does not exist.
    pub async fn act_on_order(&self, id: OrderId, act: Act, actor: &Actor) -> storage::Result<Order> {
        let order = self.store.act_on_order(id, act, actor, self.now()).await?;
        self.told_something();
        Ok(order)
    }

    /// The same to several orders at once; what Ozon is to be told goes out after it.
    ///
    /// # Errors
    /// As [`storage::Store::act_on_orders`].
    pub async fn act_on_orders(
        &self,
        ids: &[OrderId],
        act: &Act,
        user: UserId,
        actor: &Actor,
    ) -> storage::Result<BulkDone> {
        let done = self.store.act_on_orders(ids, act, user, actor, self.now()).await?;
        self.told_something();
        Ok(done)
    }

    /// Makes orders of the stored postings that the settings of today let in; with `dry_run` only counts them.
    ///
    /// # Errors
    /// When the store does not do it; asking again does the rest.
    pub async fn decide_anew(
        &self,
        cabinet: CabinetId,
        actor: &Actor,
        dry_run: bool,
    ) -> storage::Result<Anew> {
        let anew = self.store.decide_anew(cabinet, actor, self.now(), dry_run).await?;
        if !dry_run {
            self.tell(cabinet, &[NewsKind::BackFilled]).await;
        }
        Ok(anew)
    }

    /// Tells what is going to stop between two pages; [`Self::stop`] waits for it.
    pub fn begin_to_stop(&self) {
        self.stopping.cancel();
    }

    /// Ends once the desk was told to stop.
    pub fn stopping(&self) -> impl Future<Output = ()> + Send + use<> {
        self.stopping.clone().cancelled_owned()
    }

    /// Stops what is going between two pages, and waits for it.
    pub async fn stop(&self) {
        self.begin_to_stop();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(crate) async fn loadable(&self, id: CabinetId) -> Result<Cabinet, LoadError> {
        let cabinet = self.store.cabinet(id).await?;
        if cabinet.disabled_at.is_some() { Err(LoadError::Disabled) } else { Ok(cabinet) }
    }

    async fn begin(&self, id: CabinetId, cause: Cause) -> Result<(Cabinet, Keeper, RunId), LoadError> {
        self.loadable(id).await?;
        let keeper = Keeper::take(self, &load::lease_name(id)).await?;
        // Read again under the lease: another instance may just have loaded, or the key may be new.
        let begun = async {
            let cabinet = self.loadable(id).await?;
            if cause == Cause::Schedule && !self.is_due(&cabinet).await? {
                return Err(LoadError::NotDue);
            }
            let run = self.store.begin_run(id, cause, self.now()).await?;
            Ok((cabinet, run))
        };
        match begun.await {
            Ok((cabinet, run)) => Ok((cabinet, keeper, run)),
            Err(error) => {
                keeper.free().await;
                Err(error)
            }
        }
    }

    /// A client with the cabinet's own address and key.
    pub(crate) async fn client(&self, cabinet: &Cabinet) -> Result<Client, LoadError> {
        let api_key = self.store.cabinet_key(cabinet.id).await?;
        let credentials = Credentials { client_id: cabinet.client_id.clone(), api_key };
        let options = ClientOptions { base_url: cabinet.api_url.clone(), ..self.config.client.clone() };
        Client::new(&credentials, options).map_err(|error| LoadError::Address(error.to_string()))
    }
}
