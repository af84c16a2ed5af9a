//! What the store knows of the families of postings: which was split from which.

use std::collections::HashMap;

use domain::intake::{Kin, Part};
use domain::{CabinetId, Order, OrderId, Posting};
use entities::{orders, postings};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Arrived;
use crate::closed;
use crate::error::Result;
use crate::facts::unpack_facts;
use crate::instant::instant;
use crate::order_rows::{CHUNK, with_lines};

/// The families that a page touches.
#[derive(Default)]
pub struct Families {
    parents: HashMap<String, Order>,
    parts: HashMap<String, Vec<Part>>,
}

impl Families {
    /// The orders of the postings that these were split from.
    pub async fn of(tx: &DatabaseTransaction, cabinet: CabinetId, arrived: &[&Arrived]) -> Result<Self> {
        let told = arrived.iter().filter_map(|a| a.posting.as_ref().ok()?.details.parent.as_ref());
        let mut numbers: Vec<&str> = told.map(domain::PostingNumber::as_str).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut families = Self::default();
        for chunk in numbers.chunks(CHUNK) {
            let found = orders::Entity::find()
                // Closed, as it is for postings.
                .filter(closed::number(r#""orders"."cabinet_id""#).eq(cabinet.0))
                .filter(orders::Column::PostingNumber.is_in(chunk.iter().copied()))
                .all(tx)
                .await?;
            for order in with_lines(tx, found).await? {
                families.parents.insert(order.posting_number.to_string(), order);
            }
        }
        Ok(families)
    }

    /// Learns what these postings, which have orders, were split into.
    pub async fn learn_parts(
        &mut self,
        tx: &DatabaseTransaction,
        cabinet: CabinetId,
        numbers: &[&str],
    ) -> Result<()> {
        use postings::Column as C;
        for chunk in numbers.chunks(CHUNK) {
            let rows: Vec<(Option<String>, i64, Option<Vec<u8>>)> = postings::Entity::find()
                .filter(C::CabinetId.eq(cabinet.0))
                .filter(C::Parent.is_not_null())
                .filter(C::Parent.is_in(chunk.iter().copied()))
                .order_by_asc(C::Id)
                .select_only()
                .columns([C::Parent, C::FirstSeenAt, C::Facts])
                .into_tuple()
                .all(tx)
                .await?;
            for row in rows {
                if let (Some(parent), first_seen_at, Some(packed)) = row {
                    let part = Part { facts: unpack_facts(&packed)?, first_seen_at: instant(first_seen_at) };
                    self.parts.entry(parent).or_default().push(part);
                }
            }
        }
        Ok(())
    }

    /// An order that this page makes: its parts on the same page belong to it.
    pub fn made(&mut self, order: &Order) {
        self.parents.entry(order.posting_number.to_string()).or_insert_with(|| order.clone());
    }

    /// The family of a posting.
    pub fn kin(&self, posting: &Posting) -> Kin<'_> {
        let parent = posting.details.parent.as_ref().and_then(|number| self.parents.get(number.as_str()));
        Kin { parent, parts: self.parts.get(posting.number.as_str()).map(Vec::as_slice).unwrap_or_default() }
    }

    /// The id of the order of the posting that this one was split from; `None` while the order is only being made.
    pub fn parent_id(&self, posting: &Posting) -> Option<OrderId> {
        self.kin(posting).parent.map(|order| order.id).filter(|id| id.0 > 0)
    }
}

/// The stored parts of these postings that have no order.
pub async fn orphans(tx: &DatabaseTransaction, cabinet: CabinetId, numbers: &[&str]) -> Result<Vec<String>> {
    use postings::Column as C;
    let mut found = Vec::new();
    for chunk in numbers.chunks(CHUNK) {
        let rows: Vec<String> = postings::Entity::find()
            .filter(C::CabinetId.eq(cabinet.0))
            .filter(C::Parent.is_not_null())
            .filter(C::Parent.is_in(chunk.iter().copied()))
            .filter(C::OrderId.is_null())
            .select_only()
            .column(C::PostingNumber)
            .into_tuple()
            .all(tx)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}
