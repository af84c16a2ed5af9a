//! Reading orders, and what people do to them.

mod acts;
pub mod bulk;
mod found;
mod ids;
pub(crate) mod kinds;
mod lead;
mod neighbours;
#[cfg(test)]
pub(crate) mod plans;
mod queue;
mod ship_by;
mod shown;
pub(crate) mod stretch;
pub(crate) mod way;

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::history::HistoryEntry;
use domain::{
    CabinetId, CustomerId, Order, OrderId, Posting, PostingNumber, Scheme, SourceId, StatusId, UserId,
    search as folding,
};
use entities::{order_history, orders, postings};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

pub use neighbours::Way;
pub use queue::Queue;

use crate::closed;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::facts::unpack_facts;
use crate::instant::{instant, micros};
use crate::order_rows::{CHUNK, pieces, with_lines};
use crate::page::{Page, PageAsk};
use crate::text::shortened;

/// Whose orders are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagerFilter {
    /// Those that nobody works.
    Nobody,
    /// Those of this person.
    Is(UserId),
}

/// Which orders are wanted; everything that is left out does not matter.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// In any of these statuses of the shop.
    pub status: Vec<StatusId>,
    /// In this status of Ozon.
    pub ozon_status: Option<String>,
    /// Of this cabinet.
    pub cabinet: Option<CabinetId>,
    /// From this source.
    pub source: Option<SourceId>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// With exactly this posting number.
    pub posting_number: Option<String>,
    /// With exactly this order number of Ozon.
    pub ozon_order_number: Option<String>,
    /// What a person typed into the search.
    pub q: Option<String>,
    /// Paid, or not.
    pub paid: Option<bool>,
    /// Dated from then on.
    pub placed_from: Option<DateTime<Utc>>,
    /// Dated before then.
    pub placed_to: Option<DateTime<Utc>>,
    /// To be shipped by then.
    pub ship_by_to: Option<DateTime<Utc>>,
    /// With exactly this number, track number or article; finds nobody by what is personal.
    pub identified: Option<String>,
    /// In this queue.
    pub queue: Option<Queue>,
    /// Delivered this way.
    pub scheme: Option<Scheme>,
    /// Leaving from this warehouse of Ozon's.
    pub warehouse: Option<i64>,
    /// Express alone.
    pub express: bool,
    /// Worked by this person, or by nobody.
    pub manager: Option<ManagerFilter>,
}

impl OrderFilter {
    /// Looks for what was typed. Who may not see persons finds orders by numbers and articles alone: a search by name or
    /// phone would tell what they may not see.
    pub fn look_for(&mut self, typed: &str, sees_persons: bool) {
        let typed = shortened(typed);
        if sees_persons || matches!(folding::term(&typed), folding::Term::PostingNumber(_)) {
            self.q = Some(typed);
        } else {
            self.identified = Some(typed);
        }
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderSort {
    /// The newest first.
    #[default]
    DateDesc,
    /// The oldest first.
    DateAsc,
    /// The most urgent first; without a date last.
    ShipByAsc,
    /// The least urgent first.
    ShipByDesc,
    /// The dearest first.
    TotalDesc,
    /// The cheapest first.
    TotalAsc,
}

const SORTS: &[(OrderSort, &str)] = &[
    (OrderSort::DateDesc, "-order_date"),
    (OrderSort::DateAsc, "order_date"),
    (OrderSort::ShipByAsc, "ship_by"),
    (OrderSort::ShipByDesc, "-ship_by"),
    (OrderSort::TotalDesc, "-total"),
    (OrderSort::TotalAsc, "total"),
];

impl fmt::Display for OrderSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = SORTS.iter().find(|(sort, _)| sort == self).map_or("", |(_, word)| word);
        f.write_str(word)
    }
}

impl FromStr for OrderSort {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let found = SORTS.iter().find(|(_, word)| *word == text).map(|(sort, _)| *sort);
        found.ok_or_else(|| {
            let words: Vec<&str> = SORTS.iter().map(|(_, word)| *word).collect();
            format!("`{text}` is no order of orders; there are {}", words.join(", "))
        })
    }
}

impl OrderSort {
    fn is_by_date(self) -> bool {
        matches!(self, Self::DateDesc | Self::DateAsc)
    }

