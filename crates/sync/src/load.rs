//! One load of a cabinet: first what is open, then what changed; each page is taken in whole.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::{CabinetId, RunId};
use ozon_api::methods::{ListPostings, ListUnfulfilled, PostingPage, TimeRange};
use ozon_api::{Answer, Client, Paged, Pages, Status};
use storage::cabinets::Cabinet;
use storage::intake::{Arrival, Became, ShownBy};
use storage::runs::{Figures, Run};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::desk::Desk;
use crate::error::LoadError;
use crate::keeper::Keeper;
use crate::measure;
use crate::normalise;
use crate::periods::Periods;
use crate::tally::Tally;

/// Open postings are looked for this far around now, by the date they are to be shipped.
const CUTOFFS: Duration = Duration::days(90);
/// Ozon's lists reach a year back; a day less, so that no clock makes it too long.
pub const REACH: Duration = Duration::days(364);
/// How often people are shown how far it has come: more often would cost a transaction a page, and nobody could read it.
const SHOWN_EVERY: std::time::Duration = std::time::Duration::from_millis(500);
/// The first pages are shown one by one, so that a short load is seen to move.
const SHOWN_AT_ONCE: u64 = 10;
/// How far a load looks back behind the last one's start: Ozon's clock and ours differ, and its lists lag.
const OVERLAP: Duration = Duration::hours(1);

/// The statuses of the list of unfulfilled postings that someone still has to work on (API.md, section 3.2).
pub fn open_statuses() -> Vec<Status> {
    [
        "awaiting_registration",
        "acceptance_in_progress",
        "awaiting_approve",
        "awaiting_packaging",
        "awaiting_deliver",
        "arbitration",
        "client_arbitration",
        "delivering",
        "driver_pickup",
    ]
    .map(Status::from)
    .to_vec()
}

/// How to load.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    /// Only tell what would be done.
    pub dry_run: bool,
}

/// What a load did, or would do.
#[derive(Clone, Debug)]
pub struct Report {
    /// What it counted.
    pub figures: Figures,
    /// How long it took.
    pub took: Duration,
    /// Its row; a rehearsal has none.
    pub run: Option<Run>,
    /// Of a rehearsal: the orders that would be made, by the day of the shop's zone on which Ozon began to process them.
    pub days: BTreeMap<Option<NaiveDate>, u64>,
}

/// Tells what a load would do, and changes nothing.
pub async fn rehearse(desk: &Desk, cabinet: Cabinet) -> Result<Report, LoadError> {
    let started = desk.now();
    let client = desk.client(&cabinet).await?;
    let mut load = Load::new(desk, cabinet, None, None, started);
    load.all(&client).await?;
    let days = load.tally.created_by_day();
    Ok(Report { figures: load.tally.figures(), took: desk.now() - started, run: None, days })
}

/// Carries a load out, keeps how it ended, and leaves its place.
pub async fn run(desk: &Desk, cabinet: Cabinet, keeper: Keeper, run: RunId) -> Result<Report, LoadError> {
    let span = tracing::info_span!("load", run = run.0, cabinet = cabinet.id.0);
    let ended = alone(desk, cabinet, &keeper, run).instrument(span).await;
    keeper.free().await;
    ended
}

async fn alone(desk: &Desk, cabinet: Cabinet, keeper: &Keeper, run: RunId) -> Result<Report, LoadError> {
    let id = cabinet.id;
    let blamed_before = cabinet.check_error.is_some();
    let is_first = cabinet.watermark.is_none();
    let started = desk.store.run(run).await?.started_at;
    let client = desk.client(&cabinet).await;
    let mut load = Load::new(desk, cabinet, Some(keeper), Some(run), started);
    let ended = match client {
        Ok(client) => load.all(&client).await,
        Err(error) => Err(error),
    };
    let figures = load.tally.figures();
    let result = ended.as_ref().map_or_else(LoadError::code, |()| "done");
    measure::load(&load.cabinet, result, desk.now() - started, figures);
    let kept = match &ended {
        Err(LoadError::Stopping) => desk.store.interrupt_run(run, figures, desk.now()).await,
        Err(error) => desk.store.end_run(run, figures, Some(error.kept()), desk.now()).await,
        Ok(()) => desk.store.end_run(run, figures, None, desk.now()).await,
    };
    if ended.is_ok() {
        desk.store.reads_loaded(id, started, desk.now()).await?;
    }
    match &ended {
        Err(error) if error.blames_key() => {
            desk.store.set_key_fault(id, Some(error.code()), desk.now()).await?;
        }
        Ok(()) if blamed_before => desk.store.set_key_fault(id, None, desk.now()).await?,
        _ => {}
    }
    // Before the place is free, so that the news of two loads never mix.
    desk.tell_of_load(id, is_first, ended.is_ok() && kept.is_ok()).await;
    ended?;
    let kept = kept?;
    tracing::info!(?figures, "load complete");
    let took = kept.finished_at.unwrap_or(started) - started;
    Ok(Report { figures, took, run: Some(kept), days: BTreeMap::new() })
}

/// Waits for Ozon no longer than the load may go on: an answer may take minutes, an end may not.
pub(crate) async fn unless_ended<T>(
    desk: &Desk,
    keeper: Option<&Keeper>,
    answer: impl Future<Output = T>,
) -> Result<T, LoadError> {
    let lost = async {
        match keeper {
            Some(keeper) => keeper.lost().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = desk.stopping.cancelled() => Err(LoadError::Stopping),
        () = lost => Err(LoadError::LostLease),
        answer = answer => Ok(answer),
    }
}

struct Load<'a> {
    desk: &'a Desk,
    cabinet: Cabinet,
    /// What keeps the load alone; a rehearsal needs nothing of the kind.
    keeper: Option<&'a Keeper>,
    run: Option<RunId>,
    started: DateTime<Utc>,
    tally: Tally,
    expected: Option<u64>,
    /// When people were last shown how far it has come.
    shown_at: Option<Instant>,
}

