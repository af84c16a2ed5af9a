//! Bringing the database to this version. A migration is a text of SQL that both databases understand, plus what only one
//! of them has; once published it never changes.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

use crate::connect::Store;
use crate::error::{Error, Result};

struct Migrations;

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(Initial)]
    }
}

struct Initial;

impl MigrationName for Initial {
    fn name(&self) -> &'static str {
        "0001_initial"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Initial {
    async fn up(&self, manager: &SchemaManager) -> std::result::Result<(), DbErr> {
        let db = manager.get_connection();
        let (id, blob, exact, search) = match db.get_database_backend() {
            DbBackend::Sqlite => (
                "INTEGER PRIMARY KEY AUTOINCREMENT",
                "BLOB",
                "TEXT",
                "CREATE VIRTUAL TABLE order_search USING fts5(text, tokenize = 'trigram');",
            ),
            _ => (
                "BIGSERIAL PRIMARY KEY",
                "BYTEA",
                "TEXT COLLATE \"C\"",
                "CREATE EXTENSION IF NOT EXISTS pg_trgm;
                 CREATE TABLE order_search (rowid BIGINT PRIMARY KEY, text TEXT NOT NULL);
                 CREATE INDEX order_search_text ON order_search USING gin (text gin_trgm_ops);",
            ),
        };
        let tables = include_str!("migrations/0001_initial.sql");
        let tables = tables.replace("{id}", id).replace("{blob}", blob).replace("{exact}", exact);
        db.execute_unprepared(&tables).await?;
        db.execute_unprepared(search).await?;
        Ok(())
    }
}

/// Any number that no other program on the same PostgreSQL uses for a lock of its own.
const LOCK: i64 = 0x5679_6772_757a_6b61;

impl Store {
    /// Brings the database up to date, checks the secret key against it, and fills in what exists on install. Several
    /// instances may call it at once: one migrates, the others wait.
    ///
    /// # Errors
    /// When the database refuses, or was made with another secret key.
    pub async fn migrate(&self) -> Result<()> {
        let tx = self.begin().await?;
        if !self.is_sqlite() {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
        }
        Migrations::up(&tx, None).await?;
        crate::install::fill_in(&tx, &self.key.fingerprint()).await?;
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

    /// Whether the database is at this version, without changing anything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_up_to_date(&self) -> Result<bool> {
        let manager = SchemaManager::new(&self.db);
        if !manager.has_table("seaql_migrations").await? {
            return Ok(false);
        }
        match Migrations::get_pending_migrations(&self.db).await {
            Ok(pending) => Ok(pending.is_empty()),
            Err(error) => Err(Error::Database(error)),
        }
    }
}
