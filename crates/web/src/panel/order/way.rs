//! Where a card was opened from: the list's query in the address, the way back to it, and the orders before and after.

use domain::OrderId;
use serde::Deserialize;
use storage::Store;

use crate::panel::faults::Fault;
use crate::panel::orders::filter::{Asked, Read};
use crate::panel::orders::row;
use crate::panel::routes::Page;

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
    if read.fault.is_some() || read.is_empty {
        return Ok((None, None));
    }
    Ok(store.neighbours(&read.filter, read.sort, id).await?)
}
