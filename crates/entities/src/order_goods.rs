//! Lines of orders: products, each in its quantity.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_goods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub product_id: i64,
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
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::products::Entity",
        from = "Column::ProductId",
        to = "super::products::Column::Id"
    )]
    Product,
}

impl Related<super::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Product.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
