//! Settings that somebody else has saved since a form showed them: nothing is saved over them unseen, and what was typed
//! is kept on top of them.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use domain::{CabinetId, Settings};
use storage::settings::{ApplyError, SettingsVersion};

use super::changes::Words;
use super::effect::{self, Remark};
use super::shop::Shop;
use super::values::Values;
use super::{Asked, page};
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::routes::Page;
use crate::panel::view::overtaken::Overtaken;
use crate::panel::visitor::Visitor;
use crate::panel::{seen, words};
use crate::state::AppState;

/// What was typed over the version `seen`, on top of what is stored now, and that.
async fn both(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: Values,
    then: &Settings,
) -> Result<(Values, SettingsVersion), Fault> {
    let zone = visitor.v.zone;
    let now = state.store.settings(id).await?;
    let values = values.over(&Values::stored(then, zone), &Values::stored(&now.settings, zone));
    Ok((values, now))
}

/// The form with both changes in it, what changed meanwhile, and what saving would change.
pub(super) async fn show(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: Values,
    seen: u32,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let then = state.store.settings_step(id, seen).await?.version.settings;
    let (values, now) = both(visitor, state, id, values, &then).await?;
    let mut shop = Shop::of(state, id, &values, visitor.may(Act::SeePersons)).await?;
    for customer in [then.customer_id, now.settings.customer_id].into_iter().flatten() {
        shop.know(state, customer).await?;
    }
    let told = Words { v, shop: &shop };
    let mine = match state.store.proposed_settings(id, &values.patch(&now.settings, v.zone)).await {
        Ok(after) => told.between(&now.settings, &after),
        Err(ApplyError::Store(error)) => return Err(error.into()),
        // What is wrong with it is told once it is sent again.
        Err(ApplyError::Faults(_)) => Vec::new(),
    };
    let later = state.store.settings_versions(id).await?.into_iter().filter(|version| version.version > seen);
    let who: BTreeSet<String> = later.map(|version| words::doer(v, &version.changed_by)).collect();
    let who = Vec::from_iter(who).join(", ");
    let mut page = page(visitor, state, id, &values, now.version, &[], &Asked::default()).await?;
    page.overtaken = Some(Overtaken {
        told: seen::told(v, Some(who)),
        meanwhile: told.between(&then, &now.settings),
        mine,
        theirs: Page::Settings(id).to_string(),
    });
    visitor.page_with(StatusCode::CONFLICT, &page)
}

/// The same for a change that was looked at with its effect: it is looked at again.
pub(super) async fn ask(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: Values,
    seen: u32,
) -> Result<Response, Fault> {
    // What comes from elsewhere is meant whole.
    let (values, now) = if values.origin().is_some() {
        (values, state.store.settings(id).await?)
    } else {
        let then = state.store.settings_step(id, seen).await?.version.settings;
        both(visitor, state, id, values, &then).await?
    };
    let patch = values.patch(&now.settings, visitor.v.zone);
    effect::ask(visitor, state, id, &values, &patch, Remark::Overtaken).await
}
