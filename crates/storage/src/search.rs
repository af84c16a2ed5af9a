//! The search index: one folded text an order, and one a product, found by trigrams in both databases. An order is found where
//! each word that was typed stands in its own text or in that of what one of its lines is of.

use domain::OrderId;
use domain::search::{Term, term};
use entities::order_goods::{self, Column as G};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::closed;
use crate::error::Result;
use crate::order_rows::pieces;

/// A trigram index finds nothing shorter.
const TRIGRAM: usize = 3;

/// Whose texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    Orders,
    Products,
}

impl Texts {
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Orders => "order_search",
            Self::Products => "product_search",
        }
    }

    /// The texts by their ids: SQLite's full-text table takes twice as long to give one as the table in which it keeps them.
    fn by_id(self, sqlite: bool) -> (Alias, &'static str) {
        let table = self.table();
        if sqlite { (Alias::new(format!("{table}_content")), "id") } else { (Alias::new(table), "rowid") }
    }
}

/// Writes the texts that orders are found by.
pub async fn index<C: ConnectionTrait>(db: &C, documents: &[(OrderId, String)]) -> Result<()> {
    let texts: Vec<_> = documents.iter().map(|(id, text)| (id.0, text.as_str())).collect();
    write(db, Texts::Orders, &texts).await
}

/// Writes texts, by the ids of what is found by them.
pub async fn write<C: ConnectionTrait, T: AsRef<str>>(
    db: &C,
    whose: Texts,
    texts: &[(i64, T)],
) -> Result<()> {
    let table = whose.table();
    for chunk in pieces(texts) {
        let sqlite = db.get_database_backend() == DbBackend::Sqlite;
        let mut values = Vec::with_capacity(chunk.len() * 2);
        let mut places = Vec::with_capacity(chunk.len());
        for (at, (id, text)) in chunk.iter().enumerate() {
            places.push(if sqlite {
                "(?, ?)".to_owned()
            } else {
                format!("(${}, ${})", at * 2 + 1, at * 2 + 2)
            });
            values.push((*id).into());
            values.push(text.as_ref().into());
        }
        let places = places.join(", ");
        let sql = if sqlite {
            format!("INSERT OR REPLACE INTO {table} (rowid, text) VALUES {places}")
        } else {
            format!(
                "INSERT INTO {table} (rowid, text) VALUES {places} \
                 ON CONFLICT (rowid) DO UPDATE SET text = EXCLUDED.text"
            )
        };
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// The condition on an order for what a person typed, looked up for each order that is passed; `None` when there is nothing to
/// look for.
pub fn condition(typed: &str, sqlite: bool) -> Option<SimpleExpr> {
    let column = |name: &str| Expr::col((Alias::new("orders"), Alias::new(name)));
    match term(typed) {
        Term::Nothing => None,
        Term::PostingNumber(prefix) => {
            // A range instead of LIKE, so that the plain index serves it on both databases; the columns compare byte by
            // byte, and ':' follows '9' and '-'.
            let after = format!("{prefix}:");
            let posting = column("posting_number")
                .gte(prefix.as_str())
                .and(column("posting_number").lt(after.as_str()));
            let number = column("number").gte(prefix.as_str()).and(column("number").lt(after.as_str()));
            Some(posting.or(number))
        }
        Term::Words(words) => {
            words.iter().map(|word| holds(&column("id"), word, sqlite)).reduce(SimpleExpr::and)
        }
    }
}

/// Whether a word stands in the text of an order, or in that of what one of its lines is of.
fn holds(order: &SimpleExpr, word: &str, sqlite: bool) -> SimpleExpr {
    let (orders, id) = Texts::Orders.by_id(sqlite);
    let mut text = Query::select();
    text.expr(Expr::val(1)).from(orders.clone()).and_where(Expr::col((orders, id)).eq(order.clone()));
    text.and_where(stands(word, sqlite));
    let (products, id) = Texts::Products.by_id(sqlite);
    let with = Query::select()
        .column((products.clone(), id))
        .from(products)
        .and_where(stands(word, sqlite))
        .to_owned();
    // Asked once: most words stand in no product, and then no lines are looked at.
    is_any(text).or(Expr::exists(with.clone()).and(has_goods(order, with)))
}

/// Whether an order has a line of one of these products.
pub fn has_goods(order: &SimpleExpr, products: SelectStatement) -> SimpleExpr {
    let of = |column| Expr::col((order_goods::Entity, column));
    // Closed, so that the products are found once, and then the order's lines are looked at: each database has some other way.
    let goods = Query::select()
        .expr(Expr::val(1))
        .from(order_goods::Entity)
        .and_where(of(G::OrderId).eq(order.clone()))
        .and_where(closed::condition(of(G::ProductId).in_subquery(products)))
        .limit(1)
        .to_owned();
    is_any(goods)
}

/// Whether a question has an answer: a value for each order, not EXISTS, which PostgreSQL would turn into a search of its own;
/// and never NULL, after which databases go on to the next condition.
fn is_any(question: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(question.into())).is_not_null()
}

fn stands(word: &str, sqlite: bool) -> SimpleExpr {
    Expr::cust_with_values(if sqlite { "instr(c0, ?) > 0" } else { "strpos(text, $1) > 0" }, [word])
}

/// Whether a trigram index knows a word.
pub fn is_known(word: &str) -> bool {
    word.chars().count() >= TRIGRAM
}

/// The ids of what is found by words that all stand in its own text; each is one that the index knows.
pub fn texts_with(whose: Texts, words: &[&str], sqlite: bool) -> SelectStatement {
    let mut select = Query::select();
    select.expr_as(Expr::col(Alias::new("rowid")), Alias::new("id")).from(Alias::new(whose.table()));
    if sqlite {
        let quoted: Vec<String> = words.iter().map(|w| format!("\"{}\"", w.replace('"', "\"\""))).collect();
        select.and_where(Expr::cust_with_values("text MATCH ?", [quoted.join(" AND ")]));
    } else {
        for word in words {
            select.and_where(Expr::col(Alias::new("text")).like(like(word)));
        }
    }
    select
}

/// The ids of the orders with lines of these products, once for each line. The products are found first: PostgreSQL would take
/// a question for so many that it reads all lines.
pub fn with_goods(products: SelectStatement, sqlite: bool) -> SelectStatement {
    let product = Expr::col((order_goods::Entity, G::ProductId));
    let of_these = if sqlite {
        product.in_subquery(products)
    } else {
        let list = Func::cust("ARRAY").arg(SimpleExpr::SubQuery(None, Box::new(products.into())));
        product.eq(Func::cust("ANY").arg(list))
    };
    Query::select()
        .expr_as(Expr::col((order_goods::Entity, G::OrderId)), Alias::new("id"))
        .from(order_goods::Entity)
        .and_where(of_these)
        .to_owned()
}

/// Of the orders with these ids those in which these words are found too.
pub fn with_words(ids: SelectStatement, words: &[&str], sqlite: bool) -> SelectStatement {
    let id = Expr::col((Alias::new("begun"), Alias::new("id")));
    let mut rows = Query::select();
    rows.expr_as(id.clone(), Alias::new("id")).from_subquery(ids, Alias::new("begun"));
    for word in words {
        rows.and_where(holds(&id, word, sqlite));
    }
    rows
}

/// A pattern that finds the word anywhere, whatever wildcards are in it.
pub fn like(word: &str) -> sea_orm::sea_query::LikeExpr {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
