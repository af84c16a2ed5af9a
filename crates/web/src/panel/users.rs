//! Users of the panel and tokens of programs. Passwords and tokens are made here and shown once.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::UserId;
use serde::Deserialize;
use storage::people::{ApiToken, Role, User};

use super::faults::Fault;
use super::flash::Done;
use super::people::{email, filled};
use super::routes::Page;
use super::view::users::{TokenRow, UserRow, UsersPage};
use super::view::{Choice, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::password;
use crate::state::AppState;
use voice::Voice;

/// What an act has just told, to stand on the page once.
#[derive(Default)]
struct Aside {
    user_fault: Option<(UserId, String)>,
    new_email: String,
    new_fault: Option<String>,
    new_password: Option<(String, String)>,
    token_name: String,
    token_fault: Option<String>,
    new_token: Option<(String, String)>,
}

fn roles(v: Voice, current: Role) -> Vec<Choice> {
    let all = [Role::Admin, Role::Manager, Role::Viewer];
    all.map(|role| Choice::new(role, words::role(v, role), current.word())).into()
}

async fn page(visitor: &Visitor, state: &AppState, aside: Aside) -> Result<Response, Fault> {
    let v = visitor.v;
    let is_fault = aside.user_fault.is_some() || aside.new_fault.is_some() || aside.token_fault.is_some();
    let code = if is_fault { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let fault = |id| aside.user_fault.as_ref().filter(|(of, _)| *of == id).map(|(_, words)| words.clone());
    let user = |u: User| UserRow {
        id: u.id,
        role: words::role(v, u.role),
        roles: roles(v, u.role),
        since: v.when(&u.created_at),
        disabled: u.disabled_at.is_some(),
        is_self: u.id == visitor.user.id,
        fault: fault(u.id),
        email: u.email,
    };
    let token = |t: ApiToken| TokenRow {
        id: t.id,
        name: t.name,
        role: words::role(v, t.role),
        since: v.when(&t.created_at),
        used: t.used_at.map(|at| v.ago(&at)),
    };
    let page = UsersPage {
        frame: visitor.frame_of(state, Section::Users).await?,
        v,
        users: state.store.users().await?.into_iter().map(user).collect(),
        tokens: state.store.tokens().await?.into_iter().map(token).collect(),
        roles: roles(v, Role::Manager),
        new_email: aside.new_email,
        new_fault: aside.new_fault,
        new_password: aside.new_password,
        token_name: aside.token_name,
        token_fault: aside.token_fault,
        new_token: aside.new_token,
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn list(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    visitor.must(Act::ChangeUsers)?;
    page(&visitor, &state, Aside::default()).await
}

/// A new password with its hash.
async fn new_password() -> Result<(String, String), Fault> {
    let made = tokio::task::spawn_blocking(|| {
        let password = password::generate();
        password::hash(&password).map(|hash| (password, hash))
    });
    made.await?.ok_or(Fault::BadRequest)
}

#[derive(Deserialize)]
pub(crate) struct NewUser {
    #[serde(default)]
    email: String,
    role: String,
}

pub(crate) async fn add(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<NewUser>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeUsers)?;
    let v = visitor.v;
    let role: Role = typed.role.parse().map_err(|_| Fault::BadRequest)?;
    let refuse = |fault| Aside { new_email: typed.email.clone(), new_fault: Some(fault), ..Aside::default() };
    let Some(address) = email(&typed.email) else {
        return page(&visitor, &state, refuse(v.t("fault-email"))).await;
    };
    let (password, hash) = new_password().await?;
    match state.store.add_user(&address, &hash, role, state.now()).await {
        Ok(user) => {
            state
                .store
                .note_audit(&visitor.user.email, "user.add", &user.email, role.word(), state.now())
                .await?;
            page(&visitor, &state, Aside { new_password: Some((user.email, password)), ..Aside::default() })
                .await
        }
        Err(storage::Error::Taken { .. }) => page(&visitor, &state, refuse(v.t("fault-email-taken"))).await,
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct Wish {
    act: String,
    role: Option<String>,
}

pub(crate) async fn change(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<UserId>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeUsers)?;
    let users = state.store.users().await?;
    let user = users.into_iter().find(|u| u.id == id).ok_or(Fault::NotFound)?;
    let store = &state.store;
    let note = |act| store.note_audit(&visitor.user.email, act, &user.email, "", state.now());
    let done = match wish.act.as_str() {
        "role" => {
            let role: Role = wish.role.unwrap_or_default().parse().map_err(|_| Fault::BadRequest)?;
            store.set_role(id, role).await.map(|()| ("user.role", Done::Saved))
        }
        "disable" if id != visitor.user.id => {
            store.disable_user(id, state.now()).await.map(|()| ("user.disable", Done::UserDisabled))
        }
        "password" => {
            let (password, hash) = new_password().await?;
            store.set_password(id, &hash).await?;
            note("user.password").await?;
            return page(
                &visitor,
                &state,
                Aside { new_password: Some((user.email.clone(), password)), ..Aside::default() },
            )
            .await;
        }
        _ => return Err(Fault::BadRequest),
    };
    match done {
        Ok((act, done)) => {
            note(act).await?;
            Ok(go(&Page::Users.to_string(), done))
        }
        Err(error) => {
            let fault = words::refusal(visitor.v, error)?;
            page(&visitor, &state, Aside { user_fault: Some((id, fault)), ..Aside::default() }).await
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct NewToken {
    #[serde(default)]
    name: String,
    role: String,
}

pub(crate) async fn add_token(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<NewToken>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeUsers)?;
    let role: Role = typed.role.parse().map_err(|_| Fault::BadRequest)?;
    let fault = match filled(visitor.v, &typed.name) {
        Ok(name) => match state.store.add_token(&name, role, state.now()).await {
            Ok((token, secret)) => {
                state
                    .store
                    .note_audit(&visitor.user.email, "token.add", &token.name, role.word(), state.now())
                    .await?;
                return page(
                    &visitor,
                    &state,
                    Aside { new_token: Some((token.name, secret)), ..Aside::default() },
                )
                .await;
            }
            Err(error) => words::refusal(visitor.v, error)?,
        },
        Err(fault) => fault,
    };
    page(&visitor, &state, Aside { token_name: typed.name, token_fault: Some(fault), ..Aside::default() })
        .await
}

pub(crate) async fn delete_token(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeUsers)?;
    state.store.delete_token(id).await?;
    state.store.note_audit(&visitor.user.email, "token.delete", &id.to_string(), "", state.now()).await?;
    Ok(go(&Page::Users.to_string(), Done::Deleted))
}
