//! Orders on paper: one order as a sheet, and the pick list of several.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::picking::{self, PickList};
use domain::{Order, OrderId};

use super::faults::Fault;
use super::flash::Done;
use super::order::{self, facts};
use super::orders::wanted::{Reader, Wanted};
use super::orders::{self, row};
use super::preferences::own_path;
use super::view::Section;
use super::view::order::{Fact, FactBox, Value};
use super::view::print::{PickListPage, PickedGoods, PickedShare, PrintedOrder};
use super::visitor::{Visitor, go};
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// Orders that one pick list is for: more than one person carries in a round.
const ORDERS: usize = 200;
/// Pages of orders that are looked through for them, where most have left already.
const PAGES: usize = 25;

/// One order as a sheet.
pub(crate) async fn order(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
) -> Result<Response, Fault> {
    let store = &state.store;
    let v = visitor.v;
    let order = store.order(id).await?;
    let mut told_by_ozon = store.facts_of(&[id]).await?;
    let zone = store.warehouse_zones(std::slice::from_ref(&order), &told_by_ozon).await?.remove(&id);
    let told_by_ozon = told_by_ozon.remove(&id);
    let sees_persons = visitor.may(Act::SeePersons);
    let names = facts::Names::of(store, &order).await?;
    let decide_by = store.cancellation_deadlines(&[id]).await?.remove(&id);
    let told = facts::Told {
        v,
        order: &order,
        facts: told_by_ozon.as_ref(),
        names: &names,
        zone,
        sees_persons,
        // On paper nothing is chosen: everything stands there in words.
        may_change: false,
        erased_at: store.persons_of_order(id).await?.erased_at,
        decide_by,
    };
    let status = store.statuses().await?.into_iter().find(|s| s.id == order.status_id);
    let mut boxes = vec![about(v, &order, status.map(|s| s.name))];
    boxes.push(told.delivery());
    boxes.extend(told.people());
    // A note in place of what may not be seen is for the screen.
    boxes.retain(|b| !b.facts.is_empty());
    let page = PrintedOrder {
        frame: visitor.frame_of(&state, Section::Orders).await?,
        v,
        id,
        number: order.number.clone(),
        posting_number: order.posting_number.to_string(),
        badges: told.badges().into_iter().map(|b| b.text).collect::<Vec<_>>().join(" · "),
        ship_by: order.ship_by.map(|at| v.dated(&at, zone)),
        has_to_leave: row::has_to_leave(&order),
        warnings: told.warnings(),
        barcodes: order::barcodes(v, &order),
        goods: order::goods::told(v, &order, told_by_ozon.as_ref()),
        facts: boxes,
        comment: if sees_persons { order.admin_comment.clone() } else { String::new() },
        printed_at: v.dated(&v.now, None),
    };
    visitor.page(&page)
}

/// What the order itself says, with whole dates: paper is read later.
fn about(v: Voice, order: &Order, status: Option<String>) -> FactBox {
    let fact = |name: String, value: Option<String>| {
        let value = value.filter(|text| !text.is_empty())?;
        Some(Fact { name, value: Value::Text(value), copy: false })
    };
    let facts = [
        fact(v.t("column-date"), Some(v.dated(&order.order_date, None))),
        fact(v.t("column-status"), status),
        fact(v.t("column-ozon-status"), Some(v.ozon_status(order.ozon_status.code()))),
        fact(v.t("column-paid"), Some(if order.paid { v.t("paid") } else { v.t("unpaid") })),
        fact(v.t("fact-ozon-order"), order.ozon_order_number.clone()),
        fact(v.t("fact-track-number"), order.track_number.clone()),
    ];
    FactBox {
        id: "order",
        title: v.t("order-word"),
        icon: "orders",
        own: Vec::new(),
        facts: facts.into_iter().flatten().collect(),
        note: None,
        link: None,
    }
}

/// What to take from the shelves for the picked orders, or for those that the filter finds.
pub(crate) async fn pick_list(
    visitor: Visitor,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let wanted = Wanted::of(&query.unwrap_or_default())?;
    let back = match &wanted {
        Wanted::Nothing(back) => return Ok(go(&own_path(Some(back)), Done::NothingPicked)),
        Wanted::Filtered(asked) => asked.address_with(&[]),
        Wanted::Picked(_) => own_path(None),
    };
    let reader = wanted.reader(&visitor, &state.store).await?;
    let (list, more) = gather(reader).await?;
    let of = match &wanted {
        Wanted::Filtered(asked) => orders::told(&visitor, &state.store, asked).await?.join(" · "),
        Wanted::Picked(_) | Wanted::Nothing(_) => v.t("pick-list-of-picked"),
    };
    let page = PickListPage {
        frame: visitor.frame_of(&state, Section::Orders).await?,
        v,
        back,
        of: if of.is_empty() { v.t("pick-list-of-all") } else { of },
        orders: u64::try_from(list.orders.len()).unwrap_or(u64::MAX),
        pieces: list.goods.values().map(|goods| goods.pieces).sum(),
        more,
        cancelled: list.cancelled,
        gone: list.gone,
        goods: list.goods.into_iter().map(|(article, goods)| picked(v, article, goods)).collect(),
        printed_at: v.dated(&v.now, None),
    };
    visitor.page(&page)
}

/// The pick list, and whether there are more orders than it holds.
async fn gather(mut reader: Reader) -> Result<(PickList, bool), Fault> {
    let mut list = PickList::default();
    for _ in 0..PAGES {
        let Some(orders) = reader.next().await? else { return Ok((list, false)) };
        for order in orders {
            if list.orders.len() == ORDERS && picking::left_out(&order).is_none() {
                return Ok((list, true));
            }
            list.add(&order);
        }
    }
    Ok((list, reader.next().await?.is_some()))
}

fn picked(v: Voice, offer_id: String, goods: picking::Goods) -> PickedGoods {
    let share = |share: picking::Share| PickedShare {
        id: share.order,
        number: share.number,
        pieces: v.number(share.pieces),
    };
    PickedGoods {
        offer_id,
        names: goods.names.join(" / "),
        pieces: v.number(goods.pieces),
        shares: goods.shares.into_iter().map(share).collect(),
    }
}
