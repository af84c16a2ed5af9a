//! The client against a simulated cabinet: what is there is what is read.

mod cabinet;

use std::collections::BTreeMap;

use cabinet::{CLIENT, KEY, cabinet, client, client_with, last_year, load};
use chrono::{DateTime, TimeDelta, Utc};
use contract::Specification;
use ozon_api::methods::{GetPosting, GetRoles, GetSellerInfo, ListUnfulfilled, TimeRange};
use ozon_api::{DecodeError, Limits, ListedPosting, Posting};
use ozon_sim::{
    Behaviour, GeneratorOptions, POSTING_LIST, PostingDraft, PostingTruth, Role, UNFULFILLED_LIST,
};
use serde_json::json;

fn minor(amount: &str) -> i64 {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{whole}{part:0<2}").parse().expect("an amount")
}

fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

fn compare(truth: &PostingTruth, posting: &Posting) {
    let number = &truth.posting_number;
    assert_eq!(&posting.posting_number, number);
    assert_eq!(posting.order_number.as_deref(), Some(truth.order_number.as_str()), "{number}");
    assert_eq!(posting.order_id, Some(truth.order_id), "{number}");
    assert_eq!(posting.status.as_str(), truth.status.as_str(), "{number}");
    assert_eq!(posting.substatus.as_deref(), Some(truth.substatus.as_str()), "{number}");
    assert_eq!(posting.in_process_at.map(micros), Some(micros(truth.in_process_at)), "{number}");
    assert_eq!(posting.shipment_date.map(micros), truth.shipment_date.map(micros), "{number}");
    assert_eq!(posting.delivering_date.map(micros), truth.delivering_date.map(micros), "{number}");
    assert_eq!(posting.tracking_number.as_deref(), Some(truth.tracking_number.as_str()), "{number}");
    assert_eq!(posting.is_express, Some(truth.is_express), "{number}");
    assert_eq!(posting.available_actions.as_ref(), Some(&truth.available_actions), "{number}");
    let method = posting.delivery_method.as_ref().expect("a delivery method");
    assert_eq!(method.id, Some(truth.delivery_method_id), "{number}");
    assert_eq!(method.warehouse_id, Some(truth.warehouse_id), "{number}");
    assert_eq!(method.tpl_provider_id, Some(truth.provider_id), "{number}");
    let lines: Vec<_> = posting
        .products
        .iter()
        .map(|product| {
            (
                product.sku.unwrap_or_default(),
                product.offer_id.clone().unwrap_or_default(),
                product.quantity,
                minor(&product.price.amount.to_string()),
                product.price.currency.clone().unwrap_or_default(),
            )
        })
        .collect();
    let expected: Vec<_> = truth
        .lines
        .iter()
        .map(|line| {
            (line.sku, line.offer_id.clone(), line.quantity, line.price_minor, truth.currency.clone())
        })
        .collect();
    assert_eq!(lines, expected, "{number}");
    let name = posting.customer.as_ref().and_then(|customer| customer.name.as_deref());
    assert_eq!(name, truth.buyer.as_ref().map(|buyer| buyer.name.as_str()), "{number}");
}

#[tokio::test]
async fn a_whole_year_is_read_page_by_page_as_it_is() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 350, &GeneratorOptions::every_status_and_type(7)).expect("postings are made");
    let listed = load(&client(&simulator), last_year(handle)).await.expect("all pages are whole");
    let truths: BTreeMap<String, PostingTruth> =
        handle.truths(CLIENT).into_iter().map(|truth| (truth.posting_number.clone(), truth)).collect();
    assert_eq!(listed.len(), truths.len());
    for item in &listed {
        let posting = item.decoded.as_ref().expect("every posting is read");
        compare(&truths[&posting.posting_number], posting);
    }
    assert_eq!(handle.request_count(POSTING_LIST), 4);
}

#[tokio::test]
async fn every_request_that_arrived_is_as_the_specification_names_it() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 120, &GeneratorOptions::seeded(3)).expect("postings are made");
    let client = client(&simulator);
    let now = handle.now();
    let mut request = last_year(handle);
    request.filter.last_changed_status_date = Some(TimeRange { from: now - TimeDelta::days(30), to: now });
    load(&client, request).await.expect("it is read");
    let cutoffs = ListUnfulfilled::by_cutoff(now - TimeDelta::days(90), now + TimeDelta::days(90));
    client.call(&cutoffs).await.expect("it is read");
    client.call(&GetPosting::new(handle.posting_numbers(CLIENT).remove(0))).await.expect("it is read");
    client.call(&GetRoles {}).await.expect("it is read");
    client.call(&GetSellerInfo {}).await.expect("it is read");
    client.all_warehouses().await.expect("it is read");
    client.all_delivery_methods().await.expect("it is read");
    let requests = handle.requests();
    for path in ozon_api::sunset::LOADING {
        assert!(requests.iter().any(|request| request.method == path), "{path} was not called");
    }
    for request in requests {
        assert_eq!(
            specification.check_request(&request.method, &request.request),
            Ok(()),
            "{}",
            request.method
        );
        assert_eq!(request.status, 200, "{}", request.method);
    }
}

