//! What goes out: pushes to Ozon and letters. A row is written with its cause, in one transaction; `queue` hands rows to
//! whoever sends them and keeps how it ended. Sends nothing.

mod queue;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::history::{Actor, Field, HistoryEntry, Reason};
use domain::push::{Push, Step, Told};
use domain::{CabinetId, OrderId};
use entities::{orders, outbox};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

pub use queue::{Claimed, Settled};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::order_rows::CHUNK;
use crate::orders::note;
use crate::page::{Page, PageAsk};
use crate::people;
use crate::text::clean;

/// How a push or a letter stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum OutboxState {
    /// It waits for its turn, or for another try.
    Waiting,
    /// Somebody is sending it.
    Sending,
    /// Ozon took it; the posting does not show it yet.
    Sent,
    /// Done.
    Done,
    /// It cannot be done; a person may mend the cause and try again.
    Refused,
    /// A person took it back, or a later act made it pointless.
    Cancelled,
}

/// The states in which something is still to happen.
const UNFINISHED: [&str; 3] = ["waiting", "sending", "sent"];

/// What goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Ozon is told something.
    Push(Push),
    /// A letter, as the room that writes letters keeps it.
    Letter {
        /// Which letter.
        kind: String,
        /// What it tells, as JSON.
        payload: String,
    },
}

impl What {
    /// The word it is listed under.
    pub fn subject(&self) -> &str {
        match self {
            Self::Push(push) => push.word(),
            Self::Letter { kind, .. } => kind,
        }
    }
}

/// A push or a letter with how it stands.
#[derive(Clone, Debug)]
pub struct OutboxItem {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub what: What,
    /// The cabinet that it belongs to.
    pub cabinet_id: Option<CabinetId>,
    /// The order that it is about.
    pub order_id: Option<OrderId>,
    /// That order's number and Ozon's posting number.
    pub order: Option<(String, String)>,
    /// Who caused it.
    pub actor: Actor,
    /// How it stands.
    pub state: OutboxState,
    /// When it is its turn, while something is still to happen.
    pub due_at: DateTime<Utc>,
    /// Failed tries.
    pub tries: u32,
    /// When it came into being.
    pub created_at: DateTime<Utc>,
    /// When Ozon was last called with it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The code of what stands in its way.
    pub trouble: Option<String>,
    /// The other side's own words.
    pub answer: Option<String>,
    /// Ozon's trace id.
    pub trace_id: Option<String>,
}

impl TryFrom<outbox::Model> for OutboxItem {
    type Error = Error;
    fn try_from(row: outbox::Model) -> Result<Self> {
        let corrupt = |e: String| Error::Corrupt(format!("row {} of the outbox: {e}", row.id));
        let what = if row.kind == PUSH {
            What::Push(serde_json::from_str(&row.payload).map_err(|e| corrupt(e.to_string()))?)
        } else {
            What::Letter { kind: row.subject.clone(), payload: row.payload.clone() }
        };
        Ok(Self {
            id: row.id,
            what,
            cabinet_id: row.cabinet_id.map(CabinetId),
            order_id: row.order_id.map(OrderId),
            order: None,
            actor: serde_json::from_str(&row.actor).map_err(|e| corrupt(e.to_string()))?,
            state: row.state.parse().map_err(|_| corrupt(row.state.clone()))?,
            due_at: instant(row.due_at),
            tries: u32::try_from(row.tries).unwrap_or(0),
            created_at: instant(row.created_at),
            sent_at: row.sent_at.map(instant),
            finished_at: row.finished_at.map(instant),
            trouble: row.trouble,
            answer: row.answer,
            trace_id: row.trace_id,
        })
    }
}

/// Which rows are wanted.
#[derive(Clone, Debug, Default)]
pub struct OutboxFilter {
    /// In this state.
    pub state: Option<OutboxState>,
    /// Only pushes, or only letters.
    pub letters: Option<bool>,
    /// Of this cabinet.
    pub cabinet: Option<CabinetId>,
    /// About this order.
    pub order: Option<OrderId>,
}

