//! Moving everything from a SQLite database to an empty PostgreSQL database: one transaction there, which counts only once
//! both are proven to hold the same (`docs/decisions/0018`).

mod contents;
mod tables;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use crate::connect::{Config, Store, known_key};
use crate::error::{Error, Result};
use crate::migrations::{self, Version};

pub use contents::Contents;

/// One table on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Its name.
    pub table: &'static str,
    /// What SQLite holds.
    pub from: Contents,
    /// What PostgreSQL holds.
    pub to: Contents,
}

impl Compared {
    /// Both hold the same rows.
    pub fn is_same(&self) -> bool {
        self.from == self.to
    }
}

/// Moves everything from the configuration's SQLite database to the PostgreSQL database at `to`, which must have no tables
/// yet; ids, secrets and what ids come next stay as they are. Where the tables that come back do not all hold the same,
/// nothing was moved; so it is after every failure, and the move can be begun again.
///
/// # Errors
/// [`Error::NotAlone`] while another process has the SQLite file open, [`Error::OlderDatabase`] or
/// [`Error::NewerDatabase`] when it is not of this version, [`Error::WrongSecretKey`] or [`Error::NoSecretKey`] when its
/// key is not at hand, [`Error::NotEmpty`] when the target has tables.
pub async fn move_to_postgres(source: &Config, to: &str) -> Result<Vec<Compared>> {
    let key = known_key(source)?.ok_or(Error::NoSecretKey)?;
    let config = Config { database_url: to.to_owned(), secret_key: Some(key), zone: source.zone };
    let from = Store::open_alone(source).await?;
    let moved = from.move_to(&config).await;
    from.close().await?;
    moved
}

impl Store {
    async fn move_to(&self, config: &Config) -> Result<Vec<Compared>> {
        match self.version().await? {
            Version::Same => self.check_secret_key().await?,
            Version::Older => return Err(Error::OlderDatabase),
            Version::Newer => return Err(Error::NewerDatabase),
        }
        let to = Self::open(config).await?;
        let moved = self.move_into(&to).await;
        to.close().await?;
        moved
    }

    async fn move_into(&self, to: &Self) -> Result<Vec<Compared>> {
        let (from, tx) = (self.begin().await?, to.begin().await?);
        migrations::lock(&tx).await?;
        refuse_unless_empty(&tx).await?;
        migrations::make_tables(&tx).await?;
        tables::copy_all(&from, &tx).await?;
        go_on_with_ids(&from, &tx).await?;
        let compared = tables::compare_all(&from, &tx).await?;
        if compared.iter().all(Compared::is_same) {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        from.rollback().await?;
        Ok(compared)
    }
}

/// Anything in the schema that new tables go to may be somebody's.
async fn refuse_unless_empty(tx: &DatabaseTransaction) -> Result<()> {
    const TABLES: &str = "SELECT current_schema()::text AS schema, \
        (SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE') AS many";
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, TABLES)).await?;
    let row = row.ok_or(Error::NotFound)?;
    let many: i64 = row.try_get("", "many")?;
    if many > 0 {
        let schema: Option<String> = row.try_get("", "schema")?;
        return Err(Error::NotEmpty(format!("the schema {}", schema.unwrap_or_default())));
    }
    Ok(())
}

/// Ids that were ever given out are not given out again, also where their rows have gone.
async fn go_on_with_ids(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<()> {
    let asked = Statement::from_string(DbBackend::Sqlite, "SELECT name, seq FROM sqlite_sequence");
    for row in from.query_all_raw(asked).await? {
        let (table, last): (String, i64) = (row.try_get("", "name")?, row.try_get("", "seq")?);
        if last < 1 || !tables::NAMES.contains(&table.as_str()) {
            continue;
        }
        let sql = "SELECT setval(pg_get_serial_sequence($1, 'id'), $2)";
        to.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [table.into(), last.into()]))
            .await?;
    }
    Ok(())
}
