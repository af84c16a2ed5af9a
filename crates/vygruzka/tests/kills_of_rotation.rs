//! The process is killed at random moments while it exchanges the secret key; every time what is left opens.

mod support;

use std::time::Duration;

use rand::RngExt;
use secrecy::ExposeSecret;
use storage::Store;
use support::{API_KEY, CLIENT_ID};

const KILLS: u32 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_kills_leave_a_key_and_a_database_that_belong_together() {
    let (vygruzka, store, folder) = support::on_sqlite().await;
    vygruzka.add_cabinet("http://127.0.0.1:9");
    store.close().await.expect("closes");
    let begun = std::time::Instant::now();
    vygruzka.done(&["secret", "rotate"], "");
    let whole = begun.elapsed();

    let mut killed = 0;
    while killed < KILLS {
        let mut child = vygruzka.spawn(&["secret", "rotate"]);
        tokio::time::sleep(whole.mul_f64(rand::rng().random_range(0.0..1.2))).await;
        if child.try_wait().expect("the process can be asked").is_none() {
            child.kill().expect("the process can be killed");
            killed += 1;
        }
        child.wait().expect("the process ends");
        let config = storage::Config {
            database_url: format!("sqlite://{}", folder.path().join("data/vygruzka.db").display()),
            secret_key: None,
            zone: chrono_tz::Europe::Moscow,
        };
        let store = Store::open(&config).await.expect("the database opens");
        store.migrate().await.unwrap_or_else(|error| panic!("after {killed} kills: {error}"));
        let cabinet = store.cabinet_named(CLIENT_ID).await.expect("is there").id;
        assert_eq!(store.cabinet_key(cabinet).await.expect("opens").expose_secret(), API_KEY);
        store.close().await.expect("closes");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
