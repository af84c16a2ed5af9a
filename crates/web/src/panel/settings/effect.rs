//! What a change of the settings would do to what is stored: asked before it is saved, and again afterwards.

use std::collections::HashMap;

use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::reapply::Change as Reapplied;
use domain::{CabinetId, Settings, StatusId};
use serde::Deserialize;
use storage::effect::Effect;
use storage::lists::Status;
use storage::settings::{ApplyError, SettingsStep};

use super::changes::Words;
use super::shop::Shop;
use super::values::Values;
use crate::access::Act;
use crate::panel::days;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::routes::Page;
use crate::panel::view::effect::{EffectPage, Moved, Question};
use crate::panel::view::{Dot, Section};
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;
use voice::Voice;

/// What the person chose on the page of the effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Back to the form as it was typed.
    Back,
    /// Save over the version that was looked at.
    Save {
        /// That version.
        version: u32,
        /// Apply it to what is stored, too.
        apply: bool,
    },
}

impl Choice {
    /// Takes the choice out of a form that shows the version `seen`; it is then the form of the settings again.
    pub(crate) fn take(typed: &mut HashMap<String, String>, seen: Option<u32>) -> Option<Self> {
        match (typed.remove("choice")?.as_str(), seen) {
            ("back", _) => Some(Self::Back),
            ("apply", Some(version)) => Some(Self::Save { version, apply: true }),
            ("new", Some(version)) => Some(Self::Save { version, apply: false }),
            // What makes no sense is looked at again.
            _ => None,
        }
    }
}

/// What the page says before anything else.
pub(crate) enum Remark {
    None,
    /// The settings changed since this person looked at them last.
    Overtaken,
    /// These keys stay as they are, since what they would name is gone.
    Kept(Vec<String>),
}

/// The page that asks what is to become of what is stored, before anything is saved.
pub(crate) async fn ask(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    values: &Values,
    patch: &serde_json::Value,
    remark: Remark,
) -> Result<Response, Fault> {
    let told = state.store.preview_settings(id, patch, state.now()).await;
    let proposed = state.store.proposed_settings(id, patch).await;
    let (told, after) = match (told, proposed) {
        (Ok(told), Ok(after)) => (told, after),
        // The shop has changed under the form: what is wrong with it now is told on the form.
        (Err(ApplyError::Store(error)), _) | (_, Err(ApplyError::Store(error))) => return Err(error.into()),
        (Err(ApplyError::Faults(faults)), _) | (_, Err(ApplyError::Faults(faults))) => {
            let version = state.store.settings(id).await?.version;
            return super::refused(visitor, state, id, values, version, &faults).await;
        }
    };
    let before = state.store.settings(id).await?.settings;
    let question = Question::Unsaved { fields: values.fields() };
    let asked = Asked { id, told: &told, before: &before, after: &after };
    let mut page = asked.page(visitor, state, question).await?;
    match remark {
        Remark::None => {}
        Remark::Overtaken => page.overtaken = true,
        Remark::Kept(keys) => {
            let shop = Shop::of(state, id, values, visitor.may(Act::SeePersons)).await?;
            let words = Words { v: visitor.v, shop: &shop };
            page.kept = keys.iter().map(|key| words.label(key)).collect();
        }
    }
    visitor.page(&page)
}

#[derive(Deserialize)]
pub(crate) struct Since {
    /// The version that the orders were made by; without one it is only asked about postings.
    since: Option<u32>,
    /// Something else came first.
    overtaken: Option<u32>,
}

/// What the settings in force would do to what was loaded before them.
pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Query(asked): Query<Since>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let versions = state.store.settings_versions(id).await?;
    let current = versions.first().ok_or(Fault::NotFound)?;
    let since = asked.since.unwrap_or(current.version);
    let before = versions.iter().find(|v| v.version == since).ok_or(Fault::NotFound)?;
    let told = state.store.preview_existing(id, since, state.now()).await?;
    let about = Asked { id, told: &told, before: &before.settings, after: &current.settings };
    let page = about.page(&visitor, &state, Question::Saved { since }).await?;
    visitor.page(&EffectPage { overtaken: asked.overtaken.is_some(), ..page })
}

#[derive(Default, Deserialize)]
pub(crate) struct Decided {
    #[serde(default)]
    since: Option<u32>,
    #[serde(default)]
    version: Option<u32>,
}

/// Applies them, if they are still those that the person looked at.
pub(crate) async fn apply(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(decided): Form<Decided>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let (Some(since), Some(version)) = (decided.since, decided.version) else {
        return Err(Fault::BadRequest);
    };
    if state.store.settings(id).await?.version != version {
        let again = Page::SettingsEffect(id).with([("since", since), ("overtaken", 1)]);
        return Ok(Redirect::to(&again).into_response());
    }
    apply_since(&visitor, &state, id, since).await
}

