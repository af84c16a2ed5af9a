//! The orders before and after one in a list, by the same keys that its pages go by.

use domain::OrderId;
use entities::orders;
use sea_orm::{EntityTrait, QuerySelect};

use super::lead::Lead;
use super::stretch::Stretch;
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

impl Way {
    pub(super) fn is_down(self, sort: OrderSort) -> bool {
        sort.is_descending() == (self == Self::On)
    }
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
        let place = self.place_of(sort, id).await?;
        let lead = self.lead(filter, sort).await?;
        tokio::try_join!(
            self.first_beside(filter, sort, place, Way::Back, &lead),
            self.first_beside(filter, sort, place, Way::On, &lead),
        )
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
        let place = self.place_of(sort, id).await?;
        let lead = self.lead(filter, sort).await?;
        self.first_beside(filter, sort, place, way, &lead).await
    }

    async fn place_of(&self, sort: OrderSort, id: OrderId) -> Result<(i64, i64)> {
        let row = orders::Entity::find_by_id(id.0).one(&self.db).await?.ok_or(Error::NotFound)?;
        Ok((sort.key_of(&row), row.id))
    }

    async fn first_beside(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        place: (i64, i64),
        way: Way,
        lead: &Lead,
    ) -> Result<Option<OrderId>> {
        let stretch = Stretch { filter, sort, lead, place: Some(place), down: way.is_down(sort) };
        let end = self.end_of(&stretch, 1).await?;
        let beside = self.along(&stretch, end).limit(1).select_only().column(orders::Column::Id);
        let found: Option<i64> = beside.into_tuple().one(&self.db).await?;
        Ok(found.map(OrderId))
    }
}
