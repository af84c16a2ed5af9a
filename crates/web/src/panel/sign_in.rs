//! Signing in and out. An unknown address costs as much time as a wrong password and is answered alike.

pub(crate) mod code;

use std::sync::OnceLock;

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use storage::people::{Opening, User};
use tokio::sync::Semaphore;

use super::cookies::{SESSION, SESSION_DAYS, SetCookie, put};
use super::faults::Fault;
use super::flash::Done;
use super::people;
use super::preferences::own_path;
use super::routes::Page;
use super::view::Section;
use super::view::sign_in::SignInPage;
use super::visitor::{Guest, go};
use crate::password;
use crate::state::AppState;

/// How the audit names somebody who is not signed in.
pub(crate) const NOBODY: &str = "guest";

#[derive(Deserialize)]
pub(crate) struct Asked {
    next: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    email: String,
    password: String,
    next: Option<String>,
}

pub(crate) async fn show(
    guest: Guest,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let email = state.config.demo.as_ref().map(|d| d.email.clone()).unwrap_or_default();
    let page = page(&guest, &state, email, asked.next.as_deref(), None).await?;
    guest.page(&page)
}

async fn page(
    guest: &Guest,
    state: &AppState,
    email: String,
    next: Option<&str>,
    fault: Option<String>,
) -> Result<SignInPage, Fault> {
    Ok(SignInPage {
        frame: guest.frame(state, Section::Outside),
        v: guest.v,
        email,
        next: own_path(next),
        fault,
        demo_password: state.config.demo.as_ref().map(|d| d.password.clone()),
        no_user_yet: state.store.user_count().await? == 0,
    })
}

pub(crate) async fn sign_in(
    guest: Guest,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let email = people::email(&typed.email).unwrap_or_default();
    let refuse = async |status, fault| {
        let page = page(&guest, &state, typed.email.clone(), typed.next.as_deref(), Some(fault)).await?;
        guest.page_with(status, &page)
    };
    if let Some(wait) = state.throttle.begin(guest.address, &email, state.now()) {
        let fault = guest.v.with("sign-in-too-many", "span", guest.v.span(wait));
        return refuse(StatusCode::TOO_MANY_REQUESTS, fault).await;
    }
    let found = state.store.user_by_email(&email).await?;
    let hash = found.as_ref().map(|(_, hash)| hash.clone()).unwrap_or_default();
    let Some(user) = verified(found, typed.password.clone()).await? else {
        state.store.note_audit(NOBODY, "session.refused", &email, "", state.now()).await?;
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, guest.v.t("sign-in-refused")).await;
    };
    let next = own_path(typed.next.as_deref());
    if user.second_factor_since.is_some() {
        state.throttle.halfway(guest.address);
        let Some(token) = state.store.begin_sign_in(user.id, &hash, state.now()).await? else {
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, guest.v.t("sign-in-refused")).await;
        };
        let mut answer = Redirect::to(&Page::SignInCode.with([("next", next)])).into_response();
        put(answer.headers_mut(), &SetCookie::sign_in(&token, &state.config));
        return Ok(answer);
    }
    let Some(token) = state.store.sign_in(user.id, &hash, opening(&state, &guest.user_agent)).await? else {
        // The password changed while it was checked.
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, guest.v.t("sign-in-refused")).await;
    };
    state.throttle.forget(guest.address, &email);
    welcome(&guest, &state, &user, &token, &next).await
}

/// Lets in whoever has told all that was asked for.
async fn welcome(
    guest: &Guest,
    state: &AppState,
    user: &User,
    token: &str,
    next: &str,
) -> Result<Response, Fault> {
    if let Some(before) = &guest.session {
        state.store.close_session(before).await?;
    }
    state.store.note_audit(&user.email, "session.open", &user.email, "", state.now()).await?;
    let mut answer = Redirect::to(next).into_response();
    put(answer.headers_mut(), &SetCookie::session(token, &state.config));
    put(answer.headers_mut(), &SetCookie::preference("lang", language(user), &state.config));
    Ok(answer)
}

/// A session of this browser.
pub(crate) fn opening<'a>(state: &AppState, user_agent: &'a str) -> Opening<'a> {
    Opening { user_agent, now: state.now(), ttl: chrono::Duration::days(SESSION_DAYS) }
}

fn language(user: &User) -> &'static str {
    voice::Lang::parse(&user.language).unwrap_or_default().code()
}

/// The user when the password is theirs and they still have access.
pub(crate) async fn verified(found: Option<(User, String)>, password: String) -> Result<Option<User>, Fault> {
    /// At once: each takes 19 MiB and a core, and anybody may ask for one.
    static CHECKS: Semaphore = Semaphore::const_new(4);
    // Never closed, so a turn always comes.
    let _turn = CHECKS.acquire().await.ok();
    let checked = tokio::task::spawn_blocking(move || {
        static NOBODYS: OnceLock<String> = OnceLock::new();
        let (user, hash) = match found {
            Some((user, hash)) => (Some(user), hash),
            None => (
                None,
                NOBODYS.get_or_init(|| password::hash(&password::generate()).unwrap_or_default()).clone(),
            ),
        };
        let fits = password::verify(&password, &hash);
        user.filter(|user| fits && user.disabled_at.is_none())
    });
    Ok(checked.await?)
}

pub(crate) async fn sign_out(guest: Guest, State(state): State<AppState>) -> Result<Response, Fault> {
    if let Some(token) = &guest.session {
        if let Some(user) = state.store.session(token, state.now()).await? {
            state.store.note_audit(&user.email, "session.close", &user.email, "", state.now()).await?;
        }
        state.store.close_session(token).await?;
    }
    let mut answer = go(&Page::SignIn.to_string(), Done::SignedOut);
    put(answer.headers_mut(), &SetCookie::ended(SESSION, &state.config));
    Ok(answer)
}
