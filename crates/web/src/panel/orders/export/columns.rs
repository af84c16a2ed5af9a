//! The columns of an export: one row a line of goods, the order's own columns repeated in each.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Money, Order, OrderId, OrderLine, Posting};
use storage::lists::NamedList;

use crate::panel::faults::Fault;
use crate::panel::order::facts::one_line;
use crate::panel::orders::row;
use voice::Voice;

/// A cell of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Text; numbers that are names (articles, barcodes, phones) are text too.
    Text(String),
    /// Pieces.
    Count(u32),
    /// An amount; its currency is in the next column.
    Amount(Money),
    /// Nothing is known.
    Nothing,
}

impl Cell {
    fn text(text: Option<&str>) -> Self {
        text.filter(|t| !t.is_empty()).map_or(Self::Nothing, |t| Self::Text(t.to_owned()))
    }

    fn amount(money: Option<Money>) -> Self {
        money.map_or(Self::Nothing, Self::Amount)
    }

    fn currency(money: Option<Money>) -> Self {
        money.map_or(Self::Nothing, |money| Self::Text(money.currency.code().to_owned()))
    }
}

/// What the cells of one row are made of.
struct Row<'a> {
    v: Voice,
    names: &'a Names,
    order: &'a Order,
    facts: Option<&'a Posting>,
    line: Option<&'a OrderLine>,
}

impl Row<'_> {
    fn time(&self, at: Option<DateTime<Utc>>) -> Cell {
        let text = at.map(|at| at.with_timezone(&self.v.zone).format("%Y-%m-%d %H:%M").to_string());
        Cell::text(text.as_deref())
    }

    fn detail(&self, detail: impl Fn(&domain::posting::Details) -> Option<&String>) -> Cell {
        Cell::text(self.facts.and_then(|f| detail(&f.details)).map(String::as_str))
    }

    fn delivery_price(&self) -> Option<Money> {
        self.facts.and_then(|f| f.details.delivery_price)
    }

    fn customer_price(&self) -> Option<Money> {
        self.line.and_then(|l| l.customer_price)
    }

    fn customer(&self) -> Option<&domain::posting::Customer> {
        self.facts.and_then(|f| f.customer.as_ref())
    }

    fn recipient(&self) -> Option<&domain::posting::Recipient> {
        self.facts.and_then(|f| f.recipient.as_ref())
    }

    fn company(&self) -> Option<&domain::posting::Company> {
        self.facts.and_then(|f| f.details.company.as_ref())
    }
}

/// A column.
pub(crate) struct Column {
    /// Of its heading.
    key: &'static str,
    /// It tells of persons.
    of_persons: bool,
    /// In characters.
    pub(crate) width: u8,
    cell: fn(&Row<'_>) -> Cell,
}

const fn column(key: &'static str, width: u8, cell: fn(&Row<'_>) -> Cell) -> Column {
    Column { key, of_persons: false, width, cell }
}

const fn of_persons(key: &'static str, width: u8, cell: fn(&Row<'_>) -> Cell) -> Column {
    Column { key, of_persons: true, width, cell }
}

impl Column {
    /// Its heading.
    pub(crate) fn heading(&self, v: Voice) -> String {
        v.t(self.key)
    }
}

