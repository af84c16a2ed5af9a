//! Settings rows 3 and 7 where a warehouse or a delivery method of Ozon's has rules of its own.

use domain::history::{Actor, Field, Reason};
use domain::warehouse_rules::{Instead, Place, PlaceKind};
use domain::{DeliveryMethodId, PaymentMethodId, Posting, SourceId, WarehouseRules};

use crate::shop::*;

const NORTH: i64 = 1_020_004_870_220_000;
const COURIER: i64 = 1_020_005_000_220_010;

fn from_the_north(status: &str) -> Posting {
    posting(status).with(|d| {
        d.warehouse_id = Some(NORTH);
        d.warehouse_name = Some("Склад Север".to_owned());
        d.delivery_method_id = Some(COURIER);
        d.delivery_method_name = Some("Свой курьер".to_owned());
    })
}

fn source(id: i64) -> Instead {
    Instead { source: Some(SourceId(id)), ..Instead::default() }
}

fn shop_with(rules: &[(Place, Instead)]) -> Shop {
    let mut shop = Shop::with(|s| {
        s.source_id = SourceId(7);
        s.delivery_method_id = DeliveryMethodId(5);
        s.payment_method_id = PaymentMethodId(6);
    });
    shop.warehouses = rules.iter().copied().collect();
    shop
}

fn got(shop: &Shop) -> (i64, i64, i64) {
    let order = shop.order();
    (order.source_id.0, order.delivery_method_id.0, order.payment_method_id.0)
}

#[test]
fn row_03_the_warehouses_source_wins_over_the_cabinets() {
    let mut shop = shop_with(&[(Place::warehouse(NORTH), source(8))]);
    shop.sees(from_the_north("awaiting_packaging"));
    assert_eq!(got(&shop), (8, 5, 6), "what the rule does not speak of stays the cabinet's");
}

#[test]
fn row_03_the_delivery_methods_source_wins_over_the_warehouses() {
    let rules = [(Place::warehouse(NORTH), source(8)), (Place::delivery_method(COURIER), source(9))];
    let mut shop = shop_with(&rules);
    shop.sees(from_the_north("awaiting_packaging"));
    assert_eq!(shop.order().source_id, SourceId(9));
}

#[test]
fn row_07_each_method_comes_from_the_nearest_rule_that_speaks_of_it() {
    let of_warehouse = Instead {
        delivery_method: Some(DeliveryMethodId(15)),
        payment_method: Some(PaymentMethodId(16)),
        ..Instead::default()
    };
    let of_method = Instead { delivery_method: Some(DeliveryMethodId(25)), ..Instead::default() };
    let rules = [(Place::warehouse(NORTH), of_warehouse), (Place::delivery_method(COURIER), of_method)];
    let mut shop = shop_with(&rules);
    shop.sees(from_the_north("awaiting_packaging"));
    assert_eq!(got(&shop), (7, 25, 16));
}

#[test]
fn rows_03_and_07_a_rule_reaches_no_other_warehouse_and_no_posting_that_names_none() {
    // The same number as a warehouse and as a delivery method is two places.
    let rules = [(Place::warehouse(NORTH + 1), source(8)), (Place::delivery_method(NORTH), source(9))];
    let mut shop = shop_with(&rules);
    shop.sees(from_the_north("awaiting_packaging"));
    assert_eq!(got(&shop), (7, 5, 6));
    let mut shop = shop_with(&[(Place::warehouse(NORTH), source(8))]);
    shop.sees(posting("awaiting_packaging"));
    assert_eq!(got(&shop), (7, 5, 6));
    assert_eq!(shop.times(Field::Assigned), 0, "what the cabinet chose is not told");
}

#[test]
fn rows_03_and_07_an_order_made_by_hand_follows_the_rule_too() {
    let mut shop = shop_with(&[(Place::warehouse(NORTH), source(8))]);
    shop.sees(from_the_north("delivering"));
    assert!(!shop.has_order());
    shop.person_makes_an_order();
    assert_eq!(shop.order().source_id, SourceId(8));
}

#[test]
fn the_history_of_a_new_order_names_the_rule_and_what_it_spoke_of() {
    let rule = Instead { payment_method: Some(PaymentMethodId(16)), ..source(8) };
    let mut shop = shop_with(&[(Place::warehouse(NORTH), rule)]);
    shop.sees(from_the_north("awaiting_packaging"));
    let told = shop.last(Field::Assigned);
    assert_eq!((&told.actor, told.new.as_deref()), (&Actor::Rule, Some("Склад Север")));
    let settings = vec!["source_id".to_owned(), "payment_method_id".to_owned()];
    assert_eq!(told.reason, Reason::WarehouseRule { of: PlaceKind::Warehouse, settings });
}

#[test]
fn a_rule_that_is_changed_later_leaves_the_order_as_it_was_made() {
    let mut shop = shop_with(&[(Place::warehouse(NORTH), source(8))]);
    shop.sees(from_the_north("awaiting_packaging"));
    shop.warehouses = WarehouseRules::default();
    shop.sees(from_the_north("awaiting_deliver"));
    assert_eq!(shop.order().source_id, SourceId(8));
}

#[test]
fn a_rule_that_says_nothing_is_no_rule() {
    let rules: WarehouseRules = [(Place::warehouse(NORTH), Instead::default())].into_iter().collect();
    assert_eq!(rules, WarehouseRules::default());
}
