//! What pages that stand open are told, and what they then ask for.

use std::time::Duration;

use axum::body::BodyDataStream;
use domain::OrderId;
use domain::by_hand::Act;
use futures::StreamExt;

use super::*;

/// A stream as a browser reads it.
pub(super) struct Stream {
    status: StatusCode,
    headers: header::HeaderMap,
    body: BodyDataStream,
    read: String,
}

impl Stream {
    pub(super) async fn open(panel: &Panel, path: &str, cookie: &str) -> Self {
        let request = Request::builder()
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT_ENCODING, "gzip")
            .body(Body::empty())
            .expect("a request");
        let answer = panel.site.clone().oneshot(request).await.expect("the site answers");
        let (parts, body) = answer.into_parts();
        let body = body.into_data_stream();
        Self { status: parts.status, headers: parts.headers, body, read: String::new() }
    }

    /// Reads on until these words came, with patience for a busy machine.
    pub(super) async fn until(&mut self, words: &str) {
        self.within(Duration::from_secs(10), words).await;
    }

    pub(super) async fn within(&mut self, patience: Duration, words: &str) {
        let reading = async {
            while !self.read.contains(words) {
                let bytes = self.body.next().await.expect("the stream goes on").expect("bytes");
                self.read.push_str(std::str::from_utf8(&bytes).expect("text"));
            }
        };
        let came = tokio::time::timeout(patience, reading).await;
        assert!(came.is_ok(), "“{words}” did not come, only: {}", self.read);
        self.read.clear();
    }

    /// Whether it ends within two seconds.
    async fn ends(&mut self) -> bool {
        let reading = async { while self.body.next().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(2), reading).await.is_ok()
    }
}

pub(super) async fn change(store: &Store, comment: &str) {
    let act = Act::SetComment(comment.into());
    store.act_on_order(OrderId(1), act, &domain::Actor::Command, noon()).await.expect("it is written");
}

