//! The product's own server as a child, and a person and a program that ask it.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::Utc;
use reqwest::{Client, StatusCode};
use storage::{Role, Store};

use crate::Outcome;
use crate::fill::PEOPLE;
use crate::place::{Base, ZONE};

const PORT: u16 = 18_980;
/// How long a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs; it ends with this value.
pub struct Server {
    child: Child,
    /// From its start to its first answer.
    pub started_in: Duration,
}

/// The product's own program, beside this one.
pub fn program() -> Outcome<std::path::PathBuf> {
    let path = std::env::current_exe()?.with_file_name("vygruzka");
    if path.is_file() {
        Ok(path)
    } else {
        Err(format!("{} is not built; ./bench builds it", path.display()).into())
    }
}

/// Its address.
pub fn url(path: &str) -> String {
    format!("http://127.0.0.1:{PORT}{path}")
}

impl Server {
    /// Starts it over a store and waits for its first answer.
    pub async fn start(base: &Base, folder: &std::path::Path) -> Outcome<Self> {
        let mut command = Command::new(program()?);
        command.args(["serve", "--listen", &format!("127.0.0.1:{PORT}")]);
        command.env("VYGRUZKA_DATABASE_URL", absolute(&base.url)?).env("VYGRUZKA_SECRET_KEY", &base.key);
        command.env("VYGRUZKA_TIME_ZONE", ZONE.name()).env("VYGRUZKA_LOG", "error");
        // As the service and the image have it.
        command.env("MALLOC_ARENA_MAX", "2");
        command.current_dir(folder).stdin(Stdio::null());
        let client = client()?;
        let began = Instant::now();
        let mut child = command.spawn()?;
        while began.elapsed() < PATIENCE {
            if let Ok(answer) = client.get(url("/healthz")).send().await
                && answer.status() == StatusCode::OK
            {
                return Ok(Self { child, started_in: began.elapsed() });
            }
            if let Some(ended) = child.try_wait()? {
                return Err(format!("the server ended at once: {ended}").into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let _ = child.kill();
        Err("the server does not answer".into())
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address of a store as a process in another folder needs it.
fn absolute(url: &str) -> Outcome<String> {
    match url.strip_prefix("sqlite://") {
        Some(path) => Ok(format!("sqlite://{}", std::fs::canonicalize(path)?.display())),
        None => Ok(url.to_owned()),
    }
}

/// A client that reads compressed answers, as browsers do.
pub fn client() -> Outcome<Client> {
    Ok(Client::builder().tcp_nodelay(true).redirect(reqwest::redirect::Policy::none()).build()?)
}

/// Somebody who may ask.
#[derive(Clone)]
pub struct Asker {
    client: Client,
    header: (&'static str, String),
}

impl Asker {
    /// A person who is signed in to the panel.
    pub async fn person(store: &Store, at: usize) -> Outcome<Self> {
        let email = PEOPLE[at % PEOPLE.len()];
        let (user, _) = store.user_by_email(email).await?.ok_or("the store has no such person")?;
        let token = store.open_session(user.id, "bench", Utc::now(), chrono::Duration::days(1)).await?;
        Ok(Self { client: client()?, header: ("cookie", format!("vygruzka_session={token}; lang=ru")) })
    }

    /// A program with a token.
    pub async fn program(store: &Store, role: Role) -> Outcome<Self> {
        let name = format!("bench {}", Utc::now().timestamp_micros());
        let (_, token) = store.add_token(&name, role, Utc::now()).await?;
        Ok(Self { client: client()?, header: ("authorization", format!("Bearer {token}")) })
    }

    /// Asks for an address and reads the whole answer: the text and how long it took.
    pub async fn get(&self, path: &str) -> Outcome<(String, Duration)> {
        let began = Instant::now();
        let answer = self.client.get(url(path)).header(self.header.0, &self.header.1).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        let took = began.elapsed();
        if status != StatusCode::OK {
            return Err(format!(
                "{path} was answered {status}: {}",
                text.chars().take(300).collect::<String>()
            )
            .into());
        }
        Ok((text, took))
    }

    /// Asks for something to be done.
    pub async fn post(&self, path: &str) -> Outcome<String> {
        let answer = self.client.post(url(path)).header(self.header.0, &self.header.1).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            return Err(format!("{path} was answered {status}: {text}").into());
        }
        Ok(text)
    }
}
