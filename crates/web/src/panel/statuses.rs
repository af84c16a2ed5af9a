//! Order statuses: add, change, move, delete.

use std::collections::HashMap;

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::StatusId;
use serde::Deserialize;
use storage::lists::{Status, StatusDraft};
use storage::status_order::Step;

use super::faults::Fault;
use super::flash::Done;
use super::named::one_line;
use super::routes::Page;
use super::seen;
use super::view::lists::{StatusForm, StatusesPage, tabs};
use super::view::{Link, Section};
use super::visitor::{Visitor, go};
use super::{uses, words};
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// The colour that a new status begins with.
const GREY: &str = "#6b7280";
/// The longest name, in characters.
const LONGEST: u64 = 60;

/// Which way a status is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Way {
    Up,
    Down,
}

/// The status that was just moved, so that the keyboard stays where it was.
#[derive(Clone, Copy, Default, Deserialize)]
pub(crate) struct Moved {
    moved: Option<i64>,
    to: Option<Way>,
}

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
    /// The mark of what the form showed.
    seen: Option<String>,
}

impl Typed {
    fn read(&self, v: Voice) -> Result<StatusDraft, String> {
        let is_colour = self
            .colour
            .strip_prefix('#')
            .is_some_and(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()));
        let position = self.position.trim();
        Ok(StatusDraft {
            name: one_line(v, &self.name, LONGEST)?,
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
            seen: self.seen.clone().unwrap_or_default(),
            fault: Some(fault),
            ..StatusForm::default()
        }
    }
}

fn stored(status: Status) -> StatusForm {
    StatusForm {
        seen: seen::mark(&status),
        id: status.id.0,
        name: status.name,
        colour: status.color,
        position: status.position.to_string(),
        is_default: status.is_default,
        is_cancelled: status.is_cancelled,
        is_completed: status.is_completed,
        hidden: status.hidden_from_customer,
        tab: status.shown_as_tab,
        ..StatusForm::default()
    }
}

/// The list, with the form that was just refused in place of the stored one.
async fn page(
    visitor: &Visitor,
    state: &AppState,
    refused: Option<StatusForm>,
    moved: Moved,
) -> Result<Response, Fault> {
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
    let counts: HashMap<_, _> = state.store.orders_per_status(words::COUNTED).await?.into_iter().collect();
    for row in &mut rows {
        let id = StatusId(row.id);
        row.orders = counts.get(&id).map(|&count| {
            let is_whole = count < words::COUNTED;
            let text = if is_whole { v.n("uses-orders", count) } else { words::counted(v, count) };
            Link { href: orders_in(id), text }
        });
        row.moved_up = moved.moved == Some(row.id) && moved.to == Some(Way::Up);
        row.moved_down = moved.moved == Some(row.id) && moved.to == Some(Way::Down);
    }
    let mut frame = visitor.frame_of(state, Section::Lists).await?;
    frame.path = Page::Statuses.to_string();
    let page = StatusesPage { frame, v, tabs: tabs(v, &Page::Statuses), rows, new };
    visitor.page_with(code, &page)
}

/// The list of the orders in a status.
fn orders_in(id: StatusId) -> String {
    Page::Orders.with([("status", id.to_string())])
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(moved): Query<Moved>,
) -> Result<Response, Fault> {
    page(&visitor, &state, None, moved).await
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
        Err(fault) => return page(visitor, state, Some(typed.form(number, fault)), Moved::default()).await,
    };
    let saved = match (id, &typed.seen) {
        (Some(id), Some(mark)) => {
            let before = existing(state, id).await?;
            if *mark == seen::mark(&before) {
                state.store.save_status_over(&before, draft).await
            } else {
                Err(storage::Error::Refused("status_changed"))
            }
        }
        _ => state.store.save_status(id, draft).await,
    };
    match saved {
        Err(storage::Error::Refused("status_changed")) => {
            let form = overtaken(visitor.v, state, number, &typed).await?;
            page(visitor, state, Some(form), Moved::default()).await
        }
        Ok(status) => {
            let act = if id.is_some() { "status.change" } else { "status.add" };
            visitor.note(state, act, &status.name, "").await?;
            Ok(go(&Page::Statuses.to_string(), done))
        }
        Err(error) => {
            let fault = words::refusal(visitor.v, error)?;
            page(visitor, state, Some(typed.form(number, fault)), Moved::default()).await
        }
    }
}

/// The form as it was typed, over what somebody else has saved meanwhile.
async fn overtaken(v: Voice, state: &AppState, id: i64, typed: &Typed) -> Result<StatusForm, Fault> {
    let status = existing(state, StatusId(id)).await?;
    let who = seen::by_whom(v, state, &["status.change", "status.move"], Some(&status.name)).await?;
    let now = stored(status);
    let form = typed.form(id, String::new());
    let text = |key, old: &str, new: &str| (old != new).then(|| format!("{}: {old} → {new}", v.t(key)));
    let mark = |key, old: bool, new: bool| {
        let word = |on| if on { v.t("value-on") } else { v.t("value-off") };
        text(key, &word(old), &word(new))
    };
    let mine = [
        text("field-name", &now.name, form.name.trim()),
        text("field-colour", &now.colour, &form.colour),
        text("field-position", &now.position, form.position.trim()),
        mark("status-default", now.is_default, form.is_default),
        mark("status-completed", now.is_completed, form.is_completed),
        mark("status-cancelled", now.is_cancelled, form.is_cancelled),
        mark("status-tab", now.tab, form.tab),
        mark("status-hidden", now.hidden, form.hidden),
    ];
    let mine: Vec<String> = mine.into_iter().flatten().collect();
    let told = seen::told(v, who);
    let fault = match mine.as_slice() {
        [] => told,
        mine => format!("{told} {}: {}.", v.t("overtaken-mine"), mine.join("; ")),
    };
    Ok(StatusForm { seen: now.seen, fault: Some(fault), ..form })
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

#[derive(Deserialize)]
pub(crate) struct Wish {
    to: Option<Way>,
}

/// Moves a status by one place.
pub(crate) async fn shift(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<StatusId>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeLists)?;
    let (step, to) = match wish.to.ok_or(Fault::BadRequest)? {
        Way::Up => (Step::Up, "up"),
        Way::Down => (Step::Down, "down"),
    };
    let status = existing(&state, id).await?;
    if state.store.move_status(id, step).await? {
        visitor.note(&state, "status.move", &status.name, "").await?;
    }
    // No place on the page is named: a browser that goes to one puts the keyboard nowhere.
    let back = Page::Statuses.with([("moved", id.to_string()), ("to", to.to_owned())]);
    Ok(Redirect::to(&back).into_response())
}

async fn existing(state: &AppState, id: StatusId) -> Result<Status, Fault> {
    state.store.statuses().await?.into_iter().find(|s| s.id == id).ok_or(Fault::NotFound)
}

pub(crate) async fn delete(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<StatusId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeLists)?;
    let status = existing(&state, id).await?;
    match state.store.delete_status(id).await {
        Ok(()) => {
            visitor.note(&state, "status.delete", &status.name, "").await?;
            Ok(go(&Page::Statuses.to_string(), Done::Deleted))
        }
        Err(error) => {
            let uses = match &error {
                storage::Error::InUse { .. } => {
                    let uses = state.store.uses_of_status(id).await?;
                    uses::links(visitor.v, &uses, Some(orders_in(id)))
                }
                _ => Vec::new(),
            };
            let fault = words::refusal(visitor.v, error)?;
            let refused = StatusForm { fault: Some(fault), uses, ..stored(status) };
            page(&visitor, &state, Some(refused), Moved::default()).await
        }
    }
}
