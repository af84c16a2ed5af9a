//! The order settings of a cabinet, grouped as on the page that they come from.

use askama::Template;
use domain::CabinetId;

use super::lists::ListTab;
use super::overtaken::Overtaken;
use super::settings_shared::{Found, Version};
use super::{Choice, Frame, Link};
use crate::panel::routes::Page;
use voice::Voice;

/// The order settings of a cabinet.
#[derive(Template)]
#[template(path = "settings.html")]
pub struct SettingsPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// What the form shows.
    pub form: SettingsForm,
    /// The version that the form shows, or was typed upon.
    pub version: u32,
    /// What somebody else has saved meanwhile.
    pub overtaken: Option<Overtaken>,
    /// How many faults there are; nought hides the word.
    pub faults: u64,
    /// Faults that belong to no field shown.
    pub other_faults: Vec<String>,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// What a search of the settings found.
    pub find: Found,
    /// The newest versions, newest first.
    pub versions: Vec<Version>,
    /// Where the change that was just saved for new orders alone can be applied to the others.
    pub afterwards: Option<Link>,
    /// Where the newest version can be applied to what is loaded, when that could make a difference.
    pub apply_again: Option<String>,
}

/// The fields, as typed or as stored. Each `…_fault` says what is wrong with its field.
#[derive(Default)]
pub struct SettingsForm {
    /// Row 1.
    pub schedule_enabled: bool,
    /// Row 2: the count.
    pub every_count: String,
    /// Row 2: minutes, hours or days.
    pub every_unit: Vec<Choice>,
    /// Row 2.
    pub every_fault: Option<String>,
    /// Row 2: `HH:MM`.
    pub at: String,
    /// Row 2.
    pub at_fault: Option<String>,
    /// The shop's zone, for the time's help.
    pub zone: String,
    /// Row 3.
    pub source: Vec<Choice>,
    /// Row 3.
    pub source_fault: Option<String>,
    /// Row 4.
    pub customer: Vec<Choice>,
    /// Row 4.
    pub customer_fault: Option<String>,
    /// Row 5.
    pub posting_number_to: Vec<Choice>,
    /// Row 6.
    pub order_date: Vec<Choice>,
    /// Row 7.
    pub delivery_method: Vec<Choice>,
    /// Row 7.
    pub delivery_method_fault: Option<String>,
    /// Row 7.
    pub payment_method: Vec<Choice>,
    /// Row 7.
    pub payment_method_fault: Option<String>,
    /// Row 8.
    pub also_awaiting_deliver: bool,
    /// Row 9.
    pub also_box_changes: bool,
    /// Row 10.
    pub notify_new_orders: bool,
    /// Row 11.
    pub load_barcode: bool,
    /// `YYYY-MM-DD`.
    pub load_from: String,
    /// What is wrong with it.
    pub load_from_fault: Option<String>,
    /// Row 12: statuses, then substatuses, then unknown codes.
    pub map: Vec<MapGroup>,
    /// Row 13.
    pub mark_paid_when_delivered: bool,
    /// Row 14.
    pub notify_status_changes: bool,
    /// Letters can be sent; without that the two switches above do nothing yet.
    pub mail_is_set_up: bool,
    /// `on_cancel.before_work`.
    pub cancel_before_work: Vec<Choice>,
    /// `on_cancel.in_work`.
    pub cancel_in_work: Vec<Choice>,
    /// `on_cancel.shipped`.
    pub cancel_shipped: Vec<Choice>,
    /// What is wrong with them.
    pub cancel_fault: Option<String>,
    /// Row 15.
    pub seller_delivery: Vec<DeliveryRow>,
    /// Row 16.
    pub send_track_numbers: bool,
}

/// A row of "Доставка по выбору продавца".
pub struct DeliveryRow {
    /// The last part of its key.
    pub code: String,
    /// Its label.
    pub name: String,
    /// What it does.
    pub help: String,
    /// The shop's statuses.
    pub choices: Vec<Choice>,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// Rows of the status map that belong together.
pub struct MapGroup {
    /// Heading; empty for the first.
    pub title: String,
    /// One line of help.
    pub help: String,
    /// The rows.
    pub rows: Vec<MapRow>,
}

/// A row of the status map.
pub struct MapRow {
    /// Ozon's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The shop's statuses.
    pub choices: Vec<Choice>,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// One changed key.
pub struct Change {
    /// What it is a row of, where it is one.
    pub group: Option<String>,
    /// The setting's label.
    pub label: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

#[cfg(test)]
impl SettingsPage {
    /// As stored, and with faults.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        use domain::OzonStatus;
        use domain::ozon_status::MAPPABLE_SUBSTATUSES;

