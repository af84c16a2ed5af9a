//! The commands as a newcomer types them, each in a process of its own.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ozon_sim::GeneratorOptions;
use serde_json::{Value, json};
use support::{CLIENT_ID, Vygruzka, begins_in, errors, simulator};

fn here() -> (tempfile::TempDir, Vygruzka) {
    let folder = tempfile::tempdir().expect("a folder");
    let vygruzka = Vygruzka::on_sqlite(folder.path());
    (folder, vygruzka)
}

/// A server that goes with the test.
struct Server {
    child: Child,
    base: String,
}

impl Server {
    fn start(vygruzka: &Vygruzka) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let child = vygruzka.spawn(&["serve", "--listen", &address]);
        Self { child, base: format!("http://{address}") }
    }

    async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        let client = client();
        let begun = Instant::now();
        loop {
            let request = client.get(format!("{}{path}", self.base)).bearer_auth(token);
            match request.send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let text = answer.text().await.expect("a body");
                    return (status, serde_json::from_str(&text).unwrap_or(Value::String(text)));
                }
                Err(_) if begun.elapsed() < Duration::from_secs(20) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => panic!("the server does not answer: {error}"),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().build().expect("a client")
}

async fn first_steps(vygruzka: Vygruzka) {
    let running = simulator(150, &GeneratorOptions::every_status_and_type(3)).await;
    vygruzka.add_cabinet(&running.base_url());
    let figures = vygruzka.json(&["import", "Тест", "--json"]);
    let truths = running.handle().truths(CLIENT_ID);
    let begin = truths.iter().filter(|t| begins_in(t.status.as_str(), false)).count();
    assert_eq!(figures["seen"], truths.len());
    assert_eq!(figures["created"], begin);

    let token = vygruzka.done(&["token", "add", "программа", "--role", "manager"], "");
    let token = token.trim();
    let server = Server::start(&vygruzka);
    let (status, orders) = server.get("/api/v1/orders?limit=200", token).await;
    assert_eq!(status, 200);
    assert_eq!(orders["items"].as_array().map(Vec::len), Some(begin));
    let (status, problem) = server.get("/api/v1/orders", "nobody's").await;
    assert_eq!((status, &problem["status"]), (401, &json!(401)));
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cabinet_add_then_import_then_get_orders_on_sqlite() {
    let (_folder, vygruzka) = here();
    first_steps(vygruzka).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cabinet_add_then_import_then_get_orders_on_postgres() {
    let Some(database) = testkit::TestDatabase::postgres().await else { return };
    let (_folder, vygruzka) = here();
    let key = database.config.secret_key.as_ref().expect("a key").to_base64();
    let vygruzka = vygruzka
        .with("VYGRUZKA_DATABASE_URL", &database.config.database_url)
        .with("VYGRUZKA_SECRET_KEY", &key);
    first_steps(vygruzka).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_fails_with_one_clear_line_and_never_shows_the_key() {
    let (_folder, vygruzka) = here();
    let running = simulator(5, &GeneratorOptions::default()).await;
    let add = ["cabinet", "add", "Тест", "--client-id", CLIENT_ID, "--api-url", &running.base_url()];
    vygruzka.done(&add, "not-the-right-key");
    let output = vygruzka.with("VYGRUZKA_LOG", "trace").run(&["import", "Тест", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = errors(&output);
    let line = said.lines().find(|line| line.starts_with("error: ")).expect("an error line");
    assert!(line.contains("Api-Key") || line.contains("key"), "{line}");
    assert!(!said.contains("not-the-right-key"), "the key was shown: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_network_is_told_as_such() {
    let (_folder, vygruzka) = here();
    vygruzka.add_cabinet("http://127.0.0.1:9");
    let output = vygruzka.run(&["cabinet", "check", "Тест"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(errors(&output).lines().filter(|line| line.starts_with("error: ")).count(), 1);
}

#[test]
fn a_wrong_settings_file_names_the_key_and_what_is_allowed_and_changes_nothing() {
    let (folder, vygruzka) = here();
    vygruzka.add_cabinet("http://127.0.0.1:9");
    let before = vygruzka.json(&["settings", "show", "Тест"]);
    let file = folder.path().join("settings.json");
    std::fs::write(
        &file,
        json!({ "load_barcode": false, "order_date": "yesterday", "sorce_id": 1 }).to_string(),
    )
    .expect("written");
    let output = vygruzka.run(&["settings", "apply", "Тест", "settings.json"]);
    assert_eq!(output.status.code(), Some(2));
    let said = errors(&output);
    assert!(
        said.contains("order_date") && said.contains("\"placed\"") && said.contains("sorce_id"),
        "{said}"
    );
    assert_eq!(vygruzka.json(&["settings", "show", "Тест"]), before);

    std::fs::write(&file, json!({ "schedule": { "every": { "hours": 2 } } }).to_string()).expect("written");
    vygruzka.done(&["settings", "apply", "Тест", "settings.json"], "");
    let after = vygruzka.json(&["settings", "show", "Тест"]);
    assert_eq!(
        after["schedule"],
        json!({ "enabled": true, "every": { "hours": 2 }, "at": before["schedule"]["at"] })
    );
    std::fs::write(&file, "{ not json").expect("written");
    assert_eq!(vygruzka.run(&["settings", "apply", "Тест", "settings.json"]).status.code(), Some(2));
}

#[test]
fn wrong_use_ends_with_two_and_says_what_is_there() {
    let (_folder, vygruzka) = here();
    assert_eq!(vygruzka.run(&["import"]).status.code(), Some(2));
    assert_eq!(vygruzka.run(&["cabinet", "add", "A", "--client-id", "abc"]).status.code(), Some(2));
    let output = vygruzka.run(&["import", "Нет такого"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("Нет такого"));
    let output = vygruzka.run(&["user", "add", "a@example.com", "--role", "king"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("manager"));
}

#[test]
fn a_user_gets_a_made_password_or_the_given_one() {
    let (_folder, vygruzka) = here();
    let made = vygruzka.done(&["user", "add", "a@example.com", "--role", "admin"], "");
    assert_eq!(made.trim().len(), 20);
    let given = vygruzka.done(&["user", "add", "b@example.com", "--role", "viewer"], "a long enough one\n");
    assert_eq!(given, "");
    assert_eq!(
        vygruzka.run_with_input(&["user", "add", "c@example.com", "--role", "viewer"], "short").status.code(),
        Some(2)
    );
    assert!(!vygruzka.run(&["user", "add", "A@example.com", "--role", "admin"]).status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_tells_what_a_load_would_do_and_changes_nothing() {
    let (_folder, vygruzka) = here();
    let running = simulator(120, &GeneratorOptions::every_status_and_type(9)).await;
    vygruzka.add_cabinet(&running.base_url());
    let would = vygruzka.json(&["import", "Тест", "--dry-run", "--json"]);
    let did = vygruzka.json(&["import", "Тест", "--json"]);
    for key in ["seen", "created", "updated", "unchanged", "skipped", "failed", "pages"] {
        assert_eq!(would[key], did[key], "{key}");
    }
    assert!(did["duration_ms"].is_number());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_tells_how_many_postings_stand_where() {
    let (_folder, vygruzka) = here();
    let running = simulator(80, &GeneratorOptions::every_status_and_type(4)).await;
    vygruzka.add_cabinet(&running.base_url());
    let today = chrono::Utc::now().date_naive();
    let period =
        [(today - chrono::Duration::days(40)).to_string(), (today + chrono::Duration::days(1)).to_string()];
    let ask = ["reconcile", "Тест", "--since", &period[0], "--until", &period[1], "--json"];
    let told = vygruzka.json(&ask);
    let figures = ["matched", "missing", "differing", "unknown", "repaired"].map(|key| told[key].as_u64());
    assert_eq!(figures, [80, 0, 0, 0, 0].map(Some), "{told}");
    let words = vygruzka.done(&ask[..6], "");
    assert!(words.starts_with("80 match; 0 are missing here"), "{words}");
    let wrong = vygruzka.run(&["reconcile", "Тест", "--since", "2026-11-02", "--until", "2026-11-01"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(errors(&wrong).contains("--since"), "{}", errors(&wrong));
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_postings_are_decided_anew_only_when_someone_asks() {
    let (_folder, vygruzka) = here();
    let running = simulator(150, &GeneratorOptions::every_status_and_type(6)).await;
    vygruzka.add_cabinet(&running.base_url());
    let first = vygruzka.json(&["import", "Тест", "--json"]);
    vygruzka.done(&["settings", "apply", "Тест", "-"], r#"{ "also_awaiting_deliver": true }"#);
    let truths = running.handle().truths(CLIENT_ID);
    let begin = truths.iter().filter(|t| begins_in(t.status.as_str(), true)).count() as u64;
    let more = begin - first["created"].as_u64().expect("a number");
    assert!(more > 0);
    let ask = ["settings", "decide-anew", "Тест", "--dry-run"];
    for _ in 0..2 {
        assert!(vygruzka.done(&ask, "").ends_with(&format!("{more} orders would be created.\n")));
    }
    assert!(vygruzka.done(&ask[..3], "").ends_with(&format!("{more} orders created.\n")));
    assert!(vygruzka.done(&ask[..3], "").ends_with("0 orders created.\n"));
    let again = vygruzka.json(&["import", "Тест", "--json"]);
    assert_eq!((&again["created"], &again["updated"]), (&0.into(), &0.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_the_next_load_completes() {
    let (folder, vygruzka) = here();
    let running = simulator(400, &GeneratorOptions::every_status_and_type(4)).await;
    vygruzka.add_cabinet(&running.base_url());
    // A limit on the size of files stands in for a full disk; the signal that comes with it is ignored.
    let limited = Command::new("bash")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 400; exec \"$0\" import Тест --json",
            env!("CARGO_BIN_EXE_vygruzka"),
        ])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .expect("bash runs");
    assert_eq!(limited.status.code(), Some(1), "{}", errors(&limited));
    let said = errors(&limited);
    assert!(said.lines().any(|line| line.starts_with("error: ") && line.contains("full")), "{said}");
    let figures = vygruzka.json(&["import", "Тест", "--json"]);
    assert_eq!(figures["seen"], running.handle().posting_count(CLIENT_ID));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_is_told() {
    use sea_orm::{ConnectionTrait, Database};
    let (folder, vygruzka) = here();
    vygruzka.add_cabinet("http://127.0.0.1:9");
    let url = format!("sqlite://{}", folder.path().join("data/vygruzka.db").display());
    let other = Database::connect(&url).await.expect("another program opens the database");
    other.execute_unprepared("BEGIN EXCLUSIVE").await.expect("and locks it");
    let output = vygruzka.run(&["settings", "apply", "Тест", "-"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("busy"), "{}", errors(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_what_is_wrong_and_changes_nothing() {
    let (folder, vygruzka) = here();
    let output = vygruzka.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!folder.path().join("data").exists(), "doctor only looks");

    let running = simulator(1, &GeneratorOptions::default()).await;
    vygruzka.add_cabinet(&running.base_url());
    vygruzka.done(&["user", "add", "a@example.com", "--role", "admin"], "");
    assert!(vygruzka.run(&["doctor"]).status.success());
    running.handle().deactivate_key(CLIENT_ID).expect("the cabinet is there");
    let output = vygruzka.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("PROBLEM"), "{output:?}");
    let other = vygruzka.clone().with("VYGRUZKA_SECRET_KEY", &storage::SecretKey::generate().to_base64());
    let output = other.run(&["doctor"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("secret key"));
    assert!(errors(&other.run(&["migrate"])).contains("VYGRUZKA_SECRET_KEY"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_shows_the_main_job() {
    let (_folder, vygruzka) = here();
    let begun = Instant::now();
    let mut child = vygruzka.spawn(&["demo", "--listen", "127.0.0.1:0", "--postings", "60"]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut told = |prefix: &str| {
        let line = lines.next().expect("a line").expect("text");
        line.strip_prefix(prefix).unwrap_or_else(|| panic!("`{prefix}` expected: {line}")).to_owned()
    };
    let (panel, login, password) = (told("Panel: "), told("Login: "), told("Password: "));
    assert!(begun.elapsed() < Duration::from_mins(1));
    assert!(login.contains('@') && password.len() >= 10);
    let answer = client().get(panel).send().await.expect("the panel answers");
    assert!(answer.status().is_success());
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_without_a_user_logs_a_set_up_link_once() {
    let (_folder, vygruzka) = here();
    let mut server = Server::start(&vygruzka);
    let (status, _) = server.get("/healthz", "").await;
    assert_eq!(status, 200);
    let log = server.child.stderr.take().expect("a pipe");
    let link =
        BufReader::new(log).lines().map_while(Result::ok).take(2).find_map(|line| {
            line.split_whitespace().find(|word| word.contains("/setup/")).map(str::to_owned)
        });
    let link = link.expect("a set-up link is logged among the first lines");
    let answer = client().get(&link).send().await.expect("the page answers");
    assert_eq!(answer.status().as_u16(), 200);
    let answer = client().get(format!("{}/setup/guess", server.base)).send().await.expect("the page answers");
    assert_eq!(answer.status().as_u16(), 404);
}
