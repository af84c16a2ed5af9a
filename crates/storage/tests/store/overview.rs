//! What the overview counts.

use chrono::{Duration, NaiveDate};
use domain::{Currency, Posting};
use storage::Store;
use storage::overview::DayOfOrders;

use crate::fixture::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a literal day")
}

fn placed(number: &str, at: &str, kopecks: i64) -> Posting {
    let mut posting = posting(number, "awaiting_packaging");
    posting.details.in_process_at = Some(utc(at));
    posting.products = vec![product("A", 2, kopecks)];
    posting
}

testkit::on_both_databases! {
    async fn orders_are_counted_by_the_days_of_the_shops_zone(store: Store) {
        let id = cabinet(&store).await;
        let other = store.add_cabinet(new_cabinet("Мастерская", "200"), morning(), "test").await.expect("is added").id;
        let shown_of = |postings: &[Posting]| postings.iter().map(shown).collect::<Vec<_>>();
        // In Moscow a new day has begun at nine in the evening by UTC.
        take(&store, &page(id, 1, shown_of(&[
            placed("1-1-1", "2026-11-21T20:59:59Z", 100),
            placed("1-1-2", "2026-11-21T21:00:00Z", 250),
            placed("1-1-3", "2026-11-22T20:59:59Z", 300),
        ]))).await;
        take(&store, &page(other, 1, shown_of(&[placed("2-1-1", "2026-11-22T09:00:00Z", 7)]))).await;
        let mut told = store.orders_by_day([day("2026-11-20"), day("2026-11-21"), day("2026-11-22")]).await.expect("answers");
        told.sort_by_key(|row| (row.day, row.cabinet));
        let row = |of: &str, cabinet, orders, minor| DayOfOrders {
            day: day(of),
            cabinet,
            orders,
            total: domain::Money { minor, currency: Currency::RUB },
        };
        assert_eq!(told, [
            row("2026-11-21", id, 1, 200),
            row("2026-11-22", id, 2, 1_100),
            row("2026-11-22", other, 1, 14),
        ]);
    }

    async fn what_has_to_leave_is_open_and_its_deadline_is_near(store: Store) {
        let id = cabinet(&store).await;
        let due = |number: &str, status: &str, hours: i64| {
            let mut posting = posting(number, status);
            posting.details.shipment_date = Some(morning() + Duration::hours(hours));
            posting.details.warehouse_id = Some(42);
            shown(&posting)
        };
        let postings = vec![
            due("1-1-1", "awaiting_packaging", 30),
            due("1-1-2", "awaiting_packaging", -2),
            due("1-1-3", "awaiting_packaging", 72),
            due("1-1-4", "awaiting_packaging", 1),
        ];
        take(&store, &page(id, 1, postings)).await;
        take(&store, &page(id, 2, vec![due("1-1-4", "delivering", 1)])).await;
        let leaving = store.leaving_until(morning() + Duration::hours(48)).await.expect("answers");
        let numbers: Vec<_> = leaving.iter().map(|order| (order.id, order.warehouse)).collect();
        let (late, soon) = (order(&store, id, "1-1-2").await.id, order(&store, id, "1-1-1").await.id);
        assert_eq!(numbers, [(late, Some(42)), (soon, Some(42))], "the most urgent first");
        assert_eq!(leaving[0].ship_by, morning() - Duration::hours(2));
    }
}
