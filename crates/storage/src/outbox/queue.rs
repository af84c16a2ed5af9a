//! Hands out what is due, to one sender at a time, and keeps how it ended.

use chrono::{DateTime, Utc};
use domain::history::{Actor, Field, HistoryEntry, Reason};
use domain::push::{NotTold, Push};
use domain::{CabinetId, OrderId};
use entities::outbox;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Statement};

use super::{LETTER, OutboxItem, OutboxState, PUSH, What, json};
use crate::connect::Store;
use crate::error::Result;
use crate::instant::{instant, micros};
use crate::orders::note;
use crate::text::clean;

/// The longest of the other side's words that are kept, characters.
const LONGEST_ANSWER: usize = 500;

/// A row that its sender has.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The row.
    pub item: OutboxItem,
    /// The last call that may have reached Ozon.
    pub sent_call: Option<String>,
    /// How often the posting was read since.
    pub reads: u32,
    /// To whom a letter still has to go, where others have it already.
    pub recipients: Option<Vec<String>>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is done.
    Done {
        /// The other side's own words.
        answer: Option<String>,
        /// Ozon's trace id.
        trace_id: Option<String>,
    },
    /// It cannot be done.
    Refused {
        /// Why.
        why: String,
        /// The other side's own words.
        answer: Option<String>,
        /// Ozon's trace id.
        trace_id: Option<String>,
    },
    /// Ozon took it, or may have: the posting is to be looked at then, for the how manieth time.
    Look {
        /// When.
        due_at: DateTime<Utc>,
        /// Reads done by then.
        reads: u32,
    },
    /// To be tried again then.
    Later {
        /// When.
        due_at: DateTime<Utc>,
        /// The code of what stands in its way.
        trouble: String,
        /// The other side's own words.
        answer: Option<String>,
        /// Ozon's trace id.
        trace_id: Option<String>,
        /// Whether it counts as a failed try.
        counts: bool,
        /// Whether what was sent may be sent again, once the posting has been read.
        again: bool,
    },
    /// A letter has gone to some of its recipients; the others are to be written to then, and nobody else.
    Partly {
        /// When.
        due_at: DateTime<Utc>,
        /// The code of what stands in its way.
        trouble: String,
        /// The mail server's own words.
        answer: String,
        /// The others.
        recipients: Vec<String>,
    },
}

