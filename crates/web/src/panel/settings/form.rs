//! The settings as the fields of a form, each fault at its field.

use domain::OzonStatus;
use domain::ozon_status::MAPPABLE_SUBSTATUSES;
use domain::push::Step;
use domain::settings::Fault as SettingFault;
use storage::lists::Named;

use super::shop::Shop;
use super::values::Values;
use crate::panel::view::Choice;
use crate::panel::view::settings::{DeliveryRow, MapGroup, MapRow, SettingsForm};
use voice::Voice;

/// The form, with each fault at its field.
pub(crate) fn form(v: Voice, shop: &Shop, values: &Values, faults: &[SettingFault]) -> SettingsForm {
    let at = |key: &str| faults.iter().any(|f| f.key == key);
    let choice_fault = |key: &str| at(key).then(|| v.t("fault-choice"));
    let named = |list: &[Named], key: &str| {
        list.iter().map(|n| Choice::new(n.id, n.name.clone(), values.text(key))).collect::<Vec<_>>()
    };
    let statuses = |first: Option<(&str, String)>, key: &str| {
        let current = values.text(key);
        let first = first.map(|(value, label)| Choice::new(value, label, current));
        let each = shop.statuses.iter().map(|s| Choice::new(s.id, s.name.clone(), current));
        first.into_iter().chain(each).collect::<Vec<_>>()
    };
    let words = |key: &str, codes: &[(&str, &str)]| {
        codes.iter().map(|(code, word)| Choice::new(code, v.t(word), values.text(key))).collect::<Vec<_>>()
    };
    let each_customer = Choice::new("", v.t("customer-each"), values.text("customer_id"));
    let customers = shop.customers.iter().map(|c| {
        let name = shop.customer_name(v, c);
        let label =
            if c.ozon_customer_id.is_some() { v.with("customer-of-ozon-too", "name", name) } else { name };
        Choice::new(c.id, label, values.text("customer_id"))
    });
    let row = |code: &str, name: String| MapRow {
        choices: statuses(Some(("", v.t("map-stays"))), &format!("map.{code}")),
        fault: choice_fault(&format!("status_map.{code}")),
        code: code.to_owned(),
        name,
    };
    SettingsForm {
        schedule_enabled: values.on("schedule_enabled"),
        every_count: values.text("every_count").to_owned(),
        every_unit: words(
            "every_unit",
            &[("minutes", "every-minutes"), ("hours", "every-hours"), ("days", "every-days")],
        ),
        every_fault: at("schedule.every").then(|| v.t("fault-every")),
        at: values.text("at").to_owned(),
        at_fault: at("schedule.at").then(|| v.t("fault-time")),
        zone: v.zone.to_string(),
        source: named(&shop.sources, "source_id"),
        source_fault: choice_fault("source_id"),
        customer: std::iter::once(each_customer).chain(customers).collect(),
        customer_fault: choice_fault("customer_id"),
        posting_number_to: words(
            "posting_number_to",
            &[
                ("order_number", "posting-number-to-order-number"),
                ("customer_name", "posting-number-to-customer-name"),
            ],
        ),
        order_date: words(
            "order_date",
            &[("placed", "order-date-placed"), ("imported", "order-date-imported")],
        ),
        delivery_method: named(&shop.delivery_methods, "delivery_method_id"),
        delivery_method_fault: choice_fault("delivery_method_id"),
        payment_method: named(&shop.payment_methods, "payment_method_id"),
        payment_method_fault: choice_fault("payment_method_id"),
        also_awaiting_deliver: values.on("also_awaiting_deliver"),
        also_box_changes: values.on("also_box_changes"),
        notify_new_orders: values.on("notify_new_orders"),
        notify_status_changes: values.on("notify_status_changes"),
        mail_is_set_up: shop.mail_is_set_up,
        load_barcode: values.on("load_barcode"),
        seller_delivery: Step::ALL
            .map(|step| DeliveryRow {
                code: step.to_string(),
                name: v.t(&format!("setting-{}", step.setting().replace('.', "-"))),
                help: v.with(
                    "setting-seller_delivery-help",
                    "step",
                    v.ozon_word("step", step.into()).unwrap_or_default(),
                ),
                choices: statuses(Some(("", v.t("delivery-not-sent"))), step.setting()),
                fault: choice_fault(step.setting()),
            })
            .into(),
        send_track_numbers: values.on("send_track_numbers"),
        load_from: values.load_day(v.zone),
        load_from_fault: at("load_from").then(|| v.t("fault-date")),
        map: groups(v, shop, &row),
        mark_paid_when_delivered: values.on("mark_paid_when_delivered"),
        cancel_before_work: statuses(None, "cancel_before_work"),
        cancel_in_work: statuses(Some(("flag", v.t("cancel-flag-in-work"))), "cancel_in_work"),
        cancel_shipped: statuses(Some(("flag", v.t("cancel-flag-shipped"))), "cancel_shipped"),
        cancel_fault: faults.iter().any(|f| f.key.starts_with("on_cancel")).then(|| v.t("fault-choice")),
    }
}

/// The status map: statuses in the order in which a posting passes them, then substatuses, then what nobody knows.
fn groups(v: Voice, shop: &Shop, row: &dyn Fn(&str, String) -> MapRow) -> Vec<MapGroup> {
    let known = OzonStatus::KNOWN.iter().filter(|s| **s != OzonStatus::Cancelled);
    let mut groups = vec![
        MapGroup {
            title: String::new(),
            help: String::new(),
            rows: known.map(|s| row(s.code(), v.ozon_status(s.code()))).collect(),
        },
        MapGroup {
            title: v.t("map-substatuses"),
            help: v.t("map-substatuses-help"),
            rows: MAPPABLE_SUBSTATUSES.iter().map(|s| row(s, v.ozon_substatus(s))).collect(),
        },
    ];
    if !shop.unknown_codes.is_empty() {
        groups.push(MapGroup {
            title: v.t("map-unknown"),
            help: v.t("map-unknown-help"),
            rows: shop.unknown_codes.iter().map(|code| row(code, v.ozon_status(code))).collect(),
        });
    }
    groups
}
