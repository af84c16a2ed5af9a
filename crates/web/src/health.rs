//! Whether the process turns (`/healthz`), and whether it wants new requests (`/readyz`), for proxies and whoever watches.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use chrono::{DateTime, Utc};
use storage::Version;

use crate::state::AppState;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long an instance goes on after a newer one has migrated the database: until the newer one answers.
const OVERLAP: chrono::Duration = chrono::Duration::minutes(1);

/// Whether this process wants new requests; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Readiness(Arc<Inner>);

#[derive(Default)]
struct Inner {
    draining: AtomicBool,
    /// When the database was first seen to be newer than this program.
    newer_since: Mutex<Option<DateTime<Utc>>>,
}

/// Why a process wants no requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum NotReady {
    #[error("this process is about to stop")]
    Stopping,
    #[error("the database does not answer within a second")]
    Silent,
    #[error("the database does not answer as it should")]
    Broken,
    #[error("the database is of an older version; `vygruzka migrate` brings it up to date")]
    Older,
    #[error("the database is of a newer version than this process; start the newer program instead")]
    Newer,
}

impl Readiness {
    pub(crate) fn begin_to_drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// Whether this process fits to a database of that version.
    fn fits(&self, version: Version, now: DateTime<Utc>) -> Result<(), NotReady> {
        let mut newer_since = self.0.newer_since.lock().unwrap_or_else(PoisonError::into_inner);
        match version {
            Version::Same => {
                *newer_since = None;
                Ok(())
            }
            Version::Older => Err(NotReady::Older),
            Version::Newer if now - *newer_since.get_or_insert(now) < OVERLAP => Ok(()),
            Version::Newer => Err(NotReady::Newer),
        }
    }
}

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready))
}

async fn ready(State(state): State<AppState>) -> (StatusCode, String) {
    match look(&state).await {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}

async fn look(state: &AppState) -> Result<(), NotReady> {
    if state.readiness.is_draining() {
        return Err(NotReady::Stopping);
    }
    match tokio::time::timeout(PATIENCE, state.store.version()).await {
        Ok(Ok(version)) => state.readiness.fits(version, state.now()),
        Ok(Err(error)) => {
            tracing::warn!("not ready: {error}");
            Err(NotReady::Broken)
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer within a second");
            Err(NotReady::Silent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_database_is_served_until_the_newer_program_can_have_taken_over() {
        let readiness = Readiness::default();
        let at = |second: i64| DateTime::UNIX_EPOCH + chrono::Duration::seconds(second);
        assert_eq!(readiness.fits(Version::Newer, at(0)), Ok(()));
        assert_eq!(readiness.fits(Version::Newer, at(59)), Ok(()));
        assert_eq!(readiness.fits(Version::Newer, at(60)), Err(NotReady::Newer));
        assert_eq!(readiness.fits(Version::Older, at(61)), Err(NotReady::Older));
        assert_eq!(readiness.fits(Version::Same, at(62)), Ok(()), "a backup was restored");
        assert_eq!(readiness.fits(Version::Newer, at(63)), Ok(()));
    }
}
