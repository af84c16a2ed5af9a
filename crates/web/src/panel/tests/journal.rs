//! The journal: loads and push messages, what of them is asked for, and who sees what Ozon wrote.

use super::*;
use domain::CabinetId;
use storage::hooks::NewMessage;
use storage::runs::{Cause, Figures, RunError};

/// One load a day up to today, the oldest first: by hand, failed by schedule, from the command line and over at once.
async fn loads(store: &Store) {
    let error = RunError {
        code: "rate_limited".into(),
        text: "429 Too Many Requests".into(),
        trace_id: Some("6f1d8a".into()),
        blames_key: false,
    };
    let figures = Figures { seen: 612, ..Figures::default() };
    for (back, cause, error, millis) in [
        (2, Cause::Panel, None, 3_000),
        (1, Cause::Schedule, Some(error), 125_000),
        (0, Cause::Command, None, 400),
    ] {
        let begun = noon() - chrono::Duration::days(back);
        let run = store.begin_run(CabinetId(1), cause, begun).await.expect("begins");
        let end = begun + chrono::Duration::milliseconds(millis);
        store.end_run(run, figures, error, end).await.expect("ends");
    }
}

async fn message(store: &Store, minutes: i64, kind: &str, number: Option<&str>) {
    let came = NewMessage {
        cabinet: CabinetId(1),
        received_at: noon() - chrono::Duration::minutes(minutes),
        message_type: kind.into(),
        posting_number: number.map(str::to_owned),
        body: r#"{"said":"<b>by Ozon</b>"}"#.into(),
    };
    store.keep_messages(&[came]).await.expect("is kept");
}

/// The rows of the list alone.
fn table(html: &str) -> &str {
    html.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default()
}

/// The address of the next page.
fn older(html: &str) -> Option<String> {
    let mut links = html.split("href=\"").skip(1).filter_map(|part| part.split('"').next());
    Some(links.find(|link| link.contains("cursor="))?.replace("&#38;", "&").replace("&amp;", "&"))
}

