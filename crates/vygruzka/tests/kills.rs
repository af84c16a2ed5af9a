//! The process is killed at random moments of a load, fifty times; in the end nothing is lost and nothing is doubled.

mod support;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use ozon_sim::{Fault, FaultPlan, GeneratorOptions};
use rand::RngExt;
use storage::orders::{OrderFilter, OrderSort};
use storage::postings::PostingFilter;
use storage::{PageAsk, Store};
use support::{CLIENT_ID, Vygruzka, begins_in, simulator};

const KILLS: u32 = 50;
const POSTINGS: usize = 2_000;

async fn everything(store: &Store) -> (Vec<domain::Order>, Vec<String>) {
    let (mut orders, mut postings) = (Vec::new(), Vec::new());
    let mut ask = PageAsk::first(200);
    loop {
        let page = store.orders(&OrderFilter::default(), OrderSort::default(), &ask).await.expect("a page");
        orders.extend(page.items);
        ask.cursor = page.next;
        if ask.cursor.is_none() {
            break;
        }
    }
    let filter = PostingFilter { archive: true, ..PostingFilter::default() };
    loop {
        let page = store.postings(&filter, &ask).await.expect("a page");
        for posting in page.items {
            assert!(
                posting.order_id.is_some() != posting.skipped_because.is_some(),
                "{} has either an order or a reason",
                posting.posting_number
            );
            postings.push(posting.posting_number);
        }
        ask.cursor = page.next;
        if ask.cursor.is_none() {
            return (orders, postings);
        }
    }
}

async fn killed_fifty_times(vygruzka: Vygruzka, store: Store) {
    let running = simulator(POSTINGS, &GeneratorOptions::every_status_and_type(5)).await;
    // Slow enough that a kill hits the middle of something.
    running.handle().inject_fault(FaultPlan::next_call(Fault::Slow { millis: 15 }).times(0));
    let vygruzka = vygruzka.with("VYGRUZKA_LEASE_SECONDS", "1").with("VYGRUZKA_LOG", "error");
    vygruzka.add_cabinet(&running.base_url());

    let mut killed = 0;
    while killed < KILLS {
        let mut child = vygruzka.spawn(&["import", "Тест", "--json"]);
        let wait = rand::rng().random_range(10..1_500);
        tokio::time::sleep(Duration::from_millis(wait)).await;
        if child.try_wait().expect("the process can be asked").is_some() {
            // It was done before its time: give the next one something to do.
            let numbers = running.handle().posting_numbers(CLIENT_ID);
            for number in numbers.iter().skip(usize::try_from(killed).expect("small")).step_by(7) {
                let _ = running.handle().advance(CLIENT_ID, number);
            }
            // Born now: a posting never appears at Ozon with a change older than the last load.
            let born = GeneratorOptions {
                in_process_at: Some(running.handle().now()),
                ..GeneratorOptions::seeded(u64::from(killed) + 1000)
            };
            running.handle().generate(CLIENT_ID, 100, &born).expect("more");
        } else {
            child.kill().expect("the process can be killed");
            killed += 1;
        }
        child.wait().expect("the process ends");
    }

    running.handle().clear_faults();
    let last = vygruzka.json(&["import", "Тест", "--json"]);
    assert_eq!(last["failed"], 0);
    let again = vygruzka.json(&["import", "Тест", "--json"]);
    assert_eq!(
        (&again["created"], &again["updated"]),
        (&0.into(), &0.into()),
        "a second load changes nothing"
    );

    let (orders, postings) = everything(&store).await;
    let truths = running.handle().truths(CLIENT_ID);
    let stored: HashSet<&String> = postings.iter().collect();
    assert_eq!(stored.len(), postings.len(), "no posting is doubled");
    assert_eq!(postings.len(), truths.len(), "no posting is lost");
    let by_number: HashMap<&str, &domain::Order> =
        orders.iter().map(|o| (o.posting_number.as_str(), o)).collect();
    assert_eq!(by_number.len(), orders.len(), "no order is doubled");
    for truth in truths {
        let order = by_number.get(truth.posting_number.as_str());
        if begins_in(truth.status.as_str(), false) {
            assert!(order.is_some(), "{} in {} made no order", truth.posting_number, truth.status.as_str());
        }
        if let Some(order) = order {
            assert_eq!(order.ozon_status.code(), truth.status.as_str());
            assert_eq!(order.total.minor, truth.total_minor);
        }
    }
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_fifty_kills_lose_and_double_nothing() {
    let (vygruzka, store, _folder) = support::on_sqlite().await;
    killed_fifty_times(vygruzka, store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_fifty_kills_lose_and_double_nothing() {
    let Some((vygruzka, database, _folder)) = support::on_postgres().await else { return };
    killed_fifty_times(vygruzka, database.store.clone()).await;
}
