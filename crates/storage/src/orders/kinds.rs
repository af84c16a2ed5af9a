//! Orders by their kinds: the combinations that there were of cabinet, source, statuses, payment, manager and way. There are few
//! of them, so those that meet a filter are soon found, and an index leads from each to its orders; it holds all that a
//! list is sorted by, so that none is read but those of the page.

use entities::order_kinds::{self, Column as K};
use entities::orders;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::lead::Facet;
use super::{ManagerFilter, OrderFilter, OrderSort, in_order};
use crate::closed;
use crate::text::clean;

/// What a filter asks of the columns that kinds differ by.
fn asked(filter: &OrderFilter) -> Vec<SimpleExpr> {
    let status = filter.status.iter().map(|id| id.0);
    let manager = filter.manager.map(|manager| match manager {
        ManagerFilter::Is(id) => K::ManagerId.eq(id.0),
        ManagerFilter::Nobody => K::ManagerId.is_null(),
    });
    let all = [
        (!filter.status.is_empty()).then(|| K::StatusId.is_in(status)),
        filter.ozon_status.as_deref().map(|code| K::OzonStatus.eq(clean(code))),
        filter.source.map(|id| K::SourceId.eq(id.0)),
        filter.cabinet.map(|id| K::CabinetId.eq(id.0)),
        filter.scheme.map(|scheme| K::Scheme.eq(scheme.code())),
        filter.warehouse.map(|id| K::WarehouseId.eq(id)),
        filter.paid.map(|paid| K::Paid.eq(paid)),
        filter.express.then(|| K::Express.eq(true)),
        manager,
    ];
    all.into_iter().flatten().collect()
}

/// Whether a filter asks for anything that kinds differ by.
pub(super) fn are_asked(filter: &OrderFilter) -> bool {
    !asked(filter).is_empty()
}

/// The kinds that meet a filter.
pub(crate) fn of(filter: &OrderFilter) -> SelectStatement {
    let mut kinds = Query::select();
    kinds.column((order_kinds::Entity, K::Id)).from(order_kinds::Entity);
    for asked in asked(filter) {
        kinds.and_where(asked);
    }
    kinds
}

fn own() -> SimpleExpr {
    Expr::col((orders::Entity, orders::Column::KindId))
}

/// An order of one of these kinds, which lead to it.
pub(crate) fn among(kinds: SelectStatement, is_sqlite: bool) -> SimpleExpr {
    if is_sqlite {
        return own().in_subquery(kinds);
    }
    // As a list that is known before: PostgreSQL joins the two tables otherwise, and reads all of one.
    let list = Func::cust("ARRAY").arg(SimpleExpr::SubQuery(None, Box::new(kinds.into())));
    own().eq(Func::cust("ANY").arg(list))
}

/// An order of one of the kinds that meet a filter; `None` when it asks for nothing that kinds differ by. A closed condition
/// does not lead to the orders, but is looked at on the way through another index.
pub(super) fn condition(filter: &OrderFilter, is_closed: bool, is_sqlite: bool) -> Option<SimpleExpr> {
    are_asked(filter).then(|| {
        if is_closed {
            closed::condition(own().in_subquery(of(filter)))
        } else {
            among(of(filter), is_sqlite)
        }
    })
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

/// The date by which one kind of those that meet a filter has filled so many rows of a list by itself, so that none beyond
/// it is needed of the others; nothing where none has so many. `orders` are those of the list, whatever their kind.
pub(super) fn filled_by_one(
    filter: &OrderFilter,
    orders: Select<orders::Entity>,
    down: bool,
    rows: u64,
) -> SelectStatement {
    let date = || Expr::col((orders::Entity, orders::Column::OrderDate));
    let direction = if down { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
    let mut last = orders
        .filter(own().equals((order_kinds::Entity, K::Id)))
        .select_only()
        .column(orders::Column::OrderDate)
        .into_query();
    last.order_by_expr(date(), direction).limit(1).offset(rows.saturating_sub(1));
    let last = SimpleExpr::SubQuery(None, Box::new(last.into()));
    let mut kinds = of(filter);
    kinds.clear_selects().expr(if down { Func::max(last) } else { Func::min(last) });
    kinds
}
