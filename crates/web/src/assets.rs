//! The panel's files: style, scripts, mark. Each is served under an address that holds a hash of its content, so that
//! browsers keep it for ever and a new version is fetched at once.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::panel::view::frame::Files;
use crate::state::AppState;

struct Asset {
    /// With its hash.
    address: String,
    kind: &'static str,
    content: &'static [u8],
}

static ASSETS: LazyLock<[Asset; 5]> = LazyLock::new(|| {
    [
        asset("panel", "css", "text/css; charset=utf-8", include_bytes!("../assets/panel.css")),
        asset("panel", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/panel.js")),
        asset("live", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/live.js")),
        asset(
            "htmx",
            "js",
            "text/javascript; charset=utf-8",
            include_bytes!(concat!(env!("OUT_DIR"), "/htmx.js")),
        ),
        asset("mark", "svg", "image/svg+xml", include_bytes!("../assets/mark.svg")),
    ]
});

fn asset(name: &str, extension: &str, kind: &'static str, content: &'static [u8]) -> Asset {
    let hash = blake3::hash(content).to_hex();
    Asset { address: format!("/assets/{name}-{}.{extension}", &hash[..12]), kind, content }
}

/// The addresses for a page's head.
pub(crate) fn files() -> Files {
    let [css, js, live, htmx, mark] = &*ASSETS;
    Files {
        css: &css.address,
        js: &js.address,
        live: &live.address,
        htmx: &htmx.address,
        mark: &mark.address,
    }
}

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>) -> Response {
    let found = ASSETS.iter().find(|asset| asset.address.strip_prefix("/assets/") == Some(file.as_str()));
    let Some(asset) = found else { return StatusCode::NOT_FOUND.into_response() };
    let headers =
        [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_served_under_its_hash_and_kept_for_ever() {
        let address = files().css;
        let file = address.strip_prefix("/assets/").expect("it is an asset");
        let answer = serve(Path(file.to_owned())).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers()[header::CACHE_CONTROL].to_str().is_ok_and(|c| c.contains("immutable")));
        assert_eq!(serve(Path("panel.css".to_owned())).await.status(), StatusCode::NOT_FOUND);
    }
}
