//! The decision about a posting that Ozon showed us: what becomes of it, and why.
//!
//! Pure: the posting, the settings and what is known go in; the facts to remember and the order as it should be come
//! out. The rules are those of the settings table; each is named where it is applied.

mod create;
mod update;

use chrono::{DateTime, Utc};

use crate::customer::CustomerChoice;
use crate::history::HistoryEntry;
use crate::ids::{CabinetId, StatusId};
use crate::order::Order;
use crate::ozon_status::OzonStatus;
use crate::posting::Posting;
use crate::push::Told;
use crate::settings::Settings;
use crate::skip::SkipReason;
use crate::warehouse_rules::WarehouseRules;

pub use create::create_by_hand;
pub use create::is_paid;
pub use create::why_not as why_no_order;
pub use create::why_still_not as why_still_no_order;

/// What the decision is made with, besides the posting itself.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The cabinet.
    pub cabinet_id: CabinetId,
    /// Its settings.
    pub settings: &'a Settings,
    /// What orders of some of its warehouses and delivery methods get instead (rows 3 and 7).
    pub warehouses: &'a WarehouseRules,
    /// The status of a new order where the map has none.
    pub default_status: StatusId,
    /// Our time.
    pub now: DateTime<Utc>,
    /// When the request began that brought the posting: the freshness of the answer.
    pub read_at: DateTime<Utc>,
}

/// What the store knows of a posting.
#[derive(Clone, Debug)]
pub struct Known {
    /// The freshness of the last answer applied.
    pub read_at: DateTime<Utc>,
    /// All that Ozon has said of it; `None` when it could never be read.
    pub facts: Option<Posting>,
    /// Why it has no order.
    pub skipped_because: Option<SkipReason>,
    /// Its order.
    pub order: Option<Order>,
    /// The status shown after a final cancellation that the order's history noted last, so that it is noted once.
    pub noted_after_cancellation: Option<OzonStatus>,
    /// What Ozon has been told of it.
    pub told: Told,
}

/// A part of a posting, as the store knows it.
#[derive(Clone, Debug)]
pub struct Part {
    /// All that Ozon has said of it.
    pub facts: Posting,
    /// When Ozon showed it first.
    pub first_seen_at: DateTime<Utc>,
}

/// What the store knows of a posting's family.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kin<'a> {
    /// The order of the posting that this one was split from.
    pub parent: Option<&'a Order>,
    /// The postings that this one was split into.
    pub parts: &'a [Part],
}

/// How the number of a new order is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberChoice {
    /// The posting number itself.
    PostingNumber,
    /// The shop's template with the next number.
    Template,
}

/// A new order: the id, the number's suffix and the customer's id are the store's to give.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The order with placeholders for what the store gives.
    pub order: Order,
    /// How its number is made.
    pub number: NumberChoice,
    /// Whom it is bound to.
    pub customer: CustomerChoice,
    /// Its first lines of history.
    pub history: Vec<HistoryEntry>,
}

/// What becomes of the posting in the shop.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The answer is older than what is known: it changes nothing.
    Stale,
    /// It stays without an order, for this reason.
    Skipped(SkipReason),
    /// It becomes an order.
    Created(Box<NewOrder>),
    /// Its order changes.
    Updated {
        /// The order as it should be.
        order: Box<Order>,
        /// The customer to bind it to, where that changes.
        customer: Option<CustomerChoice>,
        /// What happened to it.
        history: Vec<HistoryEntry>,
    },
    /// Its order stays as it is.
    Unchanged,
}

/// The decision about one posting.
#[derive(Clone, Debug)]
pub struct Decision {
    /// All that Ozon has said of the posting by now: to be remembered, unless the answer was stale.
    pub facts: Posting,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Only `/v3/posting/fbs/get` tells what became of goods that are gone: it is to be asked.
    pub ask_related: bool,
    /// What the order of the posting that this one was split from is to remember.
    pub for_parent: Option<HistoryEntry>,
}

impl Decision {
    fn plain(facts: Posting, outcome: Outcome) -> Self {
        Self { facts, outcome, ask_related: false, for_parent: None }
    }
}

/// Decides about a posting.
pub fn decide(posting: Posting, known: Option<&Known>, kin: Kin<'_>, with: Circumstances<'_>) -> Decision {
    if known.is_some_and(|known| with.read_at < known.read_at) {
        return Decision::plain(posting, Outcome::Stale);
    }
    let earlier = known.and_then(|k| k.facts.as_ref());
    // Both cancelled statuses are final: what Ozon shows later is noted on the order and changes nothing.
    if let Some(earlier) = earlier.filter(|e| e.status.is_final_cancellation() && e.status != posting.status)
    {
        let outcome = match known.and_then(|k| k.order.as_ref().map(|order| (k, order))) {
            Some((known, _)) if known.noted_after_cancellation.as_ref() == Some(&posting.status) => {
                Outcome::Unchanged
            }
            Some((_, order)) => update::noted_after_cancellation(order, &posting.status, with.now),
            None => Outcome::Skipped(
                why_it_stays(earlier, known, kin, with.settings).unwrap_or(SkipReason::FirstSeenTooLate),
            ),
        };
        return Decision::plain(earlier.clone(), outcome);
    }
    let facts = match earlier {
        Some(earlier) => posting.over(earlier),
        None => posting,
    };
    if let Some((known, order)) = known.and_then(|k| k.order.as_ref().map(|order| (k, order))) {
        let (outcome, ask_related) = update::decide(order, known, &facts, kin.parts, with);
        // True of this answer only.
        let facts = Posting { related: None, ..facts };
        return Decision { facts, outcome, ask_related, for_parent: None };
    }
    let outcome = match why_it_stays(&facts, known, kin, with.settings) {
        Some(reason) => Outcome::Skipped(reason),
        None => Outcome::Created(Box::new(match kin.parent {
            Some(parent) => create::part(&facts, parent, with),
            None => create::order(&facts, with, create::Cause::Rule),
        })),
    };
    let for_parent = kin.parent.filter(|_| known.is_none()).map(|_| create::split(&facts, with));
    Decision { facts, outcome, ask_related: false, for_parent }
}

/// Why a posting without an order stays so. Of a posting that has an order every part gets one, whatever row 8 says
/// (settings, "Boxes and splits").
fn why_it_stays(
    facts: &Posting,
    known: Option<&Known>,
    kin: Kin<'_>,
    settings: &Settings,
) -> Option<SkipReason> {
    match kin.parent {
        Some(_) if settings.also_box_changes => None,
        Some(_) => Some(SkipReason::PartOfPosting),
        None => why_still_no_order(facts, known.and_then(|k| k.skipped_because), settings),
    }
}
