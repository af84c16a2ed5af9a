//! The combinations that there were of what few values an order has for; triggers keep them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_kinds")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cabinet_id: i64,
    pub source_id: i64,
    pub status_id: i64,
    pub ozon_status: String,
    pub paid: bool,
    pub manager_id: Option<i64>,
    pub scheme: Option<String>,
    pub warehouse_id: Option<i64>,
    pub express: Option<bool>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
