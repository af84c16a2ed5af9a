//! `reconcile`: compares Ozon with the store.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::schedule::begin_of_day;
use serde_json::json;
use storage::runs::Cause;
use sync::{Desk, LoadError, ReconcileAsked};
use tokio::time::Instant;

use super::cabinet::named;
use super::say_json;
use crate::failure::Failure;

/// How long a comparison that is going is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was asked for.
pub struct Wanted<'a> {
    pub cabinet: &'a str,
    pub since: &'a str,
    pub until: &'a str,
    pub repair: bool,
    pub json: bool,
}

pub async fn run(desk: &Desk, wanted: &Wanted<'_>) -> Result<(), Failure> {
    let cabinet = named(desk, wanted.cabinet).await?;
    let zone = desk.store().zone();
    let since = instant(wanted.since, zone, false)?;
    let until = instant(wanted.until, zone, true)?;
    if since >= until {
        return Err(Failure::Usage("--since must be before --until".to_owned()));
    }
    let asked = ReconcileAsked { since, until, repair: wanted.repair, cause: Cause::Command };
    let begun = Instant::now();
    let told = loop {
        match desk.reconcile(cabinet.id, asked).await {
            Err(LoadError::AlreadyRunning { .. }) if begun.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            other => break other?,
        }
    };
    let compared = told.compared;
    if wanted.json {
        say_json(&json!({
            "matched": compared.matched, "missing": compared.missing, "differing": compared.differing,
            "unknown": compared.unknown, "repaired": compared.repaired, "findings": told.findings,
        }));
        return Ok(());
    }
    say!(
        "{} match; {} are missing here, {} differ, {} are not listed by Ozon; {} of these were repaired.",
        compared.matched,
        compared.missing,
        compared.differing,
        compared.unknown,
        compared.repaired
    );
    for finding in &told.findings {
        let what = serde_json::to_string(&finding.differences).unwrap_or_default();
        let end = if finding.repaired { "  repaired" } else { "" };
        say!("{}\t{what}{end}", finding.posting_number);
    }
    Ok(())
}

/// A time of RFC 3339, or a day of the shop's zone: its beginning, or its end.
fn instant(text: &str, zone: Tz, end: bool) -> Result<DateTime<Utc>, Failure> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.with_timezone(&Utc));
    }
    let wrong =
        || Failure::Usage(format!("«{text}» is neither a day such as 2026-11-23 nor a time of RFC 3339"));
    let day: NaiveDate = text.parse().map_err(|_| wrong())?;
    let day = if end { day.succ_opt().ok_or_else(wrong)? } else { day };
    Ok(begin_of_day(day, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_shops_and_whole_a_time_is_exact_and_nonsense_is_refused() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a literal time");
        let read = |text, end| instant(text, chrono_tz::Europe::Moscow, end).expect("it can be read");
        assert_eq!(read("2026-11-23", false), at("2026-11-22T21:00:00Z"));
        assert_eq!(read("2026-11-23", true), at("2026-11-23T21:00:00Z"));
        assert_eq!(read("2026-11-23T10:00:00+03:00", true), at("2026-11-23T07:00:00Z"));
        assert!(instant("yesterday", chrono_tz::Europe::Moscow, false).is_err());
    }
}
