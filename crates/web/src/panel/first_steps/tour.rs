//! The guided tour of the demonstration: what to try, in an order that shows the product, with links to real orders.

use domain::Scheme;
use storage::PageAsk;
use storage::orders::{OrderFilter, OrderSort};

use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::routes::Page;
use crate::panel::view::Link;
use crate::panel::view::first_steps::Stop;
use crate::panel::visitor::Visitor;
use crate::state::AppState;

pub(super) async fn stops(visitor: &Visitor, state: &AppState) -> Result<Vec<Stop>, Fault> {
    let v = visitor.v;
    let first = async |filter: OrderFilter, sort| -> Result<Option<String>, Fault> {
        let page = state.store.orders(&filter, sort, &PageAsk::first(1)).await?;
        Ok(page.items.first().map(|order| Page::Order(order.id).to_string()))
    };
    let waits = |scheme| OrderFilter {
        ozon_status: Some("awaiting_deliver".to_owned()),
        scheme: Some(scheme),
        ..OrderFilter::default()
    };
    let own = first(waits(Scheme::RealFbs), OrderSort::DateDesc).await?;
    let cancelled = OrderFilter { ozon_status: Some("cancelled".to_owned()), ..OrderFilter::default() };
    let cancelled = first(cancelled, OrderSort::DateDesc).await?;
    let cabinet = state.store.cabinets().await?.into_iter().next().map(|cabinet| cabinet.id);
    let stop = |code: &str, href: Option<String>| {
        let href = href?;
        let text = v.t(&format!("tour-{code}-act"));
        Some(Stop {
            title: v.t(&format!("tour-{code}")),
            text: v.t(&format!("tour-{code}-text")),
            link: Link { href, text },
        })
    };
    let stops = [
        stop("overview", Some(Page::Overview.to_string())),
        stop("assemble", Some(Page::Orders.with([("tab", "assemble")]))),
        stop("own", own),
        stop("exchange", Some(Page::Exchange.to_string())),
        stop("cancelled", cancelled),
        stop("settings", cabinet.map(|id| format!("{}#mark_paid_when_delivered", Page::Settings(id)))),
        stop("compare", cabinet.map(|id| Page::Reconciliation(id).to_string())),
        stop("letters", visitor.may(Act::ChangeMail).then(|| Page::Mail.to_string())),
    ];
    Ok(stops.into_iter().flatten().collect())
}
