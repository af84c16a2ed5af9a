//! Decodes a posting of either shape and puts it into the one shape. Holds no meaning of its fields.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::order::{RelatedPostings, barcode};
use super::{
    Addressee, AnalyticsData, Barcodes, Cancellation, Container, Courier, Customer, DecodeError,
    DeliveryMethod, ExternalOrder, FinancialData, LegalInfo, Posting, Product, PrrOption, Requirements,
    SortingCenter, delivery, product,
};
use crate::codes::{IntegrationTypeFlow, Status, TplIntegrationType};
use crate::decode::{Part, from_text, list, part, scalar, scalars};
use crate::money::{Money, money};

/// A longer number is not a posting's.
const LONGEST_NUMBER: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "scalar")]
    posting_number: Option<String>,
    #[serde(deserialize_with = "scalar")]
    status: Option<Status>,
    #[serde(deserialize_with = "list")]
    products: Option<Vec<Part<product::Wire>>>,
    #[serde(deserialize_with = "scalar")]
    order_id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    order_number: Option<String>,
    #[serde(deserialize_with = "scalar")]
    substatus: Option<String>,
    #[serde(deserialize_with = "scalar")]
    previous_substatus: Option<String>,
    #[serde(deserialize_with = "part")]
    delivery_method: Option<DeliveryMethod>,
    #[serde(deserialize_with = "scalar")]
    delivery_schema: Option<String>,
    #[serde(deserialize_with = "scalar")]
    tpl_integration_type: Option<TplIntegrationType>,
    #[serde(deserialize_with = "scalar")]
    integration_type_flow: Option<IntegrationTypeFlow>,
    #[serde(deserialize_with = "scalar")]
    tracking_number: Option<String>,
    #[serde(deserialize_with = "scalar")]
    in_process_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    shipment_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    shipment_date_without_delay: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    delivering_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalar")]
    fact_delivery_date: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "part")]
    cancellation: Option<Cancellation>,
    #[serde(deserialize_with = "part")]
    customer: Option<Customer>,
    #[serde(deserialize_with = "part")]
    addressee: Option<Addressee>,
    #[serde(deserialize_with = "part")]
    financial_data: Option<FinancialData>,
    #[serde(deserialize_with = "part")]
    barcodes: Option<Barcodes>,
    #[serde(deserialize_with = "barcode")]
    scanit: Option<String>,
    #[serde(deserialize_with = "part")]
    analytics_data: Option<AnalyticsData>,
    #[serde(deserialize_with = "part")]
    legal_info: Option<LegalInfo>,
    #[serde(deserialize_with = "scalar")]
    is_express: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    is_multibox: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    multi_box_qty: Option<u32>,
    #[serde(deserialize_with = "part")]
    container: Option<Container>,
    #[serde(deserialize_with = "part")]
    sorting_center: Option<SortingCenter>,
    #[serde(deserialize_with = "scalar")]
    parent_posting_number: Option<String>,
    #[serde(deserialize_with = "part")]
    related_postings: Option<RelatedPostings>,
    #[serde(deserialize_with = "scalars")]
    available_actions: Option<Vec<String>>,
    #[serde(deserialize_with = "part")]
    requirements: Option<Requirements>,
    #[serde(deserialize_with = "delivery::prr_option")]
    prr_option: Option<PrrOption>,
    #[serde(deserialize_with = "money")]
    delivery_price: Option<Money>,
    #[serde(deserialize_with = "part")]
    external_order: Option<ExternalOrder>,
    #[serde(deserialize_with = "scalar")]
    is_click_and_collect: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    destination_place_name: Option<String>,
    #[serde(deserialize_with = "part")]
    courier: Option<Courier>,
    #[serde(deserialize_with = "scalar")]
    pickup_code_verified_at: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OnlyNumber {
    #[serde(deserialize_with = "scalar")]
    posting_number: Option<String>,
}

pub(super) fn decode(json: &str) -> Result<Posting, DecodeError> {
    // Object syntax is looked for first, for a struct is also read from a list.
    if !json.trim_start().starts_with('{') {
        return Err(DecodeError { posting_number: None, reason: "it is not an object".to_owned() });
    }
    let wire: Wire = from_text(json).map_err(|error| DecodeError {
        posting_number: from_text::<OnlyNumber>(json)
            .ok()
            .and_then(|found| found.posting_number)
            .and_then(|number| sensible_number(&number)),
        reason: error.to_string(),
    })?;
    let posting_number = wire.posting_number.as_deref().and_then(sensible_number);
    build(wire, posting_number.as_deref()).map_err(|reason| DecodeError { posting_number, reason })
}

/// The number without the spaces around it; `None` where no posting can have such a number.
pub(crate) fn sensible_number(text: &str) -> Option<String> {
    let text = text.trim();
    let sensible = !text.is_empty()
        && text.len() <= LONGEST_NUMBER
        && text.chars().all(|character| !character.is_control() && !character.is_whitespace());
    sensible.then(|| text.to_owned())
}

fn build(wire: Wire, posting_number: Option<&str>) -> Result<Posting, String> {
    let posting_number = posting_number.ok_or("it has no sensible posting_number")?;
    let status = wire.status.ok_or("it has no status")?;
    let products = wire
        .products
        .ok_or("it has no list of products")?
        .into_iter()
        .enumerate()
        .map(|(index, listed)| {
            listed
                .0
                .ok_or("is not an object")
                .map_err(|reason| format!("product {} {reason}", index + 1))
                .and_then(|wire| {
                    Product::try_from(wire).map_err(|reason| format!("product {} has {reason}", index + 1))
                })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut barcodes = wire.barcodes.unwrap_or_default();
    barcodes.scanit = wire.scanit.or(barcodes.scanit);
    Ok(Posting {
        posting_number: posting_number.to_owned(),
        status,
        products,
        order_id: wire.order_id,
        order_number: wire.order_number,
        substatus: wire.substatus,
        previous_substatus: wire.previous_substatus,
        delivery_method: wire.delivery_method,
        delivery_schema: wire.delivery_schema,
        tpl_integration_type: wire.tpl_integration_type,
        integration_type_flow: wire.integration_type_flow,
        tracking_number: wire.tracking_number,
        in_process_at: wire.in_process_at,
        shipment_date: wire.shipment_date,
        shipment_date_without_delay: wire.shipment_date_without_delay,
        delivering_date: wire.delivering_date,
        fact_delivery_date: wire.fact_delivery_date,
        cancellation: wire.cancellation,
        customer: wire.customer,
        addressee: wire.addressee,
        financial_data: wire.financial_data,
        barcodes: barcodes.if_any(),
        analytics_data: wire.analytics_data,
        legal_info: wire.legal_info,
        is_express: wire.is_express,
        is_multibox: wire.is_multibox,
        multi_box_qty: wire.multi_box_qty,
        container: wire.container,
        sorting_center: wire.sorting_center,
        parent_posting_number: wire.parent_posting_number,
        related_postings: wire.related_postings.and_then(|related| related.related_posting_numbers),
        available_actions: wire.available_actions,
        requirements: wire.requirements.and_then(Requirements::if_any),
        prr_option: wire.prr_option,
        delivery_price: wire.delivery_price,
        external_order: wire.external_order,
        is_click_and_collect: wire.is_click_and_collect,
        destination_place_name: wire.destination_place_name,
        courier: wire.courier,
        pickup_code_verified_at: wire.pickup_code_verified_at,
    })
}
