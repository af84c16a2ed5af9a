//! Compares Ozon's list of a period with the store, and mends what differs through the ordinary intake. What differs is
//! looked at twice, with a load between: only what no load brings counts.

use std::collections::HashSet;

use chrono::{DateTime, Days, Duration, NaiveTime, TimeZone, Utc};
use domain::reconcile::{Difference, Stored, compare};
use domain::{CabinetId, PostingNumber, Settings};
use letters::{Discrepancy, Letter, Reconciled};
use ozon_api::methods::{ListPostings, PostingPage};
use ozon_api::{Answer, Client};
use storage::cabinets::Cabinet;
use storage::intake::{Arrival, ShownBy};
use storage::reconciliations::{Compared, Finding, Reconciliation};
use storage::runs::Cause;

use crate::desk::Desk;
use crate::error::LoadError;
use crate::keeper::Keeper;
use crate::load::{LoadOptions, unless_ended};
use crate::periods::{Period, Periods};
use crate::{news, normalise};

/// The period of the nightly comparison.
pub const NIGHTLY: Duration = Duration::days(30);
/// By the shop's clock, when few people work.
const NIGHT: (u32, u32) = (3, 30);
/// How long after one that failed the next one is tried.
const ASK_AGAIN: Duration = Duration::hours(1);
/// The most findings that are kept and listed; the rest is counted.
const LISTED: usize = 500;
/// How long a load that is going is waited for, and how often it is looked for.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(5);
const LOOK: std::time::Duration = std::time::Duration::from_millis(500);

/// What to compare.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The period's begin, by the time at which Ozon began to process a posting.
    pub since: DateTime<Utc>,
    /// The period's end.
    pub until: DateTime<Utc>,
    /// Mend what is missing or differs.
    pub repair: bool,
    /// What starts it.
    pub cause: Cause,
}

impl Desk {
    /// Compares, mends where that is asked for, and keeps what came of it.
    ///
    /// # Errors
    /// Whatever stopped it; that is kept too.
    pub async fn reconcile(&self, id: CabinetId, asked: Asked) -> Result<Reconciliation, LoadError> {
        let cabinet = self.loadable(id).await?;
        let keeper = Keeper::take(self, &lease_name(id)).await?;
        let ended = self.reconcile_alone(&cabinet, asked, &keeper).await;
        keeper.free().await;
        ended
    }

    /// Begins to compare and leaves it to itself.
    ///
    /// # Errors
    /// When the cabinet is disabled, or another comparison is going.
    pub async fn start_reconciliation(&self, id: CabinetId, asked: Asked) -> Result<(), LoadError> {
        let cabinet = self.loadable(id).await?;
        let keeper = Keeper::take(self, &lease_name(id)).await?;
        // Asked again under the lease: another instance may just have compared.
        let is_due = asked.cause != Cause::Schedule || self.is_night_due(&cabinet).await.unwrap_or(false);
        if !is_due {
            keeper.free().await;
            return Err(LoadError::NotDue);
        }
        let desk = self.clone();
        self.tasks.spawn(async move {
            if let Err(error) = desk.reconcile_alone(&cabinet, asked, &keeper).await {
                tracing::warn!(cabinet = id.0, code = error.code(), "the comparison did not end: {error}");
            }
            keeper.free().await;
        });
        Ok(())
    }

