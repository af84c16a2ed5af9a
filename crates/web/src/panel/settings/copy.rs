//! The settings of one cabinet taken over by others: what is chosen, what it would change in each, and the saving of it.

mod wish;

use std::collections::HashMap;

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::CabinetId;
use domain::reapply::Change as Reapplied;
use serde::Deserialize;
use storage::cabinets::Cabinet;
use storage::settings::{ApplyError, SettingsVersion};

use super::changes::{self, Words};
use super::effect;
use super::index::Part;
use super::shop::Shop;
use super::towards;
use super::values::Values;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::flash::{Done, Note};
use crate::panel::routes::Page;
use crate::panel::view::settings_copy::{CopyPage, LookedAt, Target, Tick};
use crate::panel::view::settings_shared::tabs;
use crate::panel::view::{Link, Section};
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;
use wish::Wish;

/// What the page has to say beside the choice.
#[derive(Default)]
struct Told {
    looked_at: Option<LookedAt>,
    saved: Vec<Link>,
    /// The form was sent, so what it lacks is said.
    sent: bool,
}

#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    /// Cabinets that were just changed, each with the version before: `3.12,4.7`.
    saved: Option<String>,
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let others = others(&state, id).await?;
    let pair = |pair: &str| {
        let (target, since) = pair.split_once('.')?;
        Some((target.parse().ok()?, since.parse().ok()?))
    };
    let pairs: Vec<_> = asked.saved.as_deref().unwrap_or_default().split(',').filter_map(pair).collect();
    let saved = questions(&others, &pairs);
    let told = Told { saved, ..Told::default() };
    visitor.page(&page(&visitor, &state, id, &others, &Wish::first(), told).await?)
}

/// Where it is asked what is to become of what is loaded in cabinets that were changed.
fn questions(others: &[Cabinet], changed: &[(CabinetId, u32)]) -> Vec<Link> {
    let each = changed.iter().filter_map(|(target, since)| {
        let name = others.iter().find(|c| c.id == *target)?.name.clone();
        Some(Link { href: effect::address(*target, Some(*since)), text: name })
    });
    each.collect()
}

/// Every cabinet but the one whose settings are taken, which must exist.
async fn others(state: &AppState, id: CabinetId) -> Result<Vec<Cabinet>, Fault> {
    let mut all = state.store.cabinets().await?;
    let before = all.len();
    all.retain(|cabinet| cabinet.id != id);
    if all.len() == before { Err(Fault::NotFound) } else { Ok(all) }
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    others: &[Cabinet],
    wish: &Wish,
    told: Told,
) -> Result<CopyPage, Fault> {
    let v = visitor.v;
    let tick = |name: String, label: String, on| Tick { name, label, on };
    Ok(CopyPage {
        frame: visitor.frame_of(state, Section::Settings).await?,
        v,
        id,
        cabinet: state.store.cabinet(id).await?.name,
        tabs: tabs(v, id, true, &Page::SettingsCopy(id)),
        targets: others
            .iter()
            .map(|c| tick(format!("to.{}", c.id), c.name.clone(), wish.targets.contains(&c.id)))
            .collect(),
        target_fault: (told.sent && wish.targets.is_empty()).then(|| v.t("settings-copy-no-target")),
        parts: Part::ALL
            .map(|part| tick(format!("part.{}", part.code()), part.title(v), wish.parts.contains(&part)))
            .into(),
        part_fault: (told.sent && wish.is_empty()).then(|| v.t("settings-copy-no-part")),
        own: vec![
            tick("load_from".into(), v.t("settings-copy-load-from"), wish.load_from),
            tick("unknown_codes".into(), v.t("settings-copy-unknown-codes"), wish.unknown_codes),
        ],
        looked_at: told.looked_at,
        saved: told.saved,
    })
}

