//! What is to be told to Ozon and by mail.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: String,
    pub subject: String,
    pub cabinet_id: Option<i64>,
    pub order_id: Option<i64>,
    pub payload: String,
    pub rank: i32,
    pub actor: String,
    pub state: String,
    pub due_at: i64,
    pub tries: i32,
    pub reads: i32,
    pub holder: Option<String>,
    pub sent_call: Option<String>,
    pub sent_at: Option<i64>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub trouble: Option<String>,
    pub answer: Option<String>,
    pub trace_id: Option<String>,
    pub once: Option<String>,
    pub recipients: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
