//! Orders by their kinds: the combinations that there were of cabinet, source, statuses, payment, manager and way. There are few
//! of them, so those that meet a filter are soon found, and an index leads from each to its orders; it holds all that a
//! list is sorted by, so that none is read but those of the page.

use entities::order_kinds::{self, Column as K};
use entities::orders;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, Order as Direction, QueryFilter, QuerySelect,
    QueryTrait, Select,
};

use super::ids::{joined, one_of};
use super::lead::Facet;
use super::stretch::in_order;
use super::{ManagerFilter, OrderFilter, OrderSort};
use crate::closed;
use crate::error::Result;
use crate::text::clean;

/// The kinds that meet a filter. They are read before their orders are asked for: PostgreSQL knows how many orders a kind
/// has, and of a question that has to find its kinds takes a tenth of all orders for likely, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kinds(String);

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

fn meeting(filter: &OrderFilter) -> SelectStatement {
    let mut kinds = Query::select();
    kinds.column(K::Id).from(order_kinds::Entity);
    for asked in asked(filter) {
        kinds.and_where(asked);
    }
    kinds
}

fn own() -> SimpleExpr {
    Expr::col((orders::Entity, orders::Column::KindId))
}

/// An order of one of the kinds that meet a filter, where something else leads; `None` when it asks for nothing that kinds
/// differ by.
pub(super) fn closed(filter: &OrderFilter) -> Option<SimpleExpr> {
    are_asked(filter).then(|| closed::condition(own().in_subquery(meeting(filter))))
}

/// An order of the kind that a question is about.
pub(crate) fn of_that_kind() -> SimpleExpr {
    own().equals((order_kinds::Entity, K::Id))
}

/// Reads the orders of a page, which is found without reading any.
pub(super) fn read(page: Select<orders::Entity>, sort: OrderSort) -> Select<orders::Entity> {
    let ids = page.select_only().column(orders::Column::Id).into_query();
    let id = Expr::col((orders::Entity, orders::Column::Id));
    in_order(orders::Entity::find().filter(id.in_subquery(ids)), sort.key(true), sort.is_descending())
}

impl Kinds {
    /// Those that meet a filter.
    pub(crate) async fn meeting<C: ConnectionTrait>(db: &C, filter: &OrderFilter) -> Result<Self> {
        Ok(Self::meeting_each(db, &[filter]).await?.remove(0))
    }

    /// Those that meet each of several filters, in one question.
    pub(super) async fn meeting_each<C: ConnectionTrait>(
        db: &C,
        filters: &[&OrderFilter],
    ) -> Result<Vec<Self>> {
        let mut met = vec![Vec::new(); filters.len()];
        let each = filters.iter().enumerate().map(|(at, filter)| {
            let mut kinds = meeting(filter);
            kinds.expr(Expr::cust(format!("CAST({at} AS BIGINT)")));
            kinds
        });
        let all = each.reduce(|mut all, kinds| all.union(UnionType::All, kinds).to_owned());
        if let Some(all) = all {
            for row in db.query_all(&all).await? {
                let (id, at): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                if let Some(met) = usize::try_from(at).ok().and_then(|at| met.get_mut(at)) {
                    met.push(id);
                }
            }
        }
        Ok(met.into_iter().map(|ids| Self(joined(&ids))).collect())
    }

    /// An order of one of these kinds, which lead to it.
    pub(crate) fn condition(&self, is_sqlite: bool) -> SimpleExpr {
        one_of(own(), &self.0, is_sqlite)
    }

    /// The ids of the orders of these kinds, and of the asked dates.
    pub(super) fn ids(&self, filter: &OrderFilter, is_sqlite: bool, most: u64) -> SelectStatement {
        let dates = Facet::OrderDate.condition(filter, false);
        let found = [self.condition(is_sqlite)].into_iter().chain(dates);
        let found = found.fold(orders::Entity::find(), Select::filter);
        found.select_only().column(orders::Column::Id).limit(most).into_query()
    }

    /// The date by which one of these kinds has filled so many rows of a list by itself, so that nothing beyond it is needed
    /// of the others; `None` where none has so many. `orders` are those of the list that are [`of_that_kind`].
    ///
    /// It is asked for before the rows are: PostgreSQL takes a date that it does not know for a third of a list.
    pub(crate) async fn filled_by_one<C: ConnectionTrait>(
        &self,
        db: &C,
        orders: Select<orders::Entity>,
        down: bool,
        rows: u64,
    ) -> Result<Option<i64>> {
        let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
        let row = db.query_one(&self.filling(orders, down, rows, is_sqlite)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }

    pub(super) fn filling(
        &self,
        orders: Select<orders::Entity>,
        down: bool,
        rows: u64,
        is_sqlite: bool,
    ) -> SelectStatement {
        let date = Expr::col((orders::Entity, orders::Column::OrderDate));
        let direction = if down { Direction::Desc } else { Direction::Asc };
        let mut last = orders.select_only().column(orders::Column::OrderDate).into_query();
        last.order_by_expr(date, direction).limit(1).offset(rows.saturating_sub(1));
        let last = SimpleExpr::SubQuery(None, Box::new(last.into()));
        Query::select()
            .expr(if down { Func::max(last) } else { Func::min(last) })
            .from(order_kinds::Entity)
            .and_where(one_of(Expr::col((order_kinds::Entity, K::Id)), &self.0, is_sqlite))
            .to_owned()
    }
}
