//! Owns the shape of a posting in the v4 lists (API section 3.4). Does not select postings.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::overriding;
use super::parts::{
    AddressView, Analytics, Barcodes, COMMISSION_PERCENT, CancellationView, ContainerView, ExternalOrder,
    LegalView, MethodView, Money, OWN_ORDER, Optional, Requirements, SortingCenter, TariffStep, address,
    analytics, barcodes, cancellation, container, discount_percent, legal, method, money, number,
    requirements, settlement, sorting_center, tariff_steps,
};
use super::request::With;
use crate::model::actions::available_actions;
use crate::model::posting::Posting;
use crate::model::vocabulary::DeliveryType;

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are Ozon's flags")]
struct View<'a> {
    posting_number: &'a str,
    order_id: i64,
    order_number: &'a str,
    pickup_code_verified_at: Option<DateTime<Utc>>,
    status: &'a str,
    substatus: &'a str,
    delivery_method: MethodView<'a>,
    delivery_schema: &'static str,
    tracking_number: &'a str,
    tpl_integration_type: &'a str,
    integration_type_flow: &'a str,
    in_process_at: DateTime<Utc>,
    shipment_date: Option<DateTime<Utc>>,
    shipment_date_without_delay: Option<DateTime<Utc>>,
    optional: Optional<i64>,
    cancellation: CancellationView<'a>,
    customer: Option<CustomerView<'a>>,
    products: Vec<Product<'a>>,
    addressee: Option<Addressee<'a>>,
    barcodes: Option<Barcodes>,
    scanit: Option<String>,
    sorting_center: Option<SortingCenter>,
    analytics_data: Option<Analytics<'a>>,
    destination_place_id: i64,
    destination_place_name: &'static str,
    financial_data: Option<Financial<'a>>,
    is_express: bool,
    legal_info: Option<LegalView<'a>>,
    quantum_id: i64,
    require_blr_traceable_attrs: bool,
    requirements: Requirements,
    tariffication: Tariffication<'a>,
    external_order: ExternalOrder,
    volume_weight: f64,
    is_click_and_collect: bool,
    delivering_date: Option<DateTime<Utc>>,
    is_multibox: bool,
    multi_box_qty: u32,
    is_presortable: bool,
    prr_option: &'static str,
    parent_posting_number: &'a str,
    available_actions: Vec<&'static str>,
    tariffication_steps: Vec<TariffStep<'a>>,
    container_sort_type: &'static str,
    container: Option<ContainerView>,
}

#[derive(Serialize)]
struct CustomerView<'a> {
    customer_id: i64,
    customer_email: &'a str,
    name: &'a str,
    phone: &'a str,
    address: AddressView<'a>,
}

#[derive(Serialize)]
struct Addressee<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "they are Ozon's names")]
struct Product<'a> {
    is_blr_traceable: bool,
    is_marketplace_buyout: bool,
    offer_id: &'a str,
    name: &'a str,
    sku: i64,
    quantity: u32,
    imei: [&'static str; 0],
    weight: f64,
    product_color: &'a str,
    price: Money<'a>,
}

#[derive(Serialize)]
struct Financial<'a> {
    products: Vec<FinancialProduct<'a>>,
    cluster_from: &'a str,
    cluster_to: &'a str,
}

#[derive(Serialize)]
struct FinancialProduct<'a> {
    payout: f64,
    product_id: i64,
    old_price: f64,
    price: f64,
    total_discount_value: f64,
    total_discount_percent: f64,
    quantity: u32,
    customer_price: Money<'a>,
    actions: [&'static str; 0],
    commission: Commission<'a>,
}

#[derive(Serialize)]
struct Commission<'a> {
    amount: f64,
    percent: i64,
    currency: &'a str,
}

#[derive(Serialize)]
struct Tariffication<'a> {
    current_tariff_rate: f64,
    current_tariff_type: &'static str,
    current_tariff_charge: Money<'a>,
    current_tariff_min_charge: Money<'a>,
    next_tariff_rate: f64,
    next_tariff_type: &'static str,
    next_tariff_charge: Option<Money<'a>>,
    next_tariff_min_charge: Option<Money<'a>>,
    next_tariff_starts_at: Option<DateTime<Utc>>,
}

fn financial(posting: &Posting) -> Financial<'_> {
    let currency = &*posting.currency;
    let products = posting
        .lines
        .iter()
        .map(|line| {
            let (commission, payout) = settlement(posting, line);
            FinancialProduct {
                payout,
                product_id: line.sku,
                old_price: number(line.old_price),
                price: number(line.price),
                total_discount_value: number(line.old_price - line.price),
                total_discount_percent: discount_percent(line),
                quantity: line.quantity,
                customer_price: money(line.customer_price, currency),
                actions: [],
                commission: Commission {
                    amount: commission,
                    percent: if posting.is_settled() { COMMISSION_PERCENT } else { 0 },
                    currency,
                },
            }
        })
        .collect();
    Financial { products, cluster_from: &posting.route.warehouse.city, cluster_to: posting.city_to }
}

