//! Copies of a SQLite database: made while others write, looked through before they count, and put back. The secret key
//! is no part of a copy.

use std::path::{Path, PathBuf};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tempfile::NamedTempFile;

use crate::connect::{Config, Store, known_key, sqlite_file};
use crate::error::{Error, Result};
use crate::migrations::{self, Version};

/// What a copy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its size.
    pub bytes: u64,
    /// How many postings.
    pub postings: u64,
    /// How many orders.
    pub orders: u64,
}

impl Store {
    /// Copies the SQLite database as it is at one moment into a new file that only its owner can read. Nobody has to stop
    /// writing meanwhile. The file gets its name only once it is whole and was looked through.
    ///
    /// # Errors
    /// [`Error::Exists`] when the file is there already; whatever kept the copy from being made leaves no file.
    pub async fn back_up(&self, to: &Path) -> Result<Copied> {
        let aside = beside(to)?;
        let path = text(aside.path())?;
        let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [path.into()]);
        self.db.execute_raw(copy).await?;
        let copied = looked_through(aside.path(), None).await?;
        put_into_place(aside, to)?;
        Ok(copied)
    }
}

/// Puts a copy where the configuration has its SQLite database. There must be none.
///
/// # Errors
/// [`Error::Exists`] when there is a database, [`Error::NoCopy`] when the file is no whole copy of ours,
/// [`Error::NewerDatabase`], and [`Error::WrongSecretKey`] or [`Error::NoSecretKey`] when the key is not the copy's own.
pub async fn restore(from: &Path, config: &Config) -> Result<Copied> {
    let to = sqlite_file(&config.database_url).ok_or(Error::NotFound)?;
    // Beside a database that is gone, its log would be taken for one of the copy's.
    for left in [to.clone(), with_ending(&to, "-wal"), with_ending(&to, "-journal")] {
        if left.exists() {
            return Err(Error::Exists(left.display().to_string()));
        }
    }
    if with_ending(from, "-wal").exists() {
        let why = "a -wal file lies beside it, so that it was copied while somebody wrote";
        return Err(Error::NoCopy(from.display().to_string(), why.to_owned()));
    }
    let key = known_key(config)?.ok_or(Error::NoSecretKey)?;
    let aside = beside(&to)?;
    let failed = |error| Error::File(from.display().to_string(), error);
    tokio::fs::copy(from, aside.path()).await.map_err(failed)?;
    only_for_its_owner(aside.path())?;
    let copied = looked_through(aside.path(), Some((from, &key.fingerprint()))).await?;
    put_into_place(aside, &to)?;
    Ok(copied)
}

/// A new file for its owner alone in the folder of another one, which goes unless it is put into place.
fn beside(file: &Path) -> Result<NamedTempFile> {
    if file.exists() {
        return Err(Error::Exists(file.display().to_string()));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = tempfile::Builder::new().prefix(".vygruzka-").suffix(".part").tempfile_in(folder);
    made.map_err(|error| Error::File(folder.display().to_string(), error))
}

/// Names a file that is whole, and never writes over another one.
fn put_into_place(aside: NamedTempFile, to: &Path) -> Result<()> {
    let failed = |error| Error::File(to.display().to_string(), error);
    aside.as_file().sync_all().map_err(failed)?;
    match aside.persist_noclobber(to) {
        Ok(_) => Ok(()),
        Err(lost) if lost.error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(Error::Exists(to.display().to_string()))
        }
        Err(lost) => Err(failed(lost.error)),
    }
}

/// Copying a file takes its mode along.
fn only_for_its_owner(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, mode)
            .map_err(|error| Error::File(path.display().to_string(), error))?;
    }
    Ok(())
}

/// Looks a copy through: that it is whole, and ours; `to_restore` says as which file a person knows it and whose key it
/// must have.
async fn looked_through(path: &Path, to_restore: Option<(&Path, &str)>) -> Result<Copied> {
    let name = to_restore.map_or(path, |(from, _)| from).display().to_string();
    let no_copy = |error: String| Error::NoCopy(name.clone(), error);
    let mut options = ConnectOptions::new("sqlite:");
    options.sqlx_logging(false).max_connections(1);
    let file = path.to_owned();
    options.map_sqlx_sqlite_opts(move |sqlite| sqlite.filename(&file).read_only(true).immutable(true));
    let db = Database::connect(options).await.map_err(|error| no_copy(error.to_string()))?;
    let looked = async {
        let asked = Statement::from_string(DbBackend::Sqlite, "PRAGMA quick_check(1)");
        let found = db.query_one_raw(asked).await.map_err(|error| no_copy(error.to_string()))?;
        let found = found.map(|row| row.try_get_by_index::<String>(0)).transpose()?.unwrap_or_default();
        if found != "ok" {
            return Err(no_copy(found));
        }
        let version = migrations::version(&db).await.map_err(|error| no_copy(error.to_string()))?;
        if let Some((_, fingerprint)) = to_restore {
            if version == Version::Newer {
                return Err(Error::NewerDatabase);
            }
            crate::install::check_key(&db, fingerprint).await?;
        }
        Ok::<_, Error>((count(&db, "postings").await?, count(&db, "orders").await?))
    };
    let looked = looked.await;
    db.close().await?;
    let (postings, orders) = looked?;
    let bytes = std::fs::metadata(path).map_err(|error| Error::File(name, error))?.len();
    Ok(Copied { bytes, postings, orders })
}

/// Rows of a table, whatever columns it had in the copy's version.
async fn count(db: &DatabaseConnection, table: &str) -> Result<u64> {
    let asked = Statement::from_string(DbBackend::Sqlite, format!("SELECT COUNT(*) FROM {table}"));
    let row = db.query_one_raw(asked).await?;
    let many = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    Ok(many.and_then(|many| u64::try_from(many).ok()).unwrap_or(0))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn text(path: &Path) -> Result<&str> {
    let odd = || std::io::Error::new(std::io::ErrorKind::InvalidInput, "the name is no UTF-8");
    path.to_str().ok_or_else(|| Error::File(path.display().to_string(), odd()))
}
