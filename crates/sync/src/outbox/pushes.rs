//! One round of pushes to Ozon: claim, read the postings, send what is missing in batches, keep how it ended.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use domain::push::{Call, Next, NotTold, is_given_up, look_after, next, pause};
use domain::{CabinetId, PostingNumber, push::Push};
use futures::future::join_all;
use ozon_api::{Client, ErrorKind, ItemFault};
use storage::cancellations::CancellationRequest;
use storage::outbox::{Claimed, Settled, What};

use super::CLAIM;
use super::calls::{self, Outcome};
use crate::desk::Desk;
use crate::error::LoadError;
use crate::measure;

/// A push that waits for the posting to be packed waits so long at most.
const HOLD: Duration = Duration::days(30);
/// Tries after which a further "not now" of Ozon's gives a push up.
const REFUSALS: u32 = 8;
/// How long until what needs a person's hand (a key, a cabinet) is tried again.
const NEEDS_HAND: Duration = Duration::minutes(15);

/// A push with the number of its posting.
pub(super) struct Job {
    pub(super) claimed: Claimed,
    pub(super) push: Push,
    pub(super) number: PostingNumber,
}

impl Job {
    pub(super) fn id(&self) -> i64 {
        self.claimed.item.id
    }

    /// The same call may have reached Ozon, and Ozon may still be at it: when to look again. Looks keep their distance from
    /// each other and not from the call, or all of them would be over in an instant where the clock was put forward or the
    /// call hung.
    fn look_again(&self, call: &Call, now: DateTime<Utc>) -> Option<(DateTime<Utc>, u32)> {
        let same = self.claimed.sent_call.as_deref() == Some(call.word());
        let reads = self.claimed.reads.checked_add(1)?;
        let distance = look_after(reads).filter(|_| same)? - look_after(self.claimed.reads)?;
        Some((now + distance, reads))
    }

    /// It was sent already, may be under way still, and has not been looked at for as long as Ozon may take.
    fn is_under_way(&self, call: &Call) -> bool {
        self.claimed.sent_call.as_deref() == Some(call.word()) && look_after(self.claimed.reads).is_some()
    }
}

/// What one round has of a cabinet.
struct Round<'a> {
    desk: &'a Desk,
    client: Client,
    cabinet: CabinetId,
    holder: &'a str,
    /// Rows that are not settled yet.
    open: Vec<i64>,
}

impl Desk {
    /// Deals with the pushes that are due; how many.
    pub(super) async fn send_pushes(&self) -> storage::Result<u64> {
        let holder = format!("{}-{:016x}", std::process::id(), rand::random::<u64>());
        let now = self.now();
        let claimed = self.store.claim_pushes(&holder, CLAIM, now, now + self.lease()).await?;
        let handled = claimed.len() as u64;
        let mut by_cabinet: BTreeMap<CabinetId, Vec<Claimed>> = BTreeMap::new();
        for row in claimed {
            by_cabinet.entry(row.item.cabinet_id.unwrap_or(CabinetId(0))).or_default().push(row);
        }
        let rounds = by_cabinet.into_iter().map(|(cabinet, rows)| self.push_round(cabinet, rows, &holder));
        for ended in join_all(rounds).await {
            ended?;
        }
        Ok(handled)
    }

    /// How long a claim holds.
    pub(crate) fn lease(&self) -> Duration {
        Duration::from_std(self.config.lease).unwrap_or(Duration::MAX)
    }

    async fn push_round(&self, id: CabinetId, rows: Vec<Claimed>, holder: &str) -> storage::Result<()> {
        let mut jobs = Vec::with_capacity(rows.len());
        for claimed in rows {
            let number = match claimed.item.order_id {
                Some(order) => Some(self.store.order(order).await?.posting_number),
                None => None,
            };
            if let (What::Push(push), Some(number)) = (claimed.item.what.clone(), number) {
                jobs.push(Job { claimed, push, number });
            } else {
                let settled = refused(NotTold::NothingToTell, None, None);
                self.store.settle(claimed.item.id, holder, &settled, self.now()).await?;
            }
        }
        let open = jobs.iter().map(Job::id).collect();
        let client = match self.reachable(id).await {
            Ok(client) => client,
            Err(LoadError::Store(error)) => return Err(error),
            Err(error) => {
                for job in &jobs {
                    let settled = later(self.now() + NEEDS_HAND, error.code(), false);
                    self.store.settle(job.id(), holder, &settled, self.now()).await?;
                }
                return Ok(());
            }
        };
        Round { desk: self, client, cabinet: id, holder, open }.all(jobs).await
    }

