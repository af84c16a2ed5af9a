//! Customers: the list, one customer, add, change, delete. All of it is personal data.

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::CustomerId;
use serde::Deserialize;
use storage::PageAsk;
use storage::lists::CustomerDraft;
use storage::orders::{OrderFilter, OrderSort};

use super::faults::Fault;
use super::flash::Done;
use super::named::one_line;
use super::people::email;
use super::routes::Page;
use super::view::customers::{CustomerForm, CustomerOrder, CustomerPage, CustomerRow, CustomersPage};
use super::view::{Dot, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// The longest name, phone and comment, in characters.
const LONGEST: u64 = 200;
const LONGEST_PHONE: u64 = 40;
const LONGEST_COMMENT: usize = 4000;
/// Orders that a customer's card shows at once.
const ORDERS: u64 = 20;

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
        let phone = given(&self.phone).map(|typed| one_line(v, &typed, LONGEST_PHONE)).transpose()?;
        let comment = self.comment.trim();
        if comment.chars().count() > LONGEST_COMMENT {
            return Err(v.n("fault-too-long", LONGEST_COMMENT as u64));
        }
        Ok(CustomerDraft {
            name: one_line(v, &self.name, LONGEST)?,
            phone,
            email: address,
            comment: comment.to_owned(),
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
    let ids: Vec<CustomerId> = found.items.iter().map(|c| c.id).collect();
    let orders = state.store.orders_per_customer(&ids).await?;
    let rows = found.items.into_iter().map(|c| {
        let orders = orders.get(&c.id).copied().unwrap_or_default();
        CustomerRow {
            id: c.id.0,
            name: words::person(v, &c.name),
            phone: c.phone.unwrap_or_default(),
            email: c.email.unwrap_or_default(),
            orders: v.number(orders),
            orders_told: v.n("uses-orders", orders),
            of_ozon: c.ozon_customer_id.is_some(),
        }
    });
    let page = CustomersPage {
        frame: visitor.frame_of(state, Section::Customers).await?,
        v,
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
            note(&visitor, &state, "customer.add", customer.id).await?;
            Ok(go(&Page::Customer(customer.id).to_string(), Done::Added))
        }
        Err(fault) => page(&visitor, &state, Asked::default(), typed.form(fault)).await,
    }
}

/// The audit names customers by id, so that a deleted one leaves no personal data.
async fn note(visitor: &Visitor, state: &AppState, act: &str, id: CustomerId) -> Result<(), Fault> {
    visitor.note(state, act, &format!("customer {id}"), "").await
}

/// A page of a customer's orders, the newest first, and the cursor of the next one.
async fn orders_of(
    v: Voice,
    state: &AppState,
    id: CustomerId,
    cursor: Option<String>,
) -> Result<(Vec<CustomerOrder>, Option<String>), Fault> {
    let filter = OrderFilter { customer: Some(id), ..OrderFilter::default() };
    let ask = PageAsk { limit: ORDERS, cursor };
    let found = state.store.orders(&filter, OrderSort::DateDesc, &ask).await?;
    let statuses = state.store.statuses().await?;
    let rows = found.items.into_iter().map(|order| {
        let status = statuses.iter().find(|s| s.id == order.status_id);
        CustomerOrder {
            id: order.id,
            status: status.map(|s| s.name.clone()).unwrap_or_default(),
            dot: Dot::new(status.map_or("", |s| &s.color)),
            date: v.when(&order.order_date),
            total: v.money(&order.total),
            number: order.number,
        }
    });
    Ok((rows.collect(), found.next))
}

async fn card(
    visitor: &Visitor,
    state: &AppState,
    id: CustomerId,
    cursor: Option<String>,
    refused: Option<CustomerForm>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let customer = state.store.customer(id).await?;
    let (rows, next) = orders_of(v, state, id, cursor).await?;
    let persons = state.store.persons_of_customer(id).await?;
    let code = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let count = v.n("uses-orders", customer.orders.unwrap_or_default());
    let form = refused.unwrap_or_else(|| CustomerForm {
        name: customer.name,
        phone: customer.phone.unwrap_or_default(),
        email: customer.email.unwrap_or_default(),
        comment: customer.comment,
        fault: None,
    });
    let page = CustomerPage {
        frame: visitor.frame_of(state, Section::Customers).await?,
        v,
        id,
        form,
        ozon_id: customer.ozon_customer_id.map(|n| n.to_string()),
        can_be_erased: visitor.may(Act::ErasePersons) && persons.is_left(),
        erased: persons.erased_at.map(|at| v.with("persons-erased-at", "time", v.when_exactly(&at).text)),
        orders: Page::Orders.with([("customer", id.to_string())]),
        count,
        rows,
        next: next.map(|cursor| format!("{}#orders", Page::Customer(id).with([("cursor", cursor)]))),
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CustomerId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    visitor.must(Act::SeePersons)?;
    card(&visitor, &state, id, asked.cursor, None).await
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
            note(&visitor, &state, "customer.change", id).await?;
            Ok(go(&Page::Customer(id).to_string(), Done::Saved))
        }
        Err(fault) => card(&visitor, &state, id, None, Some(typed.form(fault))).await,
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
            note(&visitor, &state, "customer.delete", id).await?;
            Ok(go(&Page::Customers.to_string(), Done::Deleted))
        }
        Err(error) => {
            let fault = words::refusal(visitor.v, error)?;
            card(&visitor, &state, id, None, Some(typed.form(fault))).await
        }
    }
}
