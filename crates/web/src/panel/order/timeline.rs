//! An order's history in words: what happened, and by which setting.

mod others;

use chrono::{DateTime, FixedOffset, Utc};
use domain::ozon_status::{OzonStatus, Stage};
use domain::warehouse_rules::PlaceKind;
use domain::{Field, HistoryEntry, Order, Reason, StatusId};
use storage::lists::{Named, Status};
use storage::people::User;

use crate::panel::exchange::told;
use crate::panel::orders::row;
use crate::panel::routes::Page;
use crate::panel::view::exchange::Answer;
use crate::panel::view::order::Event;
use crate::panel::view::{Dot, Link};
use crate::panel::words;
use voice::Voice;

/// The history of one order.
pub(crate) struct Timeline<'a> {
    pub(crate) v: Voice,
    pub(crate) order: &'a Order,
    pub(crate) statuses: &'a [Status],
    /// Of the warehouse it leaves from, where known.
    pub(crate) zone: Option<FixedOffset>,
    pub(crate) sees_persons: bool,
    /// Everyone who works or worked orders.
    pub(crate) people: &'a [User],
    /// Delivery and payment methods.
    pub(crate) methods: [&'a [Named]; 2],
}

impl Timeline<'_> {
    /// The history, and what stands beside it: the newest first.
    pub(crate) fn events(
        &self,
        entries: &[HistoryEntry],
        others: impl Iterator<Item = (DateTime<Utc>, Event)>,
    ) -> Vec<Event> {
        let mut all: Vec<_> = entries.iter().map(|entry| (entry.at, self.event(entry))).collect();
        all.extend(others);
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().rev().map(|(_, event)| event).collect()
    }

    fn event(&self, entry: &HistoryEntry) -> Event {
        let v = self.v;
        let (why, setting) = self.why(entry);
        let status = (entry.field == Field::Status).then(|| self.status(entry.new.as_deref())).flatten();
        Event {
            what: self.what(entry),
            why,
            setting,
            who: words::actor(v, &entry.actor),
            at: v.when_exactly(&entry.at),
            ozon_at: entry.ozon_at.map(|at| v.when_exactly(&at)),
            answer: answer(&entry.reason),
            icon: icon(entry.field),
            dot: status.map(|s| Dot::new(&s.color)),
            said: None,
        }
    }

    fn status(&self, id: Option<&str>) -> Option<&Status> {
        let id: StatusId = id?.parse().ok()?;
        self.statuses.iter().find(|s| s.id == id)
    }

    fn what(&self, entry: &HistoryEntry) -> String {
        let v = self.v;
        let new = entry.new.as_deref().unwrap_or_default();
        let old = entry.old.as_deref().unwrap_or_default();
        match entry.field {
            Field::Created => v.t("event-created"),
            Field::OzonStatus if old.is_empty() => v.with("event-ozon-status", "new", self.ozon(new)),
            Field::OzonStatus => {
                v.fill("event-ozon-status-from", &[("old", self.ozon(old)), ("new", self.ozon(new))])
            }
            Field::Status
                if matches!(entry.reason, Reason::NoRowInStatusMap { .. } | Reason::PushWaits { .. }) =>
            {
                v.t("event-status-stays")
            }
            Field::Status => {
                let name =
                    self.status(entry.new.as_deref()).map_or_else(|| new.to_owned(), |s| s.name.clone());
                v.with("event-status", "new", name)
            }
            Field::Paid if new == "true" => v.t("event-paid"),
            Field::Paid if new == "false" => v.t("event-unpaid"),
            Field::Paid => v.with("event-paid-at", "new", self.time(new, None)),
            Field::TrackNumber if new.is_empty() => v.t("event-track-number-gone"),
            Field::TrackNumber => v.with("event-track-number", "new", new),
            Field::Lines => v.fill("event-lines", &[("old", old.to_owned()), ("new", new.to_owned())]),
            Field::ShipBy => v.with("event-ship-by", "new", self.time(new, self.zone)),
            Field::PlacedAt => v.with("event-placed-at", "new", self.time(new, None)),
            Field::Flags if entry.new.is_some() => v.with("event-flag-up", "flag", self.flag(new)),
            Field::Flags => v.with("event-flag-down", "flag", self.flag(old)),
            Field::Customer if self.sees_persons && entry.reason == Reason::ByHand => {
                v.with("event-customer-bound", "new", new)
            }
            Field::Customer => v.t("event-customer"),
            Field::Manager if new.is_empty() => v.t("event-manager-gone"),
            Field::Manager => v.with("event-manager", "new", self.person(new)),
            Field::DeliveryMethod => v.with("event-delivery-method", "new", named(self.methods[0], new)),
            Field::PaymentMethod => v.with("event-payment-method", "new", named(self.methods[1], new)),
            Field::Recipient => v.t("event-recipient"),
            Field::Barcodes => v.t("event-barcodes"),
            Field::Boxes if matches!(entry.reason, Reason::Split { .. }) => {
                v.with("event-split", "part", new)
            }
            Field::Boxes => {
                let said = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
                v.fill("event-boxes-from", &[("old", said(old)), ("new", said(new))])
            }
            Field::Delivery => v.t("event-delivery"),
            // What was written is hidden, or was erased.
            Field::AdminComment if !self.sees_persons || (entry.old.is_none() && entry.new.is_none()) => {
                v.t("event-comment-hidden")
            }
            Field::AdminComment if new.is_empty() => v.t("event-comment-gone"),
            Field::AdminComment => v.with("event-comment", "new", new),
            Field::Push => self.push(entry),
            Field::CancellationRequest if new == "approve" => v.t("event-cancellation-approved"),
            Field::CancellationRequest => v.t("event-cancellation-rejected"),
            Field::Assigned => v.with("event-assigned", "what", self.assigned(entry)),
            Field::Persons => v.t("event-persons-erased"),
        }
    }

    /// What was told to Ozon, was not, or was asked for once more or taken back by hand.
    fn push(&self, entry: &HistoryEntry) -> String {
        let v = self.v;
        let word = entry.new.as_deref().or(entry.old.as_deref()).unwrap_or_default();
        // By hand both name the push itself; otherwise the old one is the value.
        let value = entry.old.as_deref().filter(|_| !matches!(entry.reason, Reason::ByHand | Reason::Undone));
        let what = told::subject(v, word, value);
        let key = match entry.reason {
            Reason::Told { .. } => "event-told",
            Reason::NotTold { .. } => "event-not-told",
            Reason::ByHand if entry.new.is_some() => "event-push-retried",
            Reason::ByHand | Reason::Undone => "event-push-withdrawn",
            _ => "event-push",
        };
        v.with(key, "what", what)
    }

    /// The reason in words, and the setting that it names.
    fn why(&self, entry: &HistoryEntry) -> (Option<String>, Option<Link>) {
        let v = self.v;
        let setting = |key: &str| Some(words::setting(v, self.order.cabinet_id, key));
        match &entry.reason {
            Reason::OzonChanged => (None, None),
            Reason::FirstSeen { ozon_status } => {
                (Some(v.with("why-first-seen", "status", v.ozon_status(ozon_status))), None)
            }
            Reason::AlsoAwaitingDeliver { ozon_status } => (
                Some(v.with("why-also-awaiting-deliver", "status", v.ozon_status(ozon_status))),
                setting("also_awaiting_deliver"),
            ),
            Reason::ByHand => (Some(v.t("why-by-hand")), None),
            Reason::Undone => (Some(v.t("why-undone")), None),
            Reason::StatusMap { row } => {
                (Some(v.with("why-status-map", "row", self.map_row(row))), setting("status_map"))
            }
            Reason::NoRowInStatusMap { row } => {
                (Some(v.with("why-no-row", "row", self.map_row(row))), setting("status_map"))
            }
            Reason::MarkPaidWhenDelivered => {
                (Some(v.t("why-mark-paid")), setting("mark_paid_when_delivered"))
            }
            Reason::OnCancel { stage, reason, initiator } => {
                let mut words = match stage {
                    Stage::BeforeWork => v.t("why-on-cancel-before-work"),
                    Stage::InWork => v.t("why-on-cancel-in-work"),
                    Stage::Shipped => v.t("why-on-cancel-shipped"),
                };
                let who = initiator.as_deref().map(|who| v.ozon_initiator(who));
                let told = [("cancelled-by", "who", &who), ("cancelled-because", "reason", reason)];
                let told: String = told
                    .into_iter()
                    .filter_map(|(key, name, value)| {
                        let value = value.as_deref().filter(|t| !t.is_empty())?;
                        Some(format!("{} ", v.with(key, name, value)))
                    })
                    .collect();
                words.insert_str(0, &told);
                (Some(words), setting("on_cancel"))
            }
            Reason::StepBack => (Some(v.t("why-step-back")), None),
            Reason::AfterCancellation => (Some(v.t("why-after-cancellation")), None),
            Reason::LoadBarcode => (Some(v.t("why-load-barcode")), setting("load_barcode")),
            Reason::Split { part, goods } => {
                let values = [("part", part.clone()), ("goods", goods.clone())];
                (Some(v.fill("why-split", &values)), setting("also_box_changes"))
            }
            Reason::PartOf { parent } => {
                (Some(v.with("why-part-of", "parent", parent)), setting("also_box_changes"))
            }
            Reason::OnlyNoted => (Some(v.t("why-only-noted")), setting("also_box_changes")),
            Reason::SettingsChanged { key } => match key.split_once('.') {
                Some((setting_key, row)) => {
                    (Some(v.with("why-settings-row", "row", self.map_row(row))), setting(setting_key))
                }
                None => (Some(v.t("why-settings-changed")), setting(key)),
            },
            Reason::PersonsValueStands => (Some(v.t("why-persons-value")), None),
            Reason::Told { setting: key, .. } if key.is_empty() => (None, None),
            Reason::Told { setting: key, .. } => (Some(v.t("why-told")), setting(key)),
            Reason::NotTold { setting: key, why, .. } => {
                let (what, advice) = told::not_told(v, *why);
                let words = format!("{what} {advice}");
                match key.as_str() {
                    "" => (Some(words), None),
                    key => (Some(format!("{words} {}", v.t("why-not-told"))), setting(key)),
                }
            }
            Reason::CancellationRequest { .. } if entry.new.is_none() => {
                (Some(v.t("why-cancellation-over")), None)
            }
            Reason::CancellationRequest { decide_by: Some(at) } => {
                let time = v.when_exactly(at).text;
                (Some(v.with("why-cancellation-asked-until", "time", time)), None)
            }
            Reason::CancellationRequest { decide_by: None } => (Some(v.t("why-cancellation-asked")), None),
            Reason::OwnPush => (Some(v.t("why-own-push")), None),
            Reason::WarehouseRule { of, .. } => {
                let key = match of {
                    PlaceKind::Warehouse => "why-rule-of-warehouse",
                    PlaceKind::DeliveryMethod => "why-rule-of-delivery-method",
                };
                let name = entry.new.as_deref().unwrap_or_default();
                let href = Page::Warehouses(self.order.cabinet_id).to_string();
                (Some(v.with(key, "name", name)), Some(Link { href, text: v.t("warehouses-title") }))
            }
            Reason::PushWaits { row } => {
                (Some(v.with("why-push-waits", "row", self.map_row(row))), setting("status_map"))
            }
            Reason::ErasedAfter { days } => (Some(v.n("why-erased-after", u64::from(*days))), None),
        }
    }

    /// What a rule of a warehouse gave to a new order.
    fn assigned(&self, entry: &HistoryEntry) -> String {
        let Reason::WarehouseRule { settings, .. } = &entry.reason else { return String::new() };
        let each = settings.iter().filter_map(|key| self.v.maybe(&format!("assigned-{key}")));
        each.collect::<Vec<_>>().join(", ")
    }

    /// A row of the status map: a status, or one of the substatuses that have rows of their own.
    fn map_row(&self, row: &str) -> String {
        if OzonStatus::from(row).is_known() { self.v.ozon_status(row) } else { self.v.ozon_substatus(row) }
    }

    /// Ozon's status with its substatus, as the history keeps them.
    fn ozon(&self, kept: &str) -> String {
        let (status, sub) = kept.split_once('/').unwrap_or((kept, ""));
        let name = self.v.ozon_status(status);
        match self.v.ozon_finer(status, sub).filter(|_| !sub.is_empty()) {
            Some(finer) => format!("{name}, {finer}"),
            None => name,
        }
    }

    fn time(&self, kept: &str, zone: Option<FixedOffset>) -> String {
        match kept.parse::<DateTime<Utc>>() {
            Ok(at) => self.v.when_exactly_at(&at, zone).text,
            Err(_) => kept.to_owned(),
        }
    }

    /// Whoever has this id, by address.
    fn person(&self, id: &str) -> String {
        let found = self.people.iter().find(|user| user.id.to_string() == id);
        found.map_or_else(|| id.to_owned(), |user| user.email.clone())
    }

    fn flag(&self, kept: &str) -> String {
        kept.parse().map_or_else(|_| kept.to_owned(), |flag| row::flag(self.v, flag, None))
    }
}

