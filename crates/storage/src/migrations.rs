//! Bringing the database to this version. A migration is a text of SQL that both databases understand, plus what only one
//! of them has; once published it never changes.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

use crate::connect::{BUSY, Store};
use crate::error::{Error, Result};

struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(INITIAL),
            Box::new(BOTH_WAYS),
            Box::new(RECONCILIATION),
            Box::new(LETTERS_AND_SCHEDULE),
            Box::new(PEOPLE),
            Box::new(WAREHOUSE_RULES),
            Box::new(PERSONAL_DATA),
            Box::new(MANAGERS),
            Box::new(ORDER_LIST),
            Box::new(MANY_ORDERS),
            Box::new(JOURNAL),
            Box::new(LIGHTER),
            Box::new(KINDS),
            Box::new(SOONER),
            Box::new(FEWER),
            Box::new(Products),
        ]
    }
}

/// One file of SQL.
struct Migration {
    name: &'static str,
    sql: &'static str,
    /// What only SQLite has, and what only PostgreSQL has.
    apart: [&'static str; 2],
}

const INITIAL: Migration = Migration {
    name: "0001_initial",
    sql: include_str!("migrations/0001_initial.sql"),
    apart: [
        "CREATE VIRTUAL TABLE order_search USING fts5(text, tokenize = 'trigram');",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm;
         CREATE TABLE order_search (rowid BIGINT PRIMARY KEY, text TEXT NOT NULL);
         CREATE INDEX order_search_text ON order_search USING gin (text gin_trgm_ops);",
    ],
};

/// A migration that both databases understand alike.
const fn plain(name: &'static str, sql: &'static str) -> Migration {
    Migration { name, sql, apart: ["", ""] }
}

const BOTH_WAYS: Migration = plain("0002_both_ways", include_str!("migrations/0002_both_ways.sql"));
const RECONCILIATION: Migration =
    plain("0003_reconciliation", include_str!("migrations/0003_reconciliation.sql"));
const LETTERS_AND_SCHEDULE: Migration =
    plain("0004_letters_and_schedule", include_str!("migrations/0004_letters_and_schedule.sql"));
const PEOPLE: Migration = plain("0005_people", include_str!("migrations/0005_people.sql"));
const WAREHOUSE_RULES: Migration =
    plain("0006_warehouse_rules", include_str!("migrations/0006_warehouse_rules.sql"));
const PERSONAL_DATA: Migration =
    plain("0007_personal_data", include_str!("migrations/0007_personal_data.sql"));
const MANAGERS: Migration = plain("0008_managers", include_str!("migrations/0008_managers.sql"));
const ORDER_LIST: Migration = plain("0009_order_list", include_str!("migrations/0009_order_list.sql"));
const MANY_ORDERS: Migration = plain("0010_many_orders", include_str!("migrations/0010_many_orders.sql"));
const JOURNAL: Migration = plain("0011_journal", include_str!("migrations/0011_journal.sql"));
const LIGHTER: Migration = Migration {
    name: "0012_lighter",
    sql: include_str!("migrations/0012_lighter.sql"),
    apart: [include_str!("migrations/0012_lighter_sqlite.sql"), ""],
};
const KINDS: Migration = Migration {
    name: "0013_kinds",
    sql: include_str!("migrations/0013_kinds.sql"),
    apart: [
        include_str!("migrations/0013_kinds_sqlite.sql"),
        include_str!("migrations/0013_kinds_postgres.sql"),
    ],
};
const SOONER: Migration = Migration {
    name: "0014_sooner",
    sql: include_str!("migrations/0014_sooner.sql"),
    apart: [
        include_str!("migrations/0014_sooner_sqlite.sql"),
        include_str!("migrations/0014_sooner_postgres.sql"),
    ],
};
const FEWER: Migration = Migration {
    name: "0015_fewer",
    sql: include_str!("migrations/0015_fewer.sql"),
    apart: [include_str!("migrations/0015_fewer_sqlite.sql"), ""],
};

const PRODUCTS: Migration = Migration {
    name: "0016_products",
    sql: include_str!("migrations/0016_products.sql"),
    apart: [
        include_str!("migrations/0016_products_sqlite.sql"),
        include_str!("migrations/0016_products_postgres.sql"),
    ],
};

/// What each database has its own word for.
type OwnWords = [(&'static str, &'static str); 4];
const WORDS_OF_SQLITE: OwnWords = [
    ("{id}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
    ("{blob}", "BLOB"),
    ("{exact}", "TEXT"),
    // The rows stand in the index of their key.
    ("{in_its_key}", " WITHOUT ROWID"),
];
const WORDS_OF_POSTGRES: OwnWords = [
    ("{id}", "BIGSERIAL PRIMARY KEY"),
    ("{blob}", "BYTEA"),
    ("{exact}", "TEXT COLLATE \"C\""),
    ("{in_its_key}", ""),
];

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> std::result::Result<(), DbErr> {
        let db = manager.get_connection();
        let [of_sqlite, of_postgres] = self.apart;
        let (words, apart) = match db.get_database_backend() {
            DbBackend::Sqlite => (WORDS_OF_SQLITE, of_sqlite),
            _ => (WORDS_OF_POSTGRES, of_postgres),
        };
        let own = |sql: String, (place, word): (&str, &str)| sql.replace(place, word);
        db.execute_unprepared(&words.into_iter().fold(self.sql.to_owned(), own)).await?;
        if !apart.is_empty() {
            db.execute_unprepared(apart).await?;
        }
        Ok(())
    }
}

/// No database folds texts as searches do.
struct Products;

impl MigrationName for Products {
    fn name(&self) -> &'static str {
        PRODUCTS.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Products {
    async fn up(&self, manager: &SchemaManager) -> std::result::Result<(), DbErr> {
        let db = manager.get_connection();
        if db.get_database_backend() == DbBackend::Postgres {
            // In the order in which instances of the version before come to them, so that neither waits for the other for ever.
            db.execute_unprepared("LOCK TABLE orders, order_lines IN ACCESS EXCLUSIVE MODE").await?;
        }
        PRODUCTS.up(manager).await?;
        let indexed = crate::products::index_all(db).await;
        indexed.map_err(|error| DbErr::Migration(error.to_string()))
    }
}

/// Any number that no other program on the same PostgreSQL uses for a lock of its own.
const LOCK: i64 = 0x5679_6772_757a_6b61;

/// How long one that finds another at it on SQLite waits; PostgreSQL's own lock is waited for as long as it takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Of which version a database is, compared with this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The same.
    Same,
    /// Older, or empty: it has to be migrated.
    Older,
    /// Newer: a newer program migrated it.
    Newer,
}

/// Which version a database is of.
pub(crate) async fn version<C: ConnectionTrait>(db: &C) -> Result<Version> {
    let asked = Statement::from_string(db.get_database_backend(), "SELECT version FROM seaql_migrations");
    let rows = db.query_all_raw(asked).await?;
    let there = rows
        .iter()
        .map(|row| row.try_get::<String>("", "version"))
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let known: Vec<String> = Migrations::migrations().iter().map(|one| one.name().to_owned()).collect();
    Ok(if there.iter().any(|name| !known.contains(name)) {
        Version::Newer
    } else if known.iter().any(|name| !there.contains(name)) {
        Version::Older
    } else {
        Version::Same
    })
}

/// Makes the tables, where nobody else can be at it.
pub(crate) async fn make_tables(tx: &DatabaseTransaction) -> Result<()> {
    Ok(Migrations::up(tx, None).await?)
}

impl Store {
    /// Brings the database up to date, checks the secret key against it, and fills in what exists on install. Several
    /// instances may call it at once: one migrates, the others wait.
    ///
    /// # Errors
    /// When the database refuses, is newer than this program, or was made with another secret key.
    pub async fn migrate(&self) -> Result<()> {
        let begun = Instant::now();
        loop {
            match self.migrate_once().await {
                Err(error) if error.is_passing() && begun.elapsed() < self.patience().await => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                done => return done,
            }
        }
    }

