//! One act on several orders: what it would do, doing it, and undoing it as long as Ozon was told nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use domain::by_hand::Act;
use domain::history::{Actor, Field, HistoryEntry, Reason};
use domain::push::NotTold;
use domain::{OrderId, StatusId, UserId};
use entities::{bulk_acts, orders, outbox as outbox_rows, statuses};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::acts::{carry_out, decide, standing};
use super::note;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::outbox::{OutboxState, json};

/// Orders that one act reaches at most.
pub const MOST_AT_ONCE: usize = 200;
/// So long an act can be undone.
const UNDO_WITHIN: Duration = Duration::minutes(15);
/// Acts older than this are forgotten.
const KEPT: Duration = Duration::days(1);

/// What an act on several orders would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkPreview {
    /// Orders that change.
    pub changed: u64,
    /// Orders that are so already.
    pub unchanged: u64,
    /// What Ozon would be told, by the word of the push: how often.
    pub told: BTreeMap<&'static str, u64>,
    /// Why Ozon would not be told: how often.
    pub not_told: Vec<(NotTold, u64)>,
}

/// What an act on several orders did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkDone {
    /// By which it can be undone; `None` when nothing changed.
    pub id: Option<i64>,
    /// Orders that changed.
    pub changed: u64,
}

/// What undoing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Orders that are as before.
    pub undone: u64,
    /// Orders that stay as they are: Ozon was told, or somebody has changed them since.
    pub kept: u64,
}

/// The fields that acts on several orders change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Side {
    /// Ozon's own word, so that nothing is undone over what Ozon did meanwhile.
    ozon_status: String,
    ozon_substatus: Option<String>,
    status: i64,
    moved_by_hand: bool,
    paid: bool,
    paid_at: Option<i64>,
    paid_by_hand: bool,
    manager: Option<i64>,
}

impl Side {
    fn of(order: &domain::Order) -> Self {
        Self {
            ozon_status: order.ozon_status.to_string(),
            ozon_substatus: order.ozon_substatus.clone(),
            status: order.status_id.0,
            moved_by_hand: order.moved_by_hand,
            paid: order.paid,
            paid_at: order.paid_at.map(micros),
            paid_by_hand: order.paid_by_hand,
            manager: order.manager.map(|id| id.0),
        }
    }

    fn of_row(row: &orders::Model) -> Self {
        Self {
            ozon_status: row.ozon_status.clone(),
            ozon_substatus: row.ozon_substatus.clone(),
            status: row.status_id,
            moved_by_hand: row.moved_by_hand,
            paid: row.paid,
            paid_at: row.paid_at,
            paid_by_hand: row.paid_by_hand,
            manager: row.manager_id,
        }
    }
}

/// One order of an act.
#[derive(Serialize, Deserialize)]
struct Changed {
    order: i64,
    before: Side,
    after: Side,
    /// Rows of the outbox that the act wrote.
    pushes: Vec<i64>,
    /// It took back what waited to be told: that does not come back.
    withdrew: bool,
}

fn sorted(ids: &[OrderId]) -> Vec<OrderId> {
    let mut ids = ids.to_vec();
    // Locked in one order by everyone, so that two acts never wait for each other.
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(MOST_AT_ONCE);
    ids
}

