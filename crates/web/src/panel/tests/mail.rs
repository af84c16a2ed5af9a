//! The mail settings in the panel.

use super::*;
use testkit::smtp::{Manners, Sink};

fn form(sink: &Sink, more: &str) -> String {
    format!(
        "host=localhost&port={}&security=plain&sender=desk%40shop.example&recipients=olga%40shop.example%0D%0Apetr%40shop.example\
         &language=ru{more}",
        sink.port()
    )
}

on_both_databases! {
    async fn mail_is_set_up_tried_and_forgotten(store: Store) {
        let (panel, sink) = (Panel::new(store.clone(), None), Sink::open().await);
        let cookie = panel.signed_in(Role::Admin).await;
        let empty = panel.get(at::MAIL, &cookie).await;
        assert!(empty.html.contains("Почта не настроена") && empty.html.contains("admin@example.com"));

        let saved = panel.ask(Method::POST, at::MAIL, &cookie, &form(&sink, "")).await;
        assert_eq!((saved.status, saved.location.as_str()), (StatusCode::SEE_OTHER, "/mail"), "{}", saved.html);
        let kept = store.mail().await.expect("an answer").expect("it is kept").settings;
        assert_eq!(kept.recipients, ["olga@shop.example", "petr@shop.example"]);

        let tried = panel.ask(Method::POST, at::MAIL_ACT, &cookie, "act=trial").await;
        assert!(tried.html.contains("250 2.0.0 queued as 4F1A2B"), "the server's own words");
        assert_eq!(sink.letters()[0].to, ["olga@shop.example", "petr@shop.example"]);

        sink.behave(Manners { to_sender: Some("553 5.7.1 <not> yours".into()), ..Manners::default() });
        let refused = panel.ask(Method::POST, at::MAIL_ACT, &cookie, "act=trial").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.html.contains("553 5.7.1 &#60;not&#62; yours"), "the server's own words");
        assert!(refused.html.contains("От кого"), "and what to do");

        panel.ask(Method::POST, at::MAIL_ACT, &cookie, "act=forget").await;
        assert!(store.mail().await.expect("an answer").is_none());
    }

    async fn a_server_that_the_configuration_does_not_list_is_refused_with_the_line_to_write(store: Store) {
        let (panel, sink) = (Panel::new(store.clone(), None), Sink::open().await);
        let cookie = panel.signed_in(Role::Admin).await;
        let elsewhere = form(&sink, "").replace("host=localhost", "host=10.0.0.7").replace("=plain", "=tls");
        let refused = panel.ask(Method::POST, at::MAIL, &cookie, &elsewhere).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.html.contains("mail_servers = [&#34;10.0.0.7&#34;]"), "{}", refused.html);
        assert!(store.mail().await.expect("an answer").is_none());
    }

    async fn a_password_is_never_shown_and_never_sent_to_another_server(store: Store) {
        let (panel, sink) = (Panel::new(store.clone(), None), Sink::open().await);
        let cookie = panel.signed_in(Role::Admin).await;
        let login = |password: &str| form(&sink, &format!("&login=desk&password={password}"));
        let missing = panel.ask(Method::POST, at::MAIL, &cookie, &login("")).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(missing.html.contains("Впишите пароль"));
        let saved = panel.ask(Method::POST, at::MAIL, &cookie, &login("s3cret-word")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let shown = panel.get(at::MAIL, &cookie).await.html;
        assert!(!shown.contains("s3cret-word") && shown.contains("задан, не показывается"));

        let again = panel.ask(Method::POST, at::MAIL, &cookie, &login("")).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "the password stays with its server");
        let elsewhere = login("").replace("host=localhost", "host=127.0.0.1");
        let elsewhere = panel.ask(Method::POST, at::MAIL, &cookie, &elsewhere).await;
        assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
        let open = login("s3cret-word").replace("host=localhost", "host=smtp.shop.example");
        let open = panel.ask(Method::POST, at::MAIL, &cookie, &open).await;
        assert!(open.html.contains("пароль ушёл бы по сети открытым"), "no password in the clear");
        assert!(!open.html.contains("s3cret-word"), "nor back in the form");
        assert_eq!(store.mail().await.expect("an answer").expect("it is kept").settings.host, "localhost");
    }

    async fn every_wrong_field_is_named_and_what_was_typed_stays(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let cookie = panel.signed_in(Role::Admin).await;
        let wrong = "host=a%20b&port=0&security=tls&sender=nobody&recipients=&language=ru&extra_root=x";
        let refused = panel.ask(Method::POST, at::MAIL, &cookie, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for id in ["host-fault", "port-fault", "sender-fault", "recipients-fault", "root-fault"] {
            assert!(refused.html.contains(&format!("id=\"{id}\"")), "{id}");
        }
        assert!(refused.html.contains("value=\"a b\"") && refused.html.contains("value=\"nobody\""));
        assert!(store.mail().await.expect("an answer").is_none());
    }

    async fn only_an_administrator_sees_mail_and_letters(store: Store) {
        let panel = Panel::new(store, None);
        for role in [Role::Viewer, Role::Manager] {
            let cookie = panel.signed_in(role).await;
            for path in ["/mail", "/mail/letters/0", "/mail/letters/0/html"] {
                assert_eq!(panel.get(path, &cookie).await.status, StatusCode::FORBIDDEN, "{role} {path}");
            }
            for path in [at::MAIL, at::MAIL_ACT] {
                let answer = panel.ask(Method::POST, path, &cookie, "act=forget").await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} {path}");
            }
            assert!(!panel.get("/orders", &cookie).await.html.contains("href=\"/mail\""));
        }
    }

    async fn every_letter_can_be_looked_at_in_both_languages(store: Store) {
        let panel = Panel::new(store, Some("https://shop.example"));
        let cookie = panel.signed_in(Role::Admin).await;
        for at in 0..letters::Letter::samples(noon()).len() {
            let page = panel.get(&format!("/mail/letters/{at}"), &cookie).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.html.contains("lang=ru") && page.html.contains("lang=en"));
            let letter = panel.get(&format!("/mail/letters/{at}/html?lang=en"), &cookie).await;
            assert!(letter.html.contains("<html lang=\"en\">"));
        }
        assert_eq!(panel.get("/mail/letters/99", &cookie).await.status, StatusCode::NOT_FOUND);
        assert_eq!(panel.get("/mail/letters/-1", &cookie).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_switches_for_letters_say_that_mail_is_not_set_up(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let cookie = panel.signed_in(Role::Admin).await;
        let hint = "Почта не настроена, писем пока не будет";
        let before = panel.get("/cabinets/1/settings", &cookie).await.html;
        assert_eq!(before.matches(hint).count(), 2);
        let sink = Sink::open().await;
        panel.ask(Method::POST, at::MAIL, &cookie, &form(&sink, "")).await;
        assert!(!panel.get("/cabinets/1/settings", &cookie).await.html.contains(hint));
    }
}
