//! Compares a posting as Ozon lists it with what the store has of it. Decides nothing and repairs nothing: what differs is
//! mended by the ordinary intake.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Money, Order, OzonStatus, Posting, Settings};

/// What the store has of a posting.
#[derive(Clone, Debug)]
pub struct Stored {
    /// When the newest answer about it was asked for.
    pub read_at: DateTime<Utc>,
    /// All that Ozon has said of it; `None` when it could never be read.
    pub facts: Option<Posting>,
    /// Its order.
    pub order: Option<Order>,
}

/// What is not as Ozon has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Difference {
    /// Ozon lists it, the store does not know it.
    Missing,
    /// The store knows it, Ozon does not list it.
    Unknown,
    /// The store could not read it.
    Unreadable,
    /// The status.
    Status {
        /// In the store.
        here: String,
        /// At Ozon.
        there: String,
    },
    /// Goods and their pieces.
    Lines {
        /// In the store.
        here: String,
        /// At Ozon.
        there: String,
    },
    /// The sum at the seller's price.
    Sum {
        /// In the store.
        here: Money,
        /// At Ozon.
        there: Money,
    },
}

/// Everything about one posting that differs. An answer that is older than what the store has says nothing.
pub fn compare(
    there: &Posting,
    asked_at: DateTime<Utc>,
    here: Option<&Stored>,
    settings: &Settings,
) -> Vec<Difference> {
    let Some(here) = here else { return vec![Difference::Missing] };
    if here.read_at > asked_at {
        return Vec::new();
    }
    let Some(facts) = &here.facts else { return vec![Difference::Unreadable] };
    let mut found = Vec::new();
    let order = here.order.as_ref();
    // Without row 9 an order that was split has the status of its slowest part.
    let of_order = order.filter(|_| settings.also_box_changes).map(|order| &order.ozon_status);
    let stored = [of_order, Some(&facts.status)].into_iter().flatten();
    // A final cancellation stays, whatever Ozon shows later (`intake`).
    if !stored.clone().any(OzonStatus::is_final_cancellation)
        && let Some(status) = stored.clone().find(|status| **status != there.status)
    {
        found.push(Difference::Status { here: status.to_string(), there: there.status.to_string() });
    }
    if let Some(difference) = lines(there, facts, order, settings) {
        found.push(difference);
    }
    found
}

/// Goods that differ; where they do not, the sum that does.
fn lines(there: &Posting, facts: &Posting, order: Option<&Order>, settings: &Settings) -> Option<Difference> {
    // What is cancelled, or went to other postings, counts nowhere any more.
    if there.products.is_empty() || is_cancelled(&there.status) {
        return None;
    }
    let at_ozon = pieces(there.products.iter().map(|p| (p.offer_id.as_str(), p.quantity)));
    let stored = pieces(facts.products.iter().map(|p| (p.offer_id.as_str(), p.quantity)));
    let differ = |here: &BTreeMap<&str, u64>| {
        (*here != at_ozon).then(|| Difference::Lines { here: told(here), there: told(&at_ozon) })
    };
    if let Some(difference) = differ(&stored) {
        return Some(difference);
    }
    // Without row 9 an order stays whole while its posting is split or loses goods.
    let order = order.filter(|_| settings.also_box_changes)?;
    let of_order = pieces(order.lines.iter().map(|l| (l.offer_id.as_str(), l.quantity)));
    differ(&of_order).or_else(|| {
        let sum = there.products.iter().try_fold(0_i64, |sum, product| {
            let line = product.price.minor.checked_mul(i64::from(product.quantity))?;
            (product.price.currency == order.total.currency).then_some(sum.checked_add(line)?)
        })?;
        let there = Money { minor: sum, currency: order.total.currency };
        (there != order.total).then_some(Difference::Sum { here: order.total, there })
    })
}

fn is_cancelled(status: &OzonStatus) -> bool {
    status.is_final_cancellation() || status.code().starts_with("cancel")
}

/// Pieces of each article; lines of the same article together, lines without a piece left out.
fn pieces<'a>(lines: impl Iterator<Item = (&'a str, u32)>) -> BTreeMap<&'a str, u64> {
    let mut pieces = BTreeMap::new();
    for (article, quantity) in lines.filter(|(_, quantity)| *quantity > 0) {
        *pieces.entry(article).or_default() += u64::from(quantity);
    }
    pieces
}

fn told(pieces: &BTreeMap<&str, u64>) -> String {
    pieces.iter().map(|(article, many)| format!("{article} × {many}")).collect::<Vec<_>>().join(", ")
}
