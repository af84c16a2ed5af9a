//! Owns the shape of a posting in `/v3/posting/fbs/get` (API section 3.4). Does not find it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::overriding;
use super::parts::{
    AddressView, Analytics, Barcodes, COMMISSION_PERCENT, CancellationView, ContainerView, ExternalOrder,
    LegalView, MethodView, OWN_ORDER, Optional, Requirements, SortingCenter, TariffStep, address, analytics,
    barcodes, cancellation, container, discount_percent, legal, method, number, requirements, settlement,
    sorting_center, tariff_steps,
};
use super::request::With;
use crate::model::actions::available_actions;
use crate::model::posting::{Minor, Posting};
use crate::model::vocabulary::{DeliveryType, Status};

/// `1530.0000`.
struct LongAmount(Minor);

impl Serialize for LongAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:02}00", self.0 / 100, self.0 % 100))
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are Ozon's flags")]
struct View<'a> {
    posting_number: &'a str,
    order_id: i64,
    order_number: &'a str,
    status: &'a str,
    delivery_method: MethodView<'a>,
    tracking_number: &'a str,
    tpl_integration_type: &'a str,
    integration_type_flow: &'a str,
    in_process_at: DateTime<Utc>,
    shipment_date: Option<DateTime<Utc>>,
    delivering_date: Option<DateTime<Utc>>,
    provider_status: &'static str,
    delivery_price: &'static str,
    cancellation: CancellationView<'a>,
    container: Option<ContainerView>,
    container_sort_type: &'static str,
    customer: Option<CustomerView<'a>>,
    addressee: Option<Addressee<'a>>,
    products: Vec<Product<'a>>,
    barcodes: Option<Barcodes>,
    scanit: Option<String>,
    sorting_center: Option<SortingCenter>,
    analytics_data: Option<Analytics<'a>>,
    financial_data: Option<Financial<'a>>,
    additional_data: [&'static str; 0],
    is_express: bool,
    requirements: Requirements,
    product_exemplars: Option<Value>,
    courier: Option<Courier>,
    parent_posting_number: &'a str,
    related_postings: Option<RelatedPostings<'a>>,
    available_actions: Vec<&'static str>,
    multi_box_qty: u32,
    is_multibox: bool,
    substatus: &'a str,
    previous_substatus: &'a str,
    prr_option: PrrOption<'a>,
    tariffication: Tariffication<'a>,
    destination_place_id: i64,
    destination_place_name: &'static str,
    is_presortable: bool,
    pickup_code_verified_at: Option<DateTime<Utc>>,
    optional: Optional<String>,
    fact_delivery_date: Option<DateTime<Utc>>,
    legal_info: LegalView<'a>,
    related_weight_postings: [&'static str; 0],
    shipment_date_without_delay: Option<DateTime<Utc>>,
    require_blr_traceable_attrs: bool,
    is_click_and_collect: bool,
    tariffication_steps: Vec<TariffStep<'a>>,
    external_order: ExternalOrder,
}

#[derive(Serialize)]
struct CustomerView<'a> {
    customer_id: i64,
    name: &'a str,
    phone: &'a str,
    address: AddressView<'a>,
}

/// The substitute number's extension is only here.
#[derive(Serialize)]
struct Addressee<'a> {
    name: &'a str,
    phone: &'a str,
    pin: &'a str,
}

#[derive(Serialize)]
struct Product<'a> {
    price: LongAmount,
    offer_id: &'a str,
    name: &'a str,
    sku: i64,
    quantity: u32,
    dimensions: Dimensions,
    currency_code: &'a str,
    is_blr_traceable: bool,
    is_marketplace_buyout: bool,
    has_imei: bool,
    mandatory_mark: [&'static str; 0],
    jw_uin: [&'static str; 0],
    weight_max: f64,
    weight_min: f64,
    is_weight_needed: bool,
}

/// Millimetres and grams as texts.
#[derive(Serialize)]
struct Dimensions {
    height: String,
    length: String,
    weight: String,
    width: String,
}

#[derive(Serialize)]
struct Financial<'a> {
    products: Vec<FinancialProduct<'a>>,
    cluster_from: &'a str,
    cluster_to: &'a str,
}