/// Applies what changed since a version to what is stored, and says how it went.
pub(crate) async fn apply_since(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    since: u32,
) -> Result<Response, Fault> {
    let to = Page::Settings(id);
    match state.desk.apply_settings_to_existing(id, since, &visitor.actor()).await {
        Ok(done) => {
            visitor.note(state, "settings.existing", &format!("cabinet {id}"), "").await?;
            let done = if done.is_some() { Done::SettingsApplied } else { Done::SettingsApplying };
            Ok(go(&to.to_string(), done))
        }
        Err(storage::Error::Refused("settings_changed")) => {
            Ok(go(&to.with([("since", since)]), Done::SettingsOvertaken))
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the question about the changes since a version is asked.
pub(crate) fn address(id: CabinetId, since: Option<u32>) -> String {
    match since {
        Some(since) => Page::SettingsEffect(id).with([("since", since)]),
        None => Page::SettingsEffect(id).to_string(),
    }
}

/// The same for the last change, when it can reach back to what is stored.
pub(crate) fn last_change(id: CabinetId, last: &SettingsStep) -> Option<String> {
    let before = last.before.as_ref()?;
    let change = Reapplied { before: &before.settings, after: &last.version.settings };
    change.reaches_back().then(|| address(id, Some(before.version)))
}

/// A change of the settings with what it would do.
struct Asked<'a> {
    id: CabinetId,
    told: &'a Effect,
    before: &'a Settings,
    after: &'a Settings,
}

impl Asked<'_> {
    async fn page(
        &self,
        visitor: &Visitor,
        state: &AppState,
        question: Question,
    ) -> Result<EffectPage, Fault> {
        let v = visitor.v;
        let chosen = Values::stored(self.after, v.zone);
        let mut shop = Shop::of(state, self.id, &chosen, visitor.may(Act::SeePersons)).await?;
        if let Some(customer) = self.before.customer_id {
            shop.know(state, customer).await?;
        }
        Ok(EffectPage {
            frame: visitor.frame_of(state, Section::Settings).await?,
            v,
            id: self.id,
            cabinet: state.store.cabinet(self.id).await?.name,
            question,
            overtaken: false,
            kept: Vec::new(),
            version: self.told.version,
            changes: Words { v, shop: &shop }.between(self.before, self.after),
            empty: self.told.is_empty(),
            orders: self.told.orders + self.told.made.total(),
            figures: figures(v, self.told),
            moved: moved(v, self.told, &shop.statuses),
            days: days::told(v, &self.told.made.orders),
        })
    }
}

/// What happens to how many; what happens to none is left out, but for what people fear.
pub(crate) fn figures(v: Voice, told: &Effect) -> Vec<(String, String)> {
    let orders = [
        ("effect-moved", told.moved_total()),
        ("effect-paid", told.paid),
        ("effect-barcodes", told.barcodes),
        ("effect-made", told.made.total()),
    ];
    let beyond = [("effect-pushes", told.pushes), ("effect-letters", told.letters)];
    let orders = orders.into_iter().filter(|(_, count)| *count > 0);
    orders.chain(beyond).map(|(key, count)| (v.n(key, count), v.number(count))).collect()
}

/// From which status to which, the most orders first.
fn moved(v: Voice, told: &Effect, statuses: &[Status]) -> Vec<Moved> {
    let named = |id: StatusId| {
        let status = statuses.iter().find(|s| s.id == id);
        (status.map(|s| s.name.clone()).unwrap_or_default(), Dot::new(status.map_or("", |s| &s.color)))
    };
    let mut ways: Vec<_> = told.moved.iter().collect();
    ways.sort_by_key(|(way, count)| (std::cmp::Reverse(**count), **way));
    let each = ways.into_iter().map(|((from, to), count)| {
        let ((from, from_dot), (to, to_dot)) = (named(*from), named(*to));
        Moved { from, from_dot, to, to_dot, count: v.n("effect-orders", *count) }
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pairs: &[(&str, &str)]) -> (Option<Choice>, usize) {
        let mut typed = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let seen = super::super::seen(&mut typed);
        let choice = Choice::take(&mut typed, seen);
        (choice, typed.len())
    }

    #[test]
    fn a_choice_is_taken_out_of_the_form_and_needs_the_version_it_was_made_upon() {
        let save = |apply| Some(Choice::Save { version: 3, apply });
        assert_eq!(taken(&[("at", "06:00"), ("choice", "apply"), ("version", "3")]), (save(true), 1));
        assert_eq!(taken(&[("choice", "new"), ("version", "3")]), (save(false), 0));
        assert_eq!(taken(&[("choice", "back"), ("at", "06:00")]), (Some(Choice::Back), 1));
        assert_eq!(taken(&[("choice", "apply")]), (None, 0));
        assert_eq!(taken(&[("choice", "apply"), ("version", "three")]), (None, 0));
        assert_eq!(taken(&[("at", "06:00")]), (None, 1));
    }
}
