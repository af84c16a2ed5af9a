//! Orders and their lines as rows, and back.

use std::collections::HashMap;

use domain::order::Barcodes;
use domain::{
    CabinetId, Currency, CustomerId, DeliveryMethodId, Flag, Money, Order, OrderId, OrderLine, OzonStatus,
    PaymentMethodId, Posting, PostingNumber, SourceId, StatusId, UserId,
};
use entities::{order_goods, orders, products};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::products::product_ids;

/// Rows with many columns go in chunks of this many, so that no statement has too many parameters.
pub const CHUNK: usize = 200;

/// How many rows are written at once.
const PIECES: [usize; 8] = [CHUNK, 100, 50, 20, 10, 5, 2, 1];

/// Rows to be written, in pieces of few sizes: a connection keeps statements that it has had before, and one of any number of
/// rows it has not had.
pub fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = PIECES.into_iter().find(|size| *size <= rows.len())?;
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some(piece)
    })
}

fn corrupt(what: &str) -> Error {
    Error::Corrupt(what.to_owned())
}

fn currency(code: &str) -> Result<Currency> {
    Currency::parse(code).ok_or_else(|| corrupt("a currency"))
}

/// Flags as the column keeps them.
pub(crate) fn flags_of(text: &str) -> impl Iterator<Item = Flag> {
    text.split_whitespace().filter_map(|word| word.parse().ok())
}

/// Barcodes as JSON, in which what is missing is null; most orders have none.
pub(crate) fn barcodes_text(barcodes: &Barcodes) -> Result<String> {
    if *barcodes == Barcodes::default() {
        return Ok("null".to_owned());
    }
    serde_json::to_string(barcodes).map_err(|e| Error::Corrupt(e.to_string()))
}

fn barcodes(text: &str) -> Result<Barcodes> {
    let kept: Option<Barcodes> = serde_json::from_str(text).map_err(|e| Error::Corrupt(e.to_string()))?;
    Ok(kept.unwrap_or_default())
}

fn flags_text(order: &Order) -> String {
    let words: Vec<&'static str> = order.flags.iter().map(Into::into).collect();
    words.join(" ")
}

/// An order as its row; the id is left to the caller.
pub fn order_row(order: &Order) -> Result<orders::ActiveModel> {
    Ok(orders::ActiveModel {
        id: sea_orm::ActiveValue::NotSet,
        cabinet_id: Set(order.cabinet_id.0),
        posting_number: Set(order.posting_number.to_string()),
        number: Set(order.number.clone()),
        ozon_order_number: Set(order.ozon_order_number.clone()),
        ozon_status: Set(order.ozon_status.to_string()),
        ozon_substatus: Set(order.ozon_substatus.clone()),
        status_id: Set(order.status_id.0),
        moved_by_hand: Set(order.moved_by_hand),
        source_id: Set(order.source_id.0),
        customer_id: Set(order.customer_id.0),
        customer_name: Set(order.customer_name.clone()),
        delivery_method_id: Set(order.delivery_method_id.0),
        payment_method_id: Set(order.payment_method_id.0),
        placed_at: Set(order.placed_at.map(micros)),
        imported_at: Set(micros(order.imported_at)),
        order_date: Set(micros(order.order_date)),
        ship_by: Set(order.ship_by.map(micros)),
        overdue_after: Set(order.overdue_after.map(micros)),
        paid: Set(order.paid),
        paid_at: Set(order.paid_at.map(micros)),
        paid_by_hand: Set(order.paid_by_hand),
        track_number: Set(order.track_number.clone()),
        track_by_hand: Set(order.track_by_hand),
        total_minor: Set(order.total.minor),
        currency: Set(order.total.currency.code().to_owned()),
        barcodes: Set(barcodes_text(&order.barcodes)?),
        boxes: Set(i32::try_from(order.boxes).unwrap_or(i32::MAX)),
        parent: Set(order.parent.as_ref().map(ToString::to_string)),
        flags: Set(flags_text(order)),
        admin_comment: Set(order.admin_comment.clone()),
        // Ozon's alone: written with its answers (`with_way`).
        scheme: sea_orm::ActiveValue::NotSet,
        warehouse_id: sea_orm::ActiveValue::NotSet,
        express: sea_orm::ActiveValue::NotSet,
        manager_id: Set(order.manager.map(|id| id.0)),
        customer_by_hand: Set(order.customer_by_hand),
        // The database's own: a trigger keeps it.
        kind_id: sea_orm::ActiveValue::NotSet,
    })
}

/// The row with how and from where the order leaves, which only its posting tells.
pub fn with_way(row: orders::ActiveModel, facts: &Posting) -> orders::ActiveModel {
    orders::ActiveModel {
        scheme: Set(Some(facts.scheme().code().to_owned())),
        warehouse_id: Set(facts.details.warehouse_id),
        express: Set(Some(facts.details.is_express == Some(true))),
        ..row
    }
}

