//! Random lives of a cabinet with loads and faults between: at the end the store says what Ozon says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::by_hand::Act;
use domain::{Money, Order};
use ozon_sim::{
    Canceller, Fault, FaultPlan, GeneratorOptions, LineDraft, POSTING_LIST, PostingDraft, Status,
    UNFULFILLED_LIST,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use testkit::TestDatabase;

use crate::shop::{CLIENT, Shop};
use crate::stored;
use crate::truth::OPEN;

/// One thing that happens. A number chooses the posting.
#[derive(Clone, Debug)]
enum Step {
    New,
    Advance(usize),
    Jump(usize, usize),
    Cancel(usize, bool),
    Split(usize),
    Pack(usize),
    Reduce(usize),
    MoveDate(usize, i64),
    Unknown(usize),
    Spoil(usize),
    Heal(usize),
    Dress(usize),
    ByHand(usize, usize),
    Wait(i64),
    Load,
    FaultyLoad(usize, u32, bool),
}

fn faults() -> Vec<Fault> {
    vec![
        Fault::TooManyRequests { retry_after: 0 },
        Fault::ServerError,
        Fault::BadGateway,
        Fault::CutBody,
        Fault::Hangup,
        Fault::RepeatedCursor,
        Fault::EmptyBody,
        Fault::EmptyObject,
        Fault::EmptyPage,
        Fault::DoubledPosting,
        Fault::InsertedPosting { before_page: true },
        Fault::InsertedPosting { before_page: false },
        Fault::BrokenJson,
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let some = 0..10_000_usize;
    prop_oneof![
        2 => Just(Step::New),
        6 => some.clone().prop_map(Step::Advance),
        3 => (some.clone(), some.clone()).prop_map(|(at, status)| Step::Jump(at, status)),
        2 => (some.clone(), any::<bool>()).prop_map(|(at, customer)| Step::Cancel(at, customer)),
        1 => some.clone().prop_map(Step::Split),
        1 => some.clone().prop_map(Step::Pack),
        3 => some.clone().prop_map(Step::Reduce),
        2 => (some.clone(), 1..200_i64).prop_map(|(at, hours)| Step::MoveDate(at, hours)),
        2 => some.clone().prop_map(Step::Unknown),
        2 => some.clone().prop_map(Step::Spoil),
        3 => some.clone().prop_map(Step::Heal),
        1 => some.clone().prop_map(Step::Dress),
        2 => (some.clone(), some.clone()).prop_map(|(at, act)| Step::ByHand(at, act)),
        3 => (1..300_i64).prop_map(Step::Wait),
        4 => Just(Step::Load),
        4 => (some, 1..3_u32, any::<bool>()).prop_map(|(f, call, stays)| Step::FaultyLoad(f, call, stays)),
    ]
}

/// What must hold from some load on.
#[derive(Default)]
struct Promises {
    /// Cancelled is final: the status under which it was stored first.
    final_status: BTreeMap<String, String>,
    /// What has an order keeps it.
    ordered: BTreeSet<String>,
    /// The goods of what was made unreadable, to heal it with.
    goods: BTreeMap<String, serde_json::Value>,
    comments: BTreeMap<String, String>,
}

impl Promises {
    async fn note(&mut self, shop: &Shop) {
        for posting in stored::postings(shop).await {
            let number = posting.posting_number;
            if matches!(posting.ozon_status.as_str(), "cancelled" | "cancelled_from_split_pending") {
                let first = self.final_status.entry(number.clone()).or_insert(posting.ozon_status.clone());
                assert_eq!(*first, posting.ozon_status, "{number} was cancelled and is no more");
            } else {
                assert!(!self.final_status.contains_key(&number), "{number} was cancelled and is no more");
            }
            if posting.order_id.is_some() {
                self.ordered.insert(number);
            } else {
                assert!(!self.ordered.contains(&number), "{number} lost its order");
                assert!(posting.skipped_because.is_some(), "{number} has neither order nor reason");
            }
        }
    }
}

async fn happen(shop: &Shop, promises: &mut Promises, step: Step) {
    let ozon = &shop.ozon;
    let numbers = ozon.posting_numbers(CLIENT);
    let chosen = |at: usize| numbers[at % numbers.len()].clone();
    // What is impossible just now does not happen.
    match step {
        Step::New => drop(ozon.add_posting(CLIENT, &PostingDraft::default()).unwrap()),
        Step::Advance(at) => drop(ozon.advance(CLIENT, &chosen(at))),
        Step::Jump(at, status) => {
            let status = Status::ALL[status % Status::ALL.len()].clone();
            ozon.set_status(CLIENT, &chosen(at), status).ok();
        }
        Step::Cancel(at, customer) => {
            let by = if customer { Canceller::Customer } else { Canceller::Ozon };
            ozon.cancel(CLIENT, &chosen(at), by).ok();
        }
        Step::Split(at) => drop(ozon.split(CLIENT, &chosen(at), Vec::new())),
        Step::Pack(at) => drop(ozon.ship_in_packages(CLIENT, &chosen(at), Vec::new())),
        Step::Reduce(at) => {
            let truth = ozon.truth(CLIENT, &chosen(at)).unwrap();
            // Elsewhere Ozon shows it only with the next change of status.
            let shown = OPEN.contains(&truth.status.as_str()) && truth.shipment_date.is_some();
            if let Some(line) = truth.lines.iter().find(|line| shown && line.quantity > 1) {
                ozon.reduce_quantity(CLIENT, &truth.posting_number, line.sku, line.quantity / 2).unwrap();
            }
        }
        Step::MoveDate(at, hours) => {
            let to = ozon.now() + TimeDelta::hours(hours);
            ozon.move_shipment_date(CLIENT, &chosen(at), Some(to)).unwrap();
        }
        Step::Unknown(at) => {
            ozon.set_status(CLIENT, &chosen(at), Status::Other(format!("novelty_{}", at % 3))).unwrap();
        }
        Step::Spoil(at) => {
            let number = chosen(at);
            let shown = ozon.snapshot(CLIENT, &number).unwrap();
            if shown["products"].is_array() {
                promises.goods.insert(number.clone(), shown["products"].clone());
                ozon.patch(CLIENT, &number, json!({ "products": "oops" })).unwrap();
            }
        }
        Step::Heal(at) => {
            let spoilt: Vec<_> = promises.goods.keys().cloned().collect();
            if !spoilt.is_empty() {
                let number = &spoilt[at % spoilt.len()];
                let goods = promises.goods.remove(number).unwrap();
                ozon.patch(CLIENT, number, json!({ "products": goods })).unwrap();
            }
        }
        Step::Dress(at) => {
            let patch = json!({ "novelty": { "deep": [1, 2] }, "customer": null, "barcodes": "none" });
            ozon.patch(CLIENT, &chosen(at), patch).unwrap();
        }
        Step::ByHand(at, act) => {
            let orders = stored::orders(shop).await;
            if orders.is_empty() {
                return;
            }
            let number = orders[at % orders.len()].posting_number.to_string();
            let statuses = shop.store.statuses().await.unwrap();
            shop.act(&number, Act::SetStatus(statuses[act % statuses.len()].id)).await;
            let comment = format!("№ {act}");
            shop.act(&number, Act::SetComment(comment.clone())).await;
            promises.comments.insert(number, comment);
        }
        Step::Wait(minutes) => ozon.advance_clock(TimeDelta::minutes(minutes)),
        Step::Load => {
            shop.load().await;
            promises.note(shop).await;
        }
        Step::FaultyLoad(fault, call, stays) => {
            let fault = faults()[fault % faults().len()].clone();
            let list = if call % 2 == 0 { UNFULFILLED_LIST } else { POSTING_LIST };
            // Faults that insert a posting would do so for ever.
            let times = u32::from(!stays || matches!(fault, Fault::InsertedPosting { .. }));
            ozon.inject_fault(FaultPlan::next_call(fault).of_method(list).at_call(call).times(times));
            let watermark = shop.cabinet().await.watermark;
            if shop.try_load().await.is_err() {
                assert_eq!(shop.cabinet().await.watermark, watermark);
            }
            ozon.clear_faults();
            promises.note(shop).await;
        }
    }
}

fn assert_order(order: &Order, shown: &serde_json::Value, is_final: bool) {
    let number = &order.posting_number;
    let sum: i64 = order.lines.iter().map(|line| line.price.minor * i64::from(line.quantity)).sum();
    assert_eq!(
        order.total,
        Money { minor: sum, ..order.total },
        "{number}: the total is the sum of the lines"
    );
    if is_final {
        return;
    }
    assert_eq!(order.ozon_status.code(), shown["status"], "{number}");
    let mut ours: BTreeMap<i64, u32> = BTreeMap::new();
    for line in order.lines.iter().filter(|line| line.quantity > 0) {
        *ours.entry(line.sku.unwrap()).or_default() += line.quantity;
    }
    let mut ozons: BTreeMap<i64, u32> = BTreeMap::new();
    for product in shown["products"].as_array().unwrap() {
        let quantity = u32::try_from(product["quantity"].as_u64().unwrap()).unwrap();
        *ozons.entry(product["sku"].as_i64().unwrap()).or_default() += quantity;
    }
    assert_eq!(ours, ozons, "{number} in {}", shown["status"]);
    if OPEN.contains(&order.ozon_status.code()) {
        let date = shown["shipment_date"].as_str().map(|text| text.parse().unwrap());
        assert_eq!(order.ship_by, date, "{number}");
    }
}

async fn lives(steps: Vec<Step>, seed: u64) {
    let database = TestDatabase::sqlite().await;
    let shop = Shop::open(database.store.clone()).await;
    let options = GeneratorOptions {
        days: 40,
        without_shipment_date_share: 0.0,
        ..GeneratorOptions::every_status_and_type(seed)
    };
    shop.ozon.generate(CLIENT, 24, &options).unwrap();
    let line = |sku, quantity| LineDraft {
        sku,
        offer_id: format!("A-{sku}"),
        name: "Кружка".to_owned(),
        quantity,
        price: "99.90".to_owned(),
    };
    for at in 0..8 {
        let draft = PostingDraft {
            lines: vec![line(1, 4 + at), line(2, 9)],
            ..PostingDraft::numbered(format!("7000{at}-0001-1"))
        };
        shop.ozon.add_posting(CLIENT, &draft).unwrap();
    }
    let mut promises = Promises::default();
    for step in steps {
        happen(&shop, &mut promises, step).await;
    }
    shop.load().await;
    promises.note(&shop).await;

    let at_ozon: BTreeSet<String> = shop.ozon.posting_numbers(CLIENT).into_iter().collect();
    let postings = stored::postings(&shop).await;
    let stored_numbers: BTreeSet<String> = postings.iter().map(|p| p.posting_number.clone()).collect();
    assert_eq!(postings.len(), stored_numbers.len(), "nothing twice");
    assert_eq!(stored_numbers, at_ozon);
    let orders: BTreeMap<String, Order> = stored::orders(&shop)
        .await
        .into_iter()
        .map(|order| (order.posting_number.to_string(), order))
        .collect();
    for posting in postings {
        let number = posting.posting_number;
        let shown = shop.ozon.snapshot(CLIENT, &number).unwrap();
        let is_spoilt = promises.goods.contains_key(&number);
        assert_eq!(posting.undecodable.is_some(), is_spoilt, "{number}");
        let order = orders.get(&number);
        assert_eq!(posting.order_id, order.map(|order| order.id), "{number}");
        assert!(
            order.is_some() || posting.skipped_because.is_some(),
            "{number} has neither order nor reason"
        );
        let is_final = promises.final_status.contains_key(&number);
        if !is_spoilt && !is_final {
            assert_eq!(posting.ozon_status.as_str(), shown["status"], "{number}");
        }
        if let Some(order) = order {
            assert_order(order, &shown, is_final || is_spoilt);
            if let Some(comment) = promises.comments.get(&number) {
                assert_eq!(order.admin_comment, *comment, "{number}");
            }
        }
    }
    // And there is nothing left to do.
    let figures = shop.load().await.figures;
    assert_eq!((figures.created, figures.updated), (0, 0), "{figures:?}");
}

#[test]
fn after_any_life_and_one_clean_load_the_store_says_what_ozon_says() {
    let config = Config { cases: 6, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let steps = (proptest::collection::vec(step(), 60..90), 1..1_000_u64);
    TestRunner::new(config)
        .run(&steps, |(steps, seed)| {
            // A failed assertion is a failed case, to be made smaller.
            let life = std::panic::AssertUnwindSafe(|| runtime.block_on(lives(steps, seed)));
            std::panic::catch_unwind(life).map_err(|_| TestCaseError::fail("the assertion above"))
        })
        .unwrap();
}
