//! A shop with its desk and a simulated cabinet; one clock serves both. Asserts nothing about what was loaded.

use std::time::Duration;

use domain::by_hand::Act;
use domain::history::{Actor, HistoryEntry};
use domain::{CabinetId, Order, PostingNumber, StatusId};
use ozon_api::{ClientOptions, Limits, RetryPolicy};
use ozon_sim::{CabinetSettings, Handle, PostingDraft, Running, Simulator};
use serde_json::Value;
use storage::cabinets::{Cabinet, NewCabinet};
use storage::postings::StoredPosting;
use storage::runs::{Cause, Run};
use storage::{PageAsk, Store};
use sync::{Clock, Config, Desk, LoadError, LoadOptions, Report};

pub const CLIENT: &str = "100500";
pub const KEY: &str = "simulated-key";

pub struct Shop {
    pub desk: Desk,
    pub store: Store,
    pub ozon: Handle,
    pub cabinet: CabinetId,
    /// Stops when it goes; a shop beside another one has none of its own.
    pub simulator: Option<Running>,
}

/// Repeats quickly and gives up soon.
pub fn config() -> Config {
    Config {
        lease: Duration::from_secs(20),
        client: ClientOptions {
            limits: Limits::unlimited(),
            retry: RetryPolicy {
                attempts: 3,
                base: Duration::from_millis(5),
                max: Duration::from_millis(20),
                total: Duration::from_secs(30),
            },
            ..ClientOptions::default()
        },
        public_url: Some("https://shop.example".parse().expect("a literal address")),
    }
}

pub fn clock_of(ozon: &Handle) -> Clock {
    let ozon = ozon.clone();
    Clock::of(move || ozon.now())
}

impl Shop {
    /// A shop with one cabinet, empty as yet.
    pub async fn open(store: Store) -> Self {
        Self::with(store, config()).await
    }

    pub async fn with(store: Store, config: Config) -> Self {
        let simulator = Simulator::start(ozon_sim::Config::default()).await.unwrap();
        let ozon = simulator.handle().clone();
        ozon.lift_limits();
        ozon.add_cabinet(CabinetSettings::new(CLIENT, KEY));
        let desk = Desk::new(store.clone(), config, clock_of(&ozon));
        let cabinet = add_cabinet(&desk, "Кабинет", CLIENT, &simulator.base_url()).await;
        Self { desk, store, ozon, cabinet, simulator: Some(simulator) }
    }

    /// Another shop that loads the same cabinet of Ozon.
    pub async fn beside(&self, store: Store) -> Self {
        let desk = Desk::new(store.clone(), config(), clock_of(&self.ozon));
        let cabinet = add_cabinet(&desk, "Кабинет", CLIENT, &self.cabinet().await.api_url).await;
        Self { desk, store, ozon: self.ozon.clone(), cabinet, simulator: None }
    }

    /// Loads, a moment after whatever happened last: requests name milliseconds, so a change within the very one in
    /// which a load begins is the next load's.
    pub async fn try_load(&self) -> Result<Report, LoadError> {
        self.ozon.advance_clock(chrono::TimeDelta::milliseconds(2));
        self.desk.load(self.cabinet, Cause::Command, LoadOptions::default()).await
    }

    pub async fn load(&self) -> Report {
        self.try_load().await.unwrap()
    }

    pub async fn cabinet(&self) -> Cabinet {
        self.store.cabinet(self.cabinet).await.unwrap()
    }

    pub async fn last_run(&self) -> Run {
        self.store.last_run(self.cabinet).await.unwrap().unwrap()
    }

    /// Changes settings as a person would.
    pub async fn set(&self, patch: Value) {
        self.store.apply_settings(self.cabinet, &patch, "tester", self.desk.now()).await.unwrap();
    }

    /// A new posting at Ozon; its number.
    pub fn add(&self, draft: &PostingDraft) -> String {
        self.ozon.add_posting(CLIENT, draft).unwrap()
    }

    pub async fn find_order(&self, number: &str) -> Option<Order> {
        let number = PostingNumber::new(number).unwrap();
        self.store.order_of_posting(self.cabinet, &number).await.unwrap()
    }

    pub async fn order(&self, number: &str) -> Order {
        self.find_order(number).await.unwrap_or_else(|| panic!("{number} has no order"))
    }

    pub async fn posting(&self, number: &str) -> StoredPosting {
        let mut found = self.store.postings_numbered(number).await.unwrap();
        found.retain(|posting| posting.cabinet_id == self.cabinet);
        assert_eq!(found.len(), 1, "{number} is stored once");
        found.remove(0)
    }

    pub async fn history(&self, order: &Order) -> Vec<HistoryEntry> {
        self.store.history(order.id, &PageAsk::first(200)).await.unwrap().items
    }

    /// The shop's status of that name.
    pub async fn status(&self, name: &str) -> StatusId {
        let all = self.store.statuses().await.unwrap();
        all.into_iter().find(|status| status.name == name).unwrap_or_else(|| panic!("no status {name}")).id
    }

    /// The name of the status that an order is in.
    pub async fn status_of(&self, number: &str) -> String {
        let id = self.order(number).await.status_id;
        self.store.statuses().await.unwrap().into_iter().find(|status| status.id == id).unwrap().name
    }

    /// A person does something to an order.
    pub async fn act(&self, number: &str, act: Act) -> Order {
        let actor = Actor::Token { name: "tester".to_owned() };
        let id = self.order(number).await.id;
        self.store.act_on_order(id, act, &actor, self.desk.now()).await.unwrap()
    }
}

pub async fn add_cabinet(desk: &Desk, name: &str, client_id: &str, api_url: &str) -> CabinetId {
    let new = NewCabinet {
        name: name.to_owned(),
        client_id: client_id.to_owned(),
        api_key: KEY.into(),
        api_url: api_url.to_owned(),
    };
    desk.store().add_cabinet(new, desk.now(), "tester").await.unwrap().id
}
