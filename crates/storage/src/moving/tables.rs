//! Which tables there are, in an order in which each finds what it refers to, and how their rows go over.

#[cfg(test)]
use sea_orm::IdenStatic;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, ModelTrait,
    PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect,
};

use super::Compared;
use super::contents::{Contents, Digest};
use crate::error::Result;
use crate::order_rows::CHUNK;
use crate::search::{self, Texts};

/// The texts that orders and products are found by, which are no entities.
const TEXTS: [Texts; 2] = [Texts::Orders, Texts::Products];

/// Does the same with every table.
macro_rules! tables {
    ($($table:ident),* $(,)?) => {
        /// The names of all tables that move.
        pub(super) const NAMES: &[&str] = &[$(stringify!($table),)* Texts::Orders.table(), Texts::Products.table()];

        /// Copies every row of every table.
        pub(super) async fn copy_all(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<()> {
            $(copy::<entities::$table::Entity>(from, to).await?;)*
            for whose in TEXTS {
                copy_texts(from, to, whose).await?;
            }
            Ok(())
        }

        /// What every table holds on both sides.
        pub(super) async fn compare_all(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<Vec<Compared>> {
            let mut compared = vec![
                $(Compared {
                    table: stringify!($table),
                    from: contents::<entities::$table::Entity>(from).await?,
                    to: contents::<entities::$table::Entity>(to).await?,
                },)*
            ];
            for whose in TEXTS {
                let (from, to) = (contents_of_texts(from, whose).await?, contents_of_texts(to, whose).await?);
                compared.push(Compared { table: whose.table(), from, to });
            }
            Ok(compared)
        }

        /// The columns of every entity.
        #[cfg(test)]
        fn columns() -> Vec<(&'static str, Vec<String>)> {
            vec![$((stringify!($table), columns_of::<entities::$table::Entity>()),)*]
        }
    };
}

tables! {
    shop, cabinets, cabinet_settings, ozon_codes, ozon_warehouses, ozon_delivery_methods, leases, runs, reconciliations,
    statuses, sources, delivery_methods, payment_methods, customers, warehouse_rules, users, sessions, recovery_codes,
    sign_ins, api_tokens, audit, order_kinds, orders, products, order_goods, order_history, order_comments, postings, outbox, news, reads,
    push_messages, mail_settings, cancellation_requests, erasures, order_views, list_preferences, bulk_acts,
}

/// The rows after one, by the primary key.
async fn rows_after<E: EntityTrait>(
    db: &DatabaseTransaction,
    last: Option<&E::Model>,
) -> Result<Vec<E::Model>> {
    let key: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let mut rows = E::find();
    if let Some(last) = last {
        // One comparison of rows, so that the key's index leads straight to the next one.
        let place = key.iter().map(|column| Expr::val(last.get(*column)));
        let row = key.iter().map(|column| Expr::col(column.as_column_ref()));
        rows = rows.filter(Expr::tuple(row).gt(Expr::tuple(place)));
    }
    for column in key {
        rows = rows.order_by(column, Order::Asc);
    }
    Ok(rows.limit(CHUNK as u64).all(db).await?)
}

async fn copy<E>(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows_after::<E>(from, None).await?;
    while let Some(last) = rows.last().cloned() {
        E::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(to)
            .await?;
        rows = rows_after::<E>(from, Some(&last)).await?;
    }
    Ok(())
}

async fn contents<E: EntityTrait>(db: &DatabaseTransaction) -> Result<Contents> {
    let mut digest = Digest::default();
    let mut rows = rows_after::<E>(db, None).await?;
    while let Some(last) = rows.last().cloned() {
        for row in &rows {
            digest.add(E::Column::iter().map(|column| row.get(column)))?;
        }
        rows = rows_after::<E>(db, Some(&last)).await?;
    }
    digest.contents(count(db, E::default().table_name()).await?)
}

/// How many rows a table has, by its own count.
async fn count(db: &DatabaseTransaction, table: &str) -> Result<u64> {
    let many = Query::select().expr(Expr::cust("COUNT(*) AS many")).from(Alias::new(table)).to_owned();
    let row = db.query_one(&many).await?;
    let many = row.map(|row| row.try_get::<i64>("", "many")).transpose()?;
    Ok(many.and_then(|many| u64::try_from(many).ok()).unwrap_or(0))
}

/// The texts after the one with this id.
async fn texts_after(db: &DatabaseTransaction, whose: Texts, last: i64) -> Result<Vec<(i64, String)>> {
    let row = Expr::col(Alias::new("rowid"));
    let texts = Query::select()
        .columns([Alias::new("rowid"), Alias::new("text")])
        .from(Alias::new(whose.table()))
        .and_where(row.clone().gt(last))
        .order_by_expr(row, Order::Asc)
        .limit(CHUNK as u64)
        .to_owned();
    let rows = db.query_all(&texts).await?;
    let mut texts = Vec::with_capacity(rows.len());
    for row in &rows {
        texts.push((row.try_get("", "rowid")?, row.try_get("", "text")?));
    }
    Ok(texts)
}

async fn copy_texts(from: &DatabaseTransaction, to: &DatabaseTransaction, whose: Texts) -> Result<()> {
    let mut texts = texts_after(from, whose, i64::MIN).await?;
    while let Some((last, _)) = texts.last() {
        search::write(to, whose, &texts).await?;
        texts = texts_after(from, whose, *last).await?;
    }
    Ok(())
}

async fn contents_of_texts(db: &DatabaseTransaction, whose: Texts) -> Result<Contents> {
    let mut digest = Digest::default();
    let mut texts = texts_after(db, whose, i64::MIN).await?;
    while let Some((last, _)) = texts.last() {
        let last = *last;
        for (id, text) in texts {
            digest.add([id.into(), text.into()])?;
        }
        texts = texts_after(db, whose, last).await?;
    }
    digest.contents(count(db, whose.table()).await?)
}

#[cfg(test)]
fn columns_of<E: EntityTrait>() -> Vec<String> {
    let mut columns: Vec<String> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    columns.sort();
    columns
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sea_orm::{DbBackend, Statement};

    use super::*;
    use crate::connect::{Config, Store};

    #[tokio::test]
    async fn every_table_and_every_column_moves() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config {
            database_url: format!("sqlite://{}", folder.path().join("vygruzka.db").display()),
            secret_key: None,
            zone: chrono_tz::UTC,
        };
        let store = Store::open(&config).await.expect("opens");
        store.migrate().await.expect("migrates");
        let texts = async |sql: &str| {
            let rows = store
                .db
                .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
                .await
                .expect("answers");
            rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text")).collect::<Vec<_>>()
        };
        // The indexes keep their own in tables whose names begin with theirs; SQLite and the migrations have one each.
        let there = texts(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_search_%' \
             AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'seaql_migrations')",
        )
        .await;
        let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
        assert_eq!(
            NAMES.iter().copied().collect::<BTreeSet<_>>(),
            there,
            "a table is forgotten in `tables!`"
        );
        for (table, columns) in columns() {
            let there = texts(&format!("SELECT name FROM pragma_table_info('{table}') ORDER BY name")).await;
            assert_eq!(columns, there, "the entity of {table} lacks a column");
        }
        store.close().await.expect("ends");
    }
}
