//! An order as REST shows it. Reads what a whole page of orders needs at once, never order by order.

use std::collections::{BTreeSet, HashMap};

use domain::{CustomerId, Order, OrderId, OrderLine, Posting};
use serde::Serialize;
use storage::lists::{NamedList, Status};
use utoipa::ToSchema;

use super::extra::Extra;
use crate::AppState;
use crate::rest::caller::Caller;
use crate::rest::problem::Answer;
use crate::rest::wire::{Amount, NamedRef, Time};

/// More boxes than this are a mistake of the answer that told of them.
const MOST_BOXES: u32 = 200;

/// An order of the shop, made of one posting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    /// The shop's id.
    id: i64,
    /// The number people see; unique in the shop.
    number: String,
    /// Ozon's posting number; unique within the cabinet.
    #[schema(example = "0105259411-0854-2")]
    posting_number: String,
    /// Ozon's order number, shared by the postings of one order.
    ozon_order_number: Option<String>,
    /// The cabinet it came from.
    cabinet_id: i64,
    /// Ozon's status.
    #[schema(example = "awaiting_packaging")]
    ozon_status: String,
    /// Ozon's finer status.
    ozon_substatus: Option<String>,
    /// The shop's status.
    status: StatusRef,
    /// Where it came from.
    source: NamedRef,
    /// The customer it is bound to.
    customer: CustomerRef,
    /// The person who works it; null for nobody.
    manager: Option<ManagerRef>,
    /// The customer's name as this order shows it; null for a token that may not see persons.
    customer_name: Option<String>,
    /// Who receives it; null for a token that may not see persons.
    recipient: Option<RecipientView>,
    /// How it is delivered.
    delivery_method: NamedRef,
    /// How it is paid.
    payment_method: NamedRef,
    /// Ozon's `in_process_at`, once known.
    placed_at: Option<Time>,
    /// When the order was made here.
    imported_at: Time,
    /// The one of the two that the setting `order_date` chose.
    order_date: Time,
    /// "Отгрузить до".
    ship_by: Option<Time>,
    /// Paid.
    paid: bool,
    /// Since when.
    paid_at: Option<Time>,
    /// The track number.
    track_number: Option<String>,
    /// The goods.
    items: Vec<ItemView>,
    /// Σ price × quantity of what is not cancelled.
    total: Amount,
    /// The currency of the total.
    #[schema(example = "RUB")]
    currency: String,
    /// The boxes it is packed in.
    boxes: Vec<BoxView>,
    /// The posting that this one was split from.
    parent_posting_number: Option<String>,
    /// What else Ozon told, as far as it is known.
    extra: Extra,
    /// Marks that ask for attention: `cancelled_in_ozon`, `awaiting_return`, `partly_cancelled`.
    flags: Vec<String>,
    /// The shop's own comment; empty for a token that may not see persons.
    admin_comment: String,
}

/// A status as orders refer to it.
#[derive(Debug, Serialize, ToSchema)]
struct StatusRef {
    /// Its id.
    id: i64,
    /// Its name.
    name: String,
    /// `#rrggbb`.
    color: String,
}

/// A customer as orders refer to it.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerRef {
    /// Its id.
    id: i64,
    /// Its name; null for a token that may not see persons.
    name: Option<String>,
}

/// A person who works orders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Manager)]
struct ManagerRef {
    /// Their id.
    id: i64,
    /// The e-mail address that they sign in with.
    email: String,
}

/// Who receives an order. Phones are Ozon's substitute numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recipient)]
struct RecipientView {
    /// Name.
    name: Option<String>,
    /// Phone.
    phone: Option<String>,
    /// The phone's extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<String>,
    /// City.
    city: Option<String>,
    /// Street, house, flat.
    address: Option<String>,
    /// Post code.
    zip_code: Option<String>,
    /// The customer's remark.
    comment: Option<String>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Item)]
struct ItemView {
    /// The seller's article.
    offer_id: String,
    /// Ozon's SKU.
    sku: Option<i64>,
    /// Name at Ozon.
    name: String,
    /// Pieces to be sent.
    quantity: u32,
    /// Pieces cancelled since the order was made.
    cancelled: u32,
    /// The seller's price a piece.
    price: Amount,
    /// The currency of the price.
    currency: String,
    /// Whether the article is in the shop's catalogue; false while there is none.
    matched: bool,
    /// The crossed-out price a piece; in no total.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_price: Option<Amount>,
    /// What the customer paid a piece, after Ozon's discount; in no total.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_price: Option<Amount>,
    /// The currency of `customer_price`.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_currency: Option<String>,
}

/// A box.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Box)]
struct BoxView {
    /// 1 and up.
    number: u32,
}

/// The rows of the shop that orders refer to.
struct Shop {
    statuses: HashMap<i64, Status>,
    sources: HashMap<i64, String>,
    delivery_methods: HashMap<i64, String>,
    payment_methods: HashMap<i64, String>,
    customers: HashMap<CustomerId, String>,
    people: HashMap<i64, String>,
}

