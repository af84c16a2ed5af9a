//! What a load would bring, asked from the card of a cabinet before the first one.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::CabinetId;
use storage::cabinets::Cabinet;
use sync::{Rehearsal, Rehearsed, Report};

use super::cabinet::{Aside, card_after};
use super::faults::Fault;
use super::routes::Page;
use super::view::rehearsal::{Foretold, RehearsalPanel, RehearsalState};
use super::visitor::Visitor;
use super::{days, words};
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// Begins to find out; the card then shows how it goes.
pub(crate) async fn start(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    visitor.must(Act::Load)?;
    match state.desk.start_rehearsal(id).await {
        Ok(()) => Ok(Redirect::to(&Page::Cabinet(id).to_string()).into_response()),
        Err(error) => card_after(&visitor, &state, id, Aside::of_check(visitor.v, Err(error))?).await,
    }
}

/// The panel: offered until something was loaded, and kept while what it told is not stale.
pub(crate) fn panel(visitor: &Visitor, state: &AppState, cabinet: &Cabinet) -> Option<RehearsalPanel> {
    let last = state.desk.rehearsal(cabinet.id);
    let fresh = last.filter(|told| cabinet.watermark.is_none_or(|loaded| loaded < told.started_at));
    if (fresh.is_none() && cabinet.watermark.is_some())
        || cabinet.disabled_at.is_some()
        || !visitor.may(Act::Load)
    {
        return None;
    }
    let v = visitor.v;
    Some(RehearsalPanel {
        v,
        id: cabinet.id,
        state: fresh.map_or(RehearsalState::Offered, |told| standing(v, &told)),
    })
}

fn standing(v: Voice, told: &Rehearsal) -> RehearsalState {
    match &told.state {
        Rehearsed::Running => RehearsalState::Running { elapsed: v.span(v.now - told.started_at) },
        Rehearsed::Done(report) => RehearsalState::Done(foretold(v, told, report)),
        Rehearsed::Failed(code) => {
            let (text, advice) = words::trouble(v, code);
            RehearsalState::Failed { text, advice }
        }
    }
}

fn foretold(v: Voice, told: &Rehearsal, report: &Report) -> Foretold {
    let f = &report.figures;
    let beside = [
        (v.t("rehearsal-updated"), f.updated),
        (v.t("figure-skipped"), f.skipped),
        (v.t("figure-failed"), f.failed),
    ];
    let beside = beside.into_iter().filter(|(_, count)| *count > 0);
    let orders = std::iter::once((v.n("effect-made", f.created), f.created));
    Foretold {
        at: v.ago(&(told.started_at + report.took)),
        figures: orders.chain(beside).map(|(name, count)| (name, v.number(count))).collect(),
        days: days::told(v, &report.days),
    }
}
