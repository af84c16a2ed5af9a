//! What the next letters are to tell. A piece of news is written with its cause, in one transaction, and goes in the one in
//! which its letter is written: each is told exactly once, whatever process dies.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::history::{Field, HistoryEntry, Reason};
use domain::intake::Outcome;
use domain::ozon_status::Stage;
use domain::{CabinetId, Order, OrderId, Settings};
use entities::{news, orders};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::mail;
use crate::order_rows::{CHUNK, with_lines};
use crate::outbox::{self, What};

/// What kind of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum NewsKind {
    /// An order came from Ozon (settings row 10).
    NewOrder,
    /// An order was made of a stored posting, because the settings of today let it in (settings row 10).
    BackFilled,
    /// Ozon moved an order (settings row 14).
    StatusChange,
    /// Ozon cancelled an order that is in work, or on its way.
    CancelledInWork,
    /// The key does not work any more.
    KeyFails,
    /// Loads fail.
    LoadsFail,
    /// Loads are well again.
    LoadsWell,
}

/// The details of a piece of news.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Ozon's status before.
    pub ozon_before: Option<String>,
    /// Ozon's status after.
    pub ozon_after: Option<String>,
    /// The shop's status before, by its id.
    pub shop_before: Option<i64>,
    /// The shop's status after.
    pub shop_after: Option<i64>,
    /// Already with the carrier.
    pub shipped: bool,
    /// Who cancelled.
    pub initiator: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The code of an error.
    pub code: Option<String>,
    /// The error in English.
    pub error: Option<String>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// A piece of news.
#[derive(Clone, Debug)]
pub struct News {
    /// Its id.
    pub id: i64,
    /// What kind.
    pub kind: NewsKind,
    /// The order, for news about one, as it is now.
    pub order: Option<Order>,
    /// The details.
    pub detail: Detail,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// News of one kind that no letter has told yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The cabinet.
    pub cabinet: CabinetId,
    /// What kind.
    pub kind: NewsKind,
    /// When the oldest of it happened.
    pub since: DateTime<Utc>,
}

/// News that one letter tells.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The first pieces, as many as a letter lists.
    pub items: Vec<News>,
    /// How many there are.
    pub total: u64,
    /// Of orders: how many by their day in the shop's zone.
    pub by_day: BTreeMap<NaiveDate, u64>,
    /// The last one's id: the letter tells all up to it.
    last: i64,
}

/// What is to be written of one decision.
pub(crate) fn of_outcome(outcome: &Outcome, settings: &Settings) -> Vec<(NewsKind, Detail)> {
    match outcome {
        Outcome::Created(_) if settings.notify_new_orders => vec![(NewsKind::NewOrder, Detail::default())],
        Outcome::Updated { history, .. } => of_history(history, settings),
        _ => Vec::new(),
    }
}

fn of_history(history: &[HistoryEntry], settings: &Settings) -> Vec<(NewsKind, Detail)> {
    let mut found = Vec::new();
    let by_ozon = |entry: &&HistoryEntry| {
        entry.field == Field::OzonStatus && matches!(entry.reason, Reason::OzonChanged | Reason::StepBack)
    };
    if let Some(entry) = history.iter().find(by_ozon).filter(|_| settings.notify_status_changes) {
        let moved = history.iter().find(|e| e.field == Field::Status && e.old != e.new);
        let id = |text: Option<&String>| text.and_then(|t| t.parse().ok());
        found.push((
            NewsKind::StatusChange,
            Detail {
                ozon_before: entry.old.clone(),
                ozon_after: entry.new.clone(),
                shop_before: id(moved.and_then(|m| m.old.as_ref())),
                shop_after: id(moved.and_then(|m| m.new.as_ref())),
                ..Detail::default()
            },
        ));
    }
    for entry in history {
        if let Reason::OnCancel { stage: stage @ (Stage::InWork | Stage::Shipped), reason, initiator } =
            &entry.reason
        {
            let (reason, initiator) = (reason.clone(), initiator.clone());
            let shipped = *stage == Stage::Shipped;
            found.push((
                NewsKind::CancelledInWork,
                Detail { shipped, initiator, reason, ..Detail::default() },
            ));
        }
    }
    found
}

