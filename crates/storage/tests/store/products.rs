//! What lines of orders are of.

use std::sync::Arc;

use domain::CabinetId;
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};
use storage::orders::{OrderFilter, OrderSort};
use storage::{PageAsk, Store};
use testkit::TestDatabase;

use crate::fixture::*;

async fn found(store: &Store, filter: OrderFilter) -> Vec<String> {
    let page = store.orders(&filter, OrderSort::DateAsc, &PageAsk::first(50)).await.expect("answers");
    let mut numbers: Vec<_> = page.items.into_iter().map(|order| order.posting_number.to_string()).collect();
    numbers.sort();
    let many = store.orders_count(&filter, 99).await.expect("answers");
    assert_eq!(usize::try_from(many).expect("few"), numbers.len(), "{filter:?} is counted as it is listed");
    numbers
}

async fn by_words(store: &Store, q: &str) -> Vec<String> {
    found(store, OrderFilter { q: Some(q.to_owned()), ..OrderFilter::default() }).await
}

async fn exactly(store: &Store, text: &str) -> Vec<String> {
    found(store, OrderFilter { identified: Some(text.to_owned()), ..OrderFilter::default() }).await
}

async fn many(database: &TestDatabase, table: &str) -> i64 {
    let tables = database.tables().await;
    let asked =
        Statement::from_string(tables.get_database_backend(), format!("SELECT COUNT(*) FROM {table}"));
    let row = tables.query_one_raw(asked).await.expect("answers").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// An order of these articles.
async fn of(store: &Store, cabinet: CabinetId, number: &str, articles: &[&str]) {
    let mut sold = posting(number, "awaiting_packaging");
    sold.products = articles.iter().map(|article| product(article, 1, 100)).collect();
    one(store, cabinet, 1, &sold).await;
}

testkit::on_both_databases! {
    async fn a_product_is_written_once_and_once_more_when_it_is_named_anew(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        of(store, id, "1-1-1", &["MUG-1", "CUP-2"]).await;
        of(store, id, "2-1-1", &["CUP-2", "MUG-1", "MUG-1"]).await;
        assert_eq!(many(&database, "products").await, 2);
        let mut renamed = posting("3-1-1", "awaiting_packaging");
        renamed.products = vec![product("MUG-1", 1, 100)];
        renamed.products[0].name = "Кружка новая".to_owned();
        one(store, id, 1, &renamed).await;
        assert_eq!((many(&database, "products").await, many(&database, "product_search").await), (3, 3));
        let before = order(store, id, "2-1-1").await;
        let words: Vec<_> = before.lines.iter().map(|line| (line.offer_id.as_str(), line.name.as_str())).collect();
        let kept = product("MUG-1", 1, 100).name;
        assert_eq!(words, [("CUP-2", &*kept), ("MUG-1", &*kept), ("MUG-1", &*kept)]);
        assert_eq!(order(store, id, "3-1-1").await.lines[0].name, "Кружка новая");
        assert_eq!(exactly(store, "MUG-1").await, ["1-1-1", "2-1-1", "3-1-1"]);
        assert_eq!(by_words(store, "mug").await, ["1-1-1", "2-1-1", "3-1-1"]);
        assert!(exactly(store, "MUG").await.is_empty());
    }

    async fn words_are_found_wherever_in_an_order_and_its_goods_they_stand(store: Store) {
        let id = cabinet(&store).await;
        let mut first = posting("1-1-1", "awaiting_packaging");
        first.customer = buyer(1, "Семён Ёлкин");
        first.products = vec![product("Кружка Синяя 300", 1, 100), product("CUP-7", 1, 100)];
        one(&store, id, 1, &first).await;
        let mut second = posting("2-1-1", "awaiting_packaging");
        second.customer = buyer(2, "Пётр Ёлкин");
        second.products = vec![product("Кружка Белая 300", 1, 100), product("CUP-7", 1, 100)];
        one(&store, id, 1, &second).await;
        for (q, expected) in [
            ("кружка 300", &["1-1-1", "2-1-1"][..]),
            ("синяя кружка", &["1-1-1"]),
            ("синяя белая", &[]),
            ("cup-7 белая", &["2-1-1"]),
            ("елкин кружка", &["1-1-1", "2-1-1"]),
            ("семен елкин cup", &["1-1-1"]),
            ("семен 30", &["1-1-1"]),
            ("пе 30", &["2-1-1"]),
            ("белая p7", &[]),
            ("елкин ножик", &[]),
            ("ножик кружка", &[]),
        ] {
            assert_eq!(by_words(&store, q).await, expected, "{q}");
        }
    }

    async fn lines_from_before_there_were_products_get_theirs(database: Arc<TestDatabase>) {
        let store = &database.store;
        let id = cabinet(store).await;
        of(store, id, "1-1-1", &["Ёлка 5", "CUP-2"]).await;
        of(store, id, "2-1-1", &["CUP-2"]).await;
        let before = (order(store, id, "1-1-1").await, order(store, id, "2-1-1").await);
        let tables = database.tables().await;
        tables.execute_unprepared(&before_products(store)).await.expect("is done");
        // Goods of which Ozon told no SKU.
        tables.execute_unprepared("UPDATE order_lines SET sku = NULL WHERE position = 1").await.expect("is done");
        store.migrate().await.expect("migrates");
        let mut after = order(store, id, "1-1-1").await;
        assert_eq!(after.lines[1].sku, None);
        after.lines[1].sku = before.0.lines[1].sku;
        assert_eq!((after, order(store, id, "2-1-1").await), before);
        assert_eq!(many(&database, "products").await, 3);
        assert_eq!(by_words(store, "елка").await, ["1-1-1"]);
        assert_eq!(exactly(store, "CUP-2").await, ["1-1-1", "2-1-1"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_meets_a_product_that_another_is_writing_waits_for_nobody() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let store = &database.store;
    let id = cabinet(store).await;
    let name = product("MUG-1", 1, 100).name;
    let sku = product("MUG-1", 1, 100).sku.expect("a sku");
    let tables = database.tables().await;
    let other = tables.begin().await.expect("begins");
    let written = format!("INSERT INTO products (offer_id, sku, name) VALUES ('MUG-1', {sku}, '{name}')");
    other.execute_unprepared(&written).await.expect("is written");
    let soon = std::time::Duration::from_secs(5);
    tokio::time::timeout(soon, of(store, id, "1-1-1", &["MUG-1"])).await.expect("waits for nobody");
    other.commit().await.expect("ends");
    assert_eq!(many(&database, "products").await, 2, "each wrote its own");
    of(store, id, "2-1-1", &["MUG-1"]).await;
    assert_eq!(many(&database, "products").await, 2, "either serves who comes later");
    assert_eq!(exactly(store, "MUG-1").await, ["1-1-1", "2-1-1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_of_the_version_before_goes_on_with_lines_while_it_is_upgraded() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let store = &database.store;
    let id = cabinet(store).await;
    of(store, id, "1-1-1", &["MUG-1"]).await;
    let order_id = order(store, id, "1-1-1").await.id;
    let tables = database.tables().await;
    let lines = async || {
        let sql = format!(
            "SELECT order_lines.id, offer_id FROM order_lines WHERE order_id IN ({order_id}) ORDER BY order_id, position"
        );
        let rows = tables.query_all_raw(Statement::from_string(tables.get_database_backend(), sql)).await;
        let article = |row: &sea_orm::QueryResult| row.try_get::<String>("", "offer_id").expect("a text");
        rows.expect("answers").iter().map(article).collect::<Vec<_>>()
    };
    assert_eq!(lines().await, ["MUG-1"]);
    let rewritten = format!(
        "DELETE FROM order_lines WHERE order_id = {order_id}; \
         INSERT INTO order_lines (order_id, position, offer_id, sku, name, quantity, cancelled, moved, price_minor, currency) \
         VALUES ({order_id}, 0, 'MUG-1', 5, 'Кружка', 1, 0, 0, 100, 'RUB'), \
                ({order_id}, 1, 'Ёлка', NULL, 'Ёлка', 2, 1, 0, 200, 'RUB'), \
                ({order_id}, 2, 'Ёлка', NULL, 'Ёлка', 1, 0, 0, 200, 'RUB')"
    );
    tables.execute_unprepared(&rewritten).await.expect("is done");
    assert_eq!(lines().await, ["MUG-1", "Ёлка", "Ёлка"]);
    assert_eq!(many(&database, "products").await, 3, "a renamed one, and one that is new");
    let read = order(store, id, "1-1-1").await.lines;
    assert_eq!(
        read.iter().map(|line| (line.quantity, line.sku)).collect::<Vec<_>>(),
        [(1, Some(5)), (2, None), (1, None)]
    );
    assert_eq!(by_words(store, "елка").await, ["1-1-1"]);
}
