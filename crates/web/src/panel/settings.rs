//! The order settings of a cabinet: the form, saving it, and the versions before.

mod changes;
pub(crate) mod copy;
pub(crate) mod effect;
pub(crate) mod file;
mod form;
pub(crate) mod index;
mod origin;
mod overtaken;
mod shop;
mod towards;
mod values;
pub(crate) mod versions;

use std::collections::HashMap;

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::CabinetId;
use domain::settings::{Fault as SettingFault, Problem};
use serde::Deserialize;
use storage::PageAsk;
use storage::settings::ApplyError;

use super::faults::Fault;
use super::flash::{Done, Note};
use super::routes::Page;
use super::view::settings::SettingsPage;
use super::view::settings_shared::tabs;
use super::view::{Link, Section};
use super::visitor::{Visitor, go};
use crate::access::Act;
use crate::state::AppState;
use shop::Shop;
use values::Values;

/// Versions that the page shows; all of them have a page of their own.
const VERSIONS: u64 = 5;

#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    /// The version before the change that was just saved for new orders alone.
    since: Option<u32>,
    /// Words of the settings that are looked for.
    #[serde(default)]
    find: String,
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stored = state.store.settings(id).await?;
    let values = Values::stored(&stored.settings, visitor.v.zone);
    let page = page(&visitor, &state, id, &values, stored.version, &[], &asked).await?;
    visitor.page(&page)
}

/// The form with these values; `version` is what they were typed upon.
async fn page(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: &Values,
    version: u32,
    faults: &[SettingFault],
    asked: &Asked,
) -> Result<SettingsPage, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let may_change = visitor.may(Act::ChangeSettings);
    let mut shop = Shop::of(state, id, values, visitor.may(Act::SeePersons)).await?;
    let form = form::form(v, &shop, values, faults);
    let newest = state.store.settings_history(id, &PageAsk::first(VERSIONS)).await?.items;
    let last = newest.first().ok_or(Fault::NotFound)?;
    // After the form: what only an older version names is nothing to choose from.
    versions::know_all(&mut shop, state, &newest).await?;
    let afterwards = asked
        .since
        .filter(|_| may_change)
        .map(|since| Link { href: effect::address(id, Some(since)), text: v.t("settings-afterwards-link") });
    Ok(SettingsPage {
        frame: visitor.frame_of(state, Section::Settings).await?,
        v,
        id,
        cabinet: cabinet.name,
        form,
        version,
        overtaken: None,
        faults: faults.len() as u64,
        other_faults: faults
            .iter()
            .filter(|f| matches!(f.problem, Problem::UnknownKey { .. }))
            .map(|f| f.key.clone())
            .collect(),
        tabs: tabs(v, id, may_change, &Page::Settings(id)),
        find: index::find(v, &asked.find),
        versions: newest
            .iter()
            .map(|step| versions::told(v, id, &shop, step, last.version.version))
            .collect(),
        afterwards,
        apply_again: effect::last_change(id, last).filter(|_| may_change),
    })
}

/// The version of the settings that a form shows, taken out of it.
fn seen(typed: &mut HashMap<String, String>) -> Option<u32> {
    typed.remove("version")?.parse().ok()
}

/// Saves what was typed. A change that concerns orders or postings that are stored is shown first with what it would do
/// to them, and nothing is saved before the person has chosen; nor over a change that the person has not seen.
pub(crate) async fn save(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(mut typed): Form<HashMap<String, String>>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let seen = seen(&mut typed);
    let choice = effect::Choice::take(&mut typed, seen);
    let before = state.store.settings(id).await?;
    let values = Values::typed(typed);
    // A form without a version is a program's, which saw nothing.
    let seen = seen.unwrap_or(before.version);
    if choice.is_none() && seen != before.version {
        return overtaken::show(&visitor, &state, id, values, seen).await;
    }
    let patch = values.patch(&before.settings, visitor.v.zone);
    let (version, apply) = match choice {
        Some(effect::Choice::Back) => {
            let page = page(&visitor, &state, id, &values, seen, &[], &Asked::default()).await?;
            return visitor.page(&page);
        }
        Some(effect::Choice::Save { version, apply }) => (version, Some(apply)),
        None => match state.store.preview_settings(id, &patch, state.now()).await {
            Ok(told) if told.is_empty() => (seen, None),
            Ok(_) => return effect::ask(&visitor, &state, id, &values, &patch, effect::Remark::None).await,
            Err(ApplyError::Faults(faults)) => {
                return refused(&visitor, &state, id, &values, seen, &faults).await;
            }
            Err(ApplyError::Store(error)) => return Err(error.into()),
        },
    };
    let saved = state.store.apply_settings_over(id, version, &patch, &visitor.user.email, state.now()).await;
    match saved {
        Ok(after) => {
            let changed = changes::keys(&before.settings, &after.settings).len() as u64;
            if let Some(origin) = values.origin().filter(|_| changed > 0) {
                let (subject, detail) = (format!("cabinet {id}"), origin.detail(after.version));
                let actor = &visitor.user.email;
                state.store.note_audit(actor, origin.act(), &subject, &detail, state.now()).await?;
            }
            let to = Page::Settings(id);
            let note = Note::counted(Done::SettingsSaved, changed);
            match apply {
                _ if changed == 0 => Ok(go(&to.to_string(), Done::Unchanged)),
                Some(true) => effect::apply_since(&visitor, &state, id, version).await,
                Some(false) => Ok(go(&to.with([("since", version)]), note)),
                None => Ok(go(&to.to_string(), note)),
            }
        }
        Err(ApplyError::Faults(faults)) => refused(&visitor, &state, id, &values, version, &faults).await,
        Err(ApplyError::Store(storage::Error::Refused("settings_changed"))) if apply.is_none() => {
            overtaken::show(&visitor, &state, id, values, version).await
        }
        Err(ApplyError::Store(storage::Error::Refused("settings_changed"))) => {
            overtaken::ask(&visitor, &state, id, values, version).await
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
    version: u32,
    faults: &[SettingFault],
) -> Result<Response, Fault> {
    let page = page(visitor, state, id, values, version, faults, &Asked::default()).await?;
    visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
