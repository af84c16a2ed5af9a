//! The stream that open pages listen to: which orders changed, and how loading goes. It tells ids and the words of the
//! top bar, nothing of an order itself; a page then asks for what it shows.

pub(crate) mod hub;

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use futures::{StreamExt, stream};
use serde::Deserialize;

use super::faults::Fault;
use super::pulse;
use super::view::frame::PulseFragment;
use super::visitor::Visitor;
use crate::state::AppState;
use hub::{OrdersNow, Told};
use voice::Voice;

/// How long a stream lives; then the browser comes again and is asked anew who it is.
const LIFE: Duration = Duration::from_mins(5);
/// So often something is said at least, for proxies that end what is silent.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// How soon whoever's stream ends may come again, to this process or another one.
const COME_AGAIN: Duration = Duration::from_secs(2);
/// A page that missed more changes than this is told to read all that it shows again.
const MISSED: u64 = 500;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The last change that the page knows of.
    since: Option<i64>,
}

pub(crate) async fn stream(
    visitor: Result<Visitor, Response>,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    // Whoever is signed out is led to the sign-in by the next page; a stream only ends, and for good.
    let Ok(visitor) = visitor else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let v = visitor.v;
    let session = visitor.session.as_deref().unwrap_or_default();
    let Some(seat) = state.hub.take_seat(&state, session, asked.since.unwrap_or(i64::MAX)) else {
        return Ok(full(v));
    };
    // The seat is taken first, so that nothing falls between what was missed and what comes.
    let mut first = vec![Told::Loading(pulse::Loading::read(&state.store).await?.into())];
    if let Some(since) = asked.since {
        let missed = state.store.changes_since(since, MISSED).await?;
        if missed.len() as u64 >= MISSED {
            first.push(Told::Changed(OrdersNow::too_much(state.store.last_change().await?).into()));
        } else if !missed.is_empty() {
            first.push(Told::Changed(OrdersNow::of(&missed).into()));
        }
    }
    let stopping = state.desk.stopping();
    let ended = async move {
        tokio::select! {
            () = stopping => {}
            () = tokio::time::sleep(LIFE) => {}
        }
    };
    let coming = stream::unfold(seat, |mut seat| async move { Some((seat.next().await?, seat)) });
    let events = stream::iter(first)
        .chain(coming)
        .filter_map(move |told| {
            let event = event(&told, Voice { now: state.now(), ..v });
            async move { event.map(Ok::<_, Infallible>) }
        })
        .take_until(ended)
        .chain(stream::once(async { Ok(Event::default().retry(COME_AGAIN)) }));
    let mut answer = Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Otherwise nginx would keep it back until it ends.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(answer)
}

/// What was told, in the page's language. The id is that of the last change, from which a page goes on when it comes
/// again.
fn event(told: &Told, v: Voice) -> Option<Event> {
    let event = match told {
        Told::Changed(changed) => {
            let event = Event::default().event("orders");
            let event = if changed.last > 0 { event.id(changed.last.to_string()) } else { event };
            event.json_data(changed)
        }
        Told::Loading(loading) => match (PulseFragment { v, pulse: loading.worded(v) }).render() {
            Ok(html) => Event::default().event("pulse").json_data(html),
            Err(error) => Err(axum::Error::new(error)),
        },
    };
    event.inspect_err(|error| tracing::error!("an open page could not be told: {error}")).ok()
}

/// Nobody else can listen now; pages work without.
fn full(v: Voice) -> Response {
    let page = Html(format!("<!doctype html><p>{}</p>", v.t("live-full")));
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")], page).into_response()
}
