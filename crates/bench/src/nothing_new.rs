//! `nothing-new`: what a load costs when nothing has happened, over a store of many orders with a hundred open.

use crate::figures::{Times, Wanted, count, head, megabytes, row};
use crate::measured::child;
use crate::place::Place;
use crate::simulator::{Content, Simulated};
use crate::{Outcome, fill};

/// Loads that are measured, after the first ones.
const TIMES: usize = 20;

/// Measures it.
pub async fn run(place: &Place, orders: u64) -> Outcome<()> {
    let base = fill::kept(place, orders).await?;
    let _simulated = Simulated::start(&Content { postings: 100, all_open: true, days: 3, seed: 7 })?;
    let times = (TIMES + 2).to_string();
    let mut passes = child(&["load", "--url", &base.url, "--times", &times], &base.key).await?;
    let peak = passes.last().map_or(0, |pass| pass.peak);
    // The first one brings the open postings, the second one finds nothing new and warms up.
    passes.drain(..2);
    if let Some(busy) = passes.iter().find(|pass| pass.created > 0) {
        return Err(format!("a load that should find nothing new made {} orders", busy.created).into());
    }
    let mut processor = Times::default();
    let mut time = Times::default();
    for pass in &passes {
        processor.add(std::time::Duration::from_secs_f64(pass.processor));
        time.add(std::time::Duration::from_secs_f64(pass.seconds));
    }
    let requests = passes.iter().map(|pass| pass.requests).max().unwrap_or(0);
    head(format!("{}: a load with nothing new over {orders} orders, 100 open", place.name()));
    row(
        "requests to Ozon: two lists of postings, one of requests to cancel",
        count(requests),
        "",
        Wanted::AtMost(3.0),
    );
    row(format!("processor time, median of {TIMES}"), processor.percentile(50), "ms", Wanted::AtMost(50.0));
    row(
        format!("processor time, the worst of {TIMES}"),
        processor.percentile(100),
        "ms",
        Wanted::AtMost(50.0),
    );
    row("time, median", time.percentile(50), "ms", Wanted::Told);
    row("peak memory", megabytes(peak), "MB", Wanted::AtMost(100.0));
    Ok(())
}
