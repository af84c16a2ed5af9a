//! What whoever runs the server sees of it: its figures, its log, and what `doctor` says.

mod support;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use ozon_sim::{DeliveryType, GeneratorOptions, Status};
use reqwest::Response;
use serde_json::Value;
use support::{API_KEY, CLIENT_ID, Vygruzka, on_sqlite, simulator};

const PASSWORD: &str = "correct horse battery staple";

/// A server that writes its log to a file and goes with the test.
struct Server {
    child: Child,
    base: String,
    log: PathBuf,
    client: reqwest::Client,
}

impl Server {
    async fn start(vygruzka: &Vygruzka) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = format!("http://{}", free_address());
        let log = vygruzka.folder.join("log");
        let mut command = vygruzka.command(&["serve", "--listen", base.trim_start_matches("http://")]);
        let child = command
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("a file for the log"))
            .spawn()
            .expect("the binary starts");
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let server = Self { child, base, log, client: client.expect("a client") };
        server.until("/healthz", |text| text == "ok\n").await;
        server
    }

    async fn get(&self, path: &str) -> reqwest::Result<Response> {
        self.client.get(format!("{}{path}", self.base)).send().await
    }

    /// Asks until the answer is as wanted.
    async fn until(&self, path: &str, wanted: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let said = match self.get(path).await {
                Ok(answer) => answer.text().await.unwrap_or_default(),
                Err(error) => error.to_string(),
            };
            if wanted(&said) {
                return said;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{path} does not become as wanted: {said}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Asks for a load.
    async fn load(&self, cabinet: domain::CabinetId, token: &str) {
        let import = format!("{}/api/v1/cabinets/{cabinet}/import", self.base);
        let begun = self.client.post(import).bearer_auth(token).send().await.expect("it answers");
        assert_eq!(begun.status().as_u16(), 202);
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log is text")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> String {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("an address").to_string()
}

/// A shop with a cabinet that is not loaded yet.
async fn shop(
    options: &GeneratorOptions,
) -> (Vygruzka, storage::Store, tempfile::TempDir, ozon_sim::Running) {
    let (vygruzka, store, folder) = on_sqlite().await;
    let running = simulator(30, options).await;
    vygruzka.add_cabinet(&running.base_url());
    (vygruzka, store, folder, running)
}

/// The value of a series by its name and a part of its labels.
fn value(text: &str, name: &str, label: &str) -> Option<f64> {
    let is_it = |line: &&str| line.starts_with(&format!("{name}{{")) && line.contains(label);
    text.lines().find(is_it).and_then(|line| line.rsplit(' ').next()?.parse().ok())
}

/// The names that the dashboard asks for, as they are told.
fn names_on_the_dashboard() -> BTreeSet<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/grafana/dashboard.json");
    let board: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("is there")).expect("JSON");
    let targets =
        board["panels"].as_array().expect("panels").iter().filter_map(|panel| panel["targets"].as_array());
    let asked = targets.flatten().map(|target| target["expr"].as_str().expect("an expression"));
    let words = asked.flat_map(|text| text.split(|c: char| !c.is_ascii_lowercase() && c != '_'));
    words.filter(|word| word.starts_with("vygruzka_")).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_is_seen_in_the_figures_and_so_is_all_that_the_dashboard_shows() {
    let (vygruzka, store, _folder, running) = shop(&GeneratorOptions::default()).await;
    let token = vygruzka.done(&["token", "add", "1С", "--role", "admin"], "");
    let server = Server::start(&vygruzka).await;
    let cabinet = store.cabinet_named("Тест").await.expect("is there").id;
    server.load(cabinet, token.trim()).await;
    let loaded =
        |text: &str| value(text, "vygruzka_loads_total", "result=\"done\"").is_some_and(|n| n >= 1.0);
    server.until("/metrics", loaded).await;
    store.keep_reconciliation(&compared(cabinet), None).await.expect("is kept");
    let secret = store.hook_secret(cabinet).await.expect("is made");
    let hook = format!("{}/hooks/ozon/{secret}", server.base);
    let answer = server.client.post(&hook).body("nonsense").send().await.expect("it answers");
    assert_eq!(answer.status().as_u16(), 400);
    server
        .client
        .post(&hook)
        .body(r#"{"message_type":"TYPE_PING","time":"2026-11-23T08:00:00Z"}"#)
        .send()
        .await
        .ok();
    server.get("/sign-in?q=Ivanov").await.expect("it answers");
    server.get("/nothing/is/here").await.expect("it answers");
    let told = |text: &str| text.contains("vygruzka_cabinet_differences{") && text.contains("key_days{");
    let text = server.until("/metrics", told).await;

    let of = |name: &str, label: &str| value(&text, name, label);
    assert_eq!(of("vygruzka_postings_total", "became=\"failed\""), Some(0.0), "{text}");
    let seen: f64 = ["created", "updated", "unchanged", "skipped", "failed"]
        .iter()
        .filter_map(|became| of("vygruzka_postings_total", &format!("became=\"{became}\"")))
        .sum();
    assert!(seen >= 30.0, "{text}");
    assert!(of("vygruzka_ozon_calls_total", "outcome=\"ok\"").is_some_and(|n| n >= 1.0));
    assert!(of("vygruzka_cabinet_load_age_seconds", "cabinet=\"Тест\"").is_some_and(|age| age < 300.0));
    assert!(of("vygruzka_cabinet_key_days", "cabinet=\"Тест\"").is_some_and(|days| days > 1.0));
    assert_eq!(of("vygruzka_cabinet_differences", "cabinet"), Some(2.0));
    assert_eq!(of("vygruzka_outbox_items", "kind=\"push\",state=\"refused\""), Some(0.0));
    assert_eq!(of("vygruzka_push_messages_total", "result=\"refused\""), Some(1.0));
    assert_eq!(of("vygruzka_push_messages_total", "result=\"ping\""), Some(1.0));
    assert!(of("vygruzka_http_requests_total", "route=\"unmatched\",status=\"404\"").is_some());
    assert!(of("vygruzka_http_requests_total", "route=\"/hooks/ozon/{secret}\"").is_some(), "{text}");
    assert!(!text.contains(&secret) && !text.contains("nothing/is") && !text.contains("Ivanov"));
    for name in names_on_the_dashboard() {
        let is_told =
            |line: &str| line.starts_with(&format!("{name}{{")) || line.starts_with(&format!("{name} "));
        assert!(text.lines().any(is_told), "{name} is not told: {text}");
    }
    running.shutdown().await;
}

/// A comparison that left two postings differing.
fn compared(cabinet: domain::CabinetId) -> storage::reconciliations::Reconciliation {
    let at = chrono::Utc::now();
    storage::reconciliations::Reconciliation {
        id: 0,
        cabinet_id: cabinet,
        cause: storage::runs::Cause::Command,
        since: at,
        until: at,
        started_at: at,
        finished_at: at,
        compared: storage::reconciliations::Compared { missing: 3, repaired: 1, ..Default::default() },
        findings: Vec::new(),
        error_code: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_this_machine_or_on_an_address_of_their_own() {
    let (vygruzka, _store, _folder) = on_sqlite().await;
    let server = Server::start(&vygruzka).await;
    assert_eq!(server.get("/metrics").await.expect("it answers").status().as_u16(), 200);
    // A proxy on this machine speaks for others.
    let by_proxy = server.client.get(format!("{}/metrics", server.base)).header("x-forwarded-for", "8.8.8.8");
    assert_eq!(by_proxy.send().await.expect("it answers").status().as_u16(), 403);
    drop(server);

    let own = free_address();
    let server = Server::start(&vygruzka.with("VYGRUZKA_METRICS_LISTEN", &own)).await;
    assert_eq!(server.get("/metrics").await.expect("it answers").status().as_u16(), 404);
    let text = server.client.get(format!("http://{own}/metrics")).send().await.expect("it answers");
    assert!(text.text().await.expect("text").contains("vygruzka_database_up 1"));
    let panel = server.client.get(format!("http://{own}/sign-in")).send().await.expect("it answers");
    assert_eq!(panel.status().as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_holds_no_secret_and_nobodys_data_however_much_it_tells() {
    let options = GeneratorOptions {
        statuses: vec![Status::AwaitingPackaging],
        delivery_types: vec![DeliveryType::NonIntegrated],
        ..GeneratorOptions::default()
    };
    let (vygruzka, store, _folder, running) = shop(&options).await;
    vygruzka.done(&["user", "add", "olga@example.com", "--role", "admin"], PASSWORD);
    let token = vygruzka.done(&["token", "add", "1С", "--role", "admin"], "").trim().to_owned();
    let vygruzka = vygruzka.with("VYGRUZKA_LOG", "debug").with("VYGRUZKA_LOG_FORMAT", "json");
    let server = Server::start(&vygruzka).await;
    let cabinet = store.cabinet_named("Тест").await.expect("is there").id;
    server.load(cabinet, &token).await;
    server.until("/metrics", |text| value(text, "vygruzka_loads_total", "result=\"done\"").is_some()).await;

    let truths = running.handle().truths(CLIENT_ID);
    let buyers: Vec<_> = truths.iter().filter_map(|truth| truth.buyer.as_ref()).collect();
    let name = buyers.first().expect("realFBS postings have buyers").name.clone();
    let form = format!("email=olga%40example.com&password={}", PASSWORD.replace(' ', "+"));
    let post = |path: &str, form: String| {
        let request = server.client.post(format!("{}{path}", server.base)).body(form);
        request.header("content-type", "application/x-www-form-urlencoded")
    };
    let answer = post("/sign-in", form).send().await.expect("it answers");
    assert!(answer.status().is_redirection(), "{}", answer.status());
    let cookie =
        answer.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a pair").to_owned();
    let ask = |path: &str| server.client.get(format!("{}{path}", server.base)).header("cookie", &cookie);
    let searched = ask("/orders").query_pair("q", &name).send().await.expect("it answers");
    assert_eq!(searched.status().as_u16(), 200);
    assert!(searched.text().await.expect("a page").contains(&name), "the search finds the person");
    // What cannot be read is told by axum in the typed words.
    let odd = ask("/orders").query_pair("cabinet", &name).send().await.expect("it answers");
    drop(odd);
    post("/sign-in", format!("email={name}&email={name}")).send().await.expect("it answers");
    let orders = format!("{}/api/v1/orders", server.base);
    let by_token = server.client.get(&orders).query_pair("q", &name).bearer_auth(&token).send().await;
    assert_eq!(by_token.expect("it answers").status().as_u16(), 200);

    running.handle().deactivate_key(CLIENT_ID).expect("the cabinet is there");
    server.load(cabinet, &token).await;
    let failed = "result=\"key_deactivated\"";
    server.until("/metrics", |text| value(text, "vygruzka_loads_total", failed).is_some()).await;

    let log = server.log();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    let with_span = |name: &str, field: &str| {
        lines.iter().any(|line| {
            line["spans"]
                .as_array()
                .is_some_and(|spans| spans.iter().any(|span| span["name"] == name && !span[field].is_null()))
        })
    };
    assert!(with_span("request", "route") && with_span("request", "id"), "{log}");
    assert!(with_span("load", "run") && with_span("load", "cabinet"), "{log}");
    assert!(lines.iter().any(|line| line["message"] == "load complete"), "{log}");
    assert!(log.contains("key_deactivated"), "the failing key is told: {log}");

    let session = cookie.split_once('=').expect("a pair").1;
    let mut private = vec![API_KEY.to_owned(), token, PASSWORD.to_owned(), session.to_owned()];
    private.push("olga@example.com".to_owned());
    private.extend(key_file(&vygruzka.folder));
    for buyer in buyers {
        private.extend([buyer.name.clone(), buyer.phone.clone(), buyer.address_tail.clone()]);
        private.extend(buyer.name.split(' ').map(str::to_owned));
    }
    for word in private.iter().filter(|word| word.chars().count() > 3) {
        let coded = reqwest::Url::parse_with_params("http://x/", [("q", word)]).expect("an address");
        let coded = coded.query().expect("a query").trim_start_matches("q=").to_owned();
        assert!(!log.contains(word.as_str()) && !log.contains(&coded), "the log holds «{word}»: {log}");
    }
    running.shutdown().await;
}

fn key_file(folder: &Path) -> Option<String> {
    std::fs::read_to_string(folder.join("data/vygruzka.key")).ok()
}

/// A query of one pair, which the client without its `query` feature does not write.
trait QueryPair {
    fn query_pair(self, name: &str, value: &str) -> Self;
}

impl QueryPair for reqwest::RequestBuilder {
    fn query_pair(self, name: &str, value: &str) -> Self {
        let (client, request) = self.build_split();
        let mut request = request.expect("a request");
        request.url_mut().query_pairs_mut().append_pair(name, value);
        Self::from_parts(client, request)
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn new_data_is_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let (vygruzka, _store, folder) = on_sqlite().await;
    for (path, mode) in [("data", 0o700), ("data/vygruzka.db", 0o600), ("data/vygruzka.key", 0o600)] {
        let about = std::fs::metadata(folder.path().join(path)).expect("is there");
        assert_eq!(about.permissions().mode() & 0o777, mode, "{path}");
    }
    std::fs::set_permissions(folder.path().join("data/vygruzka.key"), std::fs::Permissions::from_mode(0o644))
        .expect("is changed");
    let said = doctor(&vygruzka);
    assert!(said.contains("PROBLEM  others can read the secret key"), "{said}");
}

fn doctor(vygruzka: &Vygruzka) -> String {
    String::from_utf8(vygruzka.run(&["doctor"]).stdout).expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_tells_what_waits_for_a_person_in_a_cabinet() {
    let (vygruzka, store, _folder, running) = shop(&GeneratorOptions::default()).await;
    vygruzka.done(&["user", "add", "a@example.com", "--role", "admin"], "");
    vygruzka.json(&["import", "Тест", "--json"]);
    let said = doctor(&vygruzka);
    assert!(!said.contains("PROBLEM"), "{said}");
    assert!(said.contains("the clocks of this machine and of Ozon agree"), "{said}");

    let cabinet = store.cabinet_named("Тест").await.expect("is there").id;
    let arrival = storage::intake::Arrival {
        cabinet,
        shown_by: storage::intake::ShownBy::List,
        read_at: chrono::Utc::now(),
        postings: vec![storage::intake::Arrived {
            number: domain::PostingNumber::new("1-1-1").expect("a literal number"),
            raw: "{}".to_owned(),
            posting: Err("status: expected a text".to_owned()),
        }],
    };
    store.take_in(&arrival, chrono::Utc::now(), false).await.expect("is taken in");
    let said = doctor(&vygruzka.clone().with("VYGRUZKA_LISTENS", "0.0.0.0:80"));
    assert!(said.contains("PROBLEM  cabinet «Тест»: 1 postings could not be read"), "{said}");
    assert!(said.contains("PROBLEM  the variable VYGRUZKA_LISTENS"), "{said}");
    let open = vygruzka.clone().with("VYGRUZKA_PUBLIC_URL", "https://shop.example.ru");
    assert!(doctor(&open).contains("PROBLEM  administrator a@example.com has no second factor"));
    store.disable_cabinet(cabinet, chrono::Utc::now(), "test").await.expect("is disabled");
    assert!(doctor(&vygruzka).contains("PROBLEM  every cabinet is disabled"));

    std::fs::remove_file(vygruzka.folder.join("data/vygruzka.key")).expect("is removed");
    let said = doctor(&vygruzka);
    assert!(said.contains("PROBLEM  the secret key") && said.contains("put its copy back"), "{said}");
    assert!(key_file(&vygruzka.folder).is_none(), "doctor only looks");
    running.shutdown().await;
}
