//! `/v1/roles`: what the key may do and until when; the cheapest check of a key.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Method;
use super::directory::object;
use crate::decode::{parts, scalar, scalars};
use crate::error::Broken;

/// The request; it has no parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GetRoles {}

/// What the key may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Roles {
    /// When the key stops working: keys live three or six months (API section 0, fact 6).
    pub expires_at: Option<DateTime<Utc>>,
    /// Its roles.
    pub roles: Vec<Role>,
}

/// A role of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Role {
    /// Such as `Admin` or `Posting FBS`.
    #[serde(deserialize_with = "scalar")]
    pub name: Option<String>,
    /// Methods, or beginnings of their paths.
    #[serde(deserialize_with = "scalars")]
    pub methods: Option<Vec<String>>,
}

impl Roles {
    /// Whether a role names the method: `Admin` names all, the others by the path or by its beginning.
    pub fn covers(&self, path: &str) -> bool {
        self.roles.iter().any(|role| role.covers(path))
    }
}

impl Role {
    fn covers(&self, path: &str) -> bool {
        let is_admin = self.name.as_deref().is_some_and(|name| name.trim().eq_ignore_ascii_case("admin"));
        is_admin
            || self.methods.iter().flatten().any(|method| {
                path.strip_prefix(method.trim_end_matches('/'))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "scalar")]
    expires_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "parts")]
    roles: Option<Vec<Role>>,
}

impl Method for GetRoles {
    const PATH: &'static str = "/v1/roles";
    type Answer = Roles;

    fn decode(body: &str) -> Result<Roles, Broken> {
        let wire: Wire = object(body)?;
        if wire.roles.is_none() && wire.expires_at.is_none() {
            return Err(Broken::MissingList);
        }
        Ok(Roles { expires_at: wire.expires_at, roles: wire.roles.unwrap_or_default() })
    }
}
