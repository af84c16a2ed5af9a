//! Loads and senders are killed at random moments, fifty times; in the end every order was told by one letter.

mod support;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ozon_sim::{PostingDraft, Status};
use rand::RngExt;
use serde_json::json;
use storage::Store;
use storage::mail::Password;
use support::{CLIENT_ID, Vygruzka, simulator};
use testkit::smtp::{Manners, Sink};

const KILLS: u32 = 50;

async fn set_mail(store: &Store, sink: &Sink) {
    let settings = sink.mail_settings("olga@shop.example");
    store.set_mail(&settings, &Password::Forget, "tester", chrono::Utc::now()).await.expect("it is kept");
}

async fn killed_fifty_times(vygruzka: Vygruzka, store: Store) {
    let running = simulator(0, &ozon_sim::GeneratorOptions::seeded(1)).await;
    let sink = Sink::open().await;
    let vygruzka = vygruzka.with("VYGRUZKA_LEASE_SECONDS", "1").with("VYGRUZKA_LOG", "error");
    vygruzka.add_cabinet(&running.base_url());
    vygruzka.done(&["settings", "apply", "Тест", "-"], &json!({"notify_new_orders": true}).to_string());
    // The first load's letter would be a summary.
    vygruzka.done(&["import", "Тест"], "");
    set_mail(&store, &sink).await;

    let mut numbers = Vec::new();
    let (mut killed, mut misbehaved) = (0, 0);
    while killed < KILLS {
        for _ in 0..2 {
            let number = format!("0105259411-{:04}-1", numbers.len());
            let draft = PostingDraft {
                status: Some(Status::AwaitingPackaging),
                ..PostingDraft::numbered(number.clone())
            };
            running.handle().add_posting(CLIENT_ID, &draft).expect("a posting");
            numbers.push(number);
        }
        // Now and then the mail server dies with a letter that it has taken, or in the middle of one.
        if killed >= misbehaved * 10 {
            misbehaved += 1;
            sink.behave(Manners { silent_after: 1, silent_amid: 1, ..Manners::default() });
        }
        let mut children = vec![
            vygruzka.spawn(&["import", "Тест", "--json"]),
            vygruzka.spawn(&["outbox", "flush", "--json"]),
        ];
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(10..700))).await;
        for child in &mut children {
            if child.try_wait().expect("the process can be asked").is_none() {
                child.kill().expect("the process can be killed");
                killed += 1;
            }
            child.wait().expect("the process ends");
        }
    }

    vygruzka.done(&["import", "Тест"], "");
    let begun = Instant::now();
    loop {
        // What a broken connection put off is due at once with new settings.
        set_mail(&store, &sink).await;
        let left = vygruzka.json(&["outbox", "flush", "--json"]);
        assert_eq!(left["refused"], 0, "{left}");
        if left["waiting"] == 0 && left["sent"] == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "it does not come to an end: {left}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    // A mailbox knows a letter by its Message-ID; one whose sender died unheard may have come twice under the same.
    let mut letters: HashMap<String, String> = HashMap::new();
    let arrived = sink.letters();
    for letter in &arrived {
        let id = letter.header("Message-ID").expect("every letter has one").to_owned();
        let body = mail_parser::MessageParser::default().parse(letter.text.as_bytes()).expect("a letter");
        letters.insert(id, body.body_text(0).expect("a text").into_owned());
    }
    for number in &numbers {
        let told = letters.values().filter(|text| text.contains(number.as_str())).count();
        assert_eq!(told, 1, "{number} is told by one letter");
    }
    println!(
        "{} orders, {} letters, {} arrivals; the server died with a letter {misbehaved} times",
        numbers.len(),
        letters.len(),
        arrived.len()
    );
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_every_order_is_told_by_one_letter() {
    let (vygruzka, store, _folder) = support::on_sqlite().await;
    killed_fifty_times(vygruzka, store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_every_order_is_told_by_one_letter() {
    let Some((vygruzka, database, _folder)) = support::on_postgres().await else { return };
    killed_fifty_times(vygruzka, database.store.clone()).await;
}
