//! Orders that a search finds: by words, or by exactly a number or an article. What few orders have is looked up once, and
//! its list of ids is what the page is made of; what many have is checked on the way through the list.

use domain::search::{Term, fold, term};
use entities::order_lines;
use entities::orders::{self, Column as C};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait};

use super::ids::Ids;
use super::lead::Lead;
use super::{ARTICLE, IDENTIFIED, OrderFilter, TRACK_NUMBER};
use crate::connect::Store;
use crate::error::Result;
use crate::search;
use crate::text::clean;

/// Fewer than this are listed, to be sorted or looked for; PostgreSQL reads a row for each of them.
fn few(is_sqlite: bool) -> u64 {
    if is_sqlite { 20_000 } else { 5_000 }
}

/// The orders with a line of this article.
fn of_article(wanted: &str) -> SelectStatement {
    Query::select()
        .column(order_lines::Column::OrderId)
        .from(order_lines::Entity)
        .and_where(Expr::cust(ARTICLE).eq(shortened(wanted)))
        .to_owned()
}

/// As much of a number or an article as their indexes hold.
fn shortened(wanted: &str) -> String {
    clean(wanted).chars().take(IDENTIFIED).collect()
}

/// The orders with exactly this number or track number.
fn numbered(wanted: &str) -> SelectStatement {
    let text = shortened(wanted);
    let number = C::PostingNumber
        .eq(text.as_str())
        .or(C::Number.eq(text.as_str()))
        .or(C::OzonOrderNumber.eq(text.as_str()))
        .or(C::TrackNumber.is_not_null().and(Expr::cust(TRACK_NUMBER).eq(text.as_str())));
    Query::select().column(C::Id).from(orders::Entity).and_where(number).to_owned()
}

/// The ids of the orders with exactly this number, track number or article: one list, for PostgreSQL goes through all orders
/// for an alternative that is a question of its own.
fn ids_of(wanted: &str) -> SelectStatement {
    numbered(wanted).union(UnionType::All, of_article(wanted)).to_owned()
}

/// Orders with exactly this number, track number or article.
pub(super) fn identified(wanted: &str, is_sqlite: bool, on_the_way: bool) -> SimpleExpr {
    let id = || Expr::col((orders::Entity, C::Id));
    if !on_the_way {
        return id().in_subquery(ids_of(wanted));
    }
    // A sum with nothing, so that the lines of the order are looked at and not those of the article.
    let article = r#"substr("order_lines"."offer_id" || '', 1, 200)"#;
    let lines = Query::select()
        .expr(Expr::col(Asterisk).count())
        .from(order_lines::Entity)
        .and_where(Expr::col((order_lines::Entity, order_lines::Column::OrderId)).eq(id()))
        .and_where(Expr::cust(article).eq(shortened(wanted)))
        .to_owned();
    // An article stands in the text that the order is found by, which is sooner looked at than the lines.
    let word = [fold(&shortened(wanted))];
    let in_lines = SimpleExpr::SubQuery(None, Box::new(lines.into())).gt(0);
    id().in_subquery(numbered(wanted)).or(search::holds(&word, is_sqlite).and(in_lines))
}

impl Store {
    /// What leads to the rows of a list that is searched, or is a queue; `None` for any other.
    pub(super) async fn lead_of_search(&self, filter: &OrderFilter) -> Result<Option<Lead>> {
        if filter.posting_number.is_some() || filter.ozon_order_number.is_some() || filter.queue.is_some() {
            return Ok(Some(Lead::Found));
        }
        let (wanted, typed) = (filter.identified.as_deref(), filter.q.as_deref());
        let typed = match (wanted, typed) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Ok(Some(Lead::Database)),
            (Some(wanted), None) => return self.found(ids_of(wanted)).await.map(Some),
            (None, Some(typed)) => typed,
        };
        match search::matches(typed, self.is_sqlite()) {
            Some(Some(matches)) => self.found(matches).await.map(Some),
            Some(None) => Ok(Some(Lead::Sort)),
            None => Ok(matches!(term(typed), Term::PostingNumber(_)).then_some(Lead::Found)),
        }
    }

    /// The orders that a search gives where they are few.
    async fn found(&self, mut rows: SelectStatement) -> Result<Lead> {
        let few = few(self.is_sqlite());
        let listed = if self.is_sqlite() { "group_concat(id)" } else { "string_agg(id::text, ',')" };
        let newest = Query::select().expr(C::Id.max()).from(orders::Entity).to_owned();
        let found = Query::select()
            .expr_as(Expr::col(Asterisk).count(), Alias::new("many"))
            .expr_as(Expr::cust(listed), Alias::new("ids"))
            .expr_as(SimpleExpr::SubQuery(None, Box::new(newest.into())), Alias::new("newest"))
            .from_subquery(rows.limit(few).to_owned(), Alias::new("found"))
            .to_owned();
        let Some(row) = self.db.query_one(&found).await? else { return Ok(Lead::Sort) };
        let many: i64 = row.try_get("", "many")?;
        if u64::try_from(many).unwrap_or(0) >= few {
            return Ok(Lead::Sort);
        }
        let (list, newest): (Option<String>, Option<i64>) =
            (row.try_get("", "ids")?, row.try_get("", "newest")?);
        Ok(Lead::These(Ids::new(list.unwrap_or_default(), newest.unwrap_or(0))))
    }
}
