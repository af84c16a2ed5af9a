//! Owns scenario files: cabinets, postings, timed events and faults written down as JSON.
//! Does not play them (see `Handle::play`).
//!
//! ```json
//! {
//!   "clock": {"at": "2026-11-23T09:00:00Z", "frozen": true},
//!   "behaviour": {"strict": true, "change_delay_millis": 2000},
//!   "limits": {"lifted": true},
//!   "cabinets": [{
//!     "client_id": "100500",
//!     "api_key": "any text",
//!     "company": "ООО «Лавка»",
//!     "generate": [{"count": 200, "options": {"seed": 7, "days": 14}}],
//!     "postings": [{"posting_number": "0105259411-0854-1", "status": "awaiting_packaging"}],
//!     "push_urls": ["http://127.0.0.1:8080/push"],
//!     "life": {"seconds_between_births": 20, "seller_drives": true}
//!   }],
//!   "events": [
//!     {"after_seconds": 30, "client_id": "100500",
//!      "act": {"posting_number": "0105259411-0854-1", "kind": "cancel", "by": "customer"}},
//!     {"after_seconds": 60, "client_id": "100500", "new_posting": {"delivery_type": "aggregator"}},
//!     {"after_seconds": 90, "client_id": "100500", "generate": {"count": 5}}
//!   ],
//!   "faults": [
//!     {"fault": {"kind": "server_error"}, "method": "/v4/posting/fbs/list", "call": 3},
//!     {"fault": {"kind": "taken_then_hangup"}, "method": "/v2/fbs/posting/delivering"}
//!   ]
//! }
//! ```

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::clock::ClockSettings;
use crate::faults::FaultPlan;
use crate::generate::draft::PostingDraft;
use crate::generate::options::GeneratorOptions;
use crate::life::LifeSettings;
use crate::limiter::Limits;
use crate::model::cabinet::{CabinetSettings, DeliveryMethod, Role, Warehouse};
use crate::model::machine::{Act, ActError};
use crate::server::Behaviour;

/// Everything that a simulator is to begin with and what is to happen later.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// Sets the clock; it stays as it is when absent.
    pub clock: Option<ClockSettings>,
    /// Sets the behaviour.
    pub behaviour: Option<Behaviour>,
    /// Sets the limits.
    pub limits: Option<Limits>,
    /// Cabinets to add.
    pub cabinets: Vec<ScenarioCabinet>,
    /// What happens later on the virtual clock.
    pub events: Vec<ScenarioEvent>,
    /// Faults to queue.
    pub faults: Vec<FaultPlan>,
}

/// A cabinet with its first postings.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioCabinet {
    /// `Client-Id`.
    pub client_id: String,
    /// `Api-Key`.
    pub api_key: String,
    /// Name of the company.
    pub company: Option<String>,
    /// Currency of the account.
    pub currency: Option<String>,
    /// When the key expires.
    pub key_expires_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Roles of the key.
    pub roles: Option<Vec<Role>>,
    /// Warehouses.
    #[serde(default)]
    pub warehouses: Vec<Warehouse>,
    /// Delivery methods.
    #[serde(default)]
    pub delivery_methods: Vec<DeliveryMethod>,
    /// Postings to generate.
    #[serde(default)]
    pub generate: Vec<Batch>,
    /// Postings made to measure.
    #[serde(default)]
    pub postings: Vec<PostingDraft>,
    /// URLs that get every push message; they are not asked first.
    #[serde(default)]
    pub push_urls: Vec<String>,
    /// A life of its own.
    pub life: Option<LifeSettings>,
}

impl std::fmt::Debug for ScenarioCabinet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.settings().fmt(f)
    }
}

impl ScenarioCabinet {
    pub(crate) fn settings(&self) -> CabinetSettings {
        let mut settings = CabinetSettings::new(self.client_id.clone(), self.api_key.clone());
        if let Some(company) = &self.company {
            settings.company.clone_from(company);
        }
        if let Some(currency) = &self.currency {
            settings.currency.clone_from(currency);
        }
        if let Some(roles) = &self.roles {
            settings.roles.clone_from(roles);
        }
        settings.key_expires_at = self.key_expires_at;
        settings.warehouses.clone_from(&self.warehouses);
        settings.delivery_methods.clone_from(&self.delivery_methods);
        settings
    }
}

/// Postings to generate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// How many.
    pub count: usize,
    /// How they look.
    #[serde(default)]
    pub options: GeneratorOptions,
}

/// Something that happens later; exactly one of `act`, `new_posting` and `generate` is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioEvent {
    /// Seconds of the virtual clock from the scenario's start.
    pub after_seconds: u32,
    /// In which cabinet.
    pub client_id: String,
    /// Something happens to a posting.
    pub act: Option<ActOn>,
    /// A posting comes.
    pub new_posting: Option<PostingDraft>,
    /// Several come.
    pub generate: Option<Batch>,
}

/// An act with its posting, written in one object.
#[derive(Debug, Clone, PartialEq)]
pub struct ActOn {
    /// Which posting.
    pub posting_number: String,
    /// What happens to it.
    pub act: Act,
}

impl<'de> Deserialize<'de> for ActOn {
    /// Written by hand because flattening and refusing unknown fields do not go together.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let mut map = serde_json::Map::deserialize(deserializer)?;
        let posting_number = map
            .remove("posting_number")
            .and_then(|number| number.as_str().map(str::to_owned))
            .ok_or_else(|| D::Error::missing_field("posting_number"))?;
        let act = serde_json::from_value(serde_json::Value::Object(map)).map_err(D::Error::custom)?;
        Ok(Self { posting_number, act })
    }
}

/// Why a scenario was not read or not played.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file could not be read.
    #[error("the scenario file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The text is no scenario.
    #[error("the scenario is not understood: {0}")]
    Malformed(#[from] serde_json::Error),
    /// An event has not exactly one thing to do.
    #[error("event {0} must have exactly one of act, new_posting and generate")]
    AmbiguousEvent(usize),
    /// Something in it could not be done.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl Scenario {
    /// From JSON text.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        Ok(serde_json::from_str(text)?)
    }

    /// From a file.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        Self::parse(&std::fs::read_to_string(path)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_with_a_misspelt_field_is_refused() {
        assert!(Scenario::parse(r#"{"cabinet": []}"#).is_err());
        assert!(Scenario::parse(r#"{"events": [{"after_seconds": 1, "client_id": "1", "act": {"posting_number": "x", "kind": "cancel", "by": "customer", "why": 1}}]}"#).is_err());
        assert!(Scenario::parse(r#"{"events": [{"after_seconds": 1, "client_id": "1", "act": {"posting_number": "x", "kind": "cancel", "by": "customer"}}]}"#).is_ok());
    }

    #[test]
    fn a_scenarios_debug_form_has_no_key() {
        let scenario = Scenario::parse(r#"{"cabinets": [{"client_id": "1", "api_key": "very-secret"}]}"#)
            .expect("a scenario");
        assert!(!format!("{scenario:?}").contains("very-secret"));
    }
}
