//! What is to be taken from the shelves for which orders. An order that Ozon cancelled is in no pick list (settings,
//! "Cancellation"), and neither is one that has left.

use std::collections::BTreeMap;

use crate::flag::Flag;
use crate::ids::OrderId;
use crate::order::Order;
use crate::ozon_status::Stage;

/// Why nothing is picked for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Cancelled at Ozon: not to be sent.
    Cancelled,
    /// On its way, or at its end.
    Gone,
}

/// Why nothing is to be picked for this order; `None` while it still has to leave the seller.
pub fn left_out(order: &Order) -> Option<LeftOut> {
    if order.flags.contains(&Flag::CancelledInOzon) || order.ozon_status.is_final_cancellation() {
        return Some(LeftOut::Cancelled);
    }
    (order.ozon_status.stage() == Stage::Shipped || order.ozon_status.is_closed()).then_some(LeftOut::Gone)
}

/// What is to be picked for the orders that were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PickList {
    /// The goods, by article.
    pub goods: BTreeMap<String, Goods>,
    /// The orders they are for, as they were added.
    pub orders: Vec<OrderId>,
    /// How many orders were left out as cancelled at Ozon.
    pub cancelled: u64,
    /// How many were left out as gone already.
    pub gone: u64,
}

/// Goods of one article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    /// Their names: cabinets may differ, and names change.
    pub names: Vec<String>,
    /// Pieces in all.
    pub pieces: u64,
    /// Pieces for each order, as the orders were added.
    pub shares: Vec<Share>,
}

/// Pieces of an article for one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The order.
    pub order: OrderId,
    /// Its number.
    pub number: String,
    /// Pieces.
    pub pieces: u64,
}

impl PickList {
    /// Adds an order, or counts it as left out. Pieces that are cancelled or went to other postings are not picked.
    pub fn add(&mut self, order: &Order) {
        match left_out(order) {
            Some(LeftOut::Cancelled) => self.cancelled += 1,
            Some(LeftOut::Gone) => self.gone += 1,
            None => {
                self.orders.push(order.id);
                for line in order.lines.iter().filter(|line| line.quantity > 0) {
                    let goods = self.goods.entry(line.offer_id.clone()).or_default();
                    goods.add(order, &line.name, u64::from(line.quantity));
                }
            }
        }
    }
}

impl Goods {
    fn add(&mut self, order: &Order, name: &str, pieces: u64) {
        self.pieces += pieces;
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        // The same article may stand in two lines of an order.
        match self.shares.last_mut() {
            Some(share) if share.order == order.id => share.pieces += pieces,
            _ => self.shares.push(Share { order: order.id, number: order.number.clone(), pieces }),
        }
    }
}
