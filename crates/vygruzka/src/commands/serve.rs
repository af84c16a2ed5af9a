//! `serve`: panel, REST API, schedule and outbox, until a signal ends it.

use std::net::SocketAddr;

use sync::Desk;
use tokio::net::TcpListener;
use web::{AppState, Demo, Networks, WebConfig};

use crate::config::Config;
use crate::failure::Failure;

pub async fn run(config: &Config, desk: Desk, listen: SocketAddr) -> Result<(), Failure> {
    let listener = bind(listen).await?;
    let address = listener.local_addr()?;
    let base = config.public_url.as_ref().map_or_else(|| format!("http://{address}"), ToString::to_string);
    tracing::info!("the panel is at {base}");
    if let Some(path) = web::set_up_path(desk.store()).await? {
        let base = base.trim_end_matches('/');
        tracing::warn!("nobody can sign in yet; the first administrator is made once at {base}{path}");
    }
    let web = WebConfig {
        public_url: config.public_url.clone(),
        api_urls: config.api_urls.clone(),
        time_zone: config.time_zone,
        networks: config.networks.clone(),
        version: env!("CARGO_PKG_VERSION"),
        demo: None,
    };
    serve(listener, desk, web).await
}

/// Listens.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen)
        .await
        .map_err(|e| Failure::Failed(format!("the address {listen} cannot be listened on: {e}")))
}

/// Serves until a signal, then lets requests, pages of loads and calls to Ozon end in order.
pub async fn serve(listener: TcpListener, desk: Desk, config: WebConfig) -> Result<(), Failure> {
    let state = AppState::new(desk.store().clone(), desk.clone(), config);
    let service = web::router(state).into_make_service_with_connect_info::<SocketAddr>();
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
    // The desk is told at once: pages that stand open hold streams, which end with it.
    let told = {
        let desk = desk.clone();
        async move {
            signal().await;
            desk.begin_to_stop();
        }
    };
    axum::serve(listener, service).with_graceful_shutdown(told).await?;
    desk.stop().await;
    // All end with the desk, the outbox after the calls that it has begun; a panic was logged when it happened.
    for ended in [schedule, outbox, reader] {
        let _ = ended.await;
    }
    Ok(())
}

async fn signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

/// What a demonstration shows on its sign-in page.
pub fn demo_config(api_url: String, zone: chrono_tz::Tz, email: &str, password: &str) -> WebConfig {
    WebConfig {
        public_url: None,
        api_urls: vec![api_url],
        time_zone: zone,
        networks: Networks::default(),
        version: env!("CARGO_PKG_VERSION"),
        demo: Some(Demo { email: email.to_owned(), password: password.to_owned() }),
    }
}