    fn is_descending(self) -> bool {
        matches!(self, Self::DateDesc | Self::ShipByDesc | Self::TotalDesc)
    }

    /// The key as the indexes have it, word for word: an index on an expression serves no other. A closed one is not
    /// looked up in its index.
    pub(crate) fn key(self, is_closed: bool) -> SimpleExpr {
        let text = match self {
            Self::DateDesc | Self::DateAsc => r#""orders"."order_date""#,
            Self::ShipByAsc => SHIP_BY_OR_LAST,
            Self::ShipByDesc => SHIP_BY_OR_FIRST,
            Self::TotalDesc | Self::TotalAsc => r#""orders"."total_minor""#,
        };
        if is_closed { closed::number(text) } else { Expr::cust(text) }
    }

    fn key_of(self, row: &orders::Model) -> i64 {
        match self {
            Self::DateDesc | Self::DateAsc => row.order_date,
            Self::ShipByAsc => row.ship_by.unwrap_or(i64::MAX),
            Self::ShipByDesc => row.ship_by.unwrap_or(-i64::MAX),
            Self::TotalDesc | Self::TotalAsc => row.total_minor,
        }
    }
}

/// As much of a track number as its index holds, word for word.
const TRACK_NUMBER: &str = r#"substr("orders"."track_number", 1, 200)"#;

/// Without a date last, whichever way.
const SHIP_BY_OR_LAST: &str = r#"COALESCE("orders"."ship_by", 9223372036854775807)"#;
const SHIP_BY_OR_FIRST: &str = r#"COALESCE("orders"."ship_by", -9223372036854775807)"#;

impl Store {
    /// A page of orders.
    ///
    /// # Errors
    /// [`Error::BadCursor`] when the cursor is not one that a page gave out.
    pub async fn orders(&self, filter: &OrderFilter, sort: OrderSort, ask: &PageAsk) -> Result<Page<Order>> {
        let lead = self.lead(filter, sort).await?.for_page(filter, sort, ask)?;
        let rows = self.rows_of(filter, sort, ask, &lead).await?;
        let page = Page::cut(rows, ask, |row| (sort.key_of(row), row.id));
        Ok(Page { items: with_lines(&self.steady, page.items).await?, next: page.next })
    }

    /// One order.
    pub async fn order(&self, id: OrderId) -> Result<Order> {
        one(&self.steady, id).await
    }

    /// These orders, in the order of the ids; one that does not exist is left out.
    pub async fn orders_by_id(&self, ids: &[OrderId]) -> Result<Vec<Order>> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let rows = orders::Entity::find()
                .filter(orders::Column::Id.is_in(chunk.iter().map(|id| id.0)))
                .all(&self.steady)
                .await?;
            found.extend(with_lines(&self.steady, rows).await?.into_iter().map(|order| (order.id, order)));
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The order of a posting, where it has one.
    pub async fn order_of_posting(
        &self,
        cabinet: CabinetId,
        number: &PostingNumber,
    ) -> Result<Option<Order>> {
        let row = orders::Entity::find()
            .filter(orders::Column::CabinetId.eq(cabinet.0))
            .filter(orders::Column::PostingNumber.eq(number.as_str()))
            .one(&self.steady)
            .await?;
        Ok(with_lines(&self.steady, row.into_iter().collect()).await?.pop())
    }

    /// All that Ozon has said of the postings of these orders.
    pub async fn facts_of(&self, ids: &[OrderId]) -> Result<HashMap<OrderId, Posting>> {
        facts_of(&self.steady, ids).await
    }

    /// What happened to an order, the oldest first.
    pub async fn history(&self, id: OrderId, ask: &PageAsk) -> Result<Page<HistoryEntry>> {
        use order_history::Column;
        let mut query = order_history::Entity::find()
            .filter(Column::OrderId.eq(id.0))
            .order_by_asc(Column::Id)
            .limit(ask.rows() + 1);
        if let Some((_, last)) = ask.after()? {
            query = query.filter(Column::Id.gt(last));
        }
        let page = Page::cut(query.all(&self.steady).await?, ask, |row| (0, row.id));
        let items = page.items.into_iter().map(entry).collect::<Result<_>>()?;
        Ok(Page { items, next: page.next })
    }

