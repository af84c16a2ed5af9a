//! What the overview counts: orders by day, and what still has to leave. Each question has its index and grows with the
//! days asked for, or with what is open, not with history.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use domain::{CabinetId, Currency, Flag, Money, Order, OrderId, OzonStatus};
use entities::orders;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;
use crate::order_rows::with_lines;

/// More open orders than this are not looked at one by one.
const MOST_OPEN: u64 = 2_000;
/// Ozon's statuses in which a posting is still with the seller.
const STILL_HERE: [OzonStatus; 6] = [
    OzonStatus::AwaitingVerification,
    OzonStatus::AwaitingApprove,
    OzonStatus::AwaitingPackaging,
    OzonStatus::AwaitingRegistration,
    OzonStatus::AcceptanceInProgress,
    OzonStatus::AwaitingDeliver,
];

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
            let (Some(begin), Some(end)) =
                (self.begin_of(day), day.succ_opt().and_then(|d| self.begin_of(d)))
            else {
                continue;
            };
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

    fn begin_of(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let begin = self.zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest()?;
        Some(begin.with_timezone(&Utc))
    }

    /// The open orders that have to leave until then, the most urgent first; of very many only the first.
    pub async fn leaving_until(&self, until: DateTime<Utc>) -> Result<Vec<Leaving>> {
        use orders::Column as C;
        let rows = orders::Entity::find()
            .filter(C::OzonStatus.is_in(STILL_HERE.iter().map(OzonStatus::code)))
            .filter(C::ShipBy.lte(micros(until)))
            .order_by_asc(C::ShipBy)
            .limit(MOST_OPEN)
            .all(&self.db)
            .await?;
        let mut open: Vec<Order> = with_lines(&self.db, rows).await?;
        open.retain(|order| !order.flags.contains(&Flag::CancelledInOzon));
        let ids: Vec<OrderId> = open.iter().map(|order| order.id).collect();
        let facts = self.facts_of(&ids).await?;
        let warehouses: HashMap<OrderId, Option<i64>> =
            facts.into_iter().map(|(id, posting)| (id, posting.details.warehouse_id)).collect();
        let leaving = |order: Order| {
            let ship_by = order.ship_by?;
            Some(Leaving {
                id: order.id,
                ship_by,
                overdue_after: order.overdue_after.map_or(ship_by, |at| Ord::max(at, ship_by)),
                warehouse: warehouses.get(&order.id).copied().flatten(),
                cabinet: order.cabinet_id,
            })
        };
        Ok(open.into_iter().filter_map(leaving).collect())
    }
}
