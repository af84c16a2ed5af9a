//! What tests are given: a store of their own on SQLite or PostgreSQL, and a mail server ([`smtp`]); for tests only.
//!
//! PostgreSQL is found by `VYGRUZKA_TEST_POSTGRES`, the address of a server where databases may be made (`./test` starts
//! one). Where it is not set, the tests on PostgreSQL say so and are skipped.

pub mod smtp;

use std::path::PathBuf;
use std::sync::Arc;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use storage::{Config, SecretKey, Store};

/// Makes two tests of one: `…::on_sqlite` and `…::on_postgres`. The test asks for the [`Store`], or for the whole
/// `Arc<TestDatabase>`.
///
/// ```ignore
/// testkit::on_both_databases! {
///     async fn a_cabinet_is_found_by_its_name(store: storage::Store) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($store:ident: $kind:ty) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($store: $kind) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let database = std::sync::Arc::new($crate::TestDatabase::sqlite().await);
                test($crate::Given::given(&database)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(database) = $crate::TestDatabase::postgres().await {
                    test($crate::Given::given(&std::sync::Arc::new(database))).await;
                }
            }
        }
    )*};
}

/// What a test on both databases can ask for.
pub trait Given {
    /// Taken from the test's own database.
    fn given(database: &Arc<TestDatabase>) -> Self;
}

impl Given for Store {
    fn given(database: &Arc<TestDatabase>) -> Self {
        database.store.clone()
    }
}

impl Given for Arc<TestDatabase> {
    fn given(database: &Arc<TestDatabase>) -> Self {
        Self::clone(database)
    }
}

/// A database of one test; it goes when this goes.
pub struct TestDatabase {
    /// The store in it, migrated.
    pub store: Store,
    /// How to open it once more, as another process would.
    pub config: Config,
    goes: Goes,
}

/// What goes with the test.
enum Goes {
    /// The folder with the SQLite file, and the key beside it.
    Folder(#[expect(dead_code, reason = "held for its end")] tempfile::TempDir),
    /// A database on a server.
    Database { server: String, name: String },
}

impl TestDatabase {
    /// A new SQLite file.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path: PathBuf = folder.path().join("vygruzka.db");
        Self::open(format!("sqlite://{}", path.display()), Goes::Folder(folder)).await.migrated().await
    }

    /// A SQLite file that nobody has migrated.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite_empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path: PathBuf = folder.path().join("vygruzka.db");
        Self::open(format!("sqlite://{}", path.display()), Goes::Folder(folder)).await
    }

    /// A new PostgreSQL database, where a server is told.
    ///
    /// # Panics
    /// When the server does not answer, or lets no database be made.
    pub async fn postgres() -> Option<Self> {
        Some(Self::on_server("").await?.migrated().await)
    }

    /// A PostgreSQL database that nobody has migrated, where a server is told.
    ///
    /// # Panics
    /// As [`Self::postgres`].
    pub async fn postgres_empty() -> Option<Self> {
        Self::on_server("").await
    }

    /// A new PostgreSQL database that sorts as a language does (an ICU locale such as `ru-RU`), where a server is told.
    ///
    /// # Panics
    /// As [`Self::postgres`].
    pub async fn postgres_sorting_as(locale: &str) -> Option<Self> {
        let how = format!("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '{locale}'");
        Some(Self::on_server(&how).await?.migrated().await)
    }

    async fn on_server(how: &str) -> Option<Self> {
        let Ok(server) = std::env::var("VYGRUZKA_TEST_POSTGRES") else {
            eprintln!("skipped: VYGRUZKA_TEST_POSTGRES names no PostgreSQL server (./test starts one)");
            return None;
        };
        let name = format!("test_{:016x}", rand::random::<u64>());
        run(&server, &format!("CREATE DATABASE {name} {how}")).await;
        let (base, options) = server.split_once('?').map_or((server.as_str(), None), |(b, o)| (b, Some(o)));
        let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
        let options = options.map(|o| format!("?{o}")).unwrap_or_default();
        let url = format!("{base}/{name}{options}");
        Some(Self::open(url, Goes::Database { server, name }).await)
    }

    async fn open(database_url: String, goes: Goes) -> Self {
        let config =
            Config { database_url, secret_key: Some(SecretKey::generate()), zone: chrono_tz::Europe::Moscow };
        let store = Store::open(&config).await.expect("the database opens");
        Self { store, config, goes }
    }

    async fn migrated(self) -> Self {
        self.store.migrate().await.expect("the database migrates");
        self
    }

    /// A connection past the store, to look at the tables themselves.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn tables(&self) -> DatabaseConnection {
        Database::connect(&self.config.database_url).await.expect("the database answers")
    }
}

async fn run(server: &str, sql: &str) {
    let admin = Database::connect(server).await.expect("the PostgreSQL server answers");
    admin.execute_unprepared(sql).await.expect("the PostgreSQL server does it");
    admin.close().await.expect("the connection ends");
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Goes::Database { server, name } = &self.goes else { return };
        let (server, sql) = (server.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // A thread with a runtime of its own: this may be dropped inside of one. A database that stays is no failure.
        let dropping = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(run(&server, &sql));
            }
        });
        let _ = dropping.join();
    }
}
