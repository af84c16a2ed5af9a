//! Owns `/v1/notification/…`: registration and check of URLs for push messages. Does not call
//! them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::request::texts;
use super::shape::whole;
use super::{
    NOTIFICATION_CHECK, NOTIFICATION_DELETE, NOTIFICATION_ENABLE, NOTIFICATION_LIST, NOTIFICATION_SET,
    NOTIFICATION_UPDATE, PUSH_TYPE_LIST,
};
use crate::model::state::CabinetState;
use crate::push::journal::{PushJournal, PushTry};
use crate::push::message::TYPES;
use crate::push::urls::{Availability, DisableReason, NotificationUrl};
use crate::refusal::Refusal;

/// A ping that was sent for a request, and what came back.
pub(crate) struct Pinged {
    pub(crate) message: Value,
    pub(crate) tried: PushTry,
}

/// The URL that has to answer a ping before the request is answered.
pub(crate) fn url_to_ping<'b>(path: &str, body: &'b Value) -> Option<&'b str> {
    let asks = matches!(path, NOTIFICATION_CHECK | NOTIFICATION_SET | NOTIFICATION_UPDATE);
    body["url"].as_str().filter(|url| asks && !url.is_empty())
}

pub(crate) fn is_one(path: &str) -> bool {
    path.starts_with("/v1/notification/")
}

pub(crate) fn answer(
    cabinet: &mut CabinetState,
    path: &str,
    body: &Value,
    pinged: Option<Pinged>,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let pushes = &mut cabinet.pushes;
    match path {
        NOTIFICATION_CHECK => check(pushes, body, pinged),
        NOTIFICATION_SET => set(pushes, body, pinged, now),
        NOTIFICATION_UPDATE => update(pushes, body, pinged),
        NOTIFICATION_LIST => Ok(list(pushes)),
        PUSH_TYPE_LIST => Ok(types(pushes)),
        NOTIFICATION_ENABLE => {
            let url = known(pushes, body)?;
            if body["enabled"] == true {
                url.enable();
            } else {
                url.disable(DisableReason::Seller);
            }
            Ok(json!({}))
        }
        NOTIFICATION_DELETE => {
            let id = known(pushes, body)?.id;
            pushes.urls.retain(|url| url.id != id);
            Ok(json!({}))
        }
        _ => Err(Refusal::no_such_method()),
    }
}

fn no_url() -> Refusal {
    Refusal::invalid("invalid Notification.Url: value length must be at least 1 runes")
}

fn check(pushes: &mut PushJournal, body: &Value, pinged: Option<Pinged>) -> Result<Value, Refusal> {
    let Pinged { message, tried } = pinged.ok_or_else(no_url)?;
    let fault = tried.fault;
    pushes.pinged(None, body["url"].as_str().unwrap_or(""), message, tried);
    let errors: Vec<Value> =
        fault.iter().map(|fault| json!({"type": fault, "description": fault.description()})).collect();
    Ok(json!({"is_active": fault.is_none(), "errors": errors}))
}

fn set(
    pushes: &mut PushJournal,
    body: &Value,
    pinged: Option<Pinged>,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let Pinged { message, tried } = pinged.ok_or_else(no_url)?;
    let address = body["url"].as_str().unwrap_or("");
    let types = texts(&body["types"]);
    if types.is_empty() {
        return Err(Refusal::invalid(
            "invalid SetNotificationRequest.Types: value must contain at least 1 item(s)",
        ));
    }
    if pushes.urls.iter().any(|url| url.url == address) {
        return Err(Refusal::exists("url is already connected"));
    }
    let refusal = refused_ping(&tried);
    if let Some(refusal) = refusal {
        pushes.pinged(None, address, message, tried);
        return Err(refusal);
    }
    let id = pushes.register(address, types, now);
    if let Some(url) = pushes.url_mut(id) {
        url.availability = Some((Availability::of(Some(tried.millis)), now));
    }
    pushes.pinged(Some(id), address, message, tried);
    Ok(json!({}))
}

fn update(pushes: &mut PushJournal, body: &Value, pinged: Option<Pinged>) -> Result<Value, Refusal> {
    let id = known(pushes, body)?.id;
    let address = body["url"].as_str().unwrap_or("");
    if let Some(Pinged { message, tried }) = pinged {
        let refusal = refused_ping(&tried);
        pushes.pinged(Some(id), address, message, tried);
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        if let Some(url) = pushes.url_mut(id) {
            address.clone_into(&mut url.url);
        }
    }
    let types = texts(&body["types"]);
    if let Some(url) = pushes.url_mut(id).filter(|_| !types.is_empty()) {
        url.types = types;
    }
    Ok(json!({}))
}

/// Ozon documents no text for a URL that fails its ping; the error's type is in ours.
fn refused_ping(tried: &PushTry) -> Option<Refusal> {
    tried
        .fault
        .map(|fault| Refusal::invalid(format!("url check failed: {}", json!(fault).as_str().unwrap_or(""))))
}

fn known<'p>(pushes: &'p mut PushJournal, body: &Value) -> Result<&'p mut NotificationUrl, Refusal> {
    let id = whole(&body["id"]).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Refusal::invalid("invalid Notification.Id: value must be greater than 0"))?;
    pushes.url_mut(id).ok_or_else(|| Refusal::not_found("url is not found"))
}

fn list(pushes: &PushJournal) -> Value {
    let urls: Vec<Value> = pushes
        .urls
        .iter()
        .map(|url| {
            let types: Vec<Value> =
                TYPES.iter().filter(|(name, _)| url.types.iter().any(|t| t == name)).map(described).collect();
            json!({
                "id": url.id,
                "url": url.url,
                "enable": url.enabled,
                "types": types,
                "created_at": url.created_at,
                "availability_status": url.availability.map(|(status, _)| status),
                "availability_status_date": url.availability.map(|(_, at)| at),
                "disable_reason": url.disable_reason,
                "problematic_type": null,
                "reason_details": null,
            })
        })
        .collect();
    let thresholds: Vec<Value> = Availability::THRESHOLDS
        .iter()
        .map(|(status, threshold)| json!({"status": status, "threshold": threshold}))
        .collect();
    json!({
        "urls": urls,
        "availability_status_thresholds": thresholds,
        "total_count": pushes.urls.len(),
    })
}

fn types(pushes: &PushJournal) -> Value {
    let types: Vec<Value> = TYPES
        .iter()
        .map(|entry| {
            let endpoint = pushes.urls.iter().rev().find(|url| url.takes(entry.0));
            let mut described = described(entry);
            described["seller_endpoint"] =
                endpoint.map_or(Value::Null, |url| json!({"id": url.id, "url": url.url}));
            described
        })
        .collect();
    json!({ "types": types })
}

fn described((name, description): &(&str, &str)) -> Value {
    json!({"type": name, "description": description})
}
