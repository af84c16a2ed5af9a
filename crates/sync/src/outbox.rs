//! Sends what waits in the outbox. Any number of instances may do it at once: rows are claimed, and a row whose sender
//! died is claimed by another one once its time is over.

mod calls;
mod letters;
mod pushes;

use std::time::Duration;

use storage::outbox::OutboxState;

use crate::desk::Desk;

/// How often the sender looks without being told that something is new.
const LOOK: Duration = Duration::from_secs(1);
/// Rows that are claimed at a time: a batch of Ozon's.
const CLAIM: u32 = 20;
/// How long `flush` follows what it has sent until Ozon shows it.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a flush left behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flushed {
    /// Rows that were dealt with, each time they were.
    pub handled: u64,
    /// What still waits.
    pub waiting: u64,
    /// What was taken by Ozon and is not seen yet.
    pub sent: u64,
    /// What is refused, in all.
    pub refused: u64,
}

impl Desk {
    /// Sends what becomes due, until the desk is stopped: pushes and letters each at their own pace, so that a slow mail
    /// server keeps nothing from Ozon.
    pub async fn run_outbox(&self) {
        let pushes = self.send_until_stopped(|| self.send_pushes());
        let letters = self.send_until_stopped(|| self.tell_and_send_letters());
        futures::join!(pushes, letters);
    }

    async fn send_until_stopped<F: Future<Output = storage::Result<u64>>>(&self, send: impl Fn() -> F) {
        loop {
            // Whoever tells of something new while this round goes wakes the next one.
            let told = self.told.notified();
            let handled = match send().await {
                Ok(handled) => handled,
                Err(error) => {
                    tracing::error!("the outbox cannot be looked at: {error}");
                    0
                }
            };
            if self.stopping.is_cancelled() {
                break;
            }
            if handled > 0 {
                continue;
            }
            tokio::select! {
                () = self.stopping.cancelled() => break,
                () = told => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn tell_and_send_letters(&self) -> storage::Result<u64> {
        self.tell_what_waits().await?;
        self.send_letters().await
    }

    /// Tells the senders of this process that something new may wait.
    pub fn told_something(&self) {
        self.told.notify_waiters();
    }

    /// Deals once with what is due now; how many rows that were.
    ///
    /// # Errors
    /// When the store does not answer; what was claimed comes to its turn again.
    pub async fn send_what_is_due(&self) -> storage::Result<u64> {
        // At the same time; the round ends with the slower of the two.
        let (pushes, letters) = futures::join!(self.send_pushes(), self.tell_and_send_letters());
        Ok(pushes? + letters?)
    }

    /// Deals with all that is due, and follows what was sent until Ozon shows it, for a minute at most.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn flush_outbox(&self) -> storage::Result<Flushed> {
        let begun = tokio::time::Instant::now();
        let mut flushed = Flushed::default();
        loop {
            let handled = self.send_what_is_due().await?;
            flushed.handled += handled;
            let counts = self.store.outbox_counts().await?;
            let count = |state| counts.get(&state).copied().unwrap_or(0);
            flushed.waiting = count(OutboxState::Waiting);
            flushed.sent = count(OutboxState::Sent) + count(OutboxState::Sending);
            flushed.refused = count(OutboxState::Refused);
            let over = begun.elapsed() >= PATIENCE || self.stopping.is_cancelled();
            if over || (handled == 0 && flushed.sent == 0) {
                return Ok(flushed);
            }
            if handled == 0 {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}
