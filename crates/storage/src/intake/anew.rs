//! Deciding anew about stored postings after the settings changed: only when someone asks for it, never silently.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::history::Actor;
use domain::intake::{Circumstances, create_by_hand, why_no_order};
use domain::{CabinetId, Settings, SkipReason};
use entities::postings;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{apply, default_status};
use crate::connect::Store;
use crate::error::Result;
use crate::facts::unpack_facts;
use crate::instant::instant;
use crate::news::{self, Detail, NewsKind};
use crate::order_rows::CHUNK;
use crate::{settings, warehouse_rules};

/// What deciding anew did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anew {
    /// Orders made, by the day of the shop's zone on which Ozon began to process them.
    pub orders: BTreeMap<Option<NaiveDate>, u64>,
}

impl Anew {
    /// Orders in all.
    pub fn total(&self) -> u64 {
        self.orders.values().sum()
    }
}

impl Store {
    /// Makes orders of the stored postings that the settings of today let in; with `dry_run` only counts them. Goes in
    /// chunks, each a transaction of its own, so that loads and people go on beside it.
    ///
    /// # Errors
    /// When the database does not do it; the chunks before are kept, and asking again does the rest.
    pub async fn decide_anew(
        &self,
        cabinet: CabinetId,
        actor: &Actor,
        now: DateTime<Utc>,
        dry_run: bool,
    ) -> Result<Anew> {
        self.anew(cabinet, None, actor, now, dry_run).await
    }

    /// The same by `proposed` settings instead of those in force; only ever a rehearsal.
    pub(crate) async fn would_decide_anew(
        &self,
        cabinet: CabinetId,
        proposed: &Settings,
        now: DateTime<Utc>,
    ) -> Result<Anew> {
        self.anew(cabinet, Some(proposed), &Actor::Rule, now, true).await
    }

    async fn anew(
        &self,
        cabinet: CabinetId,
        proposed: Option<&Settings>,
        actor: &Actor,
        now: DateTime<Utc>,
        dry_run: bool,
    ) -> Result<Anew> {
        let mut anew = Anew::default();
        let mut after = 0;
        loop {
            let (last, dates) = self
                .write(|tx, _| Box::pin(chunk(tx, self, cabinet, proposed, actor, now, dry_run, after)))
                .await?;
            for date in dates {
                *anew.orders.entry(date).or_default() += 1;
            }
            match last {
                Some(last) => after = last,
                None => return Ok(anew),
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "each says another thing about one question")]
/// The next postings without an order: the id of the last one looked at, and the days of those that become orders.
async fn chunk(
    tx: &DatabaseTransaction,
    store: &Store,
    cabinet: CabinetId,
    proposed: Option<&Settings>,
    actor: &Actor,
    now: DateTime<Utc>,
    dry_run: bool,
    after: i64,
) -> Result<(Option<i64>, Vec<Option<NaiveDate>>)> {
    use postings::Column as C;
    let rows = postings::Entity::find()
        .filter(C::CabinetId.eq(cabinet.0))
        .filter(C::OrderId.is_null())
        .filter(C::SkippedBecause.is_not_null())
        .filter(C::SkippedBecause.ne(SkipReason::Undecodable.to_string()))
        .filter(C::Id.gt(after))
        .order_by_asc(C::Id)
        .limit(CHUNK as u64)
        .lock_exclusive()
        .all(tx)
        .await?;
    let rules = match proposed {
        Some(settings) => settings.clone(),
        None => settings::current(tx, cabinet).await?.settings,
    };
    let warehouses = warehouse_rules::of(tx, cabinet).await?;
    let default_status = default_status(tx).await?;
    let last = rows.last().map(|row| row.id);
    let (mut ids, mut made, mut days) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let Some(facts) = row.facts.as_deref().map(unpack_facts).transpose()? else { continue };
        let is_part = row.skipped_because == Some(SkipReason::PartOfPosting.to_string());
        let stays = if is_part { !rules.also_box_changes } else { why_no_order(&facts, &rules).is_some() };
        if stays {
            continue;
        }
        let with = Circumstances {
            cabinet_id: cabinet,
            settings: &rules,
            warehouses: &warehouses,
            default_status,
            now,
            read_at: instant(row.read_at),
        };
        days.push(facts.details.in_process_at.map(|at| at.with_timezone(&store.zone).date_naive()));
        let new = create_by_hand(&facts, with, actor.clone());
        ids.push(row.id);
        made.push((new, facts));
    }
    if !dry_run {
        let new: Vec<_> = made.iter().map(|(new, facts)| (new, facts)).collect();
        let orders = apply::create(tx, store, &new, now).await?;
        if rules.notify_new_orders {
            let told = orders.iter().map(|order| (NewsKind::BackFilled, Some(*order), Detail::default()));
            news::write(tx, cabinet, told.collect(), now).await?;
        }
        for (row, order) in ids.iter().zip(orders) {
            postings::Entity::update_many()
                .col_expr(C::OrderId, Expr::value(order.0))
                .col_expr(C::SkippedBecause, Expr::value(Option::<String>::None))
                .filter(C::Id.eq(*row))
                .exec(tx)
                .await?;
        }
    }
    Ok((last, days))
}
