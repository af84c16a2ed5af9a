//! The warehouses and delivery methods of a cabinet: what their orders get instead of the cabinet's source and methods.

use std::collections::HashMap;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::warehouse_rules::{Instead, Place};
use domain::{CabinetId, DeliveryMethodId, PaymentMethodId, Settings, SourceId};
use storage::lists::{Named, NamedList};
use storage::warehouse_rules::{MethodWithRule, WarehouseWithRules};
use sync::LoadError;

use super::faults::Fault;
use super::flash::{Done, Note};
use super::routes::Page;
use super::seen;
use super::view::overtaken::Overtaken;
use super::view::settings::Change;
use super::view::warehouses::{PlaceRow, WarehousesPage};
use super::view::{Choice, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// The form's fields by their names.
type Typed = HashMap<String, String>;

/// What the three choices of a row are called in the form.
const SOURCE: &str = "source";
const DELIVERY: &str = "delivery";
const PAYMENT: &str = "payment";
/// The field with the mark of what the form showed.
const SEEN: &str = "seen";

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    page(&visitor, &state, id, &Typed::new(), Told::default(), StatusCode::OK).await
}

/// What the page has to say beside the rules.
#[derive(Default)]
struct Told {
    /// What went wrong.
    bad: Vec<String>,
    /// Somebody else came first.
    overtaken: bool,
}

/// The page with what was typed over what is stored, and with what went wrong.
async fn page(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    typed: &Typed,
    told: Told,
    status: StatusCode,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let store = &state.store;
    let cabinet = store.cabinet(id).await?;
    let choices = Choices {
        v,
        typed,
        settings: store.settings(id).await?.settings,
        sources: store.named(NamedList::Sources).await?,
        delivery_methods: store.named(NamedList::DeliveryMethods).await?,
        payment_methods: store.named(NamedList::PaymentMethods).await?,
    };
    let rules = store.warehouse_rules(id).await?;
    let all = store.warehouses_with_rules(id).await?;
    let rows: Vec<PlaceRow> = all.iter().flat_map(|warehouse| choices.rows(warehouse)).collect();
    let overtaken = if told.overtaken {
        let who = seen::by_whom(v, state, &["cabinet.warehouses"], Some(&cabinet.name)).await?;
        Some(Overtaken {
            told: seen::told(v, who),
            meanwhile: Vec::new(),
            mine: all.iter().flat_map(|warehouse| choices.changes(warehouse)).collect(),
            theirs: Page::Warehouses(id).to_string(),
        })
    } else {
        None
    };
    // A form that was refused for something else still shows what it showed.
    let shown = typed.get(SEEN).filter(|_| !told.overtaken).cloned();
    let mut frame = visitor.frame_of(state, Section::Cabinets).await?;
    // Also after an act, whose own address cannot be opened.
    frame.path = Page::Warehouses(id).to_string();
    let page = WarehousesPage {
        frame,
        v,
        id,
        cabinet: cabinet.name,
        read_at: all.iter().filter_map(|w| w.read_at).max().map(|at| v.when_exactly(&at)),
        rows,
        bad: told.bad,
        seen: shown.unwrap_or_else(|| seen::mark(&rules)),
        overtaken,
    };
    visitor.page_with(status, &page)
}

/// What each row chooses from.
struct Choices<'a> {
    v: Voice,
    typed: &'a Typed,
    settings: Settings,
    sources: Vec<Named>,
    delivery_methods: Vec<Named>,
    payment_methods: Vec<Named>,
}

