//! The list of orders: tabs, columns, views, and acts on several orders.

use axum::http::{Method, StatusCode};
use domain::Order;
use serde_json::json;
use storage::orders::{OrderFilter, OrderSort};
use storage::{PageAsk, Role, Store};
use testkit::on_both_databases;

use super::{Panel, noon};

async fn the_order(panel: &Panel) -> Order {
    let (all, newest) = (OrderFilter::default(), OrderSort::default());
    panel.store.orders(&all, newest, &PageAsk::first(1)).await.expect("answers").items.remove(0)
}

on_both_databases! {
    async fn tabs_lead_to_what_waits_and_count_it(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let cookie = panel.signed_in(Role::Manager).await;
        let all = panel.get("/orders", &cookie).await;
        assert_eq!(all.status, StatusCode::OK);
        assert!(all.html.contains("href=\"/orders?tab=new\"") && all.html.contains("Новые<span class=\"n\">1</span>"));
        assert!(!all.html.contains("tab=refused"), "what is empty and rare is not there");
        assert!(panel.get("/orders?tab=new", &cookie).await.html.contains("98105259411-0854-2"));
        assert!(!panel.get("/orders?tab=cancelled", &cookie).await.html.contains("98105259411-0854-2"));
        assert!(!panel.get("/orders?tab=overdue", &cookie).await.html.contains("98105259411-0854-2"));
        assert_eq!(panel.get("/orders?tab=%3Cscript%3E&scheme=x&warehouse=y", &cookie).await.status, StatusCode::OK);
    }

    async fn everyone_chooses_her_own_columns(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (manager, viewer) = (panel.signed_in(Role::Manager).await, panel.signed_in(Role::Viewer).await);
        let form = "columns=goods&columns=number&columns=track_number&move=number:up&risk_hours=6&back=/orders";
        let kept = panel.ask(Method::POST, "/orders/columns", &manager, form).await;
        assert_eq!((kept.status, kept.location.as_str()), (StatusCode::SEE_OTHER, "/orders"));
        let html = panel.get("/orders", &manager).await.html;
        let head = html.split("<thead>").nth(1).and_then(|rest| rest.split("</thead>").next()).expect("a head");
        let at = |class: &str| head.find(class).unwrap_or_else(|| panic!("{class} is missing"));
        assert!(at("c-number") < at("c-goods") && at("c-goods") < at("c-track") && !head.contains("c-sum"));
        assert!(html.contains("value=\"6\""));
        assert!(panel.get("/orders", &viewer).await.html.contains("c-sum num"), "nobody else's list changes");
    }

    async fn a_view_is_saved_shared_and_deleted(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (manager, viewer) = (panel.signed_in(Role::Manager).await, panel.signed_in(Role::Viewer).await);
        let form = "name=%D0%93%D0%BE%D1%80%D0%B8%D1%82+%D1%83+%D0%BD%D0%B0%D1%81&query=tab%3Drisk%26evil%3D1&shared=true";
        let saved = panel.ask(Method::POST, "/orders/views", &manager, form).await;
        assert_eq!(saved.location, "/orders?tab=risk", "only what the list knows is kept");
        assert!(panel.get("/orders", &viewer).await.html.contains("Горит у нас"));
        let own = panel.store.order_views(domain::UserId(1)).await.expect("answers");
        let gone = format!("id={}&back=/orders", own[0].id);
        let refused = panel.ask(Method::POST, "/orders/views/delete", &viewer, &gone).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        panel.ask(Method::POST, "/orders/views/delete", &manager, &gone).await;
        assert!(!panel.get("/orders", &viewer).await.html.contains("Горит у нас"));
        let unnamed = panel.ask(Method::POST, "/orders/views", &manager, "name=+&query=").await;
        assert_eq!(unnamed.location, "/orders");
        assert!(unnamed.cookies[0].contains("view-needs-name"), "{:?}", unnamed.cookies);
    }

    async fn what_is_told_to_nobody_is_done_at_once_and_undone_at_a_click(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let cookie = panel.signed_in(Role::Manager).await;
        let order = the_order(&panel).await;
        let form = format!("ids={}&act=paid&back=/orders?tab=new", order.id);
        let done = panel.ask(Method::POST, "/orders/act", &cookie, &form).await;
        assert_eq!(done.location, "/orders?tab=new");
        assert!(panel.store.order(order.id).await.expect("is there").paid);
        let note = done.cookies.iter().find(|c| c.starts_with("flash=")).expect("a note");
        let undo = note.split(';').next().and_then(|c| c.rsplit('.').next()).expect("a number");
        let shown = panel.get("/orders", &format!("{cookie}; {}", note.split(';').next().unwrap_or_default())).await;
        assert!(shown.html.contains(&format!("name=\"id\" value=\"{undo}\"")), "the note has the way back");
        let undone = panel.ask(Method::POST, "/orders/undo", &cookie, &format!("id={undo}&back=/orders")).await;
        assert!(undone.cookies[0].contains("undone.1"), "{:?}", undone.cookies);
        assert!(!panel.store.order(order.id).await.expect("is there").paid);
        let nobody = panel.signed_in(Role::Viewer).await;
        assert_eq!(panel.ask(Method::POST, "/orders/act", &nobody, &form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(panel.ask(Method::POST, "/orders/undo", &nobody, "id=1").await.status, StatusCode::FORBIDDEN);
        let nonsense = panel.ask(Method::POST, "/orders/act", &cookie, "ids=1&act=explode").await;
        assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
    }

    async fn what_ozon_would_be_told_is_asked_about_first(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let cookie = panel.signed_in(Role::Manager).await;
        let sent = panel.store.statuses().await.expect("answers")[3].id;
        let cabinet = panel.store.cabinets().await.expect("answers")[0].id;
        let patch = json!({"seller_delivery": {"delivering": sent}});
        panel.store.apply_settings(cabinet, &patch, "a test", noon()).await.expect("it is right");
        let order = the_order(&panel).await;
        let form = format!("ids={}&act=status&status={sent}&back=/orders", order.id);
        let asked = panel.ask(Method::POST, "/orders/act", &cookie, &form).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.html.contains("name=\"agreed\" value=\"true\""));
        assert_eq!(panel.store.order(order.id).await.expect("is there").status_id, order.status_id);
        panel.ask(Method::POST, "/orders/act", &cookie, &format!("{form}&agreed=true")).await;
        assert_eq!(panel.store.order(order.id).await.expect("is there").status_id, sent);
    }
}
