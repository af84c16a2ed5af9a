//! What orders of a warehouse or delivery method get instead of the cabinet's source and methods.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "warehouse_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cabinet_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ozon_id: i64,
    pub source_id: Option<i64>,
    pub delivery_method_id: Option<i64>,
    pub payment_method_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
