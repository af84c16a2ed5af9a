//! What a card shows of its order, read together.

use chrono::{DateTime, FixedOffset, Utc};
use domain::{HistoryEntry, Order, OrderId, Posting};
use storage::lists::Status;
use storage::order_comments::OrderComment;
use storage::outbox::{OutboxFilter, OutboxItem};
use storage::people::User;
use storage::personal_data::OfOrder;
use storage::{PageAsk, Store};

use super::facts::Names;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::visitor::Visitor;

/// Pushes and letters that a card shows.
const SENT: u64 = 50;
/// Entries of the history that a card shows: far more than any order has.
const ENTRIES: usize = 1000;

/// All that is known of an order.
pub(super) struct Known {
    pub(super) facts: Option<Posting>,
    /// Of the warehouse it leaves from, where known.
    pub(super) zone: Option<FixedOffset>,
    pub(super) statuses: Vec<Status>,
    pub(super) names: Names,
    /// Until when a customer's request to cancel is to be decided.
    pub(super) decide_by: Option<DateTime<Utc>>,
    pub(super) persons: OfOrder,
    /// Whether the cabinet's settings want barcodes.
    pub(super) load_barcode: bool,
    pub(super) people: Vec<User>,
    /// None for who may not see persons.
    pub(super) comments: Vec<OrderComment>,
    pub(super) sent: Vec<OutboxItem>,
    pub(super) history: Vec<HistoryEntry>,
}

impl Known {
    pub(super) async fn of(visitor: &Visitor, store: &Store, order: &Order) -> Result<Self, Fault> {
        let ids = [order.id];
        let (told, (statuses, people, load_barcode), (comments, sent, names), history) = tokio::try_join!(
            async {
                let mut facts = store.facts_of(&ids).await?;
                let zone =
                    store.warehouse_zones(std::slice::from_ref(order), &facts).await?.remove(&order.id);
                let decide_by = store.cancellation_deadlines(&ids).await?.remove(&order.id);
                Ok((facts.remove(&order.id), zone, decide_by, store.persons_of_order(order.id).await?))
            },
            async {
                let settings = store.settings(order.cabinet_id).await?.settings;
                Ok((store.statuses().await?, store.users().await?, settings.load_barcode))
            },
            async {
                let sees_persons = visitor.may(Act::SeePersons);
                let comments = if sees_persons { store.order_comments(order.id).await? } else { Vec::new() };
                let about = OutboxFilter { order: Some(order.id), ..OutboxFilter::default() };
                let sent = store.outbox(&about, &PageAsk::first(SENT)).await?.items;
                Ok((comments, sent, Names::of(store, order).await?))
            },
            history(store, order.id),
        )?;
        let (facts, zone, decide_by, persons) = told;
        Ok(Self {
            facts,
            zone,
            statuses,
            names,
            decide_by,
            persons,
            load_barcode,
            people,
            comments,
            sent,
            history,
        })
    }
}

async fn history(store: &Store, id: OrderId) -> Result<Vec<HistoryEntry>, Fault> {
    let mut entries = Vec::new();
    let mut ask = PageAsk::first(200);
    loop {
        let page = store.history(id, &ask).await?;
        entries.extend(page.items);
        ask.cursor = page.next;
        if ask.cursor.is_none() || entries.len() >= ENTRIES {
            return Ok(entries);
        }
    }
}
