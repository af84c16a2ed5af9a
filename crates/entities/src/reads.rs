//! Postings that are to be read again.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cabinet_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub posting_number: String,
    pub cause: String,
    pub asked_at: i64,
    pub due_at: i64,
    pub tries: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