impl Choices<'_> {
    /// A warehouse, and under it its delivery methods.
    fn rows(&self, warehouse: &WarehouseWithRules) -> Vec<PlaceRow> {
        let v = self.v;
        let head = match warehouse.id {
            Some(id) => PlaceRow {
                name: named(&warehouse.name, || v.with("warehouse-unnamed", "id", id)),
                ozon_id: id.to_string(),
                zone: warehouse.utc_offset_minutes.map(zone).unwrap_or_default(),
                read_at: warehouse.read_at.map(|at| v.when(&at)),
                ..self.row(Place::warehouse(id), warehouse.instead)
            },
            None => PlaceRow { name: v.t("warehouse-unknown"), ..PlaceRow::default() },
        };
        std::iter::once(head).chain(warehouse.methods.iter().map(|method| self.method(method))).collect()
    }

    fn method(&self, method: &MethodWithRule) -> PlaceRow {
        let v = self.v;
        PlaceRow {
            name: named(&method.name, || v.with("ozon-method-unnamed", "id", method.id)),
            ozon_id: method.id.to_string(),
            is_method: true,
            off: method.status.as_deref() == Some("DISABLED"),
            read_at: method.read_at.map(|at| v.when(&at)),
            ..self.row(Place::delivery_method(method.id), method.instead)
        }
    }

    /// What was typed for a warehouse and its methods that is not so yet.
    fn changes(&self, warehouse: &WarehouseWithRules) -> Vec<Change> {
        let own = warehouse.id.map(|id| (Place::warehouse(id), warehouse.instead));
        let methods = warehouse.methods.iter().map(|m| (Place::delivery_method(m.id), m.instead));
        let names = self.rows(warehouse);
        let mut changes = Vec::new();
        for (place, now) in own.into_iter().chain(methods) {
            let field = format!("{}.{}", place.kind, place.id);
            let Some(name) = names.iter().find(|row| row.field == field).map(|row| &row.name) else {
                continue;
            };
            let Some(typed) = read(self.typed, place, now) else { continue };
            let choices = [
                ("column-source", &self.sources, now.source.map(|id| id.0), typed.source.map(|id| id.0)),
                (
                    "list-delivery-methods",
                    &self.delivery_methods,
                    now.delivery_method.map(|id| id.0),
                    typed.delivery_method.map(|id| id.0),
                ),
                (
                    "list-payment-methods",
                    &self.payment_methods,
                    now.payment_method.map(|id| id.0),
                    typed.payment_method.map(|id| id.0),
                ),
            ];
            for (what, list, old, new) in choices.into_iter().filter(|(_, _, old, new)| old != new) {
                let shown = |id: Option<i64>| match id {
                    None => self.v.t("value-none"),
                    Some(id) => {
                        list.iter().find(|row| row.id == id).map(|row| row.name.clone()).unwrap_or_default()
                    }
                };
                let label = format!("{name}, {}", self.v.t(what).to_lowercase());
                changes.push(Change { group: None, label, old: shown(old), new: shown(new) });
            }
        }
        changes
    }

    fn row(&self, place: Place, instead: Instead) -> PlaceRow {
        let usual = &self.settings;
        let choose = |what: &str, list: &[Named], now: Option<i64>, usual: i64| {
            let current = match self.typed.get(&field(place, what)) {
                Some(typed) => typed.clone(),
                None => now.map(|id| id.to_string()).unwrap_or_default(),
            };
            let name = list.iter().find(|row| row.id == usual).map(|row| row.name.clone());
            let as_cabinet = self.v.with("warehouse-as-cabinet", "name", name.unwrap_or_default());
            let each = list.iter().map(|row| Choice::new(row.id, row.name.clone(), &current));
            std::iter::once(Choice::new("", as_cabinet, &current)).chain(each).collect()
        };
        PlaceRow {
            field: format!("{}.{}", place.kind, place.id),
            source: choose(SOURCE, &self.sources, instead.source.map(|id| id.0), usual.source_id.0),
            delivery: choose(
                DELIVERY,
                &self.delivery_methods,
                instead.delivery_method.map(|id| id.0),
                usual.delivery_method_id.0,
            ),
            payment: choose(
                PAYMENT,
                &self.payment_methods,
                instead.payment_method.map(|id| id.0),
                usual.payment_method_id.0,
            ),
            ..PlaceRow::default()
        }
    }
}

fn named(name: &str, otherwise: impl FnOnce() -> String) -> String {
    if name.is_empty() { otherwise() } else { name.to_owned() }
}

fn field(place: Place, what: &str) -> String {
    format!("{}.{}.{what}", place.kind, place.id)
}

/// `UTC+03:00`.
fn zone(minutes: i32) -> String {
    let (sign, east) = if minutes < 0 { ('−', -minutes) } else { ('+', minutes) };
    format!("UTC{sign}{:02}:{:02}", east / 60, east % 60)
}

