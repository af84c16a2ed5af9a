//! First steps: what an installation needs until orders come by themselves, what of it is done, and what comes next. In a
//! demonstration a guided tour stands in its place.

mod tour;

use axum::extract::{Form, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use storage::cabinets::Cabinet;
use sync::Rehearsed;

use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::view::first_steps::{FirstStepsPage, Step};
use super::view::{Link, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;

/// Where the store keeps which steps a person has put aside.
const ASIDE: &str = "first_steps.aside";

/// What has been put aside, as words.
async fn aside(state: &AppState) -> Result<Vec<String>, Fault> {
    let kept = state.store.shop_value(ASIDE).await?.unwrap_or_default();
    Ok(kept.split_whitespace().map(str::to_owned).collect())
}

pub(crate) async fn show(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    let steps = steps(&visitor, &state).await?;
    let page = FirstStepsPage {
        frame: visitor.frame_of(&state, Section::Outside).await?,
        v: visitor.v,
        tour: if state.config.demo.is_some() { tour::stops(&visitor, &state).await? } else { Vec::new() },
        done: steps.iter().filter(|step| step.is_done).count(),
        steps,
    };
    visitor.page(&page)
}

/// Whether the panel begins with the first steps: an administrator, and nothing was ever loaded.
pub(crate) async fn are_due(visitor: &Visitor, state: &AppState) -> Result<bool, Fault> {
    if !visitor.may(Act::ChangeCabinets) {
        return Ok(false);
    }
    Ok(state.store.cabinets().await?.iter().all(|cabinet| cabinet.watermark.is_none()))
}

/// The cabinet that the steps are about: one that works already shows best what is still to do; among new ones the first.
fn shown(cabinets: &[Cabinet]) -> Option<&Cabinet> {
    let open = || cabinets.iter().filter(|cabinet| cabinet.disabled_at.is_none());
    open().find(|cabinet| cabinet.watermark.is_some()).or_else(|| open().next())
}

async fn steps(visitor: &Visitor, state: &AppState) -> Result<Vec<Step>, Fault> {
    let v = visitor.v;
    let cabinets = state.store.cabinets().await?;
    let cabinet = shown(&cabinets);
    let aside = aside(state).await?;
    let is_aside = |step: &str| aside.iter().any(|word| word == step);
    let may = |act| visitor.may(act);
    let link = |href: String, key: &str| Link { href, text: v.t(key) };
    let card = cabinet.map(|c| Page::Cabinet(c.id).to_string());
    let mut steps = vec![Step {
        code: "cabinet",
        title: v.t("first-cabinet"),
        text: v.t("first-cabinet-text"),
        is_done: cabinet.is_some(),
        note: cabinet.map(|c| c.name.clone()),
        link: may(Act::ChangeCabinets)
            .then(|| link(card.clone().unwrap_or(Page::NewCabinet.to_string()), "cabinet-add")),
        act: None,
    }];
    steps.push(check(v, cabinet, card.as_ref()));
    let (settings, loads_waiting) = match cabinet {
        Some(cabinet) => {
            let version = state.store.settings(cabinet.id).await?;
            (version.version > 1, version.settings.also_awaiting_deliver)
        }
        None => (false, false),
    };
    let to_settings = cabinet.map(|c| link(Page::Settings(c.id).to_string(), "first-settings-act"));
    steps.push(Step {
        code: "settings",
        title: v.t("first-settings"),
        text: v.t("first-settings-text"),
        is_done: settings || is_aside("settings"),
        note: loads_waiting.then(|| v.t("first-settings-on")),
        link: to_settings.filter(|_| may(Act::ChangeSettings)),
        // Where orders are loaded already, the settings page shows first what a change would do.
        act: (cabinet.is_some_and(|c| c.watermark.is_none()) && may(Act::ChangeSettings) && !loads_waiting)
            .then(|| ("recommend", v.t("first-settings-recommend"))),
    });
    steps.push(load(visitor, state, cabinet, card));
    let mail = state.store.mail().await?.is_some();
    steps.push(Step {
        code: "mail",
        title: v.t("first-mail"),
        text: v.t("first-mail-text"),
        is_done: mail || is_aside("mail"),
        note: (!mail && is_aside("mail")).then(|| v.t("first-aside")),
        link: may(Act::ChangeMail).then(|| link(Page::Mail.to_string(), "first-mail-act")),
        act: (may(Act::ChangeMail) && !mail && !is_aside("mail")).then(|| ("later", v.t("first-later"))),
    });
    Ok(steps)
}

fn check(v: voice::Voice, cabinet: Option<&Cabinet>, card: Option<&String>) -> Step {
    let fault = cabinet.and_then(|c| c.check_error.as_deref());
    let until = cabinet.and_then(|c| c.key_expires_at);
    Step {
        code: "check",
        title: v.t("first-check"),
        text: match fault {
            Some(code) => {
                let (what, advice) = words::trouble(v, code);
                format!("{what}. {advice}")
            }
            None => v.t("first-check-text"),
        },
        is_done: cabinet.is_some_and(|c| c.checked_at.is_some()) && fault.is_none(),
        note: until.map(|at| v.with("first-check-until", "time", v.when_exactly(&at).text)),
        link: card.map(|href| Link { href: href.clone(), text: v.t("first-check-act") }),
        act: None,
    }
}

fn load(visitor: &Visitor, state: &AppState, cabinet: Option<&Cabinet>, card: Option<String>) -> Step {
    let v = visitor.v;
    let told = cabinet.and_then(|c| state.desk.rehearsal(c.id));
    let foretold = told.and_then(|told| match told.state {
        Rehearsed::Done(report) => Some(v.n("first-load-foretold", report.figures.created)),
        Rehearsed::Running | Rehearsed::Failed(_) => None,
    });
    let is_done = cabinet.is_some_and(|c| c.watermark.is_some());
    Step {
        code: "load",
        title: v.t("first-load"),
        text: v.t("first-load-text"),
        is_done,
        note: foretold.filter(|_| !is_done),
        link: card.filter(|_| visitor.may(Act::Load)).map(|href| Link { href, text: v.t("first-load-act") }),
        act: None,
    }
}

#[derive(Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    act: String,
    #[serde(default)]
    step: String,
}

/// Takes the recommended setting, or puts a step aside.
pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeSettings)?;
    let here = Page::FirstSteps.to_string();
    match (wish.act.as_str(), wish.step.as_str()) {
        ("recommend", "settings") => {
            let cabinets = state.store.cabinets().await?;
            let cabinet = shown(&cabinets).filter(|c| c.watermark.is_none()).ok_or(Fault::NotFound)?;
            let patch = json!({"also_awaiting_deliver": true});
            let saved =
                state.store.apply_settings(cabinet.id, &patch, &visitor.user.email, state.now()).await;
            saved.map_err(|error| match error {
                storage::settings::ApplyError::Store(error) => Fault::from(error),
                storage::settings::ApplyError::Faults(_) => Fault::BadRequest,
            })?;
            Ok(go(&here, Done::SettingsSaved))
        }
        ("later", "mail" | "settings") => {
            let mut all = aside(&state).await?;
            all.push(wish.step);
            all.dedup();
            state.store.set_shop_value(ASIDE, &all.join(" ")).await?;
            Ok(go(&here, Done::Saved))
        }
        _ => Err(Fault::BadRequest),
    }
}
