//! What a fresh answer of Ozon changes on an order that exists.

use chrono::{DateTime, Utc};

use super::create::{is_paid, order_date};
use super::{Circumstances, Known, Outcome, Part};
use crate::customer::{self, CustomerChoice};
use crate::flag::Flag;
use crate::history::{Actor, Field, HistoryEntry, Reason};
use crate::money::Money;
use crate::order::{Barcodes, Followed, Gone, Order, OrderLine, follow, replaced, total};
use crate::ozon_status::{OzonStatus, Stage};
use crate::posting::{Container, Posting, Product};
use crate::push::Told;
use crate::settings::{CancelAct, PostingNumberTo};

/// Ozon shows another status after a final cancellation: the order stays as it is, and its history says so.
pub fn noted_after_cancellation(order: &Order, shown: &OzonStatus, now: DateTime<Utc>) -> Outcome {
    let entry = HistoryEntry {
        at: now,
        ozon_at: None,
        actor: Actor::Ozon,
        field: Field::OzonStatus,
        old: Some(order.ozon_status.to_string()),
        new: Some(shown.to_string()),
        reason: Reason::AfterCancellation,
    };
    Outcome::Updated { order: Box::new(order.clone()), customer: None, history: vec![entry] }
}

/// Compares the order with what Ozon says by now.
/// With it whether only `/v3/posting/fbs/get` can tell what became of goods that are gone.
pub fn decide(
    order: &Order,
    known: &Known,
    facts: &Posting,
    parts: &[Part],
    with: Circumstances<'_>,
) -> (Outcome, bool) {
    let earlier = known.facts.as_ref();
    let mut change = Change { order: order.clone(), history: Vec::new(), told: known.told, with };
    // Only what was split off since the order was made takes goods from it.
    let parts: Vec<&Part> = parts.iter().filter(|part| part.first_seen_at > order.imported_at).collect();
    let ask_related = change.lines(facts, &parts);
    change.dates(facts);
    match slowest(facts, &parts) {
        // The parts have no orders of their own: the order goes with the last of them.
        Some(part) if !with.settings.also_box_changes => {
            let shown =
                Posting { status: part.status.clone(), substatus: part.substatus.clone(), ..facts.clone() };
            change.status(&shown);
            change.payment(&shown);
        }
        _ => {
            change.status(facts);
            change.payment(facts);
        }
    }
    change.track_number(earlier, facts);
    change.barcodes(facts);
    change.boxes(earlier, facts);
    let customer = change.customer(earlier, facts);
    change.quiet_facts(earlier, facts);

    let outcome = if change.order == *order && change.history.is_empty() && customer.is_none() {
        Outcome::Unchanged
    } else {
        Outcome::Updated { order: Box::new(change.order), customer, history: change.history }
    };
    (outcome, ask_related)
}

/// The member of a family that is least far on its way, once there is a family; parts that are cancelled do not count.
fn slowest<'a>(facts: &'a Posting, parts: &[&'a Part]) -> Option<&'a Posting> {
    let parts = parts.iter().map(|part| &part.facts).filter(|part| !part.status.is_final_cancellation());
    let slowest = parts.min_by_key(|part| part.status.place().unwrap_or(u8::MAX))?;
    match &facts.status {
        OzonStatus::Cancelled => None,
        OzonStatus::CancelledFromSplitPending => Some(slowest),
        own => Some(if own.place() <= slowest.status.place() { facts } else { slowest }),
    }
}

struct Change<'a> {
    order: Order,
    history: Vec<HistoryEntry>,
    told: Told,
    with: Circumstances<'a>,
}

