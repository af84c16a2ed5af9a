//! Orders as rows of the list, with the names they refer to.

use domain::{CabinetId, Flag, Order, OrderId};
use storage::cabinets::Cabinet;
use storage::lists::{Named, NamedList, Status};
use storage::people::User;
use storage::{Store, Warehouse};

use super::row;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::view::orders::OrderRow;
use crate::panel::visitor::Visitor;

/// The lists whose names the page shows.
pub(super) struct Lists {
    pub(super) statuses: Vec<Status>,
    pub(super) cabinets: Vec<Cabinet>,
    pub(super) sources: Vec<Named>,
    pub(super) warehouses: Vec<(CabinetId, Warehouse)>,
    pub(super) people: Vec<User>,
}

impl Lists {
    pub(super) async fn read(store: &Store) -> Result<Self, Fault> {
        let (statuses, cabinets, sources, mut warehouses, people) = tokio::try_join!(
            store.statuses(),
            store.cabinets(),
            store.named(NamedList::Sources),
            store.warehouses(),
            store.users(),
        )?;
        // Those of a cabinet stand together, in the order of the cabinets.
        warehouses.sort_by_key(|(of, _)| cabinets.iter().position(|cabinet| cabinet.id == *of));
        Ok(Self { statuses, cabinets, sources, warehouses, people })
    }
}

/// Orders as rows, in the same order; `from` is the query of the list that their cards lead back to.
pub(super) async fn rows(
    visitor: &Visitor,
    store: &Store,
    orders: &[Order],
    lists: &Lists,
    from: Option<String>,
) -> Result<Vec<OrderRow>, Fault> {
    let ids: Vec<OrderId> = orders.iter().map(|o| o.id).collect();
    let facts = store.facts_of(&ids).await?;
    let zones = store.warehouse_zones(orders, &facts).await?;
    let asks = |order: &&Order| order.flags.contains(&Flag::CancellationRequested);
    let requested: Vec<OrderId> = orders.iter().filter(asks).map(|order| order.id).collect();
    let names = row::Names {
        statuses: lists.statuses.iter().map(|s| (s.id, s)).collect(),
        cabinets: lists.cabinets.iter().map(|c| (c.id, c.name.as_str())).collect(),
        sources: lists.sources.iter().map(|s| (s.id, s.name.as_str())).collect(),
        warehouses: lists.warehouses.iter().map(|(of, w)| ((*of, w.id), w.name.as_str())).collect(),
        people: lists.people.iter().map(|user| (user.id, user.email.as_str())).collect(),
        zones,
        decide_by: store.cancellation_deadlines(&requested).await?,
        from,
    };
    let sees_persons = visitor.may(Act::SeePersons);
    Ok(orders.iter().map(|o| row::row(visitor.v, o, facts.get(&o.id), &names, sees_persons)).collect())
}