fn tariffication(posting: &Posting) -> Tariffication<'_> {
    let currency = &*posting.currency;
    let next = posting.shipment_date;
    Tariffication {
        current_tariff_rate: 0.0,
        current_tariff_type: "no_discount",
        current_tariff_charge: money(0, currency),
        current_tariff_min_charge: money(0, currency),
        next_tariff_rate: if next.is_some() { 1.0 } else { 0.0 },
        next_tariff_type: if next.is_some() { "commission" } else { "" },
        next_tariff_charge: next.map(|_| money(5_000, currency)),
        next_tariff_min_charge: next.map(|_| money(5_000, currency)),
        next_tariff_starts_at: next.map(|at| at + TimeDelta::seconds(1)),
    }
}

fn view(posting: &Posting, with: With) -> View<'_> {
    let (requirements, optional) = requirements(posting);
    View {
        posting_number: &posting.posting_number,
        order_id: posting.order_id,
        order_number: &posting.order_number,
        pickup_code_verified_at: None,
        status: posting.status.as_str(),
        substatus: &posting.substatus,
        delivery_method: method(posting),
        delivery_schema: if posting.delivery_type == DeliveryType::Ozon { "fbs" } else { "rfbs" },
        tracking_number: &posting.tracking_number,
        tpl_integration_type: posting.delivery_type.as_str(),
        integration_type_flow: posting.flow.as_str(),
        in_process_at: posting.in_process_at,
        shipment_date: posting.shipment_date,
        shipment_date_without_delay: posting.shipment_date_without_delay,
        optional,
        cancellation: cancellation(posting.cancellation.as_deref()),
        customer: posting.buyer.as_ref().map(|buyer| CustomerView {
            customer_id: buyer.customer_id,
            customer_email: &buyer.email,
            name: &buyer.name,
            phone: &buyer.phone,
            address: address(buyer),
        }),
        products: posting
            .lines
            .iter()
            .map(|line| Product {
                is_blr_traceable: false,
                is_marketplace_buyout: false,
                offer_id: &line.offer_id,
                name: &line.name,
                sku: line.sku,
                quantity: line.quantity,
                imei: [],
                weight: f64::from(line.weight_grams) / 1_000.0,
                product_color: &line.color,
                price: money(line.price, &posting.currency),
            })
            .collect(),
        addressee: posting.buyer.as_ref().map(|buyer| Addressee { name: &buyer.name }),
        barcodes: with.barcodes.then(|| barcodes(posting)),
        scanit: posting.scanit(),
        sorting_center: sorting_center(posting),
        analytics_data: with.analytics_data.then(|| analytics(posting)),
        destination_place_id: 0,
        destination_place_name: "",
        financial_data: with.financial_data.then(|| financial(posting)),
        is_express: posting.is_express,
        legal_info: with.legal_info.then(|| legal(posting.legal.as_deref())),
        quantum_id: 0,
        require_blr_traceable_attrs: false,
        requirements,
        tariffication: tariffication(posting),
        external_order: OWN_ORDER,
        volume_weight: f64::from(
            posting
                .lines
                .iter()
                .map(|line| line.weight_grams.saturating_mul(line.quantity))
                .fold(0_u32, u32::saturating_add),
        ) / 1_000.0,
        is_click_and_collect: posting.flow.as_str() == "click_and_collect",
        delivering_date: posting.delivering_date,
        is_multibox: posting.is_multibox,
        multi_box_qty: if posting.is_multibox { 1 } else { posting.boxes },
        is_presortable: false,
        prr_option: "",
        parent_posting_number: posting.parent.as_deref().unwrap_or(""),
        available_actions: available_actions(posting),
        tariffication_steps: tariff_steps(posting),
        container_sort_type: if posting.container.is_some() { "standard" } else { "" },
        container: container(posting),
    }
}

/// A posting as JSON, its overrides applied last.
pub(crate) fn render(posting: &Posting, with: With) -> Result<Box<RawValue>, serde_json::Error> {
    let view = view(posting, with);
    if posting.overrides.is_empty() {
        return to_raw_value(&view);
    }
    let mut shown = serde_json::to_value(&view)?;
    overriding::apply(&mut shown, &posting.overrides);
    to_raw_value(&shown)
}
