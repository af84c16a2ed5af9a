//! The card of an order, and what is done on it.

mod acts;
mod discussion;
pub(crate) mod facts;
pub(crate) mod goods;
mod known;
mod timeline;
mod way;
mod work;

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use domain::{Order, OrderId};
use serde::Deserialize;
use storage::cancellations::CancellationRequest;
use storage::outbox::OutboxItem;

use super::barcode::Barcode;
use super::exchange;
use super::faults::Fault;
use super::flash::Done;
use super::orders::row;
use super::view::order::{LabelBarcode, OrderPage, Related, Request, StatusChoice};
use super::view::{Dot, Section};
use super::visitor::{Visitor, go};
use crate::access::Act;
use crate::decision::decision;
use crate::state::AppState;
use voice::Voice;

pub(crate) use acts::act;
pub(crate) use discussion::{comment, delete_comment};
use known::Known;
use way::CameFrom;

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
    Query(came): Query<CameFrom>,
) -> Result<Response, Fault> {
    let store = &state.store;
    let v = visitor.v;
    // Before the order is read, so that what changes meanwhile is told to the page afterwards.
    let since = store.last_change().await?;
    let order = store.order(id).await?;
    let sees_persons = visitor.may(Act::SeePersons);
    let (known, frame) =
        tokio::try_join!(Known::of(&visitor, store, &order), visitor.frame_of(&state, Section::Orders))?;
    let status = known.statuses.iter().find(|s| s.id == order.status_id);
    let told = facts::Told {
        v,
        order: &order,
        facts: known.facts.as_ref(),
        names: &known.names,
        zone: known.zone,
        sees_persons,
        may_change: visitor.may(Act::ChangeOrders),
        erased_at: known.persons.erased_at,
        decide_by: known.decide_by,
    };
    let barcodes = barcodes(v, &order);
    let timeline = timeline::Timeline {
        v,
        order: &order,
        statuses: &known.statuses,
        zone: known.zone,
        sees_persons,
        people: &known.people,
        methods: [&known.names.delivery_methods, &known.names.payment_methods],
    };
    let deleter = discussion::deleter(&visitor);
    let others = known
        .comments
        .into_iter()
        .map(|comment| timeline.comment(comment, deleter))
        .chain(known.sent.iter().filter_map(|item| timeline.sent(item)));
    let page = OrderPage {
        work: work::work(&visitor, store, &came, &order, &known.names, &known.people).await?,
        frame,
        v,
        since,
        id,
        number: order.number.clone(),
        posting_number: order.posting_number.to_string(),
        ozon_link: ozon_link(&order),
        status: status.map(|s| s.name.clone()).unwrap_or_default(),
        dot: Dot::new(status.map_or("", |s| &s.color)),
        statuses: known
            .statuses
            .iter()
            .map(|s| StatusChoice {
                id: s.id.0,
                name: s.name.clone(),
                dot: Dot::new(&s.color),
                here: s.id == order.status_id,
            })
            .collect(),
        ozon_status: v.ozon_status(order.ozon_status.code()),
        ozon_substatus: order
            .ozon_substatus
            .as_deref()
            .and_then(|s| v.ozon_finer(order.ozon_status.code(), s)),
        paid: order.paid,
        paid_note: order.paid_at.filter(|_| order.paid).map(|at| v.when_exactly(&at)),
        ship_by: order
            .ship_by
            .filter(|_| row::has_to_leave(&order))
            .map(|at| v.left_at(&at, order.overdue_after.as_ref(), known.zone)),
        was_to_ship_by: order
            .ship_by
            .filter(|_| !row::has_to_leave(&order))
            .map(|at| v.when_exactly_at(&at, known.zone)),
        badges: told.badges(),
        warnings: told.warnings(),
        goods: goods::told(v, &order, known.facts.as_ref()),
        facts: told.boxes(),
        persons_erased: known.persons.erased_at.is_some(),
        can_be_erased: visitor.may(Act::ErasePersons) && known.persons.is_left(),
        barcodes_awaited: known.load_barcode && barcodes.is_empty(),
        barcodes,
        related: related(store, &order, &came).await?,
        track_number: order.track_number.clone().unwrap_or_default(),
        // The customer's own words may name anybody.
        request: request(v, &order, store, &known.sent)
            .await?
            .map(|asked| Request { reason: asked.reason.filter(|_| sees_persons), ..asked }),
        sent: known.sent.iter().map(|item| exchange::row(v, item, visitor.may(Act::ChangeOrders))).collect(),
        comment: if sees_persons { order.admin_comment.clone() } else { String::new() },
        history: timeline.events(&known.history, others),
    };
    visitor.page(&page)
}

