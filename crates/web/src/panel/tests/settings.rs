//! Settings saved in the panel: asked about first where they concern what is loaded, and the card of a cabinet that has
//! loaded nothing yet; deadlines by the warehouse's clock.

use axum::http::{Method, StatusCode};
use domain::{CabinetId, OrderId};
use storage::Store;
use storage::intake::{Arrival, Arrived, ShownBy};
use storage::people::Role;
use testkit::on_both_databases;

use super::{Panel, noon, posting};

on_both_databases! {
    async fn a_change_that_concerns_loaded_orders_is_asked_about_before_anything_is_saved(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let path = "/cabinets/1/settings";
        let form = settings_form(&panel.get(path, &admin).await.html);
        let changed = with(&form, "map.awaiting_packaging", "2");
        let asked = panel.ask(Method::POST, path, &admin, &changed).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.html.contains("Что изменится в загруженных заказах") && asked.html.contains("1 заказ"));
        assert!(asked.html.contains("name=\"map.awaiting_packaging\" value=\"2\""), "what was typed is kept");
        let version = async || panel.store.settings(CabinetId(1)).await.expect("settings").version;
        let status = async || panel.store.order(OrderId(1)).await.expect("the order").status_id.0;
        assert_eq!((version().await, status().await), (1, 1), "nothing is saved before she chooses");

        let back = panel.ask(Method::POST, path, &admin, &format!("{changed}&version=1&choice=back")).await;
        assert_eq!(chosen(&back.html, "map.awaiting_packaging"), "2", "the form is as it was typed");
        assert_eq!(version().await, 1);

        let new = panel.ask(Method::POST, path, &admin, &format!("{changed}&version=1&choice=new")).await;
        assert_eq!((new.status, new.location.as_str()), (StatusCode::SEE_OTHER, "/cabinets/1/settings?since=1"));
        assert_eq!((version().await, status().await), (2, 1), "saved for new orders alone");
        let again = panel.get(&new.location, &admin).await.html;
        assert!(again.contains("/cabinets/1/settings/effect?since=1"));
        let effect = panel.get("/cabinets/1/settings/effect?since=1", &admin).await.html;
        assert!(effect.contains("1 заказ") && effect.contains("name=\"version\" value=\"2\""));
        let done = panel.ask(Method::POST, "/cabinets/1/settings/effect", &admin, "since=1&version=2").await;
        assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, path));
        assert_eq!(status().await, 2);
        let card = panel.get("/orders/1", &admin).await.html;
        assert!(card.contains("Изменённое сопоставление статусов применено") && card.contains("admin@example.com"));
        assert!(panel.get("/cabinets/1/settings/effect?since=1", &admin).await.html.contains("ничего не изменится"));
    }

    async fn what_was_decided_is_done_only_while_the_settings_are_those_that_were_looked_at(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let path = "/cabinets/1/settings";
        let form = settings_form(&panel.get(path, &admin).await.html);
        let changed = with(&form, "map.awaiting_packaging", "2");
        let other = serde_json::json!({"order_date": "imported"});
        panel.store.apply_settings(CabinetId(1), &other, "boris", noon()).await.expect("it is saved");
        for choice in ["apply", "new"] {
            let late = panel.ask(Method::POST, path, &admin, &format!("{changed}&version=1&choice={choice}")).await;
            assert!(late.html.contains("настройки изменились") && late.html.contains("name=\"version\" value=\"2\""));
            // The other one's change is in the form now, beside this one.
            assert!(late.html.contains("name=\"order_date\" value=\"imported\""));
            assert!(late.html.contains("name=\"map.awaiting_packaging\" value=\"2\""));
        }
        assert_eq!(panel.store.settings(CabinetId(1)).await.expect("settings").version, 2);
        let late = panel.ask(Method::POST, "/cabinets/1/settings/effect", &admin, "since=1&version=1").await;
        assert_eq!(late.location, "/cabinets/1/settings/effect?since=1&overtaken=1");
        assert!(panel.get(&late.location, &admin).await.html.contains("настройки изменились"));
        let applied = panel.ask(Method::POST, path, &admin, &format!("{changed}&version=2&choice=apply")).await;
        assert_eq!((applied.status, applied.location.as_str()), (StatusCode::SEE_OTHER, path));
        assert_eq!(panel.store.order(OrderId(1)).await.expect("the order").status_id.0, 2);
    }

    async fn a_change_that_concerns_new_orders_alone_is_saved_at_once(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let path = "/cabinets/1/settings";
        for (key, value) in [("order_date", "imported"), ("map.delivered", "2"), ("also_awaiting_deliver", "true")] {
            let form = settings_form(&panel.get(path, &admin).await.html);
            let saved = panel.ask(Method::POST, path, &admin, &with(&form, key, value)).await;
            assert_eq!((saved.status, saved.location.as_str()), (StatusCode::SEE_OTHER, path), "{key}");
        }
        assert_eq!(panel.store.settings(CabinetId(1)).await.expect("settings").version, 4);
    }

    async fn before_the_first_load_the_card_offers_to_look_what_it_would_bring(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (admin, viewer) = (panel.signed_in(Role::Admin).await, panel.signed_in(Role::Viewer).await);
        let card = "/cabinets/1";
        assert!(panel.get(card, &admin).await.html.contains("Посмотреть, что загрузится"));
        assert!(!panel.get(card, &viewer).await.html.contains("Посмотреть, что загрузится"));
        let begun = panel.ask(Method::POST, "/cabinets/1/rehearse", &admin, "").await;
        assert_eq!((begun.status, begun.location.as_str()), (StatusCode::SEE_OTHER, card));
        let html = panel.get(card, &admin).await.html;
        assert!(html.contains("Читаем отправления") || html.contains("Посмотреть ещё раз"), "{html}");
    }

    async fn a_deadline_is_told_by_the_clock_of_the_warehouse_it_leaves_from(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let mut sent = posting();
        sent.details.warehouse_id = Some(7);
        sent.details.shipment_date = Some("2026-11-24T19:00:00Z".parse().expect("a literal time"));
        let raw = serde_json::to_string(&sent).expect("plain values");
        let arrived = Arrived { number: sent.number.clone(), raw, posting: Ok(sent) };
        let read_at = noon() + chrono::Duration::seconds(1);
        let arrival =
            Arrival { cabinet: CabinetId(1), shown_by: ShownBy::List, read_at, postings: vec![arrived] };
        panel.store.take_in(&arrival, read_at, false).await.expect("it is taken in");
        let moscow = "24 ноября 2026, 22:00:00 (Europe/Moscow, UTC+03:00)";
        for path in ["/orders", "/orders/1"] {
            assert!(panel.get(path, &admin).await.html.contains(moscow), "{path} without a known zone");
        }
        let warehouse =
            storage::Warehouse { id: 7, name: "Новосибирск".into(), utc_offset_minutes: Some(7 * 60) };
        panel.store.keep_warehouses(CabinetId(1), &[warehouse], noon()).await.expect("it is kept");
        let there = "25 ноября 2026, 02:00:00 (время склада, UTC+07:00)";
        for path in ["/orders", "/orders/1"] {
            let html = panel.get(path, &admin).await.html;
            assert!(html.contains(there) && !html.contains(moscow), "{path} in the warehouse's zone");
        }
        assert!(panel.get("/orders/1", &admin).await.html.contains("25 нояб., 02:00 (UTC+07:00)"));
    }
}

