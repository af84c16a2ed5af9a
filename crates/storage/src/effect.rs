//! What a change of the settings does to the orders and postings that are stored: counted before it is saved, and carried
//! out when a person asks for it. New orders are no concern of this module.

mod sweep;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::history::{Actor, Field, HistoryEntry};
use domain::reapply::Change;
use domain::settings::apply_patch;
use domain::{CabinetId, OrderId, Settings, StatusId};
use sea_orm::DatabaseTransaction;
use serde_json::Value;

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::intake::Anew;
use crate::mail;
use crate::orders::note;
use crate::settings::{ApplyError, SettingsVersion, current, directory, version};
use sweep::{Place, Sweep};

/// What a change of the settings did to what is stored, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// The version of the settings that it was counted against, or that was applied.
    pub version: u32,
    /// Orders that change in any way, each once.
    pub orders: u64,
    /// Orders that change their status, by the status that they leave and the one that they get.
    pub moved: BTreeMap<(StatusId, StatusId), u64>,
    /// Orders that are marked as paid.
    pub paid: u64,
    /// Orders whose barcodes are filled in.
    pub barcodes: u64,
    /// Orders made of stored postings, by day.
    pub made: Anew,
    /// What is told to Ozon: nothing. No rule tells Ozon of a status that no person set on the order itself.
    pub pushes: u64,
    /// Letters: one about the orders made, where settings row 10 is on and mail is set up. Of changed orders none tells:
    /// letters tell what came from Ozon, not what a person did here.
    pub letters: u64,
}

impl Effect {
    /// Orders that change their status.
    pub fn moved_total(&self) -> u64 {
        self.moved.values().sum()
    }

    /// Nothing that is stored would be any different.
    pub fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.paid == 0 && self.barcodes == 0 && self.made.total() == 0
    }

    fn count(&mut self, entry: &HistoryEntry) {
        let status = |text: &Option<String>| text.as_deref().and_then(|id| id.parse::<StatusId>().ok());
        match entry.field {
            Field::Status => {
                if let Some(way) = status(&entry.old).zip(status(&entry.new)) {
                    *self.moved.entry(way).or_default() += 1;
                }
            }
            Field::Paid => self.paid += 1,
            Field::Barcodes => self.barcodes += 1,
            _ => {}
        }
    }
}

impl Store {
    /// The settings as a change would make them. Keeps nothing.
    ///
    /// # Errors
    /// As [`Store::apply_settings`].
    pub async fn proposed_settings(
        &self,
        cabinet: CabinetId,
        patch: &Value,
    ) -> std::result::Result<Settings, ApplyError> {
        Ok(self.proposed(cabinet, patch).await?.1)
    }

    /// What a change of the settings would do to the orders and postings that are stored, if it were saved and applied to
    /// them. Keeps nothing.
    ///
    /// # Errors
    /// As [`Store::apply_settings`].
    pub async fn preview_settings(
        &self,
        cabinet: CabinetId,
        patch: &Value,
        now: DateTime<Utc>,
    ) -> std::result::Result<Effect, ApplyError> {
        let (before, after) = self.proposed(cabinet, patch).await?;
        let change = Change { before: &before.settings, after: &after };
        let mut effect = self.would_reapply(cabinet, change, now).await?;
        if change.concerns_postings() {
            effect.made = self.would_decide_anew(cabinet, &after, now).await?;
        }
        effect.letters = self.letters_about(&effect.made, &after).await?;
        Ok(Effect { version: before.version, ..effect })
    }

    async fn proposed(
        &self,
        cabinet: CabinetId,
        patch: &Value,
    ) -> std::result::Result<(SettingsVersion, Settings), ApplyError> {
        let before = current(&self.db, cabinet).await?;
        let shop = directory(&self.db, cabinet, patch).await?;
        let after = apply_patch(&before.settings, patch, &shop, self.zone).map_err(ApplyError::Faults)?;
        Ok((before, after))
    }

    /// What [`Store::apply_settings_to_existing`] would do. Keeps nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such version.
    pub async fn preview_existing(
        &self,
        cabinet: CabinetId,
        before_version: u32,
        now: DateTime<Utc>,
    ) -> Result<Effect> {
        let after = current(&self.db, cabinet).await?;
        let before = version(&self.db, cabinet, before_version).await?;
        let change = Change { before: &before.settings, after: &after.settings };
        let mut effect = self.would_reapply(cabinet, change, now).await?;
        if asks_about_postings(change, before.version == after.version) {
            effect.made = self.would_decide_anew(cabinet, &after.settings, now).await?;
        }
        effect.letters = self.letters_about(&effect.made, &after.settings).await?;
        Ok(Effect { version: after.version, ..effect })
    }