const PUSH: &str = "push";
const LETTER: &str = "letter";

impl Store {
    /// What went or is to go out, the newest first.
    ///
    /// # Errors
    /// [`Error::BadCursor`] when the cursor is not one that a page gave out.
    pub async fn outbox(&self, filter: &OutboxFilter, ask: &PageAsk) -> Result<Page<OutboxItem>> {
        use outbox::Column as C;
        let mut query = outbox::Entity::find().order_by_desc(C::Id).limit(ask.rows() + 1);
        if let Some(state) = filter.state {
            query = query.filter(C::State.eq(state.to_string()));
        }
        if let Some(letters) = filter.letters {
            query = query.filter(C::Kind.eq(if letters { LETTER } else { PUSH }));
        }
        if let Some(cabinet) = filter.cabinet {
            query = query.filter(C::CabinetId.eq(cabinet.0));
        }
        if let Some(order) = filter.order {
            query = query.filter(C::OrderId.eq(order.0));
        }
        if let Some((_, last)) = ask.after()? {
            query = query.filter(C::Id.lt(last));
        }
        let page = Page::cut(query.all(&self.db).await?, ask, |row| (0, row.id));
        let mut items: Vec<OutboxItem> =
            page.items.into_iter().map(OutboxItem::try_from).collect::<Result<_>>()?;
        let ids: Vec<i64> = items.iter().filter_map(|item| item.order_id.map(|id| id.0)).collect();
        let numbers: Vec<(i64, String, String)> = orders::Entity::find()
            .filter(orders::Column::Id.is_in(ids))
            .select_only()
            .columns([orders::Column::Id, orders::Column::Number, orders::Column::PostingNumber])
            .into_tuple()
            .all(&self.db)
            .await?;
        let numbers: HashMap<i64, _> = numbers.into_iter().map(|(id, n, p)| (id, (n, p))).collect();
        for item in &mut items {
            item.order = item.order_id.and_then(|id| numbers.get(&id.0).cloned());
        }
        Ok(Page { items, next: page.next })
    }

