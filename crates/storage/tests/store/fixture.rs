//! A shop with one cabinet, and postings to take in.

use chrono::{DateTime, Duration, Utc};
use domain::posting::{Customer, Details, Product};
use domain::{CabinetId, Currency, Money, OzonStatus, Posting, PostingNumber};
use serde_json::{Value, json};
use storage::intake::{Arrival, Arrived, Became, ShownBy};
use storage::{PageAsk, Store, cabinets::NewCabinet, orders::OrderFilter, orders::OrderSort};

pub const API_KEY: &str = "0000-very-secret-api-key-1111";

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("a literal time")
}

pub fn morning() -> DateTime<Utc> {
    utc("2026-11-23T08:00:00Z")
}

pub fn new_cabinet(name: &str, client_id: &str) -> NewCabinet {
    NewCabinet {
        name: name.to_owned(),
        client_id: client_id.to_owned(),
        api_key: API_KEY.into(),
        api_url: "https://api-seller.ozon.ru".to_owned(),
    }
}

pub async fn cabinet(store: &Store) -> CabinetId {
    store.add_cabinet(new_cabinet("Дом", "100"), morning(), "test").await.expect("is added").id
}

pub async fn set(store: &Store, cabinet: CabinetId, patch: Value) {
    store.apply_settings(cabinet, &patch, "test", morning()).await.expect("a right change");
}

pub fn posting(number: &str, status: &str) -> Posting {
    Posting {
        number: PostingNumber::new(number).expect("a literal number"),
        status: OzonStatus::from(status),
        substatus: None,
        products: vec![product("MUG-1", 2, 49_900)],
        details: Details {
            order_number: number.rsplit_once('-').map(|(order, _)| order.to_owned()),
            in_process_at: Some(morning()),
            shipment_date: Some(utc("2026-11-25T10:00:00Z")),
            ..Details::default()
        },
        customer: None,
        recipient: None,
        related: None,
    }
}

pub fn product(article: &str, quantity: u32, kopecks: i64) -> Product {
    Product {
        offer_id: article.to_owned(),
        sku: Some(148_313_766),
        name: "Кружка".to_owned(),
        quantity,
        price: Money { minor: kopecks, currency: Currency::RUB },
        old_price: None,
        customer_price: None,
        weight_grams: None,
        color: None,
    }
}

pub fn buyer(id: i64, name: &str) -> Option<Customer> {
    Some(Customer {
        id: Some(id),
        name: Some(name.to_owned()),
        phone: Some("+7 903 123-45-67".to_owned()),
        ..Customer::default()
    })
}

/// The posting in Ozon's words: here simply its facts.
pub fn shown(posting: &Posting) -> Arrived {
    Arrived {
        number: posting.number.clone(),
        raw: serde_json::to_string(posting).expect("facts are JSON"),
        posting: Ok(posting.clone()),
    }
}

