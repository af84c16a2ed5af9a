//! The card of a cabinet: its key, its loads, and what is done with them.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::schedule::{Past, next_due};
use domain::settings::Every;
use domain::{CabinetId, Settings};
use serde::Deserialize;
use storage::PageAsk;
use storage::cabinets::Cabinet;
use storage::runs::{Cause, Run, RunState};
use sync::{Checked, LoadError};

use super::cabinets::{api_key, key_life, last_error, standing};
use super::faults::Fault;
use super::flash::Done;
use super::people::filled;
use super::routes::Page;
use super::view::Section;
use super::view::cabinets::{CabinetPage, LoadPanel, Outcome, Progress};
use super::visitor::{Visitor, go};
use super::{pulse, reconciliation, rehearsal, runs, words};
use crate::access::Act;
use crate::state::AppState;
use voice::{Moment, Voice};

/// Loads that the card shows.
const RUNS: u64 = 8;

/// What an act has just told, to stand beside what is stored.
#[derive(Default)]
pub(crate) struct Aside {
    /// Why the key could not be checked, or what Ozon said against it.
    check_error: Option<String>,
    /// Methods that the key has no role for.
    missing: Vec<String>,
    key_fault: Option<String>,
    name_fault: Option<String>,
}

impl Aside {
    /// What a check told; only trouble of ours stays a fault.
    pub(crate) fn of_check(v: Voice, told: Result<Checked, LoadError>) -> Result<Self, Fault> {
        match told {
            Ok(checked) => {
                let missing = checked.missing.iter().map(|method| (*method).to_owned()).collect();
                Ok(Self { missing, ..Self::default() })
            }
            Err(LoadError::Store(error)) => Err(error.into()),
            Err(error) => {
                let (text, advice) = words::trouble(v, error.code());
                Ok(Self { check_error: Some(format!("{text}. {advice}")), ..Self::default() })
            }
        }
    }

    fn is_fault(&self) -> bool {
        self.key_fault.is_some() || self.name_fault.is_some()
    }
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    card_after(&visitor, &state, id, Aside::default()).await
}

/// The card, with what an act has just told.
pub(crate) async fn card_after(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    aside: Aside,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let settings = state.store.settings(id).await?.settings;
    let recent = state.store.runs(Some(id), &PageAsk::first(RUNS)).await?.items;
    let running = recent.iter().find(|run| run.state == RunState::Running);
    let last_error = last_error(state, &cabinet).await?;
    let status = if aside.is_fault() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let is_ozons = |url: &&String| state.config.api_urls.first() != Some(*url);
    let page = CabinetPage {
        frame: visitor.frame_of(state, Section::Cabinets).await?,
        v,
        id,
        name: cabinet.name.clone(),
        client_id: cabinet.client_id.clone(),
        api_url: Some(&cabinet.api_url).filter(is_ozons).cloned(),
        company: cabinet.company_name.clone(),
        state: standing(v, &cabinet, &settings, running.is_some(), last_error.as_deref()),
        key: key_life(v, &cabinet),
        key_set_at: v.when_exactly(&cabinet.key_set_at),
        checked_at: cabinet.checked_at.map(|at| v.when_exactly(&at)),
        roles: cabinet.roles.iter().map(|r| r.name.clone()).collect(),
        missing: aside.missing,
        check_error: aside.check_error,
        schedule: schedule(v, &settings),
        next_load: next_load(v, &cabinet, &settings),
        compared: state.store.last_reconciliation(id).await?.map(|told| {
            let (bad, text) = reconciliation::in_short(v, &told);
            (bad, text, v.when_exactly(&told.finished_at))
        }),
        disabled: cabinet.disabled_at.is_some(),
        load: LoadPanel {
            v,
            id,
            can_load: visitor.may(Act::Load),
            disabled: cabinet.disabled_at.is_some(),
            running: running.map(|run| progress(v, run)),
            last: recent.iter().find(|run| run.state != RunState::Running).map(|run| outcome(v, run)),
        },
        rehearsal: rehearsal::panel(visitor, state, &cabinet),
        runs: recent.iter().map(|run| runs::row(v, run, &cabinet.name)).collect(),
        key_fault: aside.key_fault,
        name_fault: aside.name_fault,
    };
    visitor.page_with(status, &page)
}

fn schedule(v: Voice, settings: &Settings) -> String {
    if !settings.schedule.enabled {
        return v.t("schedule-off");
    }
    match settings.schedule.every {
        Every::Minutes(n) => v.n("schedule-minutes", u64::from(n)),
        Every::Hours(n) => v.n("schedule-hours", u64::from(n)),
        Every::Days(n) => {
            let every = v.n("schedule-days", u64::from(n));
            let time = settings.schedule.at.format("%H:%M").to_string();
            v.fill("schedule-at", &[("every", every), ("time", time)])
        }
    }
}

