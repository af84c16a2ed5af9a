//! What refers to a row of one of the shop's lists, so that its deletion can be refused in words that help.

use domain::{CabinetId, Settings, StatusId};
use entities::{cabinet_settings, cabinets, orders, warehouse_rules};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::lists::NamedList;

/// What refers to a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Orders that have it now.
    pub orders: u64,
    /// Cabinets that name it, by their ids.
    pub cabinets: Vec<CabinetUse>,
}

/// How a cabinet names a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CabinetUse {
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub name: String,
    /// Keys of its settings in force.
    pub keys: Vec<String>,
    /// Rules of its warehouses and delivery methods.
    pub rules: u64,
}

impl Uses {
    /// Orders and cabinets together.
    pub fn count(&self) -> u64 {
        self.orders + self.cabinets.len() as u64
    }
}

impl Store {
    /// What refers to a status.
    pub async fn uses_of_status(&self, id: StatusId) -> Result<Uses> {
        of_status(&self.db, id).await
    }

    /// What refers to a source or a method.
    pub async fn uses_of_named(&self, list: NamedList, id: i64) -> Result<Uses> {
        of_named(&self.db, list, id).await
    }
}

pub(crate) async fn of_status<C: ConnectionTrait>(db: &C, id: StatusId) -> Result<Uses> {
    let orders = orders::Entity::find().filter(orders::Column::StatusId.eq(id.0)).count(db).await?;
    let mut used = Uses { orders, cabinets: Vec::new() };
    for (cabinet, text) in settings_in_force(db).await? {
        let settings: Settings = serde_json::from_str(&text).map_err(|e| Error::Corrupt(e.to_string()))?;
        let named = settings.statuses_named().into_iter().filter(|(_, named)| *named == id);
        let keys: Vec<String> = named.map(|(key, _)| key).collect();
        if !keys.is_empty() {
            used.cabinets.push(CabinetUse { keys, ..unnamed(cabinet) });
        }
    }
    with_names(db, used).await
}

pub(crate) async fn of_named<C: ConnectionTrait>(db: &C, list: NamedList, id: i64) -> Result<Uses> {
    use warehouse_rules::Column as Rule;
    let (column, rule, key) = match list {
        NamedList::Sources => (orders::Column::SourceId, Rule::SourceId, "source_id"),
        NamedList::DeliveryMethods => {
            (orders::Column::DeliveryMethodId, Rule::DeliveryMethodId, "delivery_method_id")
        }
        NamedList::PaymentMethods => {
            (orders::Column::PaymentMethodId, Rule::PaymentMethodId, "payment_method_id")
        }
    };
    let orders = orders::Entity::find().filter(column.eq(id)).count(db).await?;
    let mut used = Uses { orders, cabinets: Vec::new() };
    for (cabinet, text) in settings_in_force(db).await? {
        let settings: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| Error::Corrupt(e.to_string()))?;
        if settings.get(key).and_then(serde_json::Value::as_i64) == Some(id) {
            used.cabinets.push(CabinetUse { keys: vec![key.to_owned()], ..unnamed(cabinet) });
        }
    }
    for row in warehouse_rules::Entity::find().filter(rule.eq(id)).all(db).await? {
        let cabinet = CabinetId(row.cabinet_id);
        match used.cabinets.iter_mut().find(|known| known.id == cabinet) {
            Some(known) => known.rules += 1,
            None => used.cabinets.push(CabinetUse { rules: 1, ..unnamed(cabinet) }),
        }
    }
    with_names(db, used).await
}

fn unnamed(id: CabinetId) -> CabinetUse {
    CabinetUse { id, name: String::new(), keys: Vec::new(), rules: 0 }
}

async fn with_names<C: ConnectionTrait>(db: &C, mut used: Uses) -> Result<Uses> {
    if used.cabinets.is_empty() {
        return Ok(used);
    }
    used.cabinets.sort_by_key(|cabinet| cabinet.id);
    for row in cabinets::Entity::find().all(db).await? {
        if let Some(known) = used.cabinets.iter_mut().find(|known| known.id.0 == row.id) {
            known.name = row.name;
        }
    }
    Ok(used)
}

/// The settings in force of every cabinet, as their texts.
pub(crate) async fn settings_in_force<C: ConnectionTrait>(db: &C) -> Result<Vec<(CabinetId, String)>> {
    use cabinet_settings::Column;
    let mut rows = cabinet_settings::Entity::find()
        .order_by_asc(Column::CabinetId)
        .order_by_desc(Column::Version)
        .all(db)
        .await?;
    rows.dedup_by_key(|row| row.cabinet_id);
    Ok(rows.into_iter().map(|row| (CabinetId(row.cabinet_id), row.settings)).collect())
}
