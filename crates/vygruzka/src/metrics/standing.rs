//! What the database tells when somebody reads: how each cabinet stands, what waits to go out, and the connections. Written by a
//! recorder of its own each time, so that a cabinet that was renamed leaves no series behind.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use metrics::gauge;
use metrics_exporter_prometheus::PrometheusBuilder;
use storage::Store;
use storage::cabinets::Cabinet;
use storage::outbox::OutboxState;
use storage::standing::{OutboxStanding, Pool};

use super::catalogue::{self, Source};

const KINDS: [&str; 2] = ["push", "letter"];
const STATES: [OutboxState; 4] =
    [OutboxState::Waiting, OutboxState::Sending, OutboxState::Sent, OutboxState::Refused];

struct Standing {
    /// Each with its unreadable postings, and what its newest comparison left.
    cabinets: Vec<(Cabinet, u64, Option<u64>)>,
    outbox: Vec<OutboxStanding>,
    pool: Pool,
}

/// The figures as text. A database that does not answer is told, and is no error.
pub async fn text(store: &Store, now: DateTime<Utc>) -> String {
    let asked = ask(store).await;
    if let Err(error) = &asked {
        tracing::warn!("the database does not tell its figures: {error}");
    }
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        catalogue::describe(Source::Standing);
        gauge!("vygruzka_database_up").set(f64::from(u8::from(asked.is_ok())));
        if let Ok(standing) = &asked {
            write(standing, now);
        }
    });
    recorder.handle().render()
}

async fn ask(store: &Store) -> storage::Result<Standing> {
    let unreadable: HashMap<_, _> = store.unreadable_postings().await?.into_iter().collect();
    let mut cabinets = Vec::new();
    for cabinet in store.cabinets().await? {
        let compared = store.last_reconciliation(cabinet.id).await?;
        let left = compared.filter(|done| done.error_code.is_none()).map(|done| done.compared.left());
        let unreadable = unreadable.get(&cabinet.id).copied().unwrap_or(0);
        cabinets.push((cabinet, unreadable, left));
    }
    Ok(Standing { cabinets, outbox: store.outbox_standing().await?, pool: store.pool() })
}

fn write(standing: &Standing, now: DateTime<Utc>) {
    for (cabinet, unreadable, left) in &standing.cabinets {
        of_cabinet(cabinet, *unreadable, *left, now);
    }
    for kind in KINDS {
        let mut oldest = None;
        for state in STATES {
            let found = standing.outbox.iter().find(|one| one.kind == kind && one.state == state);
            let many = found.map_or(0, |one| one.many);
            gauge!("vygruzka_outbox_items", "kind" => kind, "state" => state.to_string()).set(figure(many));
            if state == OutboxState::Waiting {
                oldest = found.map(|one| one.oldest);
            }
        }
        let age = oldest.map_or(0.0, |at| (now - at).as_seconds_f64().max(0.0));
        gauge!("vygruzka_outbox_oldest_seconds", "kind" => kind).set(age);
    }
    let Pool { open, idle } = standing.pool;
    gauge!("vygruzka_database_connections", "state" => "used").set(f64::from(open - idle));
    gauge!("vygruzka_database_connections", "state" => "idle").set(f64::from(idle));
}

fn of_cabinet(cabinet: &Cabinet, unreadable: u64, left: Option<u64>, now: DateTime<Utc>) {
    let labels = [("cabinet_id", cabinet.id.to_string()), ("cabinet", cabinet.name.clone())];
    let yes_or_no = |is: bool| f64::from(u8::from(is));
    gauge!("vygruzka_cabinet_enabled", &labels).set(yes_or_no(cabinet.disabled_at.is_none()));
    gauge!("vygruzka_cabinet_key_at_fault", &labels).set(yes_or_no(cabinet.check_error.is_some()));
    gauge!("vygruzka_cabinet_failures", &labels).set(f64::from(cabinet.failures));
    gauge!("vygruzka_cabinet_unreadable_postings", &labels).set(figure(unreadable));
    if let Some(begun) = cabinet.watermark {
        gauge!("vygruzka_cabinet_load_age_seconds", &labels).set((now - begun).as_seconds_f64());
    }
    if let Some(until) = cabinet.key_expires_at {
        gauge!("vygruzka_cabinet_key_days", &labels).set((until - now).as_seconds_f64() / 86_400.0);
    }
    if let Some(left) = left {
        gauge!("vygruzka_cabinet_differences", &labels).set(figure(left));
    }
}

/// A count as Prometheus has it.
fn figure(many: u64) -> f64 {
    f64::from(u32::try_from(many).unwrap_or(u32::MAX))
}
