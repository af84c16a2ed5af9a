//! Two people at the same form: whoever saves later is told first, and loses nothing.

use domain::CabinetId;
use domain::warehouse_rules::{Instead, Place};
use storage::Warehouse;
use storage::mail::{MailSettings, Password};

use super::settings::{chosen, settings_form, with};
use super::*;

/// The mark of what a form showed.
fn seen(html: &str) -> String {
    let value = html.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    value.expect("a mark").to_owned()
}

fn mail(host: &str, sender: &str) -> MailSettings {
    MailSettings {
        host: host.to_owned(),
        port: 465,
        security: "tls".to_owned(),
        login: None,
        sender: sender.to_owned(),
        recipients: vec!["olga@shop.example".to_owned()],
        language: "ru".to_owned(),
        extra_root: None,
    }
}

on_both_databases! {
    async fn settings_that_another_saved_are_told_and_both_changes_stand_in_the_form(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let path = "/cabinets/1/settings";
        let form = settings_form(&panel.get(path, &admin).await.html);
        let theirs = serde_json::json!({"order_date": "imported", "schedule": {"every": {"hours": 3}}});
        store.apply_settings(CabinetId(1), &theirs, "anna@example.com", noon()).await.expect("it is saved");

        let mine = with(&form, "at", "07:30");
        let late = panel.ask(Method::POST, path, &admin, &mine).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let stored = store.settings(CabinetId(1)).await.expect("settings");
        assert_eq!((stored.version, stored.settings.schedule.at.to_string().as_str()), (2, "06:00:00"));
        let told = late.html.split("id=\"overtaken\"").nth(1).and_then(|rest| rest.split("<form class=").next());
        let told = told.expect("what changed meanwhile");
        for word in ["anna@example.com", "Изменилось без вас", "загрузки в магазин", "Изменится, если вы сохраните", "07:30"] {
            assert!(told.contains(word), "{word}: {told}");
        }
        let both = settings_form(&late.html);
        assert!(both.contains("at=07%3A30") && both.contains("every_unit=hours") && both.contains("version=2"), "{both}");
        assert_eq!(chosen(&late.html, "order_date"), "imported");

        let saved = panel.ask(Method::POST, path, &admin, &both).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
        let after = store.settings(CabinetId(1)).await.expect("settings").settings;
        assert_eq!(after.schedule.at.to_string(), "07:30:00");
        assert_eq!(after.order_date, domain::settings::OrderDate::Imported, "nothing of the other is lost");
    }

    async fn a_form_of_settings_that_was_refused_still_knows_what_it_was_typed_upon(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let path = "/cabinets/1/settings";
        let wrong = with(&settings_form(&panel.get(path, &admin).await.html), "every_count", "0");
        let refused = panel.ask(Method::POST, path, &admin, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let theirs = serde_json::json!({"order_date": "imported"});
        store.apply_settings(CabinetId(1), &theirs, "anna", noon()).await.expect("it is saved");
        let right = with(&settings_form(&refused.html), "every_count", "5");
        assert_eq!(panel.ask(Method::POST, path, &admin, &right).await.status, StatusCode::CONFLICT);
    }

    async fn mail_that_another_set_up_is_told_before_it_is_changed(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let mark = seen(&panel.get(at::MAIL, &admin).await.html);
        let theirs = mail("smtp.one.example", "desk@one.example");
        store.set_mail(&theirs, &Password::Forget, "anna@example.com", noon()).await.expect("it is kept");

        let form = |seen: &str| format!(
            "host=localhost&port=465&security=tls&sender=desk%40one.example&recipients=olga%40shop.example&language=ru&seen={seen}"
        );
        let late = panel.ask(Method::POST, at::MAIL, &admin, &form(&mark)).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.html.contains("anna@example.com") && late.html.contains("smtp.one.example"));
        assert!(late.html.contains("value=\"localhost\""), "what was typed stays");
        assert!(!late.html.contains("<li>От кого"), "what does not differ is not told");
        assert_eq!(store.mail().await.expect("an answer").expect("it is kept").settings.host, "smtp.one.example");

        let again = panel.ask(Method::POST, at::MAIL, &admin, &form(&seen(&late.html))).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.html);
        assert_eq!(store.mail().await.expect("an answer").expect("it is kept").settings.host, "localhost");
    }

    async fn rules_of_warehouses_that_another_saved_are_told_before_they_are_changed(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let warehouse = Warehouse { id: 7, name: "Склад Север".into(), utc_offset_minutes: None };
        store.keep_warehouses(CabinetId(1), &[warehouse], noon()).await.expect("it is kept");
        let path = "/cabinets/1/warehouses";
        let mark = seen(&panel.get(path, &admin).await.html);
        let theirs = [(Place::warehouse(7), Instead { source: Some(domain::SourceId(1)), ..Instead::default() })];
        let theirs = theirs.into_iter().collect();
        store.set_warehouse_rules(CabinetId(1), &theirs, "anna@example.com", noon()).await.expect("they are set");

        let form = |seen: &str| format!("seen={seen}&warehouse.7.source=&warehouse.7.payment=1");
        let late = panel.ask(Method::POST, path, &admin, &form(&mark)).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.html.contains("anna@example.com") && late.html.contains("Склад Север, источник"), "{}", late.html);
        assert_eq!(store.warehouse_rules(CabinetId(1)).await.expect("an answer"), theirs);
        let again = panel.ask(Method::POST, path, &admin, &form(&seen(&late.html))).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_ne!(store.warehouse_rules(CabinetId(1)).await.expect("an answer"), theirs);
    }

    async fn a_status_that_another_changed_is_told_at_its_own_form(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let path = "/lists/statuses";
        let first = panel.get(path, &admin).await.html;
        let status = store.statuses().await.expect("an answer").remove(1);
        let of_its_row = |html: &str| {
            let row = html.split(&format!("action=\"{path}/{}\"", status.id)).nth(1).expect("its form").to_owned();
            seen(&row)
        };
        let form = |name: &str, seen: &str| {
            let name = serde_urlencoded::to_string([("name", name)]).expect("plain values");
            format!("{name}&colour=%23112233&position={}&seen={seen}", status.position)
        };
        let address = format!("{path}/{}", status.id);
        let mark = of_its_row(&first);
        let saved = panel.ask(Method::POST, &address, &admin, &form("Собирается", &mark)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);

        let late = panel.ask(Method::POST, &address, &admin, &form("Комплектуется", &mark)).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.html.contains("admin@example.com") && late.html.contains("Собирается → Комплектуется"));
        let name = async || store.statuses().await.expect("an answer").remove(1).name;
        assert_eq!(name().await, "Собирается");
        panel.ask(Method::POST, &address, &admin, &form("Комплектуется", &of_its_row(&late.html))).await;
        assert_eq!(name().await, "Комплектуется");
    }
}
