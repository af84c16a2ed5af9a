//! One's own account: address and role, password, second factor, and where one is signed in.

pub(crate) mod second_factor;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use storage::people::OpenSession;

use super::cookies::{SetCookie, put};
use super::device::device;
use super::faults::Fault;
use super::flash::{Done, Note};
use super::routes::Page;
use super::sign_in;
use super::view::Section;
use super::view::account::{AccountPage, Factor, SessionRow};
use super::visitor::{Visitor, go};
use super::words;
use crate::password;
use crate::state::AppState;

/// What an act has just told, to stand on the page once.
#[derive(Default)]
struct Aside {
    present_fault: Option<String>,
    new_fault: Option<String>,
    factor_fault: Option<String>,
    codes: Vec<String>,
}

async fn page(visitor: &Visitor, state: &AppState, aside: Aside) -> Result<Response, Fault> {
    let v = visitor.v;
    let is_fault = aside.present_fault.is_some() || aside.new_fault.is_some() || aside.factor_fault.is_some();
    let code = if is_fault { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let session = |open: OpenSession| SessionRow {
        device: device(&open.user_agent).unwrap_or_else(|| v.t("device-unknown")),
        begun: v.when(&open.begun_at),
        seen: v.ago(&open.seen_at),
        is_this: open.is_this,
        id: open.id,
    };
    let factor = state.store.second_factor(visitor.user.id).await?;
    let open = state.store.sessions(visitor.user.id, visitor.session.as_deref(), state.now()).await?;
    let page = AccountPage {
        frame: visitor.frame_of(state, Section::Outside).await?,
        v,
        email: visitor.user.email.clone(),
        role: words::role(v, visitor.user.role),
        factor: factor
            .and_then(|factor| Some(Factor { since: v.when(&factor.since?), codes_left: factor.codes_left })),
        sessions: open.into_iter().map(session).collect(),
        present_fault: aside.present_fault,
        new_fault: aside.new_fault,
        factor_fault: aside.factor_fault,
        codes: aside.codes,
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn show(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    page(&visitor, &state, Aside::default()).await
}

/// Why what was typed is not taken for one's own password; `None` when it is. Counted like a sign-in, so that whoever finds
/// a browser open cannot guess on.
async fn password_fault(visitor: &Visitor, state: &AppState, typed: &str) -> Result<Option<String>, Fault> {
    let (v, email) = (visitor.v, &visitor.user.email);
    if let Some(wait) = state.throttle.begin(visitor.address, email, state.now()) {
        return Ok(Some(v.with("sign-in-too-many", "span", v.span(wait))));
    }
    let found = state.store.user_by_email(email).await?;
    if sign_in::verified(found, typed.to_owned()).await?.is_none() {
        return Ok(Some(v.t("fault-password-wrong")));
    }
    state.throttle.forget(visitor.address, email);
    Ok(None)
}

#[derive(Deserialize)]
pub(crate) struct Passwords {
    #[serde(default)]
    present: String,
    #[serde(default)]
    new: String,
}

/// Another password: every session ends, and a new one begins here.
pub(crate) async fn password(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Passwords>,
) -> Result<Response, Fault> {
    if let Some(fault) = password_fault(&visitor, &state, &typed.present).await? {
        return page(&visitor, &state, Aside { present_fault: Some(fault), ..Aside::default() }).await;
    }
    let hash = tokio::task::spawn_blocking(move || password::hash(&typed.new)).await?;
    let Some(hash) = hash else {
        let fault = visitor.v.t("fault-password-length");
        return page(&visitor, &state, Aside { new_fault: Some(fault), ..Aside::default() }).await;
    };
    state.store.set_password(visitor.user.id, &hash).await?;
    visitor.note(&state, "user.password", &visitor.user.email, "").await?;
    // None when yet another password came in: whoever set that one is let in, not we.
    let opening = sign_in::opening(&state, &visitor.user_agent);
    let token = state.store.open_anew(visitor.user.id, &hash, opening).await?;
    let mut answer = go(&Page::Account.to_string(), Done::PasswordChanged);
    if let Some(token) = token {
        put(answer.headers_mut(), &SetCookie::session(&token, &state.config));
    }
    Ok(answer)
}

#[derive(Deserialize)]
pub(crate) struct Ending {
    /// One of the sessions; none: all but this one.
    session: Option<String>,
}

pub(crate) async fn sessions(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(ending): Form<Ending>,
) -> Result<Response, Fault> {
    let (id, email) = (visitor.user.id, &visitor.user.email);
    let done = if let Some(session) = ending.session {
        match state.store.end_session(id, &session).await {
            // It had ended already: that is what was wanted.
            Ok(()) | Err(storage::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        visitor.note(&state, "session.end", email, "").await?;
        Note::from(Done::SessionEnded)
    } else {
        let this = visitor.session.as_deref().unwrap_or_default();
        let ended = state.store.end_other_sessions(id, this).await?;
        visitor.note(&state, "session.end_others", email, "").await?;
        Note::counted(Done::SessionsEnded, ended)
    };
    Ok(go(&Page::Account.to_string(), done))
}