pub fn unreadable(number: &str) -> Arrived {
    Arrived {
        number: PostingNumber::new(number).expect("a literal number"),
        raw: format!(r#"{{"posting_number":"{number}","status":7}}"#),
        posting: Err("status: expected a text".to_owned()),
    }
}

/// A page read so many seconds after the morning.
pub fn page(cabinet: CabinetId, second: i64, postings: Vec<Arrived>) -> Arrival {
    Arrival { cabinet, shown_by: ShownBy::List, read_at: morning() + Duration::seconds(second), postings }
}

/// Takes a page in; what became of each posting, by its number.
pub async fn take(store: &Store, arrival: &Arrival) -> Vec<(String, Became)> {
    let now = arrival.read_at + Duration::milliseconds(1);
    let became = store.take_in(arrival, now, false).await.expect("the page is taken in");
    let mut became: Vec<_> = became.into_iter().map(|(number, b)| (number.to_string(), b)).collect();
    became.sort();
    became
}

/// Takes one posting in.
pub async fn one(store: &Store, cabinet: CabinetId, second: i64, posting: &Posting) -> Became {
    let became = take(store, &page(cabinet, second, vec![shown(posting)])).await;
    assert_eq!(became.len(), 1);
    became[0].1
}

pub async fn order(store: &Store, cabinet: CabinetId, number: &str) -> domain::Order {
    let number = PostingNumber::new(number).expect("a literal number");
    store.order_of_posting(cabinet, &number).await.expect("answers").expect("it has an order")
}

pub async fn all_orders(store: &Store) -> Vec<domain::Order> {
    let ask = PageAsk::first(200);
    store.orders(&OrderFilter::default(), OrderSort::default(), &ask).await.expect("answers").items
}

pub fn also_awaiting_deliver() -> Value {
    json!({"also_awaiting_deliver": true})
}

/// Takes back what the migration of products made, as if it had not been.
pub fn before_products(store: &Store) -> String {
    let (id, view) = match store.backend_name() {
        "sqlite" => ("INTEGER PRIMARY KEY AUTOINCREMENT", ""),
        _ => ("BIGSERIAL PRIMARY KEY", "DROP VIEW order_lines; DROP FUNCTION order_line_of_before();"),
    };
    format!(
        "{view} CREATE TABLE order_lines (id {id}, order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE, \
             position INTEGER NOT NULL, offer_id TEXT NOT NULL, sku BIGINT, name TEXT NOT NULL, quantity INTEGER NOT NULL, \
             cancelled INTEGER NOT NULL, price_minor BIGINT NOT NULL, currency TEXT NOT NULL, old_price_minor BIGINT, \
             old_price_currency TEXT, customer_price_minor BIGINT, customer_price_currency TEXT, \
             moved INTEGER NOT NULL DEFAULT 0); \
         INSERT INTO order_lines (order_id, position, offer_id, sku, name, quantity, cancelled, price_minor, currency, \
             old_price_minor, customer_price_minor, moved) \
             SELECT order_id, position, offer_id, sku, name, quantity, cancelled, price_minor, currency, old_price_minor, \
                 customer_price_minor, moved \
             FROM order_goods JOIN products ON id = product_id; \
         DROP TABLE order_goods; DROP TABLE products; DROP TABLE product_search; \
         CREATE INDEX order_lines_of_order ON order_lines (order_id, position); \
         CREATE INDEX order_lines_by_article ON order_lines (substr(offer_id, 1, 200)); \
         DELETE FROM seaql_migrations WHERE version = '0016_products';"
    )
}

/// Takes back what the migration of the orders' kinds and those after it made, as if they had not been.
pub fn before_kinds(store: &Store) -> String {
    let triggers = match store.backend_name() {
        "sqlite" => "DROP TRIGGER orders_kind_of_new; DROP TRIGGER orders_kind_of_changed;",
        _ => "DROP FUNCTION order_kind() CASCADE;",
    };
    // Those that tell the kind.
    let sorted_by = [
        ("by_date", "order_date"),
        ("by_ship_by", "COALESCE(ship_by, 9223372036854775807)"),
        ("by_ship_by_back", "COALESCE(ship_by, -9223372036854775807)"),
        ("by_total", "total_minor"),
        ("still_here", "COALESCE(ship_by, 9223372036854775807)"),
    ]
    .map(|(name, key)| format!("DROP INDEX orders_{name}; CREATE INDEX orders_{name} ON orders ({key}, id);"))
    .concat();
    let by_column = [
        ("ozon_status", "ozon_status"),
        ("cabinet", "cabinet_id"),
        ("paid", "paid"),
        ("manager", "manager_id"),
        ("scheme", "scheme"),
        ("warehouse", "warehouse_id"),
    ]
    .map(|(name, column)| format!("CREATE INDEX orders_by_{name} ON orders ({column}, order_date);"))
    .concat();
    let products = before_products(store);
    format!(
        "{products} {triggers} {sorted_by} DROP INDEX orders_by_kind; DROP TABLE order_kinds; ALTER TABLE orders DROP COLUMN kind_id; \
         CREATE INDEX orders_express ON orders (order_date) WHERE express; {by_column} \
         DELETE FROM seaql_migrations WHERE version >= '0013_kinds';"
    )
}
