//! Where Ozon's push messages arrive: `POST /hooks/ozon/{secret}`. What is done with them is the desk's.

use std::net::SocketAddr;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use sync::{PushAnswer, PushErrorCode};

use crate::state::AppState;

/// The longest message that is read, bytes; Ozon's have about one thousand.
const LONGEST: usize = 256 * 1024;

/// The path of a cabinet's address for push messages.
pub fn path(secret: &str) -> String {
    format!("/hooks/ozon/{secret}")
}

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/hooks/ozon/{secret}", post(take))
}

async fn take(State(state): State<AppState>, Path(secret): Path<String>, request: Request) -> Response {
    let networks = &state.config.networks;
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let may = peer.is_none_or(|peer| networks.may_push(networks.client(peer, request.headers())));
    if !may {
        return answer(PushAnswer::refused(403, PushErrorCode::Unknown, "messages are not taken from there"));
    }
    match to_bytes(request.into_body(), LONGEST).await {
        Ok(body) => answer(state.desk.take_push(&secret, &body).await),
        Err(_) => answer(PushAnswer::refused(413, PushErrorCode::Unknown, "the message is too long")),
    }
}

fn answer(answer: PushAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], answer.body).into_response()
}
