//! Loads and their figures.

mod journal;

use chrono::{DateTime, Utc};
use domain::{CabinetId, RunId};
use entities::{cabinets, runs};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::news::{self, Detail, NewsKind};
use crate::page::{Page, PageAsk};
use crate::text::clean;

pub use journal::{ErrorAsked, RunFilter};

/// What brought a load about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The schedule.
    Schedule,
    /// "Загрузить сейчас" in the panel.
    Panel,
    /// A program.
    Rest,
    /// The command line.
    Command,
    /// More push messages of Ozon's than are worth a reading each.
    Push,
    /// A comparison of Ozon's list with the store.
    Reconciliation,
}

/// Where a load stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Under way.
    Running,
    /// Complete.
    Done,
    /// Stopped by an error; the next one repeats it.
    Failed,
    /// The process ended in the middle of it; the next one repeats it.
    Interrupted,
}

macro_rules! words {
    ($kind:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that the table and REST use.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(crate) fn from_word(word: &str) -> Result<Self> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    other => Err(Error::Corrupt(format!("`{other}` in the table of loads"))),
                }
            }
        }
    };
}

impl Cause {
    /// Whether the schedule counts from such a load: one that we begin for reasons of our own leaves it as it is.
    pub fn counts_for_schedule(self) -> bool {
        !matches!(self, Self::Push | Self::Reconciliation)
    }
}

words!(Cause {
    Schedule = "schedule",
    Panel = "panel",
    Rest = "rest",
    Command = "command",
    Push = "push",
    Reconciliation = "reconciliation",
});
words!(RunState { Running = "running", Done = "done", Failed = "failed", Interrupted = "interrupted" });

/// What a load counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Distinct postings that Ozon showed.
    pub seen: u64,
    /// Orders made.
    pub created: u64,
    /// Orders changed.
    pub updated: u64,
    /// Orders that stayed as they were.
    pub unchanged: u64,
    /// Postings without an order.
    pub skipped: u64,
    /// Postings that could not be read; they are kept and do not fail the load.
    pub failed: u64,
    /// Pages read.
    pub pages: u64,
}

/// One load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The cabinet.
    pub cabinet_id: CabinetId,
    /// What brought it about.
    pub cause: Cause,
    /// Where it stands.
    pub state: RunState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// What it counted so far.
    pub figures: Figures,
    /// About how many postings it will see.
    pub expected: Option<u64>,
    /// The code of the error that stopped it.
    pub error_code: Option<String>,
    /// The error in English.
    pub error: Option<String>,
    /// Ozon's trace id of the answer that stopped it.
    pub trace_id: Option<String>,
}

