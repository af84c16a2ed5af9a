//! Orders.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cabinet_id: i64,
    pub posting_number: String,
    pub number: String,
    pub ozon_order_number: Option<String>,
    pub ozon_status: String,
    pub ozon_substatus: Option<String>,
    pub status_id: i64,
    pub moved_by_hand: bool,
    pub source_id: i64,
    pub customer_id: i64,
    pub customer_name: String,
    pub delivery_method_id: i64,
    pub payment_method_id: i64,
    pub placed_at: Option<i64>,
    pub imported_at: i64,
    pub order_date: i64,
    pub ship_by: Option<i64>,
    pub overdue_after: Option<i64>,
    pub paid: bool,
    pub paid_at: Option<i64>,
    pub paid_by_hand: bool,
    pub track_number: Option<String>,
    pub track_by_hand: bool,
    pub total_minor: i64,
    pub currency: String,
    pub barcodes: String,
    pub boxes: i32,
    pub parent: Option<String>,
    pub flags: String,
    pub admin_comment: String,
    pub scheme: Option<String>,
    pub warehouse_id: Option<i64>,
    pub express: Option<bool>,
    pub manager_id: Option<i64>,
    pub customer_by_hand: bool,
    pub kind_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
