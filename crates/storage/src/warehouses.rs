//! The seller's warehouses at Ozon: their names and zones.

use chrono::{DateTime, Utc};
use domain::CabinetId;
use entities::ozon_warehouses;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;

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
    /// The warehouses of a cabinet as last read, by name.
    pub async fn warehouses(&self, cabinet: CabinetId) -> Result<Vec<Warehouse>> {
        let rows = ozon_warehouses::Entity::find()
            .filter(ozon_warehouses::Column::CabinetId.eq(cabinet.0))
            .order_by_asc(ozon_warehouses::Column::Name)
            .all(&self.db)
            .await?;
        let warehouse = |row: ozon_warehouses::Model| Warehouse {
            id: row.warehouse_id,
            name: row.name,
            utc_offset_minutes: row.utc_offset_minutes,
        };
        Ok(rows.into_iter().map(warehouse).collect())
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
        let rows = listed.iter().map(|warehouse| ozon_warehouses::ActiveModel {
            cabinet_id: Set(cabinet.0),
            warehouse_id: Set(warehouse.id),
            name: Set(warehouse.name.clone()),
            utc_offset_minutes: Set(warehouse.utc_offset_minutes),
            read_at: Set(micros(now)),
        });
        ozon_warehouses::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([Column::CabinetId, Column::WarehouseId])
                    .update_columns([Column::Name, Column::UtcOffsetMinutes, Column::ReadAt])
                    .to_owned(),
            )
            .exec_without_returning(&self.db)
            .await?;
        Ok(())
    }
}
