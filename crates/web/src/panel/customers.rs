//! Customers: the list, one customer, add, change, delete. All of it is personal data.

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::CustomerId;
use serde::Deserialize;
use storage::PageAsk;
use storage::lists::CustomerDraft;

use super::faults::Fault;
use super::flash::Done;
use super::people::{email, filled};
use super::routes::Page;
use super::view::Section;
use super::view::lists::{CustomerForm, CustomerPage, CustomerRow, CustomersPage, tabs};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    comment: String,
}

impl Typed {
    fn read(&self, v: Voice) -> Result<CustomerDraft, String> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let address = match given(&self.email) {
            Some(typed) => Some(email(&typed).ok_or_else(|| v.t("fault-email"))?),
            None => None,
        };
        Ok(CustomerDraft {
            name: filled(v, &self.name)?,
            phone: given(&self.phone),
            email: address,
            comment: self.comment.trim().to_owned(),
        })
    }

    fn form(self, fault: String) -> CustomerForm {
        CustomerForm {
            name: self.name,
            phone: self.phone,
            email: self.email,
            comment: self.comment,
            fault: Some(fault),
        }
    }
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    asked: Asked,
    new: CustomerForm,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let code = if new.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let q = asked.q.unwrap_or_default().trim().chars().take(200).collect::<String>();
    let wanted = Some(q.as_str()).filter(|q| !q.is_empty());
    let found = state.store.customers(wanted, &PageAsk { limit: 50, cursor: asked.cursor }).await?;
    let rows = found.items.into_iter().map(|c| CustomerRow {
        id: c.id.0,
        name: c.name,
        phone: c.phone.unwrap_or_default(),
        email: c.email.unwrap_or_default(),
        orders: c.orders.map(|n| v.number(n)).unwrap_or_default(),
        of_ozon: c.ozon_customer_id.is_some(),
    });
    let page = CustomersPage {
        frame: visitor.frame_of(state, Section::Lists).await?,
        v,
        tabs: tabs(v, true, &Page::Customers),
        rows: rows.collect(),
        next: found.next.map(|cursor| Page::Customers.with([("q", q.clone()), ("cursor", cursor)])),
        q,
        new,
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    visitor.must(Act::SeePersons)?;
    page(&visitor, &state, asked, CustomerForm::default()).await
}

pub(crate) async fn add(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCustomers)?;
    match typed.read(visitor.v) {
        Ok(draft) => {
            let customer = state.store.save_customer(None, draft, state.now()).await?;
            visitor.note(&state, "customer.add", &format!("customer {}", customer.id), "").await?;
            Ok(go(&Page::Customer(customer.id).to_string(), Done::Added))
        }
        Err(fault) => page(&visitor, &state, Asked::default(), typed.form(fault)).await,
    }
}

async fn card(
    visitor: &Visitor,
    state: &AppState,
    id: CustomerId,
    refused: Option<CustomerForm>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let customer = state.store.customer(id).await?;
    let code = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let form = refused.unwrap_or_else(|| CustomerForm {
        name: customer.name,
        phone: customer.phone.unwrap_or_default(),
        email: customer.email.unwrap_or_default(),
        comment: customer.comment,
        fault: None,
    });
    let page = CustomerPage {
        frame: visitor.frame_of(state, Section::Lists).await?,
        v,
        id,
        form,
        ozon_id: customer.ozon_customer_id.map(|n| n.to_string()),
        orders: Page::Orders.with([("customer", id.to_string())]),
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CustomerId>,
) -> Result<Response, Fault> {
    visitor.must(Act::SeePersons)?;
    card(&visitor, &state, id, None).await
}

pub(crate) async fn change(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CustomerId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCustomers)?;
    match typed.read(visitor.v) {
        Ok(draft) => {
            state.store.save_customer(Some(id), draft, state.now()).await?;
            visitor.note(&state, "customer.change", &format!("customer {id}"), "").await?;
            Ok(go(&Page::Customer(id).to_string(), Done::Saved))
        }
        Err(fault) => card(&visitor, &state, id, Some(typed.form(fault))).await,
    }
}

pub(crate) async fn delete(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CustomerId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCustomers)?;
    match state.store.delete_customer(id).await {
        Ok(()) => {
            visitor.note(&state, "customer.delete", &format!("customer {id}"), "").await?;
            Ok(go(&Page::Customers.to_string(), Done::Deleted))
        }
        Err(error) => {
            let fault = words::refusal(visitor.v, error)?;
            card(&visitor, &state, id, Some(typed.form(fault))).await
        }
    }
}
