//! Customers' requests to cancel (realFBS), as Ozon lists them, and the flag that they put on orders.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::history::{Actor, Field, HistoryEntry, Reason};
use domain::push::Push;
use domain::{CabinetId, Flag, OrderId, PostingNumber};
use entities::{cancellation_requests, orders};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::order_rows::{CHUNK, order_row, with_lines};
use crate::orders::note;
use crate::text::clean;
use crate::{outbox, personal_data};

/// The state in which a request waits for the seller.
pub const ON_APPROVAL: &str = "ON_APPROVAL";

/// A customer's request to cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancellationRequest {
    /// Ozon's id.
    pub id: i64,
    /// The posting.
    pub posting_number: PostingNumber,
    /// Ozon's state: `ON_APPROVAL`, `APPROVED`, `REJECTED`, or a newer one.
    pub state: String,
    /// Why, in the customer's or Ozon's words.
    pub reason: Option<String>,
    /// Since when.
    pub requested_at: Option<DateTime<Utc>>,
    /// Silence counts as approval from then on.
    pub decide_by: Option<DateTime<Utc>>,
}

impl CancellationRequest {
    /// Whether the seller still has to decide.
    pub fn is_open(&self) -> bool {
        self.state == ON_APPROVAL
    }

    /// Whether it is decided, and decided so.
    pub fn is_decided_as(&self, approved: bool) -> bool {
        self.state == if approved { "APPROVED" } else { "REJECTED" }
    }
}

impl Store {
    /// Keeps what Ozon says of requests, and puts up or takes away the flag of their orders. With `all_open`, every
    /// request that is open in the store and not among these is one that Ozon no longer shows as open.
    pub async fn keep_cancellation_requests(
        &self,
        cabinet: CabinetId,
        requests: &[CancellationRequest],
        all_open: bool,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|tx, _| Box::pin(keep(tx, cabinet, requests, all_open, now))).await
    }

    /// The requests about an order, the newest first.
    pub async fn cancellation_requests(&self, order: OrderId) -> Result<Vec<CancellationRequest>> {
        use cancellation_requests::Column as C;
        let rows = cancellation_requests::Entity::find()
            .filter(C::OrderId.eq(order.0))
            .order_by_desc(C::RequestId)
            .all(&self.steady)
            .await?;
        Ok(rows.into_iter().filter_map(request).collect())
    }

    /// Until when the open requests about these orders are to be decided, the earliest of each.
    pub async fn cancellation_deadlines(
        &self,
        orders: &[OrderId],
    ) -> Result<HashMap<OrderId, DateTime<Utc>>> {
        use cancellation_requests::Column as C;
        let mut deadlines = HashMap::new();
        for chunk in orders.chunks(CHUNK) {
            let rows: Vec<(Option<i64>, Option<i64>)> = cancellation_requests::Entity::find()
                .filter(C::OrderId.is_in(chunk.iter().map(|id| id.0)))
                .filter(C::State.eq(ON_APPROVAL))
                .select_only()
                .columns([C::OrderId, C::DecideBy])
                .into_tuple()
                .all(&self.steady)
                .await?;
            for (order, at) in rows {
                let (Some(order), Some(at)) = (order.map(OrderId), at.map(instant)) else { continue };
                let earliest = deadlines.entry(order).or_insert(at);
                *earliest = at.min(*earliest);
            }
        }
        Ok(deadlines)
    }

    /// A person decides about a request; Ozon is told by the outbox.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the order has no such request, [`Error::Refused`] with `decided` when it is decided.
    pub async fn decide_cancellation(
        &self,
        order: OrderId,
        id: i64,
        approve: bool,
        comment: &str,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let comment = clean(comment);
        let comment = &comment;
        self.write(|tx, _| {
            Box::pin(async move {
                use cancellation_requests::Column as C;
                let row = cancellation_requests::Entity::find()
                    .filter(C::OrderId.eq(order.0))
                    .filter(C::RequestId.eq(id))
                    .lock_exclusive()
                    .one(tx)
                    .await?
                    .ok_or(Error::NotFound)?;
                if row.state != ON_APPROVAL {
                    return Err(Error::Refused("decided"));
                }
                let push = Push::CancellationRequest { id, approve, comment: comment.clone() };
                let words = ["cancellation_request"];
                let entry = HistoryEntry {
                    at: now,
                    ozon_at: None,
                    actor: actor.clone(),
                    field: Field::CancellationRequest,
                    old: Some(row.state.clone()),
                    new: Some(if approve { "approve" } else { "reject" }.to_owned()),
                    reason: Reason::ByHand,
                };
                outbox::tell(tx, CabinetId(row.cabinet_id), order, &[push], &words, actor, now).await?;
                note(tx, &[(order, entry)]).await
            })
        })
        .await
    }
}

