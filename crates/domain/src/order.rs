//! An order of the shop, made of one posting.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::flag::Flag;
use crate::ids::{
    CabinetId, CustomerId, DeliveryMethodId, OrderId, PaymentMethodId, PostingNumber, SourceId, StatusId,
    UserId,
};
use crate::money::{Currency, Money};
use crate::ozon_status::OzonStatus;
use crate::posting::{Posting, Product};

/// An order. Times are UTC; the fields say who owns them: Ozon's follow Ozon, the operator's stay as people set them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The shop's id.
    pub id: OrderId,
    /// The cabinet it came from.
    pub cabinet_id: CabinetId,
    /// Ozon's posting number.
    pub posting_number: PostingNumber,
    /// The number people see; unique in the shop.
    pub number: String,
    /// Ozon's order number.
    pub ozon_order_number: Option<String>,
    /// Ozon's: status.
    pub ozon_status: OzonStatus,
    /// Ozon's: substatus.
    pub ozon_substatus: Option<String>,
    /// The operator's, between changes of Ozon's code.
    pub status_id: StatusId,
    /// A person has moved the order at least once.
    pub moved_by_hand: bool,
    /// Where it came from.
    pub source_id: SourceId,
    /// The customer it is bound to.
    pub customer_id: CustomerId,
    /// The customer's name as this order shows it.
    pub customer_name: String,
    /// A person chose the customer: no answer of Ozon's binds it to another one.
    pub customer_by_hand: bool,
    /// The person who works it.
    pub manager: Option<UserId>,
    /// How it is delivered.
    pub delivery_method_id: DeliveryMethodId,
    /// How it is paid.
    pub payment_method_id: PaymentMethodId,
    /// Ozon's `in_process_at`, once known.
    pub placed_at: Option<DateTime<Utc>>,
    /// When the order was made here.
    pub imported_at: DateTime<Utc>,
    /// The one of the two that settings row 6 chose.
    pub order_date: DateTime<Utc>,
    /// "Отгрузить до".
    pub ship_by: Option<DateTime<Utc>>,
    /// Overdue after this.
    pub overdue_after: Option<DateTime<Utc>>,
    /// Paid.
    pub paid: bool,
    /// Since when.
    pub paid_at: Option<DateTime<Utc>>,
    /// A person set or took the mark of payment: no rule changes it any more.
    pub paid_by_hand: bool,
    /// The track number.
    pub track_number: Option<String>,
    /// A person gave the track number.
    pub track_by_hand: bool,
    /// The goods.
    pub lines: Vec<OrderLine>,
    /// Σ price × quantity of what is not cancelled.
    pub total: Money,
    /// Barcodes of the label, when settings row 11 loads them.
    pub barcodes: Barcodes,
    /// Number of boxes.
    pub boxes: u32,
    /// The posting that this one was split from.
    pub parent: Option<PostingNumber>,
    /// Marks that ask for attention.
    pub flags: BTreeSet<Flag>,
    /// The shop's own comment.
    pub admin_comment: String,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The seller's article.
    pub offer_id: String,
    /// Ozon's SKU.
    pub sku: Option<i64>,
    /// Name at Ozon.
    pub name: String,
    /// Pieces to be sent.
    pub quantity: u32,
    /// Pieces that were cancelled since the order was made.
    pub cancelled: u32,
    /// Pieces that went to other postings by a split: neither here nor cancelled.
    pub moved: u32,
    /// The seller's price a piece.
    pub price: Money,
    /// The crossed-out price a piece; in no total.
    pub old_price: Option<Money>,
    /// What the customer paid a piece; in no total.
    pub customer_price: Option<Money>,
}

/// Barcodes of Ozon's label, without Ozon's "none yet" (`"0"` and empty).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barcodes {
    /// The upper one.
    pub upper: Option<String>,
    /// The lower one.
    pub lower: Option<String>,
    /// `ScanIt`.
    pub scanit: Option<String>,
}

impl Barcodes {
    /// The barcodes that a posting shows by now.
    pub fn of(posting: &Posting) -> Self {
        let real = |code: &Option<String>| code.clone().filter(|c| !matches!(c.trim(), "" | "0"));
        Self {
            upper: real(&posting.details.upper_barcode),
            lower: real(&posting.details.lower_barcode),
            scanit: real(&posting.details.scanit),
        }
    }

    /// These, and where one is missing the other's.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            upper: self.upper.or(other.upper),
            lower: self.lower.or(other.lower),
            scanit: self.scanit.or(other.scanit),
        }
    }

    /// As the history shows them; `None` when there is none.
    pub fn text(&self) -> Option<String> {
        let codes: Vec<&str> =
            [&self.upper, &self.lower, &self.scanit].into_iter().flatten().map(String::as_str).collect();
        (!codes.is_empty()).then(|| codes.join(", "))
    }
}

