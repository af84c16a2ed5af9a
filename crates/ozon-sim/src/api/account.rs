//! Owns `/v1/roles` and `/v1/seller/info`. Does not check keys.

use serde_json::{Value, json};

use crate::model::cabinet::Cabinet;

pub(crate) fn roles(cabinet: &Cabinet) -> Value {
    json!({"expires_at": cabinet.key_expires_at, "roles": cabinet.roles})
}

pub(crate) fn seller_info(cabinet: &Cabinet) -> Value {
    let value = |formatted: &str, value: f64| {
        json!({
            "date_from": cabinet.created_at,
            "date_to": cabinet.created_at + chrono::TimeDelta::days(365),
            "formatted": formatted,
            "status": {"danger": false, "premium": false, "warning": false},
            "value": value,
        })
    };
    json!({
        "company": {
            "country": "Россия",
            "currency": cabinet.currency.as_ref(),
            "inn": "7814650172",
            "legal_name": cabinet.company,
            "name": cabinet.company,
            "ogrn": "1157847203114",
            "ownership_form": "ООО",
            "tax_system": "USN",
        },
        "ratings": [{
            "current_value": value("98,4 %", 98.4),
            "name": "Вовремя отгружено",
            "past_value": value("97,9 %", 97.9),
            "rating": "rating_on_time",
            "status": "OK",
            "value_type": "PERCENT",
        }],
        "subscription": {"is_premium": false, "type": "UNSPECIFIED"},
    })
}
