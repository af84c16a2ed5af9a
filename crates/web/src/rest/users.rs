//! `/users`: people who use the panel.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use domain::UserId;
use serde::{Deserialize, Serialize};
use storage::Role;
use storage::people::User;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::caller::Caller;
use super::field::Email;
use super::list::{Listed, PageQuery, listed, page_of};
use super::problem::{Answer, Kind, Problem};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;
use crate::password;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_users, add_user)).routes(routes!(get_user, change_user))
}

/// A person who uses the panel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
struct UserView {
    /// Its id.
    id: i64,
    /// The address to sign in with.
    email: String,
    /// `admin`, `manager` or `viewer`.
    role: &'static str,
    /// `ru` or `en`; null until chosen.
    language: Option<String>,
    /// When they were added.
    created_at: Time,
    /// Whether they are no longer let in.
    disabled: bool,
    /// Since when.
    disabled_at: Option<Time>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            email: user.email,
            role: user.role.word(),
            language: Some(user.language).filter(|language| !language.is_empty()),
            created_at: Time(user.created_at),
            disabled: user.disabled_at.is_some(),
            disabled_at: Time::of(user.disabled_at),
        }
    }
}

/// A role, as programs write it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Role)]
enum RoleWord {
    /// Sets everything up.
    Admin,
    /// Works the orders.
    Manager,
    /// Looks, without personal data.
    Viewer,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Manager => Self::Manager,
            RoleWord::Viewer => Self::Viewer,
        }
    }
}

/// A person to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    /// The address to sign in with; unique.
    email: Email,
    /// What they may do.
    role: RoleWord,
    /// 10 to 200 characters; made and told once when left out.
    #[schema(min_length = 10, max_length = 200)]
    password: Option<String>,
}

/// The person who was added.
#[derive(Serialize, ToSchema)]
struct AddedUser {
    #[serde(flatten)]
    user: UserView,
    /// The password that was made, told this once; left out when one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// A change of a person; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserChange {
    /// Another role.
    role: Option<RoleWord>,
    /// Let them in no longer, or again.
    disabled: Option<bool>,
    /// Another password of 10 to 200 characters; ends their sessions.
    #[schema(min_length = 10, max_length = 200)]
    password: Option<String>,
}

/// Everyone who uses the panel.
#[utoipa::path(get, path = "/users", tag = "users", params(PageQuery),
    responses((status = 200, description = "A page of users", body = Listed<UserView>)))]
async fn list_users(
    caller: Caller,
    State(state): State<AppState>,
    query: PageQuery,
) -> Answer<Json<Listed<UserView>>> {
    caller.must_be_allowed(Act::ChangeUsers)?;
    let page = page_of(state.store.users().await?, &query.ask(), |user| (0, user.id.0))?;
    Ok(listed(page, UserView::from))
}

/// Adds a person.
#[utoipa::path(post, path = "/users", tag = "users", request_body = NewUser,
    responses(
        (status = 201, description = "The user", body = AddedUser),
        (status = 409, description = "The address is taken"),
    ))]
async fn add_user(
    caller: Caller,
    State(state): State<AppState>,
    Body(new): Body<NewUser>,
) -> Answer<impl IntoResponse> {
    caller.must_be_allowed(Act::ChangeUsers)?;
    let made = new.password.is_none().then(password::generate);
    let hash = hash(new.password.or_else(|| made.clone()).unwrap_or_default()).await?;
    let user = state.store.add_user(&new.email.into_text(), &hash, new.role.into(), state.now()).await?;
    note(&state, &caller, "user.add", &user, user.role.word()).await?;
    let address = format!("/api/v1/users/{}", user.id);
    Ok((StatusCode::CREATED, [(LOCATION, address)], Json(AddedUser { user: user.into(), password: made })))
}

/// One person.
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = i64, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserView)))]
async fn get_user(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<UserId>,
) -> Answer<Json<UserView>> {
    caller.must_be_allowed(Act::ChangeUsers)?;
    Ok(Json(existing(&state, id).await?.into()))
}

/// Changes a person's role or password, or lets them in no longer.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = i64, Path, description = "The user's id")),
    request_body = UserChange,
    responses(
        (status = 200, description = "The user as it is now", body = UserView),
        (status = 409, description = "It is the last administrator"),
    ))]
async fn change_user(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<UserId>,
    Body(change): Body<UserChange>,
) -> Answer<Json<UserView>> {
    caller.must_be_allowed(Act::ChangeUsers)?;
    let before = existing(&state, id).await?;
    let store = &state.store;
    // The password is looked at before anything is changed, and the rules about administrators come next.
    let hash = match change.password {
        Some(password) => Some(hash(password).await?),
        None => None,
    };
    if let Some(role) = change.role.map(Role::from).filter(|role| *role != before.role) {
        store.set_role(id, role).await?;
        note(&state, &caller, "user.role", &before, role.word()).await?;
    }
    match (change.disabled, before.disabled_at.is_some()) {
        (Some(true), false) => {
            store.disable_user(id, state.now()).await?;
            note(&state, &caller, "user.disable", &before, "").await?;
        }
        (Some(false), true) => {
            store.enable_user(id).await?;
            note(&state, &caller, "user.enable", &before, "").await?;
        }
        _ => {}
    }
    if let Some(hash) = hash {
        store.set_password(id, &hash).await?;
        note(&state, &caller, "user.password", &before, "").await?;
    }
    Ok(Json(existing(&state, id).await?.into()))
}

async fn existing(state: &AppState, id: UserId) -> Answer<User> {
    let found = state.store.users().await?.into_iter().find(|user| user.id == id);
    found.ok_or_else(|| Problem::not_found("There is no such user"))
}

/// The hash of a password, made where it holds nobody up.
async fn hash(password: String) -> Answer<String> {
    let hashed = tokio::task::spawn_blocking(move || password::hash(&password)).await;
    let hashed = hashed.map_err(|_| Problem::new(Kind::Busy, "The password could not be hashed now."))?;
    let allowed = format!("{} to {} characters", password::SHORTEST, password::LONGEST);
    hashed.ok_or_else(|| Problem::value("password", &allowed))
}

async fn note(state: &AppState, caller: &Caller, act: &str, user: &User, detail: &str) -> Answer<()> {
    Ok(state.store.note_audit(&caller.signature(), act, &user.email, detail, state.now()).await?)
}
