//! What the overview counts: orders by day, and what still has to leave. Each question has its index and grows with the
//! days asked for, or with what is open, not with history.

use chrono::{DateTime, NaiveDate, Utc};
use domain::schedule::begin_of_day;
use domain::{CabinetId, Currency, Flag, Money, OrderId};
use entities::orders;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::connect::Store;
use crate::error::Result;
use crate::instant::{instant, micros};
use crate::order_rows::flags_of;
use crate::orders::{OrderSort, Queue};

/// More open orders than this are not looked at one by one.
const MOST_OPEN: u64 = 2_000;
/// The orders of one day, cabinet and currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOfOrders {
    /// The day in the shop's zone.
    pub day: NaiveDate,
    /// The cabinet.
    pub cabinet: CabinetId,
    /// How many.
    pub orders: u64,
    /// Their sum at the seller's price.
    pub total: Money,
}

/// An order that still has to leave.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// The order.
    pub id: OrderId,
    /// "Отгрузить до".
    pub ship_by: DateTime<Utc>,
    /// Overdue after this.
    pub overdue_after: DateTime<Utc>,
    /// Ozon's id of the warehouse, where known.
    pub warehouse: Option<i64>,
    /// The cabinet.
    pub cabinet: CabinetId,
}

impl Store {
    /// The orders of each of these days, by cabinet and currency; days without any are left out.
    pub async fn orders_by_day(&self, days: impl IntoIterator<Item = NaiveDate>) -> Result<Vec<DayOfOrders>> {
        use orders::Column as C;
        let mut all = Vec::new();
        for day in days {
            let Some(next) = day.succ_opt() else { continue };
            let (begin, end) = (begin_of_day(day, self.zone), begin_of_day(next, self.zone));
            let rows: Vec<(i64, String, i64, Option<i64>)> = orders::Entity::find()
                .filter(C::OrderDate.gte(micros(begin)))
                .filter(C::OrderDate.lt(micros(end)))
                .select_only()
                .columns([C::CabinetId, C::Currency])
                .column_as(Expr::col(C::Id).count(), "orders")
                .column_as(Expr::col(C::TotalMinor).sum().cast_as("BIGINT"), "total")
                .group_by(C::CabinetId)
                .group_by(C::Currency)
                .into_tuple()
                .all(&self.db)
                .await?;
            let of_day = |(cabinet, currency, orders, total): (i64, String, i64, Option<i64>)| DayOfOrders {
                day,
                cabinet: CabinetId(cabinet),
                orders: u64::try_from(orders).unwrap_or(0),
                total: Money {
                    minor: total.unwrap_or(0),
                    currency: Currency::parse(&currency).unwrap_or(Currency::RUB),
                },
            };
            all.extend(rows.into_iter().map(of_day));
        }
        Ok(all)
    }

    /// The open orders that have to leave until then, the most urgent first; of very many only the first.
    pub async fn leaving_until(&self, until: DateTime<Utc>) -> Result<Vec<Leaving>> {
        type Columns = (i64, i64, Option<i64>, Option<i64>, String, Option<i64>);
        let mut open: Vec<Columns> = leaving(until).into_tuple().all(&self.db).await?;
        open.retain(|(.., flags, _)| !flags_of(flags).any(|flag| flag == Flag::CancelledInOzon));
        let leaving = |(id, cabinet, ship_by, overdue_after, _, warehouse): Columns| {
            let ship_by = instant(ship_by?);
            Some(Leaving {
                id: OrderId(id),
                ship_by,
                overdue_after: overdue_after.map_or(ship_by, |at| Ord::max(instant(at), ship_by)),
                warehouse,
                cabinet: CabinetId(cabinet),
            })
        };
        Ok(open.into_iter().filter_map(leaving).collect())
    }
}

/// What waits, by the queue's own index; an order without a date is last and never before `until`.
fn leaving(until: DateTime<Utc>) -> Select<orders::Entity> {
    use orders::Column as C;
    orders::Entity::find()
        .filter(Queue::ToShip { until }.condition())
        .order_by_asc(OrderSort::ShipByAsc.key(false))
        .order_by_asc(C::Id)
        .limit(MOST_OPEN)
        .select_only()
        .columns([C::Id, C::CabinetId, C::ShipBy, C::OverdueAfter, C::Flags, C::WarehouseId])
}

/// How SQLite goes about what waits, in its own words.
#[cfg(test)]
pub(crate) async fn leaving_plan(store: &Store) -> String {
    crate::orders::plans::explained(store, &leaving(DateTime::UNIX_EPOCH)).await
}
