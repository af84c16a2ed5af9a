//! Loads by schedule (settings rows 1 and 2), daily checks of keys, the nightly comparison, and erasing by the hour.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::CabinetId;
use domain::schedule::{Past, next_due};
use storage::cabinets::Cabinet;
use storage::runs::Cause;

use crate::desk::Desk;
use crate::error::LoadError;
use crate::keeper::Keeper;

/// How often the scheduler looks whether something is due.
const LOOK: Duration = Duration::from_secs(2);
/// How old a check of a key may become.
const CHECK_EVERY: chrono::Duration = chrono::Duration::hours(24);
/// How long after a check that failed the next one is tried.
const ASK_AGAIN: chrono::Duration = chrono::Duration::hours(1);

impl Desk {
    /// Loads cabinets as they become due, until the desk is stopped. Any number of instances may do this at once.
    pub async fn run_scheduler(&self) {
        let mut asked = HashMap::new();
        let mut erased = None;
        loop {
            if let Err(error) = self.start_what_is_due().await {
                tracing::error!("the schedule cannot be looked at: {error}");
            }
            if let Err(error) = self.reconcile_nightly().await {
                tracing::error!("the nightly comparison cannot be looked at: {error}");
            }
            if let Err(error) = self.check_old_keys(&mut asked).await {
                tracing::error!("the keys cannot be looked at: {error}");
            }
            self.erase_hourly(&mut erased);
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

    /// Checks keys whose last check is a day old, also where nothing is loaded by schedule: keys live months, so that warns
    /// in time. Where Ozon does not answer, it is asked again after an hour.
    async fn check_old_keys(&self, asked: &mut HashMap<CabinetId, DateTime<Utc>>) -> storage::Result<()> {
        let now = self.now();
        for cabinet in self.store.cabinets().await? {
            let is_asked = asked.get(&cabinet.id).is_some_and(|at| *at + ASK_AGAIN > now);
            if cabinet.disabled_at.is_some() || !is_check_old(&cabinet, now) || is_asked {
                continue;
            }
            asked.insert(cabinet.id, now);
            let (desk, id) = (self.clone(), cabinet.id);
            self.tasks.spawn(async move {
                // The process does not wait for it when it ends.
                if let Some(Err(error)) = desk.stopping.run_until_cancelled(desk.check_if_old(id)).await {
                    tracing::warn!(
                        cabinet = id.0,
                        code = error.code(),
                        "the key could not be checked: {error}"
                    );
                }
            });
        }
        Ok(())
    }

    /// Checks a key, unless another instance is at it or has just done so.
    async fn check_if_old(&self, id: CabinetId) -> Result<(), LoadError> {
        let keeper = match Keeper::take(self, &format!("check of cabinet {id}")).await {
            Err(LoadError::AlreadyRunning { .. }) => return Ok(()),
            taken => taken?,
        };
        let checked = async {
            let is_old = is_check_old(&self.store.cabinet(id).await?, self.now());
            if is_old { self.check_cabinet(id).await.map(|_| ()) } else { Ok(()) }
        };
        let checked = checked.await;
        keeper.free().await;
        checked
    }

    pub(crate) async fn is_due(&self, cabinet: &Cabinet) -> storage::Result<bool> {
        let schedule = self.store.settings(cabinet.id).await?.settings.schedule;
        if !schedule.enabled {
            return Ok(false);
        }
        let past = Past {
            last_good_start: cabinet.scheduled_from.unwrap_or(cabinet.added_at),
            last_failure: cabinet.last_failure_at,
            failures: cabinet.failures,
        };
        Ok(next_due(schedule.every, schedule.at, &past, self.store.zone()) <= self.now())
    }
}

fn is_check_old(cabinet: &Cabinet, now: DateTime<Utc>) -> bool {
    cabinet.checked_at.is_none_or(|at| at + CHECK_EVERY <= now)
}
