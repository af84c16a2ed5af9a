//! What orders of some warehouses and delivery methods get instead of the cabinet's source and methods, and the delivery
//! methods as Ozon listed them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::warehouse_rules::{Instead, Place, PlaceKind};
use domain::{CabinetId, DeliveryMethodId, PaymentMethodId, SourceId, WarehouseRules};
use entities::{
    cabinets, delivery_methods, ozon_delivery_methods, ozon_warehouses, payment_methods, sources,
    warehouse_rules,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::order_rows::CHUNK;
use crate::people;
use crate::text::clean;

/// A delivery method as Ozon listed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OzonDeliveryMethod {
    /// Ozon's id.
    pub id: i64,
    /// The warehouse that it serves.
    pub warehouse_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// Ozon's word: `ACTIVE`, `DISABLED` and so on.
    pub status: Option<String>,
}

/// A warehouse with its rule, and with the delivery methods that serve it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarehouseWithRules {
    /// Ozon's id; none for delivery methods whose warehouse nobody knows.
    pub id: Option<i64>,
    /// Its name; empty where Ozon was never asked about it and a rule alone names it.
    pub name: String,
    /// Minutes east of UTC, where Ozon tells.
    pub utc_offset_minutes: Option<i32>,
    /// When Ozon last listed it.
    pub read_at: Option<DateTime<Utc>>,
    /// What its orders get instead.
    pub instead: Instead,
    /// Its delivery methods.
    pub methods: Vec<MethodWithRule>,
}

/// A delivery method of Ozon's with its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodWithRule {
    /// Ozon's id.
    pub id: i64,
    /// Its name; empty where a rule alone names it.
    pub name: String,
    /// Ozon's word: `ACTIVE`, `DISABLED` and so on.
    pub status: Option<String>,
    /// When Ozon last listed it.
    pub read_at: Option<DateTime<Utc>>,
    /// What its orders get instead.
    pub instead: Instead,
}

/// The rules of a cabinet.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, cabinet: CabinetId) -> Result<WarehouseRules> {
    let rows = warehouse_rules::Entity::find()
        .filter(warehouse_rules::Column::CabinetId.eq(cabinet.0))
        .all(db)
        .await?;
    let rule = |row: warehouse_rules::Model| {
        let kind: PlaceKind =
            row.kind.parse().map_err(|_| Error::Corrupt(format!("a rule of a {}", row.kind)))?;
        let instead = Instead {
            source: row.source_id.map(SourceId),
            delivery_method: row.delivery_method_id.map(DeliveryMethodId),
            payment_method: row.payment_method_id.map(PaymentMethodId),
        };
        Ok((Place { kind, id: row.ozon_id }, instead))
    };
    rows.into_iter().map(rule).collect()
}

impl Store {
    /// What orders of some warehouses and delivery methods of a cabinet get instead of the cabinet's source and methods.
    pub async fn warehouse_rules(&self, cabinet: CabinetId) -> Result<WarehouseRules> {
        of(&self.steady, cabinet).await
    }

    /// Puts these rules in place of all that the cabinet has: all of them, or nothing. Rules that are the same leave no
    /// trace.
    ///
    /// # Errors
    /// [`Error::NotFound`] without the cabinet, [`Error::Refused`] with `unknown_choice` when a rule names a source or a
    /// method that the shop does not have.
    pub async fn set_warehouse_rules(
        &self,
        cabinet: CabinetId,
        rules: &WarehouseRules,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|tx, _| Box::pin(set(tx, cabinet, None, rules, actor, now))).await
    }

    /// The same, only while the cabinet's rules are still `before`: what somebody changes must be what they saw.
    ///
    /// # Errors
    /// [`Error::Refused`] with `rules_changed` when another change came first; and as above.
    pub async fn set_warehouse_rules_over(
        &self,
        cabinet: CabinetId,
        before: &WarehouseRules,
        rules: &WarehouseRules,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|tx, _| Box::pin(set(tx, cabinet, Some(before), rules, actor, now))).await
    }

    /// Keeps the delivery methods that Ozon listed; one that is listed no more stays, since old orders name it.
    pub async fn keep_delivery_methods(
        &self,
        cabinet: CabinetId,
        listed: &[OzonDeliveryMethod],
        now: DateTime<Utc>,
    ) -> Result<()> {
        use ozon_delivery_methods::Column;
        // One statement writes no row twice, and Ozon's list is not ours.
        let listed: BTreeMap<i64, &OzonDeliveryMethod> = listed.iter().map(|told| (told.id, told)).collect();
        let rows: Vec<_> = listed
            .into_values()
            .map(|told| ozon_delivery_methods::ActiveModel {
                cabinet_id: Set(cabinet.0),
                delivery_method_id: Set(told.id),
                warehouse_id: Set(told.warehouse_id),
                name: Set(clean(&told.name)),
                status: Set(told.status.as_deref().map(clean)),
                read_at: Set(micros(now)),
            })
            .collect();
        for chunk in rows.chunks(CHUNK) {
            ozon_delivery_methods::Entity::insert_many(chunk.iter().cloned())
                .on_conflict(
                    OnConflict::columns([Column::CabinetId, Column::DeliveryMethodId])
                        .update_columns([Column::WarehouseId, Column::Name, Column::Status, Column::ReadAt])
                        .to_owned(),
                )
                .exec_without_returning(&self.steady)
                .await?;
        }
        Ok(())
    }

    /// Every warehouse and delivery method of a cabinet that Ozon listed or a rule names, by name.
    pub async fn warehouses_with_rules(&self, cabinet: CabinetId) -> Result<Vec<WarehouseWithRules>> {
        let rules = of(&self.steady, cabinet).await?;
        let warehouses = ozon_warehouses::Entity::find()
            .filter(ozon_warehouses::Column::CabinetId.eq(cabinet.0))
            .order_by_asc(ozon_warehouses::Column::Name)
            .order_by_asc(ozon_warehouses::Column::WarehouseId)
            .all(&self.steady)
            .await?;
        let methods = ozon_delivery_methods::Entity::find()
            .filter(ozon_delivery_methods::Column::CabinetId.eq(cabinet.0))
            .order_by_asc(ozon_delivery_methods::Column::Name)
            .order_by_asc(ozon_delivery_methods::Column::DeliveryMethodId)
            .all(&self.steady)
            .await?;
        Ok(together(&rules, warehouses, methods))
    }
}

