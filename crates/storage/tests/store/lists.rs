//! Statuses, sources, methods and customers, with what they refuse.

use serde_json::json;
use storage::lists::{CustomerDraft, NamedList, StatusDraft};
use storage::status_order::Step;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

fn draft(name: &str) -> StatusDraft {
    StatusDraft { name: name.to_owned(), color: "#123456".to_owned(), ..StatusDraft::default() }
}

testkit::on_both_databases! {
    async fn the_statuses_on_install_are_there_with_one_default(store: Store) {
        let statuses = store.statuses().await.expect("answers");
        let names: Vec<&str> = statuses.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, [
            "Новый", "В обработке", "Собран", "Отправлен", "В пункте выдачи",
            "Доставлен", "Спор", "Отменён", "Ожидается возврат", "Возвращён",
        ]);
        let with = |flag: fn(&storage::lists::Status) -> bool| {
            statuses.iter().filter(|s| flag(s)).map(|s| s.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(with(|s| s.is_default), ["Новый"]);
        assert_eq!(with(|s| s.is_completed), ["Доставлен"]);
        assert_eq!(with(|s| s.is_cancelled), ["Отменён"]);
    }

    async fn there_is_always_exactly_one_default_status(store: Store) {
        let statuses = store.statuses().await.expect("answers");
        let refused = store.save_status(Some(statuses[0].id), draft("Новый")).await;
        assert!(matches!(refused, Err(Error::Refused("no_default"))));
        let added = StatusDraft { is_default: true, ..draft("Принят") };
        let added = store.save_status(None, added).await.expect("is saved");
        assert_eq!(added.position, 10, "at the end");
        let defaults: Vec<_> =
            store.statuses().await.expect("answers").into_iter().filter(|s| s.is_default).collect();
        assert_eq!(defaults, std::slice::from_ref(&added));
        assert!(matches!(store.delete_status(added.id).await, Err(Error::Refused("default"))));
        assert!(matches!(store.delete_status(domain::StatusId(999)).await, Err(Error::NotFound)));
    }

    async fn a_status_moves_by_one_place_and_not_beyond_the_ends(store: Store) {
        let names = || async {
            let statuses = store.statuses().await.expect("answers");
            statuses.into_iter().take(3).map(|s| s.name).collect::<Vec<_>>()
        };
        let statuses = store.statuses().await.expect("answers");
        let (first, second, last) = (statuses[0].id, statuses[1].id, statuses[9].id);
        assert!(store.move_status(second, Step::Up).await.expect("moves"));
        assert_eq!(names().await, ["В обработке", "Новый", "Собран"]);
        assert!(store.move_status(first, Step::Down).await.expect("moves"));
        assert_eq!(names().await, ["В обработке", "Собран", "Новый"]);
        assert!(!store.move_status(second, Step::Up).await.expect("stays"));
        assert!(!store.move_status(last, Step::Down).await.expect("stays"));
        let gone = store.move_status(domain::StatusId(999), Step::Up).await;
        assert!(matches!(gone, Err(Error::NotFound)));
    }

    async fn statuses_that_share_a_place_can_be_moved_past_each_other(store: Store) {
        let beside = StatusDraft { position: Some(0), ..draft("Рядом") };
        let beside = store.save_status(None, beside).await.expect("is saved");
        assert!(store.move_status(beside.id, Step::Up).await.expect("moves"));
        let statuses = store.statuses().await.expect("answers");
        assert_eq!(statuses[0].id, beside.id);
        let places: Vec<i32> = statuses.iter().map(|s| s.position).collect();
        assert_eq!(places, (0..11).collect::<Vec<_>>());
        assert!(statuses[1].is_default && statuses[1].shown_as_tab, "a move changes nothing else");
    }

    async fn orders_are_counted_for_a_page_of_customers(store: Store) {
        let id = cabinet(&store).await;
        let draft = CustomerDraft { name: "Анна".to_owned(), ..CustomerDraft::default() };
        let anna = store.save_customer(None, draft.clone(), morning()).await.expect("is saved").id;
        let nobody = store.save_customer(None, draft, morning()).await.expect("is saved").id;
        set(&store, id, json!({"customer_id": anna})).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        one(&store, id, 1, &posting("1-1-2", "awaiting_packaging")).await;
        let counts = store.orders_per_customer(&[anna, nobody]).await.expect("answers");
        assert_eq!((counts.get(&anna), counts.get(&nobody)), (Some(&2), None));
        assert!(store.orders_per_customer(&[]).await.expect("answers").is_empty());
    }

    async fn a_status_in_use_is_not_deleted(store: Store) {
        let unused = store.save_status(None, draft("Лишний")).await.expect("is saved");
        store.delete_status(unused.id).await.expect("nothing needs it");

        let id = cabinet(&store).await;
        let mapped = store.save_status(None, draft("В пути")).await.expect("is saved");
        set(&store, id, json!({"status_map": {"delivering": mapped.id}})).await;
        assert!(matches!(store.delete_status(mapped.id).await, Err(Error::InUse { count: 1 })));
        set(&store, id, json!({"status_map": {"delivering": null, "awaiting_packaging": mapped.id}})).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        set(&store, id, json!({"status_map": {"awaiting_packaging": null}})).await;
        assert!(matches!(store.delete_status(mapped.id).await, Err(Error::InUse { count: 1 })));
        assert_eq!(store.orders_per_status(9).await.expect("answers"), [(mapped.id, 1)]);
        one(&store, id, 1, &posting("1-1-2", "awaiting_packaging")).await;
        one(&store, id, 1, &posting("1-1-3", "awaiting_packaging")).await;
        let counted = store.orders_per_status(1).await.expect("answers");
        assert_eq!(counted.len(), 2, "{counted:?}");
        assert!(counted.iter().all(|(_, many)| *many == 1), "counted no further: {counted:?}");
    }

    async fn named_lists_are_kept_renamed_and_protected(store: Store) {
        for (list, installed, key) in [
            (NamedList::Sources, "Ozon", "source_id"),
            (NamedList::DeliveryMethods, "Доставка Ozon", "delivery_method_id"),
            (NamedList::PaymentMethods, "Оплата через Ozon", "payment_method_id"),
        ] {
            let rows = store.named(list).await.expect("answers");
            assert_eq!(rows.len(), 1);
            assert_eq!(rows[0].name, installed);
            assert!(matches!(store.delete_named(list, rows[0].id).await, Err(Error::Refused("installed"))));

            let own = store.save_named(list, None, "Свой").await.expect("is saved");
            let renamed = store.save_named(list, Some(own.id), "Наш").await.expect("is renamed");
            assert_eq!((renamed.id, renamed.name.as_str()), (own.id, "Наш"));
            assert!(matches!(store.save_named(list, Some(999), "X").await, Err(Error::NotFound)));

            let id = match store.cabinet_named("Дом").await {
                Ok(there) => there.id,
                Err(_) => cabinet(&store).await,
            };
            set(&store, id, json!({ key: own.id })).await;
            assert!(matches!(store.delete_named(list, own.id).await, Err(Error::InUse { count: 1 })));
            set(&store, id, json!({ key: rows[0].id })).await;
            store.delete_named(list, own.id).await.expect("nothing needs it any more");
        }
    }

    async fn customers_are_found_whatever_the_case_and_protected_while_needed(store: Store) {
        let id = cabinet(&store).await;
        let draft = CustomerDraft {
            name: "Семён Ёлкин".to_owned(),
            phone: Some("8 (903) 123-45-67".to_owned()),
            email: Some("Semyon@Shop.example".to_owned()),
            comment: "любит кружки".to_owned(),
        };
        let saved = store.save_customer(None, draft.clone(), morning()).await.expect("is saved");
        store.save_customer(None, CustomerDraft { name: "100%_Анна".to_owned(), ..CustomerDraft::default() }, morning())
            .await.expect("is saved");
        let found = |q: &'static str| {
            let store = store.clone();
            async move {
                let page = store.customers(Some(q), &PageAsk::first(10)).await.expect("answers");
                page.items.into_iter().map(|c| c.name).collect::<Vec<_>>()
            }
        };
        for q in ["елкин", "СЕМЁН ёл", "+7 903 123 45 67", "semyon@", "Ёлкин"] {
            assert_eq!(found(q).await, ["Семён Ёлкин"], "{q}");
        }
        assert_eq!(found("%").await, ["100%_Анна"]);
        assert_eq!(found("0%_а").await, ["100%_Анна"]);
        assert_eq!(found("").await.len(), 3, "with the Ozon buyer");

        set(&store, id, json!({"customer_id": saved.id})).await;
        assert!(matches!(store.delete_customer(saved.id).await, Err(Error::InUse { count: 1 })));
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        set(&store, id, json!({"customer_id": null})).await;
        assert!(matches!(store.delete_customer(saved.id).await, Err(Error::InUse { count: 1 })));
        assert_eq!(store.customer(saved.id).await.expect("is there").orders, Some(1));
        let changed = CustomerDraft { name: "Семён".to_owned(), ..draft };
        assert_eq!(store.save_customer(Some(saved.id), changed, morning()).await.expect("is saved").name, "Семён");
        let missing = store.save_customer(Some(domain::CustomerId(999)), CustomerDraft::default(), morning()).await;
        assert!(matches!(missing, Err(Error::NotFound)));
    }

    async fn the_ozon_buyer_cannot_be_deleted(store: Store) {
        let buyer = store.customers(None, &PageAsk::first(1)).await.expect("answers").items.remove(0);
        assert_eq!(buyer.name, "Покупатель Ozon");
        assert!(matches!(store.delete_customer(buyer.id).await, Err(Error::Refused("installed"))));
    }
}
