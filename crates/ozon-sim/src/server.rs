//! Owns the HTTP server: its configuration, its start and its end. Does not answer requests.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::ClockSettings;
use crate::control;
use crate::handle::Handle;
use crate::limiter::Limits;
use crate::log::LogSettings;
use crate::pipeline::serve_api;
use crate::push::sender::{self, PushSettings};
use crate::wire::{BreakableListener, Breaker};

/// How long a shutdown waits for answers under way.
const GRACE: Duration = Duration::from_secs(1);

/// How requests are judged and answers wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Refuse what Ozon silently ignores: unknown fields, nulls, unknown words in filters.
    pub strict: bool,
    /// Wrap the answers of the v4 lists in `result`, as was seen live once.
    pub result_wrapper: bool,
    /// After so many milliseconds of the virtual clock a move of the seller is seen; Ozon answers
    /// at once and moves later.
    pub change_delay_millis: u32,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { strict: true, result_wrapper: false, change_delay_millis: 2_000 }
    }
}

impl Behaviour {
    /// As the living API: unknown fields are ignored.
    pub fn live_like() -> Self {
        Self { strict: false, ..Self::default() }
    }
}

/// How a simulator is started.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Where to listen; a free port of the loopback by default.
    pub listen: SocketAddr,
    /// The virtual clock.
    pub clock: ClockSettings,
    /// Limits in real time.
    pub limits: Limits,
    /// Judging and wrapping.
    pub behaviour: Behaviour,
    /// What is kept of requests.
    pub log: LogSettings,
    /// How push messages are sent.
    pub pushes: PushSettings,
    /// Serve the control interface under `/_sim`.
    pub control: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            clock: ClockSettings::default(),
            limits: Limits::default(),
            behaviour: Behaviour::default(),
            log: LogSettings::default(),
            pushes: PushSettings::default(),
            control: true,
        }
    }
}

/// Starts simulators.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Starts a simulator without cabinets.
    pub async fn start(config: Config) -> io::Result<Running> {
        Self::start_with(Handle::new(&config), config).await
    }

    /// Serves a state that is there already, for instance after an outage. Of `config` only
    /// `listen` and `control` count.
    pub async fn start_with(handle: Handle, config: Config) -> io::Result<Running> {
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let mut router = Router::new().fallback(serve_api).with_state(handle.clone());
        if config.control {
            router = router.nest("/_sim", control::router(handle.clone()));
        }
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<Breaker>();
            let served =
                axum::serve(BreakableListener(listener), service).with_graceful_shutdown(stopped).await;
            if let Err(error) = served {
                tracing::error!(%error, "the simulator stopped serving");
            }
        });
        let pusher = tokio::spawn(sender::run(handle.clone(), stop.clone()));
        Ok(Running { handle, address, stop, task: Some(task), pusher })
    }
}

/// A running simulator; stops when dropped.
#[derive(Debug)]
pub struct Running {
    handle: Handle,
    address: SocketAddr,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
    pusher: JoinHandle<()>,
}

impl Running {
    /// `http://127.0.0.1:port`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The state.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Stops listening, waits a second for answers under way, breaks off the rest.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(mut task) = self.task.take()
            && tokio::time::timeout(GRACE, &mut task).await.is_err()
        {
            task.abort();
        }
    }

    /// Waits until serving ends, that is until something else stops it.
    pub async fn wait(mut self) {
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the simulator's task broke off");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
        self.pusher.abort();
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}
