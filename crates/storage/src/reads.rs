//! Postings that are to be read again: by a push message, or because a list does not tell enough of them.

use chrono::{DateTime, Utc};
use domain::{CabinetId, PostingNumber};
use entities::{push_messages, reads};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    UpdateMany,
};
use strum::{Display, EnumString, IntoStaticStr};

use crate::closed;
use crate::connect::Store;
use crate::error::Result;
use crate::hooks::Outcome;
use crate::instant::{instant, micros};
use crate::order_rows::CHUNK;

/// Why a posting is to be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ReadCause {
    /// Ozon sent a push message about it: a load that begins later tells as much.
    Push,
    /// Its goods became fewer, and only `/v3/posting/fbs/get` tells whether they were split off: no load can tell.
    Related,
}

/// A posting to be read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Which.
    pub number: PostingNumber,
    /// Why.
    pub cause: ReadCause,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Failed tries.
    pub tries: u32,
}

/// Asks for postings to be read; asking again makes it due again.
pub(crate) async fn ask<C: ConnectionTrait>(
    db: &C,
    cabinet: CabinetId,
    numbers: &[&str],
    cause: ReadCause,
    now: DateTime<Utc>,
) -> Result<()> {
    use reads::Column as C;
    for chunk in numbers.chunks(CHUNK) {
        let rows = chunk.iter().map(|number| reads::ActiveModel {
            cabinet_id: Set(cabinet.0),
            posting_number: Set((*number).to_owned()),
            cause: Set(cause.to_string()),
            asked_at: Set(micros(now)),
            due_at: Set(micros(now)),
            tries: Set(0),
        });
        let mut again = OnConflict::columns([C::CabinetId, C::PostingNumber]);
        again.update_columns([C::AskedAt, C::DueAt, C::Tries]);
        // A push message does not make a question that no load answers into one that it does.
        if cause == ReadCause::Related {
            again.update_column(C::Cause);
        }
        reads::Entity::insert_many(rows).on_conflict(again).exec_without_returning(db).await?;
    }
    Ok(())
}

impl Store {
    /// Cabinets for which something is to be read now.
    pub async fn cabinets_to_read(&self, now: DateTime<Utc>) -> Result<Vec<CabinetId>> {
        let ids: Vec<i64> = reads::Entity::find()
            .filter(reads::Column::DueAt.lte(micros(now)))
            .select_only()
            .column(reads::Column::CabinetId)
            .distinct()
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(ids.into_iter().map(CabinetId).collect())
    }

    /// What is to be read of a cabinet now, the oldest question first.
    pub async fn due_reads(&self, cabinet: CabinetId, limit: u64, now: DateTime<Utc>) -> Result<Vec<Read>> {
        use reads::Column as C;
        let rows = reads::Entity::find()
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::DueAt.lte(micros(now)))
            .order_by_asc(C::DueAt)
            .limit(limit)
            .all(&self.db)
            .await?;
        let read = |row: reads::Model| {
            Some(Read {
                number: PostingNumber::new(&row.posting_number).ok()?,
                cause: row.cause.parse().ok()?,
                asked_at: instant(row.asked_at),
                tries: u32::try_from(row.tries).unwrap_or(0),
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// A posting was read by a request that began at `read_at`: what was asked before is answered.
    pub async fn read_done(
        &self,
        cabinet: CabinetId,
        number: &PostingNumber,
        read_at: DateTime<Utc>,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        use reads::Column as C;
        reads::Entity::delete_many()
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::PostingNumber.eq(number.as_str()))
            .filter(C::AskedAt.lte(micros(read_at)))
            .exec(&self.db)
            .await?;
        handled(outcome, now).filter(waiting_for(cabinet, number, read_at)).exec(&self.db).await?;
        Ok(())
    }

    /// A complete load that began at `started_at` answers every push message before it.
    pub async fn reads_loaded(
        &self,
        cabinet: CabinetId,
        started_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        use reads::Column as C;
        reads::Entity::delete_many()
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::Cause.eq(ReadCause::Push.to_string()))
            .filter(C::AskedAt.lte(micros(started_at)))
            .exec(&self.db)
            .await?;
        handled(Outcome::Loaded, now).filter(waiting_since(cabinet, started_at)).exec(&self.db).await?;
        Ok(())
    }

    /// A reading failed: it is due again then.
    pub async fn read_later(
        &self,
        cabinet: CabinetId,
        number: &PostingNumber,
        due_at: DateTime<Utc>,
    ) -> Result<()> {
        use reads::Column as C;
        reads::Entity::update_many()
            .col_expr(C::DueAt, Expr::value(micros(due_at)))
            .col_expr(C::Tries, Expr::col(C::Tries).add(1))
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::PostingNumber.eq(number.as_str()))
            .exec(&self.db)
            .await?;
        Ok(())
    }
}

/// What became of messages, to be narrowed to those of which it did.
fn handled(outcome: Outcome, now: DateTime<Utc>) -> UpdateMany<push_messages::Entity> {
    push_messages::Entity::update_many()
        .col_expr(push_messages::Column::Outcome, Expr::value(outcome.to_string()))
        .col_expr(push_messages::Column::HandledAt, Expr::value(micros(now)))
}

/// The messages about a posting that wait and came until then: by the index of those that wait, and not through all of the
/// cabinet's, whose index by time is closed by an expression.
fn waiting_for(cabinet: CabinetId, number: &PostingNumber, until: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(push_messages::Column::CabinetId.eq(cabinet.0))
        .add(push_messages::Column::PostingNumber.eq(number.as_str()))
        .add(Expr::cust("outcome = 'waiting'"))
        .add(closed::number(r#""push_messages"."received_at""#).lte(micros(until)))
}

/// The messages to a cabinet that wait and came until then: among those that are not read, whichever cabinet's they are.
fn waiting_since(cabinet: CabinetId, until: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Expr::cust("outcome <> 'read'"))
        .add(push_messages::Column::Outcome.eq(Outcome::Waiting.to_string()))
        .add(push_messages::Column::ReceivedAt.lte(micros(until)))
        .add(closed::number(r#""push_messages"."cabinet_id""#).eq(cabinet.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::plans::{at, explained, store};

    #[tokio::test]
    async fn messages_that_wait_are_found_without_those_that_were_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let number = PostingNumber::new("1-1-1").expect("a number");
        let of_posting = handled(Outcome::Read, at()).filter(waiting_for(CabinetId(1), &number, at()));
        let plan = explained(&store, &of_posting).await;
        assert!(plan.contains("push_messages_waiting (cabinet_id=? AND posting_number=?)"), "{plan}");
        let of_cabinet = handled(Outcome::Loaded, at()).filter(waiting_since(CabinetId(1), at()));
        let plan = explained(&store, &of_cabinet).await;
        assert!(plan.contains("push_messages_not_read (outcome=? AND received_at<?)"), "{plan}");
    }
}
