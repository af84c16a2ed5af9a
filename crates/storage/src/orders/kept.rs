//! Pages of orders for whoever may not know by what an order was found.

use domain::Order;

use super::{OrderFilter, OrderSort};
use crate::connect::Store;
use crate::error::Result;
use crate::order_rows::with_lines;
use crate::page::{Page, PageAsk};

/// Rows that are read at once, and how often: a search that finds more shows what is kept of these.
const AT_ONCE: u64 = 200;
const READS: usize = 25;

impl Store {
    /// A page of the orders that `keep` keeps. It is as full as any, and neither its length nor its cursor tells of what was
    /// left out.
    ///
    /// # Errors
    /// As [`Store::orders`].
    pub async fn orders_kept(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        ask: &PageAsk,
        keep: impl Fn(&Order) -> bool + Send + Sync,
    ) -> Result<Page<Order>> {
        let mut kept = Vec::new();
        let mut from = PageAsk { limit: AT_ONCE, cursor: ask.cursor.clone() };
        for _ in 0..READS {
            let rows = self.page_of(filter, sort, &from)?.all(&self.db).await?;
            let page = Page::cut(rows, &from, |row| (sort.key_of(row), row.id));
            let keys: Vec<(i64, i64)> = page.items.iter().map(|row| (sort.key_of(row), row.id)).collect();
            let orders = with_lines(&self.db, page.items).await?;
            kept.extend(keys.into_iter().zip(orders).filter(|(_, order)| keep(order)));
            let full = u64::try_from(kept.len()).is_ok_and(|many| many > ask.rows());
            match page.next {
                Some(cursor) if !full => from.cursor = Some(cursor),
                _ => break,
            }
        }
        Ok(Page::cut(kept, ask, |(key, _)| *key).map(|(_, order)| order))
    }
}