impl Store {
    /// What an act on these orders would do; orders that are gone are passed over.
    ///
    /// # Errors
    /// [`Error::NotFound`] when what the act refers to does not exist.
    pub async fn preview_acts(
        &self,
        ids: &[OrderId],
        act: &Act,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<BulkPreview> {
        let ids = &sorted(ids);
        self.write(|tx, _| {
            Box::pin(async move {
                let act = &standing(tx, act).await?;
                let mut preview = BulkPreview::default();
                let mut not_told: BTreeMap<String, (NotTold, u64)> = BTreeMap::new();
                for id in ids {
                    let step = match decide(tx, *id, act, actor, now).await {
                        Err(Error::NotFound) => continue,
                        step => step?,
                    };
                    let Some(decided) = &step.decided else {
                        preview.unchanged += 1;
                        continue;
                    };
                    preview.changed += 1;
                    for push in &decided.pushes {
                        *preview.told.entry(push.word()).or_default() += 1;
                    }
                    for entry in &decided.history {
                        if let Reason::NotTold { why, .. } = &entry.reason {
                            not_told.entry(why.to_string()).or_insert((*why, 0)).1 += 1;
                        }
                    }
                }
                preview.not_told = not_told.into_values().collect();
                Ok(preview)
            })
        })
        .await
    }

    /// Does it to all of them, or to none when the store fails.
    ///
    /// # Errors
    /// [`Error::NotFound`] when what the act refers to does not exist.
    pub async fn act_on_orders(
        &self,
        ids: &[OrderId],
        act: &Act,
        user: UserId,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<BulkDone> {
        let ids = &sorted(ids);
        self.write(|tx, _| {
            Box::pin(async move {
                let act = &standing(tx, act).await?;
                let mut changed = Vec::new();
                for id in ids {
                    let step = match decide(tx, *id, act, actor, now).await {
                        Err(Error::NotFound) => continue,
                        step => step?,
                    };
                    let Some(decided) = &step.decided else { continue };
                    let told = carry_out(tx, &step, decided, actor, now).await?;
                    changed.push(Changed {
                        order: id.0,
                        before: Side::of(&step.before),
                        after: Side::of(&decided.order),
                        pushes: told.rows,
                        withdrew: told.withdrawn > 0,
                    });
                }
                if changed.is_empty() {
                    return Ok(BulkDone { id: None, changed: 0 });
                }
                bulk_acts::Entity::delete_many()
                    .filter(bulk_acts::Column::At.lt(micros(now - KEPT)))
                    .exec(tx)
                    .await?;
                let row = bulk_acts::ActiveModel {
                    user_id: Set(user.0),
                    at: Set(micros(now)),
                    undone_at: Set(None),
                    what: Set(json(&changed)?),
                    ..Default::default()
                };
                let id = row.insert(tx).await?.id;
                Ok(BulkDone { id: Some(id), changed: changed.len() as u64 })
            })
        })
        .await
    }

    /// Undoes an act of this person's, for every order that nobody has changed since and of which Ozon was told nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] with `undo_over` when it is too late, or was undone already.
    pub async fn undo_acts(
        &self,
        id: i64,
        user: UserId,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Undone> {
        self.write(|tx, _| {
            Box::pin(async move {
                let row = bulk_acts::Entity::find_by_id(id)
                    .filter(bulk_acts::Column::UserId.eq(user.0))
                    .lock_exclusive()
                    .one(tx)
                    .await?
                    .ok_or(Error::Refused("undo_over"))?;
                if row.undone_at.is_some() || instant(row.at) + UNDO_WITHIN < now {
                    return Err(Error::Refused("undo_over"));
                }
                let changed: Vec<Changed> = serde_json::from_str(&row.what)
                    .map_err(|e| Error::Corrupt(format!("an act on several orders: {e}")))?;
                let mut undone = Undone::default();
                for one in &changed {
                    let is_back = !one.withdrew && undo(tx, one, actor, now).await?;
                    *(if is_back { &mut undone.undone } else { &mut undone.kept }) += 1;
                }
                let over = bulk_acts::ActiveModel {
                    id: Set(id),
                    undone_at: Set(Some(micros(now))),
                    ..Default::default()
                };
                over.update(tx).await?;
                Ok(undone)
            })
        })
        .await
    }
}

/// Whether the order is as before now.
async fn undo(tx: &DatabaseTransaction, one: &Changed, actor: &Actor, now: DateTime<Utc>) -> Result<bool> {
    use outbox_rows::Column as C;
    let Some(row) = orders::Entity::find_by_id(one.order).lock_exclusive().one(tx).await? else {
        return Ok(false);
    };
    if Side::of_row(&row) != one.after {
        return Ok(false);
    }
    // A status that was deleted since has no way back.
    if statuses::Entity::find_by_id(one.before.status).one(tx).await?.is_none() {
        return Ok(false);
    }
    let pushes = outbox_rows::Entity::find()
        .filter(C::Id.is_in(one.pushes.iter().copied()))
        .lock_exclusive()
        .all(tx)
        .await?;
    let waits = OutboxState::Waiting.to_string();
    if pushes.iter().any(|push| push.state != waits || push.sent_at.is_some()) {
        return Ok(false);
    }
    outbox_rows::Entity::update_many()
        .col_expr(C::State, Expr::value(OutboxState::Cancelled.to_string()))
        .col_expr(C::FinishedAt, Expr::value(micros(now)))
        .col_expr(C::Trouble, Expr::value("replaced"))
        .filter(C::Id.is_in(one.pushes.iter().copied()))
        .exec(tx)
        .await?;
    let before = &one.before;
    let change = orders::ActiveModel {
        id: Set(one.order),
        status_id: Set(before.status),
        moved_by_hand: Set(before.moved_by_hand),
        paid: Set(before.paid),
        paid_at: Set(before.paid_at),
        paid_by_hand: Set(before.paid_by_hand),
        manager_id: Set(before.manager),
        ..Default::default()
    };
    change.update(tx).await?;
    let entry = |field, old: Option<String>, new: Option<String>| HistoryEntry {
        at: now,
        ozon_at: None,
        actor: actor.clone(),
        field,
        old,
        new,
        reason: Reason::Undone,
    };
    let mut entries = Vec::new();
    if before.status != one.after.status {
        let (old, new) = (StatusId(one.after.status), StatusId(before.status));
        entries.push(entry(Field::Status, Some(old.to_string()), Some(new.to_string())));
    }
    if before.paid != one.after.paid {
        let (old, new) = (one.after.paid.to_string(), before.paid.to_string());
        entries.push(entry(Field::Paid, Some(old), Some(new)));
    }
    if before.manager != one.after.manager {
        let text = |id: Option<i64>| id.map(|id| id.to_string());
        entries.push(entry(Field::Manager, text(one.after.manager), text(before.manager)));
    }
    for push in &pushes {
        entries.push(entry(Field::Push, Some(push.subject.clone()), None));
    }
    let entries: Vec<_> = entries.into_iter().map(|entry| (OrderId(one.order), entry)).collect();
    note(tx, &entries).await?;
    Ok(true)
}