    /// A client for a cabinet that may be called.
    pub(crate) async fn reachable(&self, id: CabinetId) -> Result<Client, LoadError> {
        let cabinet = self.store.cabinet(id).await?;
        if cabinet.disabled_at.is_some() {
            return Err(LoadError::Disabled);
        }
        self.client(&cabinet).await
    }
}

fn later(due_at: DateTime<Utc>, trouble: &str, counts: bool) -> Settled {
    let trouble = trouble.to_owned();
    Settled::Later { due_at, trouble, answer: None, trace_id: None, counts, again: false }
}

impl Round<'_> {
    async fn all(mut self, jobs: Vec<Job>) -> storage::Result<()> {
        let mut ready: Vec<(Job, Call)> = Vec::new();
        let mut jobs = jobs.into_iter();
        while let Some(job) = jobs.next() {
            if !self.keep(&job).await? {
                continue;
            }
            match self.look(&job).await {
                Ok(Some(call)) => ready.push((job, call)),
                Ok(None) => {}
                Err(LoadError::Store(error)) => return Err(error),
                Err(error) => {
                    // What stops one reading stops them all, but for a posting that Ozon does not know.
                    let all =
                        !matches!(&error, LoadError::Ozon(e) if matches!(e.kind, ErrorKind::NotFound { .. }));
                    self.failed(&job, &error).await?;
                    if all {
                        for job in jobs.by_ref() {
                            self.failed(&job, &error).await?;
                        }
                    }
                }
            }
        }
        for batch in calls::batches(ready) {
            self.send(batch).await?;
        }
        Ok(())
    }

    async fn settle(&mut self, job: &Job, settled: Settled) -> storage::Result<()> {
        self.open.retain(|id| *id != job.id());
        let now = self.desk.now();
        let age = now - job.claimed.item.created_at;
        let settled = match settled {
            Settled::Later { trouble, .. } if trouble == NotTold::NotPackedYet.to_string() && age > HOLD => {
                refused(NotTold::NotPackedYet, None, None)
            }
            Settled::Later { trouble, answer, trace_id, counts: true, .. }
                if is_given_up(job.claimed.item.tries + 1) =>
            {
                refused(NotTold::NotConfirmed, answer.or(Some(trouble)), trace_id)
            }
            other => other,
        };
        measure::push(&settled);
        self.desk.store.settle(job.id(), self.holder, &settled, now).await
    }

    /// Renews what is claimed; whether this one is still ours.
    async fn keep(&mut self, job: &Job) -> storage::Result<bool> {
        let until = self.desk.now() + self.desk.lease();
        self.open = self.desk.store.keep_claims(&self.open, self.holder, until).await?;
        Ok(self.open.contains(&job.id()))
    }

    /// Reads the posting and settles what needs no call; otherwise the call that is needed.
    async fn look(&mut self, job: &Job) -> Result<Option<Call>, LoadError> {
        if let Push::CancellationRequest { id, approve, .. } = &job.push {
            let shown = self.desk.look_at_request(&self.client, self.cabinet, &job.number, *id).await?;
            if !shown.as_ref().is_some_and(CancellationRequest::is_open) {
                // A call that was noted may never have been made: silence, or Ozon's own cabinet, may have decided otherwise.
                let is_as_told = shown.is_some_and(|request| request.is_decided_as(*approve));
                let settled = match job.claimed.sent_call {
                    Some(_) if is_as_told => Settled::Done { answer: None, trace_id: None },
                    _ => refused(NotTold::AlreadyDecided, None, None),
                };
                self.settle(job, settled).await?;
                return Ok(None);
            }
        }
        let (_, facts) = self.desk.read_posting(&self.client, self.cabinet, &job.number).await?;
        let Some(facts) = facts else {
            self.settle(job, later(self.desk.now() + pause(job.claimed.item.tries + 1), "undecodable", true))
                .await?;
            return Ok(None);
        };
        match next(&job.push, &facts) {
            Next::Send(call) if !job.is_under_way(&call) => return Ok(Some(call)),
            Next::Send(call) => {
                let settled = match job.look_again(&call, self.desk.now()) {
                    Some((due_at, reads)) => Settled::Look { due_at, reads },
                    None => Settled::Later {
                        due_at: self.desk.now() + pause(job.claimed.item.tries + 1),
                        trouble: NotTold::NotConfirmed.to_string(),
                        answer: job.claimed.item.answer.clone(),
                        trace_id: job.claimed.item.trace_id.clone(),
                        counts: true,
                        again: true,
                    },
                };
                self.settle(job, settled).await?;
            }
            Next::Done => self.settle(job, Settled::Done { answer: None, trace_id: None }).await?,
            Next::Refuse(why) => self.settle(job, refused(why, None, None)).await?,
            Next::Hold(why) => {
                self.settle(job, later(self.desk.now() + NEEDS_HAND, why.into(), false)).await?;
            }
        }
        Ok(None)
    }

    /// A reading or a call as a whole did not come to its end.
    async fn failed(&mut self, job: &Job, error: &LoadError) -> storage::Result<()> {
        let LoadError::Ozon(told) = error else {
            let due_at = self.desk.now() + NEEDS_HAND;
            return self.settle(job, later(due_at, error.code(), false)).await;
        };
        let tries = job.claimed.item.tries + 1;
        let (answer, trace_id) = (Some(told.kind.to_string()), told.trace_id.clone());
        let wait = match &told.kind {
            ErrorKind::NotFound { .. } => {
                return self.settle(job, refused(NotTold::NotFound, answer, trace_id)).await;
            }
            ErrorKind::MissingRole => {
                return self.settle(job, refused(NotTold::NoRole, answer, trace_id)).await;
            }
            ErrorKind::RateLimited { retry_after: Some(wait) } => {
                Duration::from_std(*wait).unwrap_or(NEEDS_HAND).max(Duration::seconds(1))
            }
            _ if error.blames_key() => NEEDS_HAND,
            _ => pause(tries),
        };
        let trouble = told.code().to_owned();
        let due_at = self.desk.now() + wait;
        // An answer that says when to come back may come every second, and is no failure of this push.
        let is_told = matches!(told.kind, ErrorKind::RateLimited { retry_after: Some(_) });
        let counts = !error.blames_key() && !is_told;
        self.settle(job, Settled::Later { due_at, trouble, answer, trace_id, counts, again: false }).await
    }

    /// Sends one batch and keeps what became of each item.
    async fn send(&mut self, batch: Vec<(Job, Call)>) -> storage::Result<()> {
        let Some((_, call)) = batch.first() else { return Ok(()) };
        let ids: Vec<i64> = batch.iter().map(|(job, _)| job.id()).collect();
        let (now, lease) = (self.desk.now(), self.desk.lease());
        // From here on nobody sends it again without having looked, whatever becomes of this process.
        let mine = self.desk.store.note_call(&ids, self.holder, call.word(), now, now + lease).await?;
        let batch: Vec<_> = batch.into_iter().filter(|(job, _)| mine.contains(&job.id())).collect();
        if batch.is_empty() {
            return Ok(());
        }
        match calls::call(&self.client, &batch).await {
            Ok(outcomes) => {
                for ((job, _), outcome) in batch.iter().zip(outcomes) {
                    self.outcome(job, outcome).await?;
                }
            }
            Err(error) if error.may_have_been_taken() => {
                for (job, _) in &batch {
                    self.look_soon(job).await?;
                }
            }
            // One odd posting must not hold up the others: each is asked for alone.
            Err(error) if is_about_an_item(&error) && batch.len() > 1 => {
                for one in batch {
                    Box::pin(self.send(vec![one])).await?;
                }
            }
            Err(error) if is_about_an_item(&error) => {
                let words = match &error.kind {
                    ErrorKind::Rejected { message, .. } | ErrorKind::NotFound { message } => message.clone(),
                    other => other.to_string(),
                };
                for (job, _) in &batch {
                    let trace_id = error.trace_id.clone();
                    self.outcome(job, Outcome::Refused { words: words.clone(), trace_id }).await?;
                }
            }
            Err(error) => {
                let error = LoadError::from(error);
                for (job, _) in &batch {
                    self.not_taken(job, &error).await?;
                }
            }
        }
        Ok(())
    }

    /// The call was certainly not taken: it may be sent again as soon as its cause is gone.
    async fn not_taken(&mut self, job: &Job, error: &LoadError) -> storage::Result<()> {
        self.desk.store.forget_call(job.id(), self.holder, job.claimed.sent_call.as_deref()).await?;
        self.failed(job, error).await
    }

    async fn look_soon(&mut self, job: &Job) -> storage::Result<()> {
        let due_at = self.desk.now() + look_after(0).unwrap_or_default();
        self.settle(job, Settled::Look { due_at, reads: 0 }).await
    }

    async fn outcome(&mut self, job: &Job, outcome: Outcome) -> storage::Result<()> {
        match outcome {
            Outcome::Taken { words, trace_id } => {
                let store = &self.desk.store;
                store.keep_answer(job.id(), self.holder, &words, trace_id.as_deref()).await?;
                if matches!(job.push, Push::CancellationRequest { .. }) {
                    return self.settle(job, Settled::Done { answer: Some(words), trace_id }).await;
                }
                self.look_soon(job).await
            }
            Outcome::Unknown => self.look_soon(job).await,
            Outcome::Refused { words, trace_id } => {
                let why = match ItemFault::of(&words) {
                    ItemFault::ReadPosting => return self.not_now(job, words, trace_id).await,
                    ItemFault::LeaveToCarrier => NotTold::DeliveredByOzon,
                    ItemFault::GiveUpUnknown => NotTold::NotFound,
                    ItemFault::GiveUpCancelled => NotTold::Cancelled,
                    _ => NotTold::RefusedByOzon,
                };
                self.settle(job, refused(why, Some(words), trace_id)).await
            }
        }
    }

    /// Ozon says that the posting's status does not allow it: at or beyond the goal it is done, otherwise Ozon is still
    /// at an earlier change, or the posting went elsewhere.
    async fn not_now(&mut self, job: &Job, words: String, trace_id: Option<String>) -> storage::Result<()> {
        let facts = match self.desk.read_posting(&self.client, self.cabinet, &job.number).await {
            Ok((_, facts)) => facts,
            Err(LoadError::Store(error)) => return Err(error),
            Err(error) => return self.failed(job, &error).await,
        };
        let (answer, tries) = (Some(words), job.claimed.item.tries + 1);
        // Tries that failed for other reasons are no refusals: the first one never is the last.
        let was_refused = job.claimed.item.trouble.as_deref() == Some(NotTold::NotOffered.into());
        let settled = match facts.map(|facts| next(&job.push, &facts)) {
            Some(Next::Done) => Settled::Done { answer, trace_id },
            Some(Next::Refuse(why)) => refused(why, answer, trace_id),
            _ if tries >= REFUSALS && was_refused => refused(NotTold::RefusedByOzon, answer, trace_id),
            _ => Settled::Later {
                due_at: self.desk.now() + pause(tries),
                trouble: NotTold::NotOffered.to_string(),
                answer,
                trace_id,
                counts: true,
                again: true,
            },
        };
        self.settle(job, settled).await
    }
}

fn refused(why: NotTold, answer: Option<String>, trace_id: Option<String>) -> Settled {
    Settled::Refused { why: why.to_string(), answer, trace_id }
}

fn is_about_an_item(error: &ozon_api::Error) -> bool {
    matches!(error.kind, ErrorKind::Rejected { .. } | ErrorKind::NotFound { .. })
}