/// What was typed for a place over what it has; `None` when something typed is no choice at all.
fn read(typed: &Typed, place: Place, before: Instead) -> Option<Instead> {
    let id = |what: &str, before: Option<i64>| match typed.get(&field(place, what)).map(|text| text.trim()) {
        None => Some(before),
        Some("") => Some(None),
        Some(text) => text.parse().ok().map(Some),
    };
    Some(Instead {
        source: id(SOURCE, before.source.map(|id| id.0))?.map(SourceId),
        delivery_method: id(DELIVERY, before.delivery_method.map(|id| id.0))?.map(DeliveryMethodId),
        payment_method: id(PAYMENT, before.payment_method.map(|id| id.0))?.map(PaymentMethodId),
    })
}

/// Saves the rules of the places that the form shows; others stay.
pub(crate) async fn save(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let before = state.store.warehouse_rules(id).await?;
    if typed.get(SEEN).is_some_and(|seen| *seen != seen::mark(&before)) {
        return overtaken(&visitor, &state, id, &typed).await;
    }
    let all = state.store.warehouses_with_rules(id).await?;
    let warehouses = all.iter().filter_map(|w| w.id.map(|id| (Place::warehouse(id), w.instead)));
    let methods = all.iter().flat_map(|w| &w.methods).map(|m| (Place::delivery_method(m.id), m.instead));
    let mut after = before.clone();
    let mut understood = true;
    for (place, instead) in warehouses.chain(methods) {
        match read(&typed, place, instead) {
            Some(chosen) => after.set(place, chosen),
            None => understood = false,
        }
    }
    let saved = if understood {
        let actor = &visitor.user.email;
        state.store.set_warehouse_rules_over(id, &before, &after, actor, state.now()).await
    } else {
        Err(storage::Error::Refused("unknown_choice"))
    };
    match saved {
        Ok(()) => {
            let done = if after == before { Done::Unchanged } else { Done::WarehousesSaved };
            Ok(go(&Page::Warehouses(id).to_string(), done))
        }
        Err(storage::Error::Refused("unknown_choice")) => {
            let told = Told { bad: vec![visitor.v.t("warehouses-unknown-choice")], overtaken: false };
            page(&visitor, &state, id, &typed, told, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(storage::Error::Refused("rules_changed")) => overtaken(&visitor, &state, id, &typed).await,
        Err(other) => Err(other.into()),
    }
}

/// The form as it was typed, over rules that somebody else has saved meanwhile.
async fn overtaken(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    typed: &Typed,
) -> Result<Response, Fault> {
    let told = Told { bad: Vec::new(), overtaken: true };
    page(visitor, state, id, typed, told, StatusCode::CONFLICT).await
}

/// Reads warehouses and delivery methods from Ozon.
pub(crate) async fn read_from_ozon(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    visitor.must(Act::Load)?;
    let v = visitor.v;
    let bad = match state.desk.read_warehouses(id).await {
        Ok(read) => match (read.warehouses, read.delivery_methods) {
            (Some(warehouses), Some(_)) => {
                let note = Note::counted(Done::WarehousesRead, warehouses as u64);
                return Ok(go(&Page::Warehouses(id).to_string(), note));
            }
            (Some(_), None) => v.t("warehouses-no-role-for-methods"),
            (None, Some(_)) => v.t("warehouses-no-role-for-warehouses"),
            (None, None) => v.t("warehouses-no-role"),
        },
        Err(LoadError::Store(error)) => return Err(error.into()),
        Err(error) => {
            let (why, advice) = words::trouble(v, error.code());
            format!("{why}. {advice}")
        }
    };
    let told = Told { bad: vec![bad], overtaken: false };
    page(&visitor, &state, id, &Typed::new(), told, StatusCode::OK).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_written_with_its_sign() {
        assert_eq!([zone(180), zone(-150), zone(0)], ["UTC+03:00", "UTC−02:30", "UTC+00:00"]);
    }

    #[test]
    fn what_the_form_does_not_show_stays_and_an_empty_choice_is_the_cabinets() {
        let place = Place::warehouse(7);
        let before = Instead {
            source: Some(SourceId(1)),
            payment_method: Some(PaymentMethodId(2)),
            ..Instead::default()
        };
        let typed = Typed::from([("warehouse.7.source".to_owned(), String::new())]);
        let after = Instead { source: None, ..before };
        assert_eq!(read(&typed, place, before), Some(after));
        let nonsense = Typed::from([("warehouse.7.delivery".to_owned(), "x".to_owned())]);
        assert_eq!(read(&nonsense, place, before), None);
    }
}
