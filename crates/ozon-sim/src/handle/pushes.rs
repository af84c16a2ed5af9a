//! Owns what a test may do with push messages, and what their sender asks of the state.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Handle;
use crate::model::machine::{Act, ActError};
use crate::push::journal::{Delivery, Push, PushTry};
use crate::push::message;
use crate::push::sender;
use crate::push::urls::{DisableReason, NotificationUrl};

/// Push messages.
impl Handle {
    /// All messages in the order of their making, with every try; nothing where there is no
    /// cabinet. Pings of registrations and checks are among them.
    pub fn pushes(&self, client_id: &str) -> Vec<Push> {
        self.world().cabinet(client_id).map_or_else(|_| Vec::new(), |state| state.pushes.all())
    }

    /// Forgets the messages that are delivered or dropped.
    pub fn clear_pushes(&self, client_id: &str) -> Result<(), ActError> {
        self.world().cabinet_mut(client_id)?.pushes.clear();
        Ok(())
    }

    /// The registered URLs.
    pub fn notification_urls(&self, client_id: &str) -> Vec<NotificationUrl> {
        self.world().cabinet(client_id).map_or_else(|_| Vec::new(), |state| state.pushes.urls.clone())
    }

    /// Registers a URL without asking it first; all types when none is named. Returns its id.
    pub fn register_url(&self, client_id: &str, url: &str, types: &[&str]) -> Result<i64, ActError> {
        let mut world = self.world();
        let now = world.now();
        let all = message::TYPES.iter().map(|(name, _)| *name);
        let types = if types.is_empty() { all.collect() } else { types.to_vec() };
        let types = types.into_iter().map(str::to_owned).collect();
        let id = world.cabinet_mut(client_id)?.pushes.register(url, types, now);
        drop(world);
        self.shared.url_registered.notify_one();
        Ok(id)
    }

    /// Switches a URL off; its messages are dropped, and events are not told to it.
    pub fn disable_url(&self, client_id: &str, id: i64, reason: DisableReason) -> Result<(), ActError> {
        let mut world = self.world();
        let url = world.cabinet_mut(client_id)?.pushes.url_mut(id).ok_or(ActError::NoUrl(id))?;
        url.disable(reason);
        Ok(())
    }

    /// Sends any message to every URL that is switched on; returns the messages' ids.
    pub fn send_push(&self, client_id: &str, message: &Value) -> Result<Vec<u64>, ActError> {
        let mut world = self.world();
        let now = world.now();
        Ok(world.cabinet_mut(client_id)?.pushes.send(message, now))
    }

    /// Sends `TYPE_PING` to every URL that is switched on.
    pub fn ping(&self, client_id: &str) -> Result<Vec<u64>, ActError> {
        let now = self.now();
        self.send_push(client_id, &message::ping(now))
    }

    /// Sends a message once more to its URL, whatever came of it; returns the new id.
    pub fn repeat_push(&self, client_id: &str, id: u64) -> Result<u64, ActError> {
        let mut world = self.world();
        let now = world.now();
        world.cabinet_mut(client_id)?.pushes.repeat(id, now).ok_or(ActError::NoPush(id))
    }

    /// New messages are kept back until they are released.
    pub fn hold_pushes(&self, client_id: &str) -> Result<(), ActError> {
        self.world().cabinet_mut(client_id)?.pushes.hold();
        Ok(())
    }

    /// Lets go what was held: those named first and in this order, then the rest as it came.
    pub fn release_pushes(&self, client_id: &str, first: &[u64]) -> Result<(), ActError> {
        let mut world = self.world();
        let now = world.now();
        world.cabinet_mut(client_id)?.pushes.release(first, now);
        Ok(())
    }

    /// Moves the promised window of delivery without any change of status.
    pub fn move_delivery_date(
        &self,
        client_id: &str,
        posting_number: &str,
        begin: DateTime<Utc>,
        end: DateTime<Utc>,
    ) -> Result<(), ActError> {
        self.act(client_id, posting_number, &Act::MoveDeliveryDate { begin, end }).map(drop)
    }
}

/// For the sender.
impl Handle {
    pub(crate) fn has_push_urls(&self) -> bool {
        self.world().cabinets().any(|state| state.pushes.has_urls())
    }

    pub(crate) async fn url_registered(&self) {
        self.shared.url_registered.notified().await;
    }

    pub(crate) fn announce_url(&self) {
        self.shared.url_registered.notify_one();
    }

    pub(crate) fn take_due_pushes(&self) -> Vec<(String, Delivery)> {
        let mut world = self.world();
        let now = world.now();
        let mut due = Vec::new();
        for state in world.cabinets_mut().filter(|state| state.pushes.has_urls()) {
            let client_id = state.cabinet.client_id.to_string();
            let deliveries = state.pushes.take_due(now);
            due.extend(deliveries.into_iter().map(|delivery| (client_id.clone(), delivery)));
        }
        due
    }

    pub(crate) fn push_tried(&self, client_id: &str, delivery: &Delivery, tried: PushTry) {
        if let Ok(state) = self.world().cabinet_mut(client_id) {
            state.pushes.tried(delivery, tried);
        }
    }

    pub(crate) fn resume_pushes(&self) {
        let mut world = self.world();
        let now = world.now();
        world.cabinets_mut().for_each(|state| state.pushes.resume(now));
    }

    /// Calls a URL; the world is not held meanwhile.
    pub(crate) async fn call(&self, url: &str, message: &Value, is_ping: bool) -> PushTry {
        let client = self.shared.push_client.get_or_init(sender::client);
        let tried = sender::call(client.as_ref(), self.shared.pushes, url, message, is_ping).await;
        PushTry { at: self.now(), ..tried }
    }
}
