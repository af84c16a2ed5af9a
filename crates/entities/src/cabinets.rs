//! Ozon cabinets.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cabinets")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub client_id: String,
    pub api_url: String,
    pub api_key: Vec<u8>,
    pub key_set_at: i64,
    pub key_expires_at: Option<i64>,
    pub company_name: Option<String>,
    pub roles: Option<String>,
    pub checked_at: Option<i64>,
    pub check_error: Option<String>,
    pub added_at: i64,
    pub disabled_at: Option<i64>,
    pub watermark: Option<i64>,
    pub failures: i32,
    pub last_failure_at: Option<i64>,
    pub hook_secret: Option<Vec<u8>>,
    pub hook_hash: Option<Vec<u8>>,
    pub incident_at: Option<i64>,
    pub scheduled_from: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
