//! Figures for Prometheus: the recorder that the whole process counts into, and the address at which they are read.

mod catalogue;
mod standing;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sync::Desk;
use tokio::sync::Mutex;

use crate::failure::Failure;

/// How long what the database told is told again, so that no scraper can burden it.
const KEPT: Duration = Duration::from_secs(5);
/// How often durations are sorted into their buckets when nobody reads them.
const UPKEEP: Duration = Duration::from_secs(5);
/// Seconds of requests and calls.
const QUICK: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// Seconds of loads.
const SLOW: &[f64] = &[1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];
/// Headers by which a proxy says that it speaks for somebody else.
const OF_PROXIES: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];
/// The form of the text (Prometheus, version 0.0.4).
const FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is counted, and what is asked of the database when somebody reads; cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    counted: PrometheusHandle,
    desk: Desk,
    kept: Arc<Mutex<Option<(Instant, String)>>>,
}

impl Metrics {
    /// Begins to count.
    ///
    /// # Errors
    /// When the process counts already.
    pub fn begin(desk: &Desk) -> Result<Self, Failure> {
        let failed =
            |error: &dyn std::fmt::Display| Failure::Failed(format!("no figures can be kept: {error}"));
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full("vygruzka_load_seconds".to_owned()), SLOW)
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), QUICK))
            .map_err(|error| failed(&error))?
            .build_recorder();
        let counted = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|error| failed(&error))?;
        catalogue::describe(catalogue::Source::Counted);
        catalogue::begin_at_nought();
        let began = desk.now() - chrono::DateTime::UNIX_EPOCH;
        metrics::gauge!("process_start_time_seconds").set(began.as_seconds_f64());
        metrics::gauge!("vygruzka_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(Self { counted, desk: desk.clone(), kept: Arc::default() })
    }

    /// Sorts durations into their buckets until the desk stops.
    pub async fn keep_up(self) {
        loop {
            tokio::select! {
                () = self.desk.stopping() => break,
                () = tokio::time::sleep(UPKEEP) => self.counted.run_upkeep(),
            }
        }
    }

    /// `/metrics` on the panel's address: for programs on this machine that no proxy speaks for.
    pub fn beside_the_panel(self) -> Router {
        Router::new().route("/metrics", get(to_this_machine)).with_state(self)
    }

    /// `/metrics` on an address of its own: for whoever reaches it.
    pub fn alone(self) -> Router {
        let all = async |State(metrics): State<Self>| metrics.answer().await;
        Router::new().route("/metrics", get(all)).with_state(self)
    }

    async fn answer(&self) -> Response {
        let text = self.counted.render() + &self.standing().await;
        ([(header::CONTENT_TYPE, FORM)], text).into_response()
    }

    /// What the database tells. Of several who read at once one asks, and the others wait for its answer.
    async fn standing(&self) -> String {
        let mut kept = self.kept.lock().await;
        if let Some((at, text)) = kept.as_ref()
            && at.elapsed() < KEPT
        {
            return text.clone();
        }
        let text = standing::text(self.desk.store(), self.desk.now()).await;
        *kept = Some((Instant::now(), text.clone()));
        text
    }
}

async fn to_this_machine(
    State(metrics): State<Metrics>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let is_for_others = OF_PROXIES.iter().any(|name| headers.contains_key(*name));
    if is_for_others || !peer.ip().to_canonical().is_loopback() {
        let why = "figures are told to programs on this machine only; metrics_listen gives them an address of their own\n";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    metrics.answer().await
}
