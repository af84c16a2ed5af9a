//! The search of the top bar: orders, postings without one, customers, settings and pages, by one word. Each group asks
//! its own index; who may not see persons finds nothing by them.

mod pages;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::search::fold;
use serde::Deserialize;
use storage::PageAsk;
use storage::orders::OrderSort;

use super::faults::Fault;
use super::orders::filter::Asked;
use super::routes::Page;
use super::settings::index::settings_index;
use super::view::search::{Found, Group, SearchFragment, SearchPage};
use super::view::{Link, Section};
use super::visitor::Visitor;
use crate::access::Act;
use crate::state::AppState;

/// Hits of a group that are shown.
const SHOWN: u64 = 8;
/// Settings of a cabinet that are shown.
const SETTINGS: usize = 5;
/// Cabinets whose pages and settings are looked through.
const CABINETS: usize = 5;
/// The longest text that is looked for, characters.
const LONGEST: usize = 200;

#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    q: String,
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(typed): Query<Typed>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let q: String = typed.q.trim().chars().take(LONGEST).collect();
    let groups = if q.is_empty() { Vec::new() } else { groups(&visitor, &state, &q).await? };
    if visitor.by_htmx {
        return visitor.page(&SearchFragment { v, q, groups });
    }
    // A whole number of one order leads straight to it.
    if let [Group { found, is_exact: true, .. }] = &groups[..]
        && let [only] = &found[..]
    {
        return Ok(Redirect::to(&only.href).into_response());
    }
    let mut frame = visitor.frame_of(&state, Section::Outside).await?;
    frame.search.clone_from(&q);
    visitor.page(&SearchPage { frame, v, q, groups })
}

async fn groups(visitor: &Visitor, state: &AppState, q: &str) -> Result<Vec<Group>, Fault> {
    let groups = [
        orders(visitor, state, q).await?,
        postings(visitor, state, q).await?,
        customers(visitor, state, q).await?,
        settings(visitor, state, q).await?,
        pages(visitor, state, q).await?,
    ];
    Ok(groups.into_iter().flatten().collect())
}

async fn orders(visitor: &Visitor, state: &AppState, q: &str) -> Result<Option<Group>, Fault> {
    let v = visitor.v;
    let asked = Asked::searched(q);
    let read = super::orders::read(visitor, &state.store, &asked).await?;
    let page = state.store.orders(&read.filter, OrderSort::DateDesc, &PageAsk::first(SHOWN)).await?;
    let is_exact = page.items.len() == 1 && page.items[0].posting_number.as_str() == q;
    let statuses = state.store.statuses().await?;
    let sees_persons = visitor.may(Act::SeePersons);
    let found = page.items.iter().map(|order| {
        let status = statuses.iter().find(|status| status.id == order.status_id);
        let goods = order.lines.iter().filter(|line| line.quantity > 0).map(|line| line.name.as_str());
        let person = if sees_persons { order.customer_name.as_str() } else { "" };
        let parts =
            [status.map_or("", |status| &status.name), person, goods.take(1).next().unwrap_or_default()];
        Found {
            href: Page::Order(order.id).to_string(),
            text: order.number.clone(),
            more: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        }
    });
    let all =
        page.next.is_some().then(|| Link { href: asked.address_with(&[]), text: v.t("search-all-orders") });
    Ok(Group::of(v.t("orders-title"), "orders", found.collect(), all)
        .map(|group| Group { is_exact, ..group }))
}

async fn postings(visitor: &Visitor, state: &AppState, q: &str) -> Result<Option<Group>, Fault> {
    let stored = state.store.postings_numbered(q).await?;
    let found = stored.into_iter().filter(|posting| posting.order_id.is_none()).map(|posting| Found {
        href: Page::Posting(posting.id).to_string(),
        text: posting.posting_number,
        more: visitor.v.ozon_status(&posting.ozon_status),
    });
    Ok(Group::of(visitor.v.t("rail-postings"), "postings", found.collect(), None))
}

async fn customers(visitor: &Visitor, state: &AppState, q: &str) -> Result<Option<Group>, Fault> {
    if !visitor.may(Act::SeePersons) {
        return Ok(None);
    }
    let page = state.store.customers(Some(q), &PageAsk::first(SHOWN)).await?;
    let found = page.items.into_iter().map(|customer| Found {
        href: Page::Customer(customer.id).to_string(),
        text: super::words::person(visitor.v, &customer.name),
        more: [customer.phone, customer.email].into_iter().flatten().collect::<Vec<_>>().join(", "),
    });
    let all = page
        .next
        .is_some()
        .then(|| Link { href: Page::Customers.with([("q", q)]), text: visitor.v.t("search-all-customers") });
    Ok(Group::of(visitor.v.t("list-customers"), "person", found.collect(), all))
}

async fn settings(visitor: &Visitor, state: &AppState, q: &str) -> Result<Option<Group>, Fault> {
    let v = visitor.v;
    let hits = settings_index(v);
    let hits = hits.iter().filter(|one| has_all(&format!("{} {} {}", one.label, one.help, one.key), q));
    let hits: Vec<_> = hits.collect();
    let more = hits.len() > SETTINGS;
    if hits.is_empty() {
        return Ok(None);
    }
    let cabinets = state.store.cabinets().await?;
    let names_them = cabinets.len() > 1;
    let found = cabinets.iter().take(CABINETS).flat_map(|cabinet| {
        hits.iter().take(SETTINGS).map(move |one| Found {
            href: format!("{}#{}", Page::Settings(cabinet.id), one.anchor),
            text: one.label.clone(),
            more: if names_them { cabinet.name.clone() } else { one.help.clone() },
        })
    });
    let found = found.collect();
    let all = cabinets.first().filter(|_| more).map(|cabinet| Link {
        href: Page::Settings(cabinet.id).with([("find", q)]),
        text: v.t("search-all-settings"),
    });
    Ok(Group::of(v.t("settings-title"), "gear", found, all))
}

async fn pages(visitor: &Visitor, state: &AppState, q: &str) -> Result<Option<Group>, Fault> {
    let v = visitor.v;
    let cabinets = state.store.cabinets().await?;
    let of_cabinets = cabinets.iter().take(CABINETS).flat_map(|cabinet| {
        let each = pages::of_cabinet(cabinet.id).into_iter();
        each.map(|page| (page, cabinet.name.clone()))
    });
    let found = pages::all().into_iter().map(|page| (page, String::new())).chain(of_cabinets);
    let found = found.filter(|(page, _)| page.act.is_none_or(|act| visitor.may(act)));
    let found = found.filter_map(|(page, more)| {
        let text = v.t(page.key);
        let words = page.also.map(|key| v.t(key)).unwrap_or_default();
        has_all(&format!("{text} {words}"), q).then(|| Found { href: page.href.to_string(), text, more })
    });
    Ok(Group::of(v.t("search-pages"), "next", found.collect(), None))
}

/// Whether a text has every word that is looked for, whatever its letters' size.
fn has_all(text: &str, q: &str) -> bool {
    let text = fold(text);
    fold(q).split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_looked_for_whatever_the_size_of_its_letters() {
        assert!(has_all("Учёт грузовых мест", "мест УЧЕТ"));
        assert!(!has_all("Учёт грузовых мест", "мест склад"));
    }
}
