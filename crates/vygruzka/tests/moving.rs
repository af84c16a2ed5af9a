//! `backup`, `restore` and `move` as a person types them, beside a server that runs.

mod support;

use ozon_sim::GeneratorOptions;
use support::{CLIENT_ID, Vygruzka, errors, simulator};
use testkit::TestDatabase;

/// A SQLite installation with orders.
async fn loaded(folder: &std::path::Path) -> (Vygruzka, ozon_sim::Running) {
    let running = simulator(120, &GeneratorOptions::every_status_and_type(3)).await;
    let vygruzka = Vygruzka::on_sqlite(folder).with("VYGRUZKA_LOG", "error");
    vygruzka.add_cabinet(&running.base_url());
    vygruzka.json(&["import", "Тест", "--json"]);
    (vygruzka, running)
}

/// Waits until the server holds the database.
fn serving(vygruzka: &Vygruzka) -> std::process::Child {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let server = vygruzka.spawn(&["serve", "--listen", &address]);
    while std::net::TcpStream::connect(&address).is_err() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_beside_a_running_server_is_restored_with_its_key_and_loads_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (vygruzka, running) = loaded(folder.path()).await;
    let mut server = serving(&vygruzka);
    let said = vygruzka.done(&["backup", "today.db"], "");
    assert!(said.contains("and is whole") && said.contains("data/vygruzka.key"), "{said}");
    let again = vygruzka.run(&["backup", "today.db"]);
    assert!(!again.status.success() && errors(&again).contains("is not written over"), "{}", errors(&again));
    let refused = vygruzka.run(&["restore", "today.db"]);
    assert_eq!(refused.status.code(), Some(1), "a living database is not written over");
    server.kill().expect("ends");
    server.wait().expect("ends");

    let elsewhere = tempfile::tempdir().expect("a folder");
    std::fs::copy(folder.path().join("today.db"), elsewhere.path().join("today.db")).expect("is copied");
    let other = Vygruzka::on_sqlite(elsewhere.path()).with("VYGRUZKA_LOG", "error");
    let refused = other.run(&["restore", "today.db"]);
    assert!(errors(&refused).contains("put its copy at data/vygruzka.key"), "{}", errors(&refused));
    let key = elsewhere.path().join("data/vygruzka.key");
    std::fs::copy(folder.path().join("data/vygruzka.key"), key).expect("is copied");
    let said = other.done(&["restore", "today.db"], "");
    assert!(said.contains("120 postings"), "{said}");
    let figures = other.json(&["import", "Тест", "--json"]);
    assert_eq!(
        (&figures["created"], &figures["updated"]),
        (&0.into(), &0.into()),
        "nothing was lost: {figures}"
    );
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_shows_what_is_the_same_and_the_shop_goes_on_in_postgres() {
    let Some(target) = TestDatabase::postgres_empty().await else { return };
    let url = target.config.database_url.clone();
    let folder = tempfile::tempdir().expect("a folder");
    let (vygruzka, running) = loaded(folder.path()).await;
    let token = vygruzka.done(&["token", "add", "программа", "--role", "viewer"], "");
    let mut server = serving(&vygruzka);
    let refused = vygruzka.run(&["move", "--to", &url]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(errors(&refused).contains("stop the server"), "{}", errors(&refused));
    server.kill().expect("ends");
    server.wait().expect("ends");

    let said = vygruzka.done(&["move", "--to", &url], "");
    println!("{said}");
    let of = |table: &str| said.lines().find(|line| line.starts_with(table)).unwrap_or_default();
    assert!(of("postings ").contains("120 ") && of("postings ").ends_with("yes"), "{said}");
    assert!(!said.contains(" NO") && said.contains("tables are the same"), "{said}");
    let key = std::fs::read_to_string(folder.path().join("data/vygruzka.key")).expect("a key");
    assert!(!said.contains(key.trim()) && said.contains("data/vygruzka.key"), "the key itself is not shown");
    let again = vygruzka.run(&["move", "--to", &url]);
    assert!(errors(&again).contains("new, empty database"), "{}", errors(&again));

    let moved = vygruzka.with("VYGRUZKA_DATABASE_URL", &url).with("VYGRUZKA_SECRET_KEY", key.trim());
    let figures = moved.json(&["import", "Тест", "--json"]);
    assert_eq!((&figures["created"], &figures["updated"]), (&0.into(), &0.into()), "{figures}");
    let tokens = target.store.token(token.trim(), chrono::Utc::now()).await;
    assert!(tokens.expect("answers").is_some(), "programs go on with their tokens");
    assert_eq!(running.handle().posting_numbers(CLIENT_ID).len(), 120);
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_postgres_its_own_programs_are_named_and_no_password_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let vygruzka = Vygruzka::on_sqlite(folder.path())
        .with("VYGRUZKA_DATABASE_URL", "postgres://desk:very-secret@127.0.0.1:1/orders");
    for (command, program) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let output = vygruzka.run(&[command, "today.dump"]);
        assert_eq!(output.status.code(), Some(2));
        let said = errors(&output);
        assert!(said.contains(program) && said.contains("postgres://desk@127.0.0.1:1/orders"), "{said}");
        assert!(!said.contains("very-secret"), "{said}");
    }
    let moving = vygruzka.run(&["move", "--to", "postgres://desk@127.0.0.1:1/orders"]);
    assert_eq!(moving.status.code(), Some(2));
}
