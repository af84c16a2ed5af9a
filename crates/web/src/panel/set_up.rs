//! The first administrator, made at a one-time link that the server logs while there is no user.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use serde::Deserialize;
use storage::Store;
use storage::people::Role;

use super::cookies::{SetCookie, put};
use super::faults::Fault;
use super::routes::Page;
use super::view::Section;
use super::view::sign_in::SetUpPage;
use super::visitor::Guest;
use super::{people, sign_in};
use crate::password;
use crate::state::AppState;

/// Where the store keeps the hash of the link's token.
const LINK: &str = "setup_link";

/// The path of a new one-time link to make the first administrator; `None` once there is a user. An earlier link stops
/// working.
///
/// # Errors
/// When the store does not answer.
pub async fn set_up_path(store: &Store) -> storage::Result<Option<String>> {
    if store.user_count().await? > 0 {
        return Ok(None);
    }
    let mut secret = [0_u8; 24];
    rand::rng().fill_bytes(&mut secret);
    let token = URL_SAFE_NO_PAD.encode(secret);
    store.set_shop_value(LINK, &hash(&token)).await?;
    Ok(Some(Page::SetUp(token).to_string()))
}

fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    email: String,
    password: String,
}

/// The link is good only while there is no user.
async fn check(state: &AppState, token: &str) -> Result<(), Fault> {
    let kept = state.store.shop_value(LINK).await?.unwrap_or_default();
    // Hashes are compared in constant time by blake3's own type.
    let same = blake3::Hash::from_hex(kept).is_ok_and(|kept| kept == blake3::hash(token.as_bytes()));
    if same && state.store.user_count().await? == 0 { Ok(()) } else { Err(Fault::NotFound) }
}

fn page(guest: &Guest, state: &AppState, token: &str, email: String) -> SetUpPage {
    SetUpPage {
        frame: guest.frame(state, Section::Outside),
        v: guest.v,
        action: Page::SetUp(token.to_owned()).to_string(),
        email,
        email_fault: None,
        password_fault: None,
    }
}

pub(crate) async fn show(
    guest: Guest,
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    check(&state, &token).await?;
    guest.page(&page(&guest, &state, &token, String::new()))
}

pub(crate) async fn create(
    guest: Guest,
    State(state): State<AppState>,
    Path(token): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    check(&state, &token).await?;
    let email = people::email(&typed.email);
    let password = typed.password;
    let hashed = tokio::task::spawn_blocking(move || password::hash(&password)).await?;
    let (Some(email), Some(hashed)) = (&email, &hashed) else {
        let mut page = page(&guest, &state, &token, typed.email);
        page.email_fault = email.is_none().then(|| guest.v.t("fault-email"));
        page.password_fault = hashed.is_none().then(|| guest.v.t("fault-password-short"));
        return guest.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let user = state.store.add_user(email, hashed, Role::Admin, state.now()).await?;
    state.store.set_shop_value(LINK, "").await?;
    state.store.note_audit(sign_in::NOBODY, "user.add", &user.email, user.role.word(), state.now()).await?;
    let opening = sign_in::opening(&state, &guest.user_agent);
    let session = state.store.open_session(user.id, opening.user_agent, opening.now, opening.ttl).await?;
    let mut answer = Redirect::to(&Page::Cabinets.to_string()).into_response();
    put(answer.headers_mut(), &SetCookie::session(&session, &state.config));
    Ok(answer)
}
