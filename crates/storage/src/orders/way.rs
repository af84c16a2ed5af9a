//! Fills in how and from where older orders leave: rows that were written before the columns for it existed.

use domain::OrderId;
use entities::orders;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::facts_of;
use crate::error::Result;
use crate::order_rows::{CHUNK, with_way};

/// Fills the columns of every order that lacks them, from what Ozon has said of its posting.
pub(crate) async fn fill_in(tx: &DatabaseTransaction) -> Result<()> {
    // By the id on and on: what was filled in this transaction is not walked over again.
    let mut last = 0;
    loop {
        let ids: Vec<i64> = orders::Entity::find()
            .filter(orders::Column::Scheme.is_null())
            .filter(orders::Column::Id.gt(last))
            .order_by_asc(orders::Column::Id)
            .limit(CHUNK as u64)
            .select_only()
            .column(orders::Column::Id)
            .into_tuple()
            .all(tx)
            .await?;
        let Some(newest) = ids.last() else { return Ok(()) };
        last = *newest;
        let facts = facts_of(tx, &ids.iter().copied().map(OrderId).collect::<Vec<_>>()).await?;
        for id in ids {
            let row = orders::ActiveModel { id: Set(id), ..Default::default() };
            let row = match facts.get(&OrderId(id)) {
                Some(facts) => with_way(row, facts),
                // A posting that was never read tells nothing, and is not asked again at every start.
                None => orders::ActiveModel { scheme: Set(Some(String::new())), ..row },
            };
            row.update(tx).await?;
        }
    }
}