impl Change<'_> {
    fn note(&mut self, actor: Actor, field: Field, old: Option<String>, new: Option<String>, reason: Reason) {
        let at = self.with.now;
        self.history.push(HistoryEntry { at, ozon_at: None, actor, field, old, new, reason });
    }

    fn ozon(&mut self, field: Field, old: Option<String>, new: Option<String>) {
        self.note(Actor::Ozon, field, old, new, Reason::OzonChanged);
    }

    fn status(&mut self, facts: &Posting) {
        let settings = self.with.settings;
        let before = (self.order.ozon_status.clone(), self.order.ozon_substatus.clone());
        if before.0 == facts.status && before.1 == facts.substatus {
            return;
        }
        let echo = self.told.is_echo(&facts.status, facts.substatus.as_deref());
        let reason = if facts.status.is_step_back_from(&before.0) {
            Reason::StepBack
        } else if echo {
            Reason::OwnPush
        } else {
            Reason::OzonChanged
        };
        let old = code(&before.0, before.1.as_deref());
        let new = code(&facts.status, facts.substatus.as_deref());
        self.order.ozon_status = facts.status.clone();
        self.order.ozon_substatus.clone_from(&facts.substatus);
        self.note(Actor::Ozon, Field::OzonStatus, Some(old), Some(new), reason);

        // Final: a finer word about it moves nothing.
        if before.0.is_final_cancellation() {
            return;
        }
        if facts.status == OzonStatus::Cancelled {
            return self.cancelled(&before.0, facts);
        }
        let row_before = settings.status_row(&before.0, before.1.as_deref()).to_owned();
        let row = settings.status_row(&facts.status, facts.substatus.as_deref()).to_owned();
        // What Ozon reached through our own push changes Ozon's code and the history, never the order's status.
        if row == row_before || echo {
            return;
        }
        if self.told.waits {
            let stays = Some(self.order.status_id.to_string());
            return self.note(Actor::Rule, Field::Status, stays.clone(), stays, Reason::PushWaits { row });
        }
        match settings.mapped(&row) {
            Some(id) if id != self.order.status_id => {
                let old = self.order.status_id.to_string();
                self.order.status_id = id;
                self.note(
                    Actor::Rule,
                    Field::Status,
                    Some(old),
                    Some(id.to_string()),
                    Reason::StatusMap { row },
                );
            }
            None if facts.status.is_known() => {
                let stays = self.order.status_id.to_string();
                self.note(
                    Actor::Rule,
                    Field::Status,
                    Some(stays.clone()),
                    Some(stays),
                    Reason::NoRowInStatusMap { row },
                );
            }
            Some(_) | None => {}
        }
    }

    /// `on_cancel`: the act depends on how far the order had come.
    fn cancelled(&mut self, last: &OzonStatus, facts: &Posting) {
        let stage = match last.stage() {
            Stage::BeforeWork if self.order.moved_by_hand => Stage::InWork,
            stage => stage,
        };
        let told = facts.details.cancellation.clone().unwrap_or_default();
        let reason = Reason::OnCancel { stage, reason: told.reason, initiator: told.initiator };
        match self.with.settings.on_cancel.act(stage) {
            CancelAct::Status(id) => {
                let old = self.order.status_id.to_string();
                self.order.status_id = id;
                self.note(Actor::Rule, Field::Status, Some(old), Some(id.to_string()), reason);
            }
            CancelAct::Flag(_) => {
                let flag = if stage == Stage::Shipped { Flag::AwaitingReturn } else { Flag::CancelledInOzon };
                if self.order.flags.insert(flag) {
                    self.note(Actor::Rule, Field::Flags, None, Some(flag.to_string()), reason);
                }
            }
        }
    }

    /// Settings row 13; what a person set by hand is never changed.
    fn payment(&mut self, facts: &Posting) {
        let order = &mut self.order;
        if !order.paid && !order.paid_by_hand && is_paid(facts, self.with.settings, order.status_id) {
            order.paid = true;
            order.paid_at = Some(self.with.now);
            let (old, new) = (Some("false".to_owned()), Some("true".to_owned()));
            self.note(Actor::Rule, Field::Paid, old, new, Reason::MarkPaidWhenDelivered);
        }
    }

    /// Settings, "Boxes and splits": goods that went to parts are moved, with the setting off they stay; what else is gone
    /// is cancelled. Whether it must first be asked which.
    fn lines(&mut self, facts: &Posting, parts: &[&Part]) -> bool {
        let follows = self.with.settings.also_box_changes;
        let gone = match &facts.status {
            // The end of the whole order: nothing was split off.
            OzonStatus::Cancelled => Gone::Cancelled,
            _ if facts.related.is_some() => Gone::ToParts,
            _ => Gone::Unknown,
        };
        let goods: Vec<Product> = parts.iter().flat_map(|part| part.facts.products.clone()).collect();
        let mut followed = match (&facts.status, follows) {
            (OzonStatus::CancelledFromSplitPending, true) => {
                Followed { lines: replaced(&self.order.lines), cancelled: false, unknown: false }
            }
            (OzonStatus::CancelledFromSplitPending, false) => return false,
            _ => follow(&self.order.lines, &facts.products, &goods, gone),
        };
        if !follows {
            for line in &mut followed.lines {
                line.quantity = line.quantity.saturating_add(std::mem::take(&mut line.moved));
            }
        }
        let sum = total(&followed.lines);
        if followed.lines == self.order.lines && sum == self.order.total {
            return followed.unknown;
        }
        let old = (described(&self.order.lines), self.order.total);
        let new = (described(&followed.lines), sum);
        (self.order.lines, self.order.total) = (followed.lines, sum);
        if old.0 != new.0 {
            self.ozon(Field::Lines, Some(old.0), Some(new.0));
        } else if old.1 != new.1 {
            // The goods were right and their sum was not.
            let whole = |(lines, sum): (String, Money)| format!("{lines} ({sum})");
            self.ozon(Field::Lines, Some(whole(old)), Some(whole(new)));
        }
        let in_work = self.order.moved_by_hand || self.order.ozon_status.stage() != Stage::BeforeWork;
        // The end of the whole order is no cancellation of a part.
        let partly = followed.cancelled && !facts.status.is_final_cancellation();
        if partly && in_work && self.order.flags.insert(Flag::PartlyCancelled) {
            self.ozon(Field::Flags, None, Some(Flag::PartlyCancelled.to_string()));
        }
        followed.unknown
    }

    fn dates(&mut self, facts: &Posting) {
        let details = &facts.details;
        if details.shipment_date.is_some() && details.shipment_date != self.order.ship_by {
            let (old, new) = (time(self.order.ship_by), time(details.shipment_date));
            self.order.ship_by = details.shipment_date;
            self.ozon(Field::ShipBy, old, new);
        }
        self.order.overdue_after = details.shipment_date_without_delay.or(self.order.overdue_after);
        if details.in_process_at.is_some() && details.in_process_at != self.order.placed_at {
            let (old, new) = (time(self.order.placed_at), time(details.in_process_at));
            self.order.placed_at = details.in_process_at;
            self.order.order_date =
                order_date(self.with.settings, self.order.placed_at, self.order.imported_at);
            self.ozon(Field::PlacedAt, old, new);
        }
        if self.order.ozon_order_number.is_none() {
            self.order.ozon_order_number.clone_from(&details.order_number);
        }
    }

    /// Ozon's own track number fills an empty field; a person's stands, and the difference is noted once.
    fn track_number(&mut self, earlier: Option<&Posting>, facts: &Posting) {
        let Some(ozons) = facts.details.tracking_number.clone() else { return };
        if self.order.track_number.as_ref() == Some(&ozons) {
            return;
        }
        if self.order.track_by_hand && self.order.track_number.is_some() {
            if earlier.and_then(|e| e.details.tracking_number.as_ref()) != Some(&ozons) {
                let stands = self.order.track_number.clone();
                self.note(Actor::Ozon, Field::TrackNumber, stands, Some(ozons), Reason::PersonsValueStands);
            }
            return;
        }
        let old = self.order.track_number.replace(ozons.clone());
        self.ozon(Field::TrackNumber, old, Some(ozons));
    }

    /// Settings row 11: codes that Ozon gives after packing are filled in later.
    fn barcodes(&mut self, facts: &Posting) {
        if !self.with.settings.load_barcode {
            return;
        }
        let before = self.order.barcodes.clone();
        let after = Barcodes::of(facts).or(before.clone());
        if after != before {
            self.note(Actor::Ozon, Field::Barcodes, before.text(), after.text(), Reason::LoadBarcode);
            self.order.barcodes = after;
        }
    }

    /// Settings row 9: the number of boxes and the container; off means only noted.
    fn boxes(&mut self, earlier: Option<&Posting>, facts: &Posting) {
        let follows = self.with.settings.also_box_changes;
        if let Some(boxes) = facts.details.multi_box_qty.map(|n| n.max(1)) {
            let before = if follows {
                self.order.boxes
            } else {
                earlier.and_then(|e| e.details.multi_box_qty).unwrap_or(self.order.boxes).max(1)
            };
            if boxes != before {
                self.boxed(before.to_string(), boxes.to_string());
            }
            if follows {
                self.order.boxes = boxes;
            }
        }
        let container = |p: &Posting| p.details.container.as_ref().map(contained);
        if let Some(earlier) = earlier.filter(|e| container(e) != container(facts)) {
            self.boxed(container(earlier).unwrap_or_default(), container(facts).unwrap_or_default());
        }
        if self.order.parent.is_none() {
            self.order.parent.clone_from(&facts.details.parent);
        }
    }

    fn boxed(&mut self, old: String, new: String) {
        let reason =
            if self.with.settings.also_box_changes { Reason::OzonChanged } else { Reason::OnlyNoted };
        let said = |text: String| Some(text).filter(|t| !t.is_empty());
        self.note(Actor::Ozon, Field::Boxes, said(old), said(new), reason);
    }

    /// A customer whom Ozon names only later is bound then; one that a person chose stands, and the difference is noted.
    fn customer(&mut self, earlier: Option<&Posting>, facts: &Posting) -> Option<CustomerChoice> {
        let named = |p: &Posting| p.customer.as_ref().and_then(|c| c.id);
        if self.order.customer_by_hand {
            if earlier.is_some_and(|e| named(e).is_none()) && named(facts).is_some() {
                let stands = Some(self.order.customer_name.clone());
                let ozons = facts.person_name().map(str::to_owned);
                self.note(Actor::Ozon, Field::Customer, stands, ozons, Reason::PersonsValueStands);
            }
            return None;
        }
        if self.with.settings.posting_number_to == PostingNumberTo::OrderNumber
            && self.order.customer_name.is_empty()
            && let Some(name) = facts.person_name()
        {
            let name = name.to_owned();
            self.order.customer_name.clone_from(&name);
            self.ozon(Field::Customer, None, Some(name));
        }
        if earlier.is_some_and(|e| named(e).is_none()) && named(facts).is_some() {
            let choice = customer::choose(self.with.settings, facts);
            return matches!(choice, CustomerChoice::OfOzon { .. }).then_some(choice);
        }
        None
    }

    /// Facts that stand on the card but in no column of the order: a change of theirs is told in one line each.
    fn quiet_facts(&mut self, earlier: Option<&Posting>, facts: &Posting) {
        let Some(earlier) = earlier else { return };
        let who = |p: &Posting| p.person_name().map(str::to_owned);
        if who(earlier) != who(facts) || says_otherwise(earlier, facts) {
            self.ozon(Field::Recipient, who(earlier), who(facts));
        }
        let delivery = |p: &Posting| {
            let d = &p.details;
            (d.delivery_method_id, d.warehouse_id, d.delivery_from, d.delivery_to, d.carrier.clone())
        };
        if delivery(earlier) != delivery(facts) {
            let told = |p: &Posting| {
                let d = &p.details;
                let window =
                    time(d.delivery_from).zip(time(d.delivery_to)).map(|(from, to)| format!("{from} – {to}"));
                let parts: Vec<String> =
                    [d.delivery_method_name.clone(), window].into_iter().flatten().collect();
                (!parts.is_empty()).then(|| parts.join(", "))
            };
            self.ozon(Field::Delivery, told(earlier), told(facts));
        }
    }
}

/// Something that was known of the persons is another thing now. What one method tells beside the other, as the phone's
/// extension, is no change.
fn says_otherwise(earlier: &Posting, facts: &Posting) -> bool {
    let recipient = match (&earlier.recipient, &facts.recipient) {
        (Some(before), Some(now)) => before.clone().over(now) != *now,
        _ => false,
    };
    let customer = match (&earlier.customer, &facts.customer) {
        (Some(before), Some(now)) => before.clone().over(now) != *now,
        _ => false,
    };
    recipient || customer
}

/// A status with its substatus, as the history shows it.
fn code(status: &OzonStatus, substatus: Option<&str>) -> String {
    match substatus {
        Some(substatus) => format!("{status}/{substatus}"),
        None => status.to_string(),
    }
}

fn time(at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// A container in short.
fn contained(container: &Container) -> String {
    let number = container.number.map(|n| n.to_string());
    let parts = [number, container.cargo_type.clone(), container.date.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Lines in short, for the history's before and after.
fn described(lines: &[OrderLine]) -> String {
    let each = lines.iter().map(|l| format!("{} × {} = {}", l.offer_id, l.quantity, l.sum()));
    each.collect::<Vec<_>>().join("; ")
}
