//! The process is killed at random moments of sending, fifty times; in the end every push has arrived, once and in order.

mod support;

use std::time::{Duration, Instant};

use domain::by_hand::Act;
use domain::{Actor, PostingNumber};
use ozon_sim::{ChangeKind, DeliveryType, PostingDraft, Status};
use rand::RngExt;
use serde_json::json;
use storage::Store;
use support::{CLIENT_ID, Vygruzka, simulator};

const KILLS: u32 = 50;
const WHOLE_WAY: [ChangeKind; 4] =
    [ChangeKind::TrackNumber, ChangeKind::Delivering, ChangeKind::LastMile, ChangeKind::Delivered];

/// A person fills the track number in and sets "Доставлен" at once.
async fn delivered(store: &Store, number: &str, status: domain::StatusId) {
    let cabinet = store.cabinet_named("Тест").await.expect("it was added").id;
    let number = PostingNumber::new(number).expect("a literal number");
    let order = store.order_of_posting(cabinet, &number).await.expect("answers").expect("it was loaded");
    let actor = Actor::Token { name: "tester".to_owned() };
    let track = Act::SetTrackNumber(Some(format!("RA{number}")));
    for act in [track, Act::SetStatus(status)] {
        store.act_on_order(order.id, act, &actor, chrono::Utc::now()).await.expect("it is done");
    }
}

async fn killed_fifty_times(vygruzka: Vygruzka, store: Store) {
    let running = simulator(0, &ozon_sim::GeneratorOptions::seeded(1)).await;
    let numbers: Vec<String> = (0..60).map(|n| format!("0105259411-{n:04}-1")).collect();
    for number in &numbers {
        let draft = PostingDraft {
            delivery_type: Some(DeliveryType::NonIntegrated),
            status: Some(Status::AwaitingDeliver),
            ..PostingDraft::numbered(number.clone())
        };
        running.handle().add_posting(CLIENT_ID, &draft).expect("a posting");
    }
    running.handle().set_change_delay(chrono::TimeDelta::milliseconds(300));
    let vygruzka = vygruzka.with("VYGRUZKA_LEASE_SECONDS", "1").with("VYGRUZKA_LOG", "error");
    vygruzka.add_cabinet(&running.base_url());
    let statuses = store.statuses().await.expect("answers");
    let end = statuses.iter().find(|s| s.name == "Доставлен").expect("it exists on install").id;
    let rules = json!({
        "also_awaiting_deliver": true, "send_track_numbers": true, "seller_delivery": {"delivered": end},
    });
    vygruzka.done(&["settings", "apply", "Тест", "-"], &rules.to_string());
    vygruzka.done(&["import", "Тест"], "");

    let mut wanted = numbers.iter();
    let mut told = Vec::new();
    let mut killed = 0;
    while killed < KILLS {
        // A new wish now and then, so that there is always something to send.
        if killed % 5 == 0 && told.len() < killed as usize / 5 + 2 {
            let number = wanted.next().expect("enough postings");
            delivered(&store, number, end).await;
            told.push(number.clone());
        }
        let mut child = vygruzka.spawn(&["outbox", "flush", "--json"]);
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(10..900))).await;
        if child.try_wait().expect("the process can be asked").is_some() {
            let number = wanted.next().expect("enough postings");
            delivered(&store, number, end).await;
            told.push(number.clone());
        } else {
            child.kill().expect("the process can be killed");
            killed += 1;
        }
        child.wait().expect("the process ends");
    }

    let begun = Instant::now();
    loop {
        let left = vygruzka.json(&["outbox", "flush", "--json"]);
        assert_eq!(left["refused"], 0, "{left}");
        if left["waiting"] == 0 && left["sent"] == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(4), "it does not come to an end: {left}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(running.handle().refused_changes(CLIENT_ID).is_empty(), "nothing was sent against the posting");
    let changes = running.handle().changes(CLIENT_ID);
    for number in &told {
        let kinds: Vec<_> = changes.iter().filter(|c| c.posting_number == *number).map(|c| c.kind).collect();
        let statuses: Vec<_> = kinds.iter().copied().filter(|k| *k != ChangeKind::TrackNumber).collect();
        assert_eq!(statuses, WHOLE_WAY[1..], "{number}: each once and in order");
        assert_eq!(kinds.first(), Some(&ChangeKind::TrackNumber), "{number}: the track number first");
        let truth = running.handle().truth(CLIENT_ID, number).expect("it is there");
        assert_eq!(truth.status, Status::Delivering);
    }
    assert!(told.len() >= 10, "{}", told.len());
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_every_push_arrives_once_and_in_order() {
    let (vygruzka, store, _folder) = support::on_sqlite().await;
    killed_fifty_times(vygruzka, store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_every_push_arrives_once_and_in_order() {
    let Some((vygruzka, database, _folder)) = support::on_postgres().await else { return };
    killed_fifty_times(vygruzka, database.store.clone()).await;
}
