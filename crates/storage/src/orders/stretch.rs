//! A stretch of a list: its orders from a place on, one way, as what leads to them finds them.

use entities::orders::{self, Column as C};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, Order as Direction, QueryFilter, QueryOrder, QuerySelect, Select};

use super::lead::{self, Lead};
use super::{OrderFilter, OrderSort, found, kinds};
use crate::closed;
use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;
use crate::page::PageAsk;
use crate::search;
use crate::text::clean;

/// Which orders of which list, and what leads to them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<'a> {
    pub filter: &'a OrderFilter,
    pub sort: OrderSort,
    pub lead: &'a Lead,
    /// The sort key and the id that it begins after; the list's beginning without.
    pub place: Option<(i64, i64)>,
    /// To smaller keys.
    pub down: bool,
}

impl<'a> Stretch<'a> {
    /// From where a page begins.
    pub(super) fn of_page(
        filter: &'a OrderFilter,
        sort: OrderSort,
        ask: &PageAsk,
        lead: &'a Lead,
    ) -> Result<Self> {
        Ok(Self { filter, sort, lead, place: ask.after()?, down: sort.is_descending() })
    }

    /// Of a list by date: whether the filter's date on the side where it begins is nearer than the place; `None` without one.
    fn begins_by_date(&self, place: i64) -> Option<bool> {
        let date = if self.down { self.filter.placed_to } else { self.filter.placed_from };
        date.map(|date| if self.down { micros(date) <= place } else { micros(date) > place })
    }
}

impl OrderFilter {
    /// The same without the date that bounds it downwards, or upwards.
    fn undated(&self, down: bool) -> Self {
        let mut filter = self.clone();
        *(if down { &mut filter.placed_to } else { &mut filter.placed_from }) = None;
        filter
    }
}

impl Store {
    /// The date to which a stretch has so many orders, where it is led to by the first of each kind.
    pub(super) async fn end_of(&self, stretch: &Stretch<'_>, rows: u64) -> Result<Option<i64>> {
        let Lead::FirstOfKinds(kinds) = stretch.lead else { return Ok(None) };
        let all = self.beyond(stretch, Some(kinds::of_that_kind()));
        kinds.filled_by_one(&self.db, all, stretch.down, rows).await
    }

    /// The orders of a stretch; of one that kinds lead to through this date at most.
    pub(super) fn along(&self, stretch: &Stretch<'_>, end: Option<i64>) -> Select<orders::Entity> {
        let Stretch { filter, sort, lead, down, .. } = *stretch;
        let of_kinds = lead.of_kinds(filter, self.is_sqlite());
        let query = if let Lead::FirstOfKinds(_) = lead {
            // Of two bounds on the same side SQLite looks one up, so it is given the nearer one alone.
            let date = if down {
                filter.placed_from.map(micros)
            } else {
                filter.placed_to.map(|to| micros(to).saturating_sub(1))
            };
            let date = date.unwrap_or(if down { i64::MIN } else { i64::MAX });
            let end = end.map_or(date, |end| if down { Ord::max(end, date) } else { Ord::min(end, date) });
            let key = sort.key(false);
            let open = Stretch { filter: &filter.undated(!down), ..*stretch };
            self.beyond(&open, of_kinds).filter(if down { key.gte(end) } else { key.lte(end) })
        } else {
            self.beyond(stretch, of_kinds)
        };
        in_order(query, sort.key(lead.closes_sort(filter, sort)), down)
    }

    /// The orders beyond the place where a stretch begins.
    pub(super) fn beyond(
        &self,
        stretch: &Stretch<'_>,
        of_kinds: Option<SimpleExpr>,
    ) -> Select<orders::Entity> {
        let Stretch { filter, sort, lead, place, down } = *stretch;
        let Some(place) = place else { return self.filtered(filter, sort, lead, of_kinds) };
        let is_closed = lead.closes_place(filter, sort);
        // Of two bounds on the same side databases look one up, and would go on from there to the other.
        let by_date = if sort.is_by_date() && !is_closed { stretch.begins_by_date(place.0) } else { None };
        let query = match by_date {
            Some(true) => return self.filtered(filter, sort, lead, of_kinds),
            Some(false) => self.filtered(&filter.undated(down), sort, lead, of_kinds),
            None => self.filtered(filter, sort, lead, of_kinds),
        };
        after(query, &sort.key(is_closed), place, down)
    }

    /// The orders that meet a filter.
    pub(super) fn filtered(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        lead: &Lead,
        of_kinds: Option<SimpleExpr>,
    ) -> Select<orders::Entity> {
        let is_sqlite = self.is_sqlite();
        let conditions = lead::conditions(filter, sort, lead).into_iter().chain(of_kinds);
        let mut query = conditions.fold(orders::Entity::find(), Select::filter);
        if let Some(number) = &filter.posting_number {
            query = query.filter(C::PostingNumber.eq(clean(number)));
        }
        if let Some(number) = &filter.ozon_order_number {
            query = query.filter(C::OzonOrderNumber.eq(clean(number)));
        }
        if let Some(queue) = filter.queue {
            query = query.filter(queue.condition());
        }
        match lead {
            Lead::These(ids) => return query.filter(ids.condition(is_sqlite)),
            Lead::Among(ids) => return query.filter(closed::condition(ids.condition(is_sqlite))),
            Lead::LookedUp(rows) => {
                return query.filter(Expr::col((orders::Entity, C::Id)).in_subquery(rows.as_ref().clone()));
            }
            _ => {}
        }
        if let Some(wanted) = &filter.identified {
            query = query.filter(found::identified(wanted));
        }
        if let Some(found) = filter.q.as_deref().and_then(|typed| search::condition(typed, is_sqlite)) {
            query = query.filter(found);
        }
        query
    }
}

/// The orders after a sort key and an id, downwards or upwards.
pub(crate) fn after(
    query: Select<orders::Entity>,
    sort_key: &SimpleExpr,
    (key, last): (i64, i64),
    down: bool,
) -> Select<orders::Entity> {
    // One comparison of pairs, so that the index leads straight to where the page begins; SQLite sees that of a
    // column only, so an expression is compared once more by itself.
    let row = Expr::tuple([sort_key.clone(), Expr::col((orders::Entity, C::Id))]);
    let place = Expr::tuple([Expr::val(key), Expr::val(last)]);
    if down {
        query.filter(sort_key.clone().lte(key)).filter(row.lt(place))
    } else {
        query.filter(sort_key.clone().gte(key)).filter(row.gt(place))
    }
}

/// The rows in the order of a list, by its key, downwards or upwards.
pub(crate) fn in_order(query: Select<orders::Entity>, key: SimpleExpr, down: bool) -> Select<orders::Entity> {
    let direction = if down { Direction::Desc } else { Direction::Asc };
    query.order_by(key, direction.clone()).order_by(Expr::col((orders::Entity, C::Id)), direction)
}

/// So many of the orders of a list. Where an index tells which they are, no others are read.
pub(super) fn page_of(
    all: Select<orders::Entity>,
    sort: OrderSort,
    lead: &Lead,
    limit: u64,
) -> Select<orders::Entity> {
    let page = all.limit(limit);
    if lead.knows_kinds() { kinds::read(page, sort) } else { page }
}
