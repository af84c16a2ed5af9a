//! Who calls: the bearer token of a request. What a role may do is `access`'s to say.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use domain::Actor;
use storage::Role;

use super::problem::{Answer, Kind, Problem};
use crate::AppState;
use crate::access::{Act, may};

/// The program that calls, by its token.
#[derive(Debug)]
pub struct Caller {
    name: String,
    role: Role,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Answer<Self> {
        let refused = |why: &str| Problem::new(Kind::NoToken, why);
        let given = parts.headers.get(AUTHORIZATION).ok_or_else(|| {
            refused("Send `Authorization: Bearer …` with a token made by `vygruzka token add`.")
        })?;
        let secret = given.to_str().ok().and_then(|text| {
            let (scheme, secret) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
        });
        let secret = secret.ok_or_else(|| refused("The header must read `Authorization: Bearer …`."))?;
        let token = state.store.token(secret, state.now()).await?;
        let token =
            token.ok_or_else(|| refused("This token is not known here, was taken back, or has expired."))?;
        state.desk.somebody_asks();
        Ok(Self { name: token.name, role: token.role })
    }
}

impl Caller {
    /// Goes on only when the token's role may do it.
    pub fn must_be_allowed(&self, act: Act) -> Answer<()> {
        if may(self.role, act) {
            return Ok(());
        }
        let act: &'static str = act.into();
        tracing::warn!(token = self.name, act, "refused: the role may not");
        Err(Problem::new(Kind::NotAllowed, format!("The role of this token is {}.", self.role)))
    }

    /// Whether names, phones and addresses may be shown.
    pub fn sees_persons(&self) -> bool {
        may(self.role, Act::SeePersons)
    }

    /// As an order's history keeps it.
    pub fn actor(&self) -> Actor {
        Actor::Token { name: self.name.clone() }
    }

    /// As the audit and the versions of settings keep it.
    pub fn signature(&self) -> String {
        format!("token {}", self.name)
    }
}

/// Who did something, in one word or two.
pub fn named(actor: Actor) -> String {
    match actor {
        Actor::Ozon => "ozon".to_owned(),
        Actor::Rule => "rule".to_owned(),
        Actor::Command => "command".to_owned(),
        Actor::User { name, .. } => format!("user:{name}"),
        Actor::Token { name } => format!("token:{name}"),
    }
}
