//! Where stores are made: a folder for SQLite files and the secret key, and a PostgreSQL server.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use storage::{Config, SecretKey, Store};

use crate::Outcome;

/// The shop's zone in every measurement.
pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Moscow;

/// Which database is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where the stores are.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Folder for what is kept from one measurement to the next.
    #[arg(long, default_value = "target/bench")]
    pub folder: PathBuf,
    /// Which database.
    #[arg(long, value_enum, default_value = "sqlite")]
    pub database: Kind,
    /// Address of a PostgreSQL server where databases may be made; `./bench` starts one.
    #[arg(long, env = "VYGRUZKA_BENCH_POSTGRES", hide_env_values = true, default_value = "")]
    pub server: String,
}

/// One store of a place.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its address.
    pub url: String,
    /// Its key, in base64.
    pub key: String,
    kind: Kind,
}

impl Place {
    /// What the tables call it.
    pub fn name(&self) -> &'static str {
        match self.database {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
        }
    }

    /// The store of that name, as far as it is there.
    pub fn base(&self, name: &str) -> Outcome<Base> {
        std::fs::create_dir_all(&self.folder)?;
        let file = self.folder.join("secret.key");
        if !file.is_file() {
            std::fs::write(&file, SecretKey::generate().to_base64())?;
        }
        let key = std::fs::read_to_string(file)?;
        let url = match self.database {
            Kind::Sqlite => format!("sqlite://{}", self.file(name).display()),
            Kind::Postgres if self.server.is_empty() => {
                return Err("`--server` names no PostgreSQL server; ./bench starts one".into());
            }
            Kind::Postgres => {
                let (base, options) = self.server.split_once('?').unwrap_or((&self.server, ""));
                let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
                format!("{base}/{name}?{options}")
            }
        };
        Ok(Base { url, key, kind: self.database })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.db"))
    }

    /// Whether the store of that name is there.
    pub async fn has(&self, name: &str) -> Outcome<bool> {
        if self.database == Kind::Sqlite {
            return Ok(self.file(name).is_file());
        }
        let sql = format!("SELECT 1 AS one FROM pg_database WHERE datname = '{name}'");
        let server = Database::connect(&self.server).await?;
        let row = server.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        Ok(row.is_some())
    }

    /// A new and empty store of that name, migrated.
    pub async fn fresh(&self, name: &str) -> Outcome<(Base, Store)> {
        self.remove(name).await?;
        let base = self.base(name)?;
        if self.database == Kind::Postgres {
            let server = Database::connect(&self.server).await?;
            server.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        }
        let store = Store::open(&base.config()?).await?;
        store.migrate().await?;
        Ok((base, store))
    }

    /// Removes the store of that name.
    pub async fn remove(&self, name: &str) -> Outcome<()> {
        match self.database {
            Kind::Sqlite => {
                for end in ["", "-wal", "-shm"] {
                    let mut file = self.file(name).into_os_string();
                    file.push(end);
                    match std::fs::remove_file(file) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(error.into());
                        }
                        _ => {}
                    }
                }
            }
            Kind::Postgres => {
                let server = Database::connect(&self.server).await?;
                server.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
            }
        }
        Ok(())
    }
}

impl Base {
    /// How to open it.
    pub fn config(&self) -> Outcome<Config> {
        let secret_key = Some(SecretKey::from_base64(&self.key).ok_or("the kept key is none")?);
        Ok(Config { database_url: self.url.clone(), secret_key, zone: ZONE })
    }

    /// Opens it.
    pub async fn store(&self) -> Outcome<Store> {
        Ok(Store::open(&self.config()?).await?)
    }

    /// A connection past the store.
    pub async fn tables(&self) -> Outcome<DatabaseConnection> {
        Ok(Database::connect(&self.url).await?)
    }

    /// Bytes on disk of these tables with their indexes.
    pub async fn bytes(&self, tables: &[&str]) -> Outcome<u64> {
        let db = self.tables().await?;
        let names = tables.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        // On SQLite a full-text table keeps its rows in tables of its own.
        let of_texts = tables.iter().filter(|name| name.ends_with("_search"));
        let of_texts =
            of_texts.map(|name| format!("OR tbl_name LIKE '{name}_%'")).collect::<Vec<_>>().join(" ");
        let (backend, sql) = match self.kind {
            Kind::Sqlite => (
                DbBackend::Sqlite,
                format!(
                    "SELECT SUM(pgsize) AS bytes FROM dbstat WHERE name IN (SELECT name FROM sqlite_master \
                     WHERE tbl_name IN ({names}) {of_texts})"
                ),
            ),
            Kind::Postgres => (
                DbBackend::Postgres,
                format!(
                    "SELECT SUM(pg_total_relation_size(oid))::BIGINT AS bytes FROM pg_class \
                     WHERE relkind = 'r' AND relname IN ({names})"
                ),
            ),
        };
        let row = db.query_one_raw(Statement::from_string(backend, sql)).await?.ok_or("no size is told")?;
        Ok(u64::try_from(row.try_get::<i64>("", "bytes")?)?)
    }
}
