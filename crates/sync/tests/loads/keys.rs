//! Keys that do not open, cabinets that do not answer, and what the check of a key tells.

use chrono::TimeDelta;
use ozon_sim::{Fault, FaultPlan, GeneratorOptions, POSTING_LIST, Role};
use storage::Store;
use storage::runs::RunState;
use testkit::on_both_databases;

use crate::shop::{CLIENT, KEY, Shop};

async fn with_postings(store: Store) -> Shop {
    let shop = Shop::open(store).await;
    shop.ozon.generate(CLIENT, 20, &GeneratorOptions::seeded(5)).unwrap();
    shop
}

/// The load fails with this code, and the run, the cabinet and nobody else know it.
async fn fails(shop: &Shop, code: &str, blames_key: bool) {
    let error = shop.try_load().await.expect_err("it cannot be loaded");
    assert_eq!((error.code(), error.blames_key()), (code, blames_key), "{error}");
    let run = shop.last_run().await;
    assert_eq!((run.state, run.error_code.as_deref()), (RunState::Failed, Some(code)));
    let words = run.error.unwrap();
    assert!(!words.contains(KEY), "the key is never told: {words}");
    let cabinet = shop.cabinet().await;
    assert_eq!(cabinet.check_error.as_deref(), blames_key.then_some(code));
    assert_eq!(cabinet.watermark, None);
}

async fn loads(shop: &Shop) {
    assert_eq!(shop.load().await.figures.seen, 20);
    let cabinet = shop.cabinet().await;
    assert_eq!((cabinet.check_error, cabinet.failures), (None, 0));
    assert!(cabinet.watermark.is_some());
}

on_both_databases! {
    async fn a_wrong_key_is_told_until_a_new_one_loads(store: Store) {
        let shop = with_postings(store).await;
        shop.ozon.set_api_key(CLIENT, "another-key").unwrap();
        fails(&shop, "key_invalid", true).await;
        shop.store.set_cabinet_key(shop.cabinet, "another-key".into(), shop.desk.now(), "tester").await.unwrap();
        loads(&shop).await;
    }

    async fn a_deactivated_key_is_told_until_it_is_active_again(store: Store) {
        let shop = with_postings(store).await;
        shop.ozon.deactivate_key(CLIENT).unwrap();
        fails(&shop, "key_deactivated", true).await;
        shop.ozon.set_key_deactivated(CLIENT, false).unwrap();
        loads(&shop).await;
    }

    async fn an_expired_key_is_told_as_deactivated(store: Store) {
        let shop = with_postings(store).await;
        shop.ozon.set_key_expiry(CLIENT, shop.ozon.now() - TimeDelta::days(1)).unwrap();
        fails(&shop, "key_deactivated", true).await;
        shop.ozon.set_key_expiry(CLIENT, shop.ozon.now() + TimeDelta::days(1)).unwrap();
        loads(&shop).await;
    }

    async fn a_missing_role_is_told_by_the_load_and_by_the_check(store: Store) {
        let shop = with_postings(store).await;
        shop.ozon.set_roles(CLIENT, vec![Role::new("Товары", &["/v1/roles", "/v3/product"])]).unwrap();
        fails(&shop, "role_missing", true).await;
        let checked = shop.desk.check_cabinet(shop.cabinet).await.unwrap();
        assert!(checked.missing.contains(&POSTING_LIST), "{:?}", checked.missing);
        assert_eq!(checked.company_name, None);
        let cabinet = shop.cabinet().await;
        assert_eq!(cabinet.check_error.as_deref(), Some("role_missing"));
        assert_eq!(cabinet.roles[0].name, "Товары");
        shop.ozon.set_roles(CLIENT, vec![Role::admin()]).unwrap();
        loads(&shop).await;
    }

    async fn a_check_tells_whose_key_it_is_and_until_when(store: Store) {
        let shop = with_postings(store).await;
        let until = shop.ozon.now() + TimeDelta::days(40);
        shop.ozon.set_key_expiry(CLIENT, until).unwrap();
        let checked = shop.desk.check_cabinet(shop.cabinet).await.unwrap();
        assert!(checked.missing.is_empty(), "{:?}", checked.missing);
        let cabinet = shop.cabinet().await;
        assert!(cabinet.company_name.is_some_and(|name| !name.is_empty()));
        let expires = cabinet.key_expires_at.unwrap();
        assert!((expires - until).abs() < TimeDelta::seconds(1), "{expires}");
        assert!(cabinet.checked_at.is_some());
        let warehouses = shop.store.warehouses().await.unwrap();
        assert_eq!(warehouses.len(), 3);
        assert!(warehouses.iter().all(|(_, warehouse)| !warehouse.name.is_empty()));
        shop.ozon.deactivate_key(CLIENT).unwrap();
        let error = shop.desk.check_cabinet(shop.cabinet).await.expect_err("the key is off");
        assert_eq!(error.code(), "key_deactivated");
        assert_eq!(shop.cabinet().await.check_error.as_deref(), Some("key_deactivated"));
    }

    async fn where_nobody_answers_the_load_fails_and_the_key_is_not_blamed(store: Store) {
        let mut shop = with_postings(store).await;
        shop.simulator.take().unwrap().shutdown().await;
        fails(&shop, "network", false).await;
        assert_eq!(shop.cabinet().await.failures, 1);
        fails(&shop, "network", false).await;
        assert_eq!(shop.cabinet().await.failures, 2);
    }

    async fn a_method_that_is_gone_is_told(store: Store) {
        let shop = with_postings(store).await;
        let gone = Fault::Refuse { http: 404, code: 5, message: "method is not allowed".to_owned() };
        shop.ozon.inject_fault(FaultPlan::next_call(gone).of_method(POSTING_LIST).times(0));
        fails(&shop, "method_gone", false).await;
        shop.ozon.clear_faults();
        loads(&shop).await;
    }

    async fn a_cabinet_that_is_disabled_is_not_loaded(store: Store) {
        let shop = with_postings(store).await;
        shop.store.disable_cabinet(shop.cabinet, shop.desk.now(), "tester").await.unwrap();
        assert_eq!(shop.try_load().await.expect_err("disabled").code(), "disabled");
        assert!(shop.store.last_run(shop.cabinet).await.unwrap().is_none());
        assert_eq!(shop.ozon.request_counts().0, 0);
        shop.store.enable_cabinet(shop.cabinet, shop.desk.now(), "tester").await.unwrap();
        loads(&shop).await;
    }
}
