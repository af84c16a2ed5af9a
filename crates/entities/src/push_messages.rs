//! Ozon's push messages as they came.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push_messages")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cabinet_id: i64,
    pub received_at: i64,
    pub message_type: String,
    pub posting_number: Option<String>,
    pub body: String,
    pub outcome: String,
    pub handled_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