impl OrderLine {
    /// A line as Ozon's product describes it.
    pub fn of(product: &Product) -> Self {
        Self {
            offer_id: product.offer_id.clone(),
            sku: product.sku,
            name: product.name.clone(),
            quantity: product.quantity,
            cancelled: 0,
            moved: 0,
            price: product.price,
            old_price: product.old_price,
            customer_price: product.customer_price,
        }
    }

    /// Price × quantity; an absurd product saturates rather than wraps.
    pub fn sum(&self) -> Money {
        self.price.times(self.quantity).unwrap_or(Money { minor: i64::MAX, ..self.price })
    }
}

/// Σ of the lines in their one currency; roubles when there is no line. Goods that are gone weigh nothing, even when they
/// were priced in another currency.
pub fn total(lines: &[OrderLine]) -> Money {
    let first = lines.iter().find(|line| line.quantity > 0).or(lines.first());
    let currency = first.map_or(Currency::RUB, |line| line.price.currency);
    lines.iter().filter(|line| line.price.currency == currency).fold(Money::zero(currency), |sum, line| {
        sum.plus(line.sum()).unwrap_or(Money { minor: i64::MAX, currency })
    })
}

/// What became of goods that a posting no longer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Ozon has not told yet: the lines stay as they are, except for what was added.
    Unknown,
    /// As far as these parts of the posting hold the goods, they went there; the rest is cancelled.
    ToParts,
    /// It is cancelled.
    Cancelled,
}

/// The lines after Ozon's products changed: goods that are gone stay as cancelled or moved, so that nothing vanishes.
pub struct Followed {
    /// The lines.
    pub lines: Vec<OrderLine>,
    /// More pieces are cancelled than before.
    pub cancelled: bool,
    /// Pieces are gone, and it is not known where to: nothing was taken from the lines.
    pub unknown: bool,
}

/// Follows Ozon's products. `parts` are the goods of the postings that this one was split into since the order was made.
pub fn follow(lines: &[OrderLine], products: &[Product], parts: &[Product], gone: Gone) -> Followed {
    let shown: Vec<OrderLine> = products.iter().map(OrderLine::of).collect();
    let mut left: Vec<Option<&OrderLine>> = lines.iter().map(Some).collect();
    let mut before: Vec<Option<&OrderLine>> = vec![None; shown.len()];
    // The same goods may stand in two lines: the likest ones are taken for the same line, the nearest first.
    let likeness: [fn(&OrderLine, &OrderLine) -> bool; 3] = [
        |old, new| old.price == new.price && old.quantity == new.quantity,
        |old, new| old.price == new.price,
        |_, _| true,
    ];
    for alike in likeness {
        for (new, found) in shown.iter().zip(&mut before) {
            if found.is_none() {
                let same =
                    |old: &&OrderLine| old.sku == new.sku && old.offer_id == new.offer_id && alike(old, new);
                *found = left.iter_mut().find(|old| old.as_ref().is_some_and(same)).and_then(Option::take);
            }
        }
    }
    let mut after: Vec<OrderLine> = Vec::with_capacity(lines.len().max(shown.len()));
    let absent =
        left.into_iter().flatten().map(|gone| (OrderLine { quantity: 0, ..gone.clone() }, Some(gone)));
    for (mut line, before) in shown.into_iter().zip(before).chain(absent) {
        if let Some(before) = before {
            let ordered = before.quantity.saturating_add(before.cancelled).saturating_add(before.moved);
            let taken = ordered.saturating_sub(line.quantity);
            line.moved = match gone {
                Gone::Unknown | Gone::Cancelled => before.moved.min(taken),
                Gone::ToParts => before.moved.max(pieces(parts, &line, &after)).min(taken),
            };
            line.cancelled = taken - line.moved;
        }
        after.push(line);
    }
    let cancelled = |lines: &[OrderLine]| lines.iter().map(|l| u64::from(l.cancelled)).sum::<u64>();
    let more = cancelled(&after) > cancelled(lines);
    if gone == Gone::Unknown && more {
        return Followed { lines: lines.to_vec(), cancelled: false, unknown: true };
    }
    Followed { lines: after, cancelled: more, unknown: false }
}

/// The lines of a posting that has been replaced by its parts: all goods went there, none is cancelled.
pub fn replaced(lines: &[OrderLine]) -> Vec<OrderLine> {
    let moved = |line: &OrderLine| OrderLine {
        quantity: 0,
        moved: line.moved.saturating_add(line.quantity),
        ..line.clone()
    };
    lines.iter().map(moved).collect()
}

/// Pieces of a line's goods in the parts, without those that lines before it have been given.
fn pieces(parts: &[Product], line: &OrderLine, before: &[OrderLine]) -> u32 {
    let in_parts = parts.iter().filter(|p| p.sku == line.sku && p.offer_id == line.offer_id);
    let all = in_parts.fold(0_u32, |sum, product| sum.saturating_add(product.quantity));
    let given = before.iter().filter(|l| l.sku == line.sku && l.offer_id == line.offer_id);
    given.fold(all, |left, line| left.saturating_sub(line.moved))
}