on_both_databases! {
    async fn loads_are_found_by_result_cause_day_and_the_words_of_their_error(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let viewer = panel.signed_in(Role::Viewer).await;
        let empty = panel.get("/runs", &viewer).await.html;
        assert!(empty.contains("Загрузок ещё не было") && !empty.contains("name=\"state\""));
        loads(&store).await;
        let all = panel.get("/runs", &viewer).await.html;
        for told in ["Из командной строки", "По расписанию", "Вручную", "Ozon просит обращаться реже", "429 Too Many Requests", "&#60; 1\u{a0}с",
            "2\u{a0}мин", "href=\"/runs/messages\""]
        {
            assert!(all.contains(told), "the journal does not tell “{told}”");
        }
        assert!(table(&all).contains("nought") && !table(&all).contains("cursor="));
        let by_hand = "<td class=\"c-cause\" title=\"Вручную\">";
        for (query, many, holds) in [
            ("state=done", 2, by_hand),
            ("state=failed", 1, "По расписанию"),
            ("state=running", 0, ""),
            ("cause=panel", 1, by_hand),
            ("cause=command&state=done&cabinet=1", 1, "Из командной строки"),
            ("cabinet=7", 0, ""),
            ("from=2026-11-21&to=2026-11-21", 1, by_hand),
            ("from=2026-11-22", 2, "Из командной строки"),
            ("q=too+many", 1, "По расписанию"),
            // «ПРОСИТ»: as the panel tells it.
            ("q=%D0%9F%D0%A0%D0%9E%D0%A1%D0%98%D0%A2", 1, "По расписанию"),
            ("q=6f1d8a", 1, "По расписанию"),
            ("q=429&state=done", 0, ""),
            ("q=nothing+of+the+kind", 0, ""),
        ] {
            let html = panel.get(&format!("/runs?{query}"), &viewer).await.html;
            let rows = table(&html).matches("class=\"c-start\"").count();
            assert_eq!(rows, many, "{query}");
            assert!(table(&html).contains(holds), "{query}");
            assert_eq!(html.contains("Ничего не найдено"), many == 0, "{query}");
            assert!(html.contains("Снять фильтр"), "{query}");
        }
        let wrong = panel.get("/runs?from=2026-11-22&to=2026-11-01&q=%3Cb%3E", &viewer).await.html;
        assert!(wrong.contains("ГГГГ-ММ-ДД") && wrong.contains("value=\"2026-11-22\""));
        assert!(!wrong.contains("<b>\""), "what was typed is kept and escaped");
    }

    async fn older_loads_are_read_with_the_same_filter(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        for n in 0..51 {
            let begun = noon() - chrono::Duration::minutes(n);
            let run = store.begin_run(CabinetId(1), Cause::Rest, begun).await.expect("begins");
            store.end_run(run, Figures::default(), None, begun).await.expect("ends");
        }
        loads(&store).await;
        let admin = panel.signed_in(Role::Admin).await;
        let first = panel.get("/runs?cause=rest&state=done", &admin).await.html;
        let next = older(&first).expect("a next page");
        assert!(next.contains("cause=rest") && next.contains("state=done"), "{next}");
        let last = panel.get(&next, &admin).await.html;
        assert_eq!(table(&last).matches("class=\"c-start\"").count(), 1);
        assert!(older(&last).is_none());
    }

    async fn push_messages_of_all_cabinets_are_found_and_only_who_may_reads_ozons_words(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let (viewer, manager) = (panel.signed_in(Role::Viewer).await, panel.signed_in(Role::Manager).await);
        assert!(panel.get("/runs/messages", &viewer).await.html.contains("Уведомлений нет"));
        message(&store, 3, "TYPE_NEW_POSTING", Some("98105259411-0854-2")).await;
        message(&store, 2, "TYPE_STATE_CHANGED", Some("98105259411-0854-3")).await;
        message(&store, 1, "TYPE_STOCKS_CHANGED", None).await;
        let all = panel.get("/runs/messages", &viewer).await.html;
        for told in ["Новое отправление", "Сменился статус", "TYPE_STOCKS_CHANGED", "Отправление будет прочитано", "Принято к сведению"] {
            assert!(table(&all).contains(told), "the journal does not tell “{told}”");
        }
        assert!(table(&all).contains("href=\"/search?q=98105259411-0854-2\""));
        assert!(!all.contains("by Ozon"), "a viewer reads what Ozon wrote");
        let shown = panel.get("/runs/messages", &manager).await.html;
        assert!(shown.contains("by Ozon") && !shown.contains("<b>by Ozon"));
        for (query, many) in [
            ("number=98105259411", 2),
            ("number=98105259411-0854-3", 1),
            ("number=8105259411", 0),
            ("kind=TYPE_STATE_CHANGED", 1),
            ("kind=TYPE_STOCKS_CHANGED", 1),
            ("outcome=waiting", 2),
            ("outcome=noted&cabinet=1", 1),
            ("outcome=read", 0),
            ("cabinet=7", 0),
            ("from=2026-11-23&to=2026-11-23", 3),
            ("to=2026-11-22", 0),
        ] {
            let html = panel.get(&format!("/runs/messages?{query}"), &viewer).await.html;
            assert_eq!(table(&html).matches("class=\"c-outcome\"").count(), many, "{query}");
            assert_eq!(html.contains("Ничего не найдено"), many == 0, "{query}");
        }
        let of_cabinet = panel.get("/cabinets/1/messages", &viewer).await.html;
        assert!(of_cabinet.contains("Новое отправление") && !of_cabinet.contains("by Ozon"));
        assert!(of_cabinet.contains("href=\"/runs/messages?cabinet=1\""));
    }

    async fn nonsense_asked_of_the_journal_is_never_our_fault(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        loads(&store).await;
        message(&store, 1, "TYPE_NEW_POSTING", Some("98105259411-0854-2")).await;
        let admin = panel.signed_in(Role::Admin).await;
        for path in ["/runs?state=x&cause=y&cabinet=z", "/runs?cursor=!!", "/runs?from=9999-12-31&to=9999-12-31", "/runs?q=%00%25_%5C",
            "/runs?to=262142-12-31", "/runs/messages?outcome=x&kind=%00&cabinet=z", "/runs/messages?cursor=zz",
            "/runs/messages?number=%00%FF", "/runs/messages?from=-1-1-1"]
        {
            let answer = panel.get(path, &admin).await;
            assert!(!answer.status.is_server_error(), "{path} is answered {}", answer.status);
            assert!(answer.html.contains("<h1"), "{path} says nothing in words: {}", answer.html);
        }
    }
}
