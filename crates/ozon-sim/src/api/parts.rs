//! Owns the parts of a posting's JSON that v4 lists and v3 get have in common, and the writing of
//! money. Does not own either whole.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Serialize, Serializer};

use crate::model::posting::{Buyer, Cancellation, LegalEntity, Line, Minor, Posting};
use crate::model::vocabulary::{DeliveryType, Status};

/// Commission in whole per cent; the same for all goods.
pub(crate) const COMMISSION_PERCENT: i64 = 14;

/// The last step of a tariff has this end [official example].
pub(crate) const NEVER: &str = "9999-12-31T23:59:59.999999900Z";

/// `1530.00`.
pub(crate) struct Amount(pub(crate) Minor);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

/// A money object of v4.
#[derive(Serialize)]
pub(crate) struct Money<'a> {
    amount: Amount,
    currency: &'a str,
}

/// A money object in minor units of a currency.
pub(crate) fn money(amount: Minor, currency: &str) -> Money<'_> {
    Money { amount: Amount(amount), currency }
}

/// Money as a JSON number; exact enough for showing.
#[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 kopecks")]
pub(crate) fn number(amount: Minor) -> f64 {
    amount as f64 / 100.0
}

#[derive(Serialize)]
pub(crate) struct MethodView<'a> {
    id: i64,
    name: &'a str,
    warehouse_id: i64,
    warehouse: &'a str,
    tpl_provider_id: i64,
    tpl_provider: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Optional<T> {
    products_with_possible_mandatory_mark: Vec<T>,
}

impl Optional<i64> {
    /// v3 get declares the list as texts where the v4 lists have numbers.
    pub(crate) fn as_texts(&self) -> Optional<String> {
        let skus = self.products_with_possible_mandatory_mark.iter();
        Optional { products_with_possible_mandatory_mark: skus.map(ToString::to_string).collect() }
    }
}

#[derive(Serialize)]
pub(crate) struct CancellationView<'a> {
    cancel_reason_id: i64,
    cancel_reason: &'a str,
    cancellation_type: &'static str,
    cancelled_after_ship: bool,
    affect_cancellation_rating: bool,
    cancellation_initiator: &'static str,
}

#[derive(Serialize)]
pub(crate) struct AddressView<'a> {
    address_tail: &'a str,
    city: &'a str,
    comment: &'a str,
    country: &'static str,
    district: &'a str,
    latitude: f64,
    longitude: f64,
    provider_pvz_code: &'static str,
    pvz_code: i64,
    region: &'a str,
    zip_code: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Barcodes {
    upper_barcode: String,
    lower_barcode: String,
}

#[derive(Serialize)]
pub(crate) struct SortingCenter {
    code: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
pub(crate) struct ContainerView {
    cargo_type: &'static str,
    container_date: NaiveDate,
    container_id: i64,
    container_number: u32,
}

#[derive(Serialize)]
pub(crate) struct Analytics<'a> {
    region: &'a str,
    city: &'a str,
    delivery_type: &'static str,
    is_premium: bool,
    payment_type_group_name: &'static str,
    warehouse_id: i64,
    warehouse: &'a str,
    tpl_provider_id: i64,
    tpl_provider: &'a str,
    delivery_date_begin: DateTime<Utc>,
    delivery_date_end: DateTime<Utc>,
    is_legal: bool,
    client_delivery_date_begin: Option<DateTime<Utc>>,
    client_delivery_date_end: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
pub(crate) struct LegalView<'a> {
    company_name: &'a str,
    inn: &'a str,
    kpp: &'a str,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "they are Ozon's names")]
pub(crate) struct Requirements {
    products_requiring_gtd: [i64; 0],
    products_requiring_country: [i64; 0],
    products_requiring_mandatory_mark: Vec<i64>,
    products_requiring_rnpt: [i64; 0],
    products_requiring_jw_uin: [i64; 0],
    products_requiring_change_country: [i64; 0],
    products_requiring_imei: [i64; 0],
    products_requiring_weight: [i64; 0],
}

#[derive(Serialize)]
pub(crate) struct TariffStep<'a> {
    min_charge: Option<Money<'a>>,
    tariff_charge: Money<'a>,
    tariff_deadline_at: Deadline,
    tariff_rate: f64,
    tariff_type: &'static str,
}

/// An instant or never.
pub(crate) enum Deadline {
    At(DateTime<Utc>),
    Never,
}

impl Serialize for Deadline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(at) => at.serialize(serializer),
            Self::Never => serializer.serialize_str(NEVER),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct ExternalOrder {
    is_external: bool,
    platform_name: &'static str,
}

pub(crate) const OWN_ORDER: ExternalOrder = ExternalOrder { is_external: false, platform_name: "" };

pub(crate) fn method(posting: &Posting) -> MethodView<'_> {
    let method = &posting.route.method;
    MethodView {
        id: method.id,
        name: &method.name,
        warehouse_id: posting.route.warehouse.id,
        warehouse: &posting.route.warehouse.name,
        tpl_provider_id: method.provider_id,
        tpl_provider: &method.provider,
    }
}

