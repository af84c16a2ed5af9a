//! Reading stored postings: what Ozon showed, and why some of it made no order.

use chrono::{DateTime, Utc};
use domain::{CabinetId, OrderId, Posting, PostingNumber, SkipReason};
use entities::postings;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::blob;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::facts::{unpack_facts, unpack_with_list};
use crate::instant::instant;
use crate::page::{Page, PageAsk};
use crate::text::clean;

/// Beyond this many, a count in the panel says "and more".
const COUNTED: u64 = 1_000;

/// A stored posting, without its raw text.
#[derive(Clone, Debug)]
pub struct StoredPosting {
    /// Our id.
    pub id: i64,
    /// The cabinet.
    pub cabinet_id: CabinetId,
    /// Ozon's number; for one that could not be read a name of our own.
    pub posting_number: String,
    /// Ozon's status as last read.
    pub ozon_status: String,
    /// Ozon's substatus.
    pub ozon_substatus: Option<String>,
    /// When Ozon began to process it.
    pub in_process_at: Option<DateTime<Utc>>,
    /// When the last answer that we keep was asked for.
    pub read_at: DateTime<Utc>,
    /// When we first saw it.
    pub first_seen_at: DateTime<Utc>,
    /// Its order.
    pub order_id: Option<OrderId>,
    /// Why it has none.
    pub skipped_because: Option<SkipReason>,
    /// Why Ozon's last answer could not be read.
    pub undecodable: Option<String>,
}

/// Which postings are wanted.
#[derive(Clone, Debug, Default)]
pub struct PostingFilter {
    /// Of this cabinet.
    pub cabinet: Option<CabinetId>,
    /// With exactly this number.
    pub posting_number: Option<String>,
    /// Without an order, or with one.
    pub without_order: Option<bool>,
    /// Without an order for this reason.
    pub skipped_because: Option<SkipReason>,
    /// Also those in the archive.
    pub archive: bool,
}

/// Ozon's own words.
#[derive(Clone, Debug, Default)]
pub struct RawPosting {
    /// As a list showed it.
    pub list: Option<String>,
    /// As `/v3/posting/fbs/get` showed it.
    pub get: Option<String>,
}

fn stored(row: postings::Model) -> StoredPosting {
    StoredPosting {
        id: row.id,
        cabinet_id: CabinetId(row.cabinet_id),
        posting_number: row.posting_number,
        ozon_status: row.ozon_status,
        ozon_substatus: row.ozon_substatus,
        in_process_at: row.in_process_at.map(instant),
        read_at: instant(row.read_at),
        first_seen_at: instant(row.first_seen_at),
        order_id: row.order_id.map(OrderId),
        skipped_because: row.skipped_because.and_then(|word| word.parse().ok()),
        undecodable: row.undecodable,
    }
}

impl Store {
    /// A page of postings, the newest first.
    pub async fn postings(&self, filter: &PostingFilter, ask: &PageAsk) -> Result<Page<StoredPosting>> {
        let mut query = filtered(filter).order_by_desc(postings::Column::Id).limit(ask.rows() + 1);
        if let Some((_, id)) = ask.after()? {
            query = query.filter(postings::Column::Id.lt(id));
        }
        let page = Page::cut(query.all(&self.db).await?, ask, |row| (0, row.id));
        Ok(page.map(stored))
    }

    /// One posting.
    pub async fn posting(&self, id: i64) -> Result<StoredPosting> {
        postings::Entity::find_by_id(id).one(&self.db).await?.map(stored).ok_or(Error::NotFound)
    }

    /// The postings with this number: one in each cabinet at most.
    pub async fn postings_numbered(&self, number: &str) -> Result<Vec<StoredPosting>> {
        let rows = postings::Entity::find()
            .filter(postings::Column::PostingNumber.eq(clean(number)))
            .order_by_asc(postings::Column::Id)
            .limit(50)
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Ozon's own words about a posting.
    pub async fn raw_posting(&self, id: i64) -> Result<RawPosting> {
        let row = postings::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::NotFound)?;
        let text = |packed: Option<Vec<u8>>| -> Result<Option<String>> {
            let Some(packed) = packed else { return Ok(None) };
            Ok(Some(String::from_utf8_lossy(&blob::unpack(&packed)?).into_owned()))
        };
        // Apart stands only what could not be read when it came, and what earlier versions kept.
        let list = match (text(row.raw_list)?, row.facts) {
            (None, Some(facts)) => unpack_with_list(&facts)?.1,
            (apart, _) => apart,
        };
        Ok(RawPosting { list, get: text(row.raw_get)? })
    }