on_both_databases! {
    async fn an_open_page_is_told_what_changes_and_how_loading_goes(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let viewer = panel.signed_in(Role::Viewer).await;
        let since = store.last_change().await.expect("an answer");
        let mut stream = Stream::open(&panel, &format!("/live?since={since}"), &viewer).await;
        assert_eq!(stream.status, StatusCode::OK);
        assert_eq!(stream.headers[header::CONTENT_TYPE], "text/event-stream");
        assert!(!stream.headers.contains_key(header::CONTENT_ENCODING), "what is compressed is kept back");
        assert_eq!(stream.headers["x-accel-buffering"], "no");
        stream.until("event: pulse").await;
        change(&store, "Позвонить ещё раз").await;
        stream.within(Duration::from_secs(2), r#"{"created":[],"changed":[1],"more":false}"#).await;
        let cabinet = store.cabinets().await.expect("an answer")[0].id;
        store.begin_run(cabinet, storage::runs::Cause::Command, noon()).await.expect("a load");
        stream.until("<progress").await;
    }

    async fn a_page_learns_what_it_missed_before_it_listened(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let empty = panel.get(at::ORDERS, &admin).await.html;
        assert!(empty.contains(r#"data-live="orders" data-since="0""#));
        panel.with_an_order().await;
        let mut stream = Stream::open(&panel, "/live?since=0", &admin).await;
        stream.until(r#"{"created":[1],"changed":[],"more":false}"#).await;
        // The first one listens already, so that another one learns it from the store alone.
        let mut second = Stream::open(&panel, "/live?since=0", &admin).await;
        second.until(r#"{"created":[1],"#).await;
        let card = panel.get("/orders/1", &admin).await.html;
        let since = store.last_change().await.expect("an answer");
        assert!(card.contains(&format!(r#"data-id="1" data-since="{since}""#)));
    }

    async fn who_missed_too_much_reads_all_again_and_nobody_is_flooded(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        for n in 0..510 {
            change(&store, &n.to_string()).await;
        }
        let admin = panel.signed_in(Role::Admin).await;
        for since in ["0", "-9223372036854775808"] {
            let mut stream = Stream::open(&panel, &format!("/live?since={since}"), &admin).await;
            stream.until(r#"{"created":[],"changed":[],"more":true}"#).await;
        }
        let mut stream = Stream::open(&panel, "/live?since=9223372036854775807", &admin).await;
        stream.until("event: pulse").await;
        change(&store, "ещё").await;
        stream.until(r#""changed":[1]"#).await;
        assert_eq!(panel.get("/live?since=x", &admin).await.status, StatusCode::BAD_REQUEST);
    }

    async fn nobody_listens_who_is_not_signed_in_and_nobody_to_too_many(store: Store) {
        let panel = Panel::new(store, None);
        for cookie in ["", "vygruzka_session=made-up"] {
            let refused = panel.get(at::LIVE, cookie).await;
            assert!(refused.status == StatusCode::NO_CONTENT && refused.html.is_empty());
        }
        let (viewer, admin) = (panel.signed_in(Role::Viewer).await, panel.signed_in(Role::Admin).await);
        let mut open = Vec::new();
        for _ in 0..4 {
            open.push(Stream::open(&panel, at::LIVE, &viewer).await);
        }
        let fifth = panel.get(at::LIVE, &viewer).await;
        assert_eq!(fifth.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(fifth.html.contains("Открыто слишком много вкладок"), "{}", fifth.html);
        assert_eq!(Stream::open(&panel, at::LIVE, &admin).await.status, StatusCode::OK);
        open.pop();
        let mut again = Stream::open(&panel, at::LIVE, &viewer).await;
        again.until("event: pulse").await;
    }

    async fn streams_end_when_the_desk_stops_and_hold_nothing_up(store: Store) {
        let panel = Panel::new(store, None);
        let admin = panel.signed_in(Role::Admin).await;
        let mut stream = Stream::open(&panel, at::LIVE, &admin).await;
        stream.until("event: pulse").await;
        panel.desk.begin_to_stop();
        stream.until("retry: 2000").await;
        assert!(stream.ends().await);
        assert!(Stream::open(&panel, at::LIVE, &admin).await.ends().await, "a late one is not held either");
    }

    async fn whoever_comes_when_all_had_gone_is_told_again(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let mut stream = Stream::open(&panel, at::LIVE, &admin).await;
        stream.until("event: pulse").await;
        drop(stream);
        tokio::time::sleep(Duration::from_millis(1500)).await;
        change(&store, "пока никто не смотрел").await;
        let since = store.last_change().await.expect("an answer");
        let mut again = Stream::open(&panel, &format!("/live?since={since}"), &admin).await;
        again.until("event: pulse").await;
        change(&store, "при всех").await;
        again.until(r#""changed":[1]"#).await;
    }

    async fn rows_are_read_again_as_the_list_has_them(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (viewer, admin) = (panel.signed_in(Role::Viewer).await, panel.signed_in(Role::Admin).await);
        let row = |html: &str| {
            let from = html.find(r#"<tr data-id="1""#).expect("the row");
            html[from..][..html[from..].find("</tr>").expect("its end")].to_owned()
        };
        for cookie in [&viewer, &admin] {
            let list = panel.get(at::ORDERS, cookie).await.html;
            let rows = panel.get("/orders/rows?ids=1,999,x,,1", cookie).await;
            assert_eq!(rows.status, StatusCode::OK);
            assert_eq!(row(&rows.html), row(&list));
            assert_eq!(rows.html.matches("data-id=").count(), 1);
        }
        assert!(!panel.get("/orders/rows?ids=1", &viewer).await.html.contains("Ёлкин"));
        assert!(!panel.get(at::ORDERS_ROWS, &admin).await.html.contains("data-id"));
    }

    async fn a_list_learns_of_orders_that_it_does_not_show_yet(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let listed = async |query: &str| {
            let answer = panel.get(&format!("/orders/news?{query}"), &admin).await;
            assert_eq!(answer.status, StatusCode::OK, "{query}");
            answer.html
        };
        let all = listed("").await;
        assert!(all.contains(r#"data-listed="1""#) && all.contains("href=\"/orders?tab=new\""), "{all}");
        assert!(listed("paid=true").await.contains(r#"data-listed="""#));
        store.act_on_order(OrderId(1), Act::SetPaid(true), &domain::Actor::Command, noon()).await.expect("it is done");
        assert!(listed("paid=true").await.contains(r#"data-listed="1""#));
        assert!(listed("from=never").await.contains(r#"data-listed="""#));
        assert_eq!(panel.get("/orders/news?until=rubbish", &admin).await.status, StatusCode::BAD_REQUEST);
    }
}