/// Shows what the choice would change; saves it once it was looked at.
pub(crate) async fn copy(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(typed): Form<HashMap<String, String>>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let others = others(&state, id).await?;
    let wish = Wish::typed(&typed, &others);
    if wish.targets.is_empty() || wish.is_empty() {
        let told = Told { sent: true, ..Told::default() };
        let page = page(&visitor, &state, id, &others, &wish, told).await?;
        return visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let source = state.store.settings(id).await?;
    let (mut overtaken, mut reaching) = (false, Vec::new());
    if typed.get("choice").is_some_and(|choice| choice == "save") {
        if wish.over.get(&id) == Some(&source.version) {
            let saved = save(&visitor, &state, id, &source, &wish).await?;
            if saved.late.is_empty() {
                return Ok(done(id, &saved));
            }
            reaching = saved.reaching;
        }
        overtaken = true;
    }
    let looked_at = look(&visitor, &state, id, &source, &others, &wish, overtaken).await?;
    let told = Told { looked_at: Some(looked_at), saved: questions(&others, &reaching), sent: true };
    visitor.page(&page(&visitor, &state, id, &others, &wish, told).await?)
}

/// What the choice would change, target by target.
async fn look(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    source: &SettingsVersion,
    others: &[Cabinet],
    wish: &Wish,
    overtaken: bool,
) -> Result<LookedAt, Fault> {
    let v = visitor.v;
    let mut fields = wish.fields();
    fields.push((format!("over.{id}"), source.version.to_string()));
    let mut targets = Vec::new();
    for cabinet in others.iter().filter(|c| wish.targets.contains(&c.id)) {
        let now = state.store.settings(cabinet.id).await?.settings;
        let patch = towards::patch(&now, &source.settings, |key| wish.takes(key));
        let possible = towards::possible(state, cabinet.id, &now, patch).await?;
        let told = match state.store.preview_settings(cabinet.id, &possible.patch, state.now()).await {
            Ok(told) => told,
            Err(ApplyError::Store(error)) => return Err(error.into()),
            Err(ApplyError::Faults(_)) => return Err(Fault::Store(storage::Error::Raced)),
        };
        let values = Values::stored(&possible.after, v.zone);
        let mut shop = Shop::of(state, cabinet.id, &values, visitor.may(Act::SeePersons)).await?;
        if let Some(customer) = now.customer_id {
            shop.know(state, customer).await?;
        }
        let words = Words { v, shop: &shop };
        fields.push((format!("over.{}", cabinet.id), told.version.to_string()));
        targets.push(Target {
            name: cabinet.name.clone(),
            changes: words.between(&now, &possible.after),
            gone: possible.gone.iter().map(|key| words.label(key)).collect(),
            figures: if told.is_empty() { Vec::new() } else { effect::figures(v, &told) },
        });
    }
    let changing = targets.iter().filter(|target| !target.changes.is_empty()).count() as u64;
    Ok(LookedAt { fields, overtaken, targets, changing })
}

/// What became of a copy.
#[derive(Default)]
struct Saved {
    /// How many cabinets have a new version.
    changed: u64,
    /// Those where the change can reach what is loaded, with the version before.
    reaching: Vec<(CabinetId, u32)>,
    /// Those whose settings were no longer those looked at.
    late: Vec<CabinetId>,
}

async fn save(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    source: &SettingsVersion,
    wish: &Wish,
) -> Result<Saved, Fault> {
    let mut saved = Saved::default();
    let actor = &visitor.user.email;
    for &target in &wish.targets {
        let before = state.store.settings(target).await?;
        if wish.over.get(&target) != Some(&before.version) {
            saved.late.push(target);
            continue;
        }
        let patch = towards::patch(&before.settings, &source.settings, |key| wish.takes(key));
        let patch = towards::possible(state, target, &before.settings, patch).await?.patch;
        let after = state.store.apply_settings_over(target, before.version, &patch, actor, state.now()).await;
        let after = match after {
            Ok(after) => after,
            Err(ApplyError::Faults(_) | ApplyError::Store(storage::Error::Refused("settings_changed"))) => {
                saved.late.push(target);
                continue;
            }
            Err(ApplyError::Store(error)) => return Err(error.into()),
        };
        if changes::keys(&before.settings, &after.settings).is_empty() {
            continue;
        }
        saved.changed += 1;
        let detail = format!("version {} from cabinet {id}, version {}", after.version, source.version);
        state
            .store
            .note_audit(actor, "settings.copy", &format!("cabinet {target}"), &detail, state.now())
            .await?;
        if (Reapplied { before: &before.settings, after: &after.settings }).reaches_back() {
            saved.reaching.push((target, before.version));
        }
    }
    Ok(saved)
}

/// Back to the page, which then asks about the orders that are loaded.
fn done(id: CabinetId, saved: &Saved) -> Response {
    if saved.changed == 0 {
        return go(&Page::SettingsCopy(id).to_string(), Done::Unchanged);
    }
    let pairs: Vec<_> = saved.reaching.iter().map(|(target, since)| format!("{target}.{since}")).collect();
    let to = match pairs.as_slice() {
        [] => Page::SettingsCopy(id).to_string(),
        pairs => Page::SettingsCopy(id).with([("saved", pairs.join(","))]),
    };
    go(&to, Note::counted(Done::SettingsCopied, saved.changed))
}
