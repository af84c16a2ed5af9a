//! Comparisons of Ozon's list with the store: what is compared, and what came of it. Compares nothing itself
//! (`domain::reconcile` does).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::reconcile::{Difference, Stored};
use domain::{CabinetId, OrderId, PostingNumber};
use entities::{orders, postings, reconciliations};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::facts::unpack_facts;
use crate::instant::{instant, micros};
use crate::order_rows::{CHUNK, with_lines};
use crate::outbox::{self, What};
use crate::page::{Page, PageAsk};
use crate::runs::Cause;

/// How many postings stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// As Ozon has them.
    pub matched: u64,
    /// Listed by Ozon, not in the store.
    pub missing: u64,
    /// With another status, other goods or another sum.
    pub differing: u64,
    /// In the store, not listed by Ozon.
    pub unknown: u64,
    /// Of the missing and differing: mended.
    pub repaired: u64,
}

impl Compared {
    /// What still differs.
    pub fn left(&self) -> u64 {
        (self.missing + self.differing + self.unknown).saturating_sub(self.repaired)
    }
}

/// A posting that is not as Ozon has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The posting.
    pub posting_number: String,
    /// Its order.
    pub order_id: Option<i64>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// It was mended.
    pub repaired: bool,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Its id; nought while it is not kept.
    pub id: i64,
    /// The cabinet.
    pub cabinet_id: CabinetId,
    /// What started it.
    pub cause: Cause,
    /// The period's begin, by the time at which Ozon began to process a posting.
    pub since: DateTime<Utc>,
    /// The period's end.
    pub until: DateTime<Utc>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// How many postings stand where.
    pub compared: Compared,
    /// The first that differ.
    pub findings: Vec<Finding>,
    /// The code of what stopped it.
    pub error_code: Option<String>,
}

/// When a comparison began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReconciliationEnded {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// Something stopped it.
    pub failed: bool,
}

impl TryFrom<reconciliations::Model> for Reconciliation {
    type Error = Error;
    fn try_from(row: reconciliations::Model) -> Result<Self> {
        let corrupt = |what: String| Error::Corrupt(format!("reconciliation {}: {what}", row.id));
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(Self {
            id: row.id,
            cabinet_id: CabinetId(row.cabinet_id),
            cause: Cause::from_word(&row.cause)?,
            since: instant(row.since),
            until: instant(row.until),
            started_at: instant(row.started_at),
            finished_at: instant(row.finished_at),
            compared: Compared {
                matched: count(row.matched),
                missing: count(row.missing),
                differing: count(row.differing),
                unknown: count(row.unknown),
                repaired: count(row.repaired),
            },
            findings: serde_json::from_str(&row.findings).map_err(|e| corrupt(e.to_string()))?,
            error_code: row.error_code,
        })
    }
}

impl Store {
    /// What the store has of these postings.
    pub async fn stored_for_comparison(
        &self,
        cabinet: CabinetId,
        numbers: &[PostingNumber],
    ) -> Result<HashMap<PostingNumber, Stored>> {
        use postings::Column as C;
        type Columns = (String, i64, Option<Vec<u8>>, Option<i64>);
        let mut found = HashMap::with_capacity(numbers.len());
        for chunk in numbers.chunks(CHUNK) {
            let rows: Vec<Columns> = postings::Entity::find()
                .filter(C::CabinetId.eq(cabinet.0))
                .filter(C::PostingNumber.is_in(chunk.iter().map(PostingNumber::as_str)))
                .select_only()
                .columns([C::PostingNumber, C::ReadAt, C::Facts, C::OrderId])
                .into_tuple()
                .all(&self.db)
                .await?;
            let ids: Vec<i64> = rows.iter().filter_map(|(_, _, _, order)| *order).collect();
            let of_orders =
                orders::Entity::find().filter(orders::Column::Id.is_in(ids)).all(&self.db).await?;
            let mut known: HashMap<i64, _> =
                with_lines(&self.db, of_orders).await?.into_iter().map(|order| (order.id.0, order)).collect();
            for (number, read_at, facts, order) in rows {
                let Ok(number) = PostingNumber::new(&number) else { continue };
                let facts = facts.as_deref().map(unpack_facts).transpose()?;
                let order = order.and_then(|id| known.remove(&id));
                found.insert(number, Stored { read_at: instant(read_at), facts, order });
            }
        }
        Ok(found)
    }

