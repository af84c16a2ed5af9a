//! Parts that run in processes of their own, so that what they use is theirs alone. Each prints one line of JSON.

use std::process::{Command, Stdio};
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use clap::Subcommand;
use ozon_api::methods::{ListPostings, ListUnfulfilled, PostingPage};
use ozon_api::{Client, ClientOptions, Credentials, Limits, Paged};
use serde::{Deserialize, Serialize};
use storage::runs::Cause;
use storage::{Config, SecretKey, Store};
use sync::{Clock, Desk, LoadOptions};

use crate::place::ZONE;
use crate::simulator::{self, API_KEY, CLIENT_ID};
use crate::{Outcome, process};

/// Which part.
#[derive(Debug, Subcommand)]
pub enum Part {
    /// The simulated Ozon.
    Simulator(simulator::Content),
    /// Goes through the same pages as a first load, decodes them, and keeps nothing.
    Download {
        /// Ask for what is still open too, as a load does.
        #[arg(long)]
        open: bool,
    },
    /// Loads the simulated cabinet, several times one after another.
    Load {
        /// Address of the store.
        #[arg(long)]
        url: String,
        /// How often.
        #[arg(long, default_value_t = 1)]
        times: u32,
    },
}

/// What one pass used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Used {
    /// Distinct postings of a load; every posting shown of a download.
    pub seen: u64,
    /// Orders made.
    pub created: u64,
    /// Pages read.
    pub pages: u64,
    /// Requests that the simulator answered.
    pub requests: u64,
    /// Seconds.
    pub seconds: f64,
    /// Seconds of processor time.
    pub processor: f64,
    /// The most memory so far, bytes.
    pub peak: u64,
}

/// Runs a part.
pub async fn run(part: Part) -> Outcome<()> {
    let passes = match part {
        Part::Simulator(content) => return simulator::serve(content).await,
        Part::Download { open } => vec![download(open).await?],
        Part::Load { url, times } => load(url, times).await?,
    };
    println!("{}", serde_json::to_string(&passes)?);
    Ok(())
}

fn options() -> ClientOptions {
    ClientOptions { base_url: simulator::url(), limits: Limits::unlimited(), ..ClientOptions::default() }
}

async fn download(open: bool) -> Outcome<Used> {
    let credentials = Credentials { client_id: CLIENT_ID.to_owned(), api_key: API_KEY.into() };
    let client = Client::new(&credentials, options())?;
    let now: DateTime<Utc> = Utc::now();
    let measuring = Measuring::begin().await?;
    let (mut pages, mut seen) = (0, 0);
    if open {
        // As many statuses as a load asks for, so that the pages are the same.
        let mut request = ListUnfulfilled::by_cutoff(now - Duration::days(90), now + Duration::days(90));
        request.filter.statuses = sync::open_statuses();
        go_through(&client, request, &mut pages, &mut seen).await?;
    }
    go_through(&client, ListPostings::of_period(now - sync::REACH, now), &mut pages, &mut seen).await?;
    measuring.end(seen, 0, pages).await
}

async fn go_through<R>(client: &Client, request: R, pages: &mut u64, seen: &mut u64) -> Outcome<()>
where
    R: Paged<Answer = PostingPage>,
{
    let mut list = client.pages(request);
    while let Some(page) = list.next().await {
        let items = page?.value.items;
        *pages += 1;
        *seen += items.iter().filter(|item| item.decoded.is_ok()).count() as u64;
    }
    Ok(())
}

async fn load(url: String, times: u32) -> Outcome<Vec<Used>> {
    let key = std::env::var("VYGRUZKA_SECRET_KEY")?;
    let secret_key = SecretKey::from_base64(&key);
    let store = Store::open(&Config { database_url: url, secret_key, zone: ZONE }).await?;
    let cabinet = store.cabinet_named(CLIENT_ID).await?.id;
    let config = sync::Config { client: options(), ..sync::Config::default() };
    let desk = Desk::new(store.clone(), config, Clock::system());
    let mut passes = Vec::new();
    for _ in 0..times {
        let measuring = Measuring::begin().await?;
        let figures = desk.load(cabinet, Cause::Command, LoadOptions::default()).await?.figures;
        passes.push(measuring.end(figures.seen, figures.created, figures.pages).await?);
    }
    store.close().await?;
    Ok(passes)
}

/// A pass that is under way.
struct Measuring {
    began: Instant,
    processor: std::time::Duration,
    requests: u64,
}

impl Measuring {
    async fn begin() -> Outcome<Self> {
        let requests = simulator::requests().await?;
        Ok(Self { processor: process::processor(std::process::id())?, began: Instant::now(), requests })
    }

    async fn end(self, seen: u64, created: u64, pages: u64) -> Outcome<Used> {
        let seconds = self.began.elapsed().as_secs_f64();
        let pid = std::process::id();
        let processor = process::processor(pid)?.saturating_sub(self.processor).as_secs_f64();
        let requests = simulator::requests().await? - self.requests;
        Ok(Used { seen, created, pages, requests, seconds, processor, peak: process::peak_memory(pid)? })
    }
}

/// Runs a part in a child and reads what it used.
pub async fn child(arguments: &[&str], key: &str) -> Outcome<Vec<Used>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("measured").args(arguments).env("VYGRUZKA_SECRET_KEY", key).stderr(Stdio::inherit());
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    if !output.status.success() {
        return Err(format!("the part {arguments:?} failed").into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
