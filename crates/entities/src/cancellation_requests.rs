//! Customers' requests to cancel.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cancellation_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cabinet_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: i64,
    pub posting_number: String,
    pub order_id: Option<i64>,
    pub state: String,
    pub reason: Option<String>,
    pub requested_at: Option<i64>,
    pub decide_by: Option<i64>,
    pub read_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
