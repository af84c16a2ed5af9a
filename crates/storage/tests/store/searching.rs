//! The search over orders.

use chrono::Duration;
use domain::posting::Recipient;
use storage::orders::{OrderFilter, OrderSort, Queue};
use storage::{PageAsk, Store};
use testkit::TestDatabase;

use crate::fixture::*;

async fn found(store: &Store, q: &str) -> Vec<String> {
    let filter = OrderFilter { q: Some(q.to_owned()), ..OrderFilter::default() };
    let page = store.orders(&filter, OrderSort::DateAsc, &PageAsk::first(50)).await.expect("answers");
    assert!(page.next.is_none());
    let mut numbers: Vec<_> = page.items.into_iter().map(|o| o.posting_number.to_string()).collect();
    numbers.sort();
    numbers
}

async fn some(store: &Store) {
    let id = cabinet(store).await;
    let mut first = posting("0105259411-0854-1", "awaiting_packaging");
    first.customer = buyer(1, "Семён Ёлкин");
    first.products = vec![product("SK-58 (малиновый)", 1, 100)];
    let mut second = posting("0105259411-0854-2", "awaiting_packaging");
    second.recipient = Some(Recipient {
        name: Some("Пётр \"Ключ\" О'Нил".to_owned()),
        phone: Some("8 (495) 111-22-33".to_owned()),
        pin: None,
    });
    second.products = vec![product("100500-12", 1, 100)];
    let mut third = posting("89491381-0072-1", "awaiting_packaging");
    third.products = vec![product("50%_off\\x", 1, 100)];
    third.details.tracking_number = Some("RA644000001RU".to_owned());
    take(store, &page(id, 1, vec![shown(&first), shown(&second), shown(&third)])).await;
}

const FIRST: &str = "0105259411-0854-1";
const SECOND: &str = "0105259411-0854-2";
const THIRD: &str = "89491381-0072-1";

