//! Language, theme and rail: kept in cookies, the language of a signed-in user also in the store.

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookies::{SetCookie, put};
use super::faults::Fault;
use super::routes::Page;
use super::view::Theme;
use super::visitor::Guest;
use crate::state::AppState;
use voice::Lang;

#[derive(Deserialize)]
pub(crate) struct Wish {
    lang: Option<String>,
    theme: Option<String>,
    rail: Option<String>,
    back: Option<String>,
}

pub(crate) async fn keep(
    guest: Guest,
    State(state): State<AppState>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    let mut answer = Redirect::to(&own_path(wish.back.as_deref())).into_response();
    let config = &state.config;
    if let Some(lang) = wish.lang.as_deref().and_then(Lang::parse) {
        put(answer.headers_mut(), &SetCookie::preference("lang", lang.code(), config));
        if let Some(token) = &guest.session
            && let Some(user) = state.store.session(token, state.now()).await?
        {
            state.store.set_language(user.id, lang.code()).await?;
        }
    }
    if let Some(theme) = &wish.theme {
        put(answer.headers_mut(), &SetCookie::preference("theme", Theme::parse(theme).code(), config));
    }
    if let Some(rail) = &wish.rail {
        let width = if rail == "narrow" { "narrow" } else { "wide" };
        put(answer.headers_mut(), &SetCookie::preference("rail", width, config));
    }
    Ok(answer)
}

/// A path of our own to go back to; whatever could lead to another site becomes the orders.
pub(crate) fn own_path(typed: Option<&str>) -> String {
    let safe = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains(['\\', '\r', '\n', '\t'])
            && path.len() <= 2000
    };
    typed.filter(safe).map_or_else(|| Page::Orders.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leads_to_another_site() {
        assert_eq!(own_path(Some("/orders?q=1")), "/orders?q=1");
        for foreign in
            ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/x", ""]
        {
            assert_eq!(own_path(Some(foreign)), "/orders");
        }
        assert_eq!(own_path(None), "/orders");
    }
}
