//! Going through the orders that a change of the settings can concern, and no others: from date to date, so that each is
//! come to once whatever becomes of its kind meanwhile.

use std::collections::{HashMap, HashSet};

use domain::history::Field;
use domain::reapply::{Change, Move, Standing, placed_by_hand};
use domain::{CabinetId, Order, OrderId, OzonStatus, Posting, Settings, StatusId};
use entities::order_history;
use entities::orders::{self, Column as C};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use crate::error::{Error, Result};
use crate::instant::micros;
use crate::order_rows::{CHUNK, barcodes_text, with_lines};
use crate::orders::kinds::{Kinds, of_that_kind};
use crate::orders::stretch::{after, in_order};
use crate::orders::{OrderFilter, OrderSort, facts_of};

/// Which orders are gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// Those in a status that the map gave.
    From(StatusId),
    /// Those delivered and not paid.
    Unpaid,
    /// Those that lack a barcode.
    WithoutBarcode,
}

/// Where a chunk ends: a date, and the id of its last order on it.
pub type Place = (i64, i64);

/// An order with what it takes to decide about it.
pub struct Found {
    order: Order,
    facts: Posting,
    placed_by_hand: bool,
}

impl Found {
    /// As the domain wants it.
    pub fn as_domain(&self) -> Standing<'_> {
        Standing { order: &self.order, facts: &self.facts, placed_by_hand: self.placed_by_hand }
    }
}

impl Sweep {
    /// The sweeps that find every order that a change concerns.
    pub fn of(change: Change<'_>) -> Vec<Self> {
        let mut sweeps: Vec<_> = change.statuses_left().into_iter().map(Self::From).collect();
        sweeps.extend(change.marks_paid().then_some(Self::Unpaid));
        sweeps.extend(change.fills_barcodes().then_some(Self::WithoutBarcode));
        sweeps
    }

    /// What it is for.
    pub fn field(self) -> Field {
        match self {
            Self::From(_) => Field::Status,
            Self::Unpaid => Field::Paid,
            Self::WithoutBarcode => Field::Barcodes,
        }
    }

    /// Which kinds the orders are of.
    fn of_kinds(self, cabinet: CabinetId) -> OrderFilter {
        let all = OrderFilter { cabinet: Some(cabinet), ..OrderFilter::default() };
        match self {
            Self::From(status) => OrderFilter { status: vec![status], ..all },
            Self::Unpaid => {
                let delivered = OzonStatus::Delivered.code().to_owned();
                OrderFilter { ozon_status: Some(delivered), paid: Some(false), ..all }
            }
            Self::WithoutBarcode => all,
        }
    }

    /// What else is asked of them.
    fn narrowed(self, orders: Select<orders::Entity>) -> Select<orders::Entity> {
        match self {
            Self::From(_) => orders,
            Self::Unpaid => orders.filter(C::PaidByHand.eq(false)),
            // Barcodes are JSON, in which one that is missing is null.
            Self::WithoutBarcode => orders.filter(C::Barcodes.contains("null")),
        }
    }

    /// Those of some kinds from a place to a date, or all that are left; at most a chunk.
    fn window(
        self,
        kinds: &Kinds,
        place: Option<Place>,
        until: Option<i64>,
        is_sqlite: bool,
    ) -> Select<orders::Entity> {
        let all = beyond(place).filter(kinds.condition(is_sqlite));
        let all = match until {
            Some(date) => all.filter(C::OrderDate.lte(date)),
            None => all,
        };
        in_order(self.narrowed(all), OrderSort::DateAsc.key(true), false).limit(CHUNK as u64)
    }
}

fn beyond(place: Option<Place>) -> Select<orders::Entity> {
    let all = orders::Entity::find();
    match place {
        Some(place) => after(all, &OrderSort::DateAsc.key(false), place, false),
        None => all,
    }
}

