//! `push`: Ozon's push messages, many a second; and how soon one of them shows as an order.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use storage::Role;

use crate::figures::{Times, Wanted, count, head, millis, row};
use crate::place::Place;
use crate::server::{Asker, Server, client, url};
use crate::simulator::{self, CLIENT_ID, Content, Simulated};
use crate::{Failure, Outcome, fill};

/// Orders whose way is timed.
const WAYS: u32 = 10;

/// Measures it.
pub async fn run(place: &Place, orders: u64, rate: u32, seconds: u32) -> Outcome<()> {
    let base = fill::kept(place, orders).await?;
    let store = base.store().await?;
    let cabinet = store.cabinet_named(CLIENT_ID).await?.id;
    let secret = store.hook_secret(cabinet).await?;
    let address = url(&format!("/hooks/ozon/{secret}"));
    let _simulated = Simulated::start(&Content { postings: 100, all_open: true, days: 3, seed: 7 })?;
    let server = Server::start(&base, &place.folder).await?;
    let program = Asker::program(&store, Role::Manager).await?;

    let mut ways = Times::default();
    for _ in 0..WAYS {
        ways.add(way(&address, &program).await?);
    }

    let http = client()?;
    let every = Duration::from_secs(1) / rate;
    let began = Instant::now();
    let mut sent = Vec::new();
    for at in 0..rate * seconds {
        tokio::time::sleep_until((began + every * at).into()).await;
        let body = message("TYPE_STATE_CHANGED", &crate::shop::number(u64::from(at) % orders)).to_string();
        let (http, address) = (http.clone(), address.clone());
        sent.push(tokio::spawn(async move {
            let began = Instant::now();
            let answer = http.post(address).body(body).send().await?;
            let status = answer.status();
            answer.bytes().await?;
            if status.is_success() {
                Ok(began.elapsed())
            } else {
                Err(Failure::from(format!("answered {status}")))
            }
        }));
    }
    let (mut times, mut refused) = (Times::default(), 0);
    for one in sent {
        match one.await? {
            Ok(took) => times.add(took),
            Err(_) => refused += 1,
        }
    }
    let all = began.elapsed().as_secs_f64();
    drop(server);
    head(format!("{}: push messages over {orders} orders", place.name()));
    row(
        "messages answered a second",
        count(times.count() as u64) / all,
        "/s",
        Wanted::AtLeast(f64::from(rate) * 0.99),
    );
    row("messages that were refused", f64::from(refused), "", Wanted::AtMost(0.0));
    times.rows("answer to a message", 20.0);
    row("from a message to its order, median", ways.percentile(50), "ms", Wanted::Told);
    row(
        format!("from a message to its order, the worst of {WAYS}"),
        ways.percentile(100),
        "ms",
        Wanted::AtMost(1_000.0),
    );
    Ok(())
}

fn message(kind: &str, number: &str) -> Value {
    let seller: i64 = CLIENT_ID.parse().unwrap_or(0);
    json!({"message_type": kind, "posting_number": number, "seller_id": seller, "new_state": "posting_created",
        "changed_state_date": chrono::Utc::now(), "products": []})
}

/// A new posting at Ozon, its message, and how long until a program finds its order.
async fn way(address: &str, program: &Asker) -> Outcome<Duration> {
    let http = client()?;
    let made = http
        .post(format!("{}/_sim/cabinets/{CLIENT_ID}/postings", simulator::url()))
        .header("content-type", "application/json")
        .body("{}")
        .send()
        .await?
        .text()
        .await?;
    let made: Value = serde_json::from_str(&made)?;
    let number =
        made["posting_number"].as_str().ok_or_else(|| format!("the simulator answered {made}"))?.to_owned();
    let began = Instant::now();
    let told = http.post(address).body(message("TYPE_NEW_POSTING", &number).to_string()).send().await?;
    if !told.status().is_success() {
        return Err(format!("the message was answered {}", told.status()).into());
    }
    loop {
        let (text, _) = program.get(&format!("/api/v1/orders?posting_number={number}")).await?;
        let found: Value = serde_json::from_str(&text)?;
        let took = began.elapsed();
        if found["items"].as_array().is_some_and(|items| !items.is_empty()) {
            // `/v3/posting/fbs/get` is asked twice a second at most: the next one is not to wait for this one's pace.
            tokio::time::sleep(Duration::from_secs(1)).await;
            return Ok(took);
        }
        if took > Duration::from_secs(10) {
            return Err(format!("no order of {number} in {:.0} ms", millis(&took)).into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
