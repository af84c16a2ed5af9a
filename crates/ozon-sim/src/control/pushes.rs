//! Owns the part of the control interface that is about push messages.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Answer;
use crate::handle::Handle;

pub(super) fn router() -> Router<Handle> {
    Router::new()
        .route("/cabinets/{client_id}/urls", get(urls).post(register))
        .route("/cabinets/{client_id}/pushes", get(pushes).post(send).delete(clear))
        .route("/cabinets/{client_id}/pushes/hold", post(hold))
        .route("/cabinets/{client_id}/pushes/release", post(release))
        .route("/cabinets/{client_id}/pushes/{push}/repeat", post(repeat))
}

async fn urls(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.world().cabinet(&client_id)?;
    Ok(Json(json!({"urls": handle.notification_urls(&client_id)})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUrl {
    url: String,
    /// All when empty.
    #[serde(default)]
    types: Vec<String>,
}

/// Registers without a ping.
async fn register(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Json(new): Json<NewUrl>,
) -> Answer {
    let types: Vec<&str> = new.types.iter().map(String::as_str).collect();
    Ok(Json(json!({"id": handle.register_url(&client_id, &new.url, &types)?})))
}

async fn pushes(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.world().cabinet(&client_id)?;
    Ok(Json(json!({"pushes": handle.pushes(&client_id)})))
}

/// The body is the message.
async fn send(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Json(message): Json<Value>,
) -> Answer {
    Ok(Json(json!({"ids": handle.send_push(&client_id, &message)?})))
}

async fn clear(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.clear_pushes(&client_id)?;
    pushes(State(handle), Path(client_id)).await
}

async fn hold(State(handle): State<Handle>, Path(client_id): Path<String>) -> Answer {
    handle.hold_pushes(&client_id)?;
    Ok(Json(json!({"held": true})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// Ids that go first, in this order.
    #[serde(default)]
    first: Vec<u64>,
}

async fn release(
    State(handle): State<Handle>,
    Path(client_id): Path<String>,
    Json(order): Json<Order>,
) -> Answer {
    handle.release_pushes(&client_id, &order.first)?;
    Ok(Json(json!({"held": false})))
}

async fn repeat(State(handle): State<Handle>, Path((client_id, push)): Path<(String, u64)>) -> Answer {
    Ok(Json(json!({"id": handle.repeat_push(&client_id, push)?})))
}
