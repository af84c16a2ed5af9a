//! The clock of an Ozon simulator, so that a trial can let months go by in minutes. No build that people are given has it:
//! it takes the feature `simulated-clock`, and without its variable the program goes by the machine's clock all the same.

use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use sync::Clock;

use crate::failure::Failure;

/// The variable with the simulator's address of its clock: `http://…/_sim/clock`.
const ADDRESS: &str = "VYGRUZKA_CLOCK_URL";
/// How often the simulator is asked, in real time.
const EVERY: Duration = Duration::from_millis(25);
/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the simulator said last.
static TOLD: OnceLock<RwLock<Told>> = OnceLock::new();

#[derive(Clone, Copy)]
struct Told {
    at: DateTime<Utc>,
    frozen: bool,
    heard: Instant,
}

impl Told {
    /// The time by it now: between two answers the real clock goes on for it.
    fn now(self) -> DateTime<Utc> {
        let since = if self.frozen { Duration::ZERO } else { self.heard.elapsed() };
        self.at + TimeDelta::from_std(since).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Answer {
    now: DateTime<Utc>,
    frozen: bool,
}

/// The simulator's clock where one is followed, else the machine's.
pub fn clock() -> Clock {
    let Some(told) = TOLD.get() else { return Clock::system() };
    Clock::of(|| read(told).now())
}

/// Begins to follow the simulator that the variable names, if it names one.
pub async fn follow() -> Result<(), Failure> {
    let Ok(address) = std::env::var(ADDRESS) else { return Ok(()) };
    let failed = |what: String| Failure::Failed(format!("the clock at {ADDRESS} cannot be read: {what}"));
    // The program chooses its provider once; a second choice is refused, and that is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
    let client = client.map_err(|error| failed(error.to_string()))?;
    let first = ask(&client, &address).await.map_err(failed)?;
    let told = TOLD.get_or_init(|| RwLock::new(first));
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            // One answer that does not come is made up for by the next.
            if let Ok(mut next) = ask(&client, &address).await {
                let mut told = told.write().unwrap_or_else(PoisonError::into_inner);
                // An answer that was long on its way must not turn the clock back.
                next.at = next.at.max(told.now());
                *told = next;
            }
        }
    });
    Ok(())
}

fn read(told: &RwLock<Told>) -> Told {
    *told.read().unwrap_or_else(PoisonError::into_inner)
}

async fn ask(client: &reqwest::Client, address: &str) -> Result<Told, String> {
    let answer = client.get(address).send().await.map_err(|error| error.to_string())?;
    let body = answer.bytes().await.map_err(|error| error.to_string())?;
    let heard = Instant::now();
    let Answer { now, frozen } = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    Ok(Told { at: now, frozen, heard })
}
