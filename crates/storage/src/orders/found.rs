//! Orders that a search finds: by words, or by exactly a number or an article. What few orders have is looked up once, and
//! its list of ids is what the page is made of; what many have is checked on the way through the list.

use domain::search::{Term, term};
use entities::orders::{self, Column as C};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait};

use super::ids::Ids;
use super::lead::{Lead, count};
use super::{OrderFilter, TRACK_NUMBER};
use crate::closed;
use crate::connect::Store;
use crate::error::Result;
use crate::products;
use crate::search::{self, Begin, Texts};
use crate::text::shortened;

/// Fewer than this are listed, to be sorted or looked for; PostgreSQL reads a row for each of them.
fn few(is_sqlite: bool) -> u64 {
    if is_sqlite { 20_000 } else { 5_000 }
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
pub(super) fn ids_of(wanted: &str, is_sqlite: bool) -> SelectStatement {
    let of_article = search::with_goods(products::of_article(wanted), is_sqlite);
    numbered(wanted).union(UnionType::All, of_article).to_owned()
}

/// Whether an order has exactly this number, track number or article: looked up for each order that is passed.
pub(super) fn identified(wanted: &str) -> SimpleExpr {
    let id = Expr::col((orders::Entity, C::Id));
    let mut goods = search::goods_of(&id);
    // Closed, so that the lines of the order are looked at and not those of the article.
    let product = closed::number(r#""order_goods"."product_id""#);
    goods.and_where(product.in_subquery(products::of_article(wanted)));
    id.in_subquery(numbered(wanted)).or(search::is_any(goods))
}

impl Store {
    /// What leads to the rows of a list that is searched, or is a queue; `None` for any other.
    pub(super) async fn lead_of_search(&self, filter: &OrderFilter) -> Result<Option<Lead>> {
        if filter.posting_number.is_some() || filter.ozon_order_number.is_some() || filter.queue.is_some() {
            return Ok(Some(Lead::Found));
        }
        if let Some(Term::PostingNumber(_)) = filter.q.as_deref().map(term) {
            return Ok(Some(Lead::Found));
        }
        if filter.identified.is_none() && filter.q.as_deref().map_or(Term::Nothing, term) == Term::Nothing {
            return Ok(None);
        }
        Ok(Some(match self.looked_up(filter).await? {
            Some(rows) => self.listed_few(rows).await?,
            None => Lead::Sort,
        }))
    }

    /// The ids of what a filter searches for, as indexes give them; `None` when it searches for nothing, or for what no index knows.
    pub(super) async fn looked_up(&self, filter: &OrderFilter) -> Result<Option<SelectStatement>> {
        if let Some(wanted) = &filter.identified {
            return Ok(filter.q.is_none().then(|| ids_of(wanted, self.is_sqlite())));
        }
        let Some(Term::Words(words)) = filter.q.as_deref().map(term) else { return Ok(None) };
        let known: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| search::is_known(word)).collect();
        let Some(begin) = self.begun_with(&known).await? else { return Ok(None) };
        let is_begun = |word: &&str| match &begin {
            Begin::Own(words) => words.contains(word),
            Begin::Anywhere(begun) => begun == word,
        };
        let others: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_begun(word)).collect();
        Ok(Some(search::rows(&begin, &others, self.is_sqlite())))
    }

    /// With which of several words to begin: those that no product has, which are in the order's own text if anywhere, or the one
    /// that the fewest have.
    async fn begun_with<'a>(&self, known: &[&'a str]) -> Result<Option<Begin<'a>>> {
        if let [] | [_] = known {
            return Ok(known.first().map(|only| Begin::Anywhere(only)));
        }
        let mut counts = Query::select();
        for word in known {
            let many = count(search::texts_with(Texts::Products, &[word], self.is_sqlite()));
            counts.expr(SimpleExpr::SubQuery(None, Box::new(many.into())));
        }
        let Some(row) = self.db.query_one(&counts).await? else { return Ok(None) };
        let mut many = Vec::with_capacity(known.len());
        for (at, word) in known.iter().enumerate() {
            many.push((row.try_get_by_index::<i64>(at)?, *word));
        }
        let own: Vec<&str> = many.iter().filter(|(many, _)| *many == 0).map(|(_, word)| *word).collect();
        if !own.is_empty() {
            return Ok(Some(Begin::Own(own)));
        }
        Ok(many.into_iter().min_by_key(|(many, _)| *many).map(|(_, word)| Begin::Anywhere(word)))
    }

    /// The orders that a search gives where they are few.
    async fn listed_few(&self, mut rows: SelectStatement) -> Result<Lead> {
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