/// The next orders of a sweep, and where the ones after them begin; with `lock` for those who mean to change them.
pub async fn read<C: ConnectionTrait>(
    db: &C,
    cabinet: CabinetId,
    change: Change<'_>,
    sweep: Sweep,
    place: Option<Place>,
    lock: bool,
) -> Result<(Option<Place>, Vec<Found>)> {
    let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let kinds = Kinds::meeting(db, &sweep.of_kinds(cabinet)).await?;
    // To a date to which there is about a chunk, or all that is left.
    let of_one = beyond(place).filter(of_that_kind());
    let until = kinds.filled_by_one(db, of_one, false, CHUNK as u64).await?;
    let mut query = sweep.window(&kinds, place, until, is_sqlite);
    if lock {
        query = query.lock_exclusive();
    }
    let rows = query.all(db).await?;
    let last = match rows.last() {
        Some(row) if rows.len() == CHUNK => Some((row.order_date, row.id)),
        _ => until.map(|date| (date, i64::MAX)),
    };
    let orders = with_lines(db, rows).await?;
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let moved: Vec<OrderId> = orders.iter().filter(|o| o.moved_by_hand).map(|o| o.id).collect();
    let by_hand = by_hand(db, &moved, change.before).await?;
    let mut facts = facts_of(db, &ids).await?;
    let found = orders.into_iter().filter_map(|order| {
        let facts = facts.remove(&order.id)?;
        Some(Found { placed_by_hand: by_hand.contains(&order.id), order, facts })
    });
    Ok((last, found.collect()))
}

/// Those of these orders that stand where a person put them.
async fn by_hand<C: ConnectionTrait>(
    db: &C,
    ids: &[OrderId],
    settings: &Settings,
) -> Result<HashSet<OrderId>> {
    use order_history::Column as C;
    type Columns = (i64, String, Option<String>, Option<String>, String);
    let mut moves: HashMap<i64, Vec<Move>> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<Columns> = order_history::Entity::find()
            .filter(C::OrderId.is_in(chunk.iter().map(|id| id.0)))
            .filter(C::Field.is_in([Field::Status, Field::OzonStatus].map(|field| field.to_string())))
            .order_by_asc(C::OrderId)
            .order_by_asc(C::Id)
            .select_only()
            .columns([C::OrderId, C::Field, C::Old, C::New, C::Reason])
            .into_tuple()
            .all(db)
            .await?;
        for (id, field, old, new, reason) in rows {
            let corrupt = |e: String| Error::Corrupt(format!("a line of history: {e}"));
            let field = field.parse().map_err(|_| corrupt(field.clone()))?;
            let reason = serde_json::from_str(&reason).map_err(|e| corrupt(e.to_string()))?;
            moves.entry(id).or_default().push(Move { field, old, new, reason });
        }
    }
    let placed = moves.into_iter().filter(|(_, moves)| placed_by_hand(moves, settings));
    Ok(placed.map(|(id, _)| OrderId(id)).collect())
}

/// Writes what a change of the settings can change of an order, and nothing else.
pub async fn write<C: ConnectionTrait>(db: &C, order: &Order) -> Result<()> {
    let row = orders::ActiveModel {
        id: Set(order.id.0),
        status_id: Set(order.status_id.0),
        paid: Set(order.paid),
        paid_at: Set(order.paid_at.map(micros)),
        barcodes: Set(barcodes_text(&order.barcodes)?),
        ..Default::default()
    };
    row.update(db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::plans::{explained, store};

    #[tokio::test]
    async fn a_sweep_goes_by_the_index_of_kinds_and_sorts_no_more_than_a_window() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let kinds = Kinds::meeting(&store.db, &OrderFilter::default()).await.expect("answers");
        for sweep in [Sweep::From(StatusId(1)), Sweep::Unpaid, Sweep::WithoutBarcode] {
            for (after, until, dates) in [
                (None, None, ""),
                (None, Some(9), " AND order_date<?"),
                (Some((5, 1)), None, " AND order_date>?"),
                (Some((5, 1)), Some(9), " AND order_date>? AND order_date<?"),
            ] {
                let plan = explained(&store, &sweep.window(&kinds, after, until, true)).await;
                let index = format!("SEARCH orders USING INDEX orders_by_kind (kind_id=?{dates});");
                assert!(plan.starts_with(&index), "{sweep:?}: {plan}");
            }
        }
    }
}
