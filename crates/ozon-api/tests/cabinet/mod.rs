//! A simulated cabinet and a client of it.

use std::time::Duration;

use chrono::TimeDelta;
use ozon_api::methods::ListPostings;
use ozon_api::{Client, ClientOptions, Credentials, Error, Limits, ListedPosting, RetryPolicy};
use ozon_sim::{CabinetSettings, Config, Handle, Running, Simulator};

pub const CLIENT: &str = "100500";
pub const KEY: &str = "simulated-key";

pub async fn cabinet() -> Running {
    let simulator = Simulator::start(Config::default()).await.expect("a free port");
    simulator.handle().lift_limits();
    simulator.handle().add_cabinet(CabinetSettings::new(CLIENT, KEY));
    simulator
}

pub fn client_with(simulator: &Running, key: &str, change: impl FnOnce(&mut ClientOptions)) -> Client {
    let mut options = ClientOptions {
        base_url: simulator.base_url(),
        limits: Limits::unlimited(),
        retry: RetryPolicy {
            attempts: 3,
            base: Duration::from_millis(5),
            max: Duration::from_millis(20),
            total: Duration::from_secs(20),
        },
        request_timeout: Duration::from_secs(10),
        ..ClientOptions::default()
    };
    change(&mut options);
    let credentials = Credentials { client_id: CLIENT.to_owned(), api_key: key.into() };
    Client::new(&credentials, options).expect("the options are right")
}

pub fn client(simulator: &Running) -> Client {
    client_with(simulator, KEY, |_| {})
}

pub fn last_year(handle: &Handle) -> ListPostings {
    let now = handle.now();
    ListPostings::of_period(now - TimeDelta::days(364), now)
}

pub async fn load(client: &Client, request: ListPostings) -> Result<Vec<ListedPosting>, Error> {
    let mut pages = client.pages(request);
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        all.extend(page?.value.items);
    }
    Ok(all)
}