const COLUMNS: &[Column] = &[
    column("export-number", 22, |r| Cell::text(Some(&r.order.number))),
    column("export-posting", 22, |r| Cell::text(Some(r.order.posting_number.as_str()))),
    column("export-ozon-order", 20, |r| Cell::text(r.order.ozon_order_number.as_deref())),
    column("export-date", 17, |r| r.time(Some(r.order.order_date))),
    column("export-status", 16, |r| Names::find(&r.names.statuses, r.order.status_id.0)),
    column("export-ozon-status", 20, |r| Cell::Text(r.v.ozon_status(r.order.ozon_status.code()))),
    column("export-flags", 24, |r| {
        let flags: Vec<String> = r.order.flags.iter().map(|flag| row::flag(r.v, *flag, None)).collect();
        Cell::text(Some(&flags.join(", ")))
    }),
    column("export-ship-by", 17, |r| r.time(r.order.ship_by)),
    column("export-cabinet", 18, |r| Names::find(&r.names.cabinets, r.order.cabinet_id.0)),
    column("export-source", 12, |r| Names::find(&r.names.sources, r.order.source_id.0)),
    column("export-scheme", 9, |r| Cell::text(r.facts.map(|facts| facts.scheme().name()))),
    column("export-article", 20, |r| Cell::text(r.line.map(|l| l.offer_id.as_str()))),
    column("export-sku", 14, |r| Cell::text(r.line.and_then(|l| l.sku).map(|s| s.to_string()).as_deref())),
    column("export-product", 40, |r| Cell::text(r.line.map(|l| l.name.as_str()))),
    column("export-quantity", 10, |r| r.line.map_or(Cell::Nothing, |l| Cell::Count(l.quantity))),
    column("export-cancelled", 10, |r| r.line.map_or(Cell::Nothing, |l| Cell::Count(l.cancelled))),
    column("export-price", 12, |r| Cell::amount(r.line.map(|l| l.price))),
    column("export-price-currency", 8, |r| Cell::currency(r.line.map(|l| l.price))),
    column("export-sum", 12, |r| Cell::amount(r.line.map(OrderLine::sum))),
    column("export-sum-currency", 8, |r| Cell::currency(r.line.map(OrderLine::sum))),
    column("export-customer-price", 12, |r| Cell::amount(r.customer_price())),
    column("export-customer-price-currency", 8, |r| Cell::currency(r.customer_price())),
    column("export-total", 14, |r| Cell::Amount(r.order.total)),
    column("export-total-currency", 8, |r| Cell::currency(Some(r.order.total))),
    column("export-delivery-price", 12, |r| Cell::amount(r.delivery_price())),
    column("export-delivery-price-currency", 8, |r| Cell::currency(r.delivery_price())),
    column("export-paid", 12, |r| Cell::Text(if r.order.paid { r.v.t("paid") } else { r.v.t("unpaid") })),
    column("export-paid-at", 17, |r| r.time(r.order.paid_at)),
    column("export-payment-method", 18, |r| Names::find(&r.names.payments, r.order.payment_method_id.0)),
    column("export-delivery-method", 18, |r| Names::find(&r.names.deliveries, r.order.delivery_method_id.0)),
    column("export-ozon-method", 24, |r| r.detail(|d| d.delivery_method_name.as_ref())),
    column("export-warehouse", 20, |r| r.detail(|d| d.warehouse_name.as_ref())),
    column("export-carrier", 16, |r| r.detail(|d| d.carrier.as_ref())),
    column("export-track-number", 18, |r| Cell::text(r.order.track_number.as_deref())),
    column("export-boxes", 8, |r| Cell::Count(r.order.boxes)),
    column("export-upper-barcode", 20, |r| Cell::text(r.order.barcodes.upper.as_deref())),
    column("export-lower-barcode", 20, |r| Cell::text(r.order.barcodes.lower.as_deref())),
    column("export-scanit", 18, |r| Cell::text(r.order.barcodes.scanit.as_deref())),
    of_persons("export-customer", 26, |r| Cell::text(Some(&r.order.customer_name))),
    of_persons("export-customer-phone", 18, |r| Cell::text(r.customer().and_then(|c| c.phone.as_deref()))),
    of_persons("export-recipient", 26, |r| Cell::text(r.recipient().and_then(|p| p.name.as_deref()))),
    of_persons("export-recipient-phone", 18, |r| Cell::text(r.recipient().and_then(|p| p.phone.as_deref()))),
    of_persons("export-phone-extension", 12, |r| Cell::text(r.recipient().and_then(|p| p.pin.as_deref()))),
    of_persons("export-address", 40, |r| {
        Cell::text(r.customer().and_then(|c| c.address.as_ref()).map(one_line).as_deref())
    }),
    of_persons("export-zip", 10, |r| {
        let address = r.customer().and_then(|c| c.address.as_ref());
        Cell::text(address.and_then(|a| a.zip_code.as_deref()))
    }),
    of_persons("export-company", 26, |r| Cell::text(r.company().and_then(|c| c.name.as_deref()))),
    of_persons("export-inn", 14, |r| Cell::text(r.company().and_then(|c| c.inn.as_deref()))),
    of_persons("export-comment", 30, |r| Cell::text(Some(&r.order.admin_comment))),
];

