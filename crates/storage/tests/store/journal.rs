//! The journal of loads and of push messages: every filter, and pages without loss or doubles.

use chrono::{DateTime, Duration, Utc};
use domain::{CabinetId, PostingNumber};
use storage::hooks::{MessageFilter, NewMessage, Outcome};
use storage::runs::{Cause, ErrorAsked, Figures, RunError, RunFilter, RunState};
use storage::{Error, PageAsk, Store, TimeSpan};

use crate::fixture::*;

fn hour(n: i64) -> DateTime<Utc> {
    morning() + Duration::hours(n)
}

/// From one hour to before another.
fn hours(from: i64, to: i64) -> TimeSpan {
    TimeSpan { from: Some(hour(from)), to: Some(hour(to)) }
}

fn failed(code: &str, text: &str, trace_id: Option<&str>) -> RunError {
    RunError {
        code: code.to_owned(),
        text: text.to_owned(),
        trace_id: trace_id.map(str::to_owned),
        blames_key: false,
    }
}

/// A load an hour: two failed, one interrupted, one under way; the fourth and the seventh are another cabinet's.
async fn loads(store: &Store) -> [CabinetId; 2] {
    let id = cabinet(store).await;
    let other = store.add_cabinet(new_cabinet("Сад", "200"), morning(), "test").await.expect("is added").id;
    let ends = [
        (id, Cause::Panel, None),
        (id, Cause::Schedule, Some(failed("rate_limited", "429 Too Many Requests", Some("6f1d8a")))),
        (id, Cause::Schedule, None),
        (other, Cause::Rest, None),
        (id, Cause::Schedule, None),
        (id, Cause::Rest, Some(failed("key_invalid", "100% Неверный ключ", None))),
        (other, Cause::Schedule, None),
    ];
    for (n, (cabinet, cause, error)) in (0..).zip(ends) {
        let run = store.begin_run(cabinet, cause, hour(n)).await.expect("begins");
        let end = hour(n) + Duration::minutes(1);
        if n == 4 {
            store.interrupt_run(run, Figures::default(), end).await.expect("ends");
        } else if n != 6 {
            store.end_run(run, Figures::default(), error, end).await.expect("ends");
        }
    }
    [id, other]
}

/// The hours of the loads that a filter finds, read in pages of so many.
async fn begun(store: &Store, filter: &RunFilter, limit: u64) -> Vec<i64> {
    let mut all = Vec::new();
    let mut ask = PageAsk::first(limit);
    loop {
        let page = store.runs_of(filter, &ask).await.expect("answers");
        all.extend(page.items.iter().map(|run| (run.started_at - morning()).num_hours()));
        let Some(next) = page.next else { return all };
        ask.cursor = Some(next);
    }
}

fn said(text: &str) -> RunFilter {
    RunFilter { error: Some(ErrorAsked { text: text.to_owned(), codes: Vec::new() }), ..RunFilter::default() }
}

async fn message(store: &Store, cabinet: CabinetId, n: i64, kind: &str, number: Option<&str>) {
    let came = NewMessage {
        cabinet,
        received_at: hour(n),
        message_type: kind.to_owned(),
        posting_number: number.map(str::to_owned),
        body: "{}".to_owned(),
    };
    store.keep_messages(&[came]).await.expect("is kept");
}

/// A message an hour: the first is read, the second unknown at Ozon, the third waits, the fourth is noted.
async fn messages(store: &Store) -> [CabinetId; 2] {
    let id = cabinet(store).await;
    let other = store.add_cabinet(new_cabinet("Сад", "200"), morning(), "test").await.expect("is added").id;
    message(store, id, 0, "TYPE_NEW_POSTING", Some("0105259411-0854-1")).await;
    message(store, other, 1, "TYPE_STATE_CHANGED", Some("0105259411-0854-2")).await;
    message(store, id, 2, "TYPE_STATE_CHANGED", Some("52100008811-0042-1")).await;
    message(store, id, 3, "TYPE_STOCKS_CHANGED", None).await;
    for (cabinet, number, outcome) in
        [(id, "0105259411-0854-1", Outcome::Read), (other, "0105259411-0854-2", Outcome::Unknown)]
    {
        let number = PostingNumber::new(number).expect("a literal number");
        store.read_done(cabinet, &number, hour(4), outcome, hour(4)).await.expect("is noted");
    }
    [id, other]
}

async fn came(store: &Store, filter: &MessageFilter, limit: u64) -> Vec<i64> {
    let mut all = Vec::new();
    let mut ask = PageAsk::first(limit);
    loop {
        let page = store.messages(filter, &ask).await.expect("answers");
        all.extend(page.items.iter().map(|m| (m.came.received_at - morning()).num_hours()));
        let Some(next) = page.next else { return all };
        ask.cursor = Some(next);
    }
}

