//! The versions of a cabinet's settings: what each changed, each as it was, and back to one of them.

use std::collections::BTreeSet;

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use domain::{CabinetId, Settings};
use serde::Deserialize;
use storage::PageAsk;
use storage::settings::SettingsStep;

use super::changes::{Leaf, Words};
use super::effect::{self, Remark};
use super::index::Part;
use super::origin::Origin;
use super::shop::Shop;
use super::towards;
use super::values::Values;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::routes::{Page, VersionPath};
use crate::panel::view::Section;
use crate::panel::view::settings_shared::{Version, tabs};
use crate::panel::view::settings_versions::{VersionPage, VersionPart, VersionsPage};
use crate::panel::visitor::{Visitor, go};
use crate::panel::words;
use crate::state::AppState;
use voice::Voice;

/// Versions on a page.
const ROWS: u64 = 25;

#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    cursor: Option<String>,
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let found = state.store.settings_history(id, &PageAsk { limit: ROWS, cursor: asked.cursor }).await?;
    let current = state.store.settings(id).await?;
    let shop = shop_of(&visitor, &state, id, &current.settings, &found.items).await?;
    visitor.page(&VersionsPage {
        frame: visitor.frame_of(&state, Section::Settings).await?,
        v,
        id,
        cabinet: cabinet.name,
        tabs: tabs(v, id, visitor.may(Act::ChangeSettings), &Page::SettingsVersions(id)),
        versions: found.items.iter().map(|step| told(v, id, &shop, step, current.version)).collect(),
        next: found.next.map(|cursor| Page::SettingsVersions(id).with([("cursor", cursor)])),
    })
}

/// What the settings in force and the versions name.
async fn shop_of(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    current: &Settings,
    steps: &[SettingsStep],
) -> Result<Shop, Fault> {
    let values = Values::stored(current, visitor.v.zone);
    let mut shop = Shop::of(state, id, &values, visitor.may(Act::SeePersons)).await?;
    know_all(&mut shop, state, steps).await?;
    Ok(shop)
}

/// Adds the customers that only older versions name.
pub(crate) async fn know_all(shop: &mut Shop, state: &AppState, steps: &[SettingsStep]) -> Result<(), Fault> {
    let mut customers = BTreeSet::new();
    for step in steps {
        customers.extend(step.version.settings.customer_id);
        customers.extend(step.before.as_ref().and_then(|before| before.settings.customer_id));
    }
    for customer in customers {
        shop.know(state, customer).await?;
    }
    Ok(())
}

/// A version in words.
pub(crate) fn told(v: Voice, id: CabinetId, shop: &Shop, step: &SettingsStep, in_force: u32) -> Version {
    let version = &step.version;
    let before = step.before.as_ref();
    Version {
        number: version.version,
        href: Page::SettingsVersion(VersionPath { id, number: version.version }),
        at: v.when_exactly(&version.changed_at),
        who: words::doer(v, &version.changed_by),
        changes: before
            .map(|before| Words { v, shop }.between(&before.settings, &version.settings))
            .unwrap_or_default(),
        in_force: version.version == in_force,
    }
}

/// One version, all of it.
pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(VersionPath { id, number }): Path<VersionPath>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let step = state.store.settings_step(id, number).await?;
    let current = state.store.settings(id).await?;
    let shop = shop_of(&visitor, &state, id, &current.settings, std::slice::from_ref(&step)).await?;
    let words = Words { v, shop: &shop };
    let patch = towards::patch(&current.settings, &step.version.settings, |_| true);
    let possible = towards::possible(&state, id, &current.settings, patch).await?;
    visitor.page(&VersionPage {
        frame: visitor.frame_of(&state, Section::Settings).await?,
        v,
        id,
        cabinet: cabinet.name,
        version: told(v, id, &shop, &step, current.version),
        differences: words.between(&current.settings, &possible.after),
        gone: possible.gone.iter().map(|key| words.label(key)).collect(),
        parts: whole(words, &step.version.settings),
    })
}

/// All settings in the order of their page; the map is a part of its own.
fn whole(words: Words<'_>, settings: &Settings) -> Vec<VersionPart> {
    let all = words.whole(settings);
    let mut parts = Vec::new();
    for part in Part::ALL {
        let of_part = || all.iter().filter(|leaf| Part::of(&leaf.key) == Some(part));
        let (map, mut rows): (Vec<_>, Vec<_>) =
            of_part().partition(|leaf| leaf.key.starts_with("status_map."));
        let place = |key: &str| {
            part.keys().iter().position(|known| key == *known || key.split('.').next() == Some(known))
        };
        rows.sort_by_key(|leaf| place(&leaf.key));
        let row = |leaf: &Leaf| (leaf.label.clone(), leaf.value.clone());
        parts.push(VersionPart { title: part.title(words.v), rows: rows.into_iter().map(row).collect() });
        if !map.is_empty() {
            parts.push(VersionPart {
                title: words.v.t("setting-status_map"),
                rows: map.into_iter().map(row).collect(),
            });
        }
    }
    parts
}

#[derive(Default, Deserialize)]
pub(crate) struct Wished {
    #[serde(default)]
    number: Option<u32>,
}

/// Shows what coming back to a version would do; it is then saved as any other change is, as a new version.
pub(crate) async fn restore(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(wished): Form<Wished>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let v = visitor.v;
    let number = wished.number.ok_or(Fault::BadRequest)?;
    let then = state.store.settings_step(id, number).await?.version.settings;
    let now = state.store.settings(id).await?.settings;
    let possible = towards::possible(&state, id, &now, towards::patch(&now, &then, |_| true)).await?;
    let values = Values::exactly(&possible.after, v.zone).with_origin(Origin::Version(number));
    let patch = values.patch(&now, v.zone);
    if super::changes::keys(&now, &possible.after).is_empty() {
        return Ok(go(&Page::SettingsVersion(VersionPath { id, number }).to_string(), Done::Unchanged));
    }
    let remark = if possible.gone.is_empty() { Remark::None } else { Remark::Kept(possible.gone) };
    effect::ask(&visitor, &state, id, &values, &patch, remark).await
}
