//! Reads again what push messages hint at and what lists tell too little of. Where many postings wait, one load tells as
//! much as all their readings.

use std::time::Duration;

use chrono::DateTime;
use domain::CabinetId;
use domain::push::pause;
use ozon_api::{Client, ErrorKind};
use storage::hooks::Outcome;
use storage::reads::{Read, ReadCause};
use storage::runs::Cause;

use crate::desk::Desk;
use crate::error::LoadError;
use crate::keeper::Keeper;
use crate::load::LoadOptions;

/// How often the reader looks without being told that something is new.
const LOOK: Duration = Duration::from_secs(1);
/// More postings than this that wait are loaded instead of read.
const READ_AT_MOST: usize = 20;
/// Readings of a posting that Ozon does not know before it is given up; a load finds it if it ever appears.
const TRIES: u32 = 5;

impl Desk {
    /// Reads what becomes due, until the desk is stopped. Any number of instances may do this at once.
    pub async fn run_reader(&self) {
        let mut cleaned = DateTime::UNIX_EPOCH;
        loop {
            if let Err(error) = self.read_what_is_due().await {
                tracing::warn!("postings cannot be read again: {error}");
            }
            if self.now() - cleaned > chrono::Duration::hours(24) {
                cleaned = self.now();
                if let Err(error) = self.store.forget_old_messages(cleaned).await {
                    tracing::warn!("old push messages cannot be forgotten: {error}");
                }
            }
            tokio::select! {
                () = self.stopping.cancelled() => break,
                () = self.hinted.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Reads all that is due now; how many postings that were.
    ///
    /// # Errors
    /// When the store does not answer; everything then comes to its turn again.
    pub async fn read_what_is_due(&self) -> storage::Result<u64> {
        let mut read = 0;
        for cabinet in self.store.cabinets_to_read(self.now()).await? {
            match self.read_of(cabinet).await {
                Ok(many) => read += many,
                // Another instance is at it, or nothing may be asked of this cabinet now.
                Err(LoadError::AlreadyRunning { .. } | LoadError::Disabled) => {}
                Err(LoadError::Store(error)) => return Err(error),
                Err(error) => tracing::warn!(cabinet = cabinet.0, "postings cannot be read again: {error}"),
            }
        }
        Ok(read)
    }

    async fn read_of(&self, cabinet: CabinetId) -> Result<u64, LoadError> {
        let keeper = Keeper::take(self, &format!("readings of cabinet {cabinet}")).await?;
        let done = self.read_or_load(cabinet).await;
        // Also what came before an error is news.
        self.tell_aside(cabinet).await;
        keeper.free().await;
        done
    }

    async fn read_or_load(&self, cabinet: CabinetId) -> Result<u64, LoadError> {
        let due = self.store.due_reads(cabinet, READ_AT_MOST as u64 * 5, self.now()).await?;
        let (hints, questions): (Vec<_>, Vec<_>) = due.into_iter().partition(|r| r.cause == ReadCause::Push);
        let mut read = self.read_each(cabinet, questions).await?;
        if hints.len() > READ_AT_MOST {
            self.load(cabinet, Cause::Push, LoadOptions::default()).await?;
            read += hints.len() as u64;
        } else {
            read += self.read_each(cabinet, hints).await?;
        }
        Ok(read)
    }

    /// Reads what only a reading can tell of a cabinet, as at the end of a load.
    pub(crate) async fn answer_questions(&self, cabinet: CabinetId) -> Result<(), LoadError> {
        let mut due = self.store.due_reads(cabinet, u64::MAX >> 1, self.now()).await?;
        due.retain(|read| read.cause == ReadCause::Related);
        match self.read_each(cabinet, due).await {
            Err(LoadError::Ozon(error)) => {
                // What lists tell is complete without it; the reader goes on asking.
                tracing::warn!(cabinet = cabinet.0, "what became of fewer goods cannot be asked: {error}");
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    async fn read_each(&self, cabinet: CabinetId, due: Vec<Read>) -> Result<u64, LoadError> {
        if due.is_empty() {
            return Ok(0);
        }
        let client = self.reachable(cabinet).await?;
        let mut read = 0;
        for one in due {
            if self.stopping.is_cancelled() {
                break;
            }
            self.read_one(&client, cabinet, &one).await?;
            read += 1;
        }
        Ok(read)
    }

    async fn read_one(&self, client: &Client, cabinet: CabinetId, read: &Read) -> Result<(), LoadError> {
        let began = self.now();
        match self.read_posting(client, cabinet, &read.number).await {
            Ok(_) => self.store.read_done(cabinet, &read.number, began, Outcome::Read, self.now()).await?,
            Err(LoadError::Ozon(error)) if matches!(error.kind, ErrorKind::NotFound { .. }) => {
                // A message may be ahead of Ozon's own lists.
                if read.tries + 1 >= TRIES {
                    let unknown = Outcome::Unknown;
                    self.store.read_done(cabinet, &read.number, began, unknown, self.now()).await?;
                } else {
                    let due_at = self.now() + pause(read.tries + 1);
                    self.store.read_later(cabinet, &read.number, due_at).await?;
                }
            }
            Err(error) => {
                let due_at = self.now() + pause(read.tries + 1);
                self.store.read_later(cabinet, &read.number, due_at).await?;
                return Err(error);
            }
        }
        Ok(())
    }
}
