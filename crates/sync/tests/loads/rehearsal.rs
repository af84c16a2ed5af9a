//! A load that only tells what it would do.

use chrono::TimeDelta;
use ozon_sim::{GeneratorOptions, PostingDraft};
use storage::Store;
use storage::runs::Cause;
use sync::{LoadError, LoadOptions, Rehearsed, Report};
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};
use crate::stored;

async fn rehearsed(shop: &Shop) -> Report {
    let before = stored::everything(shop).await;
    let cabinet = format!("{:?}", shop.cabinet().await);
    let run = shop.store.last_run(shop.cabinet).await.unwrap().map(|run| run.id);
    let options = LoadOptions { dry_run: true };
    let report = shop.desk.load(shop.cabinet, Cause::Command, options).await.unwrap();
    assert!(report.run.is_none());
    stored::assert_same(&before, &stored::everything(shop).await, "a rehearsal changes nothing");
    assert_eq!(format!("{:?}", shop.cabinet().await), cabinet);
    assert_eq!(shop.store.last_run(shop.cabinet).await.unwrap().map(|run| run.id), run);
    assert!(shop.store.unknown_codes(shop.cabinet).await.unwrap().is_empty());
    report
}

/// How the rehearsal in the background ended.
async fn settled(shop: &Shop) -> Rehearsed {
    loop {
        match shop.desk.rehearsal(shop.cabinet).expect("it has begun").state {
            Rehearsed::Running => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            ended => return ended,
        }
    }
}

async fn ended(shop: &Shop) -> Report {
    match settled(shop).await {
        Rehearsed::Done(report) => *report,
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_rehearsal_tells_what_the_load_then_does(store: Store) {
        let shop = Shop::open(store).await;
        shop.ozon.generate(CLIENT, 250, &GeneratorOptions::every_status_and_type(31)).unwrap();
        let customers = shop.store.customers(None, &storage::PageAsk::first(50)).await.unwrap().items.len();
        let told = rehearsed(&shop).await.figures;
        assert!(stored::postings(&shop).await.is_empty());
        assert_eq!(shop.store.customers(None, &storage::PageAsk::first(50)).await.unwrap().items.len(), customers);
        assert!(told.created > 30, "{told:?}");
        assert_eq!(shop.load().await.figures, told);

        shop.ozon.advance_clock(TimeDelta::hours(2));
        let numbers = shop.ozon.posting_numbers(CLIENT);
        let advanced = numbers.iter().step_by(3).filter(|number| shop.ozon.advance(CLIENT, number).is_ok());
        assert!(advanced.count() > 20);
        shop.ozon.add_posting(CLIENT, &PostingDraft::default()).unwrap();
        let told = rehearsed(&shop).await.figures;
        assert!(told.updated > 5 && told.created >= 1, "{told:?}");
        assert_eq!(shop.load().await.figures, told);
    }

    async fn a_rehearsal_in_the_background_tells_how_many_orders_of_which_days(store: Store) {
        let shop = Shop::open(store).await;
        shop.ozon.generate(CLIENT, 250, &GeneratorOptions::every_status_and_type(33)).unwrap();
        assert!(shop.desk.rehearsal(shop.cabinet).is_none());
        shop.desk.start_rehearsal(shop.cabinet).await.unwrap();
        shop.desk.start_rehearsal(shop.cabinet).await.unwrap();
        let told = ended(&shop).await;
        assert!(stored::postings(&shop).await.is_empty(), "a rehearsal changes nothing");
        assert_eq!(told.days.values().sum::<u64>(), told.figures.created);
        assert!(told.days.len() > 3, "{:?}", told.days);
        let loaded = shop.load().await;
        assert_eq!((loaded.figures, loaded.days.len()), (told.figures, 0));
        let zone = shop.store.zone();
        for order in stored::orders(&shop).await {
            let day = order.placed_at.map(|at| at.with_timezone(&zone).date_naive());
            assert!(told.days.contains_key(&day), "{day:?} was not foretold");
        }
    }

    async fn a_rehearsal_that_cannot_be_held_says_why(store: Store) {
        let shop = Shop::open(store).await;
        shop.store.set_cabinet_key(shop.cabinet, "another-key".into(), shop.desk.now(), "a test").await.unwrap();
        shop.desk.start_rehearsal(shop.cabinet).await.unwrap();
        let state = settled(&shop).await;
        assert!(matches!(state, Rehearsed::Failed("key_invalid")), "{state:?}");
        shop.store.disable_cabinet(shop.cabinet, shop.desk.now(), "a test").await.unwrap();
        assert!(matches!(shop.desk.start_rehearsal(shop.cabinet).await, Err(LoadError::Disabled)));
    }

    async fn changed_settings_are_applied_to_what_was_loaded(store: Store) {
        let shop = Shop::open(store).await;
        shop.ozon.generate(CLIENT, 120, &GeneratorOptions::every_status_and_type(34)).unwrap();
        shop.load().await;
        let before = stored::orders(&shop).await.len() as u64;
        let patch = serde_json::json!({"also_awaiting_deliver": true});
        shop.store.apply_settings(shop.cabinet, &patch, "a test", shop.desk.now()).await.unwrap();
        let done = shop.desk.apply_settings_to_existing(shop.cabinet, 1, &domain::Actor::Command).await.unwrap();
        let made = done.expect("it does not take long").made.total();
        assert!(made > 0);
        assert_eq!(stored::orders(&shop).await.len() as u64, before + made);
    }

    async fn a_rehearsal_may_be_held_while_a_load_is_going(store: Store) {
        let shop = Shop::open(store).await;
        shop.ozon.generate(CLIENT, 120, &GeneratorOptions::every_status_and_type(32)).unwrap();
        let options = LoadOptions { dry_run: true };
        let (load, rehearsal) =
            tokio::join!(shop.try_load(), shop.desk.load(shop.cabinet, Cause::Command, options));
        assert_eq!(load.unwrap().figures.seen, 120);
        assert_eq!(rehearsal.unwrap().figures.seen, 120);
        assert_eq!(stored::postings(&shop).await.len(), 120);
    }
}
