//! `import`: the same job as the schedule's.

use std::time::Duration;

use serde_json::json;
use storage::runs::Cause;
use sync::{Desk, LoadError, LoadOptions};
use tokio::time::Instant;

use super::cabinet::named;
use super::say_json;
use crate::failure::Failure;

/// How long a load that is running is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

pub async fn run(desk: &Desk, cabinet: &str, dry_run: bool, as_json: bool) -> Result<(), Failure> {
    let cabinet = named(desk, cabinet).await?;
    let asked = Instant::now();
    let report = loop {
        match desk.load(cabinet.id, Cause::Command, LoadOptions { dry_run }).await {
            Err(LoadError::AlreadyRunning { .. }) if asked.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            other => break other?,
        }
    };
    let figures = report.figures;
    if as_json {
        say_json(&json!({
            "seen": figures.seen, "created": figures.created, "updated": figures.updated,
            "unchanged": figures.unchanged, "skipped": figures.skipped, "failed": figures.failed,
            "pages": figures.pages, "duration_ms": report.took.num_milliseconds(),
        }));
    } else {
        let would = if dry_run { "would be " } else { "" };
        say!(
            "{} postings seen: {} orders {would}created, {} {would}updated, {} unchanged; {} made no order, {} could not be read.",
            figures.seen,
            figures.created,
            figures.updated,
            figures.unchanged,
            figures.skipped,
            figures.failed
        );
    }
    Ok(())
}
