//! `/v1/notification/check`, `/list` and `/push-type/list`: what Ozon says of the addresses that it pushes to (API section 6).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Method;
use super::directory::object;
use crate::codes::{PushAvailability, PushDisableReason, PushType, PushUrlFault};
use crate::decode::{Part, list, part, parts, scalar};
use crate::error::Broken;

/// Asks Ozon to try an address. Nothing is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckNotificationUrl {
    /// The address.
    pub url: String,
}

/// How the trial went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UrlCheck {
    /// Whether the address can be registered.
    pub is_active: bool,
    /// What is wrong with it.
    pub errors: Vec<UrlError>,
}

/// What is wrong with an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UrlError {
    /// The fault.
    #[serde(rename = "type", deserialize_with = "scalar")]
    pub fault: Option<PushUrlFault>,
    /// The fault in words.
    #[serde(deserialize_with = "scalar")]
    pub description: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CheckWire {
    #[serde(deserialize_with = "scalar")]
    is_active: Option<bool>,
    #[serde(deserialize_with = "parts")]
    errors: Option<Vec<UrlError>>,
}

impl Method for CheckNotificationUrl {
    const PATH: &'static str = "/v1/notification/check";
    type Answer = UrlCheck;

    fn decode(body: &str) -> Result<UrlCheck, Broken> {
        let wire: CheckWire = object(body)?;
        let is_active = wire.is_active.ok_or(Broken::MissingList)?;
        Ok(UrlCheck { is_active, errors: wire.errors.unwrap_or_default() })
    }
}

/// Asks which addresses are registered; it has no parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListNotificationUrls {}

/// The registered addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotificationUrls {
    /// The addresses.
    pub urls: Vec<NotificationUrl>,
    /// Entries without an identifier or an address, which are of no use and are left out.
    pub unreadable: usize,
    /// From which time of answering an address counts as what.
    pub thresholds: Vec<AvailabilityThreshold>,
}

/// A registered address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotificationUrl {
    /// Its identifier.
    pub id: i64,
    /// The address.
    pub url: String,
    /// Whether messages are sent there.
    pub enabled: Option<bool>,
    /// What is sent there.
    pub types: Vec<PushType>,
    /// When it was registered.
    pub created_at: Option<DateTime<Utc>>,
    /// How well it answers.
    pub availability: Option<PushAvailability>,
    /// When that was measured.
    pub availability_at: Option<DateTime<Utc>>,
    /// Why it is switched off.
    pub disable_reason: Option<PushDisableReason>,
    /// The kind of messages for whose sake it was switched off.
    pub problematic_type: Option<PushType>,
    /// Why Ozon switched it off, in words.
    pub reason_details: Option<String>,
}