    /// Whoever holds a database that is up to date writes to it and migrates nothing, so that waiting for long would only
    /// keep from saying so.
    async fn patience(&self) -> Duration {
        if matches!(self.is_up_to_date().await, Ok(false)) { PATIENCE } else { BUSY }
    }

    async fn migrate_once(&self) -> Result<()> {
        let tx = self.begin().await?;
        lock(&tx).await?;
        if SchemaManager::new(&tx).has_table("seaql_migrations").await?
            && version(&tx).await? == Version::Newer
        {
            return Err(Error::NewerDatabase);
        }
        Migrations::up(&tx, None).await?;
        crate::install::fill_in(&tx, &self.key.fingerprint()).await?;
        crate::orders::way::fill_in(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether the secret key is the one that the database was made with.
    ///
    /// # Errors
    /// [`Error::WrongSecretKey`] when it is not.
    pub async fn check_secret_key(&self) -> Result<()> {
        crate::install::check_key(&self.db, &self.key.fingerprint()).await
    }

    /// Which version the database is of, without changing anything: one statement.
    ///
    /// # Errors
    /// When the database does not answer, or has no tables of ours.
    pub async fn version(&self) -> Result<Version> {
        version(&self.db).await
    }

    /// Whether the database is at this version, without changing anything.
    ///
    /// # Errors
    /// When the database does not answer, or is newer than this program.
    pub async fn is_up_to_date(&self) -> Result<bool> {
        if !SchemaManager::new(&self.db).has_table("seaql_migrations").await? {
            return Ok(false);
        }
        match self.version().await? {
            Version::Same => Ok(true),
            Version::Older => Ok(false),
            Version::Newer => Err(Error::NewerDatabase),
        }
    }
}

/// Waits until nobody else makes tables; PostgreSQL frees it with the transaction, however that ends. On SQLite the
/// transaction itself is the lock.
pub(crate) async fn lock<C: ConnectionTrait>(tx: &C) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(())
}
