//! The settings found by words, their versions and the way back, copies to other cabinets, and the file out and in.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use domain::{CabinetId, OrderId, StatusId};
use secrecy::SecretString;
use serde_json::{Value, json};
use storage::cabinets::NewCabinet;
use storage::lists::StatusDraft;
use storage::people::Role;
use storage::{PageAsk, Store};
use testkit::on_both_databases;
use tower::ServiceExt;

use super::{Panel, noon};

const PATH: &str = "/cabinets/1/settings";

on_both_databases! {
    async fn settings_are_found_by_words_without_a_script_and_the_form_stays_whole(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let viewer = panel.signed_in(Role::Viewer).await;
        let html = panel.get("/cabinets/1/settings?find=%D1%88%D1%82%D1%80%D0%B8%D1%85%D0%BA%D0%BE%D0%B4", &viewer).await.html;
        assert!(html.contains("Показано: 1 из 21"), "{html}");
        let hidden = |id: &str| {
            let tag = html.split(&format!(" id=\"{id}\"")).nth(1).and_then(|t| t.split('>').next()).unwrap_or_default();
            tag.ends_with(" hidden")
        };
        assert!(!hidden("load_barcode") && hidden("source_id") && hidden("status_map"));
        assert!(html.contains("name=\"source_id\""), "a hidden row is still sent with the form");
        assert!(panel.get("/cabinets/1/settings?find=%3Cscript%3E", &viewer).await.html.contains("Показано: 0 из 21"));
    }

    async fn every_version_tells_what_it_changed_and_an_older_one_comes_back_as_a_new_one(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (admin, viewer) = (panel.signed_in(Role::Admin).await, panel.signed_in(Role::Viewer).await);
        set(&panel, 1, json!({"status_map": {"awaiting_packaging": 2}, "load_from": "2026-10-01T04:05:06Z"})).await;
        set(&panel, 1, json!({"status_map": {"awaiting_packaging": 3}, "order_date": "imported", "load_from": "2026-01-01"})).await;
        let list = panel.get("/cabinets/1/settings/versions", &viewer).await.html;
        for number in 1..=3 {
            assert!(list.contains(&format!("href=\"/cabinets/1/settings/versions/{number}\"")), "{list}");
        }
        assert!(list.contains("загрузки в магазин") && list.contains("Настройки при добавлении кабинета"));
        let version = "/cabinets/1/settings/versions/2";
        assert!(!panel.get(version, &viewer).await.html.contains("<button class=\"primary\">Вернуться"));
        let shown = panel.get(version, &admin).await.html;
        assert!(shown.contains("<button class=\"primary\">Вернуться к этой версии"));

        let asked = panel.ask(Method::POST, "/cabinets/1/settings/versions", &admin, "number=2").await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.html.contains("Что изменится в загруженных заказах") && asked.html.contains("размещения заказа"));
        assert_eq!(latest(&panel, 1).await.0, 3, "nothing is saved before it was looked at");
        let form = format!("{}&choice=new", hidden_fields(&asked.html, "action=\"/cabinets/1/settings\""));
        let saved = panel.ask(Method::POST, PATH, &admin, &form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let (number, settings) = latest(&panel, 1).await;
        let then = panel.store.settings_step(CabinetId(1), 2).await.expect("the version").version.settings;
        assert_eq!((number, settings), (4, then), "to the second");
        let audit = panel.store.audit(&PageAsk::first(5)).await.expect("the audit").items;
        assert!(audit.iter().any(|a| a.act == "settings.restore" && a.detail == "version 4 from version 2"), "{audit:?}");

        let same = panel.ask(Method::POST, "/cabinets/1/settings/versions", &admin, "number=4").await;
        assert_eq!((same.status, same.location.as_str()), (StatusCode::SEE_OTHER, "/cabinets/1/settings/versions/4"));
        for nothing in ["number=99", "number=0"] {
            let answer = panel.ask(Method::POST, "/cabinets/1/settings/versions", &admin, nothing).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
        }
    }

    async fn what_an_old_version_names_and_is_gone_stays_as_it_is_now(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let draft = StatusDraft { name: "Временный".into(), color: "#112233".into(), ..StatusDraft::default() };
        let gone = panel.store.save_status(None, draft).await.expect("a status").id;
        set(&panel, 1, json!({"status_map": {"delivered": gone}, "order_date": "imported"})).await;
        set(&panel, 1, json!({"status_map": {"delivered": 3}, "order_date": "placed"})).await;
        panel.store.delete_status(gone).await.expect("no setting in force names it");
        let shown = panel.get("/cabinets/1/settings/versions/2", &admin).await.html;
        assert!(shown.contains("останется как сейчас") && shown.contains(&format!("№ {gone}, больше нет в списке")));
        let asked = panel.ask(Method::POST, "/cabinets/1/settings/versions", &admin, "number=2").await;
        assert!(asked.html.contains("останется как сейчас"), "{}", asked.html);
        let form = format!("{}&choice=new", hidden_fields(&asked.html, "action=\"/cabinets/1/settings\""));
        panel.ask(Method::POST, PATH, &admin, &form).await;
        let (number, settings) = latest(&panel, 1).await;
        assert_eq!((number, settings.mapped("delivered")), (4, Some(StatusId(3))));
        assert_eq!(settings.order_date, domain::settings::OrderDate::Imported);
    }

    async fn settings_are_copied_after_a_look_and_what_is_a_cabinets_own_stays(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let path = "/cabinets/1/settings/copy";
        assert!(panel.get(path, &admin).await.html.contains("Кабинет пока один"));
        for name in ["Второй", "Третий"] {
            let new = NewCabinet {
                name: name.into(),
                client_id: format!("client of {name}"),
                api_key: SecretString::from("another-key"),
                api_url: "http://127.0.0.1:9".into(),
            };
            panel.store.add_cabinet(new, noon(), "a test").await.expect("a cabinet");
        }
        let change = json!({"order_date": "imported", "send_track_numbers": true, "load_from": "2025-01-01", "also_awaiting_deliver": true});
        set(&panel, 1, change).await;
        for wrong in ["part.orders=true", "to.2=true", "to.1=true&part.orders=true", "to.9=true&load_from=true"] {
            let answer = panel.ask(Method::POST, path, &admin, wrong).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(answer.html.contains("Выберите хотя бы один"), "{wrong}");
        }
        let looked = panel.ask(Method::POST, path, &admin, "to.2=true&to.3=true&part.orders=true").await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(looked.html.contains("Скопировать в 2 кабинета") && looked.html.contains("загрузки в магазин"));
        assert_eq!((latest(&panel, 2).await.0, latest(&panel, 3).await.0), (1, 1));
        let form = format!("{}&choice=save", hidden_fields(&looked.html, "id=\"copy\""));

        // Somebody changes one of them meanwhile: that one is shown again, the other one is saved.
        set(&panel, 3, json!({"load_barcode": false})).await;
        let late = panel.ask(Method::POST, path, &admin, &form).await;
        assert!(late.status == StatusCode::OK && late.html.contains("Пока вы смотрели, настройки изменились"));
        assert!(late.html.contains("/cabinets/2/settings/effect?since=1"), "what is loaded there is asked about");
        assert!(late.html.contains("Настройки уже такие же") && late.html.contains("Скопировать в 1 кабинет"));
        let (number, second) = latest(&panel, 2).await;
        assert_eq!((number, second.order_date), (2, domain::settings::OrderDate::Imported));
        assert!(!second.send_track_numbers, "a part that was not chosen");
        assert!(second.load_from > "2026-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("a time"));
        let form = format!("{}&choice=save", hidden_fields(&late.html, "id=\"copy\""));
        let done = panel.ask(Method::POST, path, &admin, &form).await;
        assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/cabinets/1/settings/copy?saved=3.2"));
        let (number, third) = latest(&panel, 3).await;
        assert!(number == 3 && third.load_barcode && third.also_awaiting_deliver);
        assert!(panel.get(&done.location, &admin).await.html.contains("/cabinets/3/settings/effect?since=2"));
        let audit = panel.store.audit(&PageAsk::first(20)).await.expect("the audit").items;
        let copies: Vec<_> = audit.iter().filter(|a| a.act == "settings.copy").map(|a| a.subject.as_str()).collect();
        assert_eq!(copies, ["cabinet 3", "cabinet 2"]);
    }

    async fn the_file_goes_out_as_the_command_writes_it_and_comes_in_after_a_look(store: Store) {
        let panel = Panel::new(store, None);
        panel.with_an_order().await;
        let (admin, viewer) = (panel.signed_in(Role::Admin).await, panel.signed_in(Role::Viewer).await);
        let file = panel.get("/cabinets/1/settings/file/download", &viewer).await;
        let shown: Value = serde_json::from_str(&file.html).expect("JSON");
        assert_eq!(shown, serde_json::to_value(latest(&panel, 1).await.1).expect("plain values"));
        assert_eq!(file.html.trim_end(), format!("{shown:#}"));

        let path = "/cabinets/1/settings/file";
        let same = sent(&panel, path, &admin, Some(file.html.as_bytes()), "").await;
        assert!(same.0 == StatusCode::OK && same.1.contains("ничего не отличается"));
        let refused = sent(&panel, path, &viewer, None, "{}").await;
        assert_eq!(refused.0, StatusCode::FORBIDDEN);

        let wrong = "{\n  \"sourse_id\": 1,\n  \"schedule\": {\n    \"at\": \"25:99\"\n  },\n  \"source_id\": 77\n}";
        let (status, html) = sent(&panel, path, &admin, None, wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["3 ошибки", "строка 2", "строка 4", "строка 6", "1 (Ozon)", "Время как ЧЧ:ММ", "sourse_id&#34;: 1"] {
            assert!(html.contains(words), "“{words}” is not in {html}");
        }
        for (bytes, words) in [
            (b"{\"a\":".as_slice(), "Это не JSON"),
            (b"[]".as_slice(), "в фигурных скобках"),
            (b"\xff\xfe".as_slice(), "не текст в UTF-8"),
            (vec![b' '; 300 * 1024].as_slice(), "Больше 256 КБ"),
            (b"".as_slice(), "Выберите файл"),
        ] {
            let (status, html) = sent(&panel, path, &admin, Some(bytes), "").await;
            assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains(words), "“{words}” is not in {html}");
        }
        assert_eq!(latest(&panel, 1).await.0, 1, "nothing of it was saved");

        let (status, html) = sent(&panel, path, &admin, None, "{\"status_map\": {\"awaiting_packaging\": 2}}").await;
        assert!(status == StatusCode::OK && html.contains("Что изменится в загруженных заказах") && html.contains("1 заказ"));
        let form = format!("{}&choice=apply", hidden_fields(&html, "action=\"/cabinets/1/settings\""));
        let saved = panel.ask(Method::POST, PATH, &admin, &form).await;
        assert_eq!((saved.status, saved.location.as_str()), (StatusCode::SEE_OTHER, PATH));
        assert_eq!(panel.store.order(OrderId(1)).await.expect("the order").status_id, StatusId(2));
        let audit = panel.store.audit(&PageAsk::first(5)).await.expect("the audit").items;
        assert!(audit.iter().any(|a| a.act == "settings.import" && a.detail == "version 2 from a file"));
    }
}

async fn set(panel: &Panel, cabinet: i64, change: Value) {
    panel.store.apply_settings(CabinetId(cabinet), &change, "boris", noon()).await.expect("it is saved");
}

async fn latest(panel: &Panel, cabinet: i64) -> (u32, domain::Settings) {
    let version = panel.store.settings(CabinetId(cabinet)).await.expect("settings");
    (version.version, version.settings)
}

/// The hidden fields of the form that has the mark, as a browser sends them.
fn hidden_fields(html: &str, mark: &str) -> String {
    let form = html
        .split("<form")
        .find(|form| {
            form.split('>').next().is_some_and(|tag| tag.contains(mark)) && form.contains("type=\"hidden\"")
        })
        .and_then(|form| form.split("</form>").next())
        .expect("the form");
    let attribute = |tag: &str, name: &str| {
        tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
    };
    let fields: Vec<_> = form
        .split("<input type=\"hidden\"")
        .skip(1)
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect();
    serde_urlencoded::to_string(fields).expect("plain values")
}

/// Sends the form of the file.
async fn sent(
    panel: &Panel,
    path: &str,
    cookie: &str,
    file: Option<&[u8]>,
    text: &str,
) -> (StatusCode, String) {
    let mut body = Vec::new();
    if let Some(bytes) = file {
        let head = "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"s.json\"\r\nContent-Type: application/json\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    let rest =
        format!("--part\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n--part--\r\n");
    body.extend_from_slice(rest.as_bytes());
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .expect("a request");
    let answer = panel.site.clone().oneshot(request).await.expect("the site answers");
    let status = answer.status();
    let html = to_bytes(answer.into_body(), 10_000_000).await.expect("a body").to_vec();
    (status, String::from_utf8(html).expect("text"))
}
