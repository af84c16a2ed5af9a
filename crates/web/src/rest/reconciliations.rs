//! `/cabinets/{id}/reconciliations`: comparisons of Ozon's list with the store.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::CabinetId;
use serde::{Deserialize, Serialize};
use storage::reconciliations::{Finding, Reconciliation};
use storage::runs::Cause;
use sync::ReconcileAsked;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Id};
use super::cabinets::existing;
use super::caller::Caller;
use super::list::{Listed, PageQuery, listed};
use super::problem::{Answer, Problem};
use super::wire::Time;
use crate::AppState;
use crate::access::Act;

/// The addresses of this resource.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_reconciliations, start_reconciliation))
}

/// A comparison of Ozon's list with the store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reconciliation)]
struct ReconciliationView {
    /// Its id.
    id: i64,
    /// What started it: `schedule`, `panel`, `rest` or `command`.
    cause: &'static str,
    /// The period's begin, by the time at which Ozon began to process a posting.
    since: Time,
    /// The period's end.
    until: Time,
    /// When it began.
    started_at: Time,
    /// When it ended.
    finished_at: Time,
    /// Postings that are as Ozon has them.
    matched: u64,
    /// Listed by Ozon, not stored.
    missing: u64,
    /// With another status, other goods or another sum.
    differing: u64,
    /// Stored, not listed by Ozon.
    unknown: u64,
    /// Of the missing and differing: mended.
    repaired: u64,
    /// The code of what stopped it.
    error_code: Option<String>,
    /// The first 500 that differ.
    findings: Vec<FindingView>,
}

/// A posting that is not as Ozon has it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
struct FindingView {
    /// The posting.
    posting_number: String,
    /// Its order.
    order_id: Option<i64>,
    /// What differs: objects with `what` (`missing`, `unknown`, `unreadable`, `status`, `lines`, `sum`), and for the last
    /// three `here` and `there`.
    #[schema(value_type = Vec<Object>)]
    differences: Vec<domain::reconcile::Difference>,
    /// It was mended.
    repaired: bool,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self {
            posting_number: finding.posting_number,
            order_id: finding.order_id,
            differences: finding.differences,
            repaired: finding.repaired,
        }
    }
}

impl From<Reconciliation> for ReconciliationView {
    fn from(told: Reconciliation) -> Self {
        Self {
            id: told.id,
            cause: told.cause.word(),
            since: Time(told.since),
            until: Time(told.until),
            started_at: Time(told.started_at),
            finished_at: Time(told.finished_at),
            matched: told.compared.matched,
            missing: told.compared.missing,
            differing: told.compared.differing,
            unknown: told.compared.unknown,
            repaired: told.compared.repaired,
            error_code: told.error_code,
            findings: told.findings.into_iter().map(FindingView::from).collect(),
        }
    }
}

/// What to compare.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReconciliation {
    /// The period's begin, by the time at which Ozon began to process a posting.
    #[schema(value_type = String, format = DateTime)]
    since: DateTime<Utc>,
    /// The period's end, at most 364 days later.
    #[schema(value_type = String, format = DateTime)]
    until: DateTime<Utc>,
    /// Mend what is missing or differs.
    #[serde(default)]
    repair: bool,
}

/// Comparisons of a cabinet, the newest first.
#[utoipa::path(get, path = "/cabinets/{id}/reconciliations", tag = "reconciliations",
    params(("id" = i64, Path, description = "The cabinet's id"), PageQuery),
    responses((status = 200, description = "A page of comparisons", body = Listed<ReconciliationView>)))]
async fn list_reconciliations(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    query: PageQuery,
) -> Answer<Json<Listed<ReconciliationView>>> {
    caller.must_be_allowed(Act::See)?;
    existing(&state, id).await?;
    Ok(listed(state.store.reconciliations(id, &query.ask()).await?, ReconciliationView::from))
}

/// Begins a comparison and leaves it to itself; the list shows it once it has ended.
#[utoipa::path(post, path = "/cabinets/{id}/reconciliations", tag = "reconciliations",
    params(("id" = i64, Path, description = "The cabinet's id")), request_body = NewReconciliation,
    responses((status = 202, description = "It has begun"),
        (status = 409, description = "The cabinet is disabled, or a comparison is running")))]
async fn start_reconciliation(
    caller: Caller,
    State(state): State<AppState>,
    Id(id): Id<CabinetId>,
    Body(new): Body<NewReconciliation>,
) -> Answer<StatusCode> {
    caller.must_be_allowed(if new.repair { Act::ChangeCabinets } else { Act::Load })?;
    existing(&state, id).await?;
    let length = new.until - new.since;
    if length <= chrono::Duration::zero() || length > sync::REACH {
        return Err(Problem::value("until", "after `since`, at most 364 days"));
    }
    let asked = ReconcileAsked { since: new.since, until: new.until, repair: new.repair, cause: Cause::Rest };
    state.desk.start_reconciliation(id, asked).await?;
    if new.repair {
        let (who, what) = (caller.signature(), format!("cabinet {id}"));
        state.store.note_audit(&who, "reconciliation.repair", &what, "", state.now()).await?;
    }
    Ok(StatusCode::ACCEPTED)
}
