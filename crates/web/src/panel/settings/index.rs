//! Every setting in the order of its page: the part it stands in, its words, and how it is found by them.

use domain::OzonStatus;
use domain::ozon_status::MAPPABLE_SUBSTATUSES;
use domain::push::Step;
use domain::search::fold;

use crate::panel::view::settings_shared::{Found, FoundRow};
use voice::Voice;

/// A part of the page, as its source groups the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Заказы.
    Orders,
    /// Обработка заказов.
    Processing,
    /// Доставка по выбору продавца.
    SellerDelivery,
}

impl Part {
    pub(crate) const ALL: [Self; 3] = [Self::Orders, Self::Processing, Self::SellerDelivery];

    /// Its name in forms, and its place on the page.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Processing => "processing",
            Self::SellerDelivery => "seller_delivery",
        }
    }

    pub(crate) fn title(self, v: Voice) -> String {
        match self {
            Self::Orders => v.t("settings-orders"),
            Self::Processing => v.t("settings-processing"),
            Self::SellerDelivery => v.t("settings-seller-delivery"),
        }
    }

    /// Its settings in their order; a family of rows is one.
    pub(crate) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Orders => &[
                "schedule.enabled",
                "schedule.every",
                "schedule.at",
                "source_id",
                "customer_id",
                "posting_number_to",
                "order_date",
                "delivery_method_id",
                "payment_method_id",
                "also_awaiting_deliver",
                "also_box_changes",
                "notify_new_orders",
                "load_barcode",
                "load_from",
            ],
            Self::Processing => {
                &["status_map", "on_cancel", "mark_paid_when_delivered", "notify_status_changes"]
            }
            Self::SellerDelivery => &[
                "seller_delivery.delivering",
                "seller_delivery.last_mile",
                "seller_delivery.delivered",
                "send_track_numbers",
            ],
        }
    }

    /// The part that a key of the settings stands in, be it the key of a row.
    pub(crate) fn of(key: &str) -> Option<Self> {
        let within = |outer: &str, inner: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_of = |part: &Self| part.keys().iter().any(|known| within(known, key) || within(key, known));
        Self::ALL.into_iter().find(is_of)
    }
}

/// A setting as a search shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// Its key, with dots.
    pub(crate) key: &'static str,
    /// Its label.
    pub(crate) label: String,
    /// Its line of help.
    pub(crate) help: String,
    /// Its place on the page.
    pub(crate) anchor: &'static str,
}

/// Every setting, in the order of the page.
pub(crate) fn settings_index(v: Voice) -> Vec<Indexed> {
    let keys = Part::ALL.into_iter().flat_map(Part::keys);
    keys.map(|key| Indexed { key, label: label(v, key), help: help(v, key), anchor: anchor(key) }).collect()
}

fn label(v: Voice, key: &str) -> String {
    v.t(&format!("setting-{}", key.replace('.', "-")))
}

fn help(v: Voice, key: &str) -> String {
    match key {
        "delivery_method_id" | "payment_method_id" => v.t("setting-methods-help"),
        "schedule.at" => v.with("setting-schedule-at-help", "zone", v.zone),
        _ => match Step::ALL.into_iter().find(|step| step.setting() == key) {
            Some(step) => {
                let word = v.ozon_word("step", step.into()).unwrap_or_default();
                v.with("setting-seller_delivery-help", "step", word)
            }
            None => v.t(&format!("setting-{}-help", key.replace('.', "-"))),
        },
    }
}

