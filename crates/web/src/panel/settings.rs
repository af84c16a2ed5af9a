//! The order settings of a cabinet: the form, saving it, and the versions before.

mod changes;
pub(crate) mod effect;
mod form;

use std::collections::HashMap;

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::CabinetId;
use domain::settings::{Fault as SettingFault, Problem};
use serde::Deserialize;
use storage::settings::{ApplyError, SettingsVersion};

use super::faults::Fault;
use super::flash::{Done, Note};
use super::routes::Page;
use super::view::settings::{SettingsPage, Version};
use super::view::{Link, Section};
use super::visitor::{Visitor, go};
use crate::access::Act;
use crate::state::AppState;
use form::{Shop, Values};

/// Versions that the page shows.
const VERSIONS: usize = 20;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The version before the change that was just saved for new orders alone.
    since: Option<u32>,
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stored = state.store.settings(id).await?;
    let values = Values::stored(&stored.settings, visitor.v.zone);
    let page = page(&visitor, &state, id, &values, &[], asked.since).await?;
    visitor.page(&page)
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: &Values,
    faults: &[SettingFault],
    since: Option<u32>,
) -> Result<SettingsPage, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let shop = Shop::of(state, id, values, visitor.may(Act::SeePersons)).await?;
    let form = form::form(v, &shop, values, faults);
    let versions = state.store.settings_versions(id).await?;
    let afterwards = since
        .filter(|_| visitor.may(Act::ChangeSettings))
        .map(|since| Link { href: effect::address(id, Some(since)), text: v.t("settings-afterwards-link") });
    Ok(SettingsPage {
        frame: visitor.frame_of(state, Section::Cabinets).await?,
        v,
        id,
        cabinet: cabinet.name,
        form,
        faults: faults.len() as u64,
        other_faults: faults
            .iter()
            .filter(|f| matches!(f.problem, Problem::UnknownKey { .. }))
            .map(|f| f.key.clone())
            .collect(),
        versions: told(&versions, &shop, visitor),
        afterwards,
        apply_again: effect::last_change(id, &versions).filter(|_| visitor.may(Act::ChangeSettings)),
    })
}

/// The versions in words, newest first.
fn told(versions: &[SettingsVersion], shop: &Shop, visitor: &Visitor) -> Vec<Version> {
    let v = visitor.v;
    let words = changes::Words { v, shop };
    let each = versions.iter().enumerate().take(VERSIONS).map(|(at, version)| Version {
        number: version.version,
        at: v.when_exactly(&version.changed_at),
        who: if version.changed_by == "command" { v.t("actor-command") } else { version.changed_by.clone() },
        changes: versions
            .get(at + 1)
            .map(|before| words.between(&before.settings, &version.settings))
            .unwrap_or_default(),
    });
    each.collect()
}

/// Saves what was typed. A change that concerns orders or postings that are stored is shown first with what it would do
/// to them, and nothing is saved before the person has chosen.
pub(crate) async fn save(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(mut typed): Form<HashMap<String, String>>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let choice = effect::Choice::take(&mut typed);
    let before = state.store.settings(id).await?;
    let values = Values::typed(typed);
    let patch = values.patch(&before.settings, visitor.v.zone);
    let (version, apply) = match choice {
        Some(effect::Choice::Back) => {
            return visitor.page(&page(&visitor, &state, id, &values, &[], None).await?);
        }
        Some(effect::Choice::Save { version, apply }) => (version, Some(apply)),
        None => match state.store.preview_settings(id, &patch, state.now()).await {
            Ok(told) if told.is_empty() => (told.version, None),
            Ok(_) => return effect::ask(&visitor, &state, id, &values, &patch, false).await,
            Err(ApplyError::Faults(faults)) => return refused(&visitor, &state, id, &values, &faults).await,
            Err(ApplyError::Store(error)) => return Err(error.into()),
        },
    };
    let saved = state.store.apply_settings_over(id, version, &patch, &visitor.user.email, state.now()).await;
    match saved {
        Ok(after) => {
            let changed = changes::keys(&before.settings, &after.settings).len() as u64;
            let to = Page::Settings(id);
            let note = Note::counted(Done::SettingsSaved, changed);
            match apply {
                _ if changed == 0 => Ok(go(&to.to_string(), Done::Unchanged)),
                Some(true) => effect::apply_since(&visitor, &state, id, version).await,
                Some(false) => Ok(go(&to.with([("since", version)]), note)),
                None => Ok(go(&to.to_string(), note)),
            }
        }
        Err(ApplyError::Faults(faults)) => refused(&visitor, &state, id, &values, &faults).await,
        Err(ApplyError::Store(storage::Error::Refused("settings_changed"))) => {
            effect::ask(&visitor, &state, id, &values, &patch, true).await
        }
        Err(ApplyError::Store(error)) => Err(error.into()),
    }
}

/// The form as it was typed, with what is wrong with it.
async fn refused(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: &Values,
    faults: &[SettingFault],
) -> Result<Response, Fault> {
    let page = page(visitor, state, id, values, faults, None).await?;
    visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
