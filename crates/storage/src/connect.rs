//! Opening the store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use sea_orm::sqlx::Executor;
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr};

use crate::error::{Error, Result};
use crate::install::{KEY_FINGERPRINT, fact};
use crate::key_file::KeyFile;
use crate::secrets::SecretKey;

/// How long a statement waits for another writer before it gives up.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

/// Connections of a process that read a SQLite file, at most.
const MOST_READERS: u32 = 10;

/// Connections of a process to a PostgreSQL server for questions that are planned anew each time, and for those whose plans are
/// kept, at most.
const MOST_PLANNED: u32 = 5;
const MOST_STEADY: u32 = 5;

/// Connections of a process to a PostgreSQL server that transactions begin on, at most; a SQLite file has one writer.
const MOST_WRITERS: u32 = 5;

/// How long whoever wants a SQLite file alone waits for others to leave it.
const ALONE: Duration = Duration::from_secs(1);

/// Where the store is and what it needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://path` or `postgres://…`.
    pub database_url: String,
    /// Encrypts Api-Keys and passwords. Without it, SQLite keeps one in a file beside the database.
    pub secret_key: Option<SecretKey>,
    /// The shop's time zone.
    pub zone: Tz,
}

/// The store: cheap to clone, shared by everything that needs it.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: DatabaseConnection,
    /// For what has one best way whatever its values: rows that are found or written by their key, small tables as a whole,
    /// counts that end at some number. PostgreSQL plans it once; SQLite has the same connections for all.
    pub(crate) steady: DatabaseConnection,
    /// What transactions begin on. SQLite writes one at a time anyway, and a connection forgets what it has read as soon as
    /// another one writes: there all of them go by a single one. PostgreSQL asks for each row written whether what it names
    /// is there, and must not plan that anew each time, as it must what readers ask.
    pub(crate) writer: DatabaseConnection,
    pub(crate) key: Arc<SecretKey>,
    /// Where the key is kept, unless it came from the configuration.
    pub(crate) key_file: Option<Arc<KeyFile>>,
    pub(crate) zone: Tz,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.backend_name())
    }
}

impl Store {
    /// Connects, without touching what is there; a missing SQLite file is created.
    ///
    /// # Errors
    /// When the database cannot be reached, or no secret key is to be had.
    pub async fn open(config: &Config) -> Result<Self> {
        let mut options = ConnectOptions::new(&config.database_url);
        options.sqlx_logging(false).connect_timeout(BUSY).acquire_timeout(BUSY).max_connections(MOST_READERS);
        let file = sqlite_file(&config.database_url);
        let (mut key, key_file) = match (&config.secret_key, &file) {
            (Some(key), _) => (key.clone(), None),
            (None, Some(file)) => {
                let kept = KeyFile::beside(file);
                (kept.key()?, Some(Arc::new(kept)))
            }
            (None, None) => return Err(Error::NoSecretKey),
        };
        let (mut steady, mut writers) = (options.clone(), options.clone());
        if file.is_some() {
            options.map_sqlx_sqlite_opts(shared).max_connections(readers());
            writers.max_connections(1).map_sqlx_sqlite_opts(|sqlite| {
                // A page of orders changes pages of twenty indexes, which are changed again by the next one.
                shared(sqlite).pragma("cache_size", "-16384").pragma("wal_autocheckpoint", "4000")
            });
        } else {
            options.max_connections(MOST_PLANNED).map_sqlx_postgres_pool_opts(|pool| told(pool, READS));
            steady.max_connections(MOST_STEADY).map_sqlx_postgres_pool_opts(|pool| told(pool, STEADY));
            writers.max_connections(MOST_WRITERS).map_sqlx_postgres_pool_opts(|pool| told(pool, WRITES));
        }
        let (db, writer) = (connected(options).await?, connected(writers).await?);
        let steady = if file.is_some() { db.clone() } else { connected(steady).await? };
        if let Some(file) = &key_file {
            // A new database has no fact yet, and not even a table for it.
            let known = fact(&db, KEY_FINGERPRINT).await.ok().flatten();
            if let Some(known) = known.filter(|known| *known != key.fingerprint())
                && let Some(new) = file.key_of(&known)?
            {
                // A rotation was cut off after the database had taken the new key.
                file.take_its_place(&known);
                key = new;
            }
        }
        Ok(Self { db, steady, writer, key: Arc::new(key), key_file, zone: config.zone })
    }