/// From which time of answering an address counts as what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AvailabilityThreshold {
    /// As what.
    #[serde(deserialize_with = "scalar")]
    pub status: Option<PushAvailability>,
    /// From how many milliseconds.
    #[serde(deserialize_with = "scalar")]
    pub threshold: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UrlsWire {
    #[serde(deserialize_with = "list")]
    urls: Option<Vec<Part<UrlWire>>>,
    #[serde(deserialize_with = "parts")]
    availability_status_thresholds: Option<Vec<AvailabilityThreshold>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UrlWire {
    #[serde(deserialize_with = "scalar")]
    id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    url: Option<String>,
    #[serde(deserialize_with = "scalar")]
    enable: Option<bool>,
    #[serde(deserialize_with = "parts")]
    types: Option<Vec<TypeWire>>,
    #[serde(deserialize_with = "scalar")]
    created_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    availability_status: Option<PushAvailability>,
    #[serde(deserialize_with = "scalar")]
    availability_status_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    disable_reason: Option<PushDisableReason>,
    #[serde(deserialize_with = "scalar")]
    problematic_type: Option<PushType>,
    #[serde(deserialize_with = "scalar")]
    reason_details: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TypeWire {
    #[serde(rename = "type", deserialize_with = "scalar")]
    kind: Option<PushType>,
    #[serde(deserialize_with = "scalar")]
    description: Option<String>,
    #[serde(deserialize_with = "part")]
    seller_endpoint: Option<PushEndpoint>,
}

impl UrlWire {
    fn url(self) -> Option<NotificationUrl> {
        Some(NotificationUrl {
            id: self.id?,
            url: self.url.filter(|url| !url.trim().is_empty())?,
            enabled: self.enable,
            types: self.types.into_iter().flatten().filter_map(|wire| wire.kind).collect(),
            created_at: self.created_at,
            availability: self.availability_status,
            availability_at: self.availability_status_date,
            disable_reason: self.disable_reason,
            problematic_type: self.problematic_type,
            reason_details: self.reason_details,
        })
    }
}

impl Method for ListNotificationUrls {
    const PATH: &'static str = "/v1/notification/list";
    type Answer = NotificationUrls;

    fn decode(body: &str) -> Result<NotificationUrls, Broken> {
        let wire: UrlsWire = object(body)?;
        let entries = wire.urls.ok_or(Broken::MissingList)?;
        let told = entries.len();
        let urls: Vec<_> = entries.into_iter().filter_map(|entry| entry.0.and_then(UrlWire::url)).collect();
        Ok(NotificationUrls {
            unreadable: told - urls.len(),
            urls,
            thresholds: wire.availability_status_thresholds.unwrap_or_default(),
        })
    }
}

/// Asks which kinds of push messages there are; it has no parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListPushTypes {}

/// The kinds of push messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PushTypes {
    /// The kinds.
    pub types: Vec<PushTypeEntry>,
    /// Entries without a code, which are of no use and are left out.
    pub unreadable: usize,
}

/// A kind of push messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PushTypeEntry {
    /// The kind.
    pub push_type: PushType,
    /// The kind in words, in Russian.
    pub description: Option<String>,
    /// Where such messages are sent; `None` for nowhere.
    pub endpoint: Option<PushEndpoint>,
}

/// An address that a kind of messages is sent to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PushEndpoint {
    /// Its identifier.
    #[serde(deserialize_with = "scalar")]
    pub id: Option<i64>,
    /// The address.
    #[serde(deserialize_with = "scalar")]
    pub url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TypesWire {
    #[serde(deserialize_with = "list")]
    types: Option<Vec<Part<TypeWire>>>,
}

impl TypeWire {
    fn entry(self) -> Option<PushTypeEntry> {
        Some(PushTypeEntry {
            push_type: self.kind?,
            description: self.description,
            endpoint: self.seller_endpoint,
        })
    }
}

impl Method for ListPushTypes {
    const PATH: &'static str = "/v1/notification/push-type/list";
    type Answer = PushTypes;

    fn decode(body: &str) -> Result<PushTypes, Broken> {
        let wire: TypesWire = object(body)?;
        let entries = wire.types.ok_or(Broken::MissingList)?;
        let told = entries.len();
        let types: Vec<_> =
            entries.into_iter().filter_map(|entry| entry.0.and_then(TypeWire::entry)).collect();
        Ok(PushTypes { unreadable: told - types.len(), types })
    }
}

#[cfg(test)]
mod tests {
    use contract::Specification;
    use serde_json::{Value, json};

    use super::{CheckNotificationUrl, ListNotificationUrls, ListPushTypes};
    use crate::codes::{PushAvailability, PushDisableReason, PushType, PushUrlFault};
    use crate::error::Broken;
    use crate::methods::Method;

    /// The answer as the specification describes it, for there is no official example.
    fn held<M: Method>(answer: &Value) -> M::Answer {
        if let Some(specification) = Specification::load() {
            assert_eq!(specification.check_answer(M::PATH, 200, answer), Ok(()));
        }
        M::decode(&answer.to_string()).unwrap()
    }

    #[test]
    fn a_check_says_whether_and_why_not() {
        let check = held::<CheckNotificationUrl>(&json!({ "is_active": false, "errors": [
            { "type": "REQUEST_TIMEOUT", "description": "too slow" }, { "type": null, "description": null } ] }));
        assert!(!check.is_active);
        assert_eq!(check.errors.len(), 2);
        assert_eq!(check.errors[0].fault, Some(PushUrlFault::RequestTimeout));
        assert_eq!(check.errors[0].description.as_deref(), Some("too slow"));
        assert!(held::<CheckNotificationUrl>(&json!({ "is_active": true, "errors": null })).is_active);
        let newer = held::<CheckNotificationUrl>(&json!({ "is_active": true }));
        assert!(newer.is_active && newer.errors.is_empty());
    }

