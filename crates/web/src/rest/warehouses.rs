//! `/cabinets/{id}/warehouses`: warehouses and delivery methods as Ozon listed them, and what their orders get instead of
//! the cabinet's source and methods.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use domain::warehouse_rules::{Instead, Place, PlaceKind};
use domain::{CabinetId, DeliveryMethodId, PaymentMethodId, SourceId, WarehouseRules};
use serde::{Deserialize, Serialize};
use storage::warehouse_rules::{MethodWithRule, WarehouseWithRules};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id, objects};
use super::cabinets::existing;
use super::caller::Caller;
use super::list::{Listed, PageQuery, listed, page_of};
use super::problem::{Answer, Problem};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_warehouses, set_warehouse_rules))
        .routes(routes!(read_warehouses))
}

/// What orders get instead of what the cabinet's settings say; null is as the cabinet has it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = WarehouseChoice)]
#[expect(clippy::struct_field_names, reason = "the names are those of the settings")]
struct ChoiceView {
    /// A source of the shop.
    source_id: Option<i64>,
    /// A delivery method of the shop.
    delivery_method_id: Option<i64>,
    /// A payment method of the shop.
    payment_method_id: Option<i64>,
}

impl From<Instead> for ChoiceView {
    fn from(instead: Instead) -> Self {
        Self {
            source_id: instead.source.map(|id| id.0),
            delivery_method_id: instead.delivery_method.map(|id| id.0),
            payment_method_id: instead.payment_method.map(|id| id.0),
        }
    }
}

/// A warehouse of the seller's at Ozon.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warehouse)]
struct WarehouseView {
    /// Ozon's id; null for delivery methods whose warehouse is not known.
    id: Option<i64>,
    /// Its name; empty where Ozon was never asked about it.
    name: String,
    /// Minutes east of UTC, where Ozon tells.
    utc_offset_minutes: Option<i32>,
    /// When Ozon last listed it.
    read_at: Option<Time>,
    /// What its orders get.
    rule: ChoiceView,
    /// The delivery methods that serve it.
    delivery_methods: Vec<MethodView>,
}

/// A delivery method at Ozon; not one of the shop's own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OzonDeliveryMethod)]
struct MethodView {
    /// Ozon's id.
    id: i64,
    /// Its name; empty where Ozon was never asked about it.
    name: String,
    /// Ozon's word: `ACTIVE`, `DISABLED` and so on.
    status: Option<String>,
    /// When Ozon last listed it.
    read_at: Option<Time>,
    /// What its orders get; it wins over the warehouse's.
    rule: ChoiceView,
}

impl From<MethodWithRule> for MethodView {
    fn from(method: MethodWithRule) -> Self {
        Self {
            id: method.id,
            name: method.name,
            status: method.status,
            read_at: Time::of(method.read_at),
            rule: method.instead.into(),
        }
    }
}

impl From<WarehouseWithRules> for WarehouseView {
    fn from(warehouse: WarehouseWithRules) -> Self {
        Self {
            id: warehouse.id,
            name: warehouse.name,
            utc_offset_minutes: warehouse.utc_offset_minutes,
            read_at: Time::of(warehouse.read_at),
            rule: warehouse.instead.into(),
            delivery_methods: warehouse.methods.into_iter().map(MethodView::from).collect(),
        }
    }
}

/// The cabinet's warehouses with their delivery methods and rules.
#[utoipa::path(get, path = "/cabinets/{id}/warehouses", tag = "cabinets",
    params(("id" = i64, Path, description = "The cabinet's id"), PageQuery),
    responses((status = 200, description = "A page of warehouses", body = Listed<WarehouseView>)))]
async fn list_warehouses(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    query: PageQuery,
) -> Answer<Json<Listed<WarehouseView>>> {
    caller.must_be_allowed(Act::See)?;
    existing(&state, id).await?;
    let all = state.store.warehouses_with_rules(id).await?;
    // What has no id comes last.
    let key = |warehouse: &WarehouseWithRules| {
        (i64::from(warehouse.id.is_none()), warehouse.id.unwrap_or_default())
    };
    Ok(listed(page_of(all, &query.ask(), key)?, WarehouseView::from))
}

/// Whose rule it is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WarehouseRuleOf)]
enum Of {
    /// A warehouse's.
    Warehouse,
    /// A delivery method's.
    DeliveryMethod,
}