/// Names of the shop's own things that orders refer to.
struct Names {
    statuses: HashMap<i64, String>,
    cabinets: HashMap<i64, String>,
    sources: HashMap<i64, String>,
    deliveries: HashMap<i64, String>,
    payments: HashMap<i64, String>,
}

impl Names {
    fn find(names: &HashMap<i64, String>, id: i64) -> Cell {
        Cell::text(names.get(&id).map(String::as_str))
    }
}

/// Turns orders into rows, for one person in their language.
pub(crate) struct Sheet {
    v: Voice,
    sees_persons: bool,
    names: Names,
}

impl Sheet {
    pub(crate) async fn of(store: &storage::Store, v: Voice, sees_persons: bool) -> Result<Self, Fault> {
        let by_id = async |list| -> Result<HashMap<i64, String>, Fault> {
            Ok(store.named(list).await?.into_iter().map(|n| (n.id, n.name)).collect())
        };
        let names = Names {
            statuses: store.statuses().await?.into_iter().map(|s| (s.id.0, s.name)).collect(),
            cabinets: store.cabinets().await?.into_iter().map(|c| (c.id.0, c.name)).collect(),
            sources: by_id(NamedList::Sources).await?,
            deliveries: by_id(NamedList::DeliveryMethods).await?,
            payments: by_id(NamedList::PaymentMethods).await?,
        };
        Ok(Self { v, sees_persons, names })
    }

    /// How the sheet speaks.
    pub(crate) fn voice(&self) -> Voice {
        self.v
    }

    /// The columns that this person may see.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static Column> {
        let sees_persons = self.sees_persons;
        COLUMNS.iter().filter(move |column| sees_persons || !column.of_persons)
    }

    /// The rows of some orders; an order without goods has one row all the same.
    pub(crate) fn rows(&self, orders: &[Order], facts: &HashMap<OrderId, Posting>) -> Vec<Vec<Cell>> {
        let mut rows = Vec::with_capacity(orders.len());
        for order in orders {
            let lines: Vec<Option<&OrderLine>> = match order.lines.as_slice() {
                [] => vec![None],
                lines => lines.iter().map(Some).collect(),
            };
            for line in lines {
                let row = Row { v: self.v, names: &self.names, order, facts: facts.get(&order.id), line };
                rows.push(self.columns().map(|column| (column.cell)(&row)).collect());
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use voice::Lang;

    #[test]
    fn every_column_has_a_heading_of_its_own_in_both_languages() {
        for lang in Lang::ALL {
            let v = Voice { lang, zone: chrono_tz::UTC, now: DateTime::UNIX_EPOCH };
            let headings: HashSet<String> = COLUMNS.iter().map(|column| column.heading(v)).collect();
            assert_eq!(headings.len(), COLUMNS.len(), "two columns are called the same");
            assert!(headings.iter().all(|h| !h.contains("Unknown")), "{headings:?}");
        }
    }

    #[test]
    fn an_amounts_currency_stands_in_the_next_column() {
        for pair in COLUMNS.windows(2).filter(|pair| pair[1].key.ends_with("-currency")) {
            assert_eq!(format!("{}-currency", pair[0].key), pair[1].key);
        }
    }
}
