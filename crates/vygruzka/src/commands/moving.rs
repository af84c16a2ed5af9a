//! `move`: everything from SQLite to PostgreSQL, with the proof.

use std::path::Path;

use storage::moving::{Compared, Contents, move_to_postgres};

use crate::config::Config;
use crate::failure::Failure;

/// Digits of a digest that are shown.
const DIGITS: usize = 16;

pub async fn run(config: &Config, to: &str) -> Result<(), Failure> {
    let Some(database) = storage::sqlite_file(&config.database_url) else {
        return Err(Failure::Usage(
            "only a SQLite database is moved; the configuration names another one".to_owned(),
        ));
    };
    if !["postgres://", "postgresql://"].iter().any(|scheme| to.starts_with(scheme)) {
        return Err(Failure::Usage("`--to` must be postgres://USER:PASSWORD@HOST/DATABASE".to_owned()));
    }
    if !database.is_file() {
        return Err(Failure::Failed(format!("there is no database at {}", database.display())));
    }
    let compared = move_to_postgres(&super::storage_config(config), to).await?;
    show(&compared);
    let differing = compared.iter().filter(|table| !table.is_same()).count();
    if differing > 0 {
        return Err(Failure::Failed(format!("{differing} tables differ, so nothing was moved")));
    }
    let rows: u64 = compared.iter().map(|table| table.to.rows).sum();
    say!("All {} tables are the same, {rows} rows.", compared.len());
    say!("Now set VYGRUZKA_DATABASE_URL to the new address{}.", about_the_key(config, &database));
    say!("{} stays as it is; keep it until you trust the new one.", database.display());
    Ok(())
}

fn show(compared: &[Compared]) {
    let cell = |contents: &Contents| {
        let digest: String = contents.digest.chars().take(DIGITS).collect();
        format!("{:>9} {digest}", contents.rows)
    };
    say!("{:<22} {:>9} {:<16}  {:>9} {:<16}  same", "table", "sqlite", "digest", "postgres", "digest");
    for table in compared {
        let same = if table.is_same() { "yes" } else { "NO" };
        say!("{:<22} {}  {}  {same}", table.table, cell(&table.from), cell(&table.to));
    }
}

fn about_the_key(config: &Config, database: &Path) -> String {
    if config.secret_key.is_some() {
        "; VYGRUZKA_SECRET_KEY stays".to_owned()
    } else {
        format!(" and VYGRUZKA_SECRET_KEY to what {} holds", database.with_extension("key").display())
    }
}
