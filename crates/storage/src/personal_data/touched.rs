//! What personal data there is: what the rule reaches, and how it stands with one order or customer.

use chrono::{DateTime, Utc};
use domain::erasure::{ERASED, EraseAfter};
use domain::{CustomerId, OrderId};
use entities::{customers, order_comments, orders, postings};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

use super::{Erased, carry_out};
use crate::error::{Error, Result};
use crate::instant::{instant, micros};

/// A count stops here: nobody decides otherwise for knowing that there are more.
pub const MOST_COUNTED: u64 = 10_000;

/// How it stands with the personal data of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfOrder {
    /// At its end since then; only then it may be erased.
    pub ended_at: Option<DateTime<Utc>>,
    /// Erased since then.
    pub erased_at: Option<DateTime<Utc>>,
    /// After that somebody wrote something that may name a person.
    pub written_since: bool,
}

impl OfOrder {
    /// Something may be erased.
    pub fn is_left(&self) -> bool {
        self.ended_at.is_some() && (self.erased_at.is_none() || self.written_since)
    }
}

/// How it stands with the personal data of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfCustomer {
    /// Erased since then.
    pub erased_at: Option<DateTime<Utc>>,
    /// Orders that have ended and still hold personal data; counted up to [`MOST_COUNTED`].
    pub ended: u64,
    /// Orders that go on: nobody erases them; counted up to [`MOST_COUNTED`].
    pub going_on: u64,
    /// It came with the installation and is nobody.
    pub is_installed: bool,
}

impl OfCustomer {
    /// Something may be erased.
    pub fn is_left(&self) -> bool {
        !self.is_installed && (self.erased_at.is_none() || self.ended > 0)
    }
}

/// Postings that a rule reaches, the first that ended first.
pub fn due(rule: EraseAfter, now: DateTime<Utc>) -> Select<postings::Entity> {
    use postings::Column as C;
    postings::Entity::find()
        .filter(C::PersonsErasedAt.is_null())
        .filter(C::EndedAt.is_not_null())
        .filter(C::EndedAt.lte(micros(rule.cutoff(now))))
        .order_by_asc(C::EndedAt)
        .order_by_asc(C::Id)
}

/// Postings of a customer's orders that still hold personal data.
fn of(id: CustomerId) -> Select<postings::Entity> {
    let mut own = Query::select();
    own.column(orders::Column::Id).from(orders::Entity).and_where(orders::Column::CustomerId.eq(id.0));
    postings::Entity::find()
        .filter(postings::Column::OrderId.in_subquery(own))
        .filter(postings::Column::PersonsErasedAt.is_null())
}

/// Of these the ones that have ended.
pub fn ended_of(id: CustomerId) -> Select<postings::Entity> {
    of(id).filter(postings::Column::EndedAt.is_not_null()).order_by_asc(postings::Column::Id)
}

/// A customer's orders beside the postings that they were made of.
pub fn orders_of_customer() -> SelectStatement {
    let mut query = Query::select();
    let same =
        Expr::col((postings::Entity, postings::Column::OrderId)).equals((orders::Entity, orders::Column::Id));
    let own = Expr::col((orders::Entity, orders::Column::CustomerId))
        .equals((customers::Entity, customers::Column::Id));
    query
        .expr(Expr::val(1))
        .from(orders::Entity)
        .inner_join(postings::Entity, same)
        .and_where(own)
        .and_where(Expr::col((postings::Entity, postings::Column::PersonsErasedAt)).is_null());
    query
}

/// Whether the persons of an order are erased.
pub async fn is_order_erased<C: ConnectionTrait>(db: &C, id: OrderId) -> Result<bool> {
    let own = postings::Entity::find()
        .filter(postings::Column::OrderId.eq(id.0))
        .filter(postings::Column::PersonsErasedAt.is_not_null());
    Ok(own.select_only().column(postings::Column::Id).count(db).await? > 0)
}

/// Whether an erased order has a note, a discussion or a customer's name again.
pub async fn is_written_since<C: ConnectionTrait>(db: &C, id: OrderId) -> Result<bool> {
    let order = orders::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)?;
    let names_nobody = [ERASED, "", order.posting_number.as_str()].contains(&order.customer_name.as_str());
    if !names_nobody || !order.admin_comment.is_empty() {
        return Ok(true);
    }
    let said = order_comments::Entity::find().filter(order_comments::Column::OrderId.eq(id.0));
    Ok(said.select_only().column(order_comments::Column::Id).count(db).await? > 0)
}

