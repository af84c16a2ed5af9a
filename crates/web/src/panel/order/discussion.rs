//! Comments under an order: writing one, and taking one back.

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use domain::OrderId;
use domain::discussion::Deleter;
use serde::Deserialize;

use super::way::CameFrom;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;

#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    text: String,
    /// The card said that the persons are erased.
    #[serde(default)]
    knows_erased: bool,
}

pub(crate) async fn comment(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
    Query(came): Query<CameFrom>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    visitor.must(Act::SeePersons)?;
    let author = &visitor.user;
    let (text, knows) = (&typed.text, typed.knows_erased);
    let written = state.store.comment_order(id, author.id, &author.email, text, knows, state.now()).await;
    let done = match written {
        Ok(_) => Done::CommentAdded,
        Err(storage::Error::Refused("empty")) => Done::CommentEmpty,
        Err(storage::Error::Refused("persons_erased")) => Done::CommentTooLate,
        Err(error) => return Err(error.into()),
    };
    Ok(go(&came.card(id), done))
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    id: Option<i64>,
}

pub(crate) async fn delete_comment(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(order): Path<OrderId>,
    Query(came): Query<CameFrom>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    let id = chosen.id.ok_or(Fault::BadRequest)?;
    let deleted = state
        .store
        .delete_order_comment(order, id, deleter(&visitor), &visitor.user.email, state.now())
        .await;
    let done = match deleted {
        Ok(()) => Done::CommentDeleted,
        Err(storage::Error::Refused("comment_stays")) => Done::CommentStays,
        Err(error) => return Err(error.into()),
    };
    Ok(go(&came.card(order), done))
}

/// What the visitor may take back.
pub(crate) fn deleter(visitor: &Visitor) -> Deleter {
    Deleter { id: visitor.user.id, of_all: visitor.may(Act::DeleteComments) }
}
