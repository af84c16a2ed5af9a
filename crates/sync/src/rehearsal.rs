//! Rehearsals in the background: what a load would bring, before the first one. The last of each cabinet is kept in memory
//! and nowhere else, since it is stale as soon as something is loaded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::CabinetId;

use crate::desk::Desk;
use crate::error::LoadError;
use crate::load::{self, Report};

/// The last rehearsal of a cabinet.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How it stands.
    pub state: Rehearsed,
}

/// How a rehearsal stands.
#[derive(Clone, Debug)]
pub enum Rehearsed {
    /// It is going.
    Running,
    /// It told what a load would do.
    Done(Box<Report>),
    /// Something stopped it; the code of what it was.
    Failed(&'static str),
}

/// The last rehearsal of each cabinet.
#[derive(Clone, Default)]
pub(crate) struct Rehearsals(Arc<Mutex<HashMap<CabinetId, Rehearsal>>>);

impl Rehearsals {
    fn with<T>(&self, look: impl FnOnce(&mut HashMap<CabinetId, Rehearsal>) -> T) -> T {
        // A map of plain values is whole even when somebody panicked beside it.
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Desk {
    /// Begins to find out what a load would do, and leaves it to itself. One that is going already is left to go on.
    ///
    /// # Errors
    /// When the cabinet is disabled or does not exist.
    pub async fn start_rehearsal(&self, id: CabinetId) -> Result<(), LoadError> {
        let cabinet = self.loadable(id).await?;
        let rehearsal = Rehearsal { started_at: self.now(), state: Rehearsed::Running };
        let started_at = rehearsal.started_at;
        let begun = self.rehearsals.with(|all| {
            let going = all.get(&id).is_some_and(|last| matches!(last.state, Rehearsed::Running));
            if !going {
                all.insert(id, rehearsal);
            }
            !going
        });
        if begun {
            let desk = self.clone();
            self.tasks.spawn(async move {
                let state = match load::rehearse(&desk, cabinet).await {
                    Ok(report) => Rehearsed::Done(Box::new(report)),
                    Err(error) => {
                        tracing::warn!(cabinet = %id, code = error.code(), "rehearsal did not come to its end: {error}");
                        Rehearsed::Failed(error.code())
                    }
                };
                desk.rehearsals.with(|all| all.insert(id, Rehearsal { started_at, state }));
            });
        }
        Ok(())
    }

    /// The last rehearsal of a cabinet since the process began.
    pub fn rehearsal(&self, id: CabinetId) -> Option<Rehearsal> {
        self.rehearsals.with(|all| all.get(&id).cloned())
    }
}
