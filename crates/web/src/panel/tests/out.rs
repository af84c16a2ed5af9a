//! Orders outside the panel: files, printed sheets and pick lists.

use axum::http::HeaderMap;
use domain::CabinetId;

use super::*;

/// A downloaded file; a body that breaks off is an error.
async fn download(panel: &Panel, path: &str, cookie: &str) -> (StatusCode, HeaderMap, Body) {
    let request =
        Request::builder().uri(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request");
    let answer = panel.site.clone().oneshot(request).await.expect("the site answers");
    (answer.status(), answer.headers().clone(), answer.into_body())
}

async fn csv(panel: &Panel, path: &str, cookie: &str) -> String {
    let (status, _, body) = download(panel, path, cookie).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    let bytes = to_bytes(body, 10_000_000).await.expect("a whole body");
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    text.strip_prefix('\u{feff}').expect("the mark of UTF-8").to_owned()
}

async fn takes_in(store: &Store, postings: Vec<Posting>, hours: i64) {
    let arrived = postings.into_iter().map(|posting| Arrived {
        raw: serde_json::to_string(&posting).expect("plain values"),
        number: posting.number.clone(),
        posting: Ok(posting),
    });
    let read_at = noon() + chrono::Duration::hours(hours);
    let arrival =
        Arrival { cabinet: CabinetId(1), shown_by: ShownBy::List, read_at, postings: arrived.collect() };
    store.take_in(&arrival, read_at, false).await.expect("it is taken in");
}

/// As many orders more, one page of the reader and some.
async fn with_many(panel: &Panel, count: u32) {
    let one = |n| Posting { number: number(&format!("700000{n:05}-0001-1")), ..posting() };
    takes_in(&panel.store, (0..count).map(one).collect(), 1).await;
}

on_both_databases! {
    async fn only_so_many_files_are_made_at_once_and_the_next_one_is_told_to_wait(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        with_many(&panel, 250).await;
        let manager = panel.signed_in(Role::Manager).await;
        let mut under_way = Vec::new();
        for _ in 0..crate::state::EXPORTS {
            let (status, _, body) = download(&panel, "/orders/export?format=csv", &manager).await;
            assert_eq!(status, StatusCode::OK);
            under_way.push(body);
        }
        for path in ["/orders/export?format=csv", "/orders/export?format=xlsx"] {
            let (status, headers, body) = download(&panel, path, &manager).await;
            assert_eq!((status, headers[header::RETRY_AFTER].as_bytes()), (StatusCode::SERVICE_UNAVAILABLE, &b"10"[..]));
            let page = to_bytes(body, 1_000_000).await.expect("a page");
            assert!(String::from_utf8_lossy(&page).contains("Уже готовится несколько файлов"));
        }
        // One is read to its end, one is given up.
        let whole = under_way.pop().expect("a download");
        to_bytes(whole, 10_000_000).await.expect("a whole body");
        csv(&panel, "/orders/export?format=csv", &manager).await;
        under_way.pop();
        csv(&panel, "/orders/export?format=csv", &manager).await;
    }

    async fn orders_leave_as_csv_with_texts_as_text_and_amounts_as_numbers(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let mut second = Posting { number: number("98105259411-0855-1"), ..posting() };
        second.products[0].offer_id = "=cmd|' /C calc'!A0".into();
        second.products.push(second.products[0].clone());
        second.products[1].offer_id = "a;b".into();
        takes_in(&store, vec![second], 1).await;
        let manager = panel.signed_in(Role::Manager).await;
        let (_, headers, _) = download(&panel, "/orders/export?format=csv", &manager).await;
        assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"zakazy-2026-11-23.csv\"");

        let text = csv(&panel, "/orders/export?format=csv&sort=order_date", &manager).await;
        let lines: Vec<&str> = text.split("\r\n").filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), 4, "headings, and a row a line of goods");
        assert!(lines[0].starts_with("\"Номер заказа\";\"Номер отправления\";"), "{}", lines[0]);
        let first = lines.iter().find(|line| line.contains("SK-58")).expect("the first order");
        assert!(first.contains(";\"160249683\";"), "{first}");
        assert!(first.contains(r#""1530,00";"RUB";"3060,00";"RUB""#), "{first}");
        assert!(first.contains("2026-11-23 12:00"), "times are the shop's");
        for word in PERSONAL {
            assert!(first.contains(word), "a manager does not find “{word}”");
        }
        assert!(first.contains(";\"'+79031234567\";"), "a phone is no formula");
        assert!(text.contains(";\"'=cmd|' /C calc'!A0\";") && text.contains(";\"a;b\";"));
        let of_second = lines.iter().filter(|line| line.contains("98105259411-0855-1")).count();
        assert_eq!(of_second, 2, "the order's own columns are in each of its rows");
    }

    async fn a_viewers_file_has_no_columns_of_persons(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let viewer = panel.signed_in(Role::Viewer).await;
        let text = csv(&panel, "/orders/export", &viewer).await;
        assert!(text.contains("98105259411-0854-2") && text.contains("SK-58"));
        for word in PERSONAL.iter().chain(&["Получатель", "Телефон", "Комментарий"]) {
            assert!(!text.contains(word), "the file tells a viewer “{word}”");
        }
        let found = csv(&panel, "/orders/export?q=9031234567", &viewer).await;
        assert!(!found.contains("98105259411"), "a search tells whose phone it is");
    }

    async fn an_export_follows_the_filter_or_the_picked_orders_and_goes_to_the_audit(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let has_order = |text: &str| text.contains("98105259411-0854-2");
        assert!(!has_order(&csv(&panel, "/orders/export?format=csv&paid=true", &admin).await));
        assert!(has_order(&csv(&panel, "/orders/export?format=csv&paid=false&q=9031234567", &admin).await));
        // The form of picked orders holds a status to move them to, which is no filter.
        assert!(has_order(&csv(&panel, "/orders/export?back=%2Forders&ids=1&status=5&format=csv", &admin).await));
        assert!(!has_order(&csv(&panel, "/orders/export?ids=999", &admin).await));
        let told = store.audit(&storage::PageAsk::first(50)).await.expect("answers").items;
        let exports: Vec<_> = told.iter().filter(|entry| entry.act == "orders.export").collect();
        assert_eq!(exports.len(), 4);
        assert!(exports.iter().all(|e| e.actor == "admin@example.com" && e.subject == "csv"));
        assert!(exports[3].detail.contains("paid=true") && exports[1].detail.contains("1 picked: 1"));
        assert!(exports.iter().all(|e| !e.detail.contains("9031234567")), "a search may be for a person");

        for nonsense in ["ids=x", "ids=", "format=exe", "from=yesterday"] {
            let answer = panel.get(&format!("/orders/export?{nonsense}"), &admin).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}");
        }
        let nothing = panel.get("/orders/export?back=%2Forders%3Fpaid%3Dtrue&status=1&format=csv", &admin).await;
        assert_eq!((nothing.status, nothing.location.as_str()), (StatusCode::SEE_OTHER, "/orders?paid=true"));
    }

    async fn many_orders_are_read_page_by_page_and_none_is_lost(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        with_many(&panel, 230).await;
        let admin = panel.signed_in(Role::Admin).await;
        let text = csv(&panel, "/orders/export?format=csv", &admin).await;
        let mut numbers: Vec<&str> = text.split("\r\n").skip(1).filter_map(|line| line.split(';').next()).collect();
        numbers.retain(|number| !number.is_empty());
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 231);

        let (status, headers, body) = download(&panel, "/orders/export?format=xlsx", &admin).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"zakazy-2026-11-23.xlsx\"");
        let bytes = to_bytes(body, 10_000_000).await.expect("a whole body");
        assert!(bytes.starts_with(b"PK\x03\x04") && bytes.len() > 4_000);
    }

    async fn an_export_that_fails_on_the_way_never_looks_whole(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        with_many(&panel, 230).await;
        let admin = panel.signed_in(Role::Admin).await;
        let (status, _, body) = download(&panel, "/orders/export?format=csv", &admin).await;
        assert_eq!(status, StatusCode::OK);
        // The first rows are read; then the database is gone.
        store.close().await.expect("it closes");
        assert!(to_bytes(body, 10_000_000).await.is_err(), "the file ends as if it were whole");
    }

    async fn a_pick_list_counts_pieces_and_leaves_out_what_ozon_cancelled(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let second = Posting { number: number("98105259411-0855-1"), ..posting() };
        takes_in(&store, vec![second.clone()], 1).await;
        let viewer = panel.signed_in(Role::Viewer).await;
        let list = panel.get("/orders/pick-list", &viewer).await.html;
        assert!(list.contains("2 заказа, 4 штуки") && list.contains("<b>SK-58</b>"), "{list}");
        assert!(list.contains("Все неотгруженные заказы"), "paper says of what it is the list");
        assert!(list.contains("98105259411-0854-2") && list.contains("98105259411-0855-1"));
        let one = panel.get("/orders/pick-list?ids=1", &viewer).await.html;
        assert!(one.contains("1 заказ, 2 штуки") && !one.contains("98105259411-0855-1"));
        assert!(one.contains("Отмеченные заказы"));
        let asked = "tab=new&paid=false&scheme=fbs&from=2026-11-01&customer=1&q=SK-58";
        let filtered = panel.get(&format!("/orders/pick-list?{asked}"), &viewer).await.html;
        let told = "<b>Новые · FBS · Не оплачен · с 1 нояб. · «SK-58»</b>";
        assert!(filtered.contains(told), "a viewer is told of no customer: {filtered}");

        // Cancelled at Ozon when somebody works it already.
        let working = store.statuses().await.expect("answers")[1].id;
        let act = domain::by_hand::Act::SetStatus(working);
        store.act_on_order(domain::OrderId(1), act, &domain::Actor::Command, noon()).await.expect("is done");
        takes_in(&store, vec![Posting { status: OzonStatus::Cancelled, ..posting() }], 2).await;
        let list = panel.get("/orders/pick-list", &viewer).await.html;
        assert!(list.contains("1 заказ, 2 штуки") && list.contains("1 заказ отменён в Ozon"), "{list}");
        assert!(!list.contains("98105259411-0854-2"));
        takes_in(&store, vec![Posting { status: OzonStatus::Delivering, ..second }], 2).await;
        let list = panel.get("/orders/pick-list?ids=1&ids=2", &viewer).await.html;
        assert!(list.contains("Собирать нечего") && list.contains("1 заказ уже отгружен"), "{list}");
    }

    async fn a_pick_list_is_for_two_hundred_orders_and_says_so_when_there_are_more(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let viewer = panel.signed_in(Role::Viewer).await;
        with_many(&panel, 199).await;
        let list = panel.get("/orders/pick-list", &viewer).await.html;
        assert!(list.contains("200 заказов, 400 штук") && !list.contains("не все заказы"), "{list}");
        let more = Posting { number: number("98105259411-0855-1"), ..posting() };
        takes_in(&panel.store, vec![more], 2).await;
        let list = panel.get("/orders/pick-list", &viewer).await.html;
        assert!(list.contains("200 заказов") && list.contains("не все заказы"), "{list}");
    }

    async fn a_printed_order_has_its_goods_and_its_persons_for_whoever_may_see_them(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (viewer, manager) = (panel.signed_in(Role::Viewer).await, panel.signed_in(Role::Manager).await);
        let sheet = panel.get("/orders/1/print", &manager).await.html;
        for word in PERSONAL.iter().chain(&["98105259411-0854-2", "SK-58", "data-print", "class=\"sheet\""]) {
            assert!(sheet.contains(word), "“{word}” is not on the sheet");
        }
        assert!(!sheet.contains("<script>alert"));
        let sheet = panel.get("/orders/1/print", &viewer).await.html;
        assert!(sheet.contains("SK-58"));
        for word in PERSONAL {
            assert!(!sheet.contains(word), "the sheet tells a viewer “{word}”");
        }
        assert_eq!(panel.get("/orders/999/print", &viewer).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_list_and_the_card_lead_to_files_and_paper_with_the_same_filter(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let list = panel.get("/orders?paid=false&sort=total", &admin).await.html;
        for href in ["/orders/export?paid=false&#38;sort=total&#38;format=csv", "/orders/pick-list?paid=false&#38;sort=total"] {
            assert!(list.contains(href), "{href} is not on the list");
        }
        assert!(list.contains("formaction=\"/orders/pick-list\""), "picked orders have a pick list too");
        assert!(!panel.get("/orders?paid=true", &admin).await.html.contains("/orders/export?"), "nothing is there to export");
        assert!(panel.get("/orders/1", &admin).await.html.contains("href=\"/orders/1/print\""));
    }
}
