//! The seller's warehouses at Ozon: their names and zones.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};
use domain::{CabinetId, Order, OrderId, Posting};
use entities::ozon_warehouses;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;
use crate::order_rows::CHUNK;
use crate::text::clean;

/// A warehouse of a cabinet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    /// Ozon's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Minutes east of UTC, where Ozon tells.
    pub utc_offset_minutes: Option<i32>,
}

impl Store {
    /// The warehouses of all cabinets as last read, by name.
    pub async fn warehouses(&self) -> Result<Vec<(CabinetId, Warehouse)>> {
        let rows = ozon_warehouses::Entity::find()
            .order_by_asc(ozon_warehouses::Column::Name)
            .all(&self.steady)
            .await?;
        let warehouse = |row: ozon_warehouses::Model| {
            let (id, utc_offset_minutes) = (row.warehouse_id, row.utc_offset_minutes);
            (CabinetId(row.cabinet_id), Warehouse { id, name: row.name, utc_offset_minutes })
        };
        Ok(rows.into_iter().map(warehouse).collect())
    }

    /// The minutes east of UTC of those of these warehouses whose zone is known, in one question.
    pub async fn warehouse_offsets(
        &self,
        wanted: &[(CabinetId, i64)],
    ) -> Result<HashMap<(CabinetId, i64), i32>> {
        use ozon_warehouses::Column;
        let mut ids: Vec<i64> = wanted.iter().map(|(_, id)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut known = HashMap::new();
        // A page of orders names few warehouses; a statement takes so many parameters and no more.
        for chunk in ids.chunks(CHUNK) {
            let rows: Vec<(i64, i64, i32)> = ozon_warehouses::Entity::find()
                .filter(Column::WarehouseId.is_in(chunk.iter().copied()))
                .filter(Column::UtcOffsetMinutes.is_not_null())
                .select_only()
                .columns([Column::CabinetId, Column::WarehouseId, Column::UtcOffsetMinutes])
                .into_tuple()
                .all(&self.steady)
                .await?;
            known.extend(rows.into_iter().map(|(cabinet, id, minutes)| ((CabinetId(cabinet), id), minutes)));
        }
        Ok(known)
    }

    /// The zones of the warehouses that orders leave from, by order, where they are known; one question for all of them.
    pub async fn warehouse_zones(
        &self,
        orders: &[Order],
        facts: &HashMap<OrderId, Posting>,
    ) -> Result<HashMap<OrderId, FixedOffset>> {
        let warehouse = |order: &Order| {
            let id = facts.get(&order.id)?.details.warehouse_id?;
            Some((order.id, (order.cabinet_id, id)))
        };
        let of_orders: Vec<_> = orders.iter().filter_map(warehouse).collect();
        let wanted: Vec<_> = of_orders.iter().map(|(_, warehouse)| *warehouse).collect();
        let minutes = self.warehouse_offsets(&wanted).await?;
        let zone = |(order, warehouse)| {
            let east = minutes.get(&warehouse)?.checked_mul(60)?;
            Some((order, FixedOffset::east_opt(east)?))
        };
        Ok(of_orders.into_iter().filter_map(zone).collect())
    }

    /// Keeps the warehouses that Ozon listed; one that is listed no more stays, since old orders name it.
    pub async fn keep_warehouses(
        &self,
        cabinet: CabinetId,
        listed: &[Warehouse],
        now: DateTime<Utc>,
    ) -> Result<()> {
        use ozon_warehouses::Column;
        if listed.is_empty() {
            return Ok(());
        }
        // One statement writes no row twice, and Ozon's list is not ours.
        let listed: HashMap<i64, &Warehouse> = listed.iter().map(|told| (told.id, told)).collect();
        let rows = listed.into_values().map(|warehouse| ozon_warehouses::ActiveModel {
            cabinet_id: Set(cabinet.0),
            warehouse_id: Set(warehouse.id),
            name: Set(clean(&warehouse.name)),
            utc_offset_minutes: Set(warehouse.utc_offset_minutes),
            read_at: Set(micros(now)),
        });
        ozon_warehouses::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([Column::CabinetId, Column::WarehouseId])
                    .update_columns([Column::Name, Column::UtcOffsetMinutes, Column::ReadAt])
                    .to_owned(),
            )
            .exec_without_returning(&self.steady)
            .await?;
        Ok(())
    }
}