#[derive(Serialize)]
struct FinancialProduct<'a> {
    commission_amount: f64,
    commission_percent: i64,
    commissions_currency_code: &'a str,
    payout: f64,
    product_id: i64,
    old_price: f64,
    price: f64,
    currency_code: &'a str,
    customer_price: f64,
    customer_currency_code: &'a str,
    total_discount_value: f64,
    total_discount_percent: f64,
    quantity: u32,
    actions: [&'static str; 0],
}

#[derive(Serialize)]
struct Courier {
    car_model: &'static str,
    car_number: &'static str,
    name: &'static str,
    phone: &'static str,
}

#[derive(Serialize)]
struct RelatedPostings<'a> {
    related_posting_numbers: Vec<&'a str>,
}

#[derive(Serialize)]
struct PrrOption<'a> {
    code: &'static str,
    price: &'static str,
    currency_code: &'a str,
    floor: &'static str,
}

#[derive(Serialize)]
struct Tariffication<'a> {
    current_tariff_rate: f64,
    current_tariff_type: &'static str,
    current_tariff_charge: &'static str,
    current_tariff_charge_currency_code: &'a str,
    next_tariff_rate: f64,
    next_tariff_type: &'static str,
    next_tariff_charge: &'static str,
    next_tariff_starts_at: Option<DateTime<Utc>>,
    next_tariff_charge_currency_code: &'a str,
}

fn products(posting: &Posting) -> Vec<Product<'_>> {
    posting
        .lines
        .iter()
        .map(|line| Product {
            price: LongAmount(line.price),
            offer_id: &line.offer_id,
            name: &line.name,
            sku: line.sku,
            quantity: line.quantity,
            dimensions: Dimensions {
                height: format!("{}.00", line.size[0]),
                length: format!("{}.00", line.size[1]),
                weight: line.weight_grams.to_string(),
                width: format!("{}.00", line.size[2]),
            },
            currency_code: &posting.currency,
            is_blr_traceable: false,
            is_marketplace_buyout: false,
            has_imei: false,
            mandatory_mark: [],
            jw_uin: [],
            weight_max: f64::from(line.weight_grams) / 1_000.0,
            weight_min: 0.0,
            is_weight_needed: false,
        })
        .collect()
}

fn financial(posting: &Posting) -> Financial<'_> {
    let currency = &*posting.currency;
    let products = posting
        .lines
        .iter()
        .map(|line| {
            let (commission_amount, payout) = settlement(posting, line);
            FinancialProduct {
                commission_amount,
                commission_percent: if posting.is_settled() { COMMISSION_PERCENT } else { 0 },
                commissions_currency_code: currency,
                payout,
                product_id: line.sku,
                old_price: number(line.old_price),
                price: number(line.price),
                currency_code: currency,
                customer_price: number(line.customer_price),
                customer_currency_code: currency,
                total_discount_value: number(line.old_price - line.price),
                total_discount_percent: discount_percent(line),
                quantity: line.quantity,
                actions: [],
            }
        })
        .collect();
    Financial { products, cluster_from: &posting.route.warehouse.city, cluster_to: posting.city_to }
}

/// One exemplar for each piece.
fn exemplars(posting: &Posting) -> Value {
    let products: Vec<Value> = posting
        .lines
        .iter()
        .map(|line| {
            let exemplars: Vec<Value> = (0..i64::from(line.quantity))
                .map(|piece| {
                    json!({
                        "exemplar_id": posting.id * 1_000 + piece,
                        "mandatory_mark": "",
                        "gtd": "",
                        "is_gtd_absent": true,
                        "rnpt": "",
                        "is_rnpt_absent": true,
                        "weight": f64::from(line.weight_grams) / 1_000.0,
                        "imei": [],
                    })
                })
                .collect();
            json!({"sku": line.sku, "exemplars": exemplars})
        })
        .collect();
    json!({ "products": products })
}

