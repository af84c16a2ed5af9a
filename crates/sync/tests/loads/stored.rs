//! All that a shop has stored, as texts that can be compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::{CustomerId, Order, OrderId};
use storage::PageAsk;
use storage::orders::{OrderFilter, OrderSort};
use storage::postings::{PostingFilter, StoredPosting};

use crate::shop::Shop;

/// Every order of the cabinet.
pub async fn orders(shop: &Shop) -> Vec<Order> {
    let filter = OrderFilter { cabinet: Some(shop.cabinet), ..OrderFilter::default() };
    let mut ask = PageAsk::first(200);
    let mut all = Vec::new();
    loop {
        let page = shop.store.orders(&filter, OrderSort::DateAsc, &ask).await.unwrap();
        all.extend(page.items);
        ask.cursor = page.next;
        if ask.cursor.is_none() {
            return all;
        }
    }
}

/// Every stored posting of the cabinet, the archive too.
pub async fn postings(shop: &Shop) -> Vec<StoredPosting> {
    let filter = PostingFilter { cabinet: Some(shop.cabinet), archive: true, ..PostingFilter::default() };
    let mut ask = PageAsk::first(200);
    let mut all = Vec::new();
    loop {
        let page = shop.store.postings(&filter, &ask).await.unwrap();
        all.extend(page.items);
        ask.cursor = page.next;
        if ask.cursor.is_none() {
            return all;
        }
    }
}

/// Everything of each posting but when it was last read.
pub async fn everything(shop: &Shop) -> BTreeMap<String, String> {
    told(shop, false).await
}

/// What remains when our own ids and times are left out: the same for two shops that know the same.
pub async fn essence(shop: &Shop) -> BTreeMap<String, String> {
    told(shop, true).await
}

async fn told(shop: &Shop, only_essence: bool) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    let never = DateTime::<Utc>::UNIX_EPOCH;
    for posting in postings(shop).await {
        let raw = shop.store.raw_posting(posting.id).await.unwrap();
        let facts = shop.store.posting_facts(posting.id).await.unwrap();
        let mut kept = posting.clone();
        kept.read_at = never;
        if only_essence {
            (kept.id, kept.first_seen_at) = (0, never);
            kept.order_id = kept.order_id.map(|_| OrderId(0));
        }
        told.insert(posting.posting_number.clone(), format!("{kept:#?}\n{raw:?}\n{facts:#?}"));
    }
    for mut order in orders(shop).await {
        let mut history = shop.history(&order).await;
        let number = order.posting_number.to_string();
        if only_essence {
            (order.id, order.customer_id, order.imported_at) = (OrderId(0), CustomerId(0), never);
            order.paid_at = order.paid_at.map(|_| never);
            for entry in &mut history {
                entry.at = never;
            }
        }
        let text = told.get_mut(&number).unwrap_or_else(|| panic!("{number} has an order and no posting"));
        write!(text, "\n{order:#?}\n{history:#?}").unwrap();
    }
    told
}

/// Fails with the first posting that two shops tell differently.
pub fn assert_same(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>, when: &str) {
    let numbers = |told: &BTreeMap<String, String>| told.keys().cloned().collect::<Vec<_>>();
    assert_eq!(numbers(left), numbers(right), "{when}");
    for (number, text) in left {
        if *text != right[number] {
            let differing = text.lines().zip(right[number].lines()).find(|(l, r)| l != r);
            panic!("{when}: {number} differs: {differing:#?}");
        }
    }
}
