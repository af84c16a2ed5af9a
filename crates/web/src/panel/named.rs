//! The lists that are names only: sources, delivery and payment methods.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use storage::lists::NamedList;

use super::faults::Fault;
use super::flash::Done;
use super::people::filled;
use super::routes::{NamedPath, Page};
use super::view::Section;
use super::view::lists::{NamedPage, NamedRow, tabs};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;

fn list_of(path: NamedPath) -> NamedList {
    match path {
        NamedPath::Sources => NamedList::Sources,
        NamedPath::DeliveryMethods => NamedList::DeliveryMethods,
        NamedPath::PaymentMethods => NamedList::PaymentMethods,
    }
}

/// As the audit names an act on a list.
fn act_on(path: NamedPath, verb: &str) -> String {
    let list = match path {
        NamedPath::Sources => "source",
        NamedPath::DeliveryMethods => "delivery_method",
        NamedPath::PaymentMethods => "payment_method",
    };
    format!("{list}.{verb}")
}

/// What was refused: the row (none for a new one), what was typed, and why.
struct Refused {
    id: Option<i64>,
    name: Option<String>,
    fault: String,
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    path: NamedPath,
    refused: Option<Refused>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let code = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (title, help) = match path {
        NamedPath::Sources => (v.t("list-sources"), v.t("list-sources-help")),
        NamedPath::DeliveryMethods => (v.t("list-delivery-methods"), v.t("list-delivery-methods-help")),
        NamedPath::PaymentMethods => (v.t("list-payment-methods"), v.t("list-payment-methods-help")),
    };
    let stored = state.store.named(list_of(path)).await?;
    let mut rows: Vec<NamedRow> =
        stored.into_iter().map(|n| NamedRow { id: n.id, name: n.name, fault: None }).collect();
    let (mut new_name, mut new_fault) = (String::new(), None);
    if let Some(refused) = refused {
        if let Some(row) = rows.iter_mut().find(|row| Some(row.id) == refused.id) {
            row.fault = Some(refused.fault);
            row.name = refused.name.unwrap_or_else(|| row.name.clone());
        } else {
            (new_name, new_fault) = (refused.name.unwrap_or_default(), Some(refused.fault));
        }
    }
    let page = NamedPage {
        frame: visitor.frame_of(state, Section::Lists).await?,
        v,
        tabs: tabs(v, visitor.may(Act::SeePersons), &Page::Named(path)),
        list: path,
        title,
        help,
        rows,
        new_name,
        new_fault,
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(path): Path<NamedPath>,
) -> Result<Response, Fault> {
    page(&visitor, &state, path, None).await
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    id: Option<i64>,
    #[serde(default)]
    name: String,
}

async fn save(
    visitor: Visitor,
    state: AppState,
    path: NamedPath,
    typed: Typed,
    done: Done,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeLists)?;
    let fault = match filled(visitor.v, &typed.name) {
        Ok(name) => match state.store.save_named(list_of(path), typed.id, &name).await {
            Ok(row) => {
                let verb = if typed.id.is_some() { "change" } else { "add" };
                visitor.note(&state, &act_on(path, verb), &row.name, "").await?;
                return Ok(go(&Page::Named(path).to_string(), done));
            }
            Err(error) => words::refusal(visitor.v, error)?,
        },
        Err(fault) => fault,
    };
    page(&visitor, &state, path, Some(Refused { id: typed.id, name: Some(typed.name), fault })).await
}

pub(crate) async fn add(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(path): Path<NamedPath>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    save(visitor, state, path, Typed { id: None, ..typed }, Done::Added).await
}

pub(crate) async fn rename(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(path): Path<NamedPath>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    if typed.id.is_none() {
        return Err(Fault::BadRequest);
    }
    save(visitor, state, path, typed, Done::Saved).await
}

pub(crate) async fn delete(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(path): Path<NamedPath>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeLists)?;
    let id = typed.id.ok_or(Fault::BadRequest)?;
    let rows = state.store.named(list_of(path)).await?;
    let name = rows.into_iter().find(|row| row.id == id).map(|row| row.name).ok_or(Fault::NotFound)?;
    match state.store.delete_named(list_of(path), id).await {
        Ok(()) => {
            visitor.note(&state, &act_on(path, "delete"), &name, "").await?;
            Ok(go(&Page::Named(path).to_string(), Done::Deleted))
        }
        Err(error) => {
            let fault = words::refusal(visitor.v, error)?;
            page(&visitor, &state, path, Some(Refused { id: Some(id), name: None, fault })).await
        }
    }
}