        let statuses = |chosen: &str| {
            let mut all = vec![Choice::new("", v.t("map-stays"), chosen)];
            all.extend(
                ["Новый", "Собран", "Отправлен", "Доставлен"]
                    .iter()
                    .zip(1..)
                    .map(|(n, id)| Choice::new(id, *n, chosen)),
            );
            all
        };
        let row = |code: &str, name: String| MapRow {
            code: code.into(),
            name,
            choices: statuses("2"),
            fault: None,
        };
        let page = |bad: bool, looked_for: &str| {
            let fault = bad.then(|| v.t("fault-every"));
            Self {
                frame: Frame::sample(v, Section::Cabinets),
                v,
                id: CabinetId(1),
                cabinet: "Дом и свет".into(),
                form: SettingsForm {
                    schedule_enabled: true,
                    every_count: if bad { "пять".into() } else { "5".into() },
                    every_unit: ["minutes", "hours", "days"]
                        .map(|u| Choice::new(u, v.t(&format!("every-{u}")), "minutes"))
                        .into(),
                    every_fault: fault.clone(),
                    at: "06:00".into(),
                    at_fault: fault.clone(),
                    zone: "Europe/Moscow".into(),
                    source: vec![Choice::new(1, "Ozon", "1")],
                    source_fault: fault.clone(),
                    customer: vec![Choice::new("", v.t("customer-each"), "")],
                    customer_fault: fault.clone(),
                    posting_number_to: ["order_number", "customer_name"]
                        .map(|c| {
                            Choice::new(
                                c,
                                v.t(&format!("posting-number-to-{}", c.replace('_', "-"))),
                                "order_number",
                            )
                        })
                        .into(),
                    order_date: ["placed", "imported"]
                        .map(|c| Choice::new(c, v.t(&format!("order-date-{c}")), "placed"))
                        .into(),
                    delivery_method: vec![Choice::new(1, "Доставка Ozon", "1")],
                    delivery_method_fault: fault.clone(),
                    payment_method: vec![Choice::new(1, "Оплата через Ozon", "1")],
                    payment_method_fault: fault.clone(),
                    also_awaiting_deliver: false,
                    also_box_changes: true,
                    load_barcode: true,
                    notify_new_orders: true,
                    notify_status_changes: false,
                    mail_is_set_up: bad,
                    seller_delivery: vec![DeliveryRow {
                        code: "delivering".into(),
                        name: v.t("setting-seller_delivery-delivering"),
                        help: v.with("setting-seller_delivery-help", "step", v.t("step-delivering")),
                        choices: statuses("3"),
                        fault: fault.clone(),
                    }],
                    send_track_numbers: true,
                    load_from: "2026-10-24".into(),
                    load_from_fault: fault.clone(),
                    map: vec![
                        MapGroup {
                            title: String::new(),
                            help: String::new(),
                            rows: OzonStatus::KNOWN
                                .iter()
                                .filter(|s| **s != OzonStatus::Cancelled)
                                .map(|s| row(s.code(), v.ozon_status(s.code())))
                                .collect(),
                        },
                        MapGroup {
                            title: v.t("map-substatuses"),
                            help: v.t("map-substatuses-help"),
                            rows: MAPPABLE_SUBSTATUSES.iter().map(|s| row(s, v.ozon_substatus(s))).collect(),
                        },
                        MapGroup {
                            title: v.t("map-unknown"),
                            help: v.t("map-unknown-help"),
                            rows: vec![row("teleported", v.ozon_status("teleported"))],
                        },
                    ],
                    mark_paid_when_delivered: true,
                    cancel_before_work: statuses("1"),
                    cancel_in_work: statuses("1"),
                    cancel_shipped: statuses("1"),
                    cancel_fault: fault,
                },
                version: 3,
                overtaken: None,
                faults: if bad { 3 } else { 0 },
                other_faults: if bad { vec!["`x` is not a setting".into()] } else { Vec::new() },
                tabs: super::settings_shared::tabs(v, CabinetId(1), true, &Page::Settings(CabinetId(1))),
                find: crate::panel::settings::index::find(v, looked_for),
                versions: Version::samples(v),
                afterwards: bad.then(|| Link {
                    href: Page::SettingsEffect(CabinetId(1)).with([("since", 1)]),
                    text: v.t("settings-afterwards-link"),
                }),
                apply_again: (!bad).then(|| Page::SettingsEffect(CabinetId(1)).with([("since", 1)])),
            }
        };
        vec![
            ("settings", page(false, "")),
            ("settings-faults", page(true, "")),
            ("settings-overtaken", Self { overtaken: Some(Overtaken::sample(v)), ..page(false, "") }),
            ("settings-found", page(false, "<b> штрихкод")),
            ("settings-found-some", page(false, "ozon")),
        ]
    }
}