    /// Stored postings that Ozon began to process in a period, a chunk after `after`: time, row, number and order.
    pub async fn postings_begun_in(
        &self,
        cabinet: CabinetId,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
        after: Option<(i64, i64)>,
    ) -> Result<Vec<((i64, i64), PostingNumber, Option<OrderId>)>> {
        use postings::Column as C;
        use sea_orm::sea_query::ExprTrait;
        let mut query = postings::Entity::find()
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::InProcessAt.gte(micros(since)))
            .filter(C::InProcessAt.lte(micros(until)));
        if let Some((at, id)) = after {
            let later = C::InProcessAt.gt(at).or(C::InProcessAt.eq(at).and(C::Id.gt(id)));
            query = query.filter(C::InProcessAt.gte(at)).filter(later);
        }
        let rows: Vec<(Option<i64>, i64, String, Option<i64>)> = query
            .order_by_asc(C::InProcessAt)
            .order_by_asc(C::Id)
            .limit(CHUNK as u64)
            .select_only()
            .columns([C::InProcessAt, C::Id, C::PostingNumber, C::OrderId])
            .into_tuple()
            .all(&self.db)
            .await?;
        let whole = |(at, id, number, order): (Option<i64>, i64, String, Option<i64>)| {
            Some(((at?, id), PostingNumber::new(&number).ok()?, order.map(OrderId)))
        };
        Ok(rows.into_iter().filter_map(whole).collect())
    }

    /// Keeps what a comparison came to, and with it the letter that tells so.
    pub async fn keep_reconciliation(
        &self,
        told: &Reconciliation,
        letter: Option<&What>,
    ) -> Result<Reconciliation> {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let row = reconciliations::ActiveModel {
            cabinet_id: Set(told.cabinet_id.0),
            cause: Set(told.cause.word().to_owned()),
            since: Set(micros(told.since)),
            until: Set(micros(told.until)),
            started_at: Set(micros(told.started_at)),
            finished_at: Set(micros(told.finished_at)),
            matched: Set(count(told.compared.matched)),
            missing: Set(count(told.compared.missing)),
            differing: Set(count(told.compared.differing)),
            unknown: Set(count(told.compared.unknown)),
            repaired: Set(count(told.compared.repaired)),
            findings: Set(outbox::json(&told.findings)?),
            error_code: Set(told.error_code.clone()),
            ..Default::default()
        };
        let row = &row;
        self.write(|tx, _| {
            Box::pin(async move {
                let kept = row.clone().insert(tx).await?;
                if let Some(letter) = letter {
                    outbox::letter(tx, Some(told.cabinet_id), None, letter, None, told.finished_at).await?;
                }
                kept.try_into()
            })
        })
        .await
    }

    /// Comparisons of a cabinet, the newest first.
    pub async fn reconciliations(&self, cabinet: CabinetId, ask: &PageAsk) -> Result<Page<Reconciliation>> {
        use reconciliations::Column as C;
        let mut query = reconciliations::Entity::find()
            .filter(C::CabinetId.eq(cabinet.0))
            .order_by_desc(C::Id)
            .limit(ask.rows() + 1);
        if let Some((_, last)) = ask.after()? {
            query = query.filter(C::Id.lt(last));
        }
        let page = Page::cut(query.all(&self.db).await?, ask, |row| (0, row.id));
        let items = page.items.into_iter().map(Reconciliation::try_from).collect::<Result<_>>()?;
        Ok(Page { items, next: page.next })
    }

    /// One comparison.
    pub async fn reconciliation(&self, id: i64) -> Result<Reconciliation> {
        reconciliations::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::NotFound)?.try_into()
    }

    /// When the newest comparison of a cabinet with this cause began and ended, without what it found: the scheduler asks
    /// every moment.
    pub async fn last_reconciliation_ended(
        &self,
        cabinet: CabinetId,
        cause: Cause,
    ) -> Result<Option<ReconciliationEnded>> {
        use reconciliations::Column as C;
        let row: Option<(i64, i64, Option<String>)> = reconciliations::Entity::find()
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::Cause.eq(cause.word()))
            .order_by_desc(C::Id)
            .select_only()
            .columns([C::StartedAt, C::FinishedAt, C::ErrorCode])
            .into_tuple()
            .one(&self.db)
            .await?;
        Ok(row.map(|(started_at, finished_at, error)| ReconciliationEnded {
            started_at: instant(started_at),
            finished_at: instant(finished_at),
            failed: error.is_some(),
        }))
    }

    /// The newest comparison of a cabinet.
    pub async fn last_reconciliation(&self, cabinet: CabinetId) -> Result<Option<Reconciliation>> {
        Ok(self.reconciliations(cabinet, &PageAsk::first(1)).await?.items.pop())
    }
}
