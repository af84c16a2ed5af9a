//! Everything that speaks HTTP to people and programs: the panel, the REST API, and Ozon's push messages.
//!
//! `panel` has one module a page, in the order of the site map; `rest` has one module a resource; `access` says who may do
//! what for both. Nothing here calls Ozon or writes SQL: the desk and the store do.
//!
//! To add a page: a variant in `panel::routes::Page`, a template with its context and `samples()` in the page's module,
//! its words in both `locales/` folders, and its line in `panel::router`. The tests say what was forgotten.

pub mod access;
mod assets;
mod decision;
#[cfg(fuzzing)]
pub mod fuzzing;
mod health;
pub mod hooks;
mod mail;
mod mail_servers;
mod managers;
mod observe;
mod one_time;
mod panel;
pub mod password;
mod peer;
pub mod rest;
mod security;
mod state;

pub use mail_servers::MailServers;
pub use panel::set_up::set_up_path;
pub use peer::Networks;
pub use state::{AppState, Demo, WebConfig};

/// The whole site: the panel, the REST API under `/api/v1`, the address for Ozon's push messages, and the health checks.
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that failed sign-ins are counted by address.
pub fn router(state: AppState) -> axum::Router {
    let people = security::for_people(panel::router(), &state);
    let site = axum::Router::new()
        .merge(people)
        .merge(assets::router())
        .nest("/api/v1", rest::router())
        .merge(hooks::router())
        .merge(health::router());
    security::for_all(site, &state).with_state(state)
}