impl<'a> Load<'a> {
    fn new(
        desk: &'a Desk,
        cabinet: Cabinet,
        keeper: Option<&'a Keeper>,
        run: Option<RunId>,
        started: DateTime<Utc>,
    ) -> Self {
        Self { desk, cabinet, keeper, run, started, tally: Tally::default(), expected: None, shown_at: None }
    }

    /// Both sweeps. The second reaches what the first cannot: postings without a shipment date, and those that closed.
    async fn all(&mut self, client: &Client) -> Result<(), LoadError> {
        let open = |from, to| {
            let mut request = ListUnfulfilled::by_cutoff(from, to);
            request.filter.statuses = open_statuses();
            request
        };
        self.sweep(client, self.started - CUTOFFS, self.started + CUTOFFS, open).await?;
        let started = self.started;
        // Beyond the start as well: by Ozon's clock a change of this moment may lie ahead of ours.
        let window = self
            .cabinet
            .watermark
            .map(|watermark| TimeRange { from: watermark - OVERLAP, to: started + OVERLAP });
        let changed = move |from, to| {
            let mut request = ListPostings::of_period(from, to);
            request.filter.last_changed_status_date = window;
            request
        };
        self.sweep(client, started - REACH, started, changed).await?;
        if self.run.is_some() {
            let questions = self.desk.answer_questions(self.cabinet.id);
            unless_ended(self.desk, self.keeper, questions).await??;
            let requests = self.desk.load_cancellation_requests(client, self.cabinet.id);
            unless_ended(self.desk, self.keeper, requests).await??;
        }
        Ok(())
    }

    /// Goes through a list, in smaller periods where Ozon finds one too long.
    async fn sweep<R>(
        &mut self,
        client: &Client,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        request: impl Fn(DateTime<Utc>, DateTime<Utc>) -> R,
    ) -> Result<(), LoadError>
    where
        R: Paged<Answer = PostingPage>,
    {
        let mut periods = Periods::whole(from, to);
        while let Some(period) = periods.next() {
            let ended = self.pages(client.pages(request(period.from, period.to))).await;
            periods.ended(period, ended)?;
        }
        Ok(())
    }

    /// Takes every page in, while the next one is already on its way; between them people go first.
    async fn pages<R>(&mut self, mut pages: Pages<R>) -> Result<(), LoadError>
    where
        R: Paged<Answer = PostingPage>,
    {
        let (desk, keeper) = (self.desk, self.keeper);
        let mut giver = desk.courtesy.giver();
        let mut next = unless_ended(desk, keeper, pages.next()).await?;
        while let Some(page) = next {
            // The page before may have taken long.
            unless_ended(desk, keeper, std::future::ready(())).await?;
            let began = Instant::now();
            let taking = async { self.page(page).await.map(|()| began.elapsed()) };
            let (taken, following) = tokio::join!(taking, unless_ended(desk, keeper, pages.next()));
            // Waiting for Ozon is no work: it keeps nobody from anything.
            let rest = giver.rest_after(taken?);
            next = following?;
            if next.is_some() && !rest.is_zero() {
                unless_ended(desk, keeper, tokio::time::sleep(rest)).await?;
            }
        }
        Ok(())
    }

    async fn page(&mut self, page: Result<Answer<PostingPage>, ozon_api::Error>) -> Result<(), LoadError> {
        let page = page?;
        let arrival = Arrival {
            cabinet: self.cabinet.id,
            shown_by: ShownBy::List,
            read_at: page.meta.requested_at,
            postings: page.value.items.iter().map(normalise::arrived).collect(),
        };
        let became = self.desk.store.take_in(&arrival, self.desk.now(), self.run.is_none()).await?;
        self.tally.page(&became);
        // Whoever packs an order that is cancelled must know before the load's end.
        if self.run.is_some() && became.iter().any(|(_, became)| *became == Became::Updated) {
            self.desk.told_something();
        }
        if self.run.is_none() {
            self.note_days(&arrival);
        }
        self.expected = page.value.count.and_then(|n| u64::try_from(n).ok()).or(self.expected);
        let figures = self.tally.figures();
        let is_to_be_shown =
            figures.pages <= SHOWN_AT_ONCE || self.shown_at.is_none_or(|at| at.elapsed() >= SHOWN_EVERY);
        if let Some(run) = self.run
            && is_to_be_shown
        {
            self.shown_at = Some(Instant::now());
            let expected = self.expected.filter(|expected| *expected >= figures.seen);
            self.desk.store.note_progress(run, figures, expected).await?;
        }
        Ok(())
    }

    /// On which days the postings of a page began.
    fn note_days(&mut self, arrival: &Arrival) {
        let zone = self.desk.store.zone();
        for arrived in &arrival.postings {
            let began = arrived.posting.as_ref().ok().and_then(|posting| posting.details.in_process_at);
            let day = began.map(|at| at.with_timezone(&zone).date_naive());
            self.tally.began_on(&arrived.number, day);
        }
    }
}

/// The lease that a load of a cabinet holds.
pub fn lease_name(cabinet: CabinetId) -> String {
    format!("load of cabinet {cabinet}")
}
