//! By what the rows of a list are found: by one of the filter's columns, by what was looked for, or by the order that the
//! list is in. SQLite has no statistics to choose by, and those of PostgreSQL do not know that what is on its way is also
//! what was bought last; guessing wrong reads a million rows. So the rows that each way keeps are counted as far as it
//! matters, and the other ways are closed by an expression that no index has.

use entities::orders::{self, Column as C};
use sea_orm::sea_query::{
    Alias, Asterisk, Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::ids::Ids;
use super::kinds;
use super::{ManagerFilter, OrderFilter, OrderSort, SHIP_BY_OR_LAST};
use crate::closed;
use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;
use crate::page::PageAsk;
use crate::text::clean;

/// Fewer rows than this are read and sorted; with more, walking through the sorted index fills a page soon.
const FEW: u64 = 7_000;
/// The same where no row is read, for the index holds what they are sorted by.
fn few_of_kinds(is_sqlite: bool) -> u64 {
    if is_sqlite { 60_000 } else { 25_000 }
}

/// A condition on a column that has an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facet {
    Customer,
    Express,
    Manager,
    Warehouse,
    Status,
    OzonStatus,
    Source,
    Cabinet,
    Scheme,
    Paid,
    OrderDate,
    ShipBy,
}

/// What leads to the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Whatever the database thinks best.
    Database,
    /// The order of the list.
    Sort,
    /// This condition.
    Condition(Facet),
    /// The kinds that meet the filter.
    Kinds,
    /// The number that was asked for, or the queue.
    Found,
    /// The orders with these ids, which a search has found.
    These(Ids),
    /// The order of the list, in which the orders with these ids are looked for.
    Among(Ids),
}

impl Lead {
    /// Whether this condition's index is closed to the database. Dates are the second column of most indexes, and lead no
    /// way of their own there.
    fn closes(&self, by: Facet, sort: OrderSort) -> bool {
        match self {
            Self::Database => false,
            Self::Found | Self::These(_) | Self::Among(_) => true,
            Self::Sort => match by {
                Facet::OrderDate => !sort.is_by_date(),
                Facet::ShipBy => sort != OrderSort::ShipByAsc,
                _ => true,
            },
            Self::Kinds => by != Facet::OrderDate,
            Self::Condition(leading) => {
                *leading != by && (by != Facet::OrderDate || *leading == Facet::ShipBy)
            }
        }
    }

    /// Whether the index that leads tells of each order what kind it is of. On PostgreSQL those that lists are sorted by do,
    /// and that of the queues; SQLite reads a row about as soon.
    pub(super) fn knows_kinds(&self, is_sqlite: bool) -> bool {
        match self {
            Self::Kinds | Self::Among(_) => true,
            Self::Sort | Self::Found => !is_sqlite,
            _ => false,
        }
    }

    /// The same for one page of a list.
    pub(super) fn for_page(self, filter: &OrderFilter, sort: OrderSort, ask: &PageAsk) -> Result<Self> {
        let after = ask.after()?.map(|(_, id)| id);
        Ok(match self {
            Self::These(ids)
                if sort.is_by_date()
                    && Facet::given(filter).is_empty()
                    && ids.are_near(sort.is_descending(), after, ask.rows()) =>
            {
                Self::Among(ids)
            }
            lead => lead,
        })
    }

    /// Whether the index of the list's order is closed to the database.
    pub(super) fn closes_sort(&self, filter: &OrderFilter, sort: OrderSort) -> bool {
        match self {
            Self::Database | Self::Sort | Self::Among(_) => false,
            Self::Found => filter.queue.is_none() || sort != OrderSort::ShipByAsc,
            Self::Kinds | Self::These(_) => true,
            Self::Condition(by) => !by.is_in_order_of(filter, sort),
        }
    }
}

impl Facet {
    pub(super) const ALL: [Self; 12] = [
        Self::Customer,
        Self::Express,
        Self::Manager,
        Self::Warehouse,
        Self::Status,
        Self::OzonStatus,
        Self::Source,
        Self::Cabinet,
        Self::Scheme,
        Self::Paid,
        Self::OrderDate,
        Self::ShipBy,
    ];

    /// The conditions that a filter has.
    fn given(filter: &OrderFilter) -> Vec<Self> {
        Self::ALL.into_iter().filter(|by| by.condition(filter, false).is_some()).collect()
    }

    /// Whether kinds of orders differ by it.
    pub(super) fn is_of_kind(self) -> bool {
        !matches!(self, Self::Customer | Self::OrderDate | Self::ShipBy)
    }

    /// Whether its index gives the rows in the order of the list.
    fn is_in_order_of(self, filter: &OrderFilter, sort: OrderSort) -> bool {
        match self {
            Self::ShipBy => sort == OrderSort::ShipByAsc,
            Self::Status => sort.is_by_date() && filter.status.len() == 1,
            Self::Express => false,
            _ => sort.is_by_date(),
        }
    }

    pub(super) fn column(self) -> C {
        match self {
            Self::Customer => C::CustomerId,
            Self::Express => C::Express,
            Self::Manager => C::ManagerId,
            Self::Warehouse => C::WarehouseId,
            Self::Status => C::StatusId,
            Self::OzonStatus => C::OzonStatus,
            Self::Source => C::SourceId,
            Self::Cabinet => C::CabinetId,
            Self::Scheme => C::Scheme,
            Self::Paid => C::Paid,
            Self::OrderDate => C::OrderDate,
            Self::ShipBy => C::ShipBy,
        }
    }

