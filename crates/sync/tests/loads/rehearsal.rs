//! A load that only tells what it would do.

use chrono::TimeDelta;
use ozon_sim::{GeneratorOptions, PostingDraft};
use storage::Store;
use storage::runs::Cause;
use sync::{LoadOptions, Report};
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
