//! How letters are sent; one row.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub host: String,
    pub port: i32,
    pub security: String,
    pub login: Option<String>,
    pub password: Option<Vec<u8>>,
    pub sender: String,
    pub recipients: String,
    pub language: String,
    pub extra_root: Option<String>,
    pub changed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
