//! The orders that a search has found: few enough to be listed by their ids.

use entities::orders;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, SimpleExpr, Value};

/// As many entries of an index are passed in the time that it takes to read a row, of which most are not in memory.
const PASSED: i64 = 40;

/// Ids of orders, and the newest of all orders at the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ids {
    /// As a database lists them, with commas between.
    list: String,
    /// The newest order's id.
    newest: i64,
}

/// Ids as [`one_of`] takes them.
pub(super) fn joined(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// Whether a column has one of these ids. The list is one value, however long it is.
pub(super) fn one_of(column: SimpleExpr, list: &str, is_sqlite: bool) -> SimpleExpr {
    if is_sqlite {
        let list = [Value::from(format!("[{list}]"))];
        return column.binary(BinOper::In, Expr::cust_with_values("(SELECT value FROM json_each(?))", list));
    }
    let list = [Value::from(list)];
    column.eq(Func::cust("ANY").arg(Expr::cust_with_values("string_to_array($1, ',')::bigint[]", list)))
}

impl Ids {
    pub(super) fn new(list: String, newest: i64) -> Self {
        Self { list, newest }
    }

    /// Of one of these orders.
    pub(super) fn condition(&self, is_sqlite: bool) -> SimpleExpr {
        one_of(Expr::col((orders::Entity, orders::Column::Id)), &self.list, is_sqlite)
    }

    /// Whether a page of them is sooner found on the way through the list by date, from after this order on, than by reading
    /// all of them to sort them. Orders are numbered about as they come in, and where they are not the page only takes longer.
    pub(super) fn are_near(&self, down: bool, after: Option<i64>, rows: u64) -> bool {
        let begin = after.unwrap_or(if down { self.newest } else { 0 });
        let distance = |id: i64| if down { begin.saturating_sub(id) } else { id.saturating_sub(begin) };
        let ids: Vec<i64> = self.list.split(',').filter_map(|id| id.parse().ok()).collect();
        let mut ahead: Vec<i64> = ids.iter().map(|id| distance(*id)).filter(|far| *far >= 0).collect();
        // With less than a page of them the list is walked through to its end.
        let at = usize::try_from(rows).ok().filter(|at| *at < ahead.len());
        let last = at.map(|at| *ahead.select_nth_unstable(at).1);
        let far = last.unwrap_or(if down { begin } else { self.newest.saturating_sub(begin) });
        far <= PASSED * i64::try_from(ids.len()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(all: impl Iterator<Item = i64>) -> Ids {
        Ids::new(joined(&all.collect::<Vec<_>>()), 1_000_000)
    }

    #[test]
    fn many_all_along_the_list_are_near_and_few_are_not() {
        let many = ids((1..1_000_000).step_by(400));
        assert!(many.are_near(true, None, 50) && many.are_near(false, None, 50));
        assert!(many.are_near(true, Some(500_000), 50) && many.are_near(false, Some(500_000), 50));
        let few = ids((1..1_000_000).step_by(10_000));
        assert!(!few.are_near(true, None, 50) && !few.are_near(false, None, 50));
    }

    #[test]
    fn those_of_the_first_year_are_near_from_that_end_alone() {
        let old = ids((1..100_000).step_by(50));
        assert!(!old.are_near(true, None, 50), "the newest come first");
        assert!(old.are_near(false, None, 50));
        assert!(old.are_near(true, Some(90_000), 50), "a later page begins among them");
    }

    #[test]
    fn the_last_page_is_near_only_where_the_list_ends_soon() {
        let many = ids((1..1_000_000).step_by(400));
        assert!(many.are_near(true, Some(8_000), 50));
        let old = ids((500_000..1_000_000).step_by(250));
        assert!(!old.are_near(true, Some(505_000), 50), "half of all orders are before them");
        assert!(!ids(std::iter::empty()).are_near(true, None, 50));
        for forged in [i64::MIN, i64::MAX] {
            assert!(many.are_near(true, Some(forged), 50) != many.are_near(false, Some(forged), 50));
        }
    }
}
