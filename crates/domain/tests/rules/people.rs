//! What people do to orders, numbers by template, and what a search term is taken for.

use chrono_tz::Europe::Moscow;
use domain::by_hand::Act;
use domain::history::{Field, Reason};
use domain::number_template::{self, fill};
use domain::posting::Recipient;
use domain::search::{Term, document, fold, product_document, term};
use domain::settings::PostingNumberTo;
use domain::{CustomerId, DeliveryMethodId, PaymentMethodId, UserId};

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
        Act::SetManager(None),
        Act::SetCustomer { id: CustomerId(1), name: "Кто угодно".to_owned() },
        Act::SetDeliveryMethod(DeliveryMethodId(1)),
        Act::SetPaymentMethod(PaymentMethodId(1)),
    ] {
        assert_eq!(shop.would(act), None);
    }
}

#[test]
fn an_order_is_given_to_a_person_and_back_to_nobody() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetManager(Some(UserId(7))));
    assert_eq!(shop.order().manager, Some(UserId(7)));
    let entry = shop.last(Field::Manager);
    assert_eq!((entry.old.as_deref(), entry.new.as_deref()), (None, Some("7")));
    assert_eq!((&entry.actor, &entry.reason), (&person(), &Reason::ByHand));
    shop.sees(posting("awaiting_deliver"));
    assert_eq!(shop.order().manager, Some(UserId(7)), "Ozon takes it from nobody");
    shop.person(Act::SetManager(None));
    assert_eq!(shop.order().manager, None);
    assert_eq!(shop.last(Field::Manager).old.as_deref(), Some("7"));
}

#[test]
fn a_customer_that_a_person_chose_is_never_overwritten_by_ozon() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetCustomer { id: CustomerId(9), name: "Ольга Кедрова".to_owned() });
    assert_eq!(
        (shop.order().customer_id, shop.order().customer_name.as_str()),
        (CustomerId(9), "Ольга Кедрова")
    );
    assert_eq!(shop.last(Field::Customer).new.as_deref(), Some("Ольга Кедрова"));
    shop.customer = None;
    shop.sees(posting("awaiting_packaging").bought_by(7, "Семён Ёлкин"));
    assert_eq!(shop.customer, None, "nobody is bound in their place");
    assert_eq!(shop.order().customer_name, "Ольга Кедрова");
    let noted = shop.last(Field::Customer);
    assert_eq!((noted.new.as_deref(), &noted.reason), (Some("Семён Ёлкин"), &Reason::PersonsValueStands));
    let times = shop.times(Field::Customer);
    shop.sees(posting("awaiting_deliver").bought_by(7, "Семён Ёлкин"));
    assert_eq!(shop.times(Field::Customer), times, "it is noted once");
}

#[test]
fn row_5_the_posting_number_stays_in_the_customers_name_whoever_is_bound() {
    let mut shop = Shop::with(|s| s.posting_number_to = PostingNumberTo::CustomerName);
    shop.sees(posting("awaiting_packaging"));
    let number = shop.order().customer_name.clone();
    shop.person(Act::SetCustomer { id: CustomerId(9), name: "Ольга Кедрова".to_owned() });
    assert_eq!((shop.order().customer_id, &shop.order().customer_name), (CustomerId(9), &number));
}

#[test]
fn methods_are_the_operators_once_the_order_is_made() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    shop.person(Act::SetDeliveryMethod(DeliveryMethodId(4)));
    shop.person(Act::SetPaymentMethod(PaymentMethodId(5)));
    assert_eq!(shop.last(Field::DeliveryMethod).new.as_deref(), Some("4"));
    assert_eq!(shop.last(Field::PaymentMethod).old.as_deref(), Some("1"));
    shop.sees(posting("delivering"));
    let order = shop.order();
    assert_eq!(
        (order.delivery_method_id, order.payment_method_id),
        (DeliveryMethodId(4), PaymentMethodId(5))
    );
}

#[test]
fn an_order_is_paid_as_of_a_time_that_is_not_still_to_come() {
    let mut shop = Shop::that_saw(posting("awaiting_packaging"));
    let yesterday = utc("2026-11-22T09:00:00Z");
    shop.person(Act::SetPaidAt(yesterday));
    assert!(shop.order().paid && shop.order().paid_by_hand);
    assert_eq!(shop.order().paid_at, Some(yesterday));
    assert_eq!(shop.history.iter().filter(|e| e.new.as_deref() == Some("true")).count(), 1);
    assert_eq!(shop.last(Field::Paid).new.as_deref(), Some("2026-11-22T09:00:00Z"));
    assert_eq!(shop.would(Act::SetPaidAt(yesterday)), None);
    shop.person(Act::SetPaidAt(utc("2030-01-01T00:00:00Z")));
    assert_eq!(shop.order().paid_at, Some(shop.now));
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
fn an_order_is_found_by_numbers_names_phones_and_track_and_its_goods_by_article_and_sku() {
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
    assert!(text.contains("ra 123 ru") && !text.contains("mug-1"), "{text}");
    let line = &shop.order().lines[0];
    let sku = line.sku.expect("a sku");
    assert_eq!(product_document(&line.offer_id, line.sku), format!("mug-1\n{sku}"));
    assert_eq!(
        product_document("  Ёж  7 ", Some(7)),
        "еж 7",
        "an SKU within the article stands there already"
    );
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
