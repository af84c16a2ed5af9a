//! `/customers`: the shop's customers. To a token that may not see persons they have ids alone.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use domain::CustomerId;
use serde::{Deserialize, Serialize};
use storage::lists::{Customer, CustomerDraft};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Change, Id};
use super::caller::Caller;
use super::field::{Line, Name, Remark};
use super::list::{Listed, ask, listed};
use super::problem::{Answer, Problem};
use super::query::{Limit, query};
use crate::AppState;
use crate::access::Act;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_customers, add_customer)).routes(routes!(
        get_customer,
        change_customer,
        delete_customer
    ))
}

query! {
    /// Which customers.
    CustomersQuery {
        /// Rows a page; 50 when left out.
        #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
        limit: Limit,
        /// The `next_cursor` of the page before.
        cursor: String,
        /// A part of the name, phone or e-mail; only for a token that may see persons.
        q: String,
    }
}

/// A customer of the shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
struct CustomerView {
    /// Its id.
    id: i64,
    /// Name; this and the next three are null for a token that may not see persons.
    name: Option<String>,
    /// Phone (Ozon gives a substitute number).
    phone: Option<String>,
    /// E-mail.
    email: Option<String>,
    /// The shop's remark.
    comment: Option<String>,
    /// The cabinet whose customer it is at Ozon.
    cabinet_id: Option<i64>,
    /// Ozon's id there.
    ozon_customer_id: Option<i64>,
    /// How many orders; only where one customer is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    orders: Option<u64>,
}

impl CustomerView {
    fn of(customer: Customer, persons: bool) -> Self {
        Self {
            id: customer.id.0,
            name: persons.then_some(customer.name),
            phone: customer.phone.filter(|_| persons),
            email: customer.email.filter(|_| persons),
            comment: persons.then_some(customer.comment),
            cabinet_id: customer.cabinet_id.map(|id| id.0),
            ozon_customer_id: customer.ozon_customer_id,
            orders: customer.orders,
        }
    }
}

/// A customer to be added; only the name is needed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCustomer {
    /// Name.
    name: Name,
    /// Phone.
    phone: Option<Line>,
    /// E-mail.
    email: Option<Line>,
    /// The shop's remark.
    comment: Option<Remark>,
}

/// A change of a customer; what is left out stays, null takes a value away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CustomerChange {
    /// Another name.
    name: Option<Name>,
    /// Another phone.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    phone: Change<Line>,
    /// Another e-mail.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    email: Change<Line>,
    /// Another remark.
    #[serde(default)]
    #[schema(value_type = Option<Remark>)]
    comment: Change<Remark>,
}

/// Customers, the newest first.
#[utoipa::path(get, path = "/customers", tag = "lists", params(CustomersQuery),
    responses((status = 200, description = "A page of customers", body = Listed<CustomerView>)))]
async fn list_customers(
    caller: Caller,
    State(state): State<AppState>,
    query: CustomersQuery,
) -> Answer<Json<Listed<CustomerView>>> {
    caller.must_be_allowed(Act::See)?;
    if query.q.is_some() {
        // Who may not see a name may not find it out by asking either.
        caller.must_be_allowed(Act::SeePersons)?;
    }
    let page = state.store.customers(query.q.as_deref(), &ask(query.limit, query.cursor)).await?;
    Ok(listed(page, |customer| CustomerView::of(customer, caller.sees_persons())))
}

/// Adds a customer.
#[utoipa::path(post, path = "/customers", tag = "lists", request_body = NewCustomer,
    responses((status = 201, description = "The customer", body = CustomerView)))]
async fn add_customer(
    caller: Caller,
    State(state): State<AppState>,
    Body(new): Body<NewCustomer>,
) -> Answer<impl IntoResponse> {
    caller.must_be_allowed(Act::ChangeCustomers)?;
    let draft = CustomerDraft {
        name: new.name.into_text(),
        phone: new.phone.and_then(Line::into_filled),
        email: new.email.and_then(Line::into_filled),
        comment: new.comment.map(Remark::into_text).unwrap_or_default(),
    };
    let id = state.store.save_customer(None, draft, state.now()).await?.id;
    note(&state, &caller, "customer.add", id).await?;
    let view = CustomerView::of(existing(&state, id).await?, caller.sees_persons());
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/customers/{id}"))], Json(view)))
}

/// One customer, with the number of orders.
#[utoipa::path(get, path = "/customers/{id}", tag = "lists",
    params(("id" = i64, Path, description = "The customer's id")),
    responses((status = 200, description = "The customer", body = CustomerView)))]
async fn get_customer(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CustomerId>,
) -> Answer<Json<CustomerView>> {
    caller.must_be_allowed(Act::See)?;
    Ok(Json(CustomerView::of(existing(&state, id).await?, caller.sees_persons())))
}

/// Changes a customer.
#[utoipa::path(patch, path = "/customers/{id}", tag = "lists",
    params(("id" = i64, Path, description = "The customer's id")), request_body = CustomerChange,
    responses((status = 200, description = "The customer as it is now", body = CustomerView)))]
async fn change_customer(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CustomerId>,
    Body(change): Body<CustomerChange>,
) -> Answer<Json<CustomerView>> {
    caller.must_be_allowed(Act::ChangeCustomers)?;
    let before = existing(&state, id).await?;
    let draft = CustomerDraft {
        name: change.name.map_or(before.name, Name::into_text),
        phone: change.phone.over(before.phone, Line::into_filled),
        email: change.email.over(before.email, Line::into_filled),
        comment: change.comment.over(Some(before.comment), |new| Some(new.into_text())).unwrap_or_default(),
    };
    state.store.save_customer(Some(id), draft, state.now()).await?;
    note(&state, &caller, "customer.change", id).await?;
    Ok(Json(CustomerView::of(existing(&state, id).await?, caller.sees_persons())))
}

/// Deletes a customer that nothing refers to.
#[utoipa::path(delete, path = "/customers/{id}", tag = "lists",
    params(("id" = i64, Path, description = "The customer's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "It came with the installation, or is in use: `count` says how often"),
    ))]
async fn delete_customer(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CustomerId>,
) -> Answer<StatusCode> {
    caller.must_be_allowed(Act::ChangeCustomers)?;
    existing(&state, id).await?;
    state.store.delete_customer(id).await?;
    note(&state, &caller, "customer.delete", id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn existing(state: &AppState, id: CustomerId) -> Answer<Customer> {
    state.store.customer(id).await.map_err(|error| match error {
        storage::Error::NotFound => Problem::not_found("There is no such customer"),
        other => other.into(),
    })
}

/// The audit names customers by id, so that a deleted one leaves no personal data.
async fn note(state: &AppState, caller: &Caller, act: &str, id: CustomerId) -> Answer<()> {
    let subject = format!("customer {id}");
    Ok(state.store.note_audit(&caller.signature(), act, &subject, "", state.now()).await?)
}