/// Orders as REST shows them to this caller.
pub async fn whole(state: &AppState, caller: &Caller, orders: Vec<Order>) -> Answer<Vec<OrderView>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let mut facts = state.store.facts_of(&ids).await?;
    let shop = Shop::read(state, caller, &orders).await?;
    let shown = orders.into_iter().map(|order| {
        let facts = facts.remove(&order.id);
        OrderView::of(order, facts, &shop, caller.sees_persons())
    });
    Ok(shown.collect())
}

impl Shop {
    async fn read(state: &AppState, caller: &Caller, orders: &[Order]) -> Answer<Self> {
        let store = &state.store;
        let statuses = store.statuses().await?.into_iter().map(|status| (status.id.0, status)).collect();
        let (sources, delivery_methods, payment_methods) = tokio::try_join!(
            named(state, NamedList::Sources),
            named(state, NamedList::DeliveryMethods),
            named(state, NamedList::PaymentMethods),
        )?;
        let customers = if caller.sees_persons() {
            let wanted: BTreeSet<CustomerId> = orders.iter().map(|order| order.customer_id).collect();
            store.customer_names(&wanted.into_iter().collect::<Vec<_>>()).await?
        } else {
            HashMap::new()
        };
        let people = if orders.iter().any(|order| order.manager.is_some()) {
            store.users().await?.into_iter().map(|user| (user.id.0, user.email)).collect()
        } else {
            HashMap::new()
        };
        Ok(Self { statuses, sources, delivery_methods, payment_methods, customers, people })
    }
}

async fn named(state: &AppState, list: NamedList) -> Answer<HashMap<i64, String>> {
    Ok(state.store.named(list).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

impl OrderView {
    fn of(order: Order, facts: Option<Posting>, shop: &Shop, persons: bool) -> Self {
        let named = |list: &HashMap<i64, String>, id: i64| NamedRef {
            id,
            name: list.get(&id).cloned().unwrap_or_default(),
        };
        let status = shop.statuses.get(&order.status_id.0);
        Self {
            id: order.id.0,
            cabinet_id: order.cabinet_id.0,
            ozon_status: order.ozon_status.to_string(),
            ozon_substatus: order.ozon_substatus.clone(),
            status: StatusRef {
                id: order.status_id.0,
                name: status.map(|status| status.name.clone()).unwrap_or_default(),
                color: status.map(|status| status.color.clone()).unwrap_or_default(),
            },
            source: named(&shop.sources, order.source_id.0),
            customer: CustomerRef {
                id: order.customer_id.0,
                name: shop.customers.get(&order.customer_id).cloned().filter(|_| persons),
            },
            manager: order.manager.map(|id| ManagerRef {
                id: id.0,
                email: shop.people.get(&id.0).cloned().unwrap_or_default(),
            }),
            customer_name: persons.then(|| order.customer_name.clone()),
            recipient: persons.then(|| RecipientView::of(facts.as_ref())),
            delivery_method: named(&shop.delivery_methods, order.delivery_method_id.0),
            payment_method: named(&shop.payment_methods, order.payment_method_id.0),
            placed_at: Time::of(order.placed_at),
            imported_at: Time(order.imported_at),
            order_date: Time(order.order_date),
            ship_by: Time::of(order.ship_by),
            paid: order.paid,
            paid_at: Time::of(order.paid_at),
            items: order.lines.iter().map(ItemView::of).collect(),
            total: Amount(order.total),
            currency: order.total.currency.to_string(),
            boxes: (1..=order.boxes.min(MOST_BOXES)).map(|number| BoxView { number }).collect(),
            parent_posting_number: order.parent.as_ref().map(ToString::to_string),
            flags: order.flags.iter().map(ToString::to_string).collect(),
            extra: Extra::of(&order, facts, persons),
            number: order.number,
            posting_number: order.posting_number.into(),
            ozon_order_number: order.ozon_order_number,
            track_number: order.track_number,
            admin_comment: if persons { order.admin_comment } else { String::new() },
        }
    }
}

impl RecipientView {
    /// The recipient, and where Ozon is silent about one the customer.
    fn of(facts: Option<&Posting>) -> Self {
        let recipient = facts.and_then(|f| f.recipient.clone()).unwrap_or_default();
        let customer = facts.and_then(|f| f.customer.clone()).unwrap_or_default();
        let address = customer.address.unwrap_or_default();
        Self {
            name: recipient.name.or(customer.name),
            phone: recipient.phone.or(customer.phone),
            pin: recipient.pin,
            city: address.city.or_else(|| facts.and_then(|f| f.details.city.clone())),
            address: address.tail,
            zip_code: address.zip_code,
            comment: address.comment,
        }
    }
}

impl ItemView {
    fn of(line: &OrderLine) -> Self {
        Self {
            offer_id: line.offer_id.clone(),
            sku: line.sku,
            name: line.name.clone(),
            quantity: line.quantity,
            cancelled: line.cancelled,
            price: Amount(line.price),
            currency: line.price.currency.to_string(),
            matched: false,
            old_price: line.old_price.map(Amount),
            customer_price: line.customer_price.map(Amount),
            customer_currency: line.customer_price.map(|price| price.currency.to_string()),
        }
    }
}