/// A rule of a warehouse or of a delivery method at Ozon.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WarehouseRule)]
struct RuleView {
    /// Whose rule it is.
    of: Of,
    /// Ozon's id of it.
    id: i64,
    /// A source of the shop; left out or null is as the cabinet has it.
    source_id: Option<i64>,
    /// A delivery method of the shop.
    delivery_method_id: Option<i64>,
    /// A payment method of the shop.
    payment_method_id: Option<i64>,
}

/// All rules of a cabinet.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WarehouseRules)]
struct RulesView {
    /// At most one of each warehouse and of each delivery method.
    #[serde(deserialize_with = "objects")]
    rules: Vec<RuleView>,
}

impl RuleView {
    fn read(&self) -> (Place, Instead) {
        let kind = match self.of {
            Of::Warehouse => PlaceKind::Warehouse,
            Of::DeliveryMethod => PlaceKind::DeliveryMethod,
        };
        let instead = Instead {
            source: self.source_id.map(SourceId),
            delivery_method: self.delivery_method_id.map(DeliveryMethodId),
            payment_method: self.payment_method_id.map(PaymentMethodId),
        };
        (Place { kind, id: self.id }, instead)
    }

    fn of((place, instead): (Place, Instead)) -> Self {
        let of = match place.kind {
            PlaceKind::Warehouse => Of::Warehouse,
            PlaceKind::DeliveryMethod => Of::DeliveryMethod,
        };
        let ChoiceView { source_id, delivery_method_id, payment_method_id } = instead.into();
        Self { of, id: place.id, source_id, delivery_method_id, payment_method_id }
    }
}

/// Puts these rules in place of all that the cabinet has: all of them, or nothing.
///
/// New orders follow them; orders that exist stay as they were made. A delivery method's rule wins over its warehouse's, and
/// both over the cabinet's settings, each value by itself.
#[utoipa::path(put, path = "/cabinets/{id}/warehouses", tag = "cabinets",
    params(("id" = i64, Path, description = "The cabinet's id")), request_body = RulesView,
    responses((status = 200, description = "The rules as they are now", body = RulesView)))]
async fn set_warehouse_rules(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    Body(given): Body<RulesView>,
) -> Answer<Json<RulesView>> {
    caller.must_be_allowed(Act::ChangeSettings)?;
    existing(&state, id).await?;
    let given: Vec<_> = given.rules.iter().map(RuleView::read).collect();
    let places: BTreeSet<Place> = given.iter().map(|(place, _)| *place).collect();
    if places.len() < given.len() {
        return Err(Problem::value("rules", "at most one of each warehouse and of each delivery method"));
    }
    let rules: WarehouseRules = given.into_iter().collect();
    match state.store.set_warehouse_rules(id, &rules, &caller.signature(), state.now()).await {
        Err(storage::Error::Refused("unknown_choice")) => {
            return Err(Problem::value("rules", "about sources and methods that the shop has"));
        }
        done => done?,
    }
    let rules = state.store.warehouse_rules(id).await?;
    Ok(Json(RulesView { rules: rules.iter().map(RuleView::of).collect() }))
}

/// What Ozon listed.
#[derive(Debug, Serialize, ToSchema)]
struct WarehousesRead {
    /// How many warehouses; null when the key has no role for their list.
    warehouses: Option<usize>,
    /// How many delivery methods; null when the key has no role for their list.
    delivery_methods: Option<usize>,
}

/// Asks Ozon for the warehouses and delivery methods, and keeps them.
#[utoipa::path(post, path = "/cabinets/{id}/warehouses/read", tag = "cabinets",
    params(("id" = i64, Path, description = "The cabinet's id")),
    responses(
        (status = 200, description = "What Ozon listed", body = WarehousesRead),
        (status = 502, description = "Ozon refuses the key or did not answer; `code` says which"),
    ))]
async fn read_warehouses(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
) -> Answer<Json<WarehousesRead>> {
    caller.must_be_allowed(Act::Load)?;
    existing(&state, id).await?;
    let read = state.desk.read_warehouses(id).await?;
    Ok(Json(WarehousesRead { warehouses: read.warehouses, delivery_methods: read.delivery_methods }))
}
