//! Changed settings applied to what is stored already, because a person asked for it.

use std::time::Duration;

use domain::CabinetId;
use domain::history::Actor;
use storage::effect::Effect;
use storage::news::NewsKind;

use crate::desk::Desk;

/// A person is told of the end when it comes within this time.
const PATIENCE: Duration = Duration::from_secs(10);

impl Desk {
    /// Applies what changed in the settings since a version to the orders and postings that are stored. Nobody who goes
    /// away stops it; `None` when it takes longer than a person waits, and goes on by itself.
    ///
    /// # Errors
    /// As [`storage::Store::apply_settings_to_existing`]; asking again does the rest.
    pub async fn apply_settings_to_existing(
        &self,
        cabinet: CabinetId,
        before_version: u32,
        actor: &Actor,
    ) -> storage::Result<Option<Effect>> {
        let (desk, actor, now) = (self.clone(), actor.clone(), self.now());
        let (tell, told) = tokio::sync::oneshot::channel();
        self.tasks.spawn(async move {
            let all = desk.store.apply_settings_to_existing(cabinet, before_version, &actor, now);
            // Ends between two transactions when the process does.
            let Some(done) = desk.stopping.run_until_cancelled(all).await else { return };
            match &done {
                Ok(effect) => {
                    tracing::info!(%cabinet, ?effect, "settings applied to what is stored");
                    desk.tell(cabinet, &[NewsKind::BackFilled]).await;
                }
                Err(error) => {
                    tracing::warn!(%cabinet, "settings were not applied to all that is stored: {error}");
                }
            }
            let _ = tell.send(done);
        });
        match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(done)) => done.map(Some),
            Ok(Err(_)) | Err(_) => Ok(None),
        }
    }
}
