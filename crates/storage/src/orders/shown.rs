//! Which orders a list that stands open would show now.

use domain::OrderId;
use entities::orders;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{QueryFilter, QuerySelect};

use super::stretch::Stretch;
use super::{OrderFilter, OrderSort};
use crate::connect::Store;
use crate::error::Result;
use crate::page::PageAsk;

impl Store {
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
        let lead = self.lead(filter, sort).await?;
        let stretch = Stretch::of_page(filter, sort, &ask(after), &lead)?;
        let until = ask(until).after()?;
        let end = match until {
            Some((key, _)) => Some(key),
            None => self.end_of(&stretch, most).await?,
        };
        let mut query = self.along(&stretch, end);
        let sort_key = || sort.key(lead.closes_place(filter, sort));
        if let Some((key, last)) = until {
            let row = Expr::tuple([sort_key(), Expr::col((orders::Entity, orders::Column::Id))]);
            let end = Expr::tuple([Expr::val(key), Expr::val(last)]);
            query = if sort.is_descending() {
                query.filter(sort_key().gte(key)).filter(row.gte(end))
            } else {
                query.filter(sort_key().lte(key)).filter(row.lte(end))
            };
        }
        let ids: Vec<i64> =
            query.select_only().column(orders::Column::Id).limit(most).into_tuple().all(&self.db).await?;
        Ok(ids.into_iter().map(OrderId).collect())
    }
}
