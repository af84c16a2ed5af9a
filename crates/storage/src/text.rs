//! Texts as both databases can keep them, and postings as rows can give them back unchanged.

use domain::posting::Details;
use domain::{OzonStatus, Posting, PostingNumber};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::instant::{instant, micros};

/// Texts of Ozon's that an index holds are cut to this many characters: PostgreSQL's indexes take no row of several
/// thousand bytes. Ozon's own codes and numbers have some twenty.
const INDEXED: usize = 200;

/// Without NUL, which PostgreSQL's texts cannot hold.
pub fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// As much of a text as an index holds.
pub fn shortened(text: &str) -> String {
    clean(text).chars().take(INDEXED).collect()
}

/// The posting as a row can hold it: no NUL, instants in microseconds, counts in 32 bits, indexed texts of sane length.
/// Otherwise one odd posting would stop its whole page, or seem to change at every load.
pub fn tidy(posting: &Posting, number: &PostingNumber) -> Result<Posting> {
    let mut tidy = without_nul(posting)?;
    tidy.number = number.clone();
    if let OzonStatus::Other(code) = &mut tidy.status {
        cut(code);
    }
    for product in &mut tidy.products {
        product.quantity = product.quantity.min(i32::MAX.cast_unsigned());
    }
    let Details {
        order_number,
        in_process_at,
        shipment_date,
        shipment_date_without_delay,
        delivering_date,
        delivery_from,
        delivery_to,
        multi_box_qty,
        ..
    } = &mut tidy.details;
    for at in [
        in_process_at,
        shipment_date,
        shipment_date_without_delay,
        delivering_date,
        delivery_from,
        delivery_to,
    ] {
        *at = at.map(|at| instant(micros(at)));
    }
    if let Some(order_number) = order_number {
        cut(order_number);
    }
    *multi_box_qty = multi_box_qty.map(|n| n.min(i32::MAX.cast_unsigned()));
    Ok(tidy)
}

fn cut(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(INDEXED) {
        text.truncate(at);
    }
}

fn without_nul(posting: &Posting) -> Result<Posting> {
    let corrupt = |e: serde_json::Error| Error::Corrupt(e.to_string());
    let text = serde_json::to_string(posting).map_err(corrupt)?;
    if !text.contains("\\u0000") {
        return Ok(posting.clone());
    }
    let mut value = serde_json::from_str(&text).map_err(corrupt)?;
    strip(&mut value);
    serde_json::from_value(value).map_err(corrupt)
}

fn strip(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean(text),
        Value::Array(all) => all.iter_mut().for_each(strip),
        Value::Object(all) => all.values_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
