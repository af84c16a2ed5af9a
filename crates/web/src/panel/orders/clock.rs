//! The clock by which a deadline is told: that of the posting's warehouse, where its zone is known.

use std::collections::HashMap;

use chrono::FixedOffset;
use domain::{Order, OrderId, Posting};

use crate::panel::faults::Fault;

/// The zones of the warehouses that orders leave from, by order; one question for all of them.
pub(crate) async fn warehouse_zones(
    store: &storage::Store,
    orders: &[Order],
    facts: &HashMap<OrderId, Posting>,
) -> Result<HashMap<OrderId, FixedOffset>, Fault> {
    let warehouse = |order: &Order| {
        let id = facts.get(&order.id)?.details.warehouse_id?;
        Some((order.id, (order.cabinet_id, id)))
    };
    let of_orders: Vec<_> = orders.iter().filter_map(warehouse).collect();
    let wanted: Vec<_> = of_orders.iter().map(|(_, warehouse)| *warehouse).collect();
    let minutes = store.warehouse_offsets(&wanted).await?;
    let zone = |(order, warehouse)| {
        let east = minutes.get(&warehouse)?.checked_mul(60)?;
        Some((order, FixedOffset::east_opt(east)?))
    };
    Ok(of_orders.into_iter().filter_map(zone).collect())
}
