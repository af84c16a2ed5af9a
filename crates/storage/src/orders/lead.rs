//! By what the rows of a list are found: by one of the filter's columns, by what was looked for, or by the order that the
//! list is in. SQLite has no statistics to choose by, and those of PostgreSQL do not know that what is on its way is also
//! what was bought last; guessing wrong reads a million rows. So the rows that each way keeps are counted as far as it
//! matters, and the other ways are closed by an expression that no index has.

use domain::search::{Term, term};
use entities::order_lines;
use entities::orders::{self, Column as C};
use sea_orm::sea_query::{
    Alias, Asterisk, Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iden, QueryFilter, QuerySelect, QueryTrait};

use super::{ARTICLE, IDENTIFIED, ManagerFilter, OrderFilter, OrderSort, SHIP_BY_OR_LAST, TRACK_NUMBER};
use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;
use crate::search;
use crate::text::clean;

/// Fewer rows than this are read and sorted; with more, walking through the sorted index fills a page soon.
const FEW: u64 = 10_000;
/// The same of what a search finds, which costs more to read.
const FEW_FOUND: u64 = 5_000;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Whatever the database thinks best.
    Database,
    /// The order of the list.
    Sort,
    /// This condition.
    Condition(Facet),
    /// What was looked for, or the queue.
    Found,
}

impl Lead {
    /// Whether this condition's index is closed to the database. Dates are the second column of most indexes, and lead no
    /// way of their own there.
    fn closes(self, by: Facet, sort: OrderSort) -> bool {
        match self {
            Self::Database => false,
            Self::Found => true,
            Self::Sort => match by {
                Facet::OrderDate => !is_by_date(sort),
                Facet::ShipBy => sort != OrderSort::ShipByAsc,
                _ => true,
            },
            Self::Condition(leading) => leading != by && (by != Facet::OrderDate || leading == Facet::ShipBy),
        }
    }

    /// Whether the index of the list's order is closed to the database.
    pub(super) fn closes_sort(self, filter: &OrderFilter, sort: OrderSort) -> bool {
        match self {
            Self::Database | Self::Sort => false,
            Self::Found => filter.queue.is_none() || sort != OrderSort::ShipByAsc,
            Self::Condition(by) => !by.is_in_order_of(filter, sort),
        }
    }
}