    /// What the filter asks of this column; `None` when nothing. A closed one is not found by its index: the databases take
    /// such an expression for as likely as not, which is what is wanted of conditions that keep many rows.
    pub(super) fn condition(self, filter: &OrderFilter, is_closed: bool) -> Option<SimpleExpr> {
        let column = match self {
            // Word for word as its index has it.
            Self::ShipBy => Expr::cust(SHIP_BY_OR_LAST),
            _ => Expr::col((orders::Entity, self.column())),
        };
        let asked = self.asked(filter, column)?;
        Some(if is_closed { closed::condition(asked) } else { asked })
    }

    /// What the filter asks of a column that holds this; `None` when nothing.
    pub(super) fn asked(self, filter: &OrderFilter, column: SimpleExpr) -> Option<SimpleExpr> {
        match self {
            Self::Customer => filter.customer.map(|id| column.eq(id.0)),
            Self::Express => filter.express.then_some(column),
            Self::Manager => filter.manager.map(|manager| match manager {
                ManagerFilter::Is(id) => column.eq(id.0),
                ManagerFilter::Nobody => column.is_null(),
            }),
            Self::Warehouse => filter.warehouse.map(|id| column.eq(id)),
            Self::Status => {
                let ids = filter.status.iter().map(|id| id.0);
                (!filter.status.is_empty()).then(|| column.is_in(ids))
            }
            Self::OzonStatus => filter.ozon_status.as_deref().map(|code| column.eq(clean(code))),
            Self::Source => filter.source.map(|id| column.eq(id.0)),
            Self::Cabinet => filter.cabinet.map(|id| column.eq(id.0)),
            Self::Scheme => filter.scheme.map(|scheme| column.eq(scheme.code())),
            Self::Paid => filter.paid.map(|paid| column.eq(paid)),
            Self::OrderDate => match (filter.placed_from, filter.placed_to) {
                (Some(from), Some(to)) => Some(column.clone().gte(micros(from)).and(column.lt(micros(to)))),
                (Some(from), None) => Some(column.gte(micros(from))),
                (None, Some(to)) => Some(column.lt(micros(to))),
                (None, None) => None,
            },
            Self::ShipBy => filter.ship_by_to.map(|to| column.lte(micros(to))),
        }
    }
}

/// All conditions of a filter on single columns, but for those that its kinds meet where these are known.
pub(super) fn conditions(
    filter: &OrderFilter,
    sort: OrderSort,
    lead: &Lead,
    is_sqlite: bool,
) -> Vec<SimpleExpr> {
    let apart = |by: &Facet| !lead.knows_kinds(is_sqlite) || !by.is_of_kind();
    Facet::ALL
        .into_iter()
        .filter(apart)
        .filter_map(|by| by.condition(filter, lead.closes(by, sort)))
        .collect()
}

/// How many rows a query gives.
pub(super) fn count(rows: SelectStatement) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col(Asterisk).count(), Alias::new("many"))
        .from_subquery(rows, Alias::new("found"))
        .to_owned()
}

impl Store {
    /// What is to lead to the rows of a list.
    pub(super) async fn lead(&self, filter: &OrderFilter, sort: OrderSort) -> Result<Lead> {
        if let Some(lead) = self.lead_of_search(filter).await? {
            return Ok(lead);
        }
        let given = Facet::given(filter);
        match given[..] {
            [] => return Ok(Lead::Database),
            [only] if only.is_in_order_of(filter, sort) => return Ok(Lead::Database),
            _ => {}
        }
        let is_sqlite = self.is_sqlite();
        let mut fewest = FEW;
        // Of conditions that all keep many rows any will do whose index is in the list's order, unless what it is sorted by tells
        // the kinds.
        let is_in_order =
            |by: &&Facet| by.is_in_order_of(filter, sort) && (is_sqlite || **by == Facet::Customer);
        let mut lead = given.iter().find(is_in_order).map_or(Lead::Sort, |by| Lead::Condition(*by));
        for by in given.iter().filter(|by| !by.is_of_kind()) {
            let Some(condition) = by.condition(filter, false) else { continue };
            let rows = orders::Entity::find().filter(condition.into_condition());
            let rows = rows.select_only().column(C::Id).limit(fewest).into_query();
            let many = self.counted(rows).await?;
            if many < fewest {
                (fewest, lead) = (many, Lead::Condition(*by));
            }
        }
        // The index of kinds knows no customers: their orders would have to be read.
        if given.iter().any(|by| by.is_of_kind()) && lead != Lead::Condition(Facet::Customer) {
            let is_read = fewest < FEW || filter.customer.is_some();
            let most = if is_read { fewest } else { few_of_kinds(is_sqlite) };
            if self.counted(kinds::ids(filter, is_sqlite, most)).await? < most {
                return Ok(Lead::Kinds);
            }
        }
        Ok(lead)
    }

    /// How many rows a query gives, which has its own limit.
    pub(super) async fn counted(&self, rows: SelectStatement) -> Result<u64> {
        let row = self.db.query_one(&count(rows)).await?;
        let many: i64 = row.map(|row| row.try_get("", "many")).transpose()?.unwrap_or(0);
        Ok(u64::try_from(many).unwrap_or(0))
    }
}