    /// All that Ozon has said of a posting, by its number.
    pub async fn facts_of_posting(
        &self,
        cabinet: CabinetId,
        number: &PostingNumber,
    ) -> Result<Option<Posting>> {
        let packed: Option<Option<Vec<u8>>> = postings::Entity::find()
            .filter(postings::Column::CabinetId.eq(cabinet.0))
            .filter(postings::Column::PostingNumber.eq(number.as_str()))
            .select_only()
            .column(postings::Column::Facts)
            .into_tuple()
            .one(&self.db)
            .await?;
        packed.flatten().as_deref().map(unpack_facts).transpose()
    }

    /// All that Ozon has said of a posting by now; `None` when it could never be read.
    pub async fn posting_facts(&self, id: i64) -> Result<Option<Posting>> {
        let row = postings::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::NotFound)?;
        row.facts.as_deref().map(unpack_facts).transpose()
    }

    /// How many postings made no order, archive apart; counted to 1,000 at most.
    pub async fn postings_without_order_count(&self, cabinet: Option<CabinetId>) -> Result<u64> {
        let ids: Vec<i64> = counted(cabinet).into_tuple().all(&self.db).await?;
        Ok(ids.len() as u64)
    }

    /// How many of them somebody should look at: what could not be read, and statuses that are not known. What a setting
    /// keeps out is no act of anybody. Counted to 1,000 at most.
    pub async fn postings_to_look_at_count(&self) -> Result<u64> {
        let ids: Vec<i64> = to_look_at().into_tuple().all(&self.db).await?;
        Ok(ids.len() as u64)
    }
}

fn filtered(filter: &PostingFilter) -> Select<postings::Entity> {
    use postings::Column as C;
    let mut query = postings::Entity::find();
    if let Some(cabinet) = filter.cabinet {
        query = query.filter(C::CabinetId.eq(cabinet.0));
    }
    if let Some(number) = &filter.posting_number {
        query = query.filter(C::PostingNumber.eq(clean(number)));
    }
    match filter.without_order {
        Some(true) => query = query.filter(C::OrderId.is_null()),
        Some(false) => query = query.filter(C::OrderId.is_not_null()),
        None => {}
    }
    if let Some(reason) = filter.skipped_because {
        query = query.filter(C::SkippedBecause.eq(reason.to_string()));
    } else if !filter.archive {
        let reason = Expr::col((postings::Entity, C::SkippedBecause));
        query = query.filter(reason.clone().is_null().or(reason.ne(SkipReason::Archive.to_string())));
    }
    query
}

fn counted(cabinet: Option<CabinetId>) -> Select<postings::Entity> {
    let filter = PostingFilter { cabinet, without_order: Some(true), ..PostingFilter::default() };
    filtered(&filter).select_only().column(postings::Column::Id).limit(COUNTED)
}

fn to_look_at() -> Select<postings::Entity> {
    let reasons = [SkipReason::Undecodable, SkipReason::UnknownStatus].map(|reason| reason.to_string());
    counted(None).filter(postings::Column::SkippedBecause.is_in(reasons))
}

/// How SQLite goes about the counts, in its own words.
#[cfg(test)]
pub(crate) async fn count_plans(store: &Store) -> [String; 2] {
    [plan(store, counted(Some(CabinetId(1)))).await, plan(store, to_look_at()).await]
}

#[cfg(test)]
async fn plan(store: &Store, query: Select<postings::Entity>) -> String {
    use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};
    let asked = query.build(DbBackend::Sqlite);
    let sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
    let values = asked.values.map(|values| values.0).unwrap_or_default();
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    let rows = store.db.query_all_raw(statement).await.expect("answers");
    rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a plan")).collect::<Vec<_>>().join("; ")
}
