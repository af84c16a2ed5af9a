//! Keeps a lease while a load goes: renewed in the background, freed at the end, and told when it is lost.

use std::time::Duration;

use storage::Store;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::LoadError;

/// A lease that is being kept.
pub struct Keeper {
    store: Store,
    name: String,
    holder: String,
    lost: CancellationToken,
    /// Ends the renewing when it goes.
    ended: DropGuard,
    renewing: JoinHandle<()>,
}

impl Keeper {
    /// Takes the lease, or tells who has it.
    pub async fn take(desk: &Desk, name: &str) -> Result<Self, LoadError> {
        let (store, clock, length) = (desk.store.clone(), desk.clock.clone(), desk.config.lease);
        let holder = format!("{}-{:016x}", std::process::id(), rand::random::<u64>());
        let name = name.to_owned();
        if let Some(until) = store.take_lease(&name, &holder, clock.now(), span(length)).await? {
            return Err(LoadError::AlreadyRunning { until });
        }
        let (lost, ended) = (CancellationToken::new(), CancellationToken::new());
        let renewal = Renewal {
            store: store.clone(),
            clock,
            length,
            name: name.clone(),
            holder: holder.clone(),
            lost: lost.clone(),
        };
        let renewing = tokio::spawn(renewal.until(ended.clone()));
        Ok(Self { store, name, holder, lost, ended: ended.drop_guard(), renewing })
    }

    /// Comes once the lease is lost.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }

    /// Frees the lease.
    pub async fn free(self) {
        // A renewal that is under way would take the lease anew behind the freeing.
        drop(self.ended);
        let _ = self.renewing.await;
        if let Err(error) = self.store.free_lease(&self.name, &self.holder).await {
            tracing::warn!("the lease «{}» will be free only when its time is over: {error}", self.name);
        }
    }
}

/// What the background needs to renew a lease.
struct Renewal {
    store: Store,
    clock: Clock,
    length: Duration,
    name: String,
    holder: String,
    lost: CancellationToken,
}

impl Renewal {
    /// Renews until the end; what it has begun, it finishes.
    async fn until(self, ended: CancellationToken) {
        let mut kept = tokio::time::Instant::now();
        loop {
            tokio::select! {
                () = ended.cancelled() => break,
                () = tokio::time::sleep(self.length / 4) => {}
            }
            match self.store.take_lease(&self.name, &self.holder, self.clock.now(), span(self.length)).await {
                Ok(None) => kept = tokio::time::Instant::now(),
                Ok(Some(_)) => break self.lost.cancel(),
                Err(_) if kept.elapsed() >= self.length => break self.lost.cancel(),
                Err(_) => {}
            }
        }
    }
}

fn span(length: Duration) -> chrono::Duration {
    chrono::Duration::from_std(length).unwrap_or(chrono::Duration::MAX)
}
