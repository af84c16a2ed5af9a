//! Lines of orders.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub order_id: i64,
    pub position: i32,
    pub offer_id: String,
    pub sku: Option<i64>,
    pub name: String,
    pub quantity: i32,
    pub cancelled: i32,
    pub price_minor: i64,
    pub currency: String,
    pub old_price_minor: Option<i64>,
    pub old_price_currency: Option<String>,
    pub customer_price_minor: Option<i64>,
    pub customer_price_currency: Option<String>,
    pub moved: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