/// The error that stopped a load.
#[derive(Clone, Debug)]
pub struct RunError {
    /// A stable code.
    pub code: String,
    /// In English.
    pub text: String,
    /// Ozon's trace id.
    pub trace_id: Option<String>,
    /// The cabinet's key is to blame: that is news of its own.
    pub blames_key: bool,
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn cell(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl TryFrom<runs::Model> for Run {
    type Error = Error;
    fn try_from(row: runs::Model) -> Result<Self> {
        Ok(Self {
            id: RunId(row.id),
            cabinet_id: CabinetId(row.cabinet_id),
            cause: Cause::from_word(&row.cause)?,
            state: RunState::from_word(&row.state)?,
            started_at: instant(row.started_at),
            finished_at: row.finished_at.map(instant),
            figures: Figures {
                seen: count(row.seen),
                created: count(row.created),
                updated: count(row.updated),
                unchanged: count(row.unchanged),
                skipped: count(row.skipped),
                failed: count(row.failed),
                pages: count(row.pages),
            },
            expected: row.expected.map(count),
            error_code: row.error_code,
            error: row.error,
            trace_id: row.trace_id,
        })
    }
}

/// As the index `runs_running` has it, word for word, so that no load of the past is looked at.
const RUNNING: &str = "state = 'running'";

fn under_way() -> Select<runs::Entity> {
    runs::Entity::find().filter(Expr::cust(RUNNING)).order_by_asc(runs::Column::CabinetId)
}

/// How SQLite goes about the loads under way, in its own words.
#[cfg(test)]
pub(crate) async fn under_way_plan(store: &Store) -> String {
    crate::orders::plans::explained(store, &under_way()).await
}

impl Store {
    /// Begins a load. One that an ended process left as running becomes "interrupted": the caller holds the cabinet's
    /// lease, so nobody is at it any more.
    pub async fn begin_run(&self, cabinet: CabinetId, cause: Cause, now: DateTime<Utc>) -> Result<RunId> {
        self.write(|tx, _| {
            Box::pin(async move {
                runs::Entity::update_many()
                    .col_expr(runs::Column::State, Expr::value(RunState::Interrupted.word()))
                    .col_expr(runs::Column::FinishedAt, Expr::value(micros(now)))
                    .filter(runs::Column::CabinetId.eq(cabinet.0))
                    .filter(Expr::cust(RUNNING))
                    .exec(tx)
                    .await?;
                let row = runs::ActiveModel {
                    cabinet_id: Set(cabinet.0),
                    cause: Set(cause.word().to_owned()),
                    state: Set(RunState::Running.word().to_owned()),
                    started_at: Set(micros(now)),
                    seen: Set(0),
                    created: Set(0),
                    updated: Set(0),
                    unchanged: Set(0),
                    skipped: Set(0),
                    failed: Set(0),
                    pages: Set(0),
                    ..Default::default()
                };
                Ok(RunId(runs::Entity::insert(row).exec_with_returning(tx).await?.id))
            })
        })
        .await
    }

    /// Shows how far a load has come.
    pub async fn note_progress(&self, run: RunId, figures: Figures, expected: Option<u64>) -> Result<()> {
        let row =
            runs::ActiveModel { id: Set(run.0), expected: Set(expected.map(cell)), ..figures_of(figures) };
        row.update(&self.db).await?;
        Ok(())
    }

    /// Ends a load: a complete one moves the cabinet's watermark to its start, a failed one leaves it and is counted.
    pub async fn end_run(
        &self,
        run: RunId,
        figures: Figures,
        error: Option<RunError>,
        now: DateTime<Utc>,
    ) -> Result<Run> {
        let error = &error;
        self.write(|tx, _| {
            Box::pin(async move {
                let row = runs::Entity::find_by_id(run.0).one(tx).await?.ok_or(Error::NotFound)?;
                let mut cabinet = crate::cabinets::locked(tx, CabinetId(row.cabinet_id)).await?;
                let state = if error.is_some() { RunState::Failed } else { RunState::Done };
                let failures = if error.is_some() { cabinet.failures.saturating_add(1) } else { 0 };
                let last_failure_at = error.as_ref().map(|_| micros(now)).or(cabinet.last_failure_at.take());
                let watermark = cabinet.watermark.take();
                // A load that ends after a later one has done takes nothing back.
                let watermark =
                    if error.is_some() { watermark } else { std::cmp::max(watermark, Some(row.started_at)) };
                let scheduled_from = if error.is_none() && Cause::from_word(&row.cause)?.counts_for_schedule()
                {
                    std::cmp::max(cabinet.scheduled_from, Some(row.started_at))
                } else {
                    cabinet.scheduled_from
                };
                let change = cabinets::ActiveModel {
                    id: Set(cabinet.id),
                    scheduled_from: Set(scheduled_from),
                    failures: Set(failures),
                    last_failure_at: Set(last_failure_at),
                    watermark: Set(watermark),
                    ..Default::default()
                };
                change.update(tx).await?;
                incident(tx, &cabinet, &row, error.as_ref(), now).await?;
                let change = runs::ActiveModel {
                    id: Set(run.0),
                    state: Set(state.word().to_owned()),
                    finished_at: Set(Some(micros(now))),
                    error_code: Set(error.as_ref().map(|e| clean(&e.code))),
                    error: Set(error.as_ref().map(|e| clean(&e.text))),
                    trace_id: Set(error.as_ref().and_then(|e| e.trace_id.as_deref().map(clean))),
                    ..figures_of(figures)
                };
                change.update(tx).await?.try_into()
            })
        })
        .await
    }

    /// Ends a load because the process is to end: it counts neither as complete nor as failed.
    pub async fn interrupt_run(&self, run: RunId, figures: Figures, now: DateTime<Utc>) -> Result<Run> {
        let change = runs::ActiveModel {
            id: Set(run.0),
            state: Set(RunState::Interrupted.word().to_owned()),
            finished_at: Set(Some(micros(now))),
            ..figures_of(figures)
        };
        change.update(&self.db).await?.try_into()
    }

    /// One load.
    pub async fn run(&self, run: RunId) -> Result<Run> {
        runs::Entity::find_by_id(run.0).one(&self.db).await?.ok_or(Error::NotFound)?.try_into()
    }

    /// Loads, the newest first.
    pub async fn runs(&self, cabinet: Option<CabinetId>, ask: &PageAsk) -> Result<Page<Run>> {
        let mut query = runs::Entity::find().order_by_desc(runs::Column::Id).limit(ask.rows() + 1);
        if let Some(cabinet) = cabinet {
            query = query.filter(runs::Column::CabinetId.eq(cabinet.0));
        }
        if let Some((_, id)) = ask.after()? {
            query = query.filter(runs::Column::Id.lt(id));
        }
        let rows: Vec<Run> =
            query.all(&self.db).await?.into_iter().map(Run::try_from).collect::<Result<_>>()?;
        Ok(Page::cut(rows, ask, |run| (0, run.id.0)))
    }

    /// The newest load of a cabinet.
    pub async fn last_run(&self, cabinet: CabinetId) -> Result<Option<Run>> {
        Ok(self.runs(Some(cabinet), &PageAsk::first(1)).await?.items.pop())
    }

    /// The loads under way.
    pub async fn running(&self) -> Result<Vec<Run>> {
        let rows = under_way().all(&self.steady).await?;
        rows.into_iter().map(Run::try_from).collect()
    }
}

/// The first failed load begins an incident, the next complete one ends it; each is news once.
async fn incident(
    tx: &DatabaseTransaction,
    cabinet: &cabinets::Model,
    run: &runs::Model,
    error: Option<&RunError>,
    now: DateTime<Utc>,
) -> Result<()> {
    let blames_key = error.is_some_and(|error| error.blames_key);
    let (kind, detail, incident_at) = match (error, cabinet.incident_at) {
        (Some(error), None) => {
            let (code, text) = (Some(error.code.clone()), Some(error.text.clone()));
            let since = Some(instant(run.started_at));
            (NewsKind::LoadsFail, Detail { code, error: text, since, ..Detail::default() }, Some(micros(now)))
        }
        (None, Some(since)) => {
            (NewsKind::LoadsWell, Detail { since: Some(instant(since)), ..Detail::default() }, None)
        }
        (Some(_), Some(_)) | (None, None) => return Ok(()),
    };
    let change =
        cabinets::ActiveModel { id: Set(cabinet.id), incident_at: Set(incident_at), ..Default::default() };
    change.update(tx).await?;
    if blames_key {
        return Ok(());
    }
    news::write(tx, CabinetId(cabinet.id), vec![(kind, None, detail)], now).await
}

fn figures_of(figures: Figures) -> runs::ActiveModel {
    runs::ActiveModel {
        seen: Set(cell(figures.seen)),
        created: Set(cell(figures.created)),
        updated: Set(cell(figures.updated)),
        unchanged: Set(cell(figures.unchanged)),
        skipped: Set(cell(figures.skipped)),
        failed: Set(cell(figures.failed)),
        pages: Set(cell(figures.pages)),
        ..Default::default()
    }
}