fn view(posting: &Posting, with: With) -> View<'_> {
    let (requirements, optional) = requirements(posting);
    let currency = &*posting.currency;
    let next_tariff = posting.shipment_date;
    View {
        posting_number: &posting.posting_number,
        order_id: posting.order_id,
        order_number: &posting.order_number,
        status: posting.status.as_str(),
        delivery_method: method(posting),
        tracking_number: &posting.tracking_number,
        tpl_integration_type: posting.delivery_type.as_str(),
        integration_type_flow: posting.flow.as_str(),
        in_process_at: posting.in_process_at,
        shipment_date: posting.shipment_date,
        delivering_date: posting.delivering_date,
        provider_status: "",
        delivery_price: "",
        cancellation: cancellation(posting.cancellation.as_deref()),
        container: container(posting),
        container_sort_type: if posting.container.is_some() { "standard" } else { "" },
        customer: posting.buyer.as_ref().map(|buyer| CustomerView {
            customer_id: buyer.customer_id,
            name: &buyer.name,
            phone: &buyer.phone,
            address: address(buyer),
        }),
        addressee: posting.buyer.as_ref().map(|buyer| Addressee {
            name: &buyer.name,
            phone: &buyer.phone,
            pin: buyer.pin.as_deref().unwrap_or(""),
        }),
        products: products(posting),
        barcodes: with.barcodes.then(|| barcodes(posting)),
        scanit: posting.scanit(),
        sorting_center: sorting_center(posting),
        analytics_data: with.analytics_data.then(|| analytics(posting)),
        financial_data: with.financial_data.then(|| financial(posting)),
        additional_data: [],
        is_express: posting.is_express,
        requirements,
        product_exemplars: with.product_exemplars.then(|| exemplars(posting)),
        courier: (posting.delivery_type == DeliveryType::Aggregator
            && matches!(posting.status, Status::DriverPickup | Status::Delivering))
        .then_some(Courier {
            car_model: "Фургон", car_number: "К204УР", name: "Курьер", phone: ""
        }),
        parent_posting_number: posting.parent.as_deref().unwrap_or(""),
        related_postings: with.related_postings.then(|| RelatedPostings {
            related_posting_numbers: posting.related.iter().map(AsRef::as_ref).collect(),
        }),
        available_actions: available_actions(posting),
        multi_box_qty: if posting.is_multibox { 1 } else { posting.boxes },
        is_multibox: posting.is_multibox,
        substatus: &posting.substatus,
        previous_substatus: &posting.previous_substatus,
        prr_option: PrrOption { code: "", price: "", currency_code: currency, floor: "" },
        tariffication: Tariffication {
            current_tariff_rate: 0.0,
            current_tariff_type: "no_discount",
            current_tariff_charge: "",
            current_tariff_charge_currency_code: currency,
            next_tariff_rate: if next_tariff.is_some() { 1.0 } else { 0.0 },
            next_tariff_type: if next_tariff.is_some() { "commission" } else { "" },
            next_tariff_charge: if next_tariff.is_some() { "50" } else { "" },
            next_tariff_starts_at: next_tariff.map(|at| at + TimeDelta::seconds(1)),
            next_tariff_charge_currency_code: currency,
        },
        destination_place_id: 0,
        destination_place_name: "",
        is_presortable: false,
        pickup_code_verified_at: None,
        optional: optional.as_texts(),
        fact_delivery_date: posting.delivering_date,
        // Without `with.legal_info` Ozon's example has the block with empty texts, not null.
        legal_info: legal(posting.legal.as_deref().filter(|_| with.legal_info)),
        related_weight_postings: [],
        shipment_date_without_delay: posting.shipment_date_without_delay,
        require_blr_traceable_attrs: false,
        is_click_and_collect: posting.flow.as_str() == "click_and_collect",
        tariffication_steps: tariff_steps(posting),
        external_order: OWN_ORDER,
    }
}

/// A posting as JSON, its overrides applied last.
pub(crate) fn render(posting: &Posting, with: With) -> Result<Value, serde_json::Error> {
    let mut shown = serde_json::to_value(view(posting, with))?;
    overriding::apply(&mut shown, &posting.overrides);
    Ok(shown)
}
