//! `panel`: random requests to the panel and to REST, one after another.

use std::time::Duration;

use storage::Role;

use crate::asked::{Asking, Kind, Side};
use crate::figures::{Times, Wanted, head, megabytes, millis, row};
use crate::place::Place;
use crate::server::{Asker, Server};
use crate::{Outcome, fill, process};

/// Requests before those that count.
const WARMING: usize = 50;
/// Addresses that are told when a bound is missed.
const SLOWEST: usize = 5;

/// Pages beside the orders: they are asked for in turn, and told as one.
const OTHERS: [&str; 10] = [
    "/overview",
    "/postings",
    "/exchange",
    "/runs",
    "/audit",
    "/lists/customers",
    "/lists/statuses",
    "/cabinets",
    "/cabinets/1",
    "/mail",
];

/// Measures it; only the kinds whose name holds a word.
pub async fn run(place: &Place, orders: u64, requests: usize, only: &str) -> Outcome<()> {
    let base = fill::kept(place, orders).await?;
    let store = base.store().await?;
    let person = Asker::person(&store, 0).await?;
    let askers = [
        (Side::Panel, "panel", person.clone()),
        (Side::Rest, "REST", Asker::program(&store, Role::Manager).await?),
        (Side::Rest, "REST for a viewer", Asker::program(&store, Role::Viewer).await?),
    ];
    let server = Server::start(&base, &place.folder).await?;
    head(format!("{}: {orders} orders, one request after another", place.name()));
    let mut seed = 0;
    let mut slow = Vec::new();
    for (side, whose, asker) in &askers {
        for kind in Kind::ALL {
            let what = format!("{whose}: {}", kind.name());
            if !what.contains(only) {
                continue;
            }
            seed += 1;
            let mut asking = Asking::of(&store, orders, seed).await?;
            let (mut times, mut all) = (Times::default(), Vec::new());
            for at in 0..requests + WARMING {
                let path = asking.next(kind, *side)?;
                let (_, took) = asker.get(&path).await?;
                if at >= WARMING {
                    times.add(took);
                    all.push((took, path));
                }
            }
            times.rows(&what, kind.bound());
            if times.percentile(99) > kind.bound() {
                slow.push((what, slowest(all)));
            }
        }
    }
    for path in OTHERS.into_iter().filter(|path| path.contains(only)) {
        let mut times = Times::default();
        for at in 0..requests.min(100) + 5 {
            let (_, took) = person.get(path).await?;
            if at >= 5 {
                times.add(took);
            }
        }
        row(
            format!("panel: {path}, p99 of {}", times.count()),
            times.percentile(99),
            "ms",
            Wanted::AtMost(50.0),
        );
    }
    row("peak memory of the server", megabytes(process::peak_memory(server.pid())?), "MB", Wanted::Told);
    for (what, slowest) in slow {
        println!("\nThe slowest of {what}:");
        for (took, path) in slowest {
            println!("- {:.1} ms {path}", millis(&took));
        }
    }
    Ok(())
}

fn slowest(mut all: Vec<(Duration, String)>) -> Vec<(Duration, String)> {
    all.sort_by_key(|one| std::cmp::Reverse(one.0));
    all.truncate(SLOWEST);
    all
}
