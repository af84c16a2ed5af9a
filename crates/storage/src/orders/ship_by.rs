//! A list by the time to leave, of orders from or to a date. The two go together but for a known distance; without it the
//! list would be walked through years of orders that are not asked for.

use entities::orders;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait, QueryFilter};

use super::lead::Lead;
use super::stretch::{Stretch, page_of};
use super::{OrderFilter, OrderSort};
use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;
use crate::page::PageAsk;

/// Two weeks, microseconds: no index knows the orders that leave sooner after their date.
const USUAL: i64 = 1_209_600_000_000;
/// As the indexes `orders_left_before` and `orders_leave_late` have them, word for word: the distance, and whose it is.
const LEFT_BEFORE: (&str, &str) = ("(order_date - ship_by)", "ship_by < order_date");
const LEAVE_LATE: (&str, &str) = ("(ship_by - order_date)", "ship_by - order_date > 1209600000000");

/// The times to leave, microseconds, that orders of the asked dates can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Span {
    from: Option<i64>,
    to: Option<i64>,
}

impl Store {
    /// The rows of a page, and one more where there is one.
    pub(super) async fn rows_of(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        ask: &PageAsk,
        lead: &Lead,
    ) -> Result<Vec<orders::Model>> {
        let walks = matches!(lead, Lead::Sort | Lead::Among(_));
        let span = if walks { self.span(filter, sort).await? } else { Span::default() };
        let cursor = ask.after()?.map(|(key, _)| key);
        // Of two bounds on the same side SQLite looks one up, so it is given the nearer one alone.
        let (near, far) = if sort.is_descending() {
            let near = span.to.filter(|to| cursor.is_none_or(|key| key > *to));
            (near.map(|to| sort.key(false).lte(to)), span.from.map(|from| sort.key(false).gte(from)))
        } else {
            let near = span.from.filter(|from| cursor.is_none_or(|key| key < *from));
            (near.map(|from| sort.key(false).gte(from)), span.to.map(|to| sort.key(false).lte(to)))
        };
        let begins = if near.is_some() { &PageAsk::first(ask.limit) } else { ask };
        let rows = ask.rows() + 1;
        let stretch = Stretch::of_page(filter, sort, begins, lead)?;
        let end = self.end_of(&stretch, rows).await?;
        let mut all = self.along(&stretch, end);
        for bound in near.into_iter().chain(far) {
            all = all.filter(bound);
        }
        let mut found = page_of(all, sort, lead, rows).all(&self.db).await?;
        let missing = rows.saturating_sub(found.len() as u64);
        if let Some(without) = span.leaves_out(sort)
            && missing > 0
        {
            // Orders without a time to leave stand at the end, out of any span.
            let last = self.along(&Stretch::of_page(filter, sort, ask, lead)?, None).filter(without);
            found.extend(page_of(last, sort, lead, missing).all(&self.db).await?);
        }
        Ok(found)
    }

    async fn span(&self, filter: &OrderFilter, sort: OrderSort) -> Result<Span> {
        let mut span = Span::default();
        if !matches!(sort, OrderSort::ShipByAsc | OrderSort::ShipByDesc) {
            return Ok(span);
        }
        if let Some(from) = filter.placed_from {
            let before = self.furthest(LEFT_BEFORE).await?.unwrap_or(0);
            span.from = Some(micros(from).saturating_sub(before));
        }
        if let Some(to) = filter.placed_to {
            let after = self.furthest(LEAVE_LATE).await?.unwrap_or(USUAL);
            span.to = Some(micros(to).saturating_add(after));
        }
        Ok(span)
    }

    /// The greatest distance, microseconds; `None` where there is no such order.
    async fn furthest(&self, (distance, whose): (&'static str, &'static str)) -> Result<Option<i64>> {
        let row = self.db.query_one(&furthest(distance, whose)).await?;
        Ok(row.map(|row| row.try_get("", "distance")).transpose()?)
    }
}

impl Span {
    /// The orders without a time to leave, where the span ends before them.
    fn leaves_out(self, sort: OrderSort) -> Option<SimpleExpr> {
        match sort {
            OrderSort::ShipByAsc if self.to.is_some() => Some(sort.key(false).eq(i64::MAX)),
            OrderSort::ShipByDesc if self.from.is_some() => Some(sort.key(false).eq(-i64::MAX)),
            _ => None,
        }
    }
}

fn furthest(distance: &'static str, whose: &'static str) -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust(distance), Alias::new("distance"))
        .from(Alias::new("orders"))
        .and_where(Expr::cust(whose))
        .order_by_expr(Expr::cust(distance), Order::Desc)
        .limit(1)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::plans::{at, explained, explained_statement, store};

    #[tokio::test]
    async fn dates_tell_between_which_times_to_leave_their_orders_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let dates = OrderFilter { placed_from: Some(at()), placed_to: Some(at()), ..OrderFilter::default() };
        let span = store.span(&dates, OrderSort::ShipByAsc).await.expect("answers");
        assert_eq!(span, Span { from: Some(micros(at())), to: Some(micros(at()) + USUAL) });
        let by_sum = store.span(&dates, OrderSort::TotalAsc).await.expect("answers");
        assert_eq!(by_sum, Span::default(), "a sum says nothing of dates");
        for (sort, index) in [
            (OrderSort::ShipByAsc, "orders_by_ship_by (<expr>>? AND <expr><?)"),
            (OrderSort::ShipByDesc, "orders_by_ship_by_back (<expr>>? AND <expr><?)"),
        ] {
            let all = PageAsk::first(50);
            let all = Stretch::of_page(&dates, sort, &all, &Lead::Sort).expect("no cursor");
            let rows = store.along(&all, None);
            let rows = rows.filter(sort.key(false).gte(5)).filter(sort.key(false).lte(7));
            let plan = explained(&store, &rows).await;
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }

    #[tokio::test]
    async fn the_furthest_is_the_first_of_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        for ((distance, whose), index) in
            [(LEFT_BEFORE, "orders_left_before"), (LEAVE_LATE, "orders_leave_late")]
        {
            let plan = explained_statement(&store, &furthest(distance, whose)).await;
            assert_eq!(plan.len(), 1, "no sorting: {plan:?}");
            assert!(plan[0].contains(index), "{plan:?}");
        }
    }
}
