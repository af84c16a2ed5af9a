//! What a change of the settings does to orders that exist, when a person applies it to them.
//!
//! Only rows 11 to 13 reach back. The source, the methods, the customer, the number and the date of an order are what the
//! settings said when it was made, and rows 8 and 9 and `load_from` are about postings that have no order.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::history::{Actor, Field, HistoryEntry, Reason};
use crate::ids::StatusId;
use crate::intake::is_paid;
use crate::order::{Barcodes, Order};
use crate::ozon_status::OzonStatus;
use crate::posting::Posting;
use crate::settings::Settings;

/// A change of the settings of one cabinet.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The settings that made the orders what they are.
    pub before: &'a Settings,
    /// The settings that are applied to them.
    pub after: &'a Settings,
}

/// What the history says of where an order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// [`Field::Status`] or [`Field::OzonStatus`].
    pub field: Field,
    /// Before.
    pub old: Option<String>,
    /// After.
    pub new: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// Whether the last one to say where an order stands was a person: nothing moved it since, and Ozon's code has not come to
/// another row for which the map had a word, be it the same one. The moves are the oldest first.
pub fn placed_by_hand(moves: &[Move], settings: &Settings) -> bool {
    let row = |code: &Option<String>| {
        let (status, substatus) =
            code.as_deref().map(|c| c.split_once('/').map_or((c, None), |(s, f)| (s, Some(f))))?;
        Some(settings.status_row(&OzonStatus::from(status), substatus).to_owned())
    };
    // Beside it, whether it was so before a person moved the order last: undoing leads back to that.
    let (by_hand, _) =
        moves.iter().fold((false, false), |(by_hand, before), told| match (told.field, &told.reason) {
            (Field::Status, Reason::ByHand) => (true, by_hand),
            (Field::Status, Reason::Undone) => (before, before),
            (Field::Status, Reason::NoRowInStatusMap { .. }) => (by_hand, before),
            (Field::OzonStatus, _) => {
                let (old, new) = (row(&told.old), row(&told.new));
                let stays = old == new || new.is_none_or(|new| settings.mapped(&new).is_none());
                (by_hand && stays, before && stays)
            }
            _ => (false, false),
        });
    by_hand
}

/// An order that the change may concern, with what it takes to decide.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The order.
    pub order: &'a Order,
    /// All that Ozon has said of its posting.
    pub facts: &'a Posting,
    /// The last one to move it was a person, not the map.
    pub placed_by_hand: bool,
}

impl Change<'_> {
    /// The statuses of the shop that orders may leave: those that a changed row of the map gave. Empty when no order moves;
    /// a row that was emptied moves none.
    pub fn statuses_left(&self) -> BTreeSet<StatusId> {
        let (before, after) = (&self.before.status_map, &self.after.status_map);
        let rows = before.keys().chain(after.keys());
        let leads_elsewhere =
            |row: &&String| before.get(*row) != after.get(*row) && self.after.mapped(row).is_some();
        let changed: Vec<&String> = rows.filter(leads_elsewhere).collect();
        // A row that a substatus gains speaks for orders that stand where its status put them, whichever that is.
        let gained = |row: &str| !OzonStatus::from(row).is_known() && self.before.mapped(row).is_none();
        if changed.iter().any(|row| gained(row)) {
            return before.values().copied().flatten().collect();
        }
        changed.into_iter().filter_map(|row| self.before.mapped(row)).collect()
    }

    /// Row 13 is switched on.
    pub fn marks_paid(&self) -> bool {
        self.after.mark_paid_when_delivered && !self.before.mark_paid_when_delivered
    }

    /// Row 11 is switched on.
    pub fn fills_barcodes(&self) -> bool {
        self.after.load_barcode && !self.before.load_barcode
    }

    /// A rule by which postings become orders has changed: rows 8 and 9, and `load_from`.
    pub fn concerns_postings(&self) -> bool {
        let rules = |s: &Settings| (s.also_awaiting_deliver, s.also_box_changes, s.load_from);
        rules(self.before) != rules(self.after)
    }

    /// Whether there can be an order or a posting that the change concerns.
    pub fn reaches_back(&self) -> bool {
        !self.statuses_left().is_empty()
            || self.marks_paid()
            || self.fills_barcodes()
            || self.concerns_postings()
    }

    /// The status that the order moves to, with the row that leads there. Only an order that stands where the old map put
    /// it moves: what a person set stands, so does a final cancellation, and a row that was emptied moves nothing.
    fn moves(&self, standing: Standing<'_>) -> Option<(StatusId, String)> {
        let order = standing.order;
        if standing.placed_by_hand || order.ozon_status.is_final_cancellation() {
            return None;
        }
        let row = |settings: &Settings| {
            settings.status_row(&order.ozon_status, order.ozon_substatus.as_deref()).to_owned()
        };
        let (row_before, row_after) = (row(self.before), row(self.after));
        if self.before.mapped(&row_before) != Some(order.status_id) {
            return None;
        }
        let emptied = self.after.mapped(&row_before).is_none();
        let leads_to = self.after.mapped(&row_after).filter(|to| *to != order.status_id && !emptied)?;
        Some((leads_to, row_after))
    }

    /// The order after the change, with the history of it; `None` when the change does not concern it.
    pub fn apply(
        &self,
        standing: Standing<'_>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Option<(Order, Vec<HistoryEntry>)> {
        let mut order = standing.order.clone();
        let mut history = Vec::new();
        let mut note = |field, old: Option<String>, new: Option<String>, key: String| {
            let reason = Reason::SettingsChanged { key };
            history.push(HistoryEntry {
                at: now,
                ozon_at: None,
                actor: actor.clone(),
                field,
                old,
                new,
                reason,
            });
        };
        if let Some((to, row)) = self.moves(standing) {
            let from = std::mem::replace(&mut order.status_id, to);
            note(Field::Status, Some(from.to_string()), Some(to.to_string()), format!("status_map.{row}"));
        }
        if self.marks_paid()
            && !order.paid
            && !order.paid_by_hand
            && is_paid(standing.facts, self.after, order.status_id)
        {
            order.paid = true;
            order.paid_at = Some(now);
            let (old, new) = (Some("false".to_owned()), Some("true".to_owned()));
            note(Field::Paid, old, new, "mark_paid_when_delivered".to_owned());
        }
        if self.fills_barcodes() {
            let filled = Barcodes::of(standing.facts).or(order.barcodes.clone());
            if filled != order.barcodes {
                let old = std::mem::replace(&mut order.barcodes, filled);
                note(Field::Barcodes, old.text(), order.barcodes.text(), "load_barcode".to_owned());
            }
        }
        (!history.is_empty()).then_some((order, history))
    }
}
