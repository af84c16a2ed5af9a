//! Owns `/v2/warehouse/list` and `/v2/delivery-method/list`. Does not own the warehouses.

use serde_json::{Value, json};

use super::cursor::{Direction, decode, encode};
use super::request::{Paging, texts, wholes};
use super::shapes;
use crate::model::cabinet::{Cabinet, Route, Warehouse};
use crate::model::vocabulary::DeliveryType;
use crate::refusal::Refusal;

pub(crate) fn warehouses(cabinet: &Cabinet, body: &Value) -> Result<Value, Refusal> {
    let paging = Paging::of(body, shapes::WAREHOUSE_LIST.name, 200)?;
    let wanted = wholes(&body["warehouse_ids"]);
    let found = cabinet
        .warehouses
        .iter()
        .filter(|warehouse| wanted.is_empty() || wanted.contains(&warehouse.id))
        .map(|warehouse| (warehouse.id, warehouse.as_ref()))
        .collect();
    let (page, cursor, has_next) = page(found, &paging)?;
    let shown: Vec<Value> = page.into_iter().map(|warehouse| warehouse_view(cabinet, warehouse)).collect();
    Ok(json!({"cursor": cursor, "has_next": has_next, "warehouses": shown}))
}

fn warehouse_view(cabinet: &Cabinet, warehouse: &Warehouse) -> Value {
    let day_start = "1970-01-01T06:00:00Z";
    let day_end = "1970-01-01T17:00:00Z";
    json!({
        "address_info": {
            "address": format!("Россия, {}, {}", warehouse.city, warehouse.address),
            "latitude": 55.75,
            "longitude": 37.61,
            "utc": "UTC+03:00",
        },
        "carriage_label_type": "BIG",
        "courier_comment": "",
        "courier_phones": [],
        "created_at": cabinet.created_at,
        "cut_in_time": 0,
        "first_mile": if warehouse.is_rfbs {
            Value::Null
        } else {
            json!({
                "type": "PICK_UP",
                "dropoff_point_id": "",
                "timeslot_from": "17:00",
                "timeslot_id": 40_112,
                "timeslot_to": "19:00",
                "first_mile_is_changing": false,
            })
        },
        "has_entrusted_acceptance": !warehouse.is_rfbs,
        "has_postings_limit": false,
        "is_auto_assembly": false,
        "is_comfort": false,
        "is_express": false,
        "is_kgt": false,
        "is_rfbs": warehouse.is_rfbs,
        "is_waybill_enabled": false,
        "min_postings_limit": 10,
        "name": warehouse.name,
        "pause_at": null,
        "phone": "",
        "postings_limit": -1,
        "sla_cut_in": 1440,
        "status": "created",
        "timetable": {
            "timetable_from": day_start,
            "timetable_to": day_end,
            "working_hours": [{"time_from": day_start, "time_to": day_end}],
        },
        "updated_at": cabinet.created_at,
        "warehouse_id": warehouse.id,
        "warehouse_type": if warehouse.is_rfbs { "rfbs" } else { "fbs" },
        "with_item_list": false,
        "working_days": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"],
    })
}

/// Methods of Ozon's own delivery are not listed: the method is for realFBS warehouses.
pub(crate) fn delivery_methods(cabinet: &Cabinet, body: &Value) -> Result<Value, Refusal> {
    let paging = Paging::of(body, shapes::DELIVERY_METHOD_LIST.name, 100)?;
    let filter = &body["filter"];
    let ids = wholes(&filter["delivery_method_ids"]);
    let providers = wholes(&filter["provider_ids"]);
    let warehouses = wholes(&filter["warehouse_ids"]);
    let statuses = texts(&filter["status"]);
    let found = cabinet
        .methods
        .iter()
        .filter(|route| {
            route.method.delivery_type != DeliveryType::Ozon
                && (ids.is_empty() || ids.contains(&route.method.id))
                && (providers.is_empty() || providers.contains(&route.method.provider_id))
                && (warehouses.is_empty() || warehouses.contains(&route.warehouse.id))
                // All methods are active.
                && (statuses.is_empty() || statuses.iter().any(|status| status == "ACTIVE"))
        })
        .map(|route| (route.method.id, route.as_ref()))
        .collect();
    let (page, cursor, has_next) = page(found, &paging)?;
    let shown: Vec<Value> = page.into_iter().map(|route| method_view(cabinet, route)).collect();
    Ok(json!({"cursor": cursor, "has_next": has_next, "delivery_methods": shown}))
}

fn method_view(cabinet: &Cabinet, route: &Route) -> Value {
    let method = &route.method;
    json!({
        "created_at": cabinet.created_at,
        "cutoff": "15:00",
        "id": method.id,
        "is_express": method.is_express,
        "name": method.name,
        "provider_id": method.provider_id,
        "sla_cut_in": 1440,
        "status": "ACTIVE",
        "template_id": 0,
        "tpl_dropoff_point": null,
        "tpl_integration_type": method.delivery_type,
        "updated_at": cabinet.created_at,
        "warehouse_id": route.warehouse.id,
    })
}

/// A page in the order of the ids, its cursor and whether more follow.
fn page<'a, T>(
    mut found: Vec<(i64, &'a T)>,
    paging: &Paging<'_>,
) -> Result<(Vec<&'a T>, String, bool), Refusal> {
    let after: Option<i64> = decode(paging.cursor, paging.direction)?;
    found.sort_unstable_by_key(|(id, _)| *id);
    if paging.direction == Direction::Descending {
        found.reverse();
    }
    if let Some(after) = after {
        found.retain(|(id, _)| match paging.direction {
            Direction::Ascending => *id > after,
            Direction::Descending => *id < after,
        });
    }
    let has_next = found.len() > paging.limit;
    found.truncate(paging.limit);
    let cursor = found.last().map_or_else(String::new, |(id, _)| encode(id, paging.direction));
    Ok((found.into_iter().map(|(_, item)| item).collect(), cursor, has_next))
}
