//! `backup` and `restore`: copies of a SQLite database. PostgreSQL has its own programs for that, which are named.

use std::path::{Path, PathBuf};

use storage::Error;
use storage::backup::Copied;
use url::Url;

use crate::config::Config;
use crate::failure::Failure;

pub async fn make(config: &Config, file: &Path) -> Result<(), Failure> {
    let database = sqlite_file(config, || {
        let (address, file) = (without_password(&config.database_url), file.display());
        format!(
            "PostgreSQL makes its own copies: pg_dump --format=custom --no-owner --file={file} '{address}'"
        )
    })?;
    if !database.is_file() {
        return Err(Failure::Failed(format!("there is no database at {}", database.display())));
    }
    let store = super::open(config).await?;
    let copied = store.back_up(file).await;
    super::close(store).await;
    say!("{} {}", file.display(), holds(copied?));
    say!("The secret key is not in it: {}.", where_the_key_is(config, &database));
    Ok(())
}

pub async fn restore(config: &Config, file: &Path) -> Result<(), Failure> {
    let database = sqlite_file(config, || {
        let (address, file) = (without_password(&config.database_url), file.display());
        format!(
            "PostgreSQL puts its own copies back, into an empty database: \
             pg_restore --no-owner --exit-on-error --dbname='{address}' {file}"
        )
    })?;
    super::make_data_folder(config)?;
    let copied =
        storage::backup::restore(file, &super::storage_config(config)).await.map_err(
            |error| match error {
                Error::NoSecretKey => Failure::Failed(format!(
                    "the secret key of the backup is needed: put its copy at {} or set VYGRUZKA_SECRET_KEY",
                    database.with_extension("key").display()
                )),
                error => error.into(),
            },
        )?;
    say!("{} {}", database.display(), holds(copied));
    say!("`vygruzka doctor` looks at it; the next start brings it up to date.");
    Ok(())
}

/// The SQLite file; else what to do with PostgreSQL.
fn sqlite_file(config: &Config, instead: impl FnOnce() -> String) -> Result<PathBuf, Failure> {
    storage::sqlite_file(&config.database_url).ok_or_else(|| Failure::Usage(instead()))
}

fn holds(copied: Copied) -> String {
    let Copied { bytes, postings, orders } = copied;
    format!("holds {orders} orders and {postings} postings, {bytes} bytes, and is whole")
}

fn where_the_key_is(config: &Config, database: &Path) -> String {
    if config.secret_key.is_some() {
        "keep a copy of VYGRUZKA_SECRET_KEY apart from the backups".to_owned()
    } else {
        let key = database.with_extension("key");
        format!("keep a copy of {} apart from the backups", key.display())
    }
}

/// An address that may be shown.
fn without_password(address: &str) -> String {
    match Url::parse(address) {
        // Both fail only for addresses that have no host, which have no password either.
        Ok(mut url) => {
            let _ = url.set_password(None);
            url.into()
        }
        Err(_) => "postgres://USER@HOST/DATABASE".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let shown =
            without_password("postgres://desk:very-secret@db.example.com:5433/orders?sslmode=require");
        assert_eq!(shown, "postgres://desk@db.example.com:5433/orders?sslmode=require");
        assert!(!without_password("postgres://desk:very secret@:x").contains("secret"));
    }
}
