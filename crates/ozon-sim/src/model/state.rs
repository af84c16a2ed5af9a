//! Owns a cabinet with its postings, indexed, and everything that goes on in it. Every change of a
//! posting goes through here, so that the indices agree and push messages are made.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::cabinet::Cabinet;
use super::cancelling::CancellationRequest;
use super::change::ChangeLog;
use super::machine::ActError;
use super::posting::Posting;
use crate::life::Life;
use crate::push::journal::PushJournal;
use crate::push::message;

/// A cabinet with its postings in the orders in which the lists go.
pub(crate) struct CabinetState {
    pub(crate) cabinet: Cabinet,
    pub(crate) postings: Vec<Arc<Posting>>,
    pub(crate) by_start: BTreeMap<StartKey, usize>,
    pub(crate) by_cutoff: BTreeMap<CutoffKey, usize>,
    pub(super) by_number: HashMap<Arc<str>, usize>,
    pub(crate) life: Option<Life>,
    pub(crate) changes: ChangeLog,
    pub(crate) cancellation_requests: BTreeMap<i64, CancellationRequest>,
    pub(crate) pushes: PushJournal,
}

/// Order of `/v4/posting/fbs/list`: `in_process_at`, id.
pub(crate) type StartKey = (DateTime<Utc>, i64);
/// Order of `/v4/posting/fbs/unfulfilled/list`: cutoff, `in_process_at`, id.
pub(crate) type CutoffKey = (DateTime<Utc>, DateTime<Utc>, i64);

fn start_key(posting: &Posting) -> StartKey {
    (posting.in_process_at, posting.id)
}

fn cutoff_key(posting: &Posting) -> Option<CutoffKey> {
    if !posting.status.is_unfulfilled() {
        return None;
    }
    posting.shipment_date.map(|cutoff| (cutoff, posting.in_process_at, posting.id))
}

impl CabinetState {
    pub(super) fn new(cabinet: Cabinet) -> Self {
        Self {
            cabinet,
            postings: Vec::new(),
            by_start: BTreeMap::new(),
            by_cutoff: BTreeMap::new(),
            by_number: HashMap::new(),
            life: None,
            changes: ChangeLog::default(),
            cancellation_requests: BTreeMap::new(),
            pushes: PushJournal::default(),
        }
    }

    pub(crate) fn get(&self, posting_number: &str) -> Option<&Arc<Posting>> {
        self.by_number.get(posting_number).and_then(|&slot| self.postings.get(slot))
    }

    pub(super) fn insert(&mut self, posting: Posting, at: DateTime<Utc>) -> Result<(), ActError> {
        if self.by_number.contains_key(&posting.posting_number) {
            return Err(ActError::PostingExists(posting.posting_number.to_string()));
        }
        let slot = self.postings.len();
        self.by_number.insert(Arc::clone(&posting.posting_number), slot);
        self.by_start.insert(start_key(&posting), slot);
        if let Some(key) = cutoff_key(&posting) {
            self.by_cutoff.insert(key, slot);
        }
        // What is over when it comes was there before: an archive, no news.
        if self.pushes.has_urls() && !posting.status.is_final() {
            self.pushes.tell(&message::new_posting(&posting, self.cabinet.seller_id()), at);
        }
        self.postings.push(Arc::new(posting));
        Ok(())
    }

    /// Nothing is changed when `change` fails.
    pub(crate) fn edit<T>(
        &mut self,
        posting_number: &str,
        at: DateTime<Utc>,
        change: impl FnOnce(&mut Posting) -> Result<T, ActError>,
    ) -> Result<T, ActError> {
        let slot = *self
            .by_number
            .get(posting_number)
            .ok_or_else(|| ActError::NoPosting(posting_number.to_owned()))?;
        let mut changed = Posting::clone(&self.postings[slot]);
        let result = change(&mut changed)?;
        let before = &self.postings[slot];
        self.by_start.remove(&start_key(before));
        if let Some(key) = cutoff_key(before) {
            self.by_cutoff.remove(&key);
        }
        self.by_start.insert(start_key(&changed), slot);
        if let Some(key) = cutoff_key(&changed) {
            self.by_cutoff.insert(key, slot);
        }
        if self.pushes.has_urls() {
            for news in message::of_change(before, &changed, self.cabinet.seller_id()) {
                self.pushes.tell(&news, at);
            }
        }
        self.postings[slot] = Arc::new(changed);
        Ok(result)
    }

    /// The smallest free last part of an order's posting numbers.
    pub(super) fn free_number(&self, order_number: &str, taken: u32) -> (Arc<str>, u32) {
        let mut last = taken;
        loop {
            last += 1;
            let number: Arc<str> = format!("{order_number}-{last}").into();
            if !self.by_number.contains_key(&number) {
                return (number, last);
            }
        }
    }
}
