//! People who use the panel.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub email: String,
    pub password_hash: String,
    pub role: String,
    pub language: String,
    pub created_at: i64,
    pub disabled_at: Option<i64>,
    pub signed_in_at: Option<i64>,
    pub factor_secret: Option<Vec<u8>>,
    pub factor_since: Option<i64>,
    pub factor_step: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
