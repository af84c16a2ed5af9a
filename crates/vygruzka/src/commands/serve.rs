//! `serve`: panel, REST API, schedule and outbox, until a signal ends it.

use std::net::SocketAddr;

use sync::Desk;
use tokio::net::TcpListener;
use web::{AppState, Demo, MailServers, Networks, WebConfig};

use crate::config::{Config, Stopping};
use crate::failure::Failure;
use crate::metrics::Metrics;

pub async fn run(config: &Config, desk: Desk, listen: SocketAddr) -> Result<(), Failure> {
    let listener = bind(listen).await?;
    let address = listener.local_addr()?;
    let base = config.public_url.as_ref().map_or_else(|| format!("http://{address}"), ToString::to_string);
    tracing::info!("the panel is at {base}");
    if let Some(path) = web::set_up_path(desk.store()).await? {
        let base = base.trim_end_matches('/');
        tracing::warn!("nobody can sign in yet; the first administrator is made once at {base}{path}");
    }
    for name in &config.strangers {
        tracing::warn!("the variable {name} is none of ours and changes nothing");
    }
    let web = WebConfig {
        public_url: config.public_url.clone(),
        api_urls: config.api_urls.clone(),
        mail_servers: config.mail_servers.clone(),
        time_zone: config.time_zone,
        networks: config.networks.clone(),
        version: env!("CARGO_PKG_VERSION"),
        demo: None,
    };
    serve(listener, desk, web, config.stopping, config.metrics_listen).await
}

/// Listens.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen)
        .await
        .map_err(|e| Failure::Failed(format!("the address {listen} cannot be listened on: {e}")))
}

/// Serves until a signal, then lets requests, pages of loads and calls to Ozon end in order, for a time; a second signal
/// ends it at once.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    config: WebConfig,
    stopping: Stopping,
    metrics_listen: Option<SocketAddr>,
) -> Result<(), Failure> {
    let mut signals = Signals::new()?;
    let metrics = Metrics::begin(&desk)?;
    let upkeep = tokio::spawn(metrics.clone().keep_up());
    let state = AppState::new(desk.store().clone(), desk.clone(), config);
    let mut site = web::router(state.clone());
    let apart = match metrics_listen {
        None => {
            site = site.merge(metrics.beside_the_panel());
            None
        }
        Some(address) => {
            let served = axum::serve(bind(address).await?, metrics.alone());
            Some(tokio::spawn(served.with_graceful_shutdown(desk.stopping()).into_future()))
        }
    };
    let schedule = tokio::spawn({
        let desk = desk.clone();
        async move { desk.run_scheduler().await }
    });
    let outbox = tokio::spawn({
        let desk = desk.clone();
        async move { desk.run_outbox().await }
    });
    let reader = tokio::spawn({
        let desk = desk.clone();
        async move { desk.run_reader().await }
    });
    let in_order = async {
        // Pages that stand open hold streams, which end with the desk too.
        crate::serving::serve(listener, site, desk.stopping()).await;
        desk.stop().await;
        // All end with the desk, the outbox after the calls that it has begun; a panic was logged when it happened.
        for ended in [schedule, outbox, reader, upkeep] {
            let _ = ended.await;
        }
        if let Some(apart) = apart {
            let _ = apart.await;
        }
    };
    let cut_short = async {
        let asked = signals.next().await;
        state.begin_to_drain();
        if asked == Signal::Terminate && !stopping.drain.is_zero() {
            tracing::info!("stopping; requests are taken for {} s more", stopping.drain.as_secs());
            tokio::select! {
                () = tokio::time::sleep(stopping.drain) => {}
                _ = signals.next() => return "asked to twice",
            }
        }
        desk.begin_to_stop();
        tokio::select! {
            () = tokio::time::sleep(stopping.most) => "it took too long",
            _ = signals.next() => "asked to twice",
        }
    };
    tokio::select! {
        () = in_order => Ok(()),
        why = cut_short => {
            // Whatever has not ended is as after a crash: whole pages, leases that run out, pushes that are looked after.
            desk.begin_to_stop();
            tracing::warn!("stopped before everything had ended: {why}");
            Ok(())
        }
    }
}

/// What ends a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    /// Somebody at a terminal: Ctrl+C.
    Interrupt,
    /// Whatever looks after the process.
    Terminate,
}

/// Signals as they come; none is missed between two looks.
struct Signals {
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupted = signal(SignalKind::interrupt())?;
        Ok(Self { interrupted, terminated: signal(SignalKind::terminate())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupted.recv() => Signal::Interrupt,
            _ = self.terminated.recv() => Signal::Terminate,
        }
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::Interrupt
    }
}

/// What a demonstration shows on its sign-in page.
pub fn demo_config(api_url: String, zone: chrono_tz::Tz, email: &str, password: &str) -> WebConfig {
    WebConfig {
        public_url: None,
        api_urls: vec![api_url],
        mail_servers: MailServers::default(),
        time_zone: zone,
        networks: Networks::default(),
        version: env!("CARGO_PKG_VERSION"),
        demo: Some(Demo { email: email.to_owned(), password: password.to_owned() }),
    }
}