/// The form of the settings as a browser sends it when nothing is touched.
pub(super) fn settings_form(html: &str) -> String {
    let form = html
        .split("<form class=\"settings\"")
        .nth(1)
        .and_then(|f| f.split("</form>").next())
        .expect("a form");
    let attribute = |tag: &str, name: &str| {
        let after = tag.split(&format!(" {name}=\"")).nth(1)?;
        after.split('"').next().map(str::to_owned)
    };
    let mut fields = Vec::new();
    for piece in form.split('<').skip(1) {
        let Some(name) = attribute(piece, "name") else { continue };
        if piece.starts_with("select") {
            fields.push((name.clone(), chosen(form, &name)));
        } else if piece.starts_with("input")
            && (!piece.contains("type=\"checkbox\"") || piece.contains(" checked"))
        {
            fields.push((name, attribute(piece, "value").unwrap_or_default()));
        }
    }
    serde_urlencoded::to_string(fields).expect("plain values")
}

/// What is chosen in a field of a form.
pub(super) fn chosen(html: &str, name: &str) -> String {
    let select = html.split(&format!("name=\"{name}\"")).nth(1).and_then(|s| s.split("</select>").next());
    let before = select.and_then(|s| s.split(" selected").next()).unwrap_or_default();
    before.rsplit("value=\"").next().and_then(|v| v.split('"').next()).unwrap_or_default().to_owned()
}

/// The form with one field filled in otherwise.
pub(super) fn with(form: &str, name: &str, value: &str) -> String {
    let mut fields: Vec<(String, String)> = serde_urlencoded::from_str(form).expect("a form");
    fields.retain(|(key, _)| key != name);
    fields.push((name.to_owned(), value.to_owned()));
    serde_urlencoded::to_string(fields).expect("plain values")
}