    /// Whether a comparison of the cabinet is going, in whatever process.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_reconciling(&self, id: CabinetId) -> storage::Result<bool> {
        self.store.is_leased(&lease_name(id), self.now()).await
    }

    /// Starts the nightly comparisons that are due, of cabinets that are loaded by schedule: where a person says when to
    /// load, what is not loaded yet is no difference.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn reconcile_nightly(&self) -> storage::Result<()> {
        for cabinet in self.store.cabinets().await? {
            if cabinet.disabled_at.is_some()
                || cabinet.watermark.is_none()
                || !self.store.settings(cabinet.id).await?.settings.schedule.enabled
                || !self.is_night_due(&cabinet).await?
            {
                continue;
            }
            let until = self.now();
            let asked = Asked { since: until - NIGHTLY, until, repair: false, cause: Cause::Schedule };
            match self.start_reconciliation(cabinet.id, asked).await {
                Ok(()) | Err(LoadError::AlreadyRunning { .. } | LoadError::NotDue | LoadError::Disabled) => {}
                Err(error) => tracing::warn!(cabinet = cabinet.id.0, "a comparison could not begin: {error}"),
            }
        }
        Ok(())
    }

    /// Whether the last night has gone by without a comparison; one that failed is tried again after an hour.
    async fn is_night_due(&self, cabinet: &Cabinet) -> storage::Result<bool> {
        let now = self.now();
        let night = last_night(now, self.store.zone());
        if cabinet.added_at > night {
            return Ok(false);
        }
        Ok(match self.store.last_reconciliation_ended(cabinet.id, Cause::Schedule).await? {
            Some(last) if last.failed => last.finished_at + ASK_AGAIN <= now,
            Some(last) => last.started_at < night,
            None => true,
        })
    }

    async fn reconcile_alone(
        &self,
        cabinet: &Cabinet,
        asked: Asked,
        keeper: &Keeper,
    ) -> Result<Reconciliation, LoadError> {
        let started_at = self.now();
        let mut work =
            Work { desk: self, cabinet, asked, keeper, compared: Compared::default(), findings: Vec::new() };
        let ended = work.all().await;
        if let Err(error @ (LoadError::Stopping | LoadError::LostLease)) = ended {
            // Nothing came of it, and nobody has to mend anything: it is done anew.
            return Err(error);
        }
        let told = Reconciliation {
            id: 0,
            cabinet_id: cabinet.id,
            cause: asked.cause,
            since: asked.since,
            until: asked.until,
            started_at,
            finished_at: self.now(),
            compared: work.compared,
            findings: work.findings,
            error_code: ended.as_ref().err().map(|error| error.code().to_owned()),
        };
        let letter = match ended {
            Ok(()) if asked.cause == Cause::Schedule && told.compared.left() > 0 => {
                // What was found is kept, whether or not a letter can tell of it.
                self.letter_of(cabinet, &told).await.unwrap_or_else(|error| {
                    tracing::warn!(cabinet = cabinet.id.0, "no letter tells of the comparison: {error}");
                    None
                })
            }
            _ => None,
        };
        let kept = self.store.keep_reconciliation(&told, letter.as_ref()).await?;
        self.told_something();
        ended.map(|()| kept)
    }

    async fn letter_of(
        &self,
        cabinet: &Cabinet,
        told: &Reconciliation,
    ) -> storage::Result<Option<storage::outbox::What>> {
        if self.store.mail().await?.is_none() {
            return Ok(None);
        }
        let left = told.findings.iter().filter(|finding| !finding.repaired);
        let found = left.map(|finding| Discrepancy {
            order: finding.order_id,
            posting_number: finding.posting_number.clone(),
            differences: finding.differences.clone(),
        });
        let letter = Letter::Reconciled(Reconciled {
            cabinet: cabinet.name.clone(),
            cabinet_id: cabinet.id.0,
            since: told.since,
            until: told.until,
            total: told.compared.left(),
            found: found.collect(),
        });
        news::kept(&letter).map(Some)
    }
}

/// The last time that the shop's clock showed the hour of the nightly comparison.
fn last_night(now: DateTime<Utc>, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let hour = NaiveTime::from_hms_opt(NIGHT.0, NIGHT.1, 0).unwrap_or_default();
    let today = now.with_timezone(&zone).date_naive();
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    // An hour that a change of clocks skips has no instant that night: the one before counts.
    let instants = [today, yesterday].map(|day| zone.from_local_datetime(&day.and_time(hour)).earliest());
    let past = instants.into_iter().flatten().map(|at| at.with_timezone(&Utc)).find(|at| *at <= now);
    past.unwrap_or(now - Duration::days(1))
}

fn lease_name(cabinet: CabinetId) -> String {
    format!("reconciliation of cabinet {cabinet}")
}