    /// How many rows are in each state that asks for attention; what is done is not counted.
    pub async fn outbox_counts(&self) -> Result<BTreeMap<OutboxState, u64>> {
        use outbox::Column as C;
        // Words of the question, so that a plan for any values knows too how few they are beside all that is done.
        let states = UNFINISHED.into_iter().chain(["refused"]).map(|state| format!("'{state}'"));
        let states = states.collect::<Vec<_>>().join(", ");
        let rows: Vec<(String, i64)> = outbox::Entity::find()
            .filter(Expr::cust(format!(r#""outbox"."state" IN ({states})"#)))
            .select_only()
            .column(C::State)
            .column_as(C::Id.count(), "many")
            .group_by(C::State)
            .into_tuple()
            .all(&self.steady)
            .await?;
        let counted =
            |(state, many): (String, i64)| Some((state.parse().ok()?, u64::try_from(many).unwrap_or(0)));
        Ok(rows.into_iter().filter_map(counted).collect())
    }

    /// One row.
    pub async fn outbox_item(&self, id: i64) -> Result<OutboxItem> {
        outbox::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::NotFound)?.try_into()
    }

    /// Tries again what was refused, cancelled or waits for a later try.
    ///
    /// # Errors
    /// [`Error::Refused`] with `outbox_state` when it is done or under way.
    pub async fn retry_outbox(&self, id: i64, actor: &Actor, now: DateTime<Utc>) -> Result<OutboxItem> {
        self.by_hand(id, actor, now, OutboxState::Waiting).await
    }

    /// Takes back what has not been done.
    ///
    /// # Errors
    /// [`Error::Refused`] with `outbox_state` when it is done or under way.
    pub async fn cancel_outbox(&self, id: i64, actor: &Actor, now: DateTime<Utc>) -> Result<OutboxItem> {
        self.by_hand(id, actor, now, OutboxState::Cancelled).await
    }

    async fn by_hand(
        &self,
        id: i64,
        actor: &Actor,
        now: DateTime<Utc>,
        to: OutboxState,
    ) -> Result<OutboxItem> {
        self.write(|tx, _| {
            Box::pin(async move {
                use outbox::Column as C;
                let row =
                    outbox::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
                let allowed: &[&str] = match to {
                    OutboxState::Waiting => &["waiting", "refused", "cancelled"],
                    _ => &["waiting", "sent", "refused"],
                };
                if !allowed.contains(&row.state.as_str()) {
                    return Err(Error::Refused("outbox_state"));
                }
                let finished = (to == OutboxState::Cancelled).then(|| micros(now));
                outbox::Entity::update_many()
                    .col_expr(C::State, Expr::value(to.to_string()))
                    .col_expr(C::DueAt, Expr::value(micros(now)))
                    .col_expr(C::Tries, Expr::value(0))
                    // Whatever was sent before may be sent again, once the posting has been read.
                    .col_expr(C::Reads, Expr::value(i32::MAX))
                    .col_expr(C::FinishedAt, Expr::value(finished))
                    .col_expr(C::Trouble, Expr::value(Option::<String>::None))
                    .filter(C::Id.eq(id))
                    .exec(tx)
                    .await?;
                let act = if finished.is_some() { "outbox.cancel" } else { "outbox.retry" };
                people::note(tx, &people::name_of(actor), act, &format!("outbox {id}"), &row.subject, now)
                    .await?;
                if let Some(order) = row.order_id {
                    let new = finished.is_none().then(|| row.subject.clone());
                    let entry = HistoryEntry {
                        at: now,
                        ozon_at: None,
                        actor: actor.clone(),
                        field: Field::Push,
                        old: Some(row.subject.clone()),
                        new,
                        reason: Reason::ByHand,
                    };
                    note(tx, &[(OrderId(order), entry)]).await?;
                }
                outbox::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound)?.try_into()
            })
        })
        .await
    }

    /// Writes a letter; `once` is a word under which only one is ever written.
    pub async fn write_letter(
        &self,
        cabinet: Option<CabinetId>,
        what: &What,
        once: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|tx, _| Box::pin(letter(tx, cabinet, None, what, once, now))).await
    }
}

/// What became of pushes that were to be written.
pub(crate) struct Written {
    /// The new rows.
    pub(crate) rows: Vec<i64>,
    /// How many rows were taken back.
    pub(crate) withdrawn: u64,
}