    #[test]
    fn the_registered_addresses_are_read() {
        let list = held::<ListNotificationUrls>(&json!({ "urls": [
            { "id": "5", "url": "https://example.org/a", "enable": false, "created_at": "2026-05-01T00:00:00Z",
              "types": [{ "type": "TYPE_NEW_POSTING", "description": "new" }, { "type": "TYPE_STATE_CHANGED", "description": "" }],
              "availability_status": "RED", "availability_status_date": "2026-10-01T00:00:00Z",
              "disable_reason": "AVAILABILITY", "problematic_type": "TYPE_NEW_POSTING", "reason_details": "" },
            { "id": 6, "url": "https://example.org/b", "enable": true, "created_at": "2026-05-01T00:00:00Z", "types": [] } ],
            "availability_status_thresholds": [{ "status": "YELLOW", "threshold": "1500" }], "total_count": 2 }));
        assert_eq!((list.urls.len(), list.unreadable), (2, 0));
        let first = &list.urls[0];
        assert_eq!((first.id, first.url.as_str(), first.enabled), (5, "https://example.org/a", Some(false)));
        assert_eq!(first.types, [PushType::NewPosting, PushType::StateChanged]);
        assert_eq!(first.created_at, Some("2026-05-01T00:00:00Z".parse().unwrap()));
        assert_eq!(first.availability, Some(PushAvailability::Unavailable));
        assert_eq!(first.availability_at, Some("2026-10-01T00:00:00Z".parse().unwrap()));
        assert_eq!(first.disable_reason, Some(PushDisableReason::Availability));
        assert_eq!(first.problematic_type, Some(PushType::NewPosting));
        assert_eq!((list.urls[1].enabled, list.urls[1].availability.clone()), (Some(true), None));
        assert_eq!(list.thresholds[0].status, Some(PushAvailability::Unstable));
        assert_eq!(list.thresholds[0].threshold, Some(1500));
    }

    #[test]
    fn addresses_that_cannot_be_used_cost_only_themselves() {
        let body =
            json!({ "urls": [{ "id": 5, "url": "u", "types": "none" }, { "id": 6 }, { "url": "u" }, 7] });
        let list = ListNotificationUrls::decode(&body.to_string()).unwrap();
        assert_eq!((list.urls.len(), list.unreadable), (1, 3));
        assert!(list.urls[0].types.is_empty() && list.urls[0].enabled.is_none());
    }

    #[test]
    fn the_kinds_of_messages_are_read() {
        let list = held::<ListPushTypes>(&json!({ "types": [
            { "type": "TYPE_NEW_POSTING", "description": "new", "seller_endpoint": { "id": 5, "url": "https://example.org/a" } },
            { "type": "TYPE_STOCKS_CHANGED", "description": "stocks", "seller_endpoint": null } ] }));
        assert_eq!((list.types.len(), list.unreadable), (2, 0));
        assert_eq!(list.types[0].push_type, PushType::NewPosting);
        assert_eq!(list.types[0].description.as_deref(), Some("new"));
        let endpoint = list.types[0].endpoint.as_ref().unwrap();
        assert_eq!((endpoint.id, endpoint.url.as_deref()), (Some(5), Some("https://example.org/a")));
        assert_eq!(list.types[1].endpoint, None);
        let newer = ListPushTypes::decode(r#"{"types":[{"type":"TYPE_ORDER_NEW"},{}]}"#).unwrap();
        assert_eq!(newer.types[0].push_type, PushType::Other("TYPE_ORDER_NEW".to_owned()));
        assert_eq!(newer.unreadable, 1);
    }

    #[test]
    fn answers_without_what_they_should_hold_are_broken() {
        for body in ["{}", "[]", "null", r#"{"is_active":"x","urls":{},"types":null}"#] {
            assert_eq!(CheckNotificationUrl::decode(body), Err(Broken::MissingList), "{body}");
            assert_eq!(ListNotificationUrls::decode(body), Err(Broken::MissingList), "{body}");
            assert_eq!(ListPushTypes::decode(body), Err(Broken::MissingList), "{body}");
        }
        assert_eq!(CheckNotificationUrl::decode("<html>"), Err(Broken::NotJson));
    }
}
