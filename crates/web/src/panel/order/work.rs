//! What a card is worked with: the list it belongs to, whose it is, and what else can be chosen.

use domain::{Order, OzonStatus};
use storage::people::User;
use storage::{PageAsk, Store};

use super::acts::minute;
use super::facts::Names;
use super::way::{CameFrom, neighbours};
use crate::access::Act;
use crate::managers::may_be_manager;
use crate::panel::faults::Fault;
use crate::panel::orders::row;
use crate::panel::routes::Page;
use crate::panel::view::Choice;
use crate::panel::view::order_work::{Found, Work};
use crate::panel::visitor::Visitor;
use voice::Voice;

/// Customers that a search on the card shows.
const FOUND: u64 = 10;

pub(crate) async fn work(
    visitor: &Visitor,
    store: &Store,
    came: &CameFrom,
    order: &Order,
    names: &Names,
    people: &[User],
) -> Result<Work, Fault> {
    let v = visitor.v;
    let may_change = visitor.may(Act::ChangeOrders);
    let sees_persons = visitor.may(Act::SeePersons);
    let asked = came.asked();
    let read = crate::panel::orders::read(visitor, store, &asked).await?;
    let (previous, next) = neighbours(store, &read, order.id).await?;
    let (manager, choices) = whose(v, people, order, may_change);
    let find: String = came.find.as_deref().unwrap_or_default().trim().chars().take(200).collect();
    let looks = may_change && sees_persons && !find.is_empty();
    Ok(Work {
        act: came.act(&Page::OrderAct(order.id)),
        decide: came.act(&Page::OrderDecide(order.id)),
        comment: came.act(&Page::OrderComment(order.id)),
        delete_comment: came.act(&Page::OrderCommentDelete(order.id)),
        list: asked.address_with(&[("cursor", None)]),
        previous: previous.map(|id| came.card(id)),
        next: next.map(|id| came.card(id)),
        todo: todo(v, order),
        may_take: may_change && order.manager != Some(visitor.user.id),
        manager,
        managers: choices,
        paid_at: order.paid_at.filter(|_| order.paid).map(|at| minute(v, &at)).unwrap_or_default(),
        paid_latest: minute(v, &v.now),
        delivery_methods: named(&names.delivery_methods, order.delivery_method_id.0),
        payment_methods: named(&names.payment_methods, order.payment_method_id.0),
        from: came.query().unwrap_or_default(),
        found: if looks { found(store, order, &find).await? } else { Vec::new() },
        looks,
        find,
    })
}

/// The manager's address, and whom the order can be given to; whoever has it now is among them in any case.
fn whose(v: Voice, people: &[User], order: &Order, may_change: bool) -> (String, Vec<Choice>) {
    let current = order.manager.map(|id| id.to_string()).unwrap_or_default();
    let has_it = people.iter().find(|user| Some(user.id) == order.manager);
    let email = has_it.map(|user| user.email.clone()).unwrap_or_default();
    if !may_change {
        return (email, Vec::new());
    }
    let mut able: Vec<&User> = people.iter().filter(|user| may_be_manager(user)).collect();
    able.extend(has_it.filter(|user| !may_be_manager(user)));
    let nobody = Choice::new("", v.t("manager-nobody"), &current);
    let each = able.into_iter().map(|user| Choice::new(user.id, user.email.clone(), &current));
    (email, std::iter::once(nobody).chain(each).collect())
}

fn named(all: &[storage::lists::Named], current: i64) -> Vec<Choice> {
    let current = current.to_string();
    all.iter().map(|one| Choice::new(one.id, one.name.clone(), &current)).collect()
}

/// What the order waits for from the seller.
fn todo(v: Voice, order: &Order) -> Option<String> {
    if !row::has_to_leave(order) {
        return None;
    }
    match order.ozon_status {
        OzonStatus::AwaitingPackaging => Some(v.t("todo-pack")),
        OzonStatus::AwaitingDeliver => Some(v.t("todo-ship")),
        _ => None,
    }
}

/// Other customers that a search finds.
async fn found(store: &Store, order: &Order, q: &str) -> Result<Vec<Found>, Fault> {
    let page = store.customers(Some(q), &PageAsk::first(FOUND)).await?;
    let others = page.items.into_iter().filter(|customer| customer.id != order.customer_id);
    let shown = others.map(|customer| Found {
        id: customer.id.0,
        more: [customer.phone, customer.email].into_iter().flatten().collect::<Vec<_>>().join(", "),
        name: if customer.name.is_empty() { "—".to_owned() } else { customer.name },
    });
    Ok(shown.collect())
}
