//! Each cabinet: its address, its key, how its loads go, and what waits for a person's hand.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use domain::CabinetId;
use domain::settings::Schedule;
use storage::PageAsk;
use storage::cabinets::Cabinet;
use storage::hooks::MessageFilter;
use storage::outbox::{OutboxFilter, OutboxState};
use sync::{Checked, Desk};

use super::{Findings, clock, configuration};
use crate::config::Config;
use crate::failure::Failure;

/// A key that lives shorter than this is worth a word.
const KEY_DAYS: i64 = 14;
/// Loads that failed in a row and are worth a word.
const FAILURES: u32 = 3;
/// Nothing loaded for so long is worth a word, where the schedule does not wait longer itself.
const LONG: Duration = Duration::hours(6);
/// Without a schedule, somebody loads at least so often, or the cabinet is forgotten.
const BY_HAND: Duration = Duration::days(1);
/// Refused pushes are counted this far.
const COUNTED: u64 = 200;

pub(super) async fn look(config: &Config, desk: &Desk, findings: &mut Findings) -> Result<(), Failure> {
    let store = desk.store();
    let cabinets = store.cabinets().await?;
    if cabinets.is_empty() {
        findings.problem("there is no cabinet; `vygruzka cabinet add` or the panel adds one");
    } else if cabinets.iter().all(|cabinet| cabinet.disabled_at.is_some()) {
        findings.problem("every cabinet is disabled, so nothing is loaded; `vygruzka cabinet enable NAME`");
    }
    let unreadable: HashMap<CabinetId, u64> = store.unreadable_postings().await?.into_iter().collect();
    let mut is_clock_told = false;
    for cabinet in &cabinets {
        let of = |text: String| format!("cabinet «{}»: {text}", cabinet.name);
        if cabinet.disabled_at.is_some() {
            findings.fine(of("it is disabled and not loaded".to_owned()));
            continue;
        }
        if let Some(what) = configuration::fault_of_api(&cabinet.api_url) {
            findings.problem(of(format!("its address is {}: {what}", cabinet.api_url)));
        }
        match desk.ask_about_key(cabinet.id).await {
            Ok(told) => {
                findings.told(key(&told, Utc::now()).map(of).map_err(of));
                if let Some(ahead) = told.clock_ahead.filter(|_| !is_clock_told) {
                    is_clock_told = true;
                    findings.told(clock("Ozon", ahead));
                }
            }
            Err(error) => findings.problem(of(format!("{error}; `vygruzka cabinet key` takes a new key"))),
        }
        let schedule = store.settings(cabinet.id).await?.settings.schedule;
        findings.told(loads(cabinet, &schedule, Utc::now()).map(of).map_err(of));
        if let Some(many) = unreadable.get(&cabinet.id) {
            findings.problem(of(format!(
                "{many} postings could not be read and made no order; look at them on the panel's page \"Postings without an order\""
            )));
        }
        let refused = refused(desk, cabinet.id).await?;
        if refused > 0 {
            findings.problem(of(format!(
                "{refused} pushes to Ozon were refused; mend their causes on the panel's page \"Exchange with Ozon\""
            )));
        }
        findings.told(push_messages(config, desk, cabinet.id).await?.map(of).map_err(of));
    }
    Ok(())
}

/// What Ozon told of a key.
fn key(told: &Checked, now: DateTime<Utc>) -> Result<String, String> {
    if !told.missing.is_empty() {
        let missing = told.missing.join(", ");
        return Err(format!("no role of the key opens {missing}; make a key with these roles at Ozon"));
    }
    let Some(until) = told.key_expires_at else { return Ok("the key works".to_owned()) };
    let days = (until - now).num_days();
    if days < KEY_DAYS {
        return Err(format!("the key works only {days} days more; make a new one at Ozon"));
    }
    Ok(format!("the key works {days} days more"))
}

/// How the loads of a cabinet go.
fn loads(cabinet: &Cabinet, schedule: &Schedule, now: DateTime<Utc>) -> Result<String, String> {
    if cabinet.failures >= FAILURES {
        return Err(format!(
            "the last {} loads failed; the panel's page \"Loads\" says why",
            cabinet.failures
        ));
    }
    let age = now - cabinet.watermark.unwrap_or(cabinet.added_at);
    if !schedule.enabled && age > BY_HAND {
        return Err("no schedule loads it, and nobody did; switch the schedule on in its settings, or disable the cabinet"
            .to_owned());
    }
    if schedule.enabled && age > LONG.max(period(schedule) * 3) {
        let hours = age.num_hours();
        return Err(format!("nothing was loaded for {hours} hours; see that `vygruzka serve` runs"));
    }
    Ok(match cabinet.watermark {
        Some(_) => format!("the last complete load began {} minutes ago", age.num_minutes()),
        None => "nothing was loaded yet".to_owned(),
    })
}