/// Writes pushes of one order, and takes back those that they make pointless.
pub(crate) async fn tell(
    tx: &DatabaseTransaction,
    cabinet: CabinetId,
    order: OrderId,
    pushes: &[Push],
    withdraws: &[&str],
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Written> {
    use outbox::Column as C;
    let mut told = Written { rows: Vec::with_capacity(pushes.len()), withdrawn: 0 };
    if !withdraws.is_empty() {
        let taken_back = outbox::Entity::update_many()
            .col_expr(C::State, Expr::value(OutboxState::Cancelled.to_string()))
            .col_expr(C::FinishedAt, Expr::value(micros(now)))
            .col_expr(C::Trouble, Expr::value("replaced"))
            .filter(C::OrderId.eq(order.0))
            .filter(C::Kind.eq(PUSH))
            .filter(C::Subject.is_in(withdraws.iter().copied()))
            .filter(C::State.eq(OutboxState::Waiting.to_string()))
            .filter(C::SentAt.is_null())
            .exec(tx)
            .await?;
        told.withdrawn = taken_back.rows_affected;
    }
    for push in pushes {
        let row = outbox::ActiveModel {
            order_id: Set(Some(order.0)),
            rank: Set(push.rank()),
            actor: Set(json(actor)?),
            ..fresh(PUSH, push.word(), Some(cabinet), json(push)?, now)
        };
        told.rows.push(outbox::Entity::insert(row).exec_with_returning(tx).await?.id);
    }
    Ok(told)
}

/// Writes a letter in the transaction of its cause.
pub(crate) async fn letter(
    tx: &DatabaseTransaction,
    cabinet: Option<CabinetId>,
    order: Option<OrderId>,
    what: &What,
    once: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let What::Letter { kind, payload } = what else { return Ok(()) };
    let row = outbox::ActiveModel {
        order_id: Set(order.map(|id| id.0)),
        actor: Set(json(&Actor::Rule)?),
        once: Set(once.map(clean)),
        ..fresh(LETTER, kind, cabinet, payload.clone(), now)
    };
    outbox::Entity::insert(row)
        .on_conflict(OnConflict::column(outbox::Column::Once).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Takes back the letters that wait, because nobody is to send them any more.
pub(crate) async fn take_letters_back(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<()> {
    use outbox::Column as C;
    outbox::Entity::update_many()
        .col_expr(C::State, Expr::value(OutboxState::Cancelled.to_string()))
        .col_expr(C::FinishedAt, Expr::value(micros(now)))
        .col_expr(C::Trouble, Expr::value("mail_not_set_up"))
        .filter(C::Kind.eq(LETTER))
        .filter(C::State.eq(OutboxState::Waiting.to_string()))
        .exec(tx)
        .await?;
    Ok(())
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map(|text| clean(&text)).map_err(|e| Error::Corrupt(e.to_string()))
}

fn fresh(
    kind: &str,
    subject: &str,
    cabinet: Option<CabinetId>,
    payload: String,
    now: DateTime<Utc>,
) -> outbox::ActiveModel {
    outbox::ActiveModel {
        kind: Set(kind.to_owned()),
        subject: Set(subject.to_owned()),
        cabinet_id: Set(cabinet.map(|id| id.0)),
        payload: Set(payload),
        rank: Set(0),
        state: Set(OutboxState::Waiting.to_string()),
        due_at: Set(micros(now)),
        tries: Set(0),
        reads: Set(0),
        created_at: Set(micros(now)),
        ..Default::default()
    }
}

/// What Ozon has been told of these orders, as far as the status map must know (settings row 12).
pub(crate) async fn told<C: ConnectionTrait>(db: &C, ids: &[i64]) -> Result<HashMap<i64, Told>> {
    use outbox::Column as C;
    let mut told: HashMap<i64, Told> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(Option<i64>, String, Option<String>)> = outbox::Entity::find()
            .filter(C::OrderId.is_in(chunk.iter().copied()))
            .filter(C::Kind.eq(PUSH))
            .filter(C::State.is_in(UNFINISHED).or(C::SentCall.is_not_null()))
            .filter(C::Subject.is_in(Step::ALL.map(<&'static str>::from)))
            .select_only()
            .columns([C::OrderId, C::State, C::SentCall])
            .into_tuple()
            .all(db)
            .await?;
        for (order, state, sent) in rows {
            let Some(order) = order else { continue };
            let known = told.entry(order).or_default();
            known.waits |= UNFINISHED.contains(&state.as_str());
            known.sent = known.sent.max(sent.and_then(|word| word.parse().ok()));
        }
    }
    Ok(told)
}

/// The postings of these orders changed at Ozon: what was held back for that is looked at again.
pub(crate) async fn wake(tx: &DatabaseTransaction, orders: &[i64], now: DateTime<Utc>) -> Result<()> {
    use outbox::Column as C;
    for chunk in orders.chunks(CHUNK) {
        outbox::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(micros(now)))
            .filter(C::OrderId.is_in(chunk.iter().copied()))
            .filter(C::Kind.eq(PUSH))
            .filter(C::State.eq(OutboxState::Waiting.to_string()))
            .filter(C::Trouble.eq("not_packed_yet"))
            .exec(tx)
            .await?;
    }
    Ok(())
}
