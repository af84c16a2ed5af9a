//! Order statuses: add, change, delete.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::StatusId;
use serde::Deserialize;
use storage::lists::{Status, StatusDraft};

use super::faults::Fault;
use super::flash::Done;
use super::people::filled;
use super::routes::Page;
use super::view::Section;
use super::view::lists::{StatusForm, StatusesPage, tabs};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// The colour that a new status begins with.
const GREY: &str = "#6b7280";

/// A form as it is sent; a mark that is not there is off.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    colour: String,
    #[serde(default)]
    position: String,
    is_default: Option<bool>,
    is_cancelled: Option<bool>,
    is_completed: Option<bool>,
    hidden: Option<bool>,
    shown_as_tab: Option<bool>,
}

impl Typed {
    fn read(&self, v: Voice) -> Result<StatusDraft, String> {
        let is_colour = self
            .colour
            .strip_prefix('#')
            .is_some_and(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()));
        let position = self.position.trim();
        Ok(StatusDraft {
            name: filled(v, &self.name)?,
            color: if is_colour { self.colour.to_lowercase() } else { return Err(v.t("fault-colour")) },
            position: match position {
                "" => None,
                number => Some(number.parse().map_err(|_| v.t("fault-position"))?),
            },
            is_default: self.is_default.unwrap_or_default(),
            is_cancelled: self.is_cancelled.unwrap_or_default(),
            is_completed: self.is_completed.unwrap_or_default(),
            hidden_from_customer: self.hidden.unwrap_or_default(),
            shown_as_tab: self.shown_as_tab.unwrap_or_default(),
        })
    }

    /// As typed, with what is wrong.
    fn form(&self, id: i64, fault: String) -> StatusForm {
        StatusForm {
            id,
            name: self.name.clone(),
            colour: self.colour.clone(),
            position: self.position.clone(),
            is_default: self.is_default.unwrap_or_default(),
            is_cancelled: self.is_cancelled.unwrap_or_default(),
            is_completed: self.is_completed.unwrap_or_default(),
            hidden: self.hidden.unwrap_or_default(),
            tab: self.shown_as_tab.unwrap_or_default(),
            fault: Some(fault),
        }
    }
}

fn stored(status: Status) -> StatusForm {
    StatusForm {
        id: status.id.0,
        name: status.name,
        colour: status.color,
        position: status.position.to_string(),
        is_default: status.is_default,
        is_cancelled: status.is_cancelled,
        is_completed: status.is_completed,
        hidden: status.hidden_from_customer,
        tab: status.shown_as_tab,
        fault: None,
    }
}

/// The list, with the form that was just refused in place of the stored one.
async fn page(visitor: &Visitor, state: &AppState, refused: Option<StatusForm>) -> Result<Response, Fault> {
    let v = visitor.v;
    let code = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut rows: Vec<StatusForm> = state.store.statuses().await?.into_iter().map(stored).collect();
    let mut new = StatusForm { colour: GREY.to_owned(), ..StatusForm::default() };
    if let Some(refused) = refused {
        match rows.iter_mut().find(|row| row.id == refused.id) {
            Some(row) => *row = refused,
            None => new = refused,
        }
    }
    let page = StatusesPage {
        frame: visitor.frame_of(state, Section::Lists).await?,
        v,
        tabs: tabs(v, visitor.may(Act::SeePersons), &Page::Statuses),
        rows,
        new,
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn list(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    page(&visitor, &state, None).await
}

async fn save(
    visitor: &Visitor,
    state: &AppState,
    id: Option<StatusId>,
    typed: Typed,
    done: Done,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeLists)?;
    let number = id.map_or(0, |id| id.0);
    let draft = match typed.read(visitor.v) {
        Ok(draft) => draft,
        Err(fault) => return page(visitor, state, Some(typed.form(number, fault))).await,
    };
    let act = if id.is_some() { "status.change" } else { "status.add" };
    match state.store.save_status(id, draft).await {
        Ok(status) => {
            visitor.note(state, act, &status.name, "").await?;
            Ok(go(&Page::Statuses.to_string(), done))
        }
        Err(error) => {
            let fault = words::refusal(visitor.v, error)?;
            page(visitor, state, Some(typed.form(number, fault))).await
        }
    }
}

pub(crate) async fn add(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    save(&visitor, &state, None, typed, Done::Added).await
}

pub(crate) async fn change(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<StatusId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    save(&visitor, &state, Some(id), typed, Done::Saved).await
}

pub(crate) async fn delete(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<StatusId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeLists)?;
    let statuses = state.store.statuses().await?;
    let row = statuses.into_iter().find(|s| s.id == id).map(stored).ok_or(Fault::NotFound)?;
    match state.store.delete_status(id).await {
        Ok(()) => {
            visitor.note(&state, "status.delete", &row.name, "").await?;
            Ok(go(&Page::Statuses.to_string(), Done::Deleted))
        }
        Err(error) => {
            let fault = words::refusal(visitor.v, error)?;
            page(&visitor, &state, Some(StatusForm { fault: Some(fault), ..row })).await
        }
    }
}