#[tokio::test]
async fn the_unfulfilled_are_counted_and_read() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 260, &GeneratorOptions::every_status_and_type(5)).expect("postings are made");
    let now = handle.now();
    let client = client(&simulator);
    let mut pages =
        client.pages(ListUnfulfilled::by_cutoff(now - TimeDelta::days(90), now + TimeDelta::days(90)));
    let mut numbers = Vec::new();
    let mut count = None;
    while let Some(page) = pages.next().await {
        let page = page.expect("it is whole").value;
        count = page.count;
        for item in page.items {
            numbers.push(item.decoded.expect("it is read").posting_number);
        }
    }
    assert!(!numbers.is_empty());
    assert_eq!(count, i64::try_from(numbers.len()).ok());
    assert!(handle.request_count(UNFULFILLED_LIST) > 1);
}

#[tokio::test]
async fn one_posting_says_what_the_list_says_and_more() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 60, &GeneratorOptions::every_status_and_type(11)).expect("postings are made");
    let client = client(&simulator);
    let listed = load(&client, last_year(handle)).await.expect("it is read");
    for item in listed {
        let listed = item.decoded.expect("it is read");
        let got = client.call(&GetPosting::new(&listed.posting_number)).await.expect("it is there").value;
        let got = got.decoded.expect("it is read");
        compare(&handle.truth(CLIENT, &listed.posting_number).expect("it is there"), &got);
        assert_eq!(got.shipment_date, listed.shipment_date);
        let priced = |posting: &Posting| {
            posting
                .products
                .iter()
                .map(|line| (line.sku, line.quantity, line.price.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(priced(&got), priced(&listed));
        if let Some(buyer) = handle.truth(CLIENT, &listed.posting_number).and_then(|truth| truth.buyer) {
            let customer = got.customer.expect("a customer");
            let address = customer.address.expect("an address");
            assert_eq!(address.city.as_deref(), Some(buyer.city.as_str()));
            assert_eq!(address.address_tail.as_deref(), Some(buyer.address_tail.as_str()));
        }
    }
}

#[tokio::test]
async fn a_wrapped_answer_is_the_same() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.generate(CLIENT, 120, &GeneratorOptions::seeded(2)).expect("postings are made");
    let bare = load(&client(&simulator), last_year(handle)).await.expect("it is read");
    handle.set_behaviour(Behaviour { result_wrapper: true, ..handle.behaviour() });
    let wrapped = load(&client(&simulator), last_year(handle)).await.expect("it is read");
    let postings = |items: Vec<ListedPosting>| {
        items
            .into_iter()
            .map(|item| item.decoded)
            .collect::<Result<Vec<_>, DecodeError>>()
            .expect("all are read")
    };
    assert_eq!(postings(bare), postings(wrapped));
}

#[tokio::test]
async fn a_posting_that_cannot_be_read_is_kept_raw_among_the_others() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    let numbers = handle.generate(CLIENT, 20, &GeneratorOptions::seeded(4)).expect("postings are made");
    handle.patch(CLIENT, &numbers[7], json!({ "products": "gone" })).expect("it is changed");
    let listed = load(&client(&simulator), last_year(handle)).await.expect("the page is whole");
    assert_eq!(listed.len(), 20);
    let odd: Vec<_> = listed.iter().filter(|item| item.decoded.is_err()).collect();
    assert_eq!(odd.len(), 1);
    assert_eq!(odd[0].posting_number(), Some(numbers[7].as_str()));
    assert!(odd[0].raw.get().contains("\"gone\""));
}

#[tokio::test]
async fn the_account_is_read() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    let client = client(&simulator);
    let expiry = handle.now() + TimeDelta::days(5);
    handle.set_key_expiry(CLIENT, expiry).expect("it is there");
    handle
        .set_roles(CLIENT, vec![Role::new("Posting FBS", &["/v4/posting"]), Role::new("Key", &["/v1/roles"])])
        .expect("it is there");
    let roles = client.call(&GetRoles {}).await.expect("it is read").value;
    assert_eq!(roles.expires_at.map(micros).map(|at| at / 1_000), Some(expiry.timestamp_millis()));
    assert!(roles.covers(POSTING_LIST) && !roles.covers("/v3/posting/fbs/get"));
    handle.set_roles(CLIENT, vec![Role::admin()]).expect("it is there");
    assert!(client.call(&GetRoles {}).await.expect("it is read").value.covers(POSTING_LIST));
    let company = client.call(&GetSellerInfo {}).await.expect("it is read").value.company;
    assert_eq!(company.currency.as_deref(), Some("RUB"));
    assert!(company.name.is_some());
    let warehouses = client.all_warehouses().await.expect("it is read");
    assert_eq!(warehouses.len(), 3);
    assert!(warehouses.iter().all(|warehouse| warehouse.name.is_some()));
    let methods = client.all_delivery_methods().await.expect("it is read");
    assert!(!methods.is_empty());
    for method in methods {
        assert!(warehouses.iter().any(|warehouse| Some(warehouse.warehouse_id) == method.warehouse_id));
    }
}

#[tokio::test]
async fn ozons_limit_is_never_met_at_our_own_pace() {
    let simulator = cabinet().await;
    let handle = simulator.handle();
    handle.set_limits(ozon_sim::Limits::default());
    handle.add_posting(CLIENT, &PostingDraft::numbered("1-1-1")).expect("it is made");
    let client = client_with(&simulator, KEY, |options| options.limits = Limits::separate());
    for _ in 0..4 {
        client.call(&GetPosting::new("1-1-1")).await.expect("it is there");
    }
    let roles = futures::future::join_all((0..100).map(|_| client.call(&GetRoles {}))).await;
    assert!(roles.iter().all(Result::is_ok));
    let refused = handle.requests().iter().filter(|request| request.status == 429).count();
    assert_eq!(refused, 0);
}