impl Store {
    /// Claims pushes whose turn it is, of each posting only the first one, until `until`. A sender that does not settle
    /// what it has by then counts as lost.
    pub async fn claim_pushes(
        &self,
        holder: &str,
        limit: u32,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Claimed>> {
        // Of one posting a push waits for those before it: the order is kept over all senders.
        let first = "AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.order_id = o.order_id AND e.kind = 'push' \
                     AND e.state IN ('waiting', 'sending', 'sent') \
                     AND (e.rank < o.rank OR (e.rank = o.rank AND e.id < o.id)))";
        self.claim(PUSH, first, holder, limit, now, until).await
    }

    /// Claims letters whose turn it is.
    pub async fn claim_letters(
        &self,
        holder: &str,
        limit: u32,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Claimed>> {
        self.claim(LETTER, "", holder, limit, now, until).await
    }

    async fn claim(
        &self,
        kind: &str,
        and: &str,
        holder: &str,
        limit: u32,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Claimed>> {
        // SQLite has one writer and no such clause.
        let lock = if self.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
        let sql = format!(
            "UPDATE outbox SET state = 'sending', holder = $1, due_at = $2 WHERE id IN (SELECT o.id FROM outbox o \
             WHERE o.state IN ('waiting', 'sending', 'sent') AND o.due_at <= $3 AND o.kind = $4 {and} \
             ORDER BY o.due_at, o.id LIMIT {limit} {lock}) RETURNING *"
        );
        let (sql, holder) = (&sql, clean(holder));
        let holder = &holder;
        let rows = self
            .write(|tx, _| {
                Box::pin(async move {
                    let values =
                        [holder.as_str().into(), micros(until).into(), micros(now).into(), kind.into()];
                    let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
                    let statement = Statement::from_sql_and_values(backend, sql, values);
                    Ok(outbox::Model::find_by_statement(statement).all(tx).await?)
                })
            })
            .await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in rows {
            let (sent_call, reads) = (row.sent_call.clone(), u32::try_from(row.reads).unwrap_or(0));
            let recipients = row.recipients.as_deref().and_then(|kept| serde_json::from_str(kept).ok());
            claimed.push(Claimed { item: row.try_into()?, sent_call, reads, recipients });
        }
        claimed.sort_by_key(|c| c.item.id);
        Ok(claimed)
    }

    /// Keeps claimed rows for longer; of these only those that are still the holder's.
    pub async fn keep_claims(&self, ids: &[i64], holder: &str, until: DateTime<Utc>) -> Result<Vec<i64>> {
        use outbox::Column as C;
        let mine = || {
            outbox::Entity::find()
                .filter(C::Id.is_in(ids.iter().copied()))
                .filter(C::Holder.eq(holder))
                .filter(C::State.eq(OutboxState::Sending.to_string()))
        };
        outbox::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(micros(until)))
            .filter(C::Id.is_in(ids.iter().copied()))
            .filter(C::Holder.eq(holder))
            .filter(C::State.eq(OutboxState::Sending.to_string()))
            .exec(&self.db)
            .await?;
        Ok(mine().select_only().column(C::Id).into_tuple().all(&self.db).await?)
    }

    /// Notes, before a call, that it may reach Ozon: whatever happens then, nobody sends it again without looking.
    /// Those that are no longer the holder's are not among the ids given back.
    pub async fn note_call(
        &self,
        ids: &[i64],
        holder: &str,
        call: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<i64>> {
        use outbox::Column as C;
        outbox::Entity::update_many()
            .col_expr(C::SentCall, Expr::value(call))
            .col_expr(C::SentAt, Expr::value(micros(now)))
            .col_expr(C::Reads, Expr::value(0))
            .filter(C::Id.is_in(ids.iter().copied()))
            .filter(C::Holder.eq(holder))
            .filter(C::State.eq(OutboxState::Sending.to_string()))
            .exec(&self.db)
            .await?;
        self.keep_claims(ids, holder, until).await
    }

    /// Keeps how a try ended, in the row and, for an end, in the order's history. Nothing happens to a row that is no
    /// longer the holder's.
    pub async fn settle(&self, id: i64, holder: &str, settled: &Settled, now: DateTime<Utc>) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                use outbox::Column as C;
                let row = outbox::Entity::find_by_id(id)
                    .filter(C::Holder.eq(holder))
                    .filter(C::State.eq(OutboxState::Sending.to_string()))
                    .lock_exclusive()
                    .one(tx)
                    .await?;
                let Some(row) = row else { return Ok(()) };
                let mut change = outbox::Entity::update_many()
                    .col_expr(C::Holder, Expr::value(Option::<String>::None))
                    .filter(C::Id.eq(id));
                let state = |state: OutboxState| Expr::value(state.to_string());
                let kept = |text: &Option<String>| {
                    text.as_ref().map(|t| clean(t).chars().take(LONGEST_ANSWER).collect::<String>())
                };
                change = match settled {
                    Settled::Done { answer, trace_id } => change
                        .col_expr(C::State, state(OutboxState::Done))
                        .col_expr(C::FinishedAt, Expr::value(micros(now)))
                        .col_expr(C::Trouble, Expr::value(Option::<String>::None))
                        .col_expr(C::Answer, Expr::value(kept(answer).or_else(|| row.answer.clone())))
                        .col_expr(C::TraceId, Expr::value(kept(trace_id).or_else(|| row.trace_id.clone()))),
                    Settled::Refused { why, answer, trace_id } => change
                        .col_expr(C::State, state(OutboxState::Refused))
                        .col_expr(C::FinishedAt, Expr::value(micros(now)))
                        .col_expr(C::Trouble, Expr::value(clean(why)))
                        .col_expr(C::Answer, Expr::value(kept(answer)))
                        .col_expr(C::TraceId, Expr::value(kept(trace_id))),
                    Settled::Look { due_at, reads } => change
                        .col_expr(C::State, state(OutboxState::Sent))
                        .col_expr(C::DueAt, Expr::value(micros(*due_at)))
                        .col_expr(C::Reads, Expr::value(i32::try_from(*reads).unwrap_or(i32::MAX))),
                    Settled::Later { due_at, trouble, answer, trace_id, counts, again } => change
                        .col_expr(C::Reads, Expr::value(if *again { i32::MAX } else { row.reads }))
                        .col_expr(C::State, state(OutboxState::Waiting))
                        .col_expr(C::DueAt, Expr::value(micros(*due_at)))
                        .col_expr(C::Tries, Expr::value(row.tries.saturating_add(i32::from(*counts))))
                        .col_expr(C::Trouble, Expr::value(clean(trouble)))
                        .col_expr(C::Answer, Expr::value(kept(answer)))
                        .col_expr(C::TraceId, Expr::value(kept(trace_id))),
                    Settled::Partly { due_at, trouble, answer, recipients } => change
                        .col_expr(C::State, state(OutboxState::Waiting))
                        .col_expr(C::DueAt, Expr::value(micros(*due_at)))
                        .col_expr(C::Tries, Expr::value(row.tries.saturating_add(1)))
                        .col_expr(C::Trouble, Expr::value(clean(trouble)))
                        .col_expr(C::Answer, Expr::value(kept(&Some(answer.clone()))))
                        .col_expr(C::SentCall, Expr::value(Option::<String>::None))
                        .col_expr(C::Recipients, Expr::value(json(recipients)?)),
                };
                change.exec(tx).await?;
                if let (Some(order), Some(entry)) = (row.order_id, ended(&row, settled, now)?) {
                    note(tx, &[(OrderId(order), entry)]).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The call that was noted did certainly not reach Ozon: what was noted before it holds again.
    pub async fn forget_call(&self, id: i64, holder: &str, before: Option<&str>) -> Result<()> {
        use outbox::Column as C;
        outbox::Entity::update_many()
            .col_expr(C::SentCall, Expr::value(before))
            .col_expr(C::Reads, Expr::value(i32::MAX))
            .filter(C::Id.eq(id))
            .filter(C::Holder.eq(holder))
            .exec(&self.db)
            .await?;
        Ok(())
    }

    /// Keeps Ozon's answer to a call that it took, before the posting shows it.
    pub async fn keep_answer(
        &self,
        id: i64,
        holder: &str,
        answer: &str,
        trace_id: Option<&str>,
    ) -> Result<()> {
        use outbox::Column as C;
        outbox::Entity::update_many()
            .col_expr(C::Answer, Expr::value(clean(answer)))
            .col_expr(C::TraceId, Expr::value(trace_id.map(clean)))
            .filter(C::Id.eq(id))
            .filter(C::Holder.eq(holder))
            .exec(&self.db)
            .await?;
        Ok(())
    }

    /// When the next row is due, whoever has it; `None` when nothing waits.
    pub async fn next_outbox_due(&self) -> Result<Option<DateTime<Utc>>> {
        use outbox::Column as C;
        let due: Option<Option<i64>> = outbox::Entity::find()
            .filter(C::State.is_in(super::UNFINISHED))
            .select_only()
            .column_as(C::DueAt.min(), "due")
            .into_tuple()
            .one(&self.db)
            .await?;
        Ok(due.flatten().map(instant))
    }

    /// Makes the letters that wait due at once, as when the mail settings are new.
    pub async fn wake_letters(&self, now: DateTime<Utc>) -> Result<()> {
        use outbox::Column as C;
        outbox::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(micros(now)))
            .filter(C::Kind.eq(LETTER))
            .filter(C::State.eq(OutboxState::Waiting.to_string()))
            .exec(&self.db)
            .await?;
        Ok(())
    }

    /// Makes what waits for a cabinet due at once, as when its key is new.
    pub async fn wake_outbox(&self, cabinet: CabinetId, now: DateTime<Utc>) -> Result<()> {
        use outbox::Column as C;
        outbox::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(micros(now)))
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::State.eq(OutboxState::Waiting.to_string()))
            .exec(&self.db)
            .await?;
        Ok(())
    }
}

/// The end of a push as the order's history tells it.
fn ended(row: &outbox::Model, settled: &Settled, now: DateTime<Utc>) -> Result<Option<HistoryEntry>> {
    let OutboxItem { what: What::Push(push), .. } = OutboxItem::try_from(row.clone())? else {
        return Ok(None);
    };
    let setting = push.setting().unwrap_or_default().to_owned();
    let reason = match settled {
        Settled::Done { answer, trace_id } => Reason::Told {
            setting,
            answer: answer.clone().or_else(|| row.answer.clone()),
            trace_id: trace_id.clone().or_else(|| row.trace_id.clone()),
        },
        Settled::Refused { why, answer, trace_id } => Reason::NotTold {
            setting,
            why: why.parse().unwrap_or(NotTold::RefusedByOzon),
            answer: answer.clone(),
            trace_id: trace_id.clone(),
        },
        Settled::Look { .. } | Settled::Later { .. } | Settled::Partly { .. } => return Ok(None),
    };
    let value = match &push {
        Push::TrackNumber { value } => Some(value.clone()),
        Push::CancellationRequest { approve, .. } => {
            Some(if *approve { "approve" } else { "reject" }.to_owned())
        }
        Push::Move { .. } => None,
    };
    Ok(Some(HistoryEntry {
        at: now,
        ozon_at: None,
        actor: Actor::Rule,
        field: Field::Push,
        old: value,
        new: Some(push.word().to_owned()),
        reason,
    }))
}