/// Writes news, if letters can be sent at all.
pub(crate) async fn write(
    tx: &DatabaseTransaction,
    cabinet: CabinetId,
    found: Vec<(NewsKind, Option<OrderId>, Detail)>,
    now: DateTime<Utc>,
) -> Result<()> {
    if found.is_empty() || !mail::is_set_up(tx).await? {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(found.len());
    for (kind, order, detail) in found {
        rows.push(news::ActiveModel {
            cabinet_id: Set(cabinet.0),
            kind: Set(kind.to_string()),
            order_id: Set(order.map(|id| id.0)),
            detail: Set(outbox::json(&detail)?),
            at: Set(micros(now)),
            ..Default::default()
        });
    }
    for chunk in rows.chunks(CHUNK) {
        news::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    Ok(())
}

impl Store {
    /// What waits to be told: by cabinet and kind. Costs as much as there are of these, however much news each has.
    pub async fn waiting_news(&self) -> Result<Vec<Waiting>> {
        use news::Column as C;
        let mut waiting = Vec::new();
        let mut last: Option<(i64, String)> = None;
        loop {
            let mut query = news::Entity::find();
            if let Some((cabinet, kind)) = last {
                let place = Expr::tuple([Expr::col(C::CabinetId), Expr::col(C::Kind)]);
                let after = Expr::tuple([Expr::value(cabinet), Expr::value(kind)]);
                query = query.filter(place.gt(after));
            }
            let first: Option<(i64, String, i64)> = query
                .order_by_asc(C::CabinetId)
                .order_by_asc(C::Kind)
                .order_by_asc(C::Id)
                .limit(1)
                .select_only()
                .columns([C::CabinetId, C::Kind, C::At])
                .into_tuple()
                .one(&self.db)
                .await?;
            let Some((cabinet, kind, at)) = first else { return Ok(waiting) };
            if let Ok(kind) = kind.parse() {
                waiting.push(Waiting { cabinet: CabinetId(cabinet), kind, since: instant(at) });
            }
            last = Some((cabinet, kind));
        }
    }

    /// The news of one kind about a cabinet that no letter has told yet; of these the first `most` whole.
    pub async fn gather_news(
        &self,
        cabinet: CabinetId,
        kind: NewsKind,
        most: usize,
    ) -> Result<Option<Gathered>> {
        use news::Column as C;
        let mut gathered = Gathered { items: Vec::new(), total: 0, by_day: BTreeMap::new(), last: 0 };
        loop {
            let rows = news::Entity::find()
                .filter(C::CabinetId.eq(cabinet.0))
                .filter(C::Kind.eq(kind.to_string()))
                .filter(C::Id.gt(gathered.last))
                .order_by_asc(C::Id)
                .limit(CHUNK as u64)
                .all(&self.db)
                .await?;
            let Some(last) = rows.last().map(|row| row.id) else { break };
            gathered.last = last;
            gathered.total += rows.len() as u64;
            let ids: Vec<i64> = rows.iter().filter_map(|row| row.order_id).collect();
            for (day, many) in self.days_of(&ids).await? {
                *gathered.by_day.entry(day).or_default() += many;
            }
            let room = most.saturating_sub(gathered.items.len());
            gathered.items.extend(self.whole(rows.into_iter().take(room).collect(), kind).await?);
        }
        Ok((gathered.total > 0).then_some(gathered))
    }

    async fn days_of(&self, ids: &[i64]) -> Result<BTreeMap<NaiveDate, u64>> {
        let dates: Vec<i64> = orders::Entity::find()
            .filter(orders::Column::Id.is_in(ids.iter().copied()))
            .select_only()
            .column(orders::Column::OrderDate)
            .into_tuple()
            .all(&self.db)
            .await?;
        let mut days = BTreeMap::new();
        for date in dates {
            *days.entry(instant(date).with_timezone(&self.zone).date_naive()).or_default() += 1;
        }
        Ok(days)
    }

    async fn whole(&self, rows: Vec<news::Model>, kind: NewsKind) -> Result<Vec<News>> {
        let ids: Vec<i64> = rows.iter().filter_map(|row| row.order_id).collect();
        let found = orders::Entity::find().filter(orders::Column::Id.is_in(ids)).all(&self.db).await?;
        let known: BTreeMap<i64, Order> =
            with_lines(&self.db, found).await?.into_iter().map(|order| (order.id.0, order)).collect();
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let detail = serde_json::from_str(&row.detail).unwrap_or_else(|error| {
                // That it happened is worth telling, also without its details.
                tracing::warn!(id = row.id, "the details of a piece of news cannot be read: {error}");
                Detail::default()
            });
            let order = row.order_id.and_then(|id| known.get(&id).cloned());
            items.push(News { id: row.id, kind, order, detail, at: instant(row.at) });
        }
        Ok(items)
    }

    /// Writes the letter that tells the gathered news, and lets the news go; where mail is no longer set up, the news only
    /// goes. `false` when another process has told a part of it already: nothing is written then.
    pub async fn tell_news(
        &self,
        cabinet: CabinetId,
        kind: NewsKind,
        gathered: &Gathered,
        what: &What,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let order = match gathered.items.as_slice() {
            [only] => only.order.as_ref().map(|order| order.id),
            _ => None,
        };
        let told = self
            .write(|tx, _| {
                Box::pin(async move {
                    use news::Column as C;
                    let gone = news::Entity::delete_many()
                        .filter(C::CabinetId.eq(cabinet.0))
                        .filter(C::Kind.eq(kind.to_string()))
                        .filter(C::Id.lte(gathered.last))
                        .exec(tx)
                        .await?;
                    if gone.rows_affected != gathered.total {
                        return Err(Error::Refused("told"));
                    }
                    if !mail::is_set_up(tx).await? {
                        return Ok(());
                    }
                    outbox::letter(tx, Some(cabinet), order, what, None, now).await
                })
            })
            .await;
        match told {
            Ok(()) => Ok(true),
            Err(Error::Refused("told")) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
