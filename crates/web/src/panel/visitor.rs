//! Who is asking, and how they want to be spoken to. The session cookie is read here and nowhere else.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use askama::Template;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use domain::Actor;
use storage::outbox::OutboxState;
use storage::people::User;

use super::cookies::{FLASH, SESSION, SIGN_IN, SetCookie, put, told};
use super::faults::Fault;
use super::flash::Note;
use super::orders::tabs;
use super::pulse::Loading;
use super::routes::Page;
use super::view::frame::{Person, Pulse};
use super::view::{Can, Frame, Section, Theme};
use super::words;
use crate::access::{Act, may};
use crate::assets;
use crate::peer::Networks;
use crate::state::AppState;
use voice::{Lang, Voice};

/// Anybody, signed in or not.
pub(crate) struct Guest {
    pub(crate) v: Voice,
    pub(crate) theme: Theme,
    pub(crate) narrow_rail: bool,
    /// Path and query of this page.
    pub(crate) path: String,
    pub(crate) flash: Option<Note>,
    pub(crate) session: Option<String>,
    /// Of a sign-in that waits for its one-time code.
    pub(crate) sign_in: Option<String>,
    pub(crate) by_htmx: bool,
    pub(crate) address: Option<IpAddr>,
    pub(crate) user_agent: String,
}

impl FromRequestParts<AppState> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let kept = |name: &str| jar.get(name).map(|c| c.value().to_owned());
        let text = |name| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let lang = kept("lang").and_then(|code| Lang::parse(&code));
        let lang = lang.unwrap_or_else(|| Lang::negotiate(text(header::ACCEPT_LANGUAGE)));
        Ok(Self {
            v: Voice { lang, zone: state.config.time_zone, now: state.now() },
            theme: Theme::parse(&kept("theme").unwrap_or_default()),
            narrow_rail: kept("rail").as_deref() == Some("narrow"),
            path: parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            flash: kept(FLASH).and_then(|note| note.parse().ok()),
            session: kept(&told(SESSION, &state.config)),
            sign_in: kept(&told(SIGN_IN, &state.config)),
            by_htmx: parts.headers.contains_key("hx-request"),
            address: address(parts, &state.config.networks),
            user_agent: text(header::USER_AGENT).to_owned(),
        })
    }
}

/// The address to count failed sign-ins by.
fn address(parts: &Parts, networks: &Networks) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    Some(networks.client(peer, &parts.headers))
}

impl Guest {
    /// The frame of a page for somebody who is not signed in.
    pub(crate) fn frame(&self, state: &AppState, here: Section) -> Frame {
        Frame {
            v: self.v,
            theme: self.theme,
            narrow_rail: self.narrow_rail,
            here,
            person: None,
            can: Can::default(),
            search: String::new(),
            pulse: Pulse::default(),
            new_orders: String::new(),
            without_order: String::new(),
            refused: String::new(),
            only_cabinet: None,
            flash: self.flash.map(|note| note.worded(self.v)),
            path: self.path.clone(),
            files: assets::files(),
            demo: state.config.demo.is_some(),
        }
    }

    /// A page, after which the note of what was just done is gone.
    pub(crate) fn page(&self, template: &impl Template) -> Result<Response, Fault> {
        self.page_with(StatusCode::OK, template)
    }

    /// A page with a status of its own, as for a form with faults.
    pub(crate) fn page_with(&self, status: StatusCode, template: &impl Template) -> Result<Response, Fault> {
        let mut answer = (status, Html(template.render()?)).into_response();
        if self.flash.is_some() {
            put(answer.headers_mut(), &SetCookie::gone(FLASH));
        }
        Ok(answer)
    }
}

/// Somebody who is signed in. A page that takes a `Visitor` is shown to nobody else.
pub(crate) struct Visitor {
    guest: Guest,
    pub(crate) user: User,
}

impl std::ops::Deref for Visitor {
    type Target = Guest;
    fn deref(&self) -> &Guest {
        &self.guest
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let mut guest = match Guest::from_request_parts(parts, state).await {
            Ok(guest) => guest,
            Err(never) => match never {},
        };
        let user = match &guest.session {
            Some(token) => {
                state.store.session(token, state.now()).await.map_err(|e| Fault::from(e).into_response())?
            }
            None => None,
        };
        let Some(user) = user else {
            let acts = guest.by_htmx && parts.method == Method::POST;
            return Err(if acts { signed_out(&guest) } else { to_sign_in(&guest) });
        };
        if let Some(lang) = Lang::parse(&user.language) {
            guest.v.lang = lang;
        }
        state.desk.somebody_asks();
        Ok(Self { guest, user })
    }
}

