//! `load`: a first load with the limiter lifted, beside downloading and decoding the same pages with the same client.

use serde_json::json;
use storage::cabinets::NewCabinet;

use crate::Outcome;
use crate::figures::{Wanted, count, head, megabytes, row};
use crate::measured::child;
use crate::place::{Kind, Place};
use crate::simulator::{API_KEY, CLIENT_ID, Content, Simulated, url};

/// Measures it.
pub async fn run(place: &Place, postings: usize, all_open: bool) -> Outcome<()> {
    let _simulated = Simulated::start(&Content { postings, all_open, days: 300, seed: 1 })?;
    let (base, store) = place.fresh("load").await?;
    let new = NewCabinet {
        name: "Домашний уют".to_owned(),
        client_id: CLIENT_ID.to_owned(),
        api_key: API_KEY.into(),
        api_url: url(),
    };
    let now = chrono::Utc::now();
    let cabinet = store.add_cabinet(new, now, "bench").await?.id;
    store.apply_settings(cabinet, &json!({"also_awaiting_deliver": true}), "bench", now).await?;
    store.close().await?;

    let downloaded = child(&["download", "--open"], &base.key).await?.remove(0);
    let loaded = child(&["load", "--url", &base.url], &base.key).await?.remove(0);
    // The connection stays the same; a second look at everything is what most loads are.
    let again = child(&["load", "--url", &base.url], &base.key).await?.remove(0);

    let kind =
        if all_open { "all of them open, so that both lists show each" } else { "most of them closed" };
    head(format!("{}: loading {postings} postings, {kind}", place.name()));
    let least = if place.database == Kind::Sqlite { 5_000.0 } else { 3_000.0 };
    let speed = count(loaded.seen) / loaded.seconds;
    // Of what the lists show: with open postings in both, more than there are.
    let shown = count(downloaded.seen);
    let share = (shown / loaded.seconds) / (shown / downloaded.seconds);
    row("postings a second", speed, "/s", Wanted::AtLeast(least));
    row("postings shown by the lists", shown, "", Wanted::Told);
    row("downloading and decoding the same, postings shown", shown / downloaded.seconds, "/s", Wanted::Told);
    row("share of that speed", share, "", Wanted::AtLeast(0.25));
    row("the load's time", loaded.seconds, "s", Wanted::Told);
    row("its processor time", loaded.processor, "s", Wanted::Told);
    row("pages", count(loaded.pages), "", Wanted::Told);
    row("orders made", count(loaded.created), "", Wanted::Told);
    row("peak memory", megabytes(loaded.peak), "MB", Wanted::AtMost(100.0));
    let kept = base.bytes(&["postings"]).await?;
    row("disk a stored posting", count(kept) / count(loaded.seen), "B", Wanted::AtMost(1_500.0));
    let of_orders = [
        "orders",
        "order_goods",
        "products",
        "order_history",
        "order_search",
        "product_search",
        "customers",
        "news",
        "reads",
    ];
    let kept = base.bytes(&of_orders).await?;
    if loaded.created > 0 {
        row("disk an order", count(kept) / count(loaded.created), "B", Wanted::AtMost(1_500.0));
    }
    row("the same cabinet loaded again, time", again.seconds, "s", Wanted::Told);
    row("the same cabinet loaded again, pages", count(again.pages), "", Wanted::Told);
    place.remove("load").await
}