/// The posting in Ozon's own cabinet: a plain link that the person follows.
fn ozon_link(order: &Order) -> String {
    let pairs = [("postingDetails", order.posting_number.as_str())];
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    format!("https://seller.ozon.ru/app/postings/fbs?{query}")
}

pub(crate) fn barcodes(v: Voice, order: &Order) -> Vec<LabelBarcode> {
    let codes = &order.barcodes;
    let drawn = |name: String, code: &Option<String>| {
        code.as_ref().map(|text| LabelBarcode { name, picture: Barcode::code128(text), text: text.clone() })
    };
    let scanit = codes.scanit.as_ref().map(|text| LabelBarcode {
        name: v.t("barcode-scanit"),
        text: text.clone(),
        picture: None,
    });
    [drawn(v.t("barcode-upper"), &codes.upper), drawn(v.t("barcode-lower"), &codes.lower), scanit]
        .into_iter()
        .flatten()
        .collect()
}

async fn related(store: &storage::Store, order: &Order, came: &CameFrom) -> Result<Vec<Related>, Fault> {
    let mut related: Vec<Related> = store
        .related_orders(order)
        .await?
        .into_iter()
        .map(|(id, number)| Related {
            is_parent: order.parent.as_ref() == Some(&number),
            posting_number: number.to_string(),
            href: Some(came.card(id)),
        })
        .collect();
    if let Some(parent) = &order.parent
        && !related.iter().any(|r| r.is_parent)
    {
        let own = store.order_of_posting(order.cabinet_id, parent).await?;
        let href = own.map(|o| came.card(o.id));
        related.insert(0, Related { posting_number: parent.to_string(), href, is_parent: true });
    }
    Ok(related)
}

/// The request to cancel that waits for the seller.
async fn request(
    v: Voice,
    order: &Order,
    store: &storage::Store,
    sent: &[OutboxItem],
) -> Result<Option<Request>, Fault> {
    let open = store.cancellation_requests(order.id).await?.into_iter().find(CancellationRequest::is_open);
    Ok(open.map(|request| Request {
        id: request.id,
        answered: decision(sent, request.id).is_some(),
        reason: request.reason,
        decide_by: request.decide_by.map(|at| v.when_exactly(&at)),
    }))
}

#[derive(Deserialize)]
pub(crate) struct Decision {
    request: Option<i64>,
    approve: Option<bool>,
    comment: Option<String>,
}

/// Answers a customer's request to cancel; Ozon is told by the outbox.
pub(crate) async fn decide(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
    Query(came): Query<CameFrom>,
    Form(wish): Form<Decision>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    let (Some(request), Some(approve)) = (wish.request, wish.approve) else { return Err(Fault::BadRequest) };
    let comment = tidy(wish.comment.as_deref().unwrap_or_default());
    let actor = visitor.actor();
    let decided = state.store.decide_cancellation(id, request, approve, &comment, &actor, state.now()).await;
    let note = match decided {
        Ok(()) => Done::CancellationDecided,
        Err(storage::Error::Refused("decided")) => Done::CancellationOver,
        Err(error) => return Err(error.into()),
    };
    state.desk.told_something();
    Ok(go(&came.card(id), note))
}

/// A comment as it is kept: line ends of one kind, no trailing space, within reason.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().chars().take(4000).collect()
}
