//! Runs the binary as a person would, beside a simulator in the test's own process.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use ozon_sim::{CabinetSettings, Config, GeneratorOptions, Running, Simulator};
use serde_json::Value;
use storage::Store;
use tempfile::TempDir;
use testkit::TestDatabase;

pub const CLIENT_ID: &str = "4242";
pub const API_KEY: &str = "key-of-the-test";

/// A simulator with one cabinet.
pub async fn simulator(postings: usize, options: &GeneratorOptions) -> Running {
    let running = Simulator::start(Config::default()).await.expect("the simulator starts");
    running.handle().lift_limits();
    running.handle().add_cabinet(CabinetSettings::new(CLIENT_ID, API_KEY));
    running.handle().generate(CLIENT_ID, postings, options).expect("postings are made");
    running
}

/// The binary with its environment: a data folder or PostgreSQL database of the test's own.
#[derive(Clone)]
pub struct Vygruzka {
    pub folder: std::path::PathBuf,
    pub environment: Vec<(String, String)>,
}

impl Vygruzka {
    pub fn on_sqlite(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), environment: Vec::new() }
    }

    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.environment.push((key.to_owned(), value.to_owned()));
        self
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vygruzka"));
        command.args(arguments).current_dir(&self.folder).envs(self.environment.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().expect("the binary starts")
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary starts")
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the binary starts");
        // A command that refuses before it reads closes the pipe; its own words are what counts then.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        child.wait_with_output().expect("the binary ends")
    }

    /// Runs a command that must do it; what it printed.
    pub fn done(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run_with_input(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let text = self.done(arguments, "");
        serde_json::from_str(&text)
            .unwrap_or_else(|e| panic!("{arguments:?} printed no single JSON object ({e}): {text}"))
    }

    pub fn add_cabinet(&self, api_url: &str) {
        let arguments = ["cabinet", "add", "Тест", "--client-id", CLIENT_ID, "--api-url", api_url];
        self.done(&arguments, &format!("{API_KEY}\n"));
    }
}

/// The binary on a new SQLite database, the store in it, and the folder that both live in.
pub async fn on_sqlite() -> (Vygruzka, Store, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let vygruzka = Vygruzka::on_sqlite(folder.path());
    vygruzka.done(&["migrate"], "");
    let config = storage::Config {
        database_url: format!("sqlite://{}", folder.path().join("data/vygruzka.db").display()),
        secret_key: None,
        zone: chrono_tz::Europe::Moscow,
    };
    let store = Store::open(&config).await.expect("the database opens");
    (vygruzka, store, folder)
}

/// The binary on a new PostgreSQL database, where a server is told.
pub async fn on_postgres() -> Option<(Vygruzka, TestDatabase, TempDir)> {
    let database = TestDatabase::postgres().await?;
    let folder = tempfile::tempdir().expect("a folder");
    let key = database.config.secret_key.as_ref().expect("a key").to_base64();
    let vygruzka = Vygruzka::on_sqlite(folder.path())
        .with("VYGRUZKA_DATABASE_URL", &database.config.database_url)
        .with("VYGRUZKA_SECRET_KEY", &key);
    Some((vygruzka, database, folder))
}

pub fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Whether the settings on install make an order of a posting in this status.
pub fn begins_in(status: &str, also_awaiting_deliver: bool) -> bool {
    let initial = ["awaiting_verification", "awaiting_approve", "awaiting_packaging"];
    let later = ["awaiting_registration", "awaiting_deliver", "acceptance_in_progress"];
    initial.contains(&status) || also_awaiting_deliver && later.contains(&status)
}
