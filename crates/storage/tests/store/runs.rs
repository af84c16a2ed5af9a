//! Loads and their figures.

use chrono::Duration;
use storage::runs::{Cause, Figures, RunError, RunState};
use storage::{PageAsk, Store};

use crate::fixture::*;

testkit::on_both_databases! {
    async fn a_complete_load_moves_the_watermark_to_its_start_and_a_failed_one_leaves_it(store: Store) {
        let id = cabinet(&store).await;
        let figures = Figures { seen: 3, created: 1, updated: 1, unchanged: 1, pages: 2, ..Figures::default() };
        let run = store.begin_run(id, Cause::Schedule, morning()).await.expect("begins");
        store.note_progress(run, Figures { seen: 2, ..Figures::default() }, Some(3)).await.expect("is noted");
        let running = store.running().await.expect("answers");
        assert_eq!((running.len(), running[0].figures.seen, running[0].expected), (1, 2, Some(3)));
        let done = store.end_run(run, figures, None, morning() + Duration::minutes(1)).await.expect("ends");
        assert_eq!((done.state, done.figures), (RunState::Done, figures));
        assert_eq!(done.finished_at, Some(morning() + Duration::minutes(1)));
        assert!(store.running().await.expect("answers").is_empty());
        assert_eq!(store.cabinet(id).await.expect("is there").watermark, Some(morning()));

        let later = morning() + Duration::hours(1);
        let error = RunError { code: "http_500".to_owned(), text: "\0boom".to_owned(), trace_id: Some("t".to_owned()), blames_key: false };
        for failures in 1..=2 {
            let run = store.begin_run(id, Cause::Panel, later).await.expect("begins");
            let failed = store.end_run(run, figures, Some(error.clone()), later).await.expect("ends");
            assert_eq!((failed.state, failed.error_code.as_deref()), (RunState::Failed, Some("http_500")));
            let cabinet = store.cabinet(id).await.expect("is there");
            assert_eq!((cabinet.watermark, cabinet.failures), (Some(morning()), failures));
            assert_eq!(cabinet.last_failure_at, Some(later));
        }
        let run = store.begin_run(id, Cause::Rest, later).await.expect("begins");
        store.end_run(run, figures, None, later).await.expect("ends");
        let cabinet = store.cabinet(id).await.expect("is there");
        assert_eq!((cabinet.watermark, cabinet.failures), (Some(later), 0));
    }

    async fn a_load_whose_process_ended_is_interrupted_when_the_next_begins(store: Store) {
        let id = cabinet(&store).await;
        let left = store.begin_run(id, Cause::Command, morning()).await.expect("begins");
        let next = store.begin_run(id, Cause::Schedule, morning() + Duration::minutes(5)).await.expect("begins");
        let interrupted = store.run(left).await.expect("is there");
        assert_eq!(interrupted.state, RunState::Interrupted);
        assert!(interrupted.finished_at.is_some());
        assert_eq!(store.run(next).await.expect("is there").state, RunState::Running);
        assert_eq!(store.last_run(id).await.expect("answers").map(|run| run.id), Some(next));
        assert_eq!(store.cabinet(id).await.expect("is there").watermark, None);
    }

    async fn a_load_that_ends_after_a_later_one_does_not_take_the_watermark_back(store: Store) {
        let id = cabinet(&store).await;
        let slow = store.begin_run(id, Cause::Schedule, morning()).await.expect("begins");
        let later = morning() + Duration::hours(1);
        let quick = store.begin_run(id, Cause::Schedule, later).await.expect("begins");
        store.end_run(quick, Figures::default(), None, later).await.expect("ends");
        store.end_run(slow, Figures::default(), None, later).await.expect("ends");
        assert_eq!(store.cabinet(id).await.expect("is there").watermark, Some(later));
    }

    async fn loads_are_listed_the_newest_first_page_by_page(store: Store) {
        let id = cabinet(&store).await;
        let mut begun = Vec::new();
        for _ in 0..5 {
            begun.push(store.begin_run(id, Cause::Schedule, morning()).await.expect("begins"));
        }
        let mut seen = Vec::new();
        let mut ask = PageAsk::first(2);
        loop {
            let page = store.runs(Some(id), &ask).await.expect("answers");
            seen.extend(page.items.iter().map(|run| run.id));
            let Some(next) = page.next else { break };
            ask.cursor = Some(next);
        }
        begun.reverse();
        assert_eq!(seen, begun);
    }
}