fn next_load(v: Voice, cabinet: &Cabinet, settings: &Settings) -> Option<Moment> {
    if !settings.schedule.enabled || cabinet.disabled_at.is_some() {
        return None;
    }
    let past = Past {
        last_good_start: cabinet.scheduled_from.unwrap_or(cabinet.added_at),
        last_failure: cabinet.last_failure_at,
        failures: cabinet.failures,
    };
    let due = next_due(settings.schedule.every, settings.schedule.at, &past, v.zone);
    Some(v.when_exactly(&due.max(v.now)))
}

fn progress(v: Voice, run: &Run) -> Progress {
    Progress {
        words: if run.figures.pages == 0 { v.t("load-starting") } else { pulse::progress(v, run) },
        pages: v.n("load-pages", run.figures.pages),
        elapsed: v.span(v.now - run.started_at),
        percent: pulse::percent(run),
    }
}

fn outcome(v: Voice, run: &Run) -> Outcome {
    let trouble = run.error_code.as_deref().map(|code| words::trouble(v, code));
    let (text, advice) =
        trouble.map_or_else(|| (words::run_state(v, run.state), None), |(t, a)| (t, Some(a)));
    let f = &run.figures;
    let figures = [
        (v.t("figure-seen"), f.seen),
        (v.t("figure-created"), f.created),
        (v.t("figure-updated"), f.updated),
        (v.t("figure-unchanged"), f.unchanged),
        (v.t("figure-skipped"), f.skipped),
        (v.t("figure-failed"), f.failed),
    ];
    Outcome {
        bad: run.state != RunState::Done,
        text,
        advice,
        at: v.ago(&run.finished_at.unwrap_or(run.started_at)),
        figures: figures.into_iter().filter(|(_, n)| *n > 0).map(|(name, n)| (name, v.number(n))).collect(),
    }
}

/// Starts a load; the card then shows how it goes.
pub(crate) async fn load(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    visitor.must(Act::Load)?;
    let to = Page::Cabinet(id).to_string();
    match state.desk.start_load(id, Cause::Panel).await {
        Ok(_) => {
            visitor.note(&state, "cabinet.load", &format!("cabinet {id}"), "").await?;
            Ok(Redirect::to(&to).into_response())
        }
        Err(LoadError::AlreadyRunning { .. }) => Ok(go(&to, Done::LoadBusy)),
        Err(error) => card_after(&visitor, &state, id, Aside::of_check(visitor.v, Err(error))?).await,
    }
}

/// Asks Ozon about the key.
pub(crate) async fn check(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    visitor.must(Act::Load)?;
    check_and_tell(&visitor, &state, id, Done::KeyGood).await
}

async fn check_and_tell(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    good: Done,
) -> Result<Response, Fault> {
    match state.desk.check_cabinet(id).await {
        Ok(checked) if checked.missing.is_empty() => Ok(go(&Page::Cabinet(id).to_string(), good)),
        told => card_after(visitor, state, id, Aside::of_check(visitor.v, told)?).await,
    }
}

#[derive(Deserialize)]
pub(crate) struct TypedKey {
    api_key: String,
}

/// A new key, checked at once.
pub(crate) async fn new_key(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(typed): Form<TypedKey>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCabinets)?;
    match api_key(visitor.v, &typed.api_key) {
        Ok(key) => {
            state.store.set_cabinet_key(id, key, state.now(), &visitor.user.email).await?;
            check_and_tell(&visitor, &state, id, Done::KeySaved).await
        }
        Err(fault) => {
            card_after(&visitor, &state, id, Aside { key_fault: Some(fault), ..Aside::default() }).await
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct TypedName {
    name: String,
}

/// Another name.
pub(crate) async fn rename(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(typed): Form<TypedName>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCabinets)?;
    let v = visitor.v;
    let fault = match filled(v, &typed.name) {
        Ok(name) => match state.store.rename_cabinet(id, &name, &visitor.user.email, state.now()).await {
            Ok(()) => return Ok(go(&Page::Cabinet(id).to_string(), Done::Saved)),
            Err(storage::Error::Taken { .. }) => v.t("fault-taken"),
            Err(other) => return Err(other.into()),
        },
        Err(fault) => fault,
    };
    card_after(&visitor, &state, id, Aside { name_fault: Some(fault), ..Aside::default() }).await
}

/// No more loading.
pub(crate) async fn disable(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCabinets)?;
    state.store.disable_cabinet(id, state.now(), &visitor.user.email).await?;
    Ok(go(&Page::Cabinet(id).to_string(), Done::CabinetDisabled))
}

/// Loading again.
pub(crate) async fn enable(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeCabinets)?;
    state.store.enable_cabinet(id, state.now(), &visitor.user.email).await?;
    Ok(go(&Page::Cabinet(id).to_string(), Done::CabinetEnabled))
}
