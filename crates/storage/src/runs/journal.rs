//! The journal of loads: which of them are wanted, and by what they are found.

use domain::CabinetId;
use entities::runs::{self, Column as C};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

use super::{Cause, Run, RunState};
use crate::connect::Store;
use crate::error::Result;
use crate::page::{Page, PageAsk};
use crate::search::like;
use crate::text::clean;
use crate::time_span::TimeSpan;

/// As the index `runs_not_done` has it, word for word.
const NOT_DONE: &str = "state <> 'done'";

/// Which loads are wanted.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    /// Of this cabinet.
    pub cabinet: Option<CabinetId>,
    /// That stand so.
    pub state: Option<RunState>,
    /// Brought about by this.
    pub cause: Option<Cause>,
    /// That began in this span.
    pub begun: TimeSpan,
    /// That an error stopped of which this holds.
    pub error: Option<ErrorAsked>,
}

/// What is looked for in the errors of loads.
#[derive(Clone, Debug, Default)]
pub struct ErrorAsked {
    /// Stands in the error's text or code, upper and lower case of Latin letters alike; or is Ozon's trace id.
    pub text: String,
    /// Or its code is one of these.
    pub codes: Vec<&'static str>,
}

impl RunFilter {
    /// The state that the rows are in: only a failed load has an error.
    fn state(&self) -> Option<RunState> {
        if self.error.is_some() { Some(RunState::Failed) } else { self.state }
    }

    /// Nothing can be both.
    fn contradicts_itself(&self) -> bool {
        self.error.is_some() && self.state.is_some_and(|state| state != RunState::Failed)
    }
}

impl Store {
    /// Loads of a filter, the last begun first.
    pub async fn runs_of(&self, filter: &RunFilter, ask: &PageAsk) -> Result<Page<Run>> {
        if filter.contradicts_itself() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let rows = self.journal_of_runs(filter, ask)?.all(&self.db).await?;
        let page = Page::cut(rows, ask, |row| (row.started_at, row.id));
        let items = page.items.into_iter().map(Run::try_from).collect::<Result<_>>()?;
        Ok(Page { items, next: page.next })
    }

    /// What did not end well is rare, so it leads wherever it is asked for, else the cause, else the cabinet; the indexes of the other conditions are
    /// closed by expressions that none has: SQLite has no statistics to choose by.
    fn journal_of_runs(&self, filter: &RunFilter, ask: &PageAsk) -> Result<Select<runs::Entity>> {
        let state = filter.state();
        let is_rare = state.is_some_and(|state| state != RunState::Done);
        let cause_leads = filter.cause.is_some() && !is_rare;
        let mut query = runs::Entity::find();
        if let Some(cabinet) = filter.cabinet {
            let leads = !is_rare && !cause_leads;
            let column = if leads { r#""runs"."cabinet_id""# } else { r#"(+"runs"."cabinet_id")"# };
            query = query.filter(Expr::cust(column).eq(cabinet.0));
        }
        if let Some(cause) = filter.cause {
            let column = if cause_leads { r#""runs"."cause""# } else { r#"("runs"."cause" || '')"# };
            query = query.filter(Expr::cust(column).eq(cause.word()));
        }
        if is_rare {
            query = query.filter(Expr::cust(NOT_DONE));
        }
        if let Some(state) = state {
            query = query.filter(C::State.eq(state.word()));
        }
        if let Some(error) = &filter.error {
            query = query.filter(self.says(error));
        }
        let (at, id) = (Expr::cust(r#""runs"."started_at""#), Expr::cust(r#""runs"."id""#));
        filter.begun.page_of(query, &at, &id, ask)
    }

    /// No index knows the words of errors: the failed loads are read through, which are few, until a page is full.
    fn says(&self, error: &ErrorAsked) -> Expr {
        let text = clean(&error.text);
        let word = text.to_ascii_lowercase();
        // SQLite folds Latin letters alone; PostgreSQL does the same by this collation.
        let collation = if self.is_sqlite() { "" } else { r#" COLLATE "C""# };
        let folded = |column: &str| Expr::cust(format!(r#"LOWER("runs"."{column}"{collation})"#));
        folded("error")
            .like(like(&word))
            .or(folded("error_code").like(like(&word)))
            .or(C::ErrorCode.is_in(error.codes.iter().copied()))
            .or(C::TraceId.eq(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::plans::{at, explained, store};

    #[tokio::test]
    async fn whatever_the_journal_is_asked_for_an_index_leads_to_it_without_sorting() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let none = RunFilter::default;
        let cabinet = Some(CabinetId(1));
        let begun = TimeSpan { from: Some(at()), to: Some(at()) };
        let error = Some(ErrorAsked { text: "429".into(), codes: vec!["rate_limited"] });
        for (filter, index) in [
            (none(), "runs_by_start"),
            (RunFilter { begun, ..none() }, "runs_by_start (started_at>? AND started_at<?)"),
            (RunFilter { cabinet, ..none() }, "runs_of_cabinet_by_start (cabinet_id=?"),
            (RunFilter { cause: Some(Cause::Rest), ..none() }, "runs_by_cause (cause=?"),
            (
                RunFilter { cabinet, cause: Some(Cause::Rest), begun, ..none() },
                "runs_by_cause (cause=? AND started_at>? AND started_at<?)",
            ),
            (
                RunFilter { cabinet, state: Some(RunState::Done), ..none() },
                "runs_of_cabinet_by_start (cabinet_id=?",
            ),
            (
                RunFilter { cabinet, cause: Some(Cause::Rest), state: Some(RunState::Interrupted), ..none() },
                "runs_not_done (state=?",
            ),
            (
                RunFilter { cabinet, begun, error, ..none() },
                "runs_not_done (state=? AND started_at>? AND started_at<?)",
            ),
        ] {
            for further in [false, true] {
                let ask = PageAsk { limit: 50, cursor: further.then(cursor) };
                let query = store.journal_of_runs(&filter, &ask).expect("a cursor of ours");
                let plan = explained(&store, &query).await;
                assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{index}: {plan}");
            }
        }
    }

    fn cursor() -> String {
        Page::cut(vec![(5, 1), (5, 2)], &PageAsk::first(1), |row| *row).next.expect("there is more")
    }
}