    /// Opens a SQLite file so that no other process has it open, nor can open it, until this store goes. The file must
    /// be there; what has no key of its own yet gets none.
    ///
    /// # Errors
    /// [`Error::NotAlone`] when another process has it open.
    pub async fn open_alone(config: &Config) -> Result<Self> {
        let file = sqlite_file(&config.database_url).ok_or(Error::NotFound)?;
        let key = known_key(config)?.ok_or(Error::NoSecretKey)?;
        let mut options = ConnectOptions::new(&config.database_url);
        options.sqlx_logging(false).connect_timeout(BUSY).acquire_timeout(BUSY).max_connections(1);
        options.max_lifetime(None::<Duration>).idle_timeout(None::<Duration>);
        options.map_sqlx_sqlite_opts(|sqlite| {
            // Whoever has the file open in WAL mode holds a lock that this one does not go with.
            sqlite
                .create_if_missing(false)
                .foreign_keys(true)
                .busy_timeout(ALONE)
                .pragma("locking_mode", "EXCLUSIVE")
        });
        let alone = |error: DbErr| match Error::from(error) {
            Error::Busy => Error::NotAlone,
            error => error,
        };
        if !file.is_file() {
            return Err(Error::NotFound);
        }
        let db = Database::connect(options).await.map_err(alone)?;
        db.execute_unprepared("BEGIN EXCLUSIVE; COMMIT").await.map_err(alone)?;
        Ok(Self {
            writer: db.clone(),
            steady: db.clone(),
            db,
            key: Arc::new(key),
            key_file: None,
            zone: config.zone,
        })
    }

    /// Answers whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.db.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// `sqlite` or `postgres`.
    pub fn backend_name(&self) -> &'static str {
        if self.is_sqlite() { "sqlite" } else { "postgres" }
    }

    /// The shop's time zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Sqlite
    }

    /// Ends all connections, so that the SQLite files are complete on disk.
    ///
    /// # Errors
    /// When a connection does not end in order.
    pub async fn close(self) -> Result<()> {
        self.writer.close_by_ref().await?;
        self.steady.close_by_ref().await?;
        Ok(self.db.close().await?)
    }
}

/// A SQLite file that several connections use.
fn shared(sqlite: SqliteConnectOptions) -> SqliteConnectOptions {
    sqlite
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("journal_mode", "WAL")
        .pragma("synchronous", "NORMAL")
        .pragma("temp_store", "MEMORY")
}

/// How many connections read a SQLite file. Each is a thread with memory of its own, and more than there are processors to run
/// them answer no sooner; but one that reads a long list keeps nobody else waiting.
fn readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(processors).unwrap_or(MOST_READERS).clamp(4, MOST_READERS)
}

/// What PostgreSQL is told once a connection: all that we ask is over before compiling it would be. What transactions ask has an
/// index, which a plan that was made while the tables were empty, and is kept, would pass over.
const WRITES: &str = "SET jit = off; SET enable_seqscan = off";

/// And of what is read the best way depends on the values, so that no plan for any values serves.
const READS: &str = "SET jit = off; SET plan_cache_mode = force_custom_plan";

/// Of the others one plan serves all values, by an index wherever there is one: a plan that was made while the tables were empty
/// is kept until they have been analysed.
const STEADY: &str = "SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off";

/// Tells it to each connection of a pool.
fn told(pool: PgPoolOptions, settings: &'static str) -> PgPoolOptions {
    pool.after_connect(move |connection, _| {
        Box::pin(async move { connection.execute(settings).await.map(|_| ()) })
    })
}

/// Connects. Of several that open a new SQLite file at once only one can turn it to WAL, and the others are told that it is
/// busy without the wait that they asked for.
async fn connected(options: ConnectOptions) -> Result<DatabaseConnection> {
    let begun = Instant::now();
    loop {
        match Database::connect(options.clone()).await.map_err(Error::from) {
            Err(error) if error.is_passing() && begun.elapsed() < BUSY => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            result => return result,
        }
    }
}

/// The path of a `sqlite://` address; `None` for any other database.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

/// The key that the configuration names, or the one beside the SQLite file; `None` when there is none.
///
/// # Errors
/// When the file beside it cannot be read, or holds no key.
pub(crate) fn known_key(config: &Config) -> Result<Option<SecretKey>> {
    match (&config.secret_key, sqlite_file(&config.database_url)) {
        (Some(key), _) => Ok(Some(key.clone())),
        (None, Some(file)) => KeyFile::beside(&file).known(),
        (None, None) => Ok(None),
    }
}
