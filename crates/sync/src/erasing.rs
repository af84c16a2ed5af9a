//! Erasing personal data by the rule of the installation: in small steps, by one instance at a time, beside everything else.

use std::time::Duration;

use chrono::{DateTime, Utc};
use storage::personal_data::Erased;

use crate::desk::Desk;
use crate::error::LoadError;
use crate::keeper::Keeper;
use crate::load::unless_ended;

/// How often it is looked for what has become due.
const EVERY: chrono::Duration = chrono::Duration::hours(1);
/// Postings of one step, which is one transaction.
const STEP: u64 = 50;
/// Steps of one round; what is left waits for the next one.
const STEPS: u32 = 2_000;
/// Between two steps others get at the database.
const PAUSE: Duration = Duration::from_millis(50);
const LEASE: &str = "erasing of personal data";

impl Desk {
    /// Begins to erase what is due by the rule, and leaves it to itself.
    pub fn start_erasing(&self) {
        let desk = self.clone();
        self.tasks.spawn(async move {
            match desk.erase_what_is_due().await {
                Ok(erased) if erased.is_nothing() => {}
                Ok(erased) => tracing::info!(?erased, "personal data erased by the rule"),
                // Each step is whole, and the next round does the rest.
                Err(LoadError::Stopping | LoadError::LostLease) => {}
                Err(error) => tracing::warn!("personal data that is due was not all erased: {error}"),
            }
        });
    }

    /// Erases what is due by the rule, as much as one round may; nothing while the rule is off or another instance is at it.
    ///
    /// # Errors
    /// When the store does not do it, or the process ends; what is erased stays so.
    pub async fn erase_what_is_due(&self) -> Result<Erased, LoadError> {
        if self.store.erasing_rule().await?.is_none() {
            return Ok(Erased::default());
        }
        let keeper = match Keeper::take(self, LEASE).await {
            Err(LoadError::AlreadyRunning { .. }) => return Ok(Erased::default()),
            taken => taken?,
        };
        let erased = self.erase_alone(&keeper).await;
        keeper.free().await;
        erased
    }

    async fn erase_alone(&self, keeper: &Keeper) -> Result<Erased, LoadError> {
        let (mut all, mut erasure) = (Erased::default(), None);
        for _ in 0..STEPS {
            // Asked for anew at every step: a person may switch the rule off meanwhile.
            let Some(step) = self.store.erase_due(erasure, STEP, self.now()).await? else { break };
            all += step.erased;
            erasure = step.erasure;
            if step.is_last {
                break;
            }
            unless_ended(self, Some(keeper), tokio::time::sleep(PAUSE)).await?;
        }
        Ok(all)
    }

    /// Begins a round when the last one that this instance began is an hour old.
    pub(crate) fn erase_hourly(&self, begun: &mut Option<DateTime<Utc>>) {
        let now = self.now();
        if begun.is_none_or(|at| at + EVERY <= now) {
            *begun = Some(now);
            self.start_erasing();
        }
    }
}
