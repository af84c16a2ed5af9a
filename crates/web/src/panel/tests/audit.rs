//! The audit as a page: who sees it, and that people's acts get there.

use super::*;

on_both_databases! {
    async fn only_an_administrator_sees_the_audit(store: Store) {
        let panel = Panel::new(store, None);
        for role in [Role::Viewer, Role::Manager] {
            let cookie = panel.signed_in(role).await;
            assert_eq!(panel.get("/audit", &cookie).await.status, StatusCode::FORBIDDEN, "{role}");
        }
        let admin = panel.signed_in(Role::Admin).await;
        assert!(panel.get("/users", &admin).await.html.contains("href=\"/audit\""));
        assert_eq!(panel.get("/audit", &admin).await.status, StatusCode::OK);
    }

    async fn what_people_do_is_told_in_words_and_found_by_who_and_what(store: Store) {
        let panel = Panel::new(store, None);
        let admin = panel.signed_in(Role::Admin).await;
        panel.ask(Method::POST, "/users", &admin, "email=petr%40example.com&role=manager").await;
        panel.ask(Method::POST, "/lists/named/sources", &admin, "name=Ярмарка").await;
        panel.ask(Method::POST, "/sign-in", "", "email=eve%40example.com&password=secret-word").await;
        panel.ask(Method::POST, "/sign-out", &admin, "").await;
        let admin = panel.store.user_by_email("admin@example.com").await.expect("answers").expect("the user").0;
        let token = panel.store.open_session(admin.id, "", noon(), chrono::Duration::days(1)).await.expect("opens");
        let admin = format!("vygruzka_session={token}");
        let all = panel.get("/audit", &admin).await.html;
        let table = |html: &str| html.split("<tbody>").nth(1).unwrap_or_default().to_owned();
        for told in ["Добавлен пользователь", "petr@example.com", "Менеджер", "Добавлен источник", "Ярмарка", "Отказ во входе",
            "eve@example.com", "Выход", "без входа"]
        {
            assert!(table(&all).contains(told), "the audit does not tell “{told}”");
        }
        assert!(!all.contains("secret-word"), "a password is told to nobody");
        let users = table(&panel.get("/audit?kind=user", &admin).await.html);
        assert!(users.contains("Добавлен пользователь") && !users.contains("Ярмарка"));
        let nobody = table(&panel.get("/audit?actor=guest", &admin).await.html);
        assert!(nobody.contains("Отказ во входе") && !nobody.contains("Ярмарка"));
        assert!(panel.get("/audit?kind=nonsense&actor=%3Cb%3E", &admin).await.html.contains("Ничего не найдено"));
        let broken = panel.get("/audit?cursor=zz", &admin).await;
        assert!(!broken.status.is_server_error() && broken.html.contains("<h1"));
    }

    async fn a_long_audit_is_read_page_by_page(store: Store) {
        let panel = Panel::new(store.clone(), None);
        for n in 0..101 {
            store.note_audit("command", "token.add", &format!("no{n}."), "", noon()).await.expect("is noted");
        }
        let admin = panel.signed_in(Role::Admin).await;
        let first = panel.get("/audit?kind=token.add", &admin).await.html;
        assert!(first.contains("no100.") && !first.contains("no0."));
        let older = first.split("href=\"").find(|part| part.contains("cursor=")).expect("a next page");
        let older = older.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&");
        let last = panel.get(&older, &admin).await.html;
        assert!(last.contains("no0.") && !last.contains("no1."));
    }
}
