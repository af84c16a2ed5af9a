//! Going through the orders that a change of the settings can concern, and no others: each sweep has an index that leads
//! from chunk to chunk without sorting.

use std::collections::{HashMap, HashSet};

use domain::history::Field;
use domain::reapply::{Change, Move, Standing, placed_by_hand};
use domain::{CabinetId, Order, OrderId, OzonStatus, Posting, Settings, StatusId};
use entities::{order_history, orders};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use crate::error::{Error, Result};
use crate::instant::micros;
use crate::order_rows::{CHUNK, barcodes_text, with_lines};
use crate::orders::facts_of;

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

/// The last order of a chunk: its date and id.
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

    fn query(self, cabinet: CabinetId, after: Option<Place>) -> Select<orders::Entity> {
        use orders::Column as C;
        let mut query = orders::Entity::find();
        query = match self {
            Self::From(status) => query.filter(C::StatusId.eq(status.0)),
            Self::Unpaid => query
                .filter(C::OzonStatus.eq(OzonStatus::Delivered.code()))
                .filter(C::Paid.eq(false))
                .filter(C::PaidByHand.eq(false)),
            // Barcodes are JSON, in which one that is missing is null.
            Self::WithoutBarcode => query.filter(C::Barcodes.contains("null")),
        };
        let key = || (Expr::col((orders::Entity, C::OrderDate)), Expr::col((orders::Entity, C::Id)));
        if let Some((date, id)) = after {
            let (date_key, id_key) = key();
            let row = Expr::tuple([date_key.clone(), id_key]);
            let place = Expr::tuple([Expr::val(date), Expr::val(id)]);
            query = query.filter(date_key.gte(date)).filter(row.gt(place));
        }
        // As a sum, so that the database does not go through the cabinet's orders where there is a narrower index.
        let of_cabinet = match self {
            Self::WithoutBarcode => C::CabinetId.eq(cabinet.0),
            Self::From(_) | Self::Unpaid => {
                Expr::col((orders::Entity, C::CabinetId)).add(0_i64).eq(cabinet.0)
            }
        };
        query.filter(of_cabinet).order_by_asc(C::OrderDate).order_by_asc(C::Id).limit(CHUNK as u64)
    }
}

/// The next orders of a sweep, and where the ones after them begin; with `lock` for those who mean to change them.
pub async fn read<C: ConnectionTrait>(
    db: &C,
    cabinet: CabinetId,
    change: Change<'_>,
    sweep: Sweep,
    after: Option<Place>,
    lock: bool,
) -> Result<(Option<Place>, Vec<Found>)> {
    let mut query = sweep.query(cabinet, after);
    if lock {
        query = query.lock_exclusive();
    }
    let rows = query.all(db).await?;
    let last = rows.last().map(|row| (row.order_date, row.id));
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
    use sea_orm::{DbBackend, QueryTrait, Statement};

    use super::*;
    use crate::{Config, SecretKey, Store};

    #[tokio::test]
    async fn every_sweep_goes_by_an_index_without_sorting() {
        let folder = tempfile::tempdir().expect("a folder");
        let database_url = format!("sqlite://{}", folder.path().join("vygruzka.db").display());
        let config = Config { database_url, secret_key: Some(SecretKey::generate()), zone: chrono_tz::UTC };
        let store = Store::open(&config).await.expect("opens");
        store.migrate().await.expect("migrates");
        for (sweep, index) in [
            (Sweep::From(StatusId(1)), "orders_by_status"),
            (Sweep::Unpaid, "orders_by_paid"),
            (Sweep::WithoutBarcode, "orders_by_cabinet"),
        ] {
            for after in [None, Some((5, 1))] {
                let asked = sweep.query(CabinetId(1), after).build(DbBackend::Sqlite);
                let sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
                let values = asked.values.map(|values| values.0).unwrap_or_default();
                let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
                let rows = store.db.query_all_raw(statement).await.expect("answers");
                let plan: Vec<String> =
                    rows.iter().map(|row| row.try_get("", "detail").expect("a plan")).collect();
                let plan = plan.join("; ");
                let reached = if after.is_some() { "=? AND order_date>?)" } else { "=?)" };
                assert!(
                    plan.starts_with(&format!("SEARCH orders USING INDEX {index} (")),
                    "{sweep:?}: {plan}"
                );
                assert!(plan.ends_with(reached), "{sweep:?}: {plan}");
            }
        }
    }
}
