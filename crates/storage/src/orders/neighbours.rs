//! The orders before and after one in a list, by the same keys that its pages go by.

use domain::OrderId;
use entities::orders;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, Order as Direction, QueryFilter, QueryOrder, QuerySelect, Select};

use super::lead::Lead;
use super::{OrderFilter, OrderSort};
use crate::connect::Store;
use crate::error::{Error, Result};

/// Which way from an order in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Towards the list's beginning.
    Back,
    /// Towards its end.
    On,
}

impl Store {
    /// The orders before and after one in a list. The order itself need not be in the list any more: it has its place by
    /// its keys.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such order.
    pub async fn neighbours(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        id: OrderId,
    ) -> Result<(Option<OrderId>, Option<OrderId>)> {
        Ok((
            self.neighbour(filter, sort, id, Way::Back).await?,
            self.neighbour(filter, sort, id, Way::On).await?,
        ))
    }

    /// The next order of a list that way.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such order.
    pub async fn neighbour(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        id: OrderId,
        way: Way,
    ) -> Result<Option<OrderId>> {
        let row = orders::Entity::find_by_id(id.0).one(&self.db).await?.ok_or(Error::NotFound)?;
        let lead = self.lead(filter, sort).await?;
        let found: Option<i64> = self
            .beside(filter, sort, (sort.key_of(&row), row.id), way, lead)
            .select_only()
            .column(orders::Column::Id)
            .into_tuple()
            .one(&self.db)
            .await?;
        Ok(found.map(OrderId))
    }

    /// The first row beyond a place in a list, compared as [`Store::orders`] does it.
    pub(super) fn beside(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        (key, last): (i64, i64),
        way: Way,
        lead: Lead,
    ) -> Select<orders::Entity> {
        let id = Expr::col((orders::Entity, orders::Column::Id));
        let sort_key = || sort.key(lead.closes_sort(filter, sort));
        let row = Expr::tuple([sort_key(), id.clone()]);
        let place = Expr::tuple([Expr::val(key), Expr::val(last)]);
        let query = self.filtered(filter, sort, lead);
        let down = sort.is_descending() == (way == Way::On);
        let (query, direction) = if down {
            (query.filter(sort_key().lte(key)).filter(row.lt(place)), Direction::Desc)
        } else {
            (query.filter(sort_key().gte(key)).filter(row.gt(place)), Direction::Asc)
        };
        query.order_by(sort_key(), direction.clone()).order_by(id, direction).limit(1)
    }
}
