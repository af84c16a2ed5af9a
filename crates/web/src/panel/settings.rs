//! The order settings of a cabinet: the form, saving it, and the versions before.

mod changes;
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
/// Changes of these leave postings behind that the new rule would treat otherwise.
const ASK_ANEW: [&str; 2] = ["also_awaiting_deliver", "load_from"];

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The change that was just saved may concern stored postings.
    anew: Option<String>,
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let stored = state.store.settings(id).await?;
    let values = Values::stored(&stored.settings, visitor.v.zone);
    let page = page(&visitor, &state, id, &values, &[], asked.anew.is_some()).await?;
    visitor.page(&page)
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: &Values,
    faults: &[SettingFault],
    anew: bool,
) -> Result<SettingsPage, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let shop = Shop::of(state, id, values, visitor.may(Act::SeePersons)).await?;
    let form = form::form(v, &shop, values, faults);
    let versions = state.store.settings_versions(id).await?;
    let link = Link {
        href: Page::Postings.with([("cabinet", id.to_string())]),
        text: v.t("settings-afterwards-link"),
    };
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
        afterwards: anew.then_some(link),
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

pub(crate) async fn save(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(typed): Form<HashMap<String, String>>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let before = state.store.settings(id).await?.settings;
    let values = Values::typed(typed);
    let patch = values.patch(&before, visitor.v.zone);
    match state.store.apply_settings(id, &patch, &visitor.user.email, state.now()).await {
        Ok(after) => {
            let changed = changes::keys(&before, &after.settings);
            if changed.is_empty() {
                return Ok(go(&Page::Settings(id).to_string(), Done::Unchanged));
            }
            let anew = changed.iter().any(|key| ASK_ANEW.contains(&key.as_str()));
            let to =
                if anew { Page::Settings(id).with([("anew", "1")]) } else { Page::Settings(id).to_string() };
            Ok(go(&to, Note::counted(Done::SettingsSaved, changed.len() as u64)))
        }
        Err(ApplyError::Faults(faults)) => {
            let page = page(&visitor, &state, id, &values, &faults, false).await?;
            visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(ApplyError::Store(error)) => Err(error.into()),
    }
}