/// How many there are, as far as is counted. `id` alone is read, since raw texts lie in the same rows.
async fn count<C: ConnectionTrait, E: EntityTrait>(db: &C, found: Select<E>, id: E::Column) -> Result<u64> {
    let found = found.select_only().column(id).limit(MOST_COUNTED).into_query();
    let counted = Query::select()
        .expr_as(Expr::col(Asterisk).count(), Alias::new("many"))
        .from_subquery(found, Alias::new("found"))
        .to_owned();
    let row = db.query_one(&counted).await?;
    let many: i64 = row.map(|row| row.try_get("", "many")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(many).unwrap_or(0))
}

async fn postings_in<C: ConnectionTrait>(db: &C, found: Select<postings::Entity>) -> Result<u64> {
    count(db, found, postings::Column::Id).await
}

pub async fn by_rule<C: ConnectionTrait>(db: &C, rule: EraseAfter, now: DateTime<Utc>) -> Result<Erased> {
    let with = due(rule, now).filter(postings::Column::OrderId.is_not_null());
    let without = due(rule, now).filter(postings::Column::OrderId.is_null());
    let ended = || Expr::col((postings::Entity, postings::Column::EndedAt));
    let cutoff = micros(rule.cutoff(now));
    let mut buyers = Query::select();
    let same =
        Expr::col((postings::Entity, postings::Column::OrderId)).equals((orders::Entity, orders::Column::Id));
    buyers
        .column((orders::Entity, orders::Column::CustomerId))
        .from(postings::Entity)
        .inner_join(orders::Entity, same)
        .and_where(Expr::col((postings::Entity, postings::Column::PersonsErasedAt)).is_null())
        .and_where(ended().is_not_null())
        .and_where(ended().lte(cutoff));
    let mut others = orders_of_customer();
    others.and_where(ended().is_null().or(ended().gt(cutoff)));
    let customers = carry_out::erasable(db)
        .await?
        .filter(customers::Column::Id.in_subquery(buyers))
        .filter(Expr::not_exists(others));
    Ok(Erased {
        orders: postings_in(db, with).await?,
        postings: postings_in(db, without).await?,
        customers: count(db, customers, customers::Column::Id).await?,
    })
}

pub async fn of_order<C: ConnectionTrait>(db: &C, id: OrderId) -> Result<OfOrder> {
    let found: Option<(Option<i64>, Option<i64>)> = postings::Entity::find()
        .filter(postings::Column::OrderId.eq(id.0))
        .select_only()
        .columns([postings::Column::EndedAt, postings::Column::PersonsErasedAt])
        .into_tuple()
        .one(db)
        .await?;
    let (ended, erased) = found.ok_or(Error::NotFound)?;
    let written_since = erased.is_some() && is_written_since(db, id).await?;
    Ok(OfOrder { ended_at: ended.map(instant), erased_at: erased.map(instant), written_since })
}

pub async fn of_customer<C: ConnectionTrait>(db: &C, id: CustomerId) -> Result<OfCustomer> {
    let row = customers::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)?;
    Ok(OfCustomer {
        erased_at: row.persons_erased_at.map(instant),
        ended: postings_in(db, ended_of(id)).await?,
        going_on: postings_in(db, of(id).filter(postings::Column::EndedAt.is_null())).await?,
        is_installed: row.code.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Statement};

    use super::*;
    use crate::{Config, SecretKey, Store};

    #[tokio::test]
    async fn what_is_due_is_found_by_its_index_without_sorting() {
        let folder = tempfile::tempdir().expect("a folder");
        let database_url = format!("sqlite://{}", folder.path().join("vygruzka.db").display());
        let config = Config { database_url, secret_key: Some(SecretKey::generate()), zone: chrono_tz::UTC };
        let store = Store::open(&config).await.expect("opens");
        store.migrate().await.expect("migrates");
        let rule = EraseAfter::days(90).expect("a rule");
        let asked = due(rule, DateTime::UNIX_EPOCH).limit(50).build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
        let values = asked.values.map(|values| values.0).unwrap_or_default();
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = store.db.query_all_raw(statement).await.expect("answers");
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").expect("a plan")).collect();
        let plan = plan.join("; ");
        assert!(plan.starts_with("SEARCH postings USING INDEX postings_to_erase ("), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
