//! What people do to orders, numbers by template, and what a search term is taken for.

use chrono_tz::Europe::Moscow;
use domain::by_hand::Act;
use domain::history::{Field, Reason};
use domain::number_template::{self, fill};
use domain::posting::Recipient;
use domain::search::{Term, document, fold, term};

use crate::shop::*;

#[test]
fn a_person_moves_pays_and_comments_and_each_act_is_noted() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetStatus(IN_WORK));
    assert!(shop.order().moved_by_hand);
    shop.person(Act::SetPaid(true));
    assert_eq!(shop.order().paid_at, Some(shop.now));
    shop.person(Act::SetComment("Позвонить".to_owned()));
    assert_eq!(shop.order().admin_comment, "Позвонить");
    for field in [Field::Status, Field::Paid, Field::AdminComment] {
        let entry = shop.last(field);
        assert_eq!((&entry.actor, &entry.reason), (&person(), &Reason::ByHand));
    }
    shop.person(Act::SetPaid(false));
    assert_eq!(shop.order().paid_at, None);
}

#[test]
fn an_act_that_changes_nothing_leaves_no_trace() {
    let shop = Shop::that_saw(posting("awaiting_packaging"));
    for act in [
        Act::SetStatus(NEW),
        Act::SetPaid(false),
        Act::SetComment(String::new()),
        Act::SetTrackNumber(None),
        Act::SetTrackNumber(Some("  ".to_owned())),
    ] {
        assert_eq!(shop.would(act), None);
    }
}

#[test]
fn a_number_is_made_by_the_template_and_the_shops_date() {
    let late = utc("2026-12-31T22:30:00Z");
    assert_eq!(fill(number_template::DEFAULT, 12, late, Moscow), "12");
    assert_eq!(fill("#YEAR#/#MONTH#-#DAY#-#NUMBER#", 12, late, Moscow), "2027/01-01-12");
    assert_eq!(fill("ЗАКАЗ-", 12, late, Moscow), "ЗАКАЗ-12", "without #NUMBER# the number comes last");
    assert_eq!(fill("", 12, late, Moscow), "12");
}

#[test]
fn an_order_is_found_by_numbers_names_phones_articles_and_track() {
    let mut told = posting("awaiting_packaging").bought_by(7, "Семён Ёлкин").with(|d| {
        d.tracking_number = Some("RA 123 RU".to_owned());
    });
    told.recipient = Some(Recipient {
        name: Some("Пётр".to_owned()),
        phone: Some("8 (495) 111-22-33".to_owned()),
        pin: None,
    });
    let shop = Shop::that_saw(told);
    let text = document(shop.order(), shop.facts());
    for word in ["0105259411-0854-1", "0105259411-0854", "семен елкин", "9031234567", "петр", "4951112233"]
    {
        assert!(text.contains(word), "{word} in {text}");
    }
    assert!(text.contains("mug-1") && text.contains("ra 123 ru"));
    assert!(text.contains(&shop.order().lines[0].sku.expect("a sku").to_string()));
}

#[test]
fn a_phone_is_a_phone_in_every_notation() {
    for typed in [
        "+7 (903) 123-45-67",
        "+79031234567",
        "89031234567",
        "8 903 123 45 67",
        "8-903-123-45-67",
        "903-123-45-67",
        "903-1234567",
        "(903) 1234567",
    ] {
        assert_eq!(term(typed), Term::Words(vec!["9031234567".to_owned()]), "{typed}");
    }
}

#[test]
fn only_what_is_shaped_as_ozons_numbers_is_looked_up_as_one() {
    for typed in ["0105259411-0854-1", "0105259411-0854", "0105259411-", "89491381-0072-"] {
        assert_eq!(term(typed), Term::PostingNumber(typed.to_owned()));
    }
    for typed in ["100500-12", "12-34", "-0105259411", "1-2-3", "SK-58", "0105259411"] {
        assert_eq!(term(typed), Term::Words(vec![fold(typed)]), "{typed}");
    }
}

#[test]
fn control_characters_separate_words_and_never_reach_an_index() {
    assert_eq!(fold("Анна\u{0}Ёлкина\u{7}\tX"), "анна елкина x");
    assert_eq!(term("\u{0}"), Term::Nothing);
}
