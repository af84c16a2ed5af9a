//! The search index: one folded text an order, found by trigrams in both databases.

use domain::OrderId;
use domain::search::{Term, term};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::error::Result;
use crate::order_rows::pieces;

/// A trigram index finds nothing shorter.
const TRIGRAM: usize = 3;

/// Writes the texts that orders are found by.
pub async fn index<C: ConnectionTrait>(db: &C, documents: &[(OrderId, String)]) -> Result<()> {
    for chunk in pieces(documents) {
        let sqlite = db.get_database_backend() == DbBackend::Sqlite;
        let mut values = Vec::with_capacity(chunk.len() * 2);
        let mut places = Vec::with_capacity(chunk.len());
        for (at, (id, text)) in chunk.iter().enumerate() {
            places.push(if sqlite {
                "(?, ?)".to_owned()
            } else {
                format!("(${}, ${})", at * 2 + 1, at * 2 + 2)
            });
            values.push(id.0.into());
            values.push(text.as_str().into());
        }
        let places = places.join(", ");
        let sql = if sqlite {
            format!("INSERT OR REPLACE INTO order_search (rowid, text) VALUES {places}")
        } else {
            format!(
                "INSERT INTO order_search (rowid, text) VALUES {places} \
                 ON CONFLICT (rowid) DO UPDATE SET text = EXCLUDED.text"
            )
        };
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// The condition on an order's id (or posting number) for what a person typed; `None` when there is nothing to look for.
/// `on_the_way` looks each order's text up that is passed, where too many are found to begin with them.
pub fn condition(typed: &str, sqlite: bool, on_the_way: bool) -> Option<SimpleExpr> {
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
        Term::Words(words) if on_the_way => Some(holds(&words, sqlite)),
        Term::Words(words) => Some(column("id").in_subquery(rows(&words, sqlite))),
    }
}

/// Whether the text that an order is found by holds these words: looked up for each order that is passed.
pub fn holds(words: &[String], sqlite: bool) -> SimpleExpr {
    // A value for each order, not EXISTS, which PostgreSQL would turn into a search of its own; and never NULL, after which
    // databases go on to the next condition. SQLite's full-text table takes twice as long to give a text as the table in
    // which it keeps them.
    let (table, id) = if sqlite { ("order_search_content", "id") } else { ("order_search", "rowid") };
    let mut select = Query::select();
    select.expr(Expr::val(1)).from(Alias::new(table));
    let order = Expr::col((Alias::new("orders"), Alias::new("id")));
    select.and_where(Expr::col((Alias::new(table), Alias::new(id))).eq(order));
    let holds = if sqlite { "instr(c0, ?) > 0" } else { "strpos(text, $1) > 0" };
    for word in words {
        select.and_where(Expr::cust_with_values(holds, [word.as_str()]));
    }
    SimpleExpr::SubQuery(None, Box::new(select.into())).is_not_null()
}

/// The rows that a search by words finds: `None` when it is none by words, `Some(None)` when no index knows them, since
/// all of the words are too short.
#[expect(clippy::option_option, reason = "two different answers, and both are asked for at once")]
pub fn matches(typed: &str, sqlite: bool) -> Option<Option<SelectStatement>> {
    let Term::Words(words) = term(typed) else { return None };
    let is_known = words.iter().any(|word| word.chars().count() >= TRIGRAM);
    Some(is_known.then(|| rows(&words, sqlite)))
}

fn rows(words: &[String], sqlite: bool) -> SelectStatement {
    let text = || Expr::col(Alias::new("text"));
    let mut select = Query::select();
    select.expr_as(Expr::col(Alias::new("rowid")), Alias::new("id")).from(Alias::new("order_search"));
    let (long, short): (Vec<_>, Vec<_>) = words.iter().partition(|w| w.chars().count() >= TRIGRAM);
    if sqlite && !long.is_empty() {
        let quoted: Vec<String> = long.iter().map(|w| format!("\"{}\"", w.replace('"', "\"\""))).collect();
        select.and_where(Expr::cust_with_values("text MATCH ?", [quoted.join(" AND ")]));
    } else {
        for word in long {
            select.and_where(text().like(like(word)));
        }
    }
    for word in short {
        select.and_where(text().like(like(word)));
    }
    select
}

/// A pattern that finds the word anywhere, whatever wildcards are in it.
pub fn like(word: &str) -> sea_orm::sea_query::LikeExpr {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
