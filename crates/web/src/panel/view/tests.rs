//! Every template is rendered with every sample in both languages.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Moscow;

use super::*;
use voice::{Lang, Voice};

type Samples = Vec<(&'static str, String)>;

fn voice(lang: Lang) -> Voice {
    let now: DateTime<Utc> = "2026-11-23T11:05:00Z".parse().expect("a literal time");
    Voice { lang, zone: Moscow, now }
}

fn rendered<T: askama::Template>(samples: Vec<(&'static str, T)>) -> Samples {
    samples.into_iter().map(|(name, page)| (name, page.render().expect(name))).collect()
}

fn all(v: Voice) -> Samples {
    [
        rendered(overview::OverviewPage::samples(v)),
        rendered(search::SearchPage::samples(v)),
        rendered(search::SearchFragment::samples(v)),
        rendered(first_steps::FirstStepsPage::samples(v)),
        rendered(orders::OrdersPage::samples(v)),
        rendered(bulk::BulkPage::samples(v)),
        rendered(orders::RowsFragment::samples(v)),
        rendered(orders::NewsFragment::samples(v)),
        rendered(order::OrderPage::samples(v)),
        rendered(print::PrintedOrder::samples(v)),
        rendered(print::PickListPage::samples(v)),
        rendered(cabinets::CabinetsPage::samples(v)),
        rendered(cabinets::NewCabinetPage::samples(v)),
        rendered(cabinets::CabinetPage::samples(v)),
        rendered(cabinets::LoadPanel::samples(v)),
        rendered(rehearsal::RehearsalPanel::samples(v)),
        rendered(settings::SettingsPage::samples(v)),
        rendered(effect::EffectPage::samples(v)),
        rendered(settings_versions::VersionsPage::samples(v)),
        rendered(settings_versions::VersionPage::samples(v)),
        rendered(settings_copy::CopyPage::samples(v)),
        rendered(settings_file::FilePage::samples(v)),
        rendered(exchange::ExchangePage::samples(v)),
        rendered(warehouses::WarehousesPage::samples(v)),
        rendered(messages::MessagesPage::samples(v)),
        rendered(messages::PushMessagesPage::samples(v)),
        rendered(mail::MailPage::samples(v)),
        rendered(reconciliation::ReconciliationPage::samples(v)),
        rendered(mail::LetterPage::samples(v)),
        rendered(runs::RunsPage::samples(v)),
        rendered(postings::PostingsPage::samples(v)),
        rendered(postings::PostingPage::samples(v)),
        rendered(lists::StatusesPage::samples(v)),
        rendered(lists::NamedPage::samples(v)),
        rendered(customers::CustomersPage::samples(v)),
        rendered(customers::CustomerPage::samples(v)),
        rendered(lists::NumberTemplatePage::samples(v)),
        rendered(personal_data::PersonalDataPage::samples(v)),
        rendered(personal_data::ErasePage::samples(v)),
        rendered(users::UsersPage::samples(v)),
        rendered(sign_in::SignInPage::samples(v)),
        rendered(sign_in::SetUpPage::samples(v)),
        rendered(sign_in::SignInCodePage::samples(v)),
        rendered(account::AccountPage::samples(v)),
        rendered(account::SecondFactorPage::samples(v)),
        rendered(audit::AuditPage::samples(v)),
        rendered(fault::FaultPage::samples(v)),
        rendered(frame::PulseFragment::samples(v)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn the_rail_leads_to_the_only_cabinets_settings_and_shows_customers_to_who_may_see_them() {
    let mut frame = Frame::sample(voice(Lang::Ru), Section::Settings);
    let words = |frame: &Frame| frame.rail().into_iter().map(|item| item.label).collect::<Vec<_>>();
    let here = |frame: &Frame| {
        frame.rail().into_iter().filter(|item| item.here).map(|item| item.label).collect::<String>()
    };
    assert!(words(&frame).contains(&"Покупатели".to_owned()));
    assert_eq!((here(&frame).as_str(), frame.here_is_more()), ("Настройки", true));
    frame.only_cabinet = None;
    frame.can.see_persons = false;
    assert!(!words(&frame).contains(&"Покупатели".to_owned()));
    assert_eq!(
        (here(&frame).as_str(), frame.here_is_more()),
        ("Кабинеты", false),
        "each cabinet leads to its own"
    );
}

#[test]
fn every_page_renders_in_both_languages_without_a_missing_word() {
    let keep = std::env::var_os("PANEL_RENDER_DIR").map(std::path::PathBuf::from);
    for lang in Lang::ALL {
        for (name, html) in all(voice(lang)) {
            assert!(
                !html.contains("Unknown localization"),
                "{name} in {} lacks a word:\n{html}",
                lang.code()
            );
            assert!(!html.contains("{$"), "{name} in {} has a place that was not filled", lang.code());
            if let Some(folder) = &keep {
                std::fs::create_dir_all(folder).expect("the folder can be made");
                std::fs::write(folder.join(format!("{name}.{}.html", lang.code())), html)
                    .expect("it can be written");
            }
        }
    }
}

#[test]
fn no_page_has_what_the_content_policy_forbids() {
    for (name, html) in all(voice(Lang::Ru)) {
        assert!(!html.contains(" style="), "{name} has an inline style");
        assert!(!html.contains("<style"), "{name} has an inline style sheet");
        assert!(!html.contains(" onclick") && !html.contains("javascript:"), "{name} has an inline script");
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" src="), "{name} has an inline script");
        }
    }
}

#[test]
fn what_people_typed_is_always_escaped() {
    let html =
        all(voice(Lang::Ru)).into_iter().find(|(name, _)| *name == "orders-none-found").expect("a sample").1;
    assert!(html.contains("ёж &#60;b&#62;") && !html.contains("ёж <b>"));
}

#[test]
fn every_icon_that_a_page_uses_is_in_the_sprite() {
    let sprite = include_str!("../../../templates/sprite.html");
    for (name, html) in all(voice(Lang::Ru)) {
        for used in html.split("<use href=\"#").skip(1) {
            let id = used.split('"').next().unwrap_or_default();
            assert!(
                sprite.contains(&format!("id=\"{id}\"")),
                "{name} uses the icon {id}, which is not drawn"
            );
        }
    }
}
