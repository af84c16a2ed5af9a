//! Delivery methods of the seller's warehouses at Ozon.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ozon_delivery_methods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cabinet_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_method_id: i64,
    pub warehouse_id: Option<i64>,
    pub name: String,
    pub status: Option<String>,
    pub read_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
