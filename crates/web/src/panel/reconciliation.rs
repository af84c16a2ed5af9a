//! The comparisons of a cabinet: what Ozon lists beside what the store has, and mending what differs.

use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, NaiveDate, Utc};
use domain::CabinetId;
use domain::reconcile::Difference;
use domain::schedule::begin_of_day;
use serde::Deserialize;
use storage::PageAsk;
use storage::reconciliations::{Finding, Reconciliation};
use storage::runs::Cause;
use sync::{LoadError, ReconcileAsked};

use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::view::reconciliation::{Comparison, FindingRow, ReconciliationPage};
use super::view::{Link, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// Comparisons that the page lists.
const LISTED: u64 = 20;
/// The most days that are compared at once: Ozon's list reaches no further.
const MOST_DAYS: i64 = 364;

#[derive(Default, Deserialize)]
pub(crate) struct Shown {
    show: Option<i64>,
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Query(asked): Query<Shown>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let until = v.now.with_timezone(&v.zone).date_naive();
    // As many whole days as the night compares, today among them.
    let since = until - sync::NIGHTLY + chrono::Duration::days(1);
    let typed = Typed { since: since.to_string(), until: until.to_string(), repair: None };
    page(&visitor, &state, id, asked.show, &typed, None).await
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    chosen: Option<i64>,
    typed: &Typed,
    fault: Option<String>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let cabinet = state.store.cabinet(id).await?;
    let all = state.store.reconciliations(id, &PageAsk::first(LISTED)).await?.items;
    let shown = match chosen {
        Some(chosen) => Some(state.store.reconciliation(chosen).await?).filter(|told| told.cabinet_id == id),
        None => all.first().cloned(),
    };
    let status = if fault.is_some() {
        axum::http::StatusCode::UNPROCESSABLE_ENTITY
    } else {
        axum::http::StatusCode::OK
    };
    let page = ReconciliationPage {
        frame: visitor.frame_of(state, Section::Cabinets).await?,
        v,
        id,
        cabinet: cabinet.name,
        can_start: visitor.may(Act::Load),
        can_repair: visitor.may(Act::ChangeCabinets),
        running: state.desk.is_reconciling(id).await?,
        disabled: cabinet.disabled_at.is_some(),
        since: typed.since.clone(),
        until: typed.until.clone(),
        fault,
        shown: shown.as_ref().map(|told| comparison(v, id, told)),
        findings: shown.iter().flat_map(|told| &told.findings).map(|finding| row(v, finding)).collect(),
        period: shown
            .as_ref()
            .map(|told| (day(v, told.since), day(v, told.until - chrono::Duration::seconds(1)))),
        earlier: all.iter().map(|told| comparison(v, id, told)).collect(),
    };
    visitor.page_with(status, &page)
}

fn day(v: Voice, at: DateTime<Utc>) -> String {
    at.with_timezone(&v.zone).date_naive().to_string()
}

fn comparison(v: Voice, id: CabinetId, told: &Reconciliation) -> Comparison {
    let compared = told.compared;
    let figures = [
        ("reconciled-matched", compared.matched),
        ("reconciled-missing", compared.missing),
        ("reconciled-differing", compared.differing),
        ("reconciled-unknown", compared.unknown),
        ("reconciled-repaired", compared.repaired),
    ];
    let (bad, text) = in_short(v, told);
    Comparison {
        at: v.when_exactly(&told.finished_at),
        period: v.fill(
            "reconciled-period",
            &[("since", v.day(&told.since)), ("until", v.day(&(told.until - chrono::Duration::seconds(1))))],
        ),
        cause: words::cause(v, told.cause),
        link: Page::Reconciliation(id).with([("show", told.id)]),
        bad,
        text,
        left: told.error_code.is_none() && compared.missing + compared.differing > compared.repaired,
        figures: figures.into_iter().map(|(key, many)| (v.t(key), v.number(many))).collect(),
    }
}

/// Whether it asks for attention, and what it came to.
pub(crate) fn in_short(v: Voice, told: &Reconciliation) -> (bool, String) {
    match (told.error_code.as_deref(), told.compared.left()) {
        (Some(code), _) => {
            let (why, advice) = words::trouble(v, code);
            (true, format!("{why}. {advice}"))
        }
        (None, 0) => (false, v.t("reconciled-all")),
        (None, left) => (true, v.n("reconciled-left", left)),
    }
}

fn row(v: Voice, finding: &Finding) -> FindingRow {
    let order = finding.order_id.map(|id| Page::Order(domain::OrderId(id)).to_string());
    let postings = Page::Orders.with([("q", &finding.posting_number)]);
    FindingRow {
        posting: Link { href: order.unwrap_or(postings), text: finding.posting_number.clone() },
        what: finding.differences.iter().map(|difference| letters::difference(v, difference)).collect(),
        repaired: finding.repaired,
        can_be_repaired: !finding.differences.contains(&Difference::Unknown),
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    since: String,
    until: String,
    repair: Option<String>,
}

impl Typed {
    /// Whole days of the shop's zone.
    fn period(&self, v: Voice) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let since: NaiveDate = self.since.parse().ok()?;
        let until: NaiveDate = self.until.parse().ok()?;
        // Both days are compared.
        if since > until || (until - since).num_days() >= MOST_DAYS {
            return None;
        }
        Some((begin_of_day(since, v.zone), begin_of_day(until.succ_opt()?, v.zone).min(v.now)))
    }
}

/// Begins a comparison; the page then shows how it goes.
pub(crate) async fn start(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::Load)?;
    let repair = typed.repair.is_some();
    if repair {
        visitor.must(Act::ChangeCabinets)?;
    }
    let v = visitor.v;
    let Some((since, until)) = typed.period(v).filter(|(since, until)| since < until) else {
        let fault = Some(v.n("fault-period", u64::try_from(MOST_DAYS).unwrap_or_default()));
        return page(&visitor, &state, id, None, &typed, fault).await;
    };
    let asked = ReconcileAsked { since, until, repair, cause: Cause::Panel };
    let to = Page::Reconciliation(id).to_string();
    match state.desk.start_reconciliation(id, asked).await {
        Ok(()) => {
            if repair {
                visitor.note(&state, "reconciliation.repair", &format!("cabinet {id}"), "").await?;
            }
            Ok(Redirect::to(&to).into_response())
        }
        Err(LoadError::AlreadyRunning { .. }) => Ok(go(&to, Done::ReconcileBusy)),
        Err(LoadError::Store(error)) => Err(error.into()),
        Err(error) => {
            let (why, advice) = words::trouble(v, error.code());
            page(&visitor, &state, id, None, &typed, Some(format!("{why}. {advice}"))).await
        }
    }
}
