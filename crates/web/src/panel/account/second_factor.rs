//! Setting up the second factor of one's own sign-in, confirming it by a first code, and switching it off.

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use storage::people::SecondFactor;

use super::{Aside, password_fault};
use crate::one_time;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::qr::Qr;
use crate::panel::routes::Page;
use crate::panel::view::Section;
use crate::panel::view::account::SecondFactorPage;
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;

#[derive(Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    act: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// What has been begun and waits for its first code.
async fn begun(visitor: &Visitor, state: &AppState) -> Result<Option<SecondFactor>, Fault> {
    Ok(state.store.second_factor(visitor.user.id).await?.filter(|factor| factor.since.is_none()))
}

fn to_account() -> Response {
    Redirect::to(&Page::Account.to_string()).into_response()
}

pub(crate) async fn show(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    match begun(&visitor, &state).await? {
        Some(factor) => page(&visitor, &state, &factor, None).await,
        None => Ok(to_account()),
    }
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    factor: &SecondFactor,
    fault: Option<String>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let code = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let address = one_time::address(&factor.secret, &visitor.user.email, &v.t("product"));
    let page = SecondFactorPage {
        frame: visitor.frame_of(state, Section::Outside).await?,
        v,
        secret: one_time::grouped(&factor.secret),
        qr: address.and_then(|address| Qr::of(&address)),
        fault,
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    match wish.act.as_str() {
        "confirm" => confirm(&visitor, &state, &wish.code).await,
        "begin" | "off" | "codes" => {
            if let Some(fault) = password_fault(&visitor, &state, &wish.password).await? {
                let aside = Aside { factor_fault: Some(fault), ..Aside::default() };
                return super::page(&visitor, &state, aside).await;
            }
            with_password(&visitor, &state, &wish.act).await
        }
        _ => Err(Fault::BadRequest),
    }
}

async fn with_password(visitor: &Visitor, state: &AppState, act: &str) -> Result<Response, Fault> {
    let (id, email) = (visitor.user.id, &visitor.user.email);
    match act {
        "begin" => match state.store.begin_second_factor(id, &one_time::new_secret()).await {
            Ok(()) => Ok(Redirect::to(&Page::SecondFactor.to_string()).into_response()),
            // It acts already, by another page.
            Err(storage::Error::Refused(_)) => Ok(to_account()),
            Err(error) => Err(error.into()),
        },
        "off" => {
            state.store.drop_second_factor(id).await?;
            visitor.note(state, "user.second_factor_off", email, "").await?;
            Ok(go(&Page::Account.to_string(), Done::SecondFactorOff))
        }
        _ => {
            let codes = one_time::recovery_codes();
            match state.store.renew_recovery_codes(id, &plain(&codes)).await {
                Ok(()) => {}
                Err(storage::Error::Refused(_)) => return Ok(to_account()),
                Err(error) => return Err(error.into()),
            }
            visitor.note(state, "user.recovery_codes", email, "").await?;
            super::page(visitor, state, Aside { codes, ..Aside::default() }).await
        }
    }
}

fn plain(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| one_time::plain(code)).collect()
}

async fn confirm(visitor: &Visitor, state: &AppState, typed: &str) -> Result<Response, Fault> {
    let Some(factor) = begun(visitor, state).await? else { return Ok(to_account()) };
    let Some(step) = one_time::step_of(&factor.secret, typed, state.now()) else {
        let fault = visitor.v.t("fault-code-wrong");
        return page(visitor, state, &factor, Some(fault)).await;
    };
    let codes = one_time::recovery_codes();
    match state.store.confirm_second_factor(visitor.user.id, step, &plain(&codes), state.now()).await {
        Ok(()) => {}
        Err(storage::Error::Refused(_)) => return Ok(to_account()),
        Err(error) => return Err(error.into()),
    }
    visitor.note(state, "user.second_factor_on", &visitor.user.email, "").await?;
    super::page(visitor, state, Aside { codes, ..Aside::default() }).await
}
