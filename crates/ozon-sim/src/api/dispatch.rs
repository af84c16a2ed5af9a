//! Owns the way of a request through key check, shape check and method. Limits, faults and HTTP
//! are not its matter.

use serde_json::{Value, json};

use super::page::Page;
use super::shape::RequestShape;
use super::{
    CANCELLATION_APPROVE, CANCELLATION_LIST, CANCELLATION_REJECT, DELIVERED, DELIVERING,
    DELIVERY_METHOD_LIST, LAST_MILE, NOTIFICATION_CHECK, NOTIFICATION_DELETE, NOTIFICATION_ENABLE,
    NOTIFICATION_LIST, NOTIFICATION_SET, NOTIFICATION_UPDATE, POSTING_GET, POSTING_LIST, PUSH_TYPE_LIST,
    ROLES, SELLER_INFO, TRACKING_NUMBER_SET, UNFULFILLED_LIST, WAREHOUSE_LIST, account, cancellations, get,
    listing, shapes, warehouses,
};
use crate::model::state::CabinetState;
use crate::model::world::World;
use crate::refusal::Refusal;

/// A good answer.
#[derive(Debug)]
pub(crate) enum Answer {
    Body(Vec<u8>),
    Page(Page),
}

/// The credentials of a request as they came.
#[derive(Clone, Copy)]
pub(crate) struct Credentials<'a> {
    pub(crate) client_id: Option<&'a str>,
    pub(crate) api_key: Option<&'a str>,
}

/// `None` for a method that is unknown or has been switched off.
pub(crate) fn shape_of(path: &str) -> Option<&'static RequestShape> {
    Some(match path {
        POSTING_LIST => &shapes::POSTING_LIST,
        UNFULFILLED_LIST => &shapes::UNFULFILLED_LIST,
        POSTING_GET => &shapes::POSTING_GET,
        ROLES | SELLER_INFO | NOTIFICATION_LIST | PUSH_TYPE_LIST => &shapes::NOTHING,
        WAREHOUSE_LIST => &shapes::WAREHOUSE_LIST,
        DELIVERY_METHOD_LIST => &shapes::DELIVERY_METHOD_LIST,
        TRACKING_NUMBER_SET => &shapes::TRACKING_NUMBER_SET,
        CANCELLATION_LIST => &shapes::CANCELLATION_LIST,
        CANCELLATION_APPROVE | CANCELLATION_REJECT => &shapes::CANCELLATION_DECISION,
        NOTIFICATION_CHECK => &shapes::NOTIFICATION_CHECK,
        NOTIFICATION_SET => &shapes::NOTIFICATION_SET,
        NOTIFICATION_ENABLE => &shapes::NOTIFICATION_ENABLE,
        NOTIFICATION_UPDATE => &shapes::NOTIFICATION_UPDATE,
        NOTIFICATION_DELETE => &shapes::NOTIFICATION_DELETE,
        DELIVERING | LAST_MILE | DELIVERED => &shapes::MOVE,
        _ => return None,
    })
}

/// Whether the key opens the method; every key may ask for its roles.
pub(crate) fn admit<'w>(
    world: &'w World,
    credentials: Credentials<'_>,
    path: &str,
) -> Result<&'w CabinetState, Refusal> {
    let (Some(client_id), Some(api_key)) = (
        credentials.client_id.filter(|text| !text.is_empty()),
        credentials.api_key.filter(|text| !text.is_empty()),
    ) else {
        return Err(Refusal::no_credentials());
    };
    let state = world
        .cabinet(client_id)
        .ok()
        .filter(|state| state.cabinet.api_key == api_key)
        .ok_or_else(|| Refusal::forbidden("Invalid Api-Key, please contact support"))?;
    let cabinet = &state.cabinet;
    if cabinet.key_deactivated || world.now() >= cabinet.key_expires_at {
        return Err(Refusal::forbidden("Api-key is deactivated, use another one or generate a new one"));
    }
    if path != ROLES && !cabinet.roles.iter().any(|role| role.opens(path)) {
        return Err(Refusal::forbidden("Api-Key is missing a required role for a method"));
    }
    Ok(state)
}

/// The body as JSON of the method's shape.
pub(crate) fn parse(path: &str, body: &[u8], strict: bool) -> Result<Value, Refusal> {
    let shape = shape_of(path).ok_or_else(Refusal::no_such_method)?;
    let body = if body.is_empty() && shape.fields.is_empty() {
        json!({})
    } else {
        serde_json::from_slice(body)
            .map_err(|error| Refusal::invalid(format!("proto: syntax error (line {})", error.line())))?
    };
    shape.check(&body, strict)?;
    Ok(body)
}

/// What was chosen while the world was held, to be rendered without holding it.
pub(crate) enum Chosen {
    Selection(listing::Selection),
    Posting(std::sync::Arc<crate::model::posting::Posting>),
    Value(Value),
}

pub(crate) fn choose(state: &CabinetState, path: &str, body: &Value) -> Result<Chosen, Refusal> {
    match path {
        POSTING_LIST => listing::list(state, body).map(Chosen::Selection),
        UNFULFILLED_LIST => listing::unfulfilled(state, body).map(Chosen::Selection),
        POSTING_GET => get::find(state, body).map(Chosen::Posting),
        ROLES => Ok(Chosen::Value(account::roles(&state.cabinet))),
        SELLER_INFO => Ok(Chosen::Value(account::seller_info(&state.cabinet))),
        WAREHOUSE_LIST => warehouses::warehouses(&state.cabinet, body).map(Chosen::Value),
        DELIVERY_METHOD_LIST => warehouses::delivery_methods(&state.cabinet, body).map(Chosen::Value),
        CANCELLATION_LIST => cancellations::list(state, body).map(Chosen::Value),
        _ => Err(Refusal::no_such_method()),
    }
}

impl Chosen {
    pub(crate) fn render(self, body: &Value) -> Result<Answer, Refusal> {
        match self {
            Self::Selection(selection) => selection.render().map(Answer::Page),
            Self::Posting(posting) => get::render(&posting, body).map(Answer::Body),
            Self::Value(value) => Ok(Answer::Body(value.to_string().into_bytes())),
        }
    }
}
