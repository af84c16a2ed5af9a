//! Orders by their kinds: the combinations that there were of cabinet, source, statuses, payment, manager and way. There are few
//! of them, so those that meet a filter are soon found, and an index leads from each to its orders; it holds all that a
//! list is sorted by, so that none is read but those of the page.

use entities::{order_kinds, orders};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{EntityTrait, Iden, QueryFilter, QuerySelect, QueryTrait, Select};

use super::lead::Facet;
use super::{OrderFilter, OrderSort, in_order};
use crate::closed;

/// Of one of the kinds that meet a filter; `None` when it asks for nothing that kinds differ by. A closed condition does not lead to the orders, but is looked at on the way
/// through another index.
pub(super) fn condition(filter: &OrderFilter, is_closed: bool, is_sqlite: bool) -> Option<SimpleExpr> {
    let mut kinds = Query::select();
    kinds.column(order_kinds::Column::Id).from(order_kinds::Entity);
    let mut is_asked = false;
    for by in Facet::ALL.into_iter().filter(|by| by.is_of_kind()) {
        let column = Expr::col((order_kinds::Entity, by.column().unquoted().to_owned()));
        if let Some(asked) = by.asked(filter, column) {
            kinds.and_where(asked);
            is_asked = true;
        }
    }
    if !is_asked {
        return None;
    }
    let own = Expr::col((orders::Entity, orders::Column::KindId));
    if is_closed {
        return Some(closed::condition(own.in_subquery(kinds)));
    }
    if is_sqlite {
        return Some(own.in_subquery(kinds));
    }
    // As a list that is known before: PostgreSQL joins the two tables otherwise, and reads all of one.
    let list = Func::cust("ARRAY").arg(SimpleExpr::SubQuery(None, Box::new(kinds.into())));
    Some(own.eq(Func::cust("ANY").arg(list)))
}

/// The ids of the orders of these kinds, and of the asked dates.
pub(super) fn ids(filter: &OrderFilter, is_sqlite: bool, most: u64) -> SelectStatement {
    let dates = Facet::OrderDate.condition(filter, false);
    let asked = condition(filter, false, is_sqlite).into_iter().chain(dates);
    let found = asked.fold(orders::Entity::find(), Select::filter);
    found.select_only().column(orders::Column::Id).limit(most).into_query()
}

/// Reads the orders of a page, which is found without reading any.
pub(super) fn read(page: Select<orders::Entity>, sort: OrderSort) -> Select<orders::Entity> {
    let ids = page.select_only().column(orders::Column::Id).into_query();
    let id = Expr::col((orders::Entity, orders::Column::Id));
    in_order(orders::Entity::find().filter(id.in_subquery(ids)), sort.key(true), sort.is_descending())
}
