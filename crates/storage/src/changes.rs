//! What changed lately, for pages that stand open: the history of orders, followed by its ids.
//!
//! Ids are given out in order but, on PostgreSQL, may come into sight out of order: a long transaction took its ids
//! before a short one that ended first. [`Follower`] therefore goes back to the gaps that it saw, for a while.

use std::collections::BTreeMap;

use domain::{Field, OrderId};
use entities::order_history::{self, Column};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::connect::Store;
use crate::error::Result;

/// A line of an order's history, as far as it tells that something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The line's id; later ones are greater.
    pub id: i64,
    /// The order.
    pub order: OrderId,
    /// The order came into being by it.
    pub created: bool,
}

impl Store {
    /// The last change in sight; 0 when there has been none.
    pub async fn last_change(&self) -> Result<i64> {
        let last: Option<i64> = order_history::Entity::find()
            .select_only()
            .column(Column::Id)
            .order_by_desc(Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.steady)
            .await?;
        Ok(last.unwrap_or(0))
    }

    /// The changes after that one, the oldest first and at most so many.
    pub async fn changes_since(&self, last: i64, most: u64) -> Result<Vec<Change>> {
        let rows: Vec<(i64, i64, String)> = after(last, most).into_tuple().all(&self.db).await?;
        let created: &str = Field::Created.into();
        let change = |(id, order, field): (i64, i64, String)| Change {
            id,
            order: OrderId(order),
            created: field == created,
        };
        Ok(rows.into_iter().map(change).collect())
    }
}

fn after(last: i64, most: u64) -> Select<order_history::Entity> {
    order_history::Entity::find()
        .select_only()
        .columns([Column::Id, Column::OrderId, Column::Field])
        .filter(Column::Id.gt(last))
        .order_by_asc(Column::Id)
        .limit(most)
}

/// How SQLite goes about the changes, in its own words.
#[cfg(test)]
pub(crate) async fn plan(store: &Store) -> String {
    use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};
    let asked = after(1, 500).build(DbBackend::Sqlite);
    let sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
    let values = asked.values.map(|values| values.0).unwrap_or_default();
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    let rows = store.db.query_all_raw(statement).await.expect("answers");
    rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a plan")).collect::<Vec<_>>().join("; ")
}

/// New changes that one look brings at most.
const LOOK: u64 = 500;
/// How far back a follower begins, so that what comes late is told from what was always there.
const BACK: i64 = 200;
/// How many changes a follower tells at most of those that were before it began.
const FURTHEST: i64 = 500;
/// Looks for which a gap may still be filled; then its transaction was rolled back.
const PATIENCE: u64 = 60;
/// Beyond this many changes above a gap nobody waits for it any longer.
const WAITING: usize = 2_000;

/// Follows the changes: tells each once, those that come into sight late too. Looks are meant to be a second apart.
#[derive(Debug)]
pub struct Follower {
    /// Up to here all has been told, or will never come.
    settled: i64,
    /// What was told beyond, with the look that brought it.
    told: BTreeMap<i64, u64>,
    look: u64,
}

impl Follower {
    /// Begins after a change that is known; far back, or not yet there, it begins where that makes sense. What is in sight
    /// before it is no news, what comes into sight there later is.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn begin(store: &Store, known: i64) -> Result<Self> {
        let last = store.last_change().await?;
        let known = known.clamp(last - FURTHEST, last);
        let mut follower = Self::after((known - BACK).max(0));
        let mut seen = store.changes_since(follower.settled, BACK.unsigned_abs()).await?;
        seen.retain(|change| change.id <= known);
        follower.take(seen);
        Ok(follower)
    }

    fn after(settled: i64) -> Self {
        Self { settled, told: BTreeMap::new(), look: 0 }
    }

    /// What has come into sight since the last look, and whether there is more at once.
    ///
    /// # Errors
    /// When the store does not answer; the next look then tells what this one did not.
    pub async fn look(&mut self, store: &Store) -> Result<(Vec<Change>, bool)> {
        let most = LOOK.saturating_add(self.told.len() as u64);
        let rows = store.changes_since(self.settled, most).await?;
        let more = rows.len() as u64 >= most;
        Ok((self.take(rows), more))
    }

    /// Those of the changes after `settled` that were not told before.
    fn take(&mut self, rows: Vec<Change>) -> Vec<Change> {
        self.look += 1;
        let new: Vec<Change> =
            rows.into_iter().filter(|change| !self.told.contains_key(&change.id)).collect();
        self.told.extend(new.iter().map(|change| (change.id, self.look)));
        self.settle();
        new
    }

    /// Nobody waits for a gap below what was told long ago, nor below too much.
    fn settle(&mut self) {
        let given_up = |look: u64| self.look - look >= PATIENCE;
        let old = self.told.iter().rev().find(|(_, look)| given_up(**look)).map(|(id, _)| *id);
        let many = self.told.keys().rev().nth(WAITING).copied();
        self.settled = self.settled.max(old.unwrap_or(0)).max(many.unwrap_or(0));
        self.told = self.told.split_off(&(self.settled + 1));
        while self.told.remove(&(self.settled + 1)).is_some() {
            self.settled += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a follower tells of a table that holds these ids.
    fn looks(follower: &mut Follower, table: &[i64]) -> Vec<i64> {
        let rows = table.iter().filter(|id| **id > follower.settled);
        let rows = rows.map(|id| Change { id: *id, order: OrderId(*id), created: false }).collect();
        follower.take(rows).into_iter().map(|change| change.id).collect()
    }

    #[test]
    fn what_comes_into_sight_late_is_told_once_and_so_is_all_else() {
        let mut follower = Follower::after(10);
        assert_eq!(looks(&mut follower, &[11, 12, 15]), [11, 12, 15]);
        assert_eq!(follower.settled, 12);
        assert_eq!(looks(&mut follower, &[11, 12, 15]), [] as [i64; 0]);
        assert_eq!(looks(&mut follower, &[11, 12, 13, 15, 16]), [13, 16]);
        assert_eq!(looks(&mut follower, &[11, 12, 13, 14, 15, 16]), [14]);
        assert_eq!((follower.settled, follower.told.len()), (16, 0));
    }

    #[test]
    fn a_gap_that_stays_is_given_up_in_time() {
        let mut follower = Follower::after(0);
        looks(&mut follower, &[2]);
        for _ in 1..PATIENCE {
            assert!(looks(&mut follower, &[2]).is_empty());
            assert_eq!(follower.settled, 0);
        }
        looks(&mut follower, &[2, 4]);
        assert_eq!((follower.settled, follower.told.len()), (2, 1));
        assert_eq!(looks(&mut follower, &[2, 3, 4]), [3]);
        assert_eq!(follower.settled, 4);
    }

    #[test]
    fn a_gap_never_makes_a_follower_carry_more_than_it_can_bear() {
        let mut follower = Follower::after(0);
        let most = i64::try_from(WAITING).expect("small");
        let table: Vec<i64> = (2..most + 100).collect();
        assert_eq!(looks(&mut follower, &table).len(), table.len());
        assert_eq!((follower.settled, follower.told.len()), (most + 99, 0));
    }
}
