//! The list of cabinets, and the form of a new one.

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Settings;
use secrecy::SecretString;
use serde::Deserialize;
use storage::cabinets::{Cabinet, NewCabinet};

use super::cabinet::{self, Aside};
use super::faults::Fault;
use super::flash::Done;
use super::people::filled;
use super::routes::Page;
use super::view::cabinets::{CabinetRow, CabinetState, CabinetsPage, KeyLife, NewCabinetPage};
use super::view::{Choice, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// A key that ends within so many days is spoken of.
const KEY_ENDS_SOON: i64 = 14;

/// Any cabinet, and each, to choose from.
pub(crate) fn any_or_each(v: Voice, cabinets: &[Cabinet], current: &str) -> Vec<Choice> {
    let each = cabinets.iter().map(|cabinet| (cabinet.id, cabinet.name.clone()));
    Choice::any_or(v.t("filter-any-cabinet"), each, current)
}

pub(crate) async fn list(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    let v = visitor.v;
    let running = state.store.running().await?;
    let mut rows = Vec::new();
    for cabinet in state.store.cabinets().await? {
        let settings = state.store.settings(cabinet.id).await?.settings;
        let busy = running.iter().any(|run| run.cabinet_id == cabinet.id);
        let last_error = last_error(&state, &cabinet).await?;
        rows.push(CabinetRow {
            id: cabinet.id,
            state: standing(v, &cabinet, &settings, busy, last_error.as_deref()),
            last_load: cabinet.watermark.map(|at| v.ago(&at)),
            key: key_life(v, &cabinet),
            name: cabinet.name,
            client_id: cabinet.client_id,
            company: cabinet.company_name,
        });
    }
    visitor.page(&CabinetsPage { frame: visitor.frame_of(&state, Section::Cabinets).await?, v, rows })
}

/// The code of what stopped the last load, when something did.
pub(crate) async fn last_error(state: &AppState, cabinet: &Cabinet) -> Result<Option<String>, Fault> {
    if cabinet.failures == 0 {
        return Ok(None);
    }
    Ok(state.store.last_run(cabinet.id).await?.and_then(|run| run.error_code))
}

/// How a cabinet stands: the worst thing first.
pub(crate) fn standing(
    v: Voice,
    cabinet: &Cabinet,
    settings: &Settings,
    busy: bool,
    last_error: Option<&str>,
) -> CabinetState {
    let plain = |kind, text, advice| CabinetState { kind, text, advice };
    if cabinet.disabled_at.is_some() {
        return plain("off", v.t("cabinet-state-off"), Some(v.t("cabinet-state-off-advice")));
    }
    if let Some(code) = cabinet.check_error.as_deref().or(last_error) {
        let (text, advice) = words::trouble(v, code);
        return plain("bad", text, Some(advice));
    }
    if busy {
        plain("busy", v.t("cabinet-state-busy"), None)
    } else if !settings.schedule.enabled {
        plain("off", v.t("cabinet-state-manual"), Some(v.t("cabinet-state-manual-advice")))
    } else if cabinet.watermark.is_none() {
        plain("new", v.t("cabinet-state-new"), None)
    } else {
        plain("ok", v.t("cabinet-state-ok"), None)
    }
}

/// How long a cabinet's key lives.
pub(crate) fn key_life(v: Voice, cabinet: &Cabinet) -> KeyLife {
    let Some(ends) = cabinet.key_expires_at else {
        return KeyLife { text: v.t("key-life-unknown"), title: String::new(), soon: false };
    };
    let title = v.when_exactly(&ends).title;
    if ends <= v.now {
        return KeyLife { text: v.t("key-expired"), title, soon: true };
    }
    let days = (ends - v.now).num_days();
    let text = v.n("key-days-left", u64::try_from(days).unwrap_or(0));
    KeyLife { text, title, soon: days < KEY_ENDS_SOON }
}

#[derive(Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    api_key: String,
    api_url: Option<String>,
}

async fn new_page(visitor: &Visitor, state: &AppState, typed: &Typed) -> Result<NewCabinetPage, Fault> {
    let current = typed.api_url.as_deref().unwrap_or_default();
    Ok(NewCabinetPage {
        frame: visitor.frame_of(state, Section::Cabinets).await?,
        v: visitor.v,
        name: typed.name.clone(),
        client_id: typed.client_id.clone(),
        api_urls: state.config.api_urls.iter().map(|url| Choice::new(url, url, current)).collect(),
        name_fault: None,
        client_id_fault: None,
        key_fault: None,
    })
}

pub(crate) async fn form(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCabinets)?;
    visitor.page(&new_page(&visitor, &state, &Typed::default()).await?)
}

pub(crate) async fn add(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCabinets)?;
    let v = visitor.v;
    // Only addresses of the configuration: a panel must not be made to call whatever someone types.
    let asked = typed.api_url.as_ref().filter(|url| state.config.api_urls.contains(url));
    let api_url = asked.or_else(|| state.config.api_urls.first()).cloned().ok_or(Fault::BadRequest)?;
    let name = filled(v, &typed.name);
    let client_id = client_id(v, &typed.client_id);
    let key = api_key(v, &typed.api_key);
    let mut page = new_page(&visitor, &state, &typed).await?;
    let (name, client_id, api_key) = match (name, client_id, key) {
        (Ok(name), Ok(client_id), Ok(key)) => (name, client_id, key),
        (name, client_id, key) => {
            page.name_fault = name.err();
            page.client_id_fault = client_id.err();
            page.key_fault = key.err();
            return visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let new = NewCabinet { name, client_id, api_key, api_url };
    let added = match state.store.add_cabinet(new, state.now(), &visitor.user.email).await {
        Ok(added) => added,
        Err(storage::Error::Taken { what: "client_id" }) => {
            page.client_id_fault = Some(v.t("fault-client-id-taken"));
            return visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(storage::Error::Taken { .. }) => {
            page.name_fault = Some(v.t("fault-taken"));
            return visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(other) => return Err(other.into()),
    };
    let to = Page::Cabinet(added.id).to_string();
    match state.desk.check_cabinet(added.id).await {
        Ok(checked) if checked.missing.is_empty() => Ok(go(&to, Done::CabinetAdded)),
        told => cabinet::card_after(&visitor, &state, added.id, Aside::of_check(v, told)?).await,
    }
}

/// A Client-Id is digits only.
fn client_id(v: Voice, typed: &str) -> Result<String, String> {
    let id = filled(v, typed)?;
    if id.len() <= 40 && id.bytes().all(|b| b.is_ascii_digit()) {
        Ok(id)
    } else {
        Err(v.t("fault-client-id"))
    }
}

/// A key has no space in it and can stand in a header.
pub(crate) fn api_key(v: Voice, typed: &str) -> Result<SecretString, String> {
    let key = filled(v, typed)?;
    if key.len() <= 200 && key.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(SecretString::from(key))
    } else {
        Err(v.t("fault-api-key"))
    }
}