/// How long the schedule waits between two loads.
fn period(schedule: &Schedule) -> Duration {
    use domain::schedule::Every;
    match schedule.every {
        Every::Minutes(n) => Duration::minutes(n.into()),
        Every::Hours(n) => Duration::hours(n.into()),
        Every::Days(n) => Duration::days(n.into()),
    }
}

async fn refused(desk: &Desk, cabinet: CabinetId) -> storage::Result<usize> {
    let filter =
        OutboxFilter { cabinet: Some(cabinet), state: Some(OutboxState::Refused), ..OutboxFilter::default() };
    Ok(desk.store().outbox(&filter, &PageAsk::first(COUNTED)).await?.items.len())
}

/// Whether Ozon can reach us with its push messages, where it ever did.
async fn push_messages(
    config: &Config,
    desk: &Desk,
    cabinet: CabinetId,
) -> storage::Result<Result<String, String>> {
    let filter = MessageFilter { cabinet: Some(cabinet), ..MessageFilter::default() };
    let has_come = !desk.store().messages(&filter, &PageAsk::first(1)).await?.items.is_empty();
    let is_https = config.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    Ok(judge_push(has_come, is_https))
}

fn judge_push(has_come: bool, is_https: bool) -> Result<String, String> {
    match (has_come, is_https) {
        (true, true) => Ok("Ozon's push messages come".to_owned()),
        (false, _) => Ok("no push message has come; loads bring everything without them".to_owned()),
        (true, false) => Err(
            "Ozon's push messages are expected, but public_url is not https, where Ozon sends none; set it to the https address"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use domain::schedule::Every;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-23T08:00:00Z".parse().expect("a literal time")
    }

    fn cabinet() -> Cabinet {
        Cabinet {
            id: CabinetId(1),
            name: "Дом".to_owned(),
            client_id: "1".to_owned(),
            api_url: "https://api-seller.ozon.ru".to_owned(),
            key_set_at: now(),
            key_expires_at: None,
            company_name: None,
            roles: Vec::new(),
            checked_at: None,
            check_error: None,
            added_at: now() - Duration::days(9),
            disabled_at: None,
            watermark: Some(now() - Duration::minutes(4)),
            scheduled_from: None,
            failures: 0,
            last_failure_at: None,
        }
    }

    fn schedule(enabled: bool, every: Every) -> Schedule {
        Schedule { enabled, every, at: chrono::NaiveTime::MIN }
    }

    #[test]
    fn a_cabinet_that_is_loaded_is_fine_and_what_keeps_it_from_loads_is_told() {
        let often = schedule(true, Every::Minutes(5));
        assert!(loads(&cabinet(), &often, now()).is_ok());
        let old = Cabinet { watermark: Some(now() - Duration::hours(7)), ..cabinet() };
        assert!(loads(&old, &often, now()).expect_err("told").contains("7 hours"));
        assert!(loads(&old, &schedule(true, Every::Days(1)), now()).is_ok(), "the schedule waits longer");
        let never = Cabinet { watermark: None, ..cabinet() };
        assert!(loads(&never, &often, now()).is_err());
        let new = Cabinet { watermark: None, added_at: now(), ..cabinet() };
        assert!(loads(&new, &often, now()).is_ok());
        let failing = Cabinet { failures: 3, ..cabinet() };
        assert!(loads(&failing, &often, now()).expect_err("told").contains("3 loads failed"));
        let off = schedule(false, Every::Minutes(5));
        assert!(loads(&cabinet(), &off, now()).is_ok(), "somebody loads it");
        let forgotten = Cabinet { watermark: Some(now() - Duration::days(2)), ..cabinet() };
        assert!(loads(&forgotten, &off, now()).expect_err("told").contains("no schedule"));
    }

    #[test]
    fn a_key_is_told_by_its_roles_and_its_days() {
        let told = |missing: Vec<&'static str>, days| Checked {
            company_name: None,
            key_expires_at: Some(now() + Duration::days(days)),
            roles: Vec::new(),
            missing,
            clock_ahead: None,
            warehouses: Vec::new(),
        };
        assert!(key(&told(Vec::new(), 60), now()).expect("fine").contains("60 days"));
        assert!(key(&told(Vec::new(), 13), now()).expect_err("told").contains("13 days"));
        assert!(
            key(&told(vec!["/v3/posting/fbs/get"], 60), now())
                .expect_err("told")
                .contains("/v3/posting/fbs/get")
        );
    }

    #[test]
    fn push_messages_need_https() {
        assert!(judge_push(false, false).is_ok());
        assert!(judge_push(true, true).is_ok());
        assert!(judge_push(true, false).expect_err("told").contains("https"));
    }
}
