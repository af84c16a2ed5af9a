//! One's own account, the second step of a sign-in, and what an administrator may do with the accounts of others.

use super::*;
use secrecy::ExposeSecret;
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "long enough 1";
pub(super) const SIGN_IN: &str = "email=olga%40example.com&password=long+enough+1";

/// Somebody who signs in with a password.
pub(super) async fn olga(store: &Store, role: Role) -> storage::people::User {
    let hash = crate::password::hash(PASSWORD).expect("a hash");
    store.add_user("olga@example.com", &hash, role, noon()).await.expect("a user")
}

/// The cookie that an answer sets, as the next request sends it.
pub(super) fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let start = format!("{name}=");
    let set = answer.cookies.iter().find(|c| c.starts_with(&start) && !c.contains("Max-Age=0"))?;
    set.split(';').next().map(str::to_owned)
}

pub(super) async fn signed_in_by_password(panel: &Panel) -> String {
    let answer = panel.ask(Method::POST, "/sign-in", "", SIGN_IN).await;
    cookie(&answer, "vygruzka_session").expect("a session")
}

/// The code that a device shows so many steps from noon.
pub(super) async fn code(store: &Store, user: domain::UserId, steps: i64) -> String {
    let factor = store.second_factor(user).await.expect("answers").expect("it was begun");
    let secret = Secret::try_from_base32(factor.secret.expose_secret()).expect("base32");
    let totp = Builder::new().with_secret(secret).build().expect("a right secret");
    let at = u64::try_from(noon().timestamp() + 30 * steps).expect("after 1970");
    totp.generate(at).to_string()
}

/// Sets up a second factor with the code of the step before noon; the page that shows the recovery codes.
pub(super) async fn with_second_factor(panel: &Panel, user: domain::UserId, session: &str) -> String {
    let begun = panel.ask(Method::POST, at::SECOND_FACTOR, session, "act=begin&password=long+enough+1").await;
    assert_eq!(begun.location, "/account/second-factor", "{}", begun.html);
    let first = code(&panel.store, user, -1).await;
    let form = format!("act=confirm&code={first}");
    let done = panel.ask(Method::POST, at::SECOND_FACTOR, session, &form).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.html);
    done.html
}

