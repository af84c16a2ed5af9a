//! Loads by schedule (settings rows 1 and 2).

use std::time::Duration;

use domain::schedule::{Past, next_due};
use storage::cabinets::Cabinet;
use storage::runs::Cause;

use crate::desk::Desk;
use crate::error::LoadError;

/// How often the scheduler looks whether something is due.
const LOOK: Duration = Duration::from_secs(2);

impl Desk {
    /// Loads cabinets as they become due, until the desk is stopped. Any number of instances may do this at once.
    pub async fn run_scheduler(&self) {
        loop {
            if let Err(error) = self.start_what_is_due().await {
                tracing::error!("the schedule cannot be looked at: {error}");
            }
            tokio::select! {
                () = self.stopping.cancelled() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Starts every load that is due now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start_what_is_due(&self) -> storage::Result<()> {
        for cabinet in self.store.cabinets().await? {
            if cabinet.disabled_at.is_some() {
                continue;
            }
            if self.is_due(&cabinet).await? {
                match self.start_load(cabinet.id, Cause::Schedule).await {
                    Ok(_)
                    | Err(LoadError::AlreadyRunning { .. } | LoadError::NotDue | LoadError::Disabled) => {}
                    Err(error) => tracing::warn!(cabinet = cabinet.id.0, "a load could not begin: {error}"),
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn is_due(&self, cabinet: &Cabinet) -> storage::Result<bool> {
        let schedule = self.store.settings(cabinet.id).await?.settings.schedule;
        if !schedule.enabled {
            return Ok(false);
        }
        let past = Past {
            last_good_start: cabinet.watermark.unwrap_or(cabinet.added_at),
            last_failure: cabinet.last_failure_at,
            failures: cabinet.failures,
        };
        Ok(next_due(schedule.every, schedule.at, &past, self.store.zone()) <= self.now())
    }
}