    async fn letters_about(&self, made: &Anew, settings: &Settings) -> Result<u64> {
        let tells = made.total() > 0 && settings.notify_new_orders && mail::is_set_up(&self.db).await?;
        Ok(u64::from(tells))
    }

    /// Applies what changed in the settings since `before_version` to the orders and postings that are stored. With the
    /// version in force it only decides anew about postings without an order. Goes in chunks, each a transaction of its
    /// own, so that loads and people go on beside it; an order that was changed already is not changed again.
    ///
    /// # Errors
    /// [`Error::Refused`] with `settings_changed` when the settings change meanwhile; the chunks before are kept then, and
    /// asking again does the rest.
    pub async fn apply_settings_to_existing(
        &self,
        cabinet: CabinetId,
        before_version: u32,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Effect> {
        let after = current(&self.db, cabinet).await?;
        let before = version(&self.db, cabinet, before_version).await?;
        let change = Change { before: &before.settings, after: &after.settings };
        let mut effect = Effect { version: after.version, ..Effect::default() };
        for sweep in Sweep::of(change) {
            let mut place = None;
            loop {
                let chunk = Chunk { cabinet, version: after.version, change, sweep, after: place };
                let (last, history) = self.write(|tx, _| Box::pin(chunk.carry_out(tx, actor, now))).await?;
                // All that changes of an order changes when the first sweep comes to it, so it is counted once.
                effect.orders += history.chunk_by(|(one, _), (next, _)| one == next).count() as u64;
                for (_, entry) in &history {
                    effect.count(entry);
                }
                if last.is_none() {
                    break;
                }
                place = last;
            }
        }
        if asks_about_postings(change, before.version == after.version) {
            effect.made = self.decide_anew(cabinet, actor, now, false).await?;
        }
        effect.letters = self.letters_about(&effect.made, &after.settings).await?;
        Ok(effect)
    }

    /// Counts the orders that a change concerns, each under every head that it comes under.
    async fn would_reapply(
        &self,
        cabinet: CabinetId,
        change: Change<'_>,
        now: DateTime<Utc>,
    ) -> Result<Effect> {
        let mut effect = Effect::default();
        for sweep in Sweep::of(change) {
            let mut place = None;
            loop {
                let (last, found) = sweep::read(&self.db, cabinet, change, sweep, place, false).await?;
                for standing in &found {
                    let applied = change.apply(standing.as_domain(), &Actor::Rule, now);
                    let Some((_, history)) = applied else { continue };
                    // What another sweep is for is counted there; the order itself where its first change is.
                    let first = history.first().is_some_and(|entry| entry.field == sweep.field());
                    effect.orders += u64::from(first);
                    for entry in history.iter().filter(|entry| entry.field == sweep.field()) {
                        effect.count(entry);
                    }
                }
                if last.is_none() {
                    break;
                }
                place = last;
            }
        }
        Ok(effect)
    }
}

/// Whether stored postings are to be decided about: their rules changed, or nothing else was asked for.
fn asks_about_postings(change: Change<'_>, nothing_else: bool) -> bool {
    nothing_else || change.concerns_postings()
}

/// A part of the orders, worked through in one transaction.
struct Chunk<'a> {
    cabinet: CabinetId,
    version: u32,
    change: Change<'a>,
    sweep: Sweep,
    after: Option<Place>,
}

impl Chunk<'_> {
    /// Where the next chunk begins, and what happened in this one.
    async fn carry_out(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(Option<Place>, Vec<(OrderId, HistoryEntry)>)> {
        if current(tx, self.cabinet).await?.version != self.version {
            return Err(Error::Refused("settings_changed"));
        }
        let (last, found) = sweep::read(tx, self.cabinet, self.change, self.sweep, self.after, true).await?;
        let mut entries = Vec::new();
        for standing in &found {
            let Some((after, history)) = self.change.apply(standing.as_domain(), actor, now) else {
                continue;
            };
            sweep::write(tx, &after).await?;
            entries.extend(history.into_iter().map(|entry| (after.id, entry)));
        }
        note(tx, &entries).await?;
        Ok((last, entries))
    }
}
