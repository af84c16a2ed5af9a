//! Owns a cabinet's push messages: what waits, what was tried, what came of it, and the times of
//! further tries (API section 6). Sends nothing.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use super::message::PING;
use super::urls::{Availability, NotificationUrl};
use super::verdict::PushFault;

/// Seconds to the next try: growing to ten minutes, then five tries every ten minutes.
const INTERVALS: [i64; 10] = [5, 15, 45, 135, 405, 600, 600, 600, 600, 600];

/// So many of the latest messages are kept.
const KEPT: usize = 20_000;

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PushState {
    /// For its first or next try.
    Waiting,
    /// Kept back by a test.
    Held,
    /// On its way.
    Sending,
    /// Answered well.
    Delivered,
    /// Given up.
    Dropped,
}

/// One sending of a message and what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PushTry {
    /// Virtual time of the answer.
    pub at: DateTime<Utc>,
    /// HTTP status; `None` where nothing was answered.
    pub status: Option<u16>,
    /// Beginning of the answer's body, or why there is none.
    pub answer: String,
    /// Real time that it took.
    pub millis: u64,
    /// What was wrong with it.
    pub fault: Option<PushFault>,
}

/// A message to one URL.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Push {
    /// Counts from 1 over the cabinet.
    pub id: u64,
    /// Of the registered URL; `None` for the ping of a check.
    pub url_id: Option<i64>,
    /// Where it goes.
    pub url: String,
    /// What it says.
    pub message: Value,
    /// Virtual time of the event.
    pub made_at: DateTime<Utc>,
    /// Where it stands.
    pub state: PushState,
    /// Every sending, oldest first.
    pub tries: Vec<PushTry>,
    /// Virtual time of the next try.
    pub next_try_at: Option<DateTime<Utc>>,
}

impl Push {
    /// `TYPE_NEW_POSTING` and the like.
    pub fn message_type(&self) -> &str {
        self.message["message_type"].as_str().unwrap_or("")
    }

    /// What was answered last.
    pub fn last_answer(&self) -> Option<&PushTry> {
        self.tries.last()
    }
}

/// A message to be sent now.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) push: u64,
    pub(crate) url_id: i64,
    pub(crate) url: String,
    pub(crate) message: Value,
    pub(crate) is_ping: bool,
}

/// The URLs of a cabinet and their messages.
#[derive(Debug, Default)]
pub(crate) struct PushJournal {
    pub(crate) urls: Vec<NotificationUrl>,
    pushes: BTreeMap<u64, Push>,
    /// By the time of the next try and the order of coming.
    waiting: BTreeMap<(DateTime<Utc>, u64), u64>,
    /// URLs that something is under way to: each gets one message at a time.
    busy: HashSet<i64>,
    last_id: u64,
    last_url: i64,
    last_order: u64,
    is_held: bool,
}

impl PushJournal {
    pub(crate) fn has_urls(&self) -> bool {
        !self.urls.is_empty()
    }

    pub(crate) fn url_mut(&mut self, id: i64) -> Option<&mut NotificationUrl> {
        self.urls.iter_mut().find(|url| url.id == id)
    }

    pub(crate) fn register(&mut self, url: &str, types: Vec<String>, at: DateTime<Utc>) -> i64 {
        self.last_url += 1;
        self.urls.push(NotificationUrl {
            id: self.last_url,
            url: url.to_owned(),
            types,
            enabled: true,
            created_at: at,
            disable_reason: None,
            availability: None,
        });
        self.last_url
    }

    /// A message for every URL that takes its type.
    pub(crate) fn tell(&mut self, message: &Value, at: DateTime<Utc>) {
        let message_type = message["message_type"].as_str().unwrap_or("");
        let takers: Vec<_> = self.urls.iter().filter(|url| url.takes(message_type)).cloned().collect();
        for url in takers {
            self.queue(&url, message.clone(), at);
        }
    }

    /// A message for every URL that is switched on, of whatever type.
    pub(crate) fn send(&mut self, message: &Value, at: DateTime<Utc>) -> Vec<u64> {
        let enabled: Vec<_> = self.urls.iter().filter(|url| url.enabled).cloned().collect();
        enabled.iter().map(|url| self.queue(url, message.clone(), at)).collect()
    }

    /// The same message to the same URL once more, whatever came of it.
    pub(crate) fn repeat(&mut self, id: u64, at: DateTime<Utc>) -> Option<u64> {
        let push = self.pushes.get(&id)?;
        let (url_id, message) = (push.url_id?, push.message.clone());
        let url = self.urls.iter().find(|url| url.id == url_id)?.clone();
        Some(self.queue(&url, message, at))
    }

