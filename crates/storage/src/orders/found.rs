//! Orders that a search finds: by words, or by exactly a number or an article. What few orders have is looked up once, and
//! its list of ids is what the page is made of; what many have is checked on the way through the list.

use domain::search::{Term, term};
use entities::orders::{self, Column as C};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait};

use super::ids::Ids;
use super::lead::{Facet, Lead, counts};
use super::{OrderFilter, TRACK_NUMBER};
use crate::connect::Store;
use crate::error::Result;
use crate::products;
use crate::search::{self, Texts};
use crate::text::shortened;

/// Fewer than this are listed, to be sorted or looked for.
const LISTED: u64 = 20_000;

/// The same where PostgreSQL reads a row for each of them.
fn read(is_sqlite: bool) -> u64 {
    if is_sqlite { LISTED } else { 5_000 }
}

/// The ids of the orders that a search finds.
#[derive(Clone, Debug)]
pub(super) struct LookedUp {
    /// Those that PostgreSQL reads a row for: whose own text or number it is.
    own: SelectStatement,
    /// Those that an index tells by their goods.
    by_goods: Option<SelectStatement>,
}

impl LookedUp {
    /// All of them in one list: PostgreSQL goes through all orders for an alternative that is a question of its own.
    pub(super) fn all(self) -> SelectStatement {
        let Self { mut own, by_goods } = self;
        by_goods.into_iter().fold(&mut own, |all, goods| all.union(UnionType::All, goods)).take()
    }
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

/// Whether an order has exactly this number, track number or article: looked up for each order that is passed.
pub(super) fn identified(wanted: &str) -> SimpleExpr {
    let id = Expr::col((orders::Entity, C::Id));
    let goods = search::has_goods(&id, products::of_article(wanted));
    id.in_subquery(numbered(wanted)).or(goods)
}

/// With which words of several a search begins: those that all stand in the order's own text, or one that may stand in its goods.
struct Begin<'a> {
    words: Vec<&'a str>,
    or_goods: bool,
}

impl Store {
    /// What leads to the rows of a list that is searched, or is a queue; `None` for any other.
    pub(super) async fn lead_of_search(&self, filter: &OrderFilter) -> Result<Option<Lead>> {
        let term = filter.q.as_deref().map_or(Term::Nothing, term);
        let by_number = filter.posting_number.is_some()
            || filter.ozon_order_number.is_some()
            || matches!(term, Term::PostingNumber(_));
        if by_number {
            return Ok(Some(Lead::Found));
        }
        let of_queue = filter.queue.map(|_| Lead::Found);
        if filter.identified.is_none() && term == Term::Nothing {
            return Ok(of_queue);
        }
        let lead = match self.looked_up(filter).await? {
            Some(found) => self.listed_ids(filter, found).await?,
            None => Lead::Sort,
        };
        // A queue is shorter than a list that is walked through.
        Ok(Some(if let Lead::These(_) = lead { lead } else { of_queue.unwrap_or(lead) }))
    }

    /// What a filter searches for, as indexes give it; `None` when it searches for nothing, or for what no index knows.
    pub(super) async fn looked_up(&self, filter: &OrderFilter) -> Result<Option<LookedUp>> {
        let is_sqlite = self.is_sqlite();
        if let Some(wanted) = &filter.identified {
            let by_goods = Some(search::with_goods(products::of_article(wanted), is_sqlite));
            return Ok(filter.q.is_none().then(|| LookedUp { own: numbered(wanted), by_goods }));
        }
        let Some(Term::Words(words)) = filter.q.as_deref().map(term) else { return Ok(None) };
        let known: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| search::is_known(word)).collect();
        let Some(begin) = self.begun_with(&known).await? else { return Ok(None) };
        let others: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| !begin.words.contains(word)).collect();
        let texts = |whose| search::texts_with(whose, &begin.words, is_sqlite);
        let by_goods = begin.or_goods.then(|| search::with_goods(texts(Texts::Products), is_sqlite));
        let mut found = LookedUp { own: texts(Texts::Orders), by_goods };
        if !others.is_empty() {
            found = LookedUp { own: search::with_words(found.all(), &others, is_sqlite), by_goods: None };
        }
        Ok(Some(found))
    }

    /// With which of several words to begin: those that no product has, which are in the order's own text if anywhere, or the one
    /// that the fewest have.
    async fn begun_with<'a>(&self, known: &[&'a str]) -> Result<Option<Begin<'a>>> {
        let one = |word| Begin { words: vec![word], or_goods: true };
        if let [] | [_] = known {
            return Ok(known.first().map(|only| one(only)));
        }
        let of_products = |word: &&str| search::texts_with(Texts::Products, &[word], self.is_sqlite());
        let many = counts(&self.db, known.iter().map(of_products).collect()).await?;
        let many: Vec<_> = many.into_iter().zip(known.iter().copied()).collect();
        let own: Vec<&str> = many.iter().filter(|(many, _)| *many == 0).map(|(_, word)| *word).collect();
        if !own.is_empty() {
            return Ok(Some(Begin { words: own, or_goods: false }));
        }
        Ok(many.into_iter().min_by_key(|(many, _)| *many).map(|(_, word)| one(word)))
    }

    /// The orders that a search gives, where they are few enough.
    async fn listed_ids(&self, filter: &OrderFilter, found: LookedUp) -> Result<Lead> {
        let listed = if self.is_sqlite() { "group_concat(id)" } else { "string_agg(id::text, ',')" };
        let list = |mut ids: SelectStatement, most: u64| {
            let ids = ids.limit(most).take();
            let list =
                Query::select().expr(Expr::cust(listed)).from_subquery(ids, Alias::new("found")).to_owned();
            SimpleExpr::SubQuery(None, Box::new(list.into()))
        };
        let newest = Query::select().expr(C::Id.max()).from(orders::Entity).to_owned();
        let read = read(self.is_sqlite());
        let mut asked = Query::select();
        asked.expr(SimpleExpr::SubQuery(None, Box::new(newest.into()))).expr(list(found.own, read));
        let mut most = vec![read];
        if let Some(by_goods) = found.by_goods {
            asked.expr(list(by_goods, LISTED));
            most.push(LISTED);
        }
        let Some(row) = self.db.query_one(&asked).await? else { return Ok(Lead::Sort) };
        let newest: Option<i64> = row.try_get_by_index(0)?;
        let mut lists = Vec::with_capacity(most.len());
        let mut many = 0;
        for (at, most) in most.into_iter().enumerate() {
            let Some(list) = row.try_get_by_index::<Option<String>>(at + 1)? else { continue };
            let listed = list.split(',').count() as u64;
            if listed >= most {
                return Ok(Lead::Sort);
            }
            many += listed;
            lists.push(list);
        }
        let ids = Ids::new(lists.join(","), newest.unwrap_or(0));
        if many < read {
            return Ok(Lead::These(ids));
        }
        // Too many to read each; what the index of the list does not tell would be read for each that is passed.
        let is_told = Facet::given(filter).iter().all(|by| *by == Facet::OrderDate);
        Ok(if is_told { Lead::Among(ids) } else { Lead::Sort })
    }
}
