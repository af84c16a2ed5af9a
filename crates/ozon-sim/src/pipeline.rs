//! Owns the way of a request through faults, key check, limits and method to an answer.
//! Does not own the answers' content, nor what goes over the wire.

use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::response::Response;
use chrono::TimeDelta;
use serde_json::Value;

use crate::api::NOTIFICATION_SET;
use crate::api::dispatch::{self, Answer, Chosen, Credentials};
use crate::api::notifications::{self, Pinged};
use crate::api::{cancellations, moves};
use crate::faults::Fault;
use crate::handle::Handle;
use crate::limiter::Verdict;
use crate::log::LoggedRequest;
use crate::outgoing::Outgoing;
use crate::push::message;
use crate::refusal::Refusal;
use crate::spoiling::{instead, spoil, spoil_page};
use crate::wire::Breaker;

/// Larger requests are refused.
const MAX_BODY: usize = 10 * 1024 * 1024;

pub(crate) async fn serve_api(
    State(handle): State<Handle>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let client_id = header("client-id");
    let api_key = header("api-key");
    let mut faults = handle.meet_faults(client_id.as_deref(), &path);
    let body = axum::body::to_bytes(body, MAX_BODY).await.ok();

    for fault in &faults {
        if let Fault::Slow { millis } = fault {
            tokio::time::sleep(Duration::from_millis(*millis)).await;
        }
    }
    let credentials = Credentials { client_id: client_id.as_deref(), api_key: api_key.as_deref() };
    let mut outgoing = if let Some(outgoing) = faults.iter().find_map(instead) {
        outgoing
    } else {
        let answered = if parts.method == Method::POST {
            answer(&handle, credentials, &path, body.as_deref(), &mut faults).await
        } else {
            Err(Refusal::no_such_method())
        };
        answered.unwrap_or_else(|refusal| Outgoing::refusal(&refusal))
    };
    for fault in &faults {
        spoil(&mut outgoing, fault);
    }
    let is_hung_up = faults.iter().any(|fault| matches!(fault, Fault::Hangup | Fault::TakenThenHangup));
    let logged = LoggedRequest {
        number: 0,
        at: handle.now(),
        client_id,
        method: path,
        request: body.as_deref().map_or(Value::Null, |body| {
            serde_json::from_slice(body).unwrap_or_else(|_| {
                let text: String = String::from_utf8_lossy(body).chars().take(1_000).collect();
                text.into()
            })
        }),
        status: if is_hung_up { 0 } else { outgoing.status },
        answer_bytes: outgoing.body.len(),
        faults: faults.iter().map(name).collect(),
        answer: handle.keeps_answers().then(|| String::from_utf8_lossy(&outgoing.body).into_owned()),
    };
    handle.log(logged);
    for fault in &faults {
        if let Fault::TakenThenSlow { millis } = fault {
            tokio::time::sleep(Duration::from_millis(*millis)).await;
        }
    }
    if is_hung_up {
        breaker.break_off();
    }
    outgoing.respond(faults.contains(&Fault::CutBody), breaker)
}

/// The faults' names as in scenario files.
fn name(fault: &Fault) -> String {
    serde_json::to_value(fault)
        .ok()
        .and_then(|fault| fault["kind"].as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The answer proper. Refusals of single items are added to the faults that met the call.
async fn answer(
    handle: &Handle,
    credentials: Credentials<'_>,
    path: &str,
    body: Option<&[u8]>,
    faults: &mut Vec<Fault>,
) -> Result<Outgoing, Refusal> {
    if dispatch::shape_of(path).is_none() {
        return Err(Refusal::no_such_method());
    }
    let body = body.ok_or_else(Refusal::too_large)?;
    // The key is judged before the body, as a gateway does.
    let client_id = {
        let world = handle.world();
        let state = dispatch::admit(&world, credentials, path)?;
        state.cabinet.client_id.clone()
    };
    let remaining = match handle.ask_limiter(&client_id, path) {
        Verdict::Pass { remaining } => remaining,
        Verdict::Refuse { retry_after } => return Err(Refusal::too_many(retry_after)),
    };
    let behaviour = handle.behaviour();
    let body = dispatch::parse(path, body, behaviour.strict)?;
    let pinged = match notifications::url_to_ping(path, &body) {
        Some(url) => {
            let message = message::ping(handle.now());
            let tried = handle.call(url, &message, true).await;
            Some(Pinged { message, tried })
        }
        None => None,
    };
    let chosen = {
        let mut world = handle.world();
        let state = dispatch::admit(&world, credentials, path)?;
        if let Some(kind) = moves::kind_of(path) {
            let delay = TimeDelta::milliseconds(behaviour.change_delay_millis.into());
            let demanded = |item: &str| {
                let fault = handle.meet_item_fault(&client_id, path, item)?;
                let Fault::RefuseItem { error, .. } = &fault else { return None };
                let error = error.clone();
                faults.push(fault);
                Some(error)
            };
            moves::change(&mut world, &client_id, kind, &body, delay, demanded).map(Chosen::Value)?
        } else if let Some(kind) = cancellations::kind_of(path) {
            cancellations::decide(&mut world, &client_id, kind, &body).map(Chosen::Value)?
        } else if notifications::is_one(path) {
            let now = world.now();
            let state = world.cabinet_mut(&client_id).map_err(|_| Refusal::internal())?;
            notifications::answer(state, path, &body, pinged, now).map(Chosen::Value)?
        } else {
            dispatch::choose(state, path, &body)?
        }
    };
    if path == NOTIFICATION_SET {
        handle.announce_url();
    }
    let bytes = match chosen.render(&body)? {
        Answer::Body(bytes) => bytes,
        Answer::Page(mut page) => {
            for fault in &*faults {
                spoil_page(handle, &client_id, &mut page, &body, fault);
            }
            page.body(behaviour.result_wrapper)
        }
    };
    Ok(Outgoing { remaining: Some(remaining), ..Outgoing::json(200, bytes) })
}
