//! Erasing the personal data of one order or customer: first the question, which names what goes, then the act.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::{CustomerId, OrderId};

use super::counted;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::routes::Page;
use crate::panel::view::personal_data::ErasePage;
use crate::panel::view::{Link, Section};
use crate::panel::visitor::{Visitor, go};
use crate::panel::words;
use crate::state::AppState;

pub(crate) async fn ask_about_order(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ErasePersons)?;
    let v = visitor.v;
    let order = state.store.order(id).await?;
    let persons = state.store.persons_of_order(id).await?;
    if !persons.is_left() {
        let note = if persons.erased_at.is_some() { Done::Unchanged } else { Done::NotEnded };
        return Ok(go(&Page::Order(id).to_string(), note));
    }
    let goes = [
        "erase-goes-people",
        "erase-goes-comments",
        "erase-goes-history",
        "erase-goes-raw",
        "erase-goes-requests",
        "erase-goes-search",
        "erase-goes-customer",
    ];
    visitor.page(&ErasePage {
        frame: visitor.frame_of(&state, Section::Orders).await?,
        v,
        about: Link {
            href: Page::Order(id).to_string(),
            text: format!("{} {}", v.t("order-word"), order.number),
        },
        act: Page::OrderErase(id),
        goes: goes.map(|key| v.t(key)).into(),
        stays: ["erase-stays", "erase-stays-views"].map(|key| v.t(key)).into(),
        going_on: None,
    })
}

pub(crate) async fn erase_order(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ErasePersons)?;
    let note = match state.store.erase_order(id, &visitor.actor(), state.now()).await {
        Ok(erased) if erased.is_nothing() => Done::Unchanged,
        Ok(_) => Done::PersonsErased,
        Err(storage::Error::Refused("not_ended")) => Done::NotEnded,
        Err(error) => return Err(error.into()),
    };
    Ok(go(&Page::Order(id).to_string(), note))
}

pub(crate) async fn ask_about_customer(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CustomerId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ErasePersons)?;
    let v = visitor.v;
    let customer = state.store.customer(id).await?;
    let persons = state.store.persons_of_customer(id).await?;
    if !persons.is_left() {
        return Ok(go(&Page::Customer(id).to_string(), Done::Unchanged));
    }
    let mut goes = vec![v.t("erase-goes-own-customer")];
    if persons.ended > 0 {
        goes.push(counted(v, "erase-goes-orders", persons.ended));
        goes.extend(["erase-goes-comments", "erase-goes-requests", "erase-goes-search"].map(|key| v.t(key)));
    }
    visitor.page(&ErasePage {
        frame: visitor.frame_of(&state, Section::Customers).await?,
        v,
        about: Link { href: Page::Customer(id).to_string(), text: words::person(v, &customer.name) },
        act: Page::CustomerErase(id),
        goes,
        stays: ["erase-stays", "erase-stays-unbound", "erase-stays-views"].map(|key| v.t(key)).into(),
        going_on: (persons.going_on > 0).then(|| counted(v, "erase-going-on", persons.going_on)),
    })
}

pub(crate) async fn erase_customer(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CustomerId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ErasePersons)?;
    let erased = match state.store.erase_customer(id, &visitor.actor(), state.now()).await {
        // Nobody is offered that.
        Err(storage::Error::Refused(_)) => return Err(Fault::BadRequest),
        erased => erased?,
    };
    let note = if erased.is_nothing() { Done::Unchanged } else { Done::PersonsErased };
    Ok(go(&Page::Customer(id).to_string(), note))
}