fn anchor(key: &'static str) -> &'static str {
    if key == "schedule.enabled" { "schedule" } else { key }
}

/// The row of the page that a setting is in; two methods share one.
fn row_of(key: &'static str) -> &'static str {
    if key == "payment_method_id" { "delivery_method_id" } else { anchor(key) }
}

/// What stands in a row beside the words of its setting.
fn inner_words(v: Voice, key: &str) -> Vec<String> {
    match key {
        "status_map" => {
            let statuses = OzonStatus::KNOWN.iter().filter(|s| **s != OzonStatus::Cancelled);
            let statuses = statuses.flat_map(|s| [v.ozon_status(s.code()), s.code().to_owned()]);
            let finer = MAPPABLE_SUBSTATUSES.iter().flat_map(|s| [v.ozon_substatus(s), (*s).to_owned()]);
            statuses.chain(finer).collect()
        }
        "on_cancel" => ["cancel-before-work", "cancel-in-work", "cancel-shipped"].map(|k| v.t(k)).into(),
        "delivery_method_id" => vec![v.t("setting-methods")],
        _ => Vec::new(),
    }
}

/// The rows of the page, and which of them have every word that is looked for.
pub(crate) fn find(v: Voice, text: &str) -> Found {
    let wanted = fold(text);
    let mut rows: Vec<FoundRow> = Vec::new();
    for setting in settings_index(v) {
        let mut words = vec![setting.label, setting.help, setting.key.to_owned()];
        words.extend(inner_words(v, setting.key));
        let words = fold(&words.join(" "));
        let row = row_of(setting.key);
        match rows.last_mut() {
            Some(last) if last.row == row => {
                last.words.push(' ');
                last.words.push_str(&words);
            }
            _ => {
                let part = Part::of(setting.key).map_or("", Part::code);
                rows.push(FoundRow { row, part, words, shown: true });
            }
        }
    }
    for row in &mut rows {
        row.shown = wanted.split(' ').all(|word| row.words.contains(word));
    }
    Found { text: text.trim().to_owned(), rows }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use domain::settings::KEYS;
    use voice::Lang;

    fn voice(lang: Lang) -> Voice {
        Voice { lang, zone: chrono_tz::Europe::Moscow, now: chrono::DateTime::UNIX_EPOCH }
    }

    fn found(text: &str) -> Vec<&'static str> {
        let found = find(voice(Lang::Ru), text);
        found.rows.iter().filter(|row| row.shown).map(|row| row.row).collect()
    }

    #[test]
    fn every_setting_has_its_words_and_its_place_in_both_languages() {
        for lang in Lang::ALL {
            for setting in settings_index(voice(lang)) {
                for words in [&setting.label, &setting.help] {
                    let complete = !words.contains("Unknown") && !words.contains('$') && !words.is_empty();
                    assert!(complete, "{}: {words}", setting.key);
                }
            }
        }
    }

    #[test]
    fn every_key_of_the_settings_stands_on_the_page_and_no_other() {
        let stored = serde_json::to_value(crate::panel::settings::values::tests::stored());
        let stored = stored.expect("plain values");
        let stored = stored.as_object().expect("an object");
        let keys: BTreeSet<&str> = stored.keys().map(String::as_str).collect();
        assert_eq!(keys, KEYS.iter().copied().collect(), "what a change may name is what is stored");
        // These families stand on the page row by row.
        let rows = |(key, value): (&String, &serde_json::Value)| match (key.as_str(), value.as_object()) {
            ("schedule" | "seller_delivery", Some(leaves)) => {
                leaves.keys().map(|leaf| format!("{key}.{leaf}")).collect()
            }
            _ => vec![key.clone()],
        };
        let wanted: BTreeSet<String> = stored.iter().flat_map(rows).collect();
        let shown = Part::ALL.into_iter().flat_map(Part::keys).map(|key| (*key).to_owned());
        assert_eq!(shown.collect::<BTreeSet<_>>(), wanted);
    }

    #[test]
    fn every_place_of_the_index_is_on_the_page() {
        let page = include_str!("../../../templates/settings.html");
        for setting in settings_index(voice(Lang::Ru)) {
            // The rows of the seller's own delivery are written in a loop.
            let id = format!("id=\"{}\"", setting.anchor);
            let looped = setting.anchor.starts_with("seller_delivery.");
            assert!(looped || page.contains(&id), "{} has no place on the page", setting.anchor);
        }
    }

    #[test]
    fn a_setting_is_found_by_label_help_key_and_the_rows_within_it() {
        assert_eq!(found("штрихкод"), ["load_barcode"]);
        assert_eq!(found("LOAD_barcode"), ["load_barcode"]);
        assert_eq!(found("Трек-НОМЕР"), ["send_track_numbers"]);
        assert!(found("арбитраж").contains(&"status_map"));
        assert_eq!(found("методы загруженные никогда"), [""; 0]);
        assert_eq!(found("оплаты по умолчанию"), ["delivery_method_id"], "two methods are one row");
    }

    #[test]
    fn yo_is_ye_and_nothing_looked_for_shows_everything() {
        assert_eq!(found("отмён"), found("отмен"));
        assert!(found("отмён").contains(&"on_cancel"));
        assert_eq!(found("  ").len(), 21);
    }

    #[test]
    fn a_row_of_a_family_belongs_to_the_part_of_its_family() {
        assert_eq!(Part::of("status_map.delivered"), Some(Part::Processing));
        assert_eq!(Part::of("seller_delivery"), Some(Part::SellerDelivery));
        assert_eq!(Part::of("schedule"), Some(Part::Orders));
        assert_eq!(Part::of("load_from"), Some(Part::Orders));
        assert_eq!(Part::of("load"), None);
    }
}