    /// The other orders of the same Ozon order in the same cabinet.
    pub async fn related_orders(&self, order: &Order) -> Result<Vec<(OrderId, PostingNumber)>> {
        let Some(number) = &order.ozon_order_number else { return Ok(Vec::new()) };
        let related = related(number, order.cabinet_id, order.id);
        let rows: Vec<(i64, String)> = related.into_tuple().all(&self.steady).await?;
        let numbered = |(id, text): (i64, String)| Some((OrderId(id), PostingNumber::new(&text).ok()?));
        Ok(rows.into_iter().filter_map(numbered).collect())
    }
}

/// The orders of an Ozon order but for one of them.
fn related(number: &str, cabinet: CabinetId, but: OrderId) -> Select<orders::Entity> {
    use orders::Column as C;
    orders::Entity::find()
        .filter(C::OzonOrderNumber.eq(number))
        .filter(C::CabinetId.eq(cabinet.0))
        .filter(C::Id.ne(but.0))
        .order_by_asc(C::PostingNumber)
        .limit(50)
        .select_only()
        .columns([C::Id, C::PostingNumber])
}

pub(crate) async fn one<C: ConnectionTrait>(db: &C, id: OrderId) -> Result<Order> {
    let row = orders::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)?;
    with_lines(db, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// All that Ozon has said of an order's posting.
async fn facts_in<C: ConnectionTrait>(db: &C, id: OrderId) -> Result<Option<Posting>> {
    let packed: Option<Option<Vec<u8>>> = postings::Entity::find()
        .filter(postings::Column::OrderId.eq(id.0))
        .select_only()
        .column(postings::Column::Facts)
        .into_tuple()
        .one(db)
        .await?;
    packed.flatten().as_deref().map(unpack_facts).transpose()
}

pub(crate) async fn facts_of<C: ConnectionTrait>(
    db: &C,
    ids: &[OrderId],
) -> Result<HashMap<OrderId, Posting>> {
    let mut facts = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(Option<i64>, Option<Vec<u8>>)> = postings::Entity::find()
            .filter(postings::Column::OrderId.is_in(chunk.iter().map(|id| id.0)))
            .select_only()
            .column(postings::Column::OrderId)
            .column(postings::Column::Facts)
            .into_tuple()
            .all(db)
            .await?;
        for row in rows {
            if let (Some(id), Some(packed)) = row {
                facts.insert(OrderId(id), unpack_facts(&packed)?);
            }
        }
    }
    Ok(facts)
}

/// The text an order is found by.
pub(crate) fn document(order: &Order, facts: &Posting) -> String {
    folding::document(order, facts)
}

/// Writes lines of history.
pub(crate) async fn note<C: ConnectionTrait>(db: &C, entries: &[(OrderId, HistoryEntry)]) -> Result<()> {
    let text = |value: serde_json::Result<String>| value.map_err(|e| Error::Corrupt(e.to_string()));
    for chunk in pieces(entries) {
        let mut rows = Vec::with_capacity(chunk.len());
        for (id, entry) in chunk {
            rows.push(order_history::ActiveModel {
                order_id: Set(id.0),
                at: Set(micros(entry.at)),
                ozon_at: Set(entry.ozon_at.map(micros)),
                actor: Set(text(serde_json::to_string(&entry.actor))?),
                field: Set(entry.field.to_string()),
                old: Set(entry.old.clone()),
                new: Set(entry.new.clone()),
                reason: Set(text(serde_json::to_string(&entry.reason))?),
                ..Default::default()
            });
        }
        order_history::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

fn entry(row: order_history::Model) -> Result<HistoryEntry> {
    let corrupt = |e: String| Error::Corrupt(format!("a line of history: {e}"));
    Ok(HistoryEntry {
        at: instant(row.at),
        ozon_at: row.ozon_at.map(instant),
        actor: serde_json::from_str(&row.actor).map_err(|e| corrupt(e.to_string()))?,
        field: row.field.parse().map_err(|_| corrupt(row.field.clone()))?,
        old: row.old,
        new: row.new,
        reason: serde_json::from_str(&row.reason).map_err(|e| corrupt(e.to_string()))?,
    })
}
