//! The database: whether it answers, is sound, of this version, and encrypted with our key.

use chrono::Utc;
use storage::Store;

use super::{Findings, clock};
use crate::failure::Failure;

/// The oldest PostgreSQL that its makers still mend.
const OLDEST_POSTGRES: u32 = 14;

/// Looks; `false` when what is in it cannot be read by this version.
pub(super) async fn look(store: &Store, findings: &mut Findings) -> Result<bool, Failure> {
    let version = store.database_version().await?;
    let backend = store.backend_name();
    findings.fine(format!("the database ({backend} {version}) answers"));
    if backend == "postgres" && is_too_old(&version) {
        findings.problem(format!(
            "PostgreSQL {version} is no longer mended by its makers; go to {OLDEST_POSTGRES} or later"
        ));
    }
    if store.has_trigrams().await? == Some(false) {
        findings.problem(
            "PostgreSQL lacks the extension pg_trgm, so searches are slow; install postgresql-contrib and `CREATE EXTENSION pg_trgm`",
        );
    }
    if let Some(at) = store.database_time().await? {
        findings.told(clock("the database", Utc::now() - at));
    }
    if let Some(damage) = store.damage().await? {
        findings.problem(format!("the database file is damaged ({damage}); put the last backup back"));
        return Ok(false);
    }
    if !store.is_up_to_date().await? {
        findings.problem("the database is of another version; `vygruzka migrate` brings it up to this one");
        return Ok(false);
    }
    findings.fine("the database is at this version");
    match store.check_secret_key().await {
        Ok(()) => findings.fine("the secret key is the database's own"),
        Err(error) => findings.problem(error.to_string()),
    }
    Ok(true)
}

fn is_too_old(version: &str) -> bool {
    let major =
        version.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<u32>().ok());
    major.is_some_and(|major| major < OLDEST_POSTGRES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_is_told_from_a_new_one() {
        assert!(is_too_old("13.22 (Debian 13.22-1)"));
        assert!(!is_too_old("14.0"));
        assert!(!is_too_old("18beta1"));
    }

    #[tokio::test]
    async fn an_old_database_is_told_and_not_brought_up_to_date() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = storage::Config {
            database_url: format!("sqlite://{}", folder.path().join("vygruzka.db").display()),
            secret_key: None,
            zone: chrono_tz::Europe::Moscow,
        };
        let store = Store::open(&config).await.expect("opens");
        let mut findings = Findings::default();
        assert!(!look(&store, &mut findings).await.expect("answers"));
        assert!(
            findings.said.last().is_some_and(|line| line.contains("vygruzka migrate")),
            "{:?}",
            findings.said
        );
        assert!(!store.is_up_to_date().await.expect("answers"));
    }
}