async fn set(
    tx: &DatabaseTransaction,
    cabinet: CabinetId,
    before: Option<&WarehouseRules>,
    rules: &WarehouseRules,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    // The lock keeps two people who save at once from mixing their rules.
    let row = cabinets::Entity::find_by_id(cabinet.0).lock_exclusive().one(tx).await?;
    let row = row.ok_or(Error::NotFound)?;
    let kept = of(tx, cabinet).await?;
    if before.is_some_and(|before| *before != kept) {
        return Err(Error::Refused("rules_changed"));
    }
    if kept == *rules {
        return Ok(());
    }
    macro_rules! all_exist {
        ($table:ident, $wanted:expr) => {{
            let wanted: BTreeSet<i64> = rules.iter().filter_map($wanted).collect();
            let known: Vec<i64> =
                $table::Entity::find().select_only().column($table::Column::Id).into_tuple().all(tx).await?;
            if wanted.iter().any(|id| !known.contains(id)) {
                return Err(Error::Refused("unknown_choice"));
            }
        }};
    }
    all_exist!(sources, |(_, instead)| instead.source.map(|id| id.0));
    all_exist!(delivery_methods, |(_, instead)| instead.delivery_method.map(|id| id.0));
    all_exist!(payment_methods, |(_, instead)| instead.payment_method.map(|id| id.0));
    warehouse_rules::Entity::delete_many()
        .filter(warehouse_rules::Column::CabinetId.eq(cabinet.0))
        .exec(tx)
        .await?;
    let rows: Vec<_> = rules
        .iter()
        .map(|(place, instead)| warehouse_rules::ActiveModel {
            cabinet_id: Set(cabinet.0),
            kind: Set(place.kind.to_string()),
            ozon_id: Set(place.id),
            source_id: Set(instead.source.map(|id| id.0)),
            delivery_method_id: Set(instead.delivery_method.map(|id| id.0)),
            payment_method_id: Set(instead.payment_method.map(|id| id.0)),
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        warehouse_rules::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    people::note(tx, actor, "cabinet.warehouses", &row.name, &rows.len().to_string(), now).await
}

/// The lists of Ozon's and the rules in one.
fn together(
    rules: &WarehouseRules,
    warehouses: Vec<ozon_warehouses::Model>,
    methods: Vec<ozon_delivery_methods::Model>,
) -> Vec<WarehouseWithRules> {
    let unlisted = |id: Option<i64>| WarehouseWithRules {
        id,
        name: String::new(),
        utc_offset_minutes: None,
        read_at: None,
        instead: id.map(|id| rules.of(Place::warehouse(id))).unwrap_or_default(),
        methods: Vec::new(),
    };
    let mut all: Vec<WarehouseWithRules> = warehouses
        .into_iter()
        .map(|row| WarehouseWithRules {
            name: row.name,
            utc_offset_minutes: row.utc_offset_minutes,
            read_at: Some(instant(row.read_at)),
            ..unlisted(Some(row.warehouse_id))
        })
        .collect();
    let mut listed: BTreeSet<i64> = BTreeSet::new();
    let mut homeless = Vec::new();
    for row in methods {
        listed.insert(row.delivery_method_id);
        let method = MethodWithRule {
            id: row.delivery_method_id,
            name: row.name,
            status: row.status,
            read_at: Some(instant(row.read_at)),
            instead: rules.of(Place::delivery_method(row.delivery_method_id)),
        };
        match all.iter_mut().find(|warehouse| warehouse.id == row.warehouse_id && row.warehouse_id.is_some())
        {
            Some(warehouse) => warehouse.methods.push(method),
            None => homeless.push(method),
        }
    }
    for (place, instead) in rules.iter() {
        match place.kind {
            PlaceKind::Warehouse if all.iter().all(|warehouse| warehouse.id != Some(place.id)) => {
                all.push(unlisted(Some(place.id)));
            }
            PlaceKind::DeliveryMethod if !listed.contains(&place.id) => homeless.push(MethodWithRule {
                id: place.id,
                name: String::new(),
                status: None,
                read_at: None,
                instead,
            }),
            PlaceKind::Warehouse | PlaceKind::DeliveryMethod => {}
        }
    }
    if !homeless.is_empty() {
        all.push(WarehouseWithRules { methods: homeless, ..unlisted(None) });
    }
    all
}