pub(crate) fn cancellation(cancellation: Option<&Cancellation>) -> CancellationView<'_> {
    cancellation.map_or(
        CancellationView {
            cancel_reason_id: 0,
            cancel_reason: "",
            cancellation_type: "",
            cancelled_after_ship: false,
            affect_cancellation_rating: false,
            cancellation_initiator: "",
        },
        |cancellation| CancellationView {
            cancel_reason_id: cancellation.reason_id,
            cancel_reason: &cancellation.reason,
            cancellation_type: cancellation.by.kind(),
            cancelled_after_ship: cancellation.after_ship,
            affect_cancellation_rating: cancellation.by.kind() == "seller",
            cancellation_initiator: cancellation.by.initiator(),
        },
    )
}

pub(crate) fn address(buyer: &Buyer) -> AddressView<'_> {
    let address = &buyer.address;
    AddressView {
        address_tail: &address.tail,
        city: &address.city,
        comment: &address.comment,
        country: "Россия",
        district: &address.district,
        latitude: address.latitude,
        longitude: address.longitude,
        provider_pvz_code: "",
        pvz_code: 0,
        region: &address.region,
        zip_code: &address.zip,
    }
}

pub(crate) fn barcodes(posting: &Posting) -> Barcodes {
    let lower_barcode = posting.barcode();
    Barcodes {
        // The upper one is the same number without the marks of the machine-read form.
        upper_barcode: lower_barcode.replace("%1%", ""),
        lower_barcode,
    }
}

/// Where a hybrid posting is brought to.
pub(crate) fn sorting_center(posting: &Posting) -> Option<SortingCenter> {
    (posting.delivery_type == DeliveryType::Hybryd)
        .then_some(SortingCenter {
            code: "СЦ-040", name: "Сортировочный центр «Южный тракт»"
        })
}

pub(crate) fn container(posting: &Posting) -> Option<ContainerView> {
    posting.container.map(|container| ContainerView {
        cargo_type: "BOX",
        container_date: container.made_on,
        container_id: container.id,
        container_number: container.number,
    })
}

/// City and region are shown for realFBS only (API section 3.5).
pub(crate) fn analytics(posting: &Posting) -> Analytics<'_> {
    let address = posting.buyer.as_ref().map(|buyer| &buyer.address);
    let method = &posting.route.method;
    Analytics {
        region: address.map_or("", |address| &address.region),
        city: address.map_or("", |address| &address.city),
        delivery_type: match posting.delivery_type {
            DeliveryType::Ozon | DeliveryType::Hybryd => "PVZ",
            _ => "Courier",
        },
        is_premium: posting.is_premium,
        payment_type_group_name: posting.payment,
        warehouse_id: posting.route.warehouse.id,
        warehouse: &posting.route.warehouse.name,
        tpl_provider_id: method.provider_id,
        tpl_provider: &method.provider,
        delivery_date_begin: posting.delivery_window.0,
        delivery_date_end: posting.delivery_window.1,
        is_legal: posting.legal.is_some(),
        client_delivery_date_begin: None,
        client_delivery_date_end: None,
    }
}

/// Commission and payout: nought until delivered (API section 3.5).
pub(crate) fn settlement(posting: &Posting, line: &Line) -> (f64, f64) {
    if !posting.is_settled() {
        return (0.0, 0.0);
    }
    let commission = line.price * COMMISSION_PERCENT / 100;
    (number(commission), number(line.price - commission))
}

pub(crate) fn discount_percent(line: &Line) -> f64 {
    if line.old_price == 0 {
        return 0.0;
    }
    let hundredths = (line.old_price - line.price) * 10_000 / line.old_price;
    number(hundredths)
}

pub(crate) fn legal(legal: Option<&LegalEntity>) -> LegalView<'_> {
    LegalView {
        company_name: legal.map_or("", |legal| &legal.company_name),
        inn: legal.map_or("", |legal| &legal.inn),
        kpp: legal.map_or("", |legal| &legal.kpp),
    }
}

pub(crate) fn requirements(posting: &Posting) -> (Requirements, Optional<i64>) {
    let marked: Vec<i64> = posting.lines.iter().filter(|line| line.is_marked).map(|line| line.sku).collect();
    let (required, possible) =
        if posting.status == Status::AwaitingPackaging { (marked, Vec::new()) } else { (Vec::new(), marked) };
    (
        Requirements {
            products_requiring_gtd: [],
            products_requiring_country: [],
            products_requiring_mandatory_mark: required,
            products_requiring_rnpt: [],
            products_requiring_jw_uin: [],
            products_requiring_change_country: [],
            products_requiring_imei: [],
            products_requiring_weight: [],
        },
        Optional { products_with_possible_mandatory_mark: possible },
    )
}

pub(crate) fn tariff_steps(posting: &Posting) -> Vec<TariffStep<'_>> {
    let Some(cutoff) = posting.shipment_date else {
        return Vec::new();
    };
    let currency = &*posting.currency;
    let step = |at, rate, kind, charge: Minor| TariffStep {
        min_charge: (charge > 0).then(|| money(charge, currency)),
        tariff_charge: money(charge, currency),
        tariff_deadline_at: at,
        tariff_rate: rate,
        tariff_type: kind,
    };
    vec![
        step(Deadline::At(cutoff), 0.0, "no_discount", 0),
        step(Deadline::At(cutoff + TimeDelta::hours(24)), 1.0, "commission", 5_000),
        step(Deadline::Never, 3.0, "commission", 15_000),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_digits_after_the_point() {
        let text = |minor| serde_json::to_string(&Amount(minor)).expect("a text");
        assert_eq!(text(153_000), "\"1530.00\"");
        assert_eq!(text(5), "\"0.05\"");
        assert_eq!(text(100_099), "\"1000.99\"");
    }
}