fn request(row: cancellation_requests::Model) -> Option<CancellationRequest> {
    Some(CancellationRequest {
        id: row.request_id,
        posting_number: PostingNumber::new(&row.posting_number).ok()?,
        state: row.state,
        reason: row.reason,
        requested_at: row.requested_at.map(instant),
        decide_by: row.decide_by.map(instant),
    })
}

async fn keep(
    tx: &DatabaseTransaction,
    cabinet: CabinetId,
    requests: &[CancellationRequest],
    all_open: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    use cancellation_requests::Column as C;
    let mut touched: HashMap<i64, Option<DateTime<Utc>>> = HashMap::new();
    if all_open {
        let open = cancellation_requests::Entity::find()
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::State.eq(ON_APPROVAL))
            .all(tx)
            .await?;
        for row in open.into_iter().filter(|row| !requests.iter().any(|r| r.id == row.request_id)) {
            touched.extend(row.order_id.map(|order| (order, None)));
            let gone = cancellation_requests::ActiveModel {
                cabinet_id: Set(row.cabinet_id),
                request_id: Set(row.request_id),
                state: Set("DECIDED".to_owned()),
                read_at: Set(micros(now)),
                ..Default::default()
            };
            gone.update(tx).await?;
        }
    }
    for request in requests {
        let order = orders::Entity::find()
            .filter(orders::Column::CabinetId.eq(cabinet.0))
            .filter(orders::Column::PostingNumber.eq(request.posting_number.as_str()))
            .one(tx)
            .await?;
        // Customers give their reasons in their own words.
        let is_erased = personal_data::is_erased(tx, cabinet, &request.posting_number).await?;
        let row = cancellation_requests::ActiveModel {
            cabinet_id: Set(cabinet.0),
            request_id: Set(request.id),
            posting_number: Set(request.posting_number.to_string()),
            order_id: Set(order.as_ref().map(|o| o.id)),
            state: Set(clean(&request.state)),
            reason: Set(request.reason.as_deref().map(clean).filter(|_| !is_erased)),
            requested_at: Set(request.requested_at.map(micros)),
            decide_by: Set(request.decide_by.map(micros)),
            read_at: Set(micros(now)),
        };
        cancellation_requests::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([C::CabinetId, C::RequestId])
                    .update_columns([C::OrderId, C::State, C::Reason, C::RequestedAt, C::DecideBy, C::ReadAt])
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
        if let Some(order) = order {
            touched.insert(order.id, request.decide_by.filter(|_| request.is_open()));
        }
    }
    for (id, decide_by) in touched {
        flag(tx, OrderId(id), decide_by, now).await?;
    }
    Ok(())
}

/// Puts the flag up while a request of the order is open, and takes it away afterwards.
async fn flag(
    tx: &DatabaseTransaction,
    id: OrderId,
    decide_by: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    use cancellation_requests::Column as C;
    let open = cancellation_requests::Entity::find()
        .filter(C::OrderId.eq(id.0))
        .filter(C::State.eq(ON_APPROVAL))
        .one(tx)
        .await?
        .is_some();
    let row = orders::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    let mut order = with_lines(tx, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    let flag = Flag::CancellationRequested;
    let changed = if open { order.flags.insert(flag) } else { order.flags.remove(&flag) };
    if !changed {
        return Ok(());
    }
    let mut change = order_row(&order)?;
    change.id = Set(id.0);
    change.update(tx).await?;
    let word = Some(flag.to_string());
    let entry = HistoryEntry {
        at: now,
        ozon_at: None,
        actor: Actor::Ozon,
        field: Field::Flags,
        old: word.clone().filter(|_| !open),
        new: word.filter(|_| open),
        reason: Reason::CancellationRequest { decide_by },
    };
    note(tx, &[(id, entry)]).await
}