/// One comparison.
struct Work<'a> {
    desk: &'a Desk,
    cabinet: &'a Cabinet,
    asked: Asked,
    keeper: &'a Keeper,
    compared: Compared,
    findings: Vec<Finding>,
}

/// What one look at Ozon's list came to.
#[derive(Default)]
struct Look {
    /// Every posting that Ozon lists.
    listed: HashSet<PostingNumber>,
    /// Those that differ.
    differ: HashSet<PostingNumber>,
}

impl Work<'_> {
    async fn all(&mut self) -> Result<(), LoadError> {
        let client = self.desk.client(self.cabinet).await?;
        let settings = self.desk.store.settings(self.cabinet.id).await?.settings;
        self.load().await?;
        let first = self.look(&client, &settings, None).await?;
        let first_unknown = self.unlisted(&first.listed).await?;
        self.compared.matched = (first.listed.len() - first.differ.len()) as u64;
        if first.differ.is_empty() && first_unknown.is_empty() {
            return Ok(());
        }
        // What came into being or changed meanwhile is an ordinary load's; what it does not bring is a finding.
        self.load().await?;
        let second = self.look(&client, &settings, Some(&first.differ)).await?;
        self.compared.matched = (second.listed.len() - second.differ.len()) as u64;
        for number in self.unlisted(&second.listed).await?.intersection(&first_unknown) {
            self.compared.unknown += 1;
            let order =
                self.desk.store.order_of_posting(self.cabinet.id, number).await?.map(|order| order.id.0);
            self.note(number, order, vec![Difference::Unknown], false);
        }
        Ok(())
    }

    /// An ordinary load; one that is going already is waited for, and another one follows it.
    async fn load(&self) -> Result<(), LoadError> {
        let begun = tokio::time::Instant::now();
        loop {
            // Ends by itself when the process is to end, and leaves its place then.
            let load = self.desk.load(self.cabinet.id, Cause::Reconciliation, LoadOptions::default());
            match Box::pin(load).await {
                Err(LoadError::AlreadyRunning { .. }) if begun.elapsed() < PATIENCE => {
                    unless_ended(self.desk, Some(self.keeper), tokio::time::sleep(LOOK)).await?;
                }
                other => return other.map(|_| ()),
            }
        }
    }

    /// Goes through Ozon's list. At first it only gathers what differs; of `suspects` it takes findings, and mends them.
    async fn look(
        &mut self,
        client: &Client,
        settings: &Settings,
        suspects: Option<&HashSet<PostingNumber>>,
    ) -> Result<Look, LoadError> {
        let mut look = Look::default();
        let mut periods = Periods::whole(self.asked.since, self.asked.until);
        while let Some(period) = periods.next() {
            let ended = self.look_at(client, settings, suspects, period, &mut look).await;
            periods.ended(period, ended)?;
        }
        Ok(look)
    }

    async fn look_at(
        &mut self,
        client: &Client,
        settings: &Settings,
        suspects: Option<&HashSet<PostingNumber>>,
        period: Period,
        look: &mut Look,
    ) -> Result<(), LoadError> {
        let mut pages = client.pages(ListPostings::of_period(period.from, period.to));
        while let Some(page) = unless_ended(self.desk, Some(self.keeper), pages.next()).await? {
            self.page(page?, settings, suspects, look).await?;
        }
        Ok(())
    }

    async fn page(
        &mut self,
        page: Answer<PostingPage>,
        settings: &Settings,
        suspects: Option<&HashSet<PostingNumber>>,
        look: &mut Look,
    ) -> Result<(), LoadError> {
        let arrival = Arrival {
            cabinet: self.cabinet.id,
            shown_by: ShownBy::List,
            read_at: page.meta.requested_at,
            postings: page.value.items.iter().map(normalise::arrived).collect(),
        };
        let mut found = self.differences(&arrival, settings).await?;
        look.listed.extend(arrival.postings.iter().map(|arrived| arrived.number.clone()));
        let Some(suspects) = suspects else {
            look.differ.extend(found.into_iter().map(|(number, ..)| number));
            return Ok(());
        };
        found.retain(|(number, ..)| suspects.contains(number) && look.differ.insert(number.clone()));
        if found.is_empty() {
            return Ok(());
        }
        let mut left = HashSet::new();
        if self.asked.repair {
            let numbers: HashSet<&PostingNumber> = found.iter().map(|(number, ..)| number).collect();
            let of_these = |arrived: &&storage::intake::Arrived| numbers.contains(&arrived.number);
            let postings = arrival.postings.iter().filter(of_these).cloned().collect();
            let again = Arrival { postings, ..arrival };
            self.desk.store.take_in_anew(&again, self.desk.now()).await?;
            left.extend(self.differences(&again, settings).await?.into_iter().map(|(number, ..)| number));
        }
        for (number, order, differences) in found {
            let repaired = self.asked.repair && !left.contains(&number);
            if differences.contains(&Difference::Missing) {
                self.compared.missing += 1;
            } else {
                self.compared.differing += 1;
            }
            self.compared.repaired += u64::from(repaired);
            self.note(&number, order, differences, repaired);
        }
        Ok(())
    }

    /// The postings of a page that are not as the store has them.
    async fn differences(
        &self,
        arrival: &Arrival,
        settings: &Settings,
    ) -> storage::Result<Vec<(PostingNumber, Option<i64>, Vec<Difference>)>> {
        let numbers: Vec<PostingNumber> =
            arrival.postings.iter().map(|arrived| arrived.number.clone()).collect();
        let stored = self.desk.store.stored_for_comparison(self.cabinet.id, &numbers).await?;
        let mut found = Vec::new();
        for arrived in &arrival.postings {
            let here: Option<&Stored> = stored.get(&arrived.number);
            let differences = match &arrived.posting {
                Ok(there) => compare(there, arrival.read_at, here, settings),
                // What cannot be read is kept as it came: there is nothing to compare with.
                Err(_) if here.is_some() => Vec::new(),
                Err(_) => vec![Difference::Missing],
            };
            if !differences.is_empty() {
                let order = here.and_then(|stored| stored.order.as_ref()).map(|order| order.id.0);
                found.push((arrived.number.clone(), order, differences));
            }
        }
        Ok(found)
    }

    /// The stored postings of the period that Ozon did not list.
    async fn unlisted(&self, listed: &HashSet<PostingNumber>) -> storage::Result<HashSet<PostingNumber>> {
        let mut unlisted = HashSet::new();
        let mut after = None;
        loop {
            let (since, until) = (self.asked.since, self.asked.until);
            let rows = self.desk.store.postings_begun_in(self.cabinet.id, since, until, after).await?;
            let Some((last, ..)) = rows.last() else { return Ok(unlisted) };
            after = Some(*last);
            let unknown =
                rows.into_iter().map(|(_, number, _)| number).filter(|number| !listed.contains(number));
            unlisted.extend(unknown);
        }
    }

    fn note(
        &mut self,
        number: &PostingNumber,
        order_id: Option<i64>,
        differences: Vec<Difference>,
        repaired: bool,
    ) {
        if self.findings.len() < LISTED {
            let posting_number = number.to_string();
            self.findings.push(Finding { posting_number, order_id, differences, repaired });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_night_is_told_by_the_shops_clock() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a literal time");
        let moscow = chrono_tz::Europe::Moscow;
        assert_eq!(last_night(at("2026-11-25T00:29:00Z"), moscow), at("2026-11-24T00:30:00Z"));
        assert_eq!(last_night(at("2026-11-25T00:30:00Z"), moscow), at("2026-11-25T00:30:00Z"));
        assert_eq!(last_night(at("2026-11-25T20:00:00Z"), moscow), at("2026-11-25T00:30:00Z"));
        // In Vilnius the clocks jump from three to four that night.
        let vilnius = chrono_tz::Europe::Vilnius;
        assert_eq!(last_night(at("2026-03-29T12:00:00Z"), vilnius), at("2026-03-28T01:30:00Z"));
    }
}
