//! The REST API under `/api/v1`: one module a resource, and around them what all share. Owns the shape of requests and
//! answers; what happens is the store's and the desk's, who may do it is `access`'s.
//!
//! To add a call: a handler with its `utoipa::path` in the resource's module, its line in that module's `routes`, and for
//! a new resource its line in `api` below. Every handler takes a [`caller::Caller`] first and asks it for the act. The
//! specification grows by itself; accept its new snapshot with the change.

mod body;
mod cabinets;
mod caller;
mod cancellations;
mod customers;
mod field;
mod list;
mod mail;
mod named;
mod orders;
mod outbox;
mod postings;
mod problem;
mod query;
mod reconciliations;
mod runs;
mod settings;
mod specification;
mod statuses;
mod users;
mod warehouses;
mod wire;

use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::AppState;
use problem::{Kind, Problem};

/// All resources.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(orders::routes())
        .merge(cancellations::routes())
        .merge(outbox::routes())
        .merge(postings::routes())
        .merge(cabinets::routes())
        .merge(settings::routes())
        .merge(warehouses::routes())
        .merge(reconciliations::routes())
        .merge(runs::routes())
        .merge(statuses::routes())
        .merge(named::routes())
        .merge(customers::routes())
        .merge(users::routes())
        .merge(mail::routes())
}

/// The API, to be nested under `/api/v1`.
pub fn router() -> axum::Router<AppState> {
    let (router, mut specification) = api().split_for_parts();
    specification::complete(&mut specification);
    // Maps with text keys always can be written as JSON.
    let specification = specification.to_json().unwrap_or_default();
    let json = [(CONTENT_TYPE, "application/json")];
    router
        .route("/openapi.json", get(move || async move { (json, specification.clone()) }))
        .fallback(no_such_address)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(body::LARGEST))
        .layer(CatchPanicLayer::custom(after_panic))
        // Answers are about people's orders and true at that moment only.
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
}

/// Reads a query with every kind of parameter, for the fuzz target.
#[cfg(fuzzing)]
pub(crate) fn fuzzed_query(query: &str) {
    use query::{AnyOf, Before, From, Limit, Params, Until};
    let zone = chrono_tz::Europe::Moscow;
    let Ok(mut params) =
        Params::read(Some(query), &["from", "before", "until", "limit", "q", "id", "sort"], zone)
    else {
        return;
    };
    let _ = params.take::<From>("from").map(|at| at.map(|at| at.0));
    let _ = params.take::<Before>("before").map(|at| at.map(|at| at.0));
    let _ = params.take::<Until>("until").map(|at| at.map(|at| at.0));
    let _ = params.take::<Limit>("limit").map(|n| n.map(|n| n.0));
    let _ = params.take::<String>("q");
    let _ = params.take::<AnyOf<domain::OrderId>>("id").map(|ids| ids.map(|ids| ids.0));
    let _ = params.take::<storage::orders::OrderSort>("sort");
}

/// A panic is a bug; its caller is told like any other.
fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("REST: a request handler panicked");
    Problem::new(Kind::Internal, "The server's log says what it was.").into_response()
}

async fn no_such_address(uri: Uri) -> Problem {
    Problem::new(Kind::NotFound, format!("There is nothing at {}; see /api/v1/openapi.json.", uri.path()))
}

async fn no_such_method(method: Method, uri: Uri) -> Problem {
    Problem::new(Kind::WrongMethod, format!("{method} cannot be done at {}.", uri.path()))
}
