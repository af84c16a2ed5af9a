//! `start`: from the start to the first answer over a store that is there, memory of an idle server, size of the binary.

use std::time::Duration;

use crate::figures::{Times, Wanted, head, megabytes, row};
use crate::place::Place;
use crate::server::{Server, program};
use crate::{Outcome, fill, process};

/// How often it is started.
const TIMES: usize = 10;
/// How long the last one stands idle.
const IDLE: Duration = Duration::from_secs(10);

/// Measures it.
pub async fn run(place: &Place, orders: u64) -> Outcome<()> {
    let base = fill::kept(place, orders).await?;
    let mut times = Times::default();
    for _ in 1..TIMES {
        times.add(Server::start(&base, &place.folder).await?.started_in);
    }
    let last = Server::start(&base, &place.folder).await?;
    times.add(last.started_in);
    tokio::time::sleep(IDLE).await;
    let idle = process::memory(last.pid())?;
    head(format!("{}: starting over {orders} orders", place.name()));
    row("start to first answer, median", times.percentile(50), "ms", Wanted::Told);
    row(
        format!("start to first answer, the worst of {TIMES}"),
        times.percentile(100),
        "ms",
        Wanted::AtMost(300.0),
    );
    row("idle memory", megabytes(idle), "MB", Wanted::AtMost(40.0));
    row("release binary", megabytes(std::fs::metadata(program()?)?.len()), "MB", Wanted::AtMost(40.0));
    Ok(())
}
