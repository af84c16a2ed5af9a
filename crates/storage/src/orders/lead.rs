//! By what the rows of a list are found: by one of the filter's columns, by what was looked for, or by the order that the
//! list is in. SQLite has no statistics to choose by, and those of PostgreSQL do not know that what is on its way is also
//! what was bought last; guessing wrong reads a million rows. So the rows that each way keeps are counted as far as it
//! matters, and the other ways are closed by an expression that no index has.

use entities::orders::{self, Column as C};
use sea_orm::sea_query::{
    Alias, Asterisk, Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::ids::Ids;
use super::kinds::{self, Kinds};
use super::{OrderFilter, OrderSort, SHIP_BY_OR_LAST};
use crate::closed;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::micros;
use crate::page::PageAsk;

/// Fewer rows than this are read and sorted; with more, walking through the sorted index fills a page soon.
const FEW: u64 = 7_000;
/// The same where no row is read, for the index holds what they are sorted by. PostgreSQL takes twice as long to count them.
fn few_of_kinds(is_sqlite: bool) -> u64 {
    if is_sqlite { 25_000 } else { 12_000 }
}

/// A condition on a column that kinds do not differ by; each has an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    Customer,
    OrderDate,
    ShipBy,
}

/// What leads to the rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lead {
    /// Whatever the database thinks best.
    Database,
    /// The order of the list.
    Sort,
    /// This condition.
    Condition(Facet),
    /// The kinds that meet the filter, of which all orders are sorted.
    Kinds(Kinds),
    /// The same of a list by date: of each kind no more are looked at than its page may need.
    FirstOfKinds(Kinds),
    /// The number that was asked for, or the queue.
    Found,
    /// The orders with these ids, which a search has found.
    These(Ids),
    /// The order of the list, in which the orders with these ids are looked for.
    Among(Ids),
    /// The orders whose ids this question gives, however many.
    LookedUp(Box<SelectStatement>),
}

impl Lead {
    /// Whether this condition's index is closed to the database. Dates are the second column of the other indexes, and lead
    /// no way of their own there.
    fn closes(&self, by: Facet, sort: OrderSort) -> bool {
        match self {
            Self::Database => false,
            Self::Found | Self::These(_) | Self::LookedUp(_) => true,
            Self::Among(_) => by != Facet::OrderDate || !sort.is_by_date(),
            Self::Sort => match by {
                Facet::Customer => true,
                Facet::OrderDate => !sort.is_by_date(),
                Facet::ShipBy => sort != OrderSort::ShipByAsc,
            },
            Self::Kinds(_) | Self::FirstOfKinds(_) => by != Facet::OrderDate,
            Self::Condition(leading) => {
                *leading != by && (by != Facet::OrderDate || *leading == Facet::ShipBy)
            }
        }
    }

    /// What is asked of an order's kind, open to the database where kinds lead.
    pub(super) fn of_kinds(&self, filter: &OrderFilter, is_sqlite: bool) -> Option<SimpleExpr> {
        match self {
            Self::Kinds(kinds) | Self::FirstOfKinds(kinds) => Some(kinds.condition(is_sqlite)),
            _ => kinds::closed(filter),
        }
    }

    /// Whether the index that leads tells enough of each order to find a page without reading others: those that lists are
    /// sorted by hold the kind, as that of the queues does. Only SQLite's by date does not, which leads no such list but one
    /// that is searched too.
    pub(super) fn knows_kinds(&self) -> bool {
        matches!(self, Self::Kinds(_) | Self::FirstOfKinds(_) | Self::Among(_) | Self::Sort | Self::Found)
    }

    /// The same for one page of a list.
    pub(super) fn for_page(self, filter: &OrderFilter, sort: OrderSort, ask: &PageAsk) -> Result<Self> {
        let after = ask.after()?.map(|(_, id)| id);
        Ok(match self {
            Self::These(ids)
                if sort.is_by_date()
                    && Facet::given(filter).is_empty()
                    && !kinds::are_asked(filter)
                    && ids.are_near(sort.is_descending(), after, ask.rows()) =>
            {
                Self::Among(ids)
            }
            lead => lead,
        })
    }

    /// The same where the rows are only counted, in whatever order.
    pub(super) fn for_count(self) -> Self {
        if let Self::FirstOfKinds(kinds) = self { Self::Kinds(kinds) } else { self }
    }

    /// Whether the index of the list's order is closed to the database.
    pub(super) fn closes_sort(&self, filter: &OrderFilter, sort: OrderSort) -> bool {
        match self {
            Self::Database | Self::Sort | Self::Among(_) => false,
            Self::Found => filter.queue.is_none() || sort != OrderSort::ShipByAsc,
            Self::Kinds(_) | Self::FirstOfKinds(_) | Self::These(_) | Self::LookedUp(_) => true,
            Self::Condition(by) => !by.is_in_order_of(sort),
        }
    }

    /// Whether the place where a page begins is looked up in no index.
    pub(super) fn closes_place(&self, filter: &OrderFilter, sort: OrderSort) -> bool {
        !matches!(self, Self::FirstOfKinds(_)) && self.closes_sort(filter, sort)
    }
}

impl Facet {
    const ALL: [Self; 3] = [Self::Customer, Self::OrderDate, Self::ShipBy];

