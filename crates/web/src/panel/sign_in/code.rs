//! The second step of a sign-in: a one-time code, or a recovery code in its place. There is no session before it is right.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use storage::people::User;

use super::{Asked, NOBODY, opening, welcome};
use crate::one_time;
use crate::panel::cookies::{SIGN_IN, SetCookie, put};
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::preferences::own_path;
use crate::panel::routes::Page;
use crate::panel::view::Section;
use crate::panel::view::sign_in::SignInCodePage;
use crate::panel::visitor::{Guest, go};
use crate::state::AppState;

#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// Whose sign-in waits, with its token.
async fn waiting(guest: &Guest, state: &AppState) -> Result<Option<(String, User)>, Fault> {
    let Some(token) = &guest.sign_in else { return Ok(None) };
    let user = state.store.begun_sign_in(token, state.now()).await?;
    Ok(user.map(|user| (token.clone(), user)))
}

fn page(guest: &Guest, state: &AppState, next: Option<&str>, fault: Option<String>) -> SignInCodePage {
    SignInCodePage { frame: guest.frame(state, Section::Outside), v: guest.v, next: own_path(next), fault }
}

pub(crate) async fn show(
    guest: Guest,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    if waiting(&guest, &state).await?.is_none() {
        return Ok(Redirect::to(&Page::SignIn.to_string()).into_response());
    }
    guest.page(&page(&guest, &state, asked.next.as_deref(), None))
}

pub(crate) async fn check(
    guest: Guest,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let over = || go(&Page::SignIn.to_string(), Done::SignInOver);
    let Some((token, user)) = waiting(&guest, &state).await? else { return Ok(over()) };
    let next = typed.next.as_deref();
    let wait = match state.throttle.begin(guest.address, &user.email, state.now()) {
        None => state.store.take_code_try(user.id, state.now()).await?,
        wait => wait,
    };
    if let Some(wait) = wait {
        let fault = guest.v.with("sign-in-too-many", "span", guest.v.span(wait));
        return guest.page_with(StatusCode::TOO_MANY_REQUESTS, &page(&guest, &state, next, Some(fault)));
    }
    if !is_right(&state, &user, &typed.code).await? {
        state.store.note_audit(NOBODY, "session.code_refused", &user.email, "", state.now()).await?;
        let fault = guest.v.t("sign-in-code-refused");
        return guest.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page(&guest, &state, next, Some(fault)));
    }
    let opening = opening(&state, &guest.user_agent);
    let Some(session) = state.store.end_sign_in(user.id, &token, opening).await? else { return Ok(over()) };
    state.store.forget_code_tries(user.id).await?;
    state.throttle.forget(guest.address, &user.email);
    let mut answer = welcome(&guest, &state, &user, &session, &own_path(next)).await?;
    put(answer.headers_mut(), &SetCookie::ended(SIGN_IN, &state.config));
    Ok(answer)
}

/// Whether the code is right, and used for the first time.
async fn is_right(state: &AppState, user: &User, typed: &str) -> Result<bool, Fault> {
    let factor = state.store.second_factor(user.id).await?.filter(|factor| factor.since.is_some());
    let Some(factor) = factor else { return Ok(false) };
    if one_time::is_digits(typed) {
        return Ok(match one_time::step_of(&factor.secret, typed, state.now()) {
            Some(step) => state.store.use_step(user.id, step).await?,
            None => false,
        });
    }
    let is_taken = state.store.use_recovery_code(user.id, &one_time::plain(typed)).await?;
    if is_taken {
        state.store.note_audit(&user.email, "session.recovery_code", &user.email, "", state.now()).await?;
    }
    Ok(is_taken)
}
