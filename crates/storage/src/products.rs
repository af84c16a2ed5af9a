//! What lines of orders are of, as Ozon worded it: one row for each article, SKU and name.

use std::collections::HashMap;

use domain::OrderLine;
use domain::search::product_document;
use entities::products::{self, Column as C};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use crate::error::{Error, Result};
use crate::order_rows::{CHUNK, pieces};
use crate::search::{self, Texts};
use crate::text::shortened;

/// An article as its index has it, word for word.
const ARTICLE: &str = r#"substr("products"."offer_id", 1, 200)"#;

/// What tells products apart.
type Words = (String, Option<i64>, String);

fn words(line: &OrderLine) -> Words {
    (line.offer_id.clone(), line.sku, line.name.clone())
}

/// The ids of what these lines are of, in the same order; what was in no order before is written.
///
/// Two transactions that first meet the same product each write it: if it were unique, they would wait for each other, and in a
/// circle where each writes two. Either row is found by its article.
pub async fn product_ids(tx: &DatabaseTransaction, lines: &[&OrderLine]) -> Result<Vec<i64>> {
    let wanted: Vec<Words> = lines.iter().map(|line| words(line)).collect();
    let mut articles: Vec<String> = wanted.iter().map(|(offer_id, ..)| shortened(offer_id)).collect();
    articles.sort_unstable();
    articles.dedup();
    let mut known = HashMap::new();
    for piece in pieces(&articles) {
        // In no order: there is one index for the plan that a transaction keeps.
        let found =
            products::Entity::find().filter(Expr::cust(ARTICLE).is_in(piece.iter().map(String::as_str)));
        for row in found.all(tx).await? {
            let first = known.entry((row.offer_id, row.sku, row.name)).or_insert(row.id);
            *first = Ord::min(row.id, *first);
        }
    }
    let mut new: Vec<&Words> = wanted.iter().filter(|words| !known.contains_key(*words)).collect();
    new.sort_unstable();
    new.dedup();
    for piece in pieces(&new) {
        let rows = piece.iter().copied().map(|(offer_id, sku, name)| products::ActiveModel {
            offer_id: Set(offer_id.clone()),
            sku: Set(*sku),
            name: Set(name.clone()),
            ..Default::default()
        });
        let written = products::Entity::insert_many(rows).exec_with_returning(tx).await?;
        let texts: Vec<_> = written.iter().map(|row| text(row.id, &row.offer_id, row.sku)).collect();
        search::write(tx, Texts::Products, &texts).await?;
        known.extend(written.into_iter().map(|row| ((row.offer_id, row.sku, row.name), row.id)));
    }
    wanted.iter().map(|words| known.get(words).copied().ok_or(Error::NotFound)).collect()
}

/// The ids of the products of this article.
pub fn of_article(article: &str) -> SelectStatement {
    products::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(Expr::cust(ARTICLE).eq(shortened(article)))
        .into_query()
}

fn text(id: i64, offer_id: &str, sku: Option<i64>) -> (i64, String) {
    (id, product_document(offer_id, sku))
}

/// Writes the texts of all products: those of lines that are older than the table. Asks for what migration 0016 made and no
/// more, whatever columns come later.
pub(crate) async fn index_all<D: ConnectionTrait>(db: &D) -> Result<()> {
    let mut last = 0;
    loop {
        let rows: Vec<(i64, String, Option<i64>)> = products::Entity::find()
            .filter(C::Id.gt(last))
            .order_by_asc(C::Id)
            .limit(CHUNK as u64)
            .select_only()
            .columns([C::Id, C::OfferId, C::Sku])
            .into_tuple()
            .all(db)
            .await?;
        let Some((newest, ..)) = rows.last() else { return Ok(()) };
        last = *newest;
        let texts: Vec<_> = rows.iter().map(|(id, offer_id, sku)| text(*id, offer_id, *sku)).collect();
        search::write(db, Texts::Products, &texts).await?;
    }
}