    /// The conditions that a filter has.
    pub(super) fn given(filter: &OrderFilter) -> Vec<Self> {
        Self::ALL.into_iter().filter(|by| by.condition(filter, false).is_some()).collect()
    }

    /// Whether its index gives the rows in the order of the list.
    fn is_in_order_of(self, sort: OrderSort) -> bool {
        match self {
            Self::ShipBy => sort == OrderSort::ShipByAsc,
            Self::Customer | Self::OrderDate => sort.is_by_date(),
        }
    }

    /// What the filter asks of this column; `None` when nothing. A closed one is not found by its index: the databases take
    /// such an expression for as likely as not, which is what is wanted of conditions that keep many rows.
    pub(super) fn condition(self, filter: &OrderFilter, is_closed: bool) -> Option<SimpleExpr> {
        let asked = match self {
            Self::Customer => filter.customer.map(|id| C::CustomerId.eq(id.0)),
            Self::OrderDate => match (filter.placed_from, filter.placed_to) {
                (Some(from), Some(to)) => {
                    Some(C::OrderDate.gte(micros(from)).and(C::OrderDate.lt(micros(to))))
                }
                (Some(from), None) => Some(C::OrderDate.gte(micros(from))),
                (None, Some(to)) => Some(C::OrderDate.lt(micros(to))),
                (None, None) => None,
            },
            // Word for word as its index has it.
            Self::ShipBy => filter.ship_by_to.map(|to| Expr::cust(SHIP_BY_OR_LAST).lte(micros(to))),
        }?;
        Some(if is_closed { closed::condition(asked) } else { asked })
    }
}

/// The conditions of a filter on single columns, but for those of its kinds.
pub(super) fn conditions(filter: &OrderFilter, sort: OrderSort, lead: &Lead) -> Vec<SimpleExpr> {
    Facet::ALL.into_iter().filter_map(|by| by.condition(filter, lead.closes(by, sort))).collect()
}

/// How many rows a query gives.
fn count(rows: SelectStatement) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col(Asterisk).count(), Alias::new("many"))
        .from_subquery(rows, Alias::new("found"))
        .to_owned()
}

/// How many rows a query gives, which has its own limit.
pub(super) async fn counted<C: ConnectionTrait>(db: &C, rows: SelectStatement) -> Result<u64> {
    let row = db.query_one(&count(rows)).await?;
    let many: i64 = row.map(|row| row.try_get("", "many")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(many).unwrap_or(0))
}

/// How many rows each of several queries gives, in one question.
pub(super) async fn counts<C: ConnectionTrait>(db: &C, queries: Vec<SelectStatement>) -> Result<Vec<u64>> {
    if queries.is_empty() {
        return Ok(Vec::new());
    }
    let many = queries.len();
    let mut asked = Query::select();
    for rows in queries {
        asked.expr(SimpleExpr::SubQuery(None, Box::new(count(rows).into())));
    }
    let row = db.query_one(&asked).await?.ok_or(Error::NotFound)?;
    let told = |at| Ok(u64::try_from(row.try_get_by_index::<i64>(at)?).unwrap_or(0));
    (0..many).map(told).collect()
}

impl Store {
    /// What is to lead to the rows of a list.
    pub(super) async fn lead(&self, filter: &OrderFilter, sort: OrderSort) -> Result<Lead> {
        if let Some(lead) = self.lead_of_search(filter).await? {
            return Ok(lead);
        }
        let given = Facet::given(filter);
        let of_kinds = kinds::are_asked(filter);
        match given[..] {
            [] if !of_kinds => return Ok(Lead::Database),
            [only] if !of_kinds && only.is_in_order_of(sort) => return Ok(Lead::Database),
            _ => {}
        }
        let of_customer = filter.customer.is_some();
        // The index of kinds knows no customers: their orders would have to be read.
        let kinds =
            if of_kinds && !of_customer { Some(Kinds::meeting(&self.steady, filter).await?) } else { None };
        let mut lead = match (sort.is_by_date(), &kinds) {
            (true, Some(kinds)) => Lead::FirstOfKinds(kinds.clone()),
            (true, None) if of_customer => Lead::Condition(Facet::Customer),
            _ => Lead::Sort,
        };
        let mut fewest = FEW;
        // A list by date is in the order of the dates that are asked for, unless what else is asked for leads.
        let is_counted =
            |by: &&Facet| **by != Facet::OrderDate || !sort.is_by_date() || filter.ship_by_to.is_some();
        for by in given.iter().filter(is_counted) {
            let Some(condition) = by.condition(filter, false) else { continue };
            let rows = orders::Entity::find().filter(condition.into_condition());
            let rows = rows.select_only().column(C::Id).limit(fewest).into_query();
            let many = counted(&self.db, rows).await?;
            if many < fewest {
                (fewest, lead) = (many, Lead::Condition(*by));
            }
        }
        if let Some(kinds) = kinds
            && !sort.is_by_date()
        {
            let most = if fewest < FEW { fewest } else { few_of_kinds(self.is_sqlite()) };
            if counted(&self.db, kinds.ids(filter, self.is_sqlite(), most)).await? < most {
                return Ok(Lead::Kinds(kinds));
            }
        }
        Ok(lead)
    }
}
