//! `users`: people at work, each with a request a second, while a load of new postings runs in the same server.

use std::time::{Duration, Instant};

use rand::RngExt;
use storage::Role;

use crate::asked::{Asking, Kind, Side};
use crate::figures::{Times, Wanted, count, head, megabytes, row};
use crate::place::Place;
use crate::server::{Asker, Server};
use crate::simulator::{Content, Simulated};
use crate::{Failure, Outcome, fill, process};

/// What people do, of ten requests.
const WORK: [Kind; 10] = [
    Kind::First,
    Kind::First,
    Kind::List,
    Kind::List,
    Kind::List,
    Kind::Card,
    Kind::Card,
    Kind::Card,
    Kind::Number,
    Kind::Surname,
];
/// Postings a second that a load at Ozon's pace brings, and a little more.
const PACE: usize = 5_000;

/// Measures it.
pub async fn run(place: &Place, orders: u64, people: u32, seconds: u64) -> Outcome<()> {
    let base = fill::kept(place, orders).await?;
    let store = base.store().await?;
    // New ones every time, so that the load writes.
    let seed = chrono::Utc::now().timestamp().unsigned_abs();
    let postings = PACE * usize::try_from(seconds)?;
    let _simulated = Simulated::start(&Content { postings, all_open: true, days: 60, seed })?;
    let server = Server::start(&base, &place.folder).await?;
    let program = Asker::program(&store, Role::Manager).await?;
    let cabinet = store.cabinet_named(crate::simulator::CLIENT_ID).await?.id;
    program.post(&format!("/api/v1/cabinets/{cabinet}/import")).await?;
    // Everybody's work, so that the first seconds of a load are over.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut working = Vec::new();
    for at in 0..people {
        let asking = Asking::of(&store, orders, 1_000 + u64::from(at)).await?;
        let asker = Asker::person(&store, usize::try_from(at)?).await?;
        working.push(tokio::spawn(work(asker, asking, until)));
    }
    let mut times = Times::default();
    for one in working {
        times.join(one.await??);
    }
    let runs = program.get(&format!("/api/v1/cabinets/{cabinet}/runs?limit=1")).await?.0;
    let run: serde_json::Value = serde_json::from_str(&runs)?;
    let figures = &run["items"][0];
    head(format!("{}: {people} people for {seconds} s over {orders} orders while a load runs", place.name()));
    times.rows("requests", 100.0);
    let loaded = figures["seen"].as_u64().unwrap_or(0);
    row("postings that the load had seen by then", count(loaded), "", Wanted::Told);
    row(
        "the load's state",
        f64::from(u8::from(figures["state"] == "running")),
        "(1: it still ran)",
        Wanted::Told,
    );
    row(
        "peak memory of the server",
        megabytes(process::peak_memory(server.pid())?),
        "MB",
        Wanted::AtMost(100.0),
    );
    Ok(())
}

async fn work(asker: Asker, mut asking: Asking, until: Instant) -> Result<Times, Failure> {
    let mut times = Times::default();
    let begin = Duration::from_millis(rand::rng().random_range(0..1_000));
    let mut every = tokio::time::interval_at((Instant::now() + begin).into(), Duration::from_secs(1));
    loop {
        every.tick().await;
        if Instant::now() >= until {
            return Ok(times);
        }
        let kind = WORK[rand::rng().random_range(0..WORK.len())];
        let path = asking.next(kind, Side::Panel)?;
        times.add(asker.get(&path).await?.1);
    }
}