testkit::on_both_databases! {
    async fn an_order_is_found_by_the_beginning_of_its_posting_number(store: Store) {
        some(&store).await;
        assert_eq!(found(&store, FIRST).await, [FIRST]);
        assert_eq!(found(&store, "0105259411-0854").await, [FIRST, SECOND]);
        assert_eq!(found(&store, "0105259411-08").await, [FIRST, SECOND]);
        assert_eq!(found(&store, "0105259411").await, [FIRST, SECOND]);
        assert_eq!(found(&store, "  89491381-0072-1 ").await, [THIRD]);
        assert!(found(&store, "0105259412-0854-1").await.is_empty());
    }

    async fn an_order_is_found_by_names_whatever_the_case_and_the_yo(store: Store) {
        some(&store).await;
        for q in ["елкин", "ЁЛКИН", "семен", "Ёлкин Семён", "сем елк", "ёл"] {
            assert_eq!(found(&store, q).await, [FIRST], "{q}");
        }
        assert_eq!(found(&store, "петр").await, [SECOND]);
        assert!(found(&store, "семен петр").await.is_empty(), "every word must be in one order");
    }

    async fn an_order_is_found_by_its_phone_in_several_notations(store: Store) {
        some(&store).await;
        for q in ["+7 903 123-45-67", "89031234567", "8-903-123-45-67", "9031234567", "1234567", "(903) 123 45 67"] {
            assert_eq!(found(&store, q).await, [FIRST], "{q}");
        }
        assert_eq!(found(&store, "+74951112233").await, [SECOND]);
    }

    async fn an_order_is_found_by_article_sku_and_track_number(store: Store) {
        some(&store).await;
        assert_eq!(found(&store, "SK-58").await, [FIRST]);
        assert_eq!(found(&store, "малин").await, [FIRST]);
        assert_eq!(found(&store, "100500-12").await, [SECOND]);
        assert_eq!(found(&store, "ra644000001ru").await, [THIRD]);
        assert_eq!(found(&store, "644000001").await, [THIRD]);
        assert_eq!(found(&store, "148313766").await.len(), 3);
        assert_eq!(found(&store, "58").await, [FIRST], "short words are found too");
    }

    async fn quotes_wildcards_and_operators_are_only_letters(store: Store) {
        some(&store).await;
        for (q, expected) in [
            ("\"ключ\"", SECOND), ("О'Нил", SECOND), ("50%", THIRD), ("%_off", THIRD), ("off\\x", THIRD), ("(малиновый)", FIRST),
        ] {
            assert_eq!(found(&store, q).await, [expected], "{q}");
        }
        for q in [
            "\"", "\"\"\"", "'", "%", "_", "*", "NEAR(a b)", "семен OR петр", "семен NOT x", "text:семен", "-семен", "^сем", "sem*",
            "{", ")", "семен AND", "\\", "\\%", "?", "$1", "😀", "a\0b", "\u{301}", "--", "-", "1-", "'; DROP TABLE orders; --",
        ] {
            let numbers = found(&store, q).await;
            assert!(numbers.len() < 3 || ["-", "_", "1-"].contains(&q), "{q}: {numbers:?}");
        }
        assert_eq!(found(&store, "  ").await.len(), 3, "nothing to look for is no filter");
    }

    async fn what_changes_is_found_by_its_new_words(store: Store) {
        let id = cabinet(&store).await;
        let mut told = posting(FIRST, "awaiting_packaging");
        one(&store, id, 1, &told).await;
        assert!(found(&store, "анна").await.is_empty());
        told.customer = buyer(5, "Анна");
        told.details.tracking_number = Some("TRACK-77".to_owned());
        told.products = vec![product("NEW-ART", 1, 100)];
        told.related = Some(Vec::new());
        one(&store, id, 2, &told).await;
        for q in ["анна", "track-77", "new-art"] {
            assert_eq!(found(&store, q).await, [FIRST], "{q}");
        }
    }

    async fn a_queue_is_searched_as_a_list_is(store: Store) {
        some(&store).await;
        let queue = Some(Queue::ToShip { until: morning() + Duration::days(90) });
        for (q, expected) in [("sk-58", &[FIRST][..]), ("петр", &[SECOND]), ("58", &[FIRST]), ("0105259411", &[FIRST, SECOND]), ("нет", &[])] {
            for sort in [OrderSort::ShipByAsc, OrderSort::DateDesc] {
                let filter = OrderFilter { q: Some(q.to_owned()), queue, ..OrderFilter::default() };
                let page = store.orders(&filter, sort, &PageAsk::first(50)).await.expect("answers");
                let mut numbers: Vec<_> = page.items.iter().map(|order| order.posting_number.to_string()).collect();
                numbers.sort();
                assert_eq!(numbers, expected, "{q} {sort}");
                assert_eq!(store.orders_count(&filter, 99).await.expect("answers"), expected.len() as u64, "{q}");
            }
        }
    }

    async fn what_thousands_of_orders_have_in_common_is_found_as_well_page_by_page(store: Store) {
        // More than PostgreSQL reads a row for each.
        const MANY: i64 = 5_200;
        let id = cabinet(&store).await;
        for batch in 0..4 {
            let postings = (0..MANY / 4).map(|at| {
                let at = batch * MANY / 4 + at;
                let mut posting = posting(&format!("{}-1-1", 10_000 + at), "awaiting_packaging");
                posting.details.in_process_at = Some(morning() - Duration::minutes(at));
                shown(&posting)
            });
            take(&store, &page(id, batch, postings.collect())).await;
        }
        let mut other = posting("99999-1-1", "awaiting_packaging");
        other.products = vec![product("CUP-7", 1, 100)];
        one(&store, id, 9, &other).await;
        let filters = [
            OrderFilter { q: Some("mug-1".to_owned()), ..OrderFilter::default() },
            OrderFilter { q: Some("mu".to_owned()), ..OrderFilter::default() },
            OrderFilter { identified: Some("MUG-1".to_owned()), ..OrderFilter::default() },
        ];
        let lately = Some(morning() - Duration::minutes(99));
        let of_lately = filters.iter().map(|filter| (OrderFilter { placed_from: lately, ..filter.clone() }, 100));
        let all = filters.iter().map(|filter| (filter.clone(), MANY));
        for (filter, many) in all.chain(of_lately) {
            for sort in [OrderSort::DateDesc, OrderSort::TotalAsc, OrderSort::ShipByAsc] {
                let mut ask = PageAsk::first(200);
                let mut found = std::collections::BTreeSet::new();
                loop {
                    let page = store.orders(&filter, sort, &ask).await.expect("answers");
                    found.extend(page.items.iter().map(|order| order.posting_number.to_string()));
                    match page.next {
                        Some(next) => ask.cursor = Some(next),
                        None => break,
                    }
                }
                assert_eq!(i64::try_from(found.len()).expect("few"), many, "{filter:?} {sort}");
                assert!(!found.contains("99999-1-1"), "{filter:?} {sort}");
            }
            let counted = store.orders_count(&filter, 9_999).await.expect("answers");
            assert_eq!(i64::try_from(counted).expect("few"), many, "{filter:?}");
        }
        let rare = OrderFilter { identified: Some("CUP-7".to_owned()), ..OrderFilter::default() };
        let found =
            store.orders(&rare, OrderSort::TotalDesc, &PageAsk::first(9)).await.expect("answers").items;
        assert_eq!(found.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_posting_number_is_found_also_where_postgres_sorts_as_a_language_does() {
    // There the colon that ends a range of numbers comes before the digits.
    let Some(database) = TestDatabase::postgres_sorting_as("ru-RU").await else { return };
    some(&database.store).await;
    assert_eq!(found(&database.store, "0105259411-08").await, [FIRST, SECOND]);
    assert_eq!(found(&database.store, "0105259411-0854").await, [FIRST, SECOND]);
    assert_eq!(found(&database.store, FIRST).await, [FIRST]);
    assert_eq!(found(&database.store, "89491381-0072-1").await, [THIRD]);
    assert!(found(&database.store, "010525941-0854").await.is_empty());
}
