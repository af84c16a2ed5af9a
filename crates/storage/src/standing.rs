//! How the installation stands, for whoever watches over it: what waits to go out, what could not be read, and how the
//! connections are used. Every question has its index, and what is counted is counted to [`COUNTED`] at most.

use chrono::{DateTime, Utc};
use domain::{CabinetId, SkipReason};
use entities::{outbox, postings};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult};

use crate::connect::Store;
use crate::error::Result;
use crate::instant::instant;
use crate::outbox::OutboxState;

/// More rows of one kind are not counted.
pub const COUNTED: u64 = 10_000;

/// Pushes or letters in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxStanding {
    /// `push` or `letter`.
    pub kind: String,
    /// The state.
    pub state: OutboxState,
    /// How many.
    pub many: u64,
    /// When the oldest of them came into being.
    pub oldest: DateTime<Utc>,
}

/// How the connections to the database are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Connections that are open.
    pub open: u32,
    /// Of these, nobody uses so many.
    pub idle: u32,
}

impl Store {
    /// What stands in the outbox and is not over, and what was refused.
    pub async fn outbox_standing(&self) -> Result<Vec<OutboxStanding>> {
        use OutboxState::{Refused, Sending, Sent, Waiting};
        let mut all = Vec::new();
        for state in [Waiting, Sending, Sent, Refused] {
            for row in self.db.query_all(&of_state(state)).await? {
                let (kind, many, oldest): (String, i64, i64) = columns(&row)?;
                all.push(OutboxStanding { kind, state, many: count(many), oldest: instant(oldest) });
            }
        }
        Ok(all)
    }

    /// How many postings of each cabinet have no order because they could not be read; cabinets without any are left out.
    pub async fn unreadable_postings(&self) -> Result<Vec<(CabinetId, u64)>> {
        let rows = self.db.query_all(&unreadable()).await?;
        let of_cabinet = |row: &QueryResult| {
            let (cabinet, many): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok((CabinetId(cabinet), count(many)))
        };
        rows.iter().map(of_cabinet).collect()
    }

    /// How the connections are used at this moment, those that read and those that write.
    pub fn pool(&self) -> Pool {
        let of = |db: &DatabaseConnection| {
            if self.is_sqlite() {
                let pool = db.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            } else {
                let pool = db.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        // SQLite's readers are the same for all questions.
        let steady = (!self.is_sqlite()).then_some(&self.steady);
        let pools = [&self.db, &self.writer].into_iter().chain(steady).map(of);
        let (open, idle) = pools.fold((0, 0), |(open, idle), (size, free)| (open + size, idle + free));
        Pool { open, idle: Ord::min(u32::try_from(idle).unwrap_or(u32::MAX), open) }
    }
}

fn columns(row: &QueryResult) -> Result<(String, i64, i64)> {
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
}

fn count(many: i64) -> u64 {
    u64::try_from(many).unwrap_or(0)
}

fn of_state(state: OutboxState) -> SelectStatement {
    use outbox::Column as C;
    let found = Alias::new("found");
    let first = Query::select()
        .columns([C::Kind, C::CreatedAt])
        .from(outbox::Entity)
        .and_where(Expr::col(C::State).eq(state.to_string()))
        .order_by(C::Id, Order::Asc)
        .limit(COUNTED)
        .to_owned();
    Query::select()
        .column(C::Kind)
        .expr(Func::count(Expr::col(C::Kind)))
        .expr(Func::min(Expr::col(C::CreatedAt)))
        .from_subquery(first, found)
        .group_by_col(C::Kind)
        .to_owned()
}

fn unreadable() -> SelectStatement {
    use postings::Column as C;
    let found = Alias::new("found");
    let first = Query::select()
        .column(C::CabinetId)
        .from(postings::Entity)
        .and_where(Expr::col(C::SkippedBecause).eq(SkipReason::Undecodable.to_string()))
        .order_by(C::Id, Order::Asc)
        .limit(COUNTED)
        .to_owned();
    Query::select()
        .column(C::CabinetId)
        .expr(Func::count(Expr::col(C::CabinetId)))
        .from_subquery(first, found)
        .group_by_col(C::CabinetId)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Statement, StatementBuilder};

    use super::*;
    use crate::{Config, SecretKey};

    async fn plan(store: &Store, asked: &SelectStatement) -> String {
        let asked = StatementBuilder::build(asked, &DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
        let values = asked.values.map(|values| values.0).unwrap_or_default();
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = store.db.query_all_raw(statement).await.expect("answers");
        rows.iter()
            .map(|row| row.try_get::<String>("", "detail").expect("a plan"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    #[tokio::test]
    async fn what_is_asked_at_every_scrape_has_its_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let database_url = format!("sqlite://{}", folder.path().join("vygruzka.db").display());
        let config = Config { database_url, secret_key: Some(SecretKey::generate()), zone: chrono_tz::UTC };
        let store = Store::open(&config).await.expect("opens");
        store.migrate().await.expect("migrates");
        let of_outbox = plan(&store, &of_state(OutboxState::Waiting)).await;
        assert!(of_outbox.contains("outbox_by_state"), "{of_outbox}");
        let of_postings = plan(&store, &unreadable()).await;
        assert!(of_postings.contains("postings_by_reason"), "{of_postings}");
    }
}