/// Ozon's own words about a push, and the id to ask its support about.
fn answer(reason: &Reason) -> Option<Answer> {
    match reason {
        Reason::Told { answer, trace_id, .. } | Reason::NotTold { answer, trace_id, .. } => {
            Answer::of(answer.as_deref(), trace_id.as_deref())
        }
        _ => None,
    }
}

/// The name of a method; one that was deleted since is known by its id alone.
fn named(all: &[Named], id: &str) -> String {
    let found = all.iter().find(|one| one.id.to_string() == id);
    found.map_or_else(|| id.to_owned(), |one| one.name.clone())
}

fn icon(field: Field) -> &'static str {
    match field {
        Field::Created => "created",
        Field::OzonStatus => "ozon",
        Field::Status => "status",
        Field::Paid => "paid",
        Field::TrackNumber | Field::Delivery | Field::DeliveryMethod => "truck",
        Field::PaymentMethod => "money",
        Field::Lines => "orders",
        Field::ShipBy | Field::PlacedAt => "clock",
        Field::Flags | Field::CancellationRequest => "flag",
        Field::Customer | Field::Recipient => "person",
        Field::Manager => "users",
        Field::Persons => "trash",
        Field::Barcodes => "barcode",
        Field::Boxes => "boxes",
        Field::Assigned => "lists",
        Field::AdminComment => "note",
        Field::Push => "exchange",
    }
}
