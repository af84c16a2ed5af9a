//! How a person wants the list: its columns, what counts as urgent, and views saved under a name.

use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::Form;
use serde::Deserialize;
use storage::Error;
use storage::people::Role;

use super::columns::Layout;
use super::filter::Asked;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::preferences::own_path;
use crate::panel::routes::Page;
use crate::panel::view::orders::{Choosable, Chooser, SavedView};
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;
use voice::Voice;

/// The longest name of a view, characters.
const LONGEST_NAME: usize = 60;

/// The chooser of columns.
pub(crate) fn chooser(v: Voice, wanted: &Layout) -> Chooser {
    let shown = |column: &super::columns::Column, is_shown| Choosable {
        column: *column,
        label: v.t(column.key()),
        shown: is_shown,
    };
    let columns = wanted.columns.iter().map(|c| shown(c, true));
    let hidden = wanted.hidden();
    Chooser {
        columns: columns.chain(hidden.iter().map(|c| shown(c, false))).collect(),
        risk_hours: wanted.risk_hours,
        own: *wanted != Layout::of(None),
    }
}

/// The views that a person sees.
pub(crate) async fn views(
    visitor: &Visitor,
    state: &AppState,
    asked: &Asked,
) -> Result<Vec<SavedView>, Fault> {
    let here = asked.query().unwrap_or_default();
    let views = state.store.order_views(visitor.user.id).await?;
    let is_admin = visitor.user.role == Role::Admin;
    let shown = views.into_iter().map(|view| SavedView {
        id: view.id,
        href: address(&view.query),
        here: view.query == here,
        may_delete: view.user == visitor.user.id || is_admin,
        shared: view.shared,
        name: view.name,
    });
    Ok(shown.collect())
}

fn address(query: &str) -> String {
    if query.is_empty() { Page::Orders.to_string() } else { format!("{}?{query}", Page::Orders) }
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    columns: Vec<String>,
    r#move: Option<String>,
    risk_hours: Option<String>,
    back: Option<String>,
}

/// Keeps the columns.
pub(crate) async fn set_columns(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Choice>,
) -> Result<Response, Fault> {
    let wanted = Layout::typed(&typed.columns, typed.r#move.as_deref(), typed.risk_hours.as_deref());
    state.store.set_list_preferences(visitor.user.id, &wanted.kept()).await?;
    Ok(go(&own_path(typed.back.as_deref()), Done::Saved))
}

#[derive(Deserialize)]
pub(crate) struct NewView {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    shared: bool,
}

/// Saves what the list shows under a name.
pub(crate) async fn save(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<NewView>,
) -> Result<Response, Fault> {
    let name: String = typed.name.trim().chars().take(LONGEST_NAME).collect();
    // Through the list's own reading, so that nothing but its parts is kept.
    let asked: Asked = serde_urlencoded::from_str(&typed.query).map_err(|_| Fault::BadRequest)?;
    let query = asked.query().unwrap_or_default();
    if name.is_empty() {
        return Ok(go(&address(&query), Done::ViewNeedsName));
    }
    // Who may change nothing decides nothing for others either; and a name or a phone is not for everyone's eyes.
    let shared = typed.shared && visitor.may(Act::ChangeOrders) && !asked.names_a_person();
    match state.store.save_order_view(visitor.user.id, &name, &query, shared, state.now()).await {
        Ok(()) => Ok(go(&address(&query), Done::Saved)),
        Err(Error::Refused(_)) => Ok(go(&address(&query), Done::TooManyViews)),
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct Gone {
    id: i64,
    back: Option<String>,
}

/// Deletes a view.
pub(crate) async fn delete(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(gone): Form<Gone>,
) -> Result<Response, Fault> {
    let anyones = visitor.user.role == Role::Admin;
    state.store.delete_order_view(gone.id, visitor.user.id, anyones).await?;
    Ok(go(&own_path(gone.back.as_deref()), Done::Deleted))
}
