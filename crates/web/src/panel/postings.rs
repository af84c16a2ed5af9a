//! Postings that made no order, and one posting as Ozon sent it.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::posting::Product;
use domain::{CabinetId, OzonStatus, SkipReason};
use serde::Deserialize;
use storage::PageAsk;
use storage::postings::{PostingFilter, StoredPosting};
use strum::IntoEnumIterator;

use super::cabinets;
use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::view::postings::{GoodsRow, PostingPage, PostingRow, PostingsPage};
use super::view::{Choice, Link, Section};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

#[derive(Deserialize)]
pub(crate) struct Asked {
    cabinet: Option<String>,
    reason: Option<String>,
    number: Option<String>,
    archive: Option<String>,
    cursor: Option<String>,
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let text = |part: &Option<String>| part.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let (cabinet, reason, number) = (text(&asked.cabinet), text(&asked.reason), text(&asked.number));
    let skipped_because: Option<SkipReason> = reason.parse().ok();
    let archive = asked.archive.is_some();
    let filter = PostingFilter {
        cabinet: cabinet.parse().ok(),
        posting_number: Some(number.clone()).filter(|n| !n.is_empty()),
        without_order: Some(true),
        skipped_because,
        archive: archive || skipped_because == Some(SkipReason::Archive),
    };
    let page = state.store.postings(&filter, &PageAsk { limit: 50, cursor: asked.cursor }).await?;
    let cabinets = state.store.cabinets().await?;
    let names: HashMap<_, _> = cabinets.iter().map(|c| (c.id, c.name.as_str())).collect();
    let mut query: Vec<(&str, String)> =
        [("cabinet", cabinet.clone()), ("reason", reason.clone()), ("number", number.clone())].to_vec();
    query.retain(|(_, value)| !value.is_empty());
    if archive {
        query.push(("archive", "true".to_owned()));
    }
    let active = !query.is_empty();
    let page = PostingsPage {
        frame: visitor.frame_of(&state, Section::Postings).await?,
        v,
        cabinet: cabinets::any_or_each(v, &cabinets, &cabinet),
        reason: Choice::any_or(
            v.t("filter-any-reason"),
            SkipReason::iter().map(|r| (r, words::skip(v, Some(r)))),
            &reason,
        ),
        number,
        archive,
        active,
        rows: page.items.iter().map(|p| row(v, p, &names)).collect(),
        next: page.next.map(|cursor| {
            query.push(("cursor", cursor));
            Page::Postings.with(query)
        }),
    };
    visitor.page(&page)
}

fn row(v: Voice, posting: &StoredPosting, names: &HashMap<CabinetId, &str>) -> PostingRow {
    let reason = posting.skipped_because;
    let quarantined = reason == Some(SkipReason::Undecodable);
    PostingRow {
        id: posting.id,
        number: posting.posting_number.clone(),
        ozon_status: v.ozon_status(&posting.ozon_status),
        ozon_substatus: posting.ozon_substatus.as_deref().and_then(|s| v.ozon_finer(&posting.ozon_status, s)),
        in_process: posting.in_process_at.map(|at| v.when_exactly(&at)),
        first_seen: v.when_exactly(&posting.first_seen_at),
        cabinet: names.get(&posting.cabinet_id).copied().unwrap_or_default().to_owned(),
        reason: words::skip(v, reason),
        setting: reason.and_then(SkipReason::setting).map(|key| words::setting(v, posting.cabinet_id, key)),
        quarantined,
        can_become: posting.order_id.is_none() && !quarantined,
        cancelled: OzonStatus::from(posting.ozon_status.as_str()).is_final_cancellation(),
    }
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let posting = state.store.posting(id).await?;
    let cabinet = state.store.cabinet(posting.cabinet_id).await?;
    let order = match posting.order_id {
        Some(order) => Some(state.store.order(order).await?),
        None => None,
    };
    let mut raw = Vec::new();
    // Ozon's answer holds names and phones.
    if visitor.may(Act::SeePersons) {
        let kept = state.store.raw_posting(id).await?;
        raw.extend(kept.list.map(|json| ("/v4/posting/fbs/list".to_owned(), indented(&json))));
        raw.extend(kept.get.map(|json| ("/v3/posting/fbs/get".to_owned(), indented(&json))));
    }
    // What could not be read has no goods to show.
    let facts = state.store.posting_facts(id).await?;
    let (goods, total) = facts.as_ref().map(|posting| goods(v, &posting.products)).unwrap_or_default();
    let names = HashMap::from([(cabinet.id, cabinet.name.as_str())]);
    let page = PostingPage {
        frame: visitor.frame_of(&state, Section::Postings).await?,
        v,
        row: row(v, &posting, &names),
        order: order.map(|o| Link { href: Page::Order(o.id).to_string(), text: o.number }),
        // What could not be read may stand in the words about it.
        undecodable: posting.undecodable.clone().filter(|_| visitor.may(Act::SeePersons)),
        goods,
        total,
        warehouse: facts.as_ref().and_then(|posting| posting.details.warehouse_name.clone()),
        method: facts.as_ref().and_then(|posting| posting.details.delivery_method_name.clone()),
        raw,
        read_at: v.when_exactly(&posting.read_at),
    };
    visitor.page(&page)
}

