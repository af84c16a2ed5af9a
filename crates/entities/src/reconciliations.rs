//! Comparisons of Ozon's list with the store.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reconciliations")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cabinet_id: i64,
    pub cause: String,
    pub since: i64,
    pub until: i64,
    pub started_at: i64,
    pub finished_at: i64,
    pub matched: i64,
    pub missing: i64,
    pub differing: i64,
    pub unknown: i64,
    pub repaired: i64,
    pub findings: String,
    pub error_code: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
