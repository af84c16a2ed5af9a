//! Ozon's push messages to a cabinet: the address for them, whether Ozon reaches it, and what came last. All that came is in
//! the journal.

use std::collections::HashMap;

use axum::extract::{Form, Path, State};
use axum::response::Response;
use domain::CabinetId;
use storage::PageAsk;
use storage::hooks::MessageFilter;
use sync::LoadError;

use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::runs::messages::rows;
use super::view::Section;
use super::view::messages::MessagesPage;
use super::visitor::{Visitor, go};
use super::wish::Wish;
use super::words;
use crate::access::Act;
use crate::hooks;
use crate::state::AppState;

/// The last messages that are shown.
const ROWS: u64 = 10;

/// What an act has just told.
#[derive(Default)]
struct Told {
    good: Option<String>,
    bad: Vec<String>,
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    page(&visitor, &state, id, Told::default()).await
}

async fn page(visitor: &Visitor, state: &AppState, id: CabinetId, told: Told) -> Result<Response, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let filter = MessageFilter { cabinet: Some(id), ..MessageFilter::default() };
    let last = state.store.messages(&filter, &PageAsk::first(ROWS)).await?.items;
    let names = HashMap::from([(id, cabinet.name.as_str())]);
    // The address is a secret: whoever has it can make us read postings.
    let address = if visitor.may(Act::ChangeCabinets) { address(state, id).await? } else { None };
    visitor.page(&MessagesPage {
        frame: visitor.frame_of(state, Section::Cabinets).await?,
        v,
        id,
        cabinet: cabinet.name.clone(),
        address,
        good: told.good,
        bad: told.bad,
        rows: rows(visitor, &last, &names),
    })
}

/// The whole address, where it is known at which address people reach us.
async fn address(state: &AppState, id: CabinetId) -> Result<Option<String>, Fault> {
    let Some(public) = &state.config.public_url else { return Ok(None) };
    let secret = state.store.hook_secret(id).await?;
    Ok(Some(format!("{}{}", public.as_str().trim_end_matches('/'), hooks::path(&secret))))
}

/// Has Ozon call us, registers the address, takes it away, or makes another one.
pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCabinets)?;
    let v = visitor.v;
    if wish.act == "renew" {
        state.store.renew_hook_secret(id, &visitor.user.email, state.now()).await?;
        return Ok(go(&Page::Messages(id).to_string(), Done::AddressRenewed));
    }
    let Some(url) = address(&state, id).await? else { return Err(Fault::BadRequest) };
    let told = match wish.act.as_str() {
        "check" => state.desk.check_push_address(id, &url).await.map(|check| {
            let said = check.errors.iter().map(|error| {
                let code = error.fault.as_ref().map(ToString::to_string).unwrap_or_default();
                let words = v.ozon_word("push-fault", &code).unwrap_or(code);
                let description = error.description.clone().unwrap_or_default();
                [words, description].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(": ")
            });
            let bad: Vec<String> = said.collect();
            Told { good: check.is_active.then(|| v.t("messages-reached")), bad }
        }),
        "register" => {
            let done = state.desk.register_push_address(id, &url).await;
            done.map(|()| Told { good: Some(v.t("messages-registered")), bad: Vec::new() })
        }
        "remove" => {
            let done = state.desk.remove_push_address(id, &url).await;
            done.map(|()| Told { good: Some(v.t("messages-removed")), bad: Vec::new() })
        }
        _ => return Err(Fault::BadRequest),
    };
    let noted = match wish.act.as_str() {
        "register" => Some("cabinet.hook_on"),
        "remove" => Some("cabinet.hook_off"),
        _ => None,
    };
    if let Some(noted) = noted.filter(|_| told.is_ok()) {
        visitor.note(&state, noted, &format!("cabinet {id}"), "").await?;
    }
    let told = match told {
        Ok(told) => told,
        Err(LoadError::Store(error)) => return Err(error.into()),
        Err(error) => {
            let (text, advice) = words::trouble(v, error.code());
            Told { good: None, bad: vec![format!("{text}. {advice}")] }
        }
    };
    page(&visitor, &state, id, told).await
}