impl Facet {
    const ALL: [Self; 12] = [
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

    /// Whether its index gives the rows in the order of the list.
    fn is_in_order_of(self, filter: &OrderFilter, sort: OrderSort) -> bool {
        match self {
            Self::ShipBy => sort == OrderSort::ShipByAsc,
            Self::Status => is_by_date(sort) && filter.status.len() == 1,
            _ => is_by_date(sort),
        }
    }

    fn column(self) -> C {
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

    /// What the filter asks of this column; `None` when nothing. A closed one is not found by its index.
    fn condition(self, filter: &OrderFilter, is_closed: bool) -> Option<SimpleExpr> {
        let own = self.column();
        let name = own.unquoted();
        let column = || match (self, is_closed) {
            // Word for word as their indexes have them.
            (Self::ShipBy, _) => Expr::cust(closed(SHIP_BY_OR_LAST, is_closed)),
            (Self::Express, false) => Expr::cust(r#""orders"."express""#),
            (_, false) => Expr::col((orders::Entity, own)),
            (Self::OzonStatus | Self::Scheme, true) => Expr::cust(format!(r#"("orders"."{name}" || '')"#)),
            (Self::Express | Self::Paid, true) => {
                Expr::cust(format!(r#"COALESCE("orders"."{name}", FALSE)"#))
            }
            (_, true) => Expr::cust(closed(&format!(r#""orders"."{name}""#), true)),
        };
        match self {
            Self::Customer => filter.customer.map(|id| column().eq(id.0)),
            Self::Express => filter.express.then(column),
            Self::Manager => filter.manager.map(|manager| match manager {
                ManagerFilter::Is(id) => column().eq(id.0),
                ManagerFilter::Nobody => column().is_null(),
            }),
            Self::Warehouse => filter.warehouse.map(|id| column().eq(id)),
            Self::Status => {
                let ids = filter.status.iter().map(|id| id.0);
                (!filter.status.is_empty()).then(|| column().is_in(ids))
            }
            Self::OzonStatus => filter.ozon_status.as_deref().map(|code| column().eq(clean(code))),
            Self::Source => filter.source.map(|id| column().eq(id.0)),
            Self::Cabinet => filter.cabinet.map(|id| column().eq(id.0)),
            Self::Scheme => filter.scheme.map(|scheme| column().eq(scheme.code())),
            Self::Paid => filter.paid.map(|paid| column().eq(paid)),
            Self::OrderDate => match (filter.placed_from, filter.placed_to) {
                (Some(from), Some(to)) => Some(column().gte(micros(from)).and(column().lt(micros(to)))),
                (Some(from), None) => Some(column().gte(micros(from))),
                (None, Some(to)) => Some(column().lt(micros(to))),
                (None, None) => None,
            },
            Self::ShipBy => filter.ship_by_to.map(|to| column().lte(micros(to))),
        }
    }
}

fn is_by_date(sort: OrderSort) -> bool {
    matches!(sort, OrderSort::DateAsc | OrderSort::DateDesc)
}

/// A number whose index is closed, or not.
pub(super) fn closed(expression: &str, is_closed: bool) -> String {
    if is_closed { format!("(+{expression})") } else { expression.to_owned() }
}

/// All conditions of a filter on single columns.
pub(super) fn conditions(filter: &OrderFilter, sort: OrderSort, lead: Lead) -> Vec<SimpleExpr> {
    Facet::ALL.into_iter().filter_map(|by| by.condition(filter, lead.closes(by, sort))).collect()
}

/// The orders with a line of this article.
pub(super) fn of_article(wanted: &str) -> SelectStatement {
    Query::select()
        .column(order_lines::Column::OrderId)
        .from(order_lines::Entity)
        .and_where(Expr::cust(ARTICLE).eq(shortened(wanted)))
        .to_owned()
}

/// As much of a number or an article as their indexes hold.
pub(super) fn shortened(wanted: &str) -> String {
    clean(wanted).chars().take(IDENTIFIED).collect()
}

/// Orders with exactly this number, track number or article.
pub(super) fn identified(wanted: &str, lead: Lead) -> SimpleExpr {
    let text = shortened(wanted);
    let number = C::PostingNumber
        .eq(text.as_str())
        .or(C::Number.eq(text.as_str()))
        .or(C::OzonOrderNumber.eq(text.as_str()))
        .or(C::TrackNumber.is_not_null().and(Expr::cust(TRACK_NUMBER).eq(text.as_str())));
    let id = || Expr::col((orders::Entity, C::Id));
    if lead == Lead::Sort {
        // A sum with nothing, so that the lines of the order are looked at and not those of the article.
        let article = r#"substr("order_lines"."offer_id" || '', 1, 200)"#;
        let lines = Query::select()
            .expr(Expr::col(Asterisk).count())
            .from(order_lines::Entity)
            .and_where(Expr::col((order_lines::Entity, order_lines::Column::OrderId)).eq(id()))
            .and_where(Expr::cust(article).eq(text.as_str()))
            .to_owned();
        return number.or(SimpleExpr::SubQuery(None, Box::new(lines.into())).gt(0));
    }
    // One list of ids, for PostgreSQL goes through all orders for an alternative that is a question of its own.
    let mut ids = Query::select();
    ids.column(C::Id).from(orders::Entity).and_where(number);
    ids.union(UnionType::All, of_article(wanted));
    id().in_subquery(ids)
}

impl Store {
    /// What is to lead to the rows of a list.
    pub(super) async fn lead(&self, filter: &OrderFilter, sort: OrderSort) -> Result<Lead> {
        if filter.posting_number.is_some() || filter.ozon_order_number.is_some() || filter.queue.is_some() {
            return Ok(Lead::Found);
        }
        if let Some(wanted) = &filter.identified {
            let of_article = of_article(wanted).limit(FEW_FOUND).to_owned();
            let many = self.counted(of_article).await?;
            return Ok(if many < FEW_FOUND { Lead::Found } else { Lead::Sort });
        }
        if let Some(typed) = filter.q.as_deref()
            && let Some(matches) = search::matches(typed, self.is_sqlite())
        {
            let Some(mut matches) = matches else { return Ok(Lead::Sort) };
            let many = self.counted(matches.limit(FEW_FOUND).to_owned()).await?;
            return Ok(if many < FEW_FOUND { Lead::Found } else { Lead::Sort });
        }
        let is_number = |typed: &str| matches!(term(typed), Term::PostingNumber(_));
        if filter.q.as_deref().is_some_and(is_number) {
            return Ok(Lead::Found);
        }
        let given = Facet::given(filter);
        match given[..] {
            [] => return Ok(Lead::Database),
            [only] if only.is_in_order_of(filter, sort) => return Ok(Lead::Database),
            _ => {}
        }
        let mut fewest = FEW;
        let mut lead = Lead::Sort;
        for by in given {
            let Some(condition) = by.condition(filter, false) else { continue };
            let rows = orders::Entity::find().filter(condition.into_condition());
            let rows = rows.select_only().column(C::Id).limit(FEW).into_query();
            let many = self.counted(rows).await?;
            // Of conditions that all keep many rows any will do whose index is in the list's order.
            let is_better = many < fewest || lead == Lead::Sort && by.is_in_order_of(filter, sort);
            if is_better {
                (fewest, lead) = (many, Lead::Condition(by));
            }
        }
        Ok(lead)
    }

    /// How many rows a query gives, which has its own limit.
    pub(super) async fn counted(&self, rows: SelectStatement) -> Result<u64> {
        let counted = Query::select()
            .expr_as(Expr::col(Asterisk).count(), Alias::new("many"))
            .from_subquery(rows, Alias::new("found"))
            .to_owned();
        let row = self.db.query_one(&counted).await?;
        let many: i64 = row.map(|row| row.try_get("", "many")).transpose()?.unwrap_or(0);
        Ok(u64::try_from(many).unwrap_or(0))
    }
}
