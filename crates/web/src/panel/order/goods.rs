//! The goods of an order and what they cost, for its card and for its sheet.

use domain::{Money, Order, OrderLine, Posting};

use crate::panel::view::goods::{Goods, Line};
use voice::Voice;

/// The goods with their sums; `facts` is what Ozon told of the posting.
pub(crate) fn told(v: Voice, order: &Order, facts: Option<&Posting>) -> Goods {
    Goods {
        lines: order.lines.iter().map(|l| line(v, l)).collect(),
        total: v.money(&order.total),
        customer_price: customer_price(v, &order.lines),
        delivery_price: facts.and_then(|f| f.details.delivery_price).map(|p| v.money(&p)),
    }
}

fn line(v: Voice, line: &OrderLine) -> Line {
    Line {
        offer_id: line.offer_id.clone(),
        sku: line.sku.map(|sku| sku.to_string()),
        name: line.name.clone(),
        quantity: line.quantity,
        cancelled: u64::from(line.cancelled),
        gone: line.quantity == 0,
        price: v.money(&line.price),
        old_price: line.old_price.filter(|old| *old != line.price && old.minor > 0).map(|p| v.money(&p)),
        customer_price: line.customer_price.filter(|p| *p != line.price).map(|p| v.money(&p)),
        sum: v.money(&line.sum()),
    }
}

/// What is not cancelled at the customer's price, each currency apart; nothing where Ozon left a line's price out.
fn customer_price(v: Voice, lines: &[OrderLine]) -> Option<String> {
    let mut sums: Vec<Money> = Vec::new();
    for line in lines.iter().filter(|l| l.quantity > 0) {
        let sum = line.customer_price?.times(line.quantity)?;
        match sums.iter_mut().find(|s| s.currency == sum.currency) {
            Some(known) => *known = known.plus(sum)?,
            None => sums.push(sum),
        }
    }
    (!sums.is_empty()).then(|| sums.iter().map(|s| v.money(s)).collect::<Vec<_>>().join(" + "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Currency;

    fn priced(currency: &str, quantity: u32) -> OrderLine {
        let money = |minor| Money { minor, currency: Currency::parse(currency).expect("a code") };
        OrderLine {
            offer_id: "A".into(),
            sku: None,
            name: "A".into(),
            quantity,
            cancelled: 1,
            moved: 0,
            price: money(10_000),
            old_price: Some(money(10_000)),
            customer_price: Some(money(9_000)),
        }
    }

    #[test]
    fn the_customers_price_is_summed_by_currency_and_without_cancelled_goods() {
        let v = Voice { lang: voice::Lang::En, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
        let lines = [priced("RUB", 2), priced("RUB", 1), priced("BYN", 1), priced("KZT", 0)];
        assert_eq!(customer_price(v, &lines).as_deref(), Some("₽270.00 + Br\u{202f}90.00"));
        let silent = OrderLine { customer_price: None, ..priced("RUB", 1) };
        assert_eq!(customer_price(v, &[silent]), None);
        assert_eq!(line(v, &priced("RUB", 1)).old_price, None);
    }
}
