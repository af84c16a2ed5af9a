//! Users of the panel and tokens of programs. Passwords and tokens are made here and shown once.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Duration, Utc};
use domain::UserId;
use serde::Deserialize;
use storage::people::{ApiToken, Role, User};
use strum::IntoEnumIterator;

use super::faults::Fault;
use super::flash::{Done, Note};
use super::people::{email, filled};
use super::routes::Page;
use super::view::lists::ListTab;
use super::view::users::{MayRow, TokenRow, UserRow, UsersPage};
use super::view::{Choice, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::{Act, may};
use crate::password;
use crate::state::AppState;
use voice::Voice;

/// For how many days a token may be made; one that is made for none of them never expires.
const TOKEN_DAYS: [i64; 3] = [30, 90, 365];
/// A token that ends sooner is marked.
const SOON: Duration = Duration::days(14);
/// Roles from the one that may do most.
const ROLES: [Role; 3] = [Role::Admin, Role::Manager, Role::Viewer];

/// What an act has just told, to stand on the page once.
#[derive(Default)]
struct Aside {
    user_fault: Option<(UserId, String)>,
    new_email: String,
    new_fault: Option<String>,
    new_password: Option<(String, String)>,
    token_name: String,
    token_fault: Option<String>,
    /// As typed; nothing was typed yet.
    token_days: Option<String>,
    new_token: Option<(String, String)>,
}

fn roles(v: Voice, current: Role) -> Vec<Choice> {
    ROLES.map(|role| Choice::new(role, words::role(v, role), current.word())).into()
}

/// Users, and for those who may see them, the audit and what becomes of personal data.
pub(crate) fn tabs(visitor: &Visitor, here: &Page) -> Vec<ListTab> {
    let pages = [
        (Page::Users, "users-title", Act::ChangeUsers),
        (Page::Audit, "audit-tab", Act::SeeAudit),
        (Page::PersonalData, "personal-data-tab", Act::ErasePersons),
    ];
    let seen = pages.into_iter().filter(|(_, _, act)| visitor.may(*act));
    seen.map(|(href, key, _)| ListTab { here: href == *here, label: visitor.v.t(key), href }).collect()
}

/// Everything there is to do, and which roles may: told by the very table that decides it.
fn who_may(v: Voice) -> Vec<MayRow> {
    let row = |act: Act| {
        let code: &'static str = act.into();
        MayRow { what: v.t(&format!("may-{code}")), may: ROLES.map(|role| may(role, act)).into() }
    };
    Act::iter().map(row).collect()
}

fn token_row(v: Voice, token: ApiToken) -> TokenRow {
    let left = token.expires_at.map(|at| at - v.now);
    TokenRow {
        id: token.id,
        name: token.name,
        role: words::role(v, token.role),
        since: v.when(&token.created_at),
        used: token.used_at.map(|at| v.ago(&at)),
        until: token.expires_at.map(|at| v.when(&at)),
        expired: left.is_some_and(|left| left <= Duration::zero()),
        ends_soon: left.is_some_and(|left| left > Duration::zero() && left <= SOON),
    }
}

/// How long a new token may live.
fn lives(v: Voice, chosen: &str) -> Vec<Choice> {
    let days = TOKEN_DAYS.map(|days| Choice::new(days, v.n("token-days", days.unsigned_abs()), chosen));
    [Choice::new("", v.t("token-always"), chosen)].into_iter().chain(days).collect()
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
        signed_in: u.signed_in_at.map(|at| v.ago(&at)),
        second_factor: u.second_factor_since.is_some(),
        disabled: u.disabled_at.is_some(),
        is_self: u.id == visitor.user.id,
        fault: fault(u.id),
        email: u.email,
    };
    let page = UsersPage {
        frame: visitor.frame_of(state, Section::Users).await?,
        v,
        tabs: tabs(visitor, &Page::Users),
        users: state.store.users().await?.into_iter().map(user).collect(),
        tokens: state.store.tokens().await?.into_iter().map(|t| token_row(v, t)).collect(),
        roles: roles(v, Role::Manager),
        new_email: aside.new_email,
        new_fault: aside.new_fault,
        new_password: aside.new_password,
        token_name: aside.token_name,
        token_fault: aside.token_fault,
        new_token: aside.new_token,
        // Least first: a program that only reads, for a year.
        token_roles: roles(v, Role::Viewer),
        lives: lives(v, aside.token_days.as_deref().unwrap_or("365")),
        columns: ROLES.map(|role| words::role(v, role)).into(),
        may: who_may(v),
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
            visitor.note(&state, "user.add", &user.email, role.word()).await?;
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
    let store = &state.store;
    let user = store.user(id).await?;
    let is_other = id != visitor.user.id;
    let mut detail = "";
    let done = match wish.act.as_str() {
        "role" => {
            let role: Role = wish.role.unwrap_or_default().parse().map_err(|_| Fault::BadRequest)?;
            if role == user.role {
                return Ok(go(&Page::Users.to_string(), Done::Unchanged));
            }
            detail = role.word();
            store.set_role(id, role).await.map(|()| ("user.role", Note::from(Done::Saved)))
        }
        "disable" if is_other => {
            store.disable_user(id, state.now()).await.map(|()| ("user.disable", Done::UserDisabled.into()))
        }
        "enable" => store.enable_user(id).await.map(|()| ("user.enable", Done::UserEnabled.into())),
        // One's own is switched off on one's own page, which asks for the password.
        "second_factor" if is_other => {
            let done = store.drop_second_factor(id).await;
            done.map(|()| ("user.second_factor_reset", Done::SecondFactorReset.into()))
        }
        "sessions" => {
            let ended = store.end_sessions(id).await;
            ended.map(|ended| ("session.end_all", Note::counted(Done::SessionsEnded, ended)))
        }
        "password" if is_other => {
            let (password, hash) = new_password().await?;
            store.set_password(id, &hash).await?;
            visitor.note(&state, "user.password", &user.email, "").await?;
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
            visitor.note(&state, act, &user.email, detail).await?;
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
    /// Days that it lives; empty for always.
    #[serde(default)]
    days: String,
}

/// Until when a token that is made now lives, by the choice of the form.
fn until(days: &str, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Fault> {
    if days.is_empty() {
        return Ok(None);
    }
    let days = days.parse().ok().filter(|days| TOKEN_DAYS.contains(days)).ok_or(Fault::BadRequest)?;
    Ok(Some(now + Duration::days(days)))
}

pub(crate) async fn add_token(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<NewToken>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeUsers)?;
    let role: Role = typed.role.parse().map_err(|_| Fault::BadRequest)?;
    let until = until(&typed.days, state.now())?;
    let fault = match filled(visitor.v, &typed.name) {
        Ok(name) => match state.store.add_token_until(&name, role, until, state.now()).await {
            Ok((token, secret)) => {
                visitor.note(&state, "token.add", &token.name, role.word()).await?;
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
    let aside = Aside {
        token_name: typed.name,
        token_days: Some(typed.days),
        token_fault: Some(fault),
        ..Aside::default()
    };
    page(&visitor, &state, aside).await
}

pub(crate) async fn delete_token(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeUsers)?;
    let name = state.store.delete_token(id).await?;
    visitor.note(&state, "token.delete", &name, "").await?;
    Ok(go(&Page::Users.to_string(), Done::Deleted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use voice::Lang;

    #[test]
    fn every_act_of_the_table_of_access_has_its_words() {
        for lang in Lang::ALL {
            let v = Voice { lang, zone: chrono_tz::UTC, now: DateTime::UNIX_EPOCH };
            let rows = who_may(v);
            assert_eq!(rows.len(), Act::iter().count());
            for row in rows {
                assert!(!row.what.contains("Unknown localization"), "{}", row.what);
                assert!(row.may[0], "an administrator may do everything");
            }
        }
    }

    #[test]
    fn a_token_lives_as_long_as_the_form_offers_and_no_other_time() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(until("", now).expect("a choice"), None);
        assert_eq!(until("90", now).expect("a choice"), Some(now + Duration::days(90)));
        for wrong in ["0", "-1", "31", "99999999999999999999", "x"] {
            assert!(until(wrong, now).is_err(), "{wrong}");
        }
    }
}
