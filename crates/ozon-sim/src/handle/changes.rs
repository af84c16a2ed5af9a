//! Owns what a test may ask about the seller's own changes, and how soon they are seen.

use chrono::TimeDelta;

use super::{Handle, locked};
use crate::faults::Fault;
use crate::model::change::{AcceptedChange, RefusedChange};
use crate::model::machine::ActError;

/// The seller's own changes.
impl Handle {
    /// What was taken, in order; nothing where there is no cabinet. A change whose answer was
    /// lost is among them.
    pub fn changes(&self, client_id: &str) -> Vec<AcceptedChange> {
        self.world().cabinet(client_id).map_or_else(|_| Vec::new(), |state| state.changes.accepted())
    }

    /// What was refused item by item, in order.
    pub fn refused_changes(&self, client_id: &str) -> Vec<RefusedChange> {
        self.world().cabinet(client_id).map_or_else(|_| Vec::new(), |state| state.changes.refused())
    }

    /// Forgets both.
    pub fn clear_changes(&self, client_id: &str) -> Result<(), ActError> {
        self.world().cabinet_mut(client_id)?.changes.clear();
        Ok(())
    }

    /// After so much virtual time the seller's move is seen in the posting; whole milliseconds,
    /// not less than nought.
    pub fn set_change_delay(&self, delay: TimeDelta) {
        let millis = u32::try_from(delay.num_milliseconds().max(0)).unwrap_or(u32::MAX);
        locked(&self.shared.behaviour).change_delay_millis = millis;
    }

    pub(crate) fn meet_item_fault(
        &self,
        client_id: &str,
        method: &str,
        posting_number: &str,
    ) -> Option<Fault> {
        locked(&self.shared.faults).meet_item(client_id, method, posting_number)
    }
}
