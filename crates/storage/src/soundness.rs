//! Whether the database is sound and what it is: for `doctor`. Changes nothing.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TryGetable};

use crate::connect::Store;
use crate::error::{Error, Result};

impl Store {
    /// The version of the database server or library, such as `17.6` or `3.50.2`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_version(&self) -> Result<String> {
        let sql = if self.is_sqlite() { "SELECT sqlite_version()" } else { "SHOW server_version" };
        self.told(sql).await
    }

    /// What is wrong inside an SQLite file, in SQLite's words; `None` when nothing is, and with PostgreSQL. It reads the whole
    /// file.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn damage(&self) -> Result<Option<String>> {
        if !self.is_sqlite() {
            return Ok(None);
        }
        let said: String = self.told("PRAGMA quick_check(1)").await?;
        Ok((said != "ok").then_some(said))
    }

    /// The time by the database's clock; `None` with SQLite, which has our own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_time(&self) -> Result<Option<DateTime<Utc>>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let micros: i64 =
            self.told("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)").await?;
        Ok(DateTime::from_timestamp_micros(micros))
    }

    /// Whether PostgreSQL has the extension that makes searches fast; `None` with SQLite, which brings its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_trigrams(&self) -> Result<Option<bool>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        self.told("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')").await.map(Some)
    }

    async fn told<T: TryGetable>(&self, sql: &str) -> Result<T> {
        let backend = if self.is_sqlite() { DbBackend::Sqlite } else { DbBackend::Postgres };
        let row = self.db.query_one_raw(Statement::from_string(backend, sql)).await?;
        let row = row.ok_or_else(|| Error::Corrupt("the database said nothing".to_owned()))?;
        Ok(row.try_get_by_index(0)?)
    }
}
