//! Fills in how and from where older orders leave: rows that were written before the columns for it existed.

use domain::OrderId;
use entities::{order_kinds, orders};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use super::facts_of;
use crate::error::Result;
use crate::order_rows::{CHUNK, with_way};

/// Those that lack them, by their kinds: this is asked at every start.
fn lacking() -> Select<orders::Entity> {
    let kinds = Query::select()
        .column(order_kinds::Column::Id)
        .from(order_kinds::Entity)
        .and_where(order_kinds::Column::Scheme.is_null())
        .to_owned();
    orders::Entity::find().filter(orders::Column::KindId.in_subquery(kinds))
}

/// Fills the columns of every order that lacks them, from what Ozon has said of its posting.
pub(crate) async fn fill_in(tx: &DatabaseTransaction) -> Result<()> {
    if lacking().one(tx).await?.is_none() {
        return Ok(());
    }
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

/// How SQLite goes about those that lack them, in its own words.
#[cfg(test)]
pub(crate) async fn lacking_plan(store: &crate::Store) -> String {
    super::plans::explained(store, &lacking()).await
}
