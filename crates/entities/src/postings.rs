//! Every posting that Ozon showed, with its raw answers.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "postings")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub cabinet_id: i64,
    pub posting_number: String,
    pub ozon_status: String,
    pub ozon_substatus: Option<String>,
    pub in_process_at: Option<i64>,
    pub read_at: i64,
    pub fingerprint: Vec<u8>,
    pub facts: Option<Vec<u8>>,
    pub raw_list: Option<Vec<u8>>,
    pub raw_get: Option<Vec<u8>>,
    pub skipped_because: Option<String>,
    pub undecodable: Option<String>,
    pub order_id: Option<i64>,
    pub first_seen_at: i64,
    pub changed_at: i64,
    pub parent: Option<String>,
    pub ended_at: Option<i64>,
    pub persons_erased_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
