//! Ozon's codes that we do not know but have seen.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ozon_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cabinet_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub first_seen_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
