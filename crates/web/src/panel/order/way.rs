//! Where a card was opened from: the list's query in the address, the way back to it, and the orders before and after.

use domain::OrderId;
use serde::Deserialize;
use storage::Store;
use storage::orders::Way;

use crate::panel::faults::Fault;
use crate::panel::orders::filter::{Asked, Read};
use crate::panel::orders::row;
use crate::panel::routes::Page;

/// Orders that have left are passed over in lists of deadlines, so many at most.
const PASSED_OVER: usize = 50;

/// The query of a card's address.
#[derive(Default, Deserialize)]
pub(crate) struct CameFrom {
    /// The query of the list.
    from: Option<String>,
    /// The customer who is looked for.
    pub(crate) find: Option<String>,
}

impl CameFrom {
    /// What was asked of the list.
    pub(crate) fn asked(&self) -> Asked {
        self.from.as_deref().map(Asked::of_query).unwrap_or_default()
    }

    /// The list's query in a form of our own; `None` for the list of all orders.
    pub(crate) fn query(&self) -> Option<String> {
        self.asked().query()
    }

    /// A card that belongs to the same list.
    pub(crate) fn card(&self, id: OrderId) -> String {
        row::card(id, self.query().as_deref())
    }

    /// The address of an act that leads back to the card as it is.
    pub(crate) fn act(&self, page: &Page) -> String {
        match self.query() {
            Some(query) => page.with([("from", query)]),
            None => page.to_string(),
        }
    }
}

/// The orders before and after one in the list that was read.
pub(crate) async fn neighbours(
    store: &Store,
    read: &Read,
    id: OrderId,
) -> Result<(Option<OrderId>, Option<OrderId>), Fault> {
    if read.fault.is_some() {
        return Ok((None, None));
    }
    if read.still_here {
        return Ok((
            still_here(store, read, id, Way::Back).await?,
            still_here(store, read, id, Way::On).await?,
        ));
    }
    Ok(store.neighbours(&read.filter, read.sort, id).await?)
}

/// The next one that way that has not left yet.
async fn still_here(store: &Store, read: &Read, id: OrderId, way: Way) -> Result<Option<OrderId>, Fault> {
    let mut at = id;
    for _ in 0..PASSED_OVER {
        let Some(next) = store.neighbour(&read.filter, read.sort, at, way).await? else { return Ok(None) };
        if row::has_to_leave(&store.order(next).await?) {
            return Ok(Some(next));
        }
        at = next;
    }
    Ok(None)
}
