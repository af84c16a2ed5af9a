//! Erasing personal data in the panel.

use super::*;
use domain::erasure::EraseAfter;
use domain::{CabinetId, OrderId};

const RULE: &str = "/personal-data";

/// The order is delivered, a moment after it was loaded.
async fn delivered(store: &Store) {
    let told = Posting { status: OzonStatus::Delivered, ..posting() };
    let arrived = Arrived {
        raw: serde_json::to_string(&told).expect("plain values"),
        number: told.number.clone(),
        posting: Ok(told),
    };
    let read_at = noon() + chrono::Duration::seconds(1);
    let arrival =
        Arrival { cabinet: CabinetId(1), shown_by: ShownBy::List, read_at, postings: vec![arrived] };
    store.take_in(&arrival, read_at, false).await.expect("it is taken in");
}

fn said(answer: &Answer, what: &str) -> bool {
    answer.cookies.iter().any(|cookie| cookie.contains(what))
}

on_both_databases! {
    async fn an_order_is_erased_by_hand_after_a_question_that_names_what_goes(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        delivered(&store).await;
        let admin = panel.signed_in(Role::Admin).await;
        assert!(panel.get("/orders/1", &admin).await.html.contains("href=\"/orders/1/erase\""));
        let question = panel.get("/orders/1/erase", &admin).await;
        assert_eq!(question.status, StatusCode::OK);
        assert!(question.html.contains("Вернуть удалённое нельзя") && question.html.contains("Комментарий магазина"));
        assert!(panel.get("/orders/1", &admin).await.html.contains("Ёлкин"), "a question erases nothing");
        let done = panel.ask(Method::POST, "/orders/1/erase", &admin, "").await;
        assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/orders/1"));
        assert!(said(&done, "persons-erased"));
        let card = panel.get("/orders/1", &admin).await.html;
        for word in PERSONAL {
            assert!(!card.contains(word), "the card still tells “{word}”");
        }
        assert!(card.contains("Данные удалены") && card.contains("Личные данные удалены") && card.contains("admin@example.com"));
        assert!(!card.contains("/orders/1/erase"), "there is nothing left to erase");
        let own = store.postings_numbered(posting().number.as_str()).await.expect("answers")[0].id;
        let raw = format!("/postings/{own}");
        for path in ["/orders", &raw, "/lists/customers", "/orders?q=9031234567"] {
            let html = panel.get(path, &admin).await.html;
            assert!(!html.contains("Ёлкин") && !html.contains("Кедрова"), "{path} still tells of the person");
        }
        let again = panel.ask(Method::POST, "/orders/1/erase", &admin, "").await;
        assert!(said(&again, "unchanged"));
    }

    async fn an_order_that_goes_on_is_not_erased(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        assert!(!panel.get("/orders/1", &admin).await.html.contains("/orders/1/erase"));
        assert!(said(&panel.get("/orders/1/erase", &admin).await, "not-ended"));
        assert!(said(&panel.ask(Method::POST, "/orders/1/erase", &admin, "").await, "not-ended"));
        assert!(panel.get("/orders/1", &admin).await.html.contains("Ёлкин"));
        assert_eq!(panel.get("/orders/99/erase", &admin).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_customer_is_erased_with_the_orders_that_have_ended(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        delivered(&store).await;
        let admin = panel.signed_in(Role::Admin).await;
        let customer = store.order(OrderId(1)).await.expect("is there").customer_id;
        let path = format!("/lists/customers/{customer}/erase");
        assert!(panel.get(&format!("/lists/customers/{customer}"), &admin).await.html.contains(&path));
        assert!(panel.get(&path, &admin).await.html.contains("в 1 завершённом заказе"));
        assert!(said(&panel.ask(Method::POST, &path, &admin, "").await, "persons-erased"));
        let card = panel.get(&format!("/lists/customers/{customer}"), &admin).await.html;
        assert!(card.contains("Личные данные удалены") && !card.contains("Ёлкин") && !card.contains(&path));
        assert!(!panel.get("/orders/1", &admin).await.html.contains("Ёлкин"));
        let nobody = panel.ask(Method::POST, "/lists/customers/1/erase", &admin, "").await;
        assert_eq!(nobody.status, StatusCode::BAD_REQUEST, "«Покупатель Ozon» is nobody");
    }

    async fn the_rule_tells_what_it_would_touch_before_it_is_switched_on(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        delivered(&store).await;
        let admin = panel.signed_in(Role::Admin).await;
        assert!(panel.get(RULE, &admin).await.html.contains("Правило выключено"));
        let looked = panel.get("/personal-data?days=30", &admin).await;
        assert!(looked.html.contains("Удалять через 30 дней?") && looked.html.contains("ничего не попадает"));
        assert_eq!(store.erasing_rule().await.expect("answers"), None, "looking switches nothing on");
        let on = panel.ask(Method::POST, RULE, &admin, "days=30").await;
        assert!(on.location == RULE && said(&on, "erasing-on"));
        assert_eq!(store.erasing_rule().await.expect("answers"), EraseAfter::days(30));
        assert!(panel.get(RULE, &admin).await.html.contains("через 30 дней после доставки"));
        for wrong in ["days=0", "days=3651", "days=-5", "days=%3Cb%3E", "days=1.5"] {
            let refused = panel.ask(Method::POST, RULE, &admin, wrong).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(refused.html.contains("от 1 до 3650") && !refused.html.contains("value=\"<b>"));
        }
        assert_eq!(panel.ask(Method::POST, RULE, &admin, "x=1").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(store.erasing_rule().await.expect("answers"), EraseAfter::days(30));
        assert!(said(&panel.ask(Method::POST, RULE, &admin, "days=").await, "erasing-off"));
        assert_eq!(store.erasing_rule().await.expect("answers"), None);
    }

    async fn only_administrators_erase(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        delivered(&store).await;
        for role in [Role::Manager, Role::Viewer] {
            let cookie = panel.signed_in(role).await;
            assert!(!panel.get("/orders/1", &cookie).await.html.contains("/erase"));
            for path in [RULE, "/orders/1/erase", "/lists/customers/2/erase"] {
                for method in [Method::GET, Method::POST] {
                    let answer = panel.ask(method.clone(), path, &cookie, "days=1").await;
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} {method} {path}");
                }
            }
        }
        assert_eq!(store.erasing_rule().await.expect("answers"), None);
        assert_eq!(store.order(OrderId(1)).await.expect("is there").customer_name, "Пётр Ёлкин");
    }
}
