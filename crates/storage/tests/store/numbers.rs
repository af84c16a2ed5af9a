//! Order numbers.

use serde_json::json;
use storage::Store;

use crate::fixture::*;

testkit::on_both_databases! {
    async fn a_number_that_is_taken_gets_a_suffix_and_never_blocks(store: Store) {
        let mut numbers = Vec::new();
        for (at, name) in ["Дом", "Дача", "Сад"].into_iter().enumerate() {
            let client_id = format!("{at}");
            let id = store.add_cabinet(new_cabinet(name, &client_id), morning(), "test").await.expect("is added").id;
            one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
            numbers.push(order(&store, id, "1-1-1").await.number);
        }
        assert_eq!(numbers, ["1-1-1", "1-1-1/2", "1-1-1/3"]);
        assert_eq!(store.postings_numbered("1-1-1").await.expect("answers").len(), 3);
    }

    async fn numbers_by_template_count_on_over_cabinets_and_pages(store: Store) {
        let id = cabinet(&store).await;
        set(&store, id, json!({"posting_number_to": "customer_name"})).await;
        assert_eq!(store.number_template().await.expect("answers"), "#NUMBER#");
        assert_eq!(store.next_number().await.expect("answers"), 1);
        store.set_number_template("OZ-#YEAR#-#NUMBER#").await.expect("is set");
        take(&store, &page(id, 1, vec![
            shown(&posting("1-1-1", "awaiting_packaging")),
            shown(&posting("1-1-2", "awaiting_packaging")),
        ])).await;
        one(&store, id, 2, &posting("1-1-3", "awaiting_packaging")).await;
        store.set_number_template("#DAY#").await.expect("is set");
        one(&store, id, 3, &posting("1-1-4", "awaiting_packaging")).await;
        let mut numbers = Vec::new();
        for n in 1..=4 {
            let order = order(&store, id, &format!("1-1-{n}")).await;
            assert_eq!(order.customer_name, order.posting_number.as_str());
            numbers.push(order.number);
        }
        assert_eq!(numbers, ["OZ-2026-1", "OZ-2026-2", "OZ-2026-3", "234"]);
        assert_eq!(store.next_number().await.expect("answers"), 5, "and is never begun anew");
    }

    async fn a_number_by_template_that_meets_a_posting_number_steps_aside(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("7-1", "awaiting_packaging")).await;
        set(&store, id, json!({"posting_number_to": "customer_name"})).await;
        store.set_number_template("7-#NUMBER#").await.expect("is set");
        one(&store, id, 2, &posting("8-1", "awaiting_packaging")).await;
        assert_eq!(order(&store, id, "8-1").await.number, "7-1/2");
    }
}
