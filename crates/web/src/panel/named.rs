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
use super::view::lists::{NamedPage, NamedRow, tabs};
use super::view::{Link, Section};
use super::visitor::{Visitor, go};
use super::{uses, words};
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// The longest name, in characters.
const LONGEST: u64 = 100;

/// What was typed into one line, trimmed; the fault when nothing was, or too much.
pub(crate) fn one_line(v: Voice, typed: &str, most: u64) -> Result<String, String> {
    let text = filled(v, typed)?;
    if text.chars().count() as u64 > most || text.chars().any(char::is_control) {
        return Err(v.n("fault-one-line", most));
    }
    Ok(text)
}

fn list_of(path: NamedPath) -> NamedList {
    match path {
        NamedPath::Sources => NamedList::Sources,
        NamedPath::DeliveryMethods => NamedList::DeliveryMethods,
        NamedPath::PaymentMethods => NamedList::PaymentMethods,
    }
}

/// What was refused: the row (none for a new one), what was typed, and why.
struct Refused {
    id: Option<i64>,
    name: Option<String>,
    fault: String,
    uses: Vec<Link>,
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
    let mut rows: Vec<NamedRow> = stored
        .into_iter()
        .map(|n| NamedRow { id: n.id, name: n.name, installed: n.installed, fault: None, uses: Vec::new() })
        .collect();
    let (mut new_name, mut new_fault) = (String::new(), None);
    if let Some(refused) = refused {
        if let Some(row) = rows.iter_mut().find(|row| Some(row.id) == refused.id) {
            row.fault = Some(refused.fault);
            row.uses = refused.uses;
            row.name = refused.name.unwrap_or_else(|| row.name.clone());
        } else {
            (new_name, new_fault) = (refused.name.unwrap_or_default(), Some(refused.fault));
        }
    }
    let page = NamedPage {
        frame: visitor.frame_of(state, Section::Lists).await?,
        v,
        tabs: tabs(v, &Page::Named(path)),
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
    let list = list_of(path);
    let fault = match one_line(visitor.v, &typed.name, LONGEST) {
        Ok(name) => match state.store.save_named(list, typed.id, &name).await {
            Ok(row) => {
                let verb = if typed.id.is_some() { "change" } else { "add" };
                note(&visitor, &state, list, verb, &row.name).await?;
                return Ok(go(&Page::Named(path).to_string(), done));
            }
            Err(error) => words::refusal(visitor.v, error)?,
        },
        Err(fault) => fault,
    };
    let refused = Refused { id: typed.id, name: Some(typed.name), fault, uses: Vec::new() };
    page(&visitor, &state, path, Some(refused)).await
}

async fn note(
    visitor: &Visitor,
    state: &AppState,
    list: NamedList,
    verb: &str,
    name: &str,
) -> Result<(), Fault> {
    let act = format!("{}.{verb}", list.word());
    visitor.note(state, &act, name, "").await
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
    let list = list_of(path);
    let before =
        state.store.named(list).await?.into_iter().find(|row| row.id == id).ok_or(Fault::NotFound)?;
    match state.store.delete_named(list, id).await {
        Ok(()) => {
            note(&visitor, &state, list, "delete", &before.name).await?;
            Ok(go(&Page::Named(path).to_string(), Done::Deleted))
        }
        Err(error) => {
            let uses = match &error {
                storage::Error::InUse { .. } => {
                    let uses = state.store.uses_of_named(list, id).await?;
                    // The list of orders can be filtered by their source alone.
                    let orders =
                        (list == NamedList::Sources).then(|| Page::Orders.with([("source", id.to_string())]));
                    uses::links(visitor.v, &uses, orders)
                }
                _ => Vec::new(),
            };
            let fault = words::refusal(visitor.v, error)?;
            page(&visitor, &state, path, Some(Refused { id: Some(id), name: None, fault, uses })).await
        }
    }
}