/// The lines of orders as rows, in the same order.
pub async fn line_rows(
    tx: &DatabaseTransaction,
    orders: &[(OrderId, &[OrderLine])],
) -> Result<Vec<order_goods::ActiveModel>> {
    let mut all = Vec::new();
    for (id, lines) in orders {
        all.extend(lines.iter().enumerate().map(|(position, line)| (*id, position, line)));
    }
    let products = product_ids(tx, &all.iter().map(|(_, _, line)| *line).collect::<Vec<_>>()).await?;
    let row =
        |((order, position, line), product): ((OrderId, usize, &OrderLine), i64)| order_goods::ActiveModel {
            order_id: Set(order.0),
            position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
            product_id: Set(product),
            quantity: Set(i32::try_from(line.quantity).unwrap_or(i32::MAX)),
            cancelled: Set(i32::try_from(line.cancelled).unwrap_or(i32::MAX)),
            moved: Set(i32::try_from(line.moved).unwrap_or(i32::MAX)),
            price_minor: Set(line.price.minor),
            currency: Set(line.price.currency.code().to_owned()),
            old_price_minor: Set(line.old_price.map(|m| m.minor)),
            old_price_currency: Set(other_currency(line, line.old_price)),
            customer_price_minor: Set(line.customer_price.map(|m| m.minor)),
            customer_price_currency: Set(other_currency(line, line.customer_price)),
        };
    Ok(all.into_iter().zip(products).map(row).collect())
}

/// Orders with their lines, in the order of the rows.
pub async fn with_lines<C: ConnectionTrait>(db: &C, rows: Vec<orders::Model>) -> Result<Vec<Order>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut lines: HashMap<i64, Vec<OrderLine>> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let found = order_goods::Entity::find()
            .find_also_related(products::Entity)
            .filter(order_goods::Column::OrderId.is_in(chunk.iter().copied()))
            .order_by_asc(order_goods::Column::OrderId)
            .order_by_asc(order_goods::Column::Position)
            .all(db)
            .await?;
        for (row, product) in found {
            let product = product.ok_or_else(|| corrupt("the product of a line"))?;
            lines.entry(row.order_id).or_default().push(line(&row, product)?);
        }
    }
    rows.into_iter()
        .map(|row| {
            let own = lines.remove(&row.id).unwrap_or_default();
            order(row, own)
        })
        .collect()
}

/// The currency of a line's further price, where it is not that of its price.
fn other_currency(line: &OrderLine, price: Option<Money>) -> Option<String> {
    price.filter(|price| price.currency != line.price.currency).map(|price| price.currency.code().to_owned())
}

/// A further price, whose currency is kept where it is another one.
fn money(minor: Option<i64>, code: Option<&str>, usual: Currency) -> Result<Option<Money>> {
    let Some(minor) = minor else { return Ok(None) };
    Ok(Some(Money { minor, currency: code.map_or(Ok(usual), currency)? }))
}

fn line(row: &order_goods::Model, product: products::Model) -> Result<OrderLine> {
    let usual = currency(&row.currency)?;
    Ok(OrderLine {
        sku: product.sku,
        quantity: u32::try_from(row.quantity).unwrap_or(0),
        cancelled: u32::try_from(row.cancelled).unwrap_or(0),
        moved: u32::try_from(row.moved).unwrap_or(0),
        price: Money { minor: row.price_minor, currency: usual },
        old_price: money(row.old_price_minor, row.old_price_currency.as_deref(), usual)?,
        customer_price: money(row.customer_price_minor, row.customer_price_currency.as_deref(), usual)?,
        offer_id: product.offer_id,
        name: product.name,
    })
}

fn order(row: orders::Model, lines: Vec<OrderLine>) -> Result<Order> {
    let number = |text: &str| PostingNumber::new(text).map_err(|_| corrupt("a posting number"));
    Ok(Order {
        id: OrderId(row.id),
        cabinet_id: CabinetId(row.cabinet_id),
        posting_number: number(&row.posting_number)?,
        number: row.number,
        ozon_order_number: row.ozon_order_number,
        ozon_status: OzonStatus::from(row.ozon_status),
        ozon_substatus: row.ozon_substatus,
        status_id: StatusId(row.status_id),
        moved_by_hand: row.moved_by_hand,
        source_id: SourceId(row.source_id),
        customer_id: CustomerId(row.customer_id),
        customer_name: row.customer_name,
        customer_by_hand: row.customer_by_hand,
        manager: row.manager_id.map(UserId),
        delivery_method_id: DeliveryMethodId(row.delivery_method_id),
        payment_method_id: PaymentMethodId(row.payment_method_id),
        placed_at: row.placed_at.map(instant),
        imported_at: instant(row.imported_at),
        order_date: instant(row.order_date),
        ship_by: row.ship_by.map(instant),
        overdue_after: row.overdue_after.map(instant),
        paid: row.paid,
        paid_at: row.paid_at.map(instant),
        paid_by_hand: row.paid_by_hand,
        track_number: row.track_number,
        track_by_hand: row.track_by_hand,
        lines,
        total: Money { minor: row.total_minor, currency: currency(&row.currency)? },
        barcodes: barcodes(&row.barcodes)?,
        boxes: u32::try_from(row.boxes).unwrap_or(1),
        parent: row.parent.as_deref().map(number).transpose()?,
        flags: flags_of(&row.flags).collect(),
        admin_comment: row.admin_comment,
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_are_of_few_sizes_and_hold_each_row_once_in_order() {
        for many in [0, 1, 3, 100, 173, 200, 399, 1_000] {
            let rows: Vec<usize> = (0..many).collect();
            assert_eq!(pieces(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        }
        let sizes: Vec<usize> = pieces(&[0; 388]).map(<[_]>::len).collect();
        assert_eq!(sizes, [200, 100, 50, 20, 10, 5, 2, 1]);
    }
}
