//! Warehouses and delivery methods in the panel.

use super::*;
use domain::warehouse_rules::{Instead, Place};
use domain::{CabinetId, PaymentMethodId, SourceId};
use storage::Warehouse;
use storage::lists::NamedList;
use storage::warehouse_rules::OzonDeliveryMethod;

const PAGE: &str = "/cabinets/1/warehouses";

async fn with_warehouses(panel: &Panel) -> i64 {
    panel.with_an_order().await;
    let store = &panel.store;
    let warehouse =
        Warehouse { id: 7, name: "Склад <Север>".into(), utc_offset_minutes: Some(420) };
    store.keep_warehouses(CabinetId(1), &[warehouse], noon()).await.expect("it is kept");
    let method = OzonDeliveryMethod {
        id: 21,
        warehouse_id: Some(7),
        name: "Свой курьер".into(),
        status: Some("DISABLED".into()),
    };
    store.keep_delivery_methods(CabinetId(1), &[method], noon()).await.expect("it is kept");
    store.save_named(NamedList::Sources, None, "Сайт").await.expect("it is saved").id
}

on_both_databases! {
    async fn warehouses_stand_with_their_methods_and_get_rules(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let source = with_warehouses(&panel).await;
        let admin = panel.signed_in(Role::Admin).await;
        let shown = panel.get(PAGE, &admin).await.html;
        for word in ["Склад &#60;Север&#62;", "UTC+07:00", "Свой курьер", "отключён в Ozon", "Как у кабинета: Ozon"] {
            assert!(shown.contains(word), "{word}");
        }
        let form = format!("warehouse.7.source={source}&warehouse.7.delivery=&delivery_method.21.payment=1");
        let saved = panel.ask(Method::POST, PAGE, &admin, &form).await;
        assert_eq!((saved.status, saved.location.as_str()), (StatusCode::SEE_OTHER, PAGE));
        let rules = store.warehouse_rules(CabinetId(1)).await.expect("an answer");
        let expected = [
            (Place::warehouse(7), Instead { source: Some(SourceId(source)), ..Instead::default() }),
            (Place::delivery_method(21), Instead { payment_method: Some(PaymentMethodId(1)), ..Instead::default() }),
        ];
        assert_eq!(rules, expected.into_iter().collect());
        let shown = panel.get(PAGE, &admin).await.html;
        assert!(shown.contains(&format!("<option value=\"{source}\" selected>Сайт</option>")));

        // A form that shows fewer fields takes nothing away, and a stranger's place is none of ours.
        panel.ask(Method::POST, PAGE, &admin, "delivery_method.21.payment=&warehouse.8.source=1").await;
        let rules = store.warehouse_rules(CabinetId(1)).await.expect("an answer");
        assert_eq!(rules.iter().collect::<Vec<_>>(), expected[..1]);
        let used = panel.ask(Method::POST, "/lists/named/sources/delete", &admin, &format!("id={source}")).await;
        assert!(used.html.contains("/cabinets/1/warehouses\">Кабинет «Дом и свет»: Склады и методы доставки"));
    }

    async fn a_choice_that_is_none_saves_nothing_and_keeps_what_was_typed(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let source = with_warehouses(&panel).await;
        let admin = panel.signed_in(Role::Admin).await;
        for wrong in ["999", "x", "99999999999999999999"] {
            let form = format!("warehouse.7.source={source}&warehouse.7.payment={wrong}");
            let refused = panel.ask(Method::POST, PAGE, &admin, &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(refused.html.contains("Ничего не сохранено"), "{wrong}");
            assert!(refused.html.contains(&format!("<option value=\"{source}\" selected>")), "{wrong}");
        }
        assert_eq!(store.warehouse_rules(CabinetId(1)).await.expect("an answer").iter().count(), 0);
    }

    async fn only_who_may_change_settings_changes_rules(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let source = with_warehouses(&panel).await;
        let manager = panel.signed_in(Role::Manager).await;
        let shown = panel.get(PAGE, &manager).await.html;
        assert!(shown.contains("<fieldset class=\"bare\" disabled>") && shown.contains("Обновить из Ozon"));
        let refused = panel.ask(Method::POST, PAGE, &manager, &format!("warehouse.7.source={source}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        // Nobody is at the cabinet's address: the page says so and stays.
        let unread = panel.ask(Method::POST, &format!("{PAGE}/read"), &manager, "").await;
        assert_eq!(unread.status, StatusCode::OK);
        assert!(unread.html.contains("alert bad") && unread.html.contains("Свой курьер"));
        let viewer = panel.signed_in(Role::Viewer).await;
        assert!(!panel.get(PAGE, &viewer).await.html.contains("Обновить из Ozon"));
        assert_eq!(panel.ask(Method::POST, &format!("{PAGE}/read"), &viewer, "").await.status, StatusCode::FORBIDDEN);
        let admin = panel.signed_in(Role::Admin).await;
        assert_eq!(panel.get("/cabinets/9/warehouses", &admin).await.status, StatusCode::NOT_FOUND);
        assert_eq!(panel.ask(Method::POST, "/cabinets/9/warehouses", &admin, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(panel.ask(Method::POST, "/cabinets/9/warehouses/read", &admin, "").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_orders_history_names_the_rule_and_leads_to_it(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let source = with_warehouses(&panel).await;
        let rules = [(Place::warehouse(7), Instead { source: Some(SourceId(source)), ..Instead::default() })];
        store.set_warehouse_rules(CabinetId(1), &rules.into_iter().collect(), "a test", noon()).await.expect("they are set");
        let mut sent = Posting { number: number("0105-0001-1"), ..posting() };
        sent.details.warehouse_id = Some(7);
        sent.details.warehouse_name = Some("Склад <Север>".into());
        let arrived = Arrived { raw: "{}".into(), number: sent.number.clone(), posting: Ok(sent.clone()) };
        let arrival = Arrival { cabinet: CabinetId(1), shown_by: ShownBy::List, read_at: noon(), postings: vec![arrived] };
        store.take_in(&arrival, noon(), false).await.expect("it is taken in");
        let order = store.order_of_posting(CabinetId(1), &sent.number).await.expect("an answer").expect("an order");
        let admin = panel.signed_in(Role::Admin).await;
        let card = panel.get(&format!("/orders/{}", order.id), &admin).await.html;
        assert!(card.contains("Назначено: источник") && card.contains("По правилу склада «Склад &#60;Север&#62;»."));
        assert!(card.contains("href=\"/cabinets/1/warehouses\""));
    }
}
