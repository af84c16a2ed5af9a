//! Counts what the desk did, for whoever installed a recorder of `metrics`. Labels are ours: a cabinet's id and name, and words
//! from the code, never a person or an order.

use std::time::Duration;

use storage::cabinets::Cabinet;
use storage::outbox::Settled;
use storage::runs::Figures;

/// A load came to its end. The result is `done` or the error's code.
pub(crate) fn load(cabinet: &Cabinet, result: &'static str, took: chrono::Duration, figures: Figures) {
    let (id, name) = (cabinet.id.to_string(), cabinet.name.clone());
    metrics::counter!(
        "vygruzka_loads_total",
        "cabinet_id" => id.clone(), "cabinet" => name.clone(), "result" => result
    )
    .increment(1);
    metrics::histogram!("vygruzka_load_seconds", "cabinet_id" => id.clone(), "cabinet" => name.clone())
        .record(took.to_std().unwrap_or(Duration::ZERO));
    for (became, many) in [
        ("created", figures.created),
        ("updated", figures.updated),
        ("unchanged", figures.unchanged),
        ("skipped", figures.skipped),
        ("failed", figures.failed),
    ] {
        metrics::counter!(
            "vygruzka_postings_total",
            "cabinet_id" => id.clone(), "cabinet" => name.clone(), "became" => became
        )
        .increment(many);
    }
}

/// A push message was answered. The result is `taken`, `ping` or `refused`.
pub(crate) fn push_message(result: &'static str) {
    metrics::counter!("vygruzka_push_messages_total", "result" => result).increment(1);
}

/// A push to Ozon was settled; what only has to be looked at again is counted when that is over.
pub(crate) fn push(settled: &Settled) {
    if let Some(result) = result(settled) {
        metrics::counter!("vygruzka_pushes_total", "result" => result).increment(1);
    }
}

/// A letter was settled.
pub(crate) fn letter(settled: &Settled) {
    if let Some(result) = result(settled) {
        metrics::counter!("vygruzka_letters_total", "result" => result).increment(1);
    }
}

fn result(settled: &Settled) -> Option<&'static str> {
    match settled {
        Settled::Done { .. } => Some("done"),
        Settled::Refused { .. } => Some("refused"),
        Settled::Later { .. } | Settled::Partly { .. } => Some("later"),
        Settled::Look { .. } => None,
    }
}
