//! Orders that a list shows already: read again by their ids, and which of them it would show now.

use domain::{Order, OrderId};
use entities::orders;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{OrderFilter, OrderSort};
use crate::connect::Store;
use crate::error::Result;
use crate::order_rows::{CHUNK, with_lines};
use crate::page::PageAsk;

impl Store {
    /// The orders with these ids; one that is not there is left out.
    pub async fn orders_of(&self, ids: &[OrderId]) -> Result<Vec<Order>> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let rows = orders::Entity::find()
                .filter(orders::Column::Id.is_in(chunk.iter().map(|id| id.0)))
                .all(&self.db)
                .await?;
            found.extend(with_lines(&self.db, rows).await?);
        }
        Ok(found)
    }

    /// The ids of what a list shows between two cursors, the last row of the second's page included, at most so many;
    /// without a cursor from its beginning, or to its end.
    ///
    /// # Errors
    /// [`crate::Error::BadCursor`] when a cursor is not one that a page gave out.
    pub async fn listed(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        after: Option<&str>,
        until: Option<&str>,
        most: u64,
    ) -> Result<Vec<OrderId>> {
        let ask = |cursor: Option<&str>| PageAsk { limit: 1, cursor: cursor.map(str::to_owned) };
        let mut query = self.sorted(filter, sort, &ask(after))?;
        if let Some((key, last)) = ask(until).after()? {
            let row = Expr::tuple([sort.key(), Expr::col((orders::Entity, orders::Column::Id))]);
            let end = Expr::tuple([Expr::val(key), Expr::val(last)]);
            query = if sort.is_descending() {
                query.filter(sort.key().gte(key)).filter(row.gte(end))
            } else {
                query.filter(sort.key().lte(key)).filter(row.lte(end))
            };
        }
        let ids: Vec<i64> =
            query.select_only().column(orders::Column::Id).limit(most).into_tuple().all(&self.db).await?;
        Ok(ids.into_iter().map(OrderId).collect())
    }
}