/// The goods of a posting, and what they come to where that is one currency.
fn goods(v: Voice, products: &[Product]) -> (Vec<GoodsRow>, Option<String>) {
    let sum = |product: &Product| product.price.times(product.quantity);
    let row = |product: &Product| GoodsRow {
        name: product.name.clone(),
        offer_id: product.offer_id.clone(),
        quantity: v.number(product.quantity.into()),
        price: v.money(&product.price),
        sum: sum(product).map(|money| v.money(&money)).unwrap_or_default(),
    };
    let total = products
        .split_first()
        .and_then(|(first, rest)| rest.iter().try_fold(sum(first)?, |all, product| all.plus(sum(product)?)));
    (products.iter().map(row).collect(), total.map(|money| v.money(&money)))
}

/// Indented for reading; what is no JSON stays as it came.
fn indented(raw: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(raw);
    value.and_then(|v| serde_json::to_string_pretty(&v)).unwrap_or_else(|_| raw.to_owned())
}

pub(crate) async fn create_order(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    visitor.must(Act::CreateOrder)?;
    match state.desk.create_order(id, &visitor.actor()).await {
        Ok(order) => {
            visitor.note(&state, "orders.create", &format!("order {order}"), "").await?;
            Ok(go(&Page::Order(order).to_string(), Done::OrderCreated))
        }
        Err(storage::Error::Refused(_)) => Ok(go(&Page::Posting(id).to_string(), Done::OrderRefused)),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::UTC;
    use domain::{Currency, Money};
    use voice::Lang;

    #[test]
    fn the_goods_of_a_posting_are_summed_where_they_are_in_one_currency() {
        let v = Voice { lang: Lang::Ru, zone: UTC, now: chrono::DateTime::UNIX_EPOCH };
        let product = |quantity, minor, currency| Product {
            offer_id: "MUG".to_owned(),
            sku: None,
            name: "Кружка".to_owned(),
            quantity,
            price: Money { minor, currency },
            old_price: None,
            customer_price: None,
            weight_grams: None,
            color: None,
        };
        let usd = Currency::parse("USD").expect("a code");
        let (rows, total) = goods(v, &[product(2, 10_000, Currency::RUB), product(1, 550, Currency::RUB)]);
        let told: Vec<_> = rows.iter().map(|row| (row.quantity.as_str(), row.sum.as_str())).collect();
        assert_eq!(told, [("2", "200,00\u{202f}₽"), ("1", "5,50\u{202f}₽")]);
        assert_eq!(total.as_deref(), Some("205,50\u{202f}₽"));
        let (rows, total) = goods(v, &[product(1, 100, Currency::RUB), product(1, 100, usd)]);
        assert_eq!((rows.len(), total), (2, None));
        assert_eq!(goods(v, &[]).1, None);
    }
}
