//! What is taken from the shelves, and for which orders.

use domain::picking::{LeftOut, PickList, left_out};
use domain::posting::Product;
use domain::{Flag, Order, OrderId, OzonStatus};

use crate::shop::*;

fn order(id: i64, products: Vec<Product>) -> Order {
    let made = Shop::that_saw(posting("awaiting_packaging").of(products)).order().clone();
    Order { id: OrderId(id), number: format!("N{id}"), ..made }
}

fn pick_list(orders: &[Order]) -> PickList {
    let mut list = PickList::default();
    for order in orders {
        list.add(order);
    }
    list
}

fn in_status(id: i64, status: &str) -> Order {
    Order { ozon_status: OzonStatus::from(status), ..order(id, vec![goods("MUG", 1, 100)]) }
}

#[test]
fn pieces_of_an_article_are_counted_over_orders_and_over_lines_of_one() {
    let big = Product { name: "Большая кружка".into(), ..goods("MUG", 4, 900) };
    let orders = [
        order(1, vec![goods("MUG", 2, 500), goods("MUG", 1, 400)]),
        order(2, vec![goods("CAP", 1, 300), big]),
    ];
    let list = pick_list(&orders);
    let told: Vec<_> = list.goods.iter().map(|(article, g)| (article.as_str(), g.pieces)).collect();
    assert_eq!(told, [("CAP", 1), ("MUG", 7)]);
    let mug = &list.goods["MUG"];
    assert_eq!(mug.names, ["Товар MUG", "Большая кружка"]);
    let shares: Vec<_> = mug.shares.iter().map(|s| (s.number.as_str(), s.pieces)).collect();
    assert_eq!(shares, [("N1", 3), ("N2", 4)]);
    assert_eq!(list.orders, [OrderId(1), OrderId(2)]);
}

#[test]
fn what_ozon_cancelled_is_in_no_pick_list() {
    let mut flagged = in_status(1, "awaiting_deliver");
    flagged.flags.insert(Flag::CancelledInOzon);
    let list = pick_list(&[flagged, in_status(2, "cancelled"), in_status(3, "awaiting_deliver")]);
    assert_eq!((list.orders, list.cancelled, list.gone), (vec![OrderId(3)], 2, 0));
    assert_eq!(list.goods["MUG"].pieces, 1);
}

#[test]
fn what_has_left_is_not_picked_again_and_an_unknown_status_is() {
    for status in ["driver_pickup", "delivering", "delivered", "not_accepted"] {
        assert_eq!(left_out(&in_status(1, status)), Some(LeftOut::Gone), "{status}");
    }
    for status in ["awaiting_packaging", "awaiting_deliver", "teleported"] {
        assert_eq!(left_out(&in_status(1, status)), None, "{status}");
    }
}

#[test]
fn cancelled_pieces_stay_on_their_shelves() {
    let mut cancelled = order(1, vec![goods("MUG", 2, 500), goods("CAP", 3, 500)]);
    cancelled.lines[0].quantity = 0;
    cancelled.lines[0].cancelled = 2;
    let list = pick_list(&[cancelled]);
    assert_eq!(list.goods.into_keys().collect::<Vec<_>>(), ["CAP"]);
}