testkit::on_both_databases! {
    async fn every_filter_of_loads_keeps_what_it_names_page_by_page(store: Store) {
        let [id, other] = loads(&store).await;
        let none = RunFilter::default;
        for (filter, expected) in [
            (none(), vec![6, 5, 4, 3, 2, 1, 0]),
            (RunFilter { cabinet: Some(other), ..none() }, vec![6, 3]),
            (RunFilter { state: Some(RunState::Done), ..none() }, vec![3, 2, 0]),
            (RunFilter { state: Some(RunState::Failed), ..none() }, vec![5, 1]),
            (RunFilter { state: Some(RunState::Running), ..none() }, vec![6]),
            (RunFilter { state: Some(RunState::Interrupted), ..none() }, vec![4]),
            (RunFilter { cause: Some(Cause::Rest), ..none() }, vec![5, 3]),
            (RunFilter { begun: hours(1, 4), ..none() }, vec![3, 2, 1]),
            (RunFilter { begun: TimeSpan { to: Some(hour(2)), from: None }, ..none() }, vec![1, 0]),
            (
                RunFilter {
                    cabinet: Some(id),
                    state: Some(RunState::Failed),
                    cause: Some(Cause::Rest),
                    begun: hours(5, 6),
                    ..none()
                },
                vec![5],
            ),
            (RunFilter { cabinet: Some(id), cause: Some(Cause::Schedule), ..none() }, vec![4, 2, 1]),
        ] {
            for limit in [1, 2, 200] {
                assert_eq!(begun(&store, &filter, limit).await, expected, "{filter:?} by {limit}");
            }
        }
    }

    async fn errors_are_found_by_their_words_their_code_and_ozons_trace_id(store: Store) {
        let [id, _] = loads(&store).await;
        for (typed, expected) in [
            ("too many", vec![1]),
            ("429", vec![1]),
            ("KEY_INV", vec![5]),
            ("Неверный", vec![5]),
            ("6f1d8a", vec![1]),
            ("6f1d", vec![]),
            ("100%", vec![5]),
            ("4%9", vec![]),
            ("_", vec![5, 1]),
            ("x\0y", vec![]),
        ] {
            assert_eq!(begun(&store, &said(typed), 1).await, expected, "{typed}");
        }
        let codes = vec!["rate_limited", "key_invalid"];
        let by_code = ErrorAsked { text: "лимит".to_owned(), codes };
        let by_code = RunFilter { cabinet: Some(id), error: Some(by_code), ..RunFilter::default() };
        assert_eq!(begun(&store, &by_code, 1).await, [5, 1]);
        let both = RunFilter { state: Some(RunState::Done), ..said("429") };
        assert_eq!(begun(&store, &both, 1).await, Vec::<i64>::new(), "what is done has no error");
    }

    async fn every_filter_of_messages_keeps_what_it_names_page_by_page(store: Store) {
        let [id, other] = messages(&store).await;
        let none = MessageFilter::default;
        let number = |typed: &str| MessageFilter { number: Some(typed.to_owned()), ..MessageFilter::default() };
        let kind = |kind: &str| Some(kind.to_owned());
        for (filter, expected) in [
            (none(), vec![3, 2, 1, 0]),
            (MessageFilter { cabinet: Some(other), ..none() }, vec![1]),
            (MessageFilter { outcome: Some(Outcome::Read), ..none() }, vec![0]),
            (MessageFilter { outcome: Some(Outcome::Unknown), ..none() }, vec![1]),
            (MessageFilter { outcome: Some(Outcome::Waiting), cabinet: Some(id), ..none() }, vec![2]),
            (MessageFilter { outcome: Some(Outcome::Noted), ..none() }, vec![3]),
            (MessageFilter { message_type: kind("TYPE_STATE_CHANGED"), ..none() }, vec![2, 1]),
            (MessageFilter { message_type: kind("TYPE_STATE_CHANGED"), cabinet: Some(id), ..none() }, vec![2]),
            (MessageFilter { came: hours(1, 3), ..none() }, vec![2, 1]),
            (number("0105259411-0854-1"), vec![0]),
            (number("0105259411-"), vec![1, 0]),
            (number("0105"), vec![1, 0]),
            (number("105"), vec![]),
            (MessageFilter { outcome: Some(Outcome::Unknown), came: hours(1, 2), ..number("0105") }, vec![1]),
            (MessageFilter { cabinet: Some(id), message_type: kind("TYPE_NEW_POSTING"), ..number("0105") }, vec![0]),
        ] {
            for limit in [1, 3, 200] {
                assert_eq!(came(&store, &filter, limit).await, expected, "{filter:?} by {limit}");
            }
        }
    }

    async fn a_kind_of_any_length_is_kept_and_found(store: Store) {
        let id = cabinet(&store).await;
        let long = "ТИП".repeat(3_000);
        message(&store, id, 0, &long, None).await;
        let filter = MessageFilter { message_type: Some(long), ..MessageFilter::default() };
        assert_eq!(came(&store, &filter, 1).await, [0]);
    }

    async fn a_page_stays_in_its_span_whatever_the_cursor(store: Store) {
        loads(&store).await;
        let first = store.runs_of(&RunFilter::default(), &PageAsk::first(1)).await.expect("answers");
        let ask = PageAsk { limit: 200, cursor: first.next };
        let early = RunFilter { begun: hours(0, 2), ..RunFilter::default() };
        let page = store.runs_of(&early, &ask).await.expect("answers");
        assert_eq!(page.items.len(), 2, "a cursor from after the span leads to its end");
        let ask = PageAsk { limit: 1, cursor: Some("rubbish".to_owned()) };
        assert!(matches!(store.runs_of(&early, &ask).await, Err(Error::BadCursor)));
        assert!(matches!(store.messages(&MessageFilter::default(), &ask).await, Err(Error::BadCursor)));
    }
}