/// An act inside a page: the page stays with what was typed in it, and says what happened.
fn signed_out(guest: &Guest) -> Response {
    let v = guest.v;
    let (text, act, href) = (v.t("fault-signed-out"), v.t("sign-in-act"), Page::SignIn);
    let html = format!(
        "<p class=\"flash bad\"><span>{text} <a href=\"{href}\" target=\"_blank\" rel=\"noopener\">{act}</a></span></p>"
    );
    let mut answer = (StatusCode::UNAUTHORIZED, Html(html)).into_response();
    let headers = answer.headers_mut();
    headers.insert("hx-retarget", HeaderValue::from_static("#flash"));
    headers.insert("hx-reswap", HeaderValue::from_static("innerHTML"));
    answer
}

/// To the sign-in, and back here afterwards. htmx cannot follow it inside a page, so it is told to leave the page.
fn to_sign_in(guest: &Guest) -> Response {
    let back = if guest.path == "/" || guest.by_htmx {
        Page::SignIn.to_string()
    } else {
        Page::SignIn.with([("next", &guest.path)])
    };
    if guest.by_htmx {
        let mut answer = StatusCode::UNAUTHORIZED.into_response();
        if let Ok(value) = HeaderValue::from_str(&back) {
            answer.headers_mut().insert("hx-redirect", value);
        }
        return answer;
    }
    Redirect::to(&back).into_response()
}

impl Visitor {
    /// Refuses what the role may not do.
    pub(crate) fn must(&self, act: Act) -> Result<(), Fault> {
        if self.may(act) {
            return Ok(());
        }
        let act: &'static str = act.into();
        tracing::warn!(user = %self.user.id, act, "refused: the role may not");
        Err(Fault::Forbidden)
    }

    /// Whether the role may do it.
    pub(crate) fn may(&self, act: Act) -> bool {
        may(self.user.role, act)
    }

    /// For the history of orders.
    pub(crate) fn actor(&self) -> Actor {
        Actor::User { id: self.user.id, name: self.user.email.clone() }
    }

    /// Notes in the audit what this person did.
    pub(crate) async fn note(
        &self,
        state: &AppState,
        act: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        Ok(state.store.note_audit(&self.user.email, act, subject, detail, state.now()).await?)
    }

    /// The frame of a page.
    pub(crate) async fn frame_of(&self, state: &AppState, here: Section) -> Result<Frame, Fault> {
        let (frame, new_orders) =
            tokio::try_join!(self.frame_but_orders(state, here), tabs::new_orders(self.v, &state.store))?;
        Ok(Frame { new_orders, ..frame })
    }

    /// The same without the count of new orders, for a page that counts them itself.
    pub(crate) async fn frame_but_orders(&self, state: &AppState, here: Section) -> Result<Frame, Fault> {
        let store = &state.store;
        let (without, outbox, loading) = tokio::try_join!(
            async { Ok::<_, Fault>(store.postings_to_look_at_count().await?) },
            async { Ok(store.outbox_counts().await?) },
            async { Ok(Loading::read(store).await?) },
        )?;
        let refused = outbox.get(&OutboxState::Refused).copied().unwrap_or(0);
        Ok(Frame {
            person: Some(Person {
                email: self.user.email.clone(),
                role: words::role(self.v, self.user.role),
            }),
            can: self.can(),
            pulse: loading.worded(self.v),
            only_cabinet: loading.only_cabinet(),
            without_order: words::capped(self.v, without),
            refused: words::capped(self.v, refused),
            ..self.guest.frame(state, here)
        })
    }

    fn can(&self) -> Can {
        Can {
            see_persons: self.may(Act::SeePersons),
            change_orders: self.may(Act::ChangeOrders),
            create_order: self.may(Act::CreateOrder),
            load: self.may(Act::Load),
            change_customers: self.may(Act::ChangeCustomers),
            change_cabinets: self.may(Act::ChangeCabinets),
            change_settings: self.may(Act::ChangeSettings),
            change_lists: self.may(Act::ChangeLists),
            change_users: self.may(Act::ChangeUsers),
            change_mail: self.may(Act::ChangeMail),
            erase_persons: self.may(Act::ErasePersons),
        }
    }
}

/// To another page, which then says what was done.
pub(crate) fn go(to: &str, note: impl Into<Note>) -> Response {
    let mut answer = Redirect::to(to).into_response();
    put(answer.headers_mut(), &SetCookie::new(FLASH, &note.into().to_string(), 60));
    answer
}
