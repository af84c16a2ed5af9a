//! Every request of a load and every answer, held against Ozon's specification; and the pace of the requests.

use chrono::TimeDelta;
use contract::Specification;
use ozon_api::Limits;
use ozon_sim::{GeneratorOptions, POSTING_LIST, ROLES, UNFULFILLED_LIST};
use serde_json::Value;
use testkit::TestDatabase;

use crate::shop::{CLIENT, Shop, config};

#[tokio::test]
async fn every_request_of_a_load_and_every_answer_is_as_specified() {
    let Some(specification) = Specification::load() else { return };
    let database = TestDatabase::sqlite().await;
    let shop = Shop::open(database.store.clone()).await;
    shop.ozon.generate(CLIENT, 330, &GeneratorOptions::every_status_and_type(41)).unwrap();
    shop.ozon.keep_answers(true);
    shop.load().await;
    shop.ozon.advance_clock(TimeDelta::hours(3));
    for number in shop.ozon.posting_numbers(CLIENT).iter().step_by(2) {
        // What has come to its end stays there.
        let _ = shop.ozon.advance(CLIENT, number);
    }
    shop.load().await;
    shop.desk.check_cabinet(shop.cabinet).await.unwrap();
    let requests = shop.ozon.requests();
    assert!(requests.len() >= 12, "{}", requests.len());
    for request in &requests {
        let path = request.method.as_str();
        if let Err(faults) = specification.check_request(path, &request.request) {
            panic!("{path} {}: {faults:#?}", request.request);
        }
        let answer: Value = serde_json::from_str(request.answer.as_deref().unwrap()).unwrap();
        if let Err(faults) = specification.check_answer(path, request.status, &answer) {
            panic!("{path} {}: {faults:#?}", request.status);
        }
        assert_eq!(request.status, 200);
        assert_eq!(specification.sunset(path), None, "{path} is not about to go");
    }
    for path in [UNFULFILLED_LIST, POSTING_LIST, ROLES] {
        assert!(requests.iter().any(|request| request.method == path), "{path}");
    }
    let incremental = |request: &Value| request.pointer("/filter/last_changed_status_date/from").is_some();
    assert!(requests.iter().any(|request| incremental(&request.request)), "the second load asks for changes");
}

#[tokio::test]
async fn a_load_stays_within_ozons_limits() {
    let database = TestDatabase::sqlite().await;
    let mut config = config();
    config.client.limits = Limits::separate();
    let shop = Shop::with(database.store.clone(), config).await;
    shop.ozon.set_limits(ozon_sim::Limits::default());
    shop.ozon.generate(CLIENT, 1_500, &GeneratorOptions::every_status_and_type(42)).unwrap();
    assert_eq!(shop.load().await.figures.seen, 1_500);
    let refused = shop.ozon.requests().iter().filter(|request| request.status == 429).count();
    assert_eq!(refused, 0);
}