    fn queue(&mut self, url: &NotificationUrl, message: Value, at: DateTime<Utc>) -> u64 {
        let id = self.write(Some(url.id), &url.url, message, at);
        if let Some(push) = self.pushes.get_mut(&id).filter(|_| self.is_held) {
            push.state = PushState::Held;
        } else {
            self.wait(id, at);
        }
        id
    }

    fn write(&mut self, url_id: Option<i64>, url: &str, message: Value, at: DateTime<Utc>) -> u64 {
        self.last_id += 1;
        let push = Push {
            id: self.last_id,
            url_id,
            url: url.to_owned(),
            message,
            made_at: at,
            state: PushState::Waiting,
            tries: Vec::new(),
            next_try_at: None,
        };
        self.pushes.insert(self.last_id, push);
        if self.pushes.len() > KEPT {
            self.pushes.pop_first();
        }
        self.last_id
    }

    fn wait(&mut self, id: u64, until: DateTime<Utc>) {
        let Some(push) = self.pushes.get_mut(&id) else { return };
        push.state = PushState::Waiting;
        push.next_try_at = Some(until);
        self.last_order += 1;
        self.waiting.insert((until, self.last_order), id);
    }

    pub(crate) fn hold(&mut self) {
        self.is_held = true;
    }

    /// What was held goes now: those named first, in this order, then the others as they came.
    pub(crate) fn release(&mut self, first: &[u64], at: DateTime<Utc>) {
        self.is_held = false;
        let held: Vec<u64> =
            self.pushes.values().filter(|push| push.state == PushState::Held).map(|push| push.id).collect();
        let named = first.iter().copied().filter(|id| held.contains(id));
        let others = held.iter().copied().filter(|id| !first.contains(id));
        for id in named.chain(others) {
            self.wait(id, at);
        }
    }

    /// What is to be sent by now; one message for each URL that nothing is under way to.
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        let due: Vec<_> = self.waiting.range(..=(now, u64::MAX)).map(|(key, id)| (*key, *id)).collect();
        for (key, id) in due {
            let Some(push) = self.pushes.get_mut(&id) else {
                self.waiting.remove(&key);
                continue;
            };
            let Some(url_id) = push.url_id else { continue };
            if self.busy.contains(&url_id) {
                continue;
            }
            self.waiting.remove(&key);
            push.next_try_at = None;
            // What is for a URL that is gone or switched off is never sent.
            let Some(url) = self.urls.iter().find(|url| url.id == url_id && url.enabled) else {
                push.state = PushState::Dropped;
                continue;
            };
            push.state = PushState::Sending;
            push.url.clone_from(&url.url);
            self.busy.insert(url_id);
            deliveries.push(Delivery {
                push: id,
                url_id,
                url: push.url.clone(),
                message: push.message.clone(),
                is_ping: push.message_type() == PING,
            });
        }
        deliveries
    }

    /// What came of a sending.
    pub(crate) fn tried(&mut self, delivery: &Delivery, tried: PushTry) {
        if !self.busy.remove(&delivery.url_id) {
            return;
        }
        if let Some(url) = self.url_mut(delivery.url_id) {
            url.availability = Some((Availability::of(tried.status.map(|_| tried.millis)), tried.at));
        }
        let Some(push) = self.pushes.get_mut(&delivery.push) else { return };
        let (at, is_good) = (tried.at, tried.fault.is_none());
        push.tries.push(tried);
        if is_good {
            push.state = PushState::Delivered;
        } else if let Some(seconds) = INTERVALS.get(push.tries.len() - 1) {
            self.wait(delivery.push, at + TimeDelta::seconds(*seconds));
        } else {
            push.state = PushState::Dropped;
        }
    }

    /// A ping outside of the queue, from a check or a registration.
    pub(crate) fn pinged(&mut self, url_id: Option<i64>, url: &str, message: Value, tried: PushTry) {
        let id = self.write(url_id, url, message, tried.at);
        if let Some(push) = self.pushes.get_mut(&id) {
            push.state = if tried.fault.is_none() { PushState::Delivered } else { PushState::Dropped };
            push.tries.push(tried);
        }
    }

    /// What was under way when the sender stopped is sent again: nobody knows whether it came.
    pub(crate) fn resume(&mut self, now: DateTime<Utc>) {
        self.busy.clear();
        let broken: Vec<u64> = self
            .pushes
            .values()
            .filter(|push| push.state == PushState::Sending)
            .map(|push| push.id)
            .collect();
        for id in broken {
            self.wait(id, now);
        }
    }

    pub(crate) fn all(&self) -> Vec<Push> {
        self.pushes.values().cloned().collect()
    }

    /// Forgets what is over.
    pub(crate) fn clear(&mut self) {
        self.pushes.retain(|_, push| {
            matches!(push.state, PushState::Waiting | PushState::Held | PushState::Sending)
        });
    }
}
