//! Postings made to measure, fed into the store as a load would.

use chrono::{DateTime, Duration, Utc};
use domain::posting::{Address, Company, Container, Customer, Details, Product, Recipient};
use domain::{CabinetId, Currency, Money, OzonStatus, Posting, PostingNumber};
use serde_json::json;
use storage::Store;
use storage::intake::{Arrival, Arrived, Became, ShownBy};

use crate::site::at;

/// When the postings of the tests were placed.
pub fn noon() -> DateTime<Utc> {
    at("2026-11-23T09:00:00Z")
}

/// A posting that waits to be packed; the number tells its place in time.
pub fn posting(number: u32) -> Posting {
    let placed = noon() - Duration::minutes(i64::from(number));
    Posting {
        number: PostingNumber::new(&format!("{number:08}-0001-1")).unwrap(),
        status: OzonStatus::AwaitingPackaging,
        substatus: Some("posting_created".to_owned()),
        products: vec![product("SK-58", 2, 153_000)],
        details: Details {
            order_number: Some(format!("{number:08}-0001")),
            in_process_at: Some(placed),
            shipment_date: Some(placed + Duration::days(1)),
            ..Details::default()
        },
        customer: None,
        recipient: None,
        related: None,
    }
}

/// A line of goods; the price in kopecks.
pub fn product(offer_id: &str, quantity: u32, price: i64) -> Product {
    Product {
        offer_id: offer_id.to_owned(),
        sku: Some(160_249_683),
        name: "Набор маркеров".to_owned(),
        quantity,
        price: Money { minor: price, currency: Currency::RUB },
        old_price: Some(Money { minor: price * 2, currency: Currency::RUB }),
        customer_price: None,
        weight_grams: None,
        color: None,
    }
}

/// A posting with everything that Ozon can tell of people and delivery.
pub fn rich_posting() -> Posting {
    let mut posting = posting(7);
    posting.details = Details {
        upper_barcode: Some("%101%44441003".to_owned()),
        lower_barcode: Some("20325804886000".to_owned()),
        warehouse_id: Some(22_142_605_386_000),
        warehouse_name: Some("Склад на Ленина".to_owned()),
        tpl_integration_type: Some("non_integrated".to_owned()),
        is_express: Some(false),
        is_legal: Some(true),
        company: Some(Company {
            name: Some("ИП Сидорова".to_owned()),
            inn: Some("770000000001".to_owned()),
            kpp: None,
        }),
        container: Some(Container { number: Some(12), cargo_type: Some("pallet".to_owned()), date: None }),
        multi_box_qty: Some(3),
        available_actions: Some(vec!["cancel".to_owned(), "ship".to_owned()]),
        ..posting.details
    };
    posting.customer = Some(Customer {
        id: Some(111),
        name: Some("Пётр Ёлкин".to_owned()),
        phone: Some("+7 903 123-45-67".to_owned()),
        email: None,
        address: Some(Address {
            city: Some("Москва".to_owned()),
            tail: Some("ул. Кедрова, 5, кв. 12".to_owned()),
            zip_code: Some("117036".to_owned()),
            comment: Some("домофон 12".to_owned()),
            ..Address::default()
        }),
    });
    posting.recipient =
        Some(Recipient {
            name: Some("Анна Ёлкина".to_owned()), phone: None, pin: Some("123".to_owned())
        });
    posting
}

/// Ozon's words about a posting, as the tests pretend they came.
pub fn raw(posting: &Posting) -> String {
    let customer = posting.customer.as_ref().and_then(|customer| customer.name.as_deref());
    let addressee = posting.recipient.as_ref().and_then(|recipient| recipient.name.as_deref());
    let told = json!({"addressee": addressee, "customer": customer, "status": posting.status.code()});
    // Spaces and a number that a reader could round: the words must come back as they are.
    format!("{{ \"posting_number\":\"{}\", \"weight\": 0.300, \"told\": {told} }}", posting.number)
}

/// Feeds postings in as one page of a list.
pub async fn feed(store: &Store, cabinet: CabinetId, postings: &[Posting]) -> Vec<Became> {
    feed_at(store, cabinet, postings, noon() + Duration::hours(1)).await
}

/// Feeds postings in as one page of a list that was asked for at that time.
pub async fn feed_at(
    store: &Store,
    cabinet: CabinetId,
    postings: &[Posting],
    read_at: DateTime<Utc>,
) -> Vec<Became> {
    let arrived = |p: &Posting| Arrived { number: p.number.clone(), raw: raw(p), posting: Ok(p.clone()) };
    let arrival = Arrival {
        cabinet,
        shown_by: ShownBy::List,
        read_at,
        postings: postings.iter().map(arrived).collect(),
    };
    let became = store.take_in(&arrival, read_at, false).await.unwrap();
    became.into_iter().map(|(_, became)| became).collect()
}