on_both_databases! {
    async fn a_sign_in_with_a_second_factor_has_no_session_before_the_code_is_right(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let user = olga(&store, Role::Manager).await;
        let session = signed_in_by_password(&panel).await;
        let shown = with_second_factor(&panel, user.id, &session).await;
        let recovery: Vec<&str> = shown.split("<li><code>").skip(1).filter_map(|li| li.split('<').next()).collect();
        assert_eq!(recovery.len(), 10);
        assert!(!panel.get("/account", &session).await.html.contains(recovery[0]), "they are shown once");

        let half = panel.ask(Method::POST, "/sign-in", "", &format!("{SIGN_IN}&next=%2Fruns")).await;
        assert_eq!(half.location, "/sign-in/code?next=%2Fruns");
        assert!(cookie(&half, "vygruzka_session").is_none());
        let waiting = cookie(&half, "vygruzka_sign_in").expect("a sign-in that waits");
        assert!(panel.get("/orders", &waiting).await.location.starts_with("/sign-in"));
        let as_session = waiting.replace("vygruzka_sign_in", "vygruzka_session");
        assert!(panel.get("/orders", &as_session).await.location.starts_with("/sign-in"));
        assert_eq!(panel.get("/sign-in/code", &waiting).await.status, StatusCode::OK);

        let used = code(&store, user.id, -1).await;
        for wrong in ["000000", "", used.as_str(), "abcd-efgh-jkmn-pqrs"] {
            let refused = panel.ask(Method::POST, "/sign-in/code", &waiting, &format!("code={wrong}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(cookie(&refused, "vygruzka_session").is_none());
        }
        let form = format!("code={}&next=%2Fruns", code(&store, user.id, 0).await);
        let right = panel.ask(Method::POST, "/sign-in/code", &waiting, &form).await;
        assert_eq!(right.location, "/runs");
        let opened = cookie(&right, "vygruzka_session").expect("a session");
        assert_eq!(panel.get("/orders", &opened).await.status, StatusCode::OK);
        let again = panel.ask(Method::POST, "/sign-in/code", &waiting, &form).await;
        assert_eq!(again.location, "/sign-in", "neither sign-in nor code works twice");
    }

    async fn a_sign_in_gives_a_new_session_and_ends_the_one_that_the_browser_had(store: Store) {
        let panel = Panel::new(store.clone(), None);
        olga(&store, Role::Manager).await;
        let first = signed_in_by_password(&panel).await;
        let again = panel.ask(Method::POST, "/sign-in", &first, SIGN_IN).await;
        let second = cookie(&again, "vygruzka_session").expect("a session");
        assert_ne!(first, second);
        assert!(panel.get("/orders", &first).await.location.starts_with("/sign-in"));
        assert_eq!(panel.get("/orders", &second).await.status, StatusCode::OK);
        // A cookie that somebody else put there is not taken over.
        let planted = panel.ask(Method::POST, "/sign-in", "vygruzka_session=planted", SIGN_IN).await;
        assert_ne!(cookie(&planted, "vygruzka_session").expect("a session"), "vygruzka_session=planted");
    }

    async fn wrong_codes_close_the_second_step_of_an_account_in_every_process(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let user = olga(&store, Role::Manager).await;
        let session = signed_in_by_password(&panel).await;
        with_second_factor(&panel, user.id, &session).await;
        for _ in 0..10 {
            assert_eq!(store.take_code_try(user.id, noon()).await.expect("answers"), None);
        }
        // Another process, which remembers nothing.
        let other = Panel::new(store.clone(), None);
        let half = other.ask(Method::POST, "/sign-in", "", SIGN_IN).await;
        let waiting = cookie(&half, "vygruzka_sign_in").expect("a sign-in that waits");
        let right = format!("code={}", code(&store, user.id, 0).await);
        let refused = other.ask(Method::POST, "/sign-in/code", &waiting, &right).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.html.contains("Слишком много попыток") && cookie(&refused, "vygruzka_session").is_none());
    }

    async fn a_recovery_code_lets_in_once(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let user = olga(&store, Role::Manager).await;
        let session = signed_in_by_password(&panel).await;
        let shown = with_second_factor(&panel, user.id, &session).await;
        let recovery = shown.split("<li><code>").nth(1).and_then(|li| li.split('<').next()).expect("a code");
        for (typed, lets_in) in [(recovery.to_uppercase(), true), (recovery.to_owned(), false)] {
            let half = panel.ask(Method::POST, "/sign-in", "", SIGN_IN).await;
            let waiting = cookie(&half, "vygruzka_sign_in").expect("a sign-in that waits");
            let answer = panel.ask(Method::POST, "/sign-in/code", &waiting, &format!("code={typed}")).await;
            assert_eq!(cookie(&answer, "vygruzka_session").is_some(), lets_in, "{typed}");
        }
    }

    async fn guesses_at_the_code_are_counted_and_the_password_buys_no_more(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let user = olga(&store, Role::Manager).await;
        let session = signed_in_by_password(&panel).await;
        with_second_factor(&panel, user.id, &session).await;
        let mut refused = 0;
        for _ in 0..6 {
            let half = panel.ask(Method::POST, "/sign-in", "", SIGN_IN).await;
            let Some(waiting) = cookie(&half, "vygruzka_sign_in") else {
                assert_eq!(half.status, StatusCode::TOO_MANY_REQUESTS);
                refused += 1;
                continue;
            };
            let guess = panel.ask(Method::POST, "/sign-in/code", &waiting, "code=000000").await;
            refused += usize::from(guess.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert!(refused >= 2, "only {refused} were refused");
    }

    async fn a_second_factor_acts_only_once_confirmed_and_goes_only_with_the_password(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let user = olga(&store, Role::Viewer).await;
        let session = signed_in_by_password(&panel).await;
        let wrong = panel.ask(Method::POST, at::SECOND_FACTOR, &session, "act=begin&password=x").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(panel.get(at::SECOND_FACTOR, &session).await.location, "/account", "nothing was begun");
        panel.ask(Method::POST, at::SECOND_FACTOR, &session, "act=begin&password=long+enough+1").await;
        let page = panel.get(at::SECOND_FACTOR, &session).await.html;
        assert!(page.contains("<svg class=\"qr\"") && page.contains("<p class=\"secret\"><code>"));
        let bad = panel.ask(Method::POST, at::SECOND_FACTOR, &session, "act=confirm&code=12").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        signed_in_by_password(&panel).await;

        with_second_factor(&panel, user.id, &session).await;
        assert_eq!(panel.get(at::SECOND_FACTOR, &session).await.location, "/account", "the secret is shown no more");
        panel.ask(Method::POST, at::SECOND_FACTOR, &session, "act=off&password=x").await;
        assert!(store.user(user.id).await.expect("is there").second_factor_since.is_some());
        let off = panel.ask(Method::POST, at::SECOND_FACTOR, &session, "act=off&password=long+enough+1").await;
        assert_eq!(off.location, "/account");
        signed_in_by_password(&panel).await;
    }

    async fn another_password_needs_the_present_one_and_ends_all_other_sessions(store: Store) {
        let panel = Panel::new(store.clone(), None);
        olga(&store, Role::Viewer).await;
        let (session, elsewhere) = (signed_in_by_password(&panel).await, signed_in_by_password(&panel).await);
        for wrong in ["present=x&new=another+one+2", "present=long+enough+1&new=short"] {
            let refused = panel.ask(Method::POST, at::ACCOUNT_PASSWORD, &session, wrong).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(!refused.html.contains("another one 2"));
        }
        let form = "present=long+enough+1&new=another+one+2";
        let done = panel.ask(Method::POST, at::ACCOUNT_PASSWORD, &session, form).await;
        let renewed = cookie(&done, "vygruzka_session").expect("a session");
        assert_eq!(panel.get("/orders", &renewed).await.status, StatusCode::OK);
        for ended in [session, elsewhere] {
            assert!(panel.get("/orders", &ended).await.location.starts_with("/sign-in"));
        }
        let old = panel.ask(Method::POST, "/sign-in", "", SIGN_IN).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn sessions_are_listed_and_ended_from_ones_account(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let user = olga(&store, Role::Viewer).await;
        let agent = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0";
        let other = store.open_session(user.id, agent, noon(), chrono::Duration::days(1)).await.expect("opens");
        let session = signed_in_by_password(&panel).await;
        let page = panel.get(at::ACCOUNT, &session).await.html;
        assert!(page.contains("Firefox, Windows") && page.contains("этот сеанс"));
        assert!(!page.contains(&other), "a token is told to nobody");
        let open = store.sessions(user.id, Some(&other), noon()).await.expect("answers");
        let named = &open.iter().find(|s| s.is_this).expect("it is open").id;
        let form = format!("session={named}");
        assert_eq!(panel.ask(Method::POST, at::ACCOUNT_SESSIONS, &session, &form).await.location, "/account");
        assert!(store.session(&other, noon()).await.expect("answers").is_none());
        let another = signed_in_by_password(&panel).await;
        panel.ask(Method::POST, at::ACCOUNT_SESSIONS, &session, "").await;
        assert!(panel.get("/orders", &another).await.location.starts_with("/sign-in"));
        assert_eq!(panel.get("/orders", &session).await.status, StatusCode::OK);
    }

    async fn an_administrator_resets_what_others_lost(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let user = olga(&store, Role::Manager).await;
        let session = signed_in_by_password(&panel).await;
        with_second_factor(&panel, user.id, &session).await;
        let admin = panel.signed_in(Role::Admin).await;
        let path = format!("/users/{}", user.id);
        let ask = async |act: &str| panel.ask(Method::POST, &path, &admin, &format!("act={act}&role=viewer")).await;
        assert_eq!(ask("second_factor").await.location, "/users");
        assert!(store.user(user.id).await.expect("is there").second_factor_since.is_none());
        assert_eq!(panel.get("/orders", &session).await.status, StatusCode::OK);
        ask("sessions").await;
        assert!(panel.get("/orders", &session).await.location.starts_with("/sign-in"));
        let again = signed_in_by_password(&panel).await;
        ask("role").await;
        assert!(panel.get("/orders", &again).await.location.starts_with("/sign-in"));
        ask("disable").await;
        assert_eq!(panel.ask(Method::POST, "/sign-in", "", SIGN_IN).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        ask("enable").await;
        signed_in_by_password(&panel).await;
        let renewed = ask("password").await;
        assert!(renewed.html.contains("Пароль для olga@example.com"));
        assert_eq!(panel.ask(Method::POST, "/sign-in", "", SIGN_IN).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_token_is_made_for_a_time_and_marked_before_it_ends(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let made = panel.ask(Method::POST, at::TOKENS, &admin, "name=1C&role=viewer&days=30").await;
        assert_eq!(made.status, StatusCode::OK);
        let soon = noon() + chrono::Duration::days(13);
        store.add_token_until("soon", Role::Viewer, Some(soon), noon()).await.expect("is made");
        store.add_token_until("over", Role::Viewer, Some(noon()), noon()).await.expect("is made");
        let page = panel.get(at::USERS, &admin).await.html;
        let row = |name: &str| {
            let from = page.find(&format!("<b>{name}</b>")).expect("a row");
            page[from..].split("</tr>").next().unwrap_or_default().to_owned()
        };
        assert!(row("1C").contains("23 дек.") && !row("1C").contains("badge"));
        assert!(row("soon").contains("badge strong") && row("over").contains("истёк"));
        let odd = panel.ask(Method::POST, at::TOKENS, &admin, "name=2C&role=viewer&days=31").await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    }
}
