//! The shop's lists in the panel: what is refused and where it is told to be needed, order, customers, numbers.

use super::*;
use domain::{CabinetId, StatusId};
use serde_json::json;
use storage::PageAsk;
use storage::lists::{CustomerDraft, NamedList};

const STATUSES: &str = "/lists/statuses";
const SOURCES: &str = "/lists/named/sources";
const TEMPLATE: &str = "/lists/number-template";

async fn names(store: &Store) -> Vec<String> {
    store.statuses().await.expect("an answer").into_iter().map(|status| status.name).collect()
}

async fn audited(store: &Store, act: &str) -> usize {
    let audit = store.audit(&PageAsk::first(100)).await.expect("an answer").items;
    audit.iter().filter(|entry| entry.act == act && entry.actor == "admin@example.com").count()
}

on_both_databases! {
    async fn a_status_that_is_needed_stays_and_it_is_told_by_which_orders_and_settings(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let new = store.statuses().await.expect("an answer").remove(0);
        let default = panel.ask(Method::POST, &format!("{STATUSES}/{}/delete", new.id), &admin, "").await;
        assert_eq!(default.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(default.html.contains("Статус по умолчанию удалить нельзя"));

        // Another default, so that only what refers to the status keeps it.
        panel.ask(Method::POST, STATUSES, &admin, "name=Принят&colour=%23112233&is_default=true").await;
        let used = panel.ask(Method::POST, &format!("{STATUSES}/{}/delete", new.id), &admin, "").await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(used.html.contains("Удалить нельзя: используется 2 раза"), "an order and a cabinet");
        assert!(used.html.contains(&format!("<a href=\"/orders?status={}\">1 заказ</a>", new.id)));
        assert!(used.html.contains("/cabinets/1/settings#status_map\">Кабинет «Дом и свет»: Сопоставление статусов"));
        assert!(names(&store).await.contains(&"Новый".to_owned()));

        let free = store.statuses().await.expect("an answer").into_iter().find(|s| s.name == "Принят").expect("added");
        panel.ask(Method::POST, &format!("{STATUSES}/{}", new.id), &admin, "name=Новый&colour=%23112233&is_default=true").await;
        let gone = panel.ask(Method::POST, &format!("{STATUSES}/{}/delete", free.id), &admin, "").await;
        assert_eq!((gone.status, gone.location.as_str()), (StatusCode::SEE_OTHER, STATUSES));
        assert_eq!(panel.ask(Method::POST, "/lists/statuses/999/delete", &admin, "").await.status, StatusCode::NOT_FOUND);
        for (act, times) in [("status.add", 1), ("status.change", 1), ("status.delete", 1)] {
            assert_eq!(audited(&store, act).await, times, "{act}");
        }
    }

    async fn statuses_are_moved_by_buttons_and_the_keyboard_goes_on_from_there(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let second = store.statuses().await.expect("an answer").remove(1).id;
        let moved = panel.ask(Method::POST, &format!("{STATUSES}/{second}/move"), &admin, "to=up").await;
        assert_eq!(moved.location, format!("{STATUSES}?moved={second}&to=up"));
        assert_eq!(names(&store).await[..2], ["В обработке", "Новый"]);
        panel.ask(Method::POST, &format!("{STATUSES}/{second}/move"), &admin, "to=down").await;
        let shown = panel.get(&format!("{STATUSES}?moved={second}&to=down"), &admin).await.html;
        assert_eq!(names(&store).await[..2], ["Новый", "В обработке"]);
        assert_eq!(shown.matches(" autofocus").count(), 1);
        assert_eq!(shown.matches("value=\"up\"").count(), shown.matches("value=\"down\"").count());
        assert_eq!(shown.matches(" disabled").count(), 2, "the first goes no higher and the last no lower");
        assert_eq!(audited(&store, "status.move").await, 2);
        let nowhere = panel.ask(Method::POST, &format!("{STATUSES}/{second}/move"), &admin, "").await;
        assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);
        let manager = panel.signed_in(Role::Manager).await;
        let refused = panel.ask(Method::POST, &format!("{STATUSES}/{second}/move"), &manager, "to=up").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(!panel.get(STATUSES, &manager).await.html.contains("/move"));
    }

    async fn a_name_is_one_line_of_sensible_length(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let before = names(&store).await.len();
        for name in ["x".repeat(61), "a%0Ab".to_owned(), String::new()] {
            let form = format!("name={name}&colour=%23112233");
            let refused = panel.ask(Method::POST, STATUSES, &admin, &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        assert_eq!(names(&store).await.len(), before);
        let refused = panel.ask(Method::POST, SOURCES, &admin, &format!("name={}", "x".repeat(101))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_source_of_the_installation_is_marked_and_one_that_is_needed_says_where(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let shown = panel.get(SOURCES, &admin).await.html;
        assert!(shown.contains("создан при установке") && !shown.contains("/sources/delete"));
        panel.ask(Method::POST, SOURCES, &admin, "name=Сайт").await;
        let own = store.named(NamedList::Sources).await.expect("an answer").pop().expect("added").id;
        store.apply_settings(CabinetId(1), &json!({"source_id": own}), "a test", noon()).await.expect("a right change");
        let delete = format!("{SOURCES}/delete");
        let refused = panel.ask(Method::POST, &delete, &admin, &format!("id={own}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.html.contains("/cabinets/1/settings#source_id\">Кабинет «Дом и свет»: Источник заказа при загрузке"));
        let renamed = panel.ask(Method::POST, &format!("{SOURCES}/rename"), &admin, &format!("id={own}&name=Лавка")).await;
        assert_eq!(renamed.status, StatusCode::SEE_OTHER);
        store.apply_settings(CabinetId(1), &json!({"source_id": 1}), "a test", noon()).await.expect("a right change");
        assert_eq!(panel.ask(Method::POST, &delete, &admin, &format!("id={own}")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(panel.ask(Method::POST, &delete, &admin, &format!("id={own}")).await.status, StatusCode::NOT_FOUND);
        for act in ["source.add", "source.change", "source.delete"] {
            assert_eq!(audited(&store, act).await, 1, "{act}");
        }
    }

    async fn a_customers_card_has_the_orders_page_by_page(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let draft = CustomerDraft { name: "Опт Нижний".into(), ..CustomerDraft::default() };
        let customer = store.save_customer(None, draft, noon()).await.expect("it is saved").id;
        store.apply_settings(CabinetId(1), &json!({"customer_id": customer}), "a test", noon()).await.expect("a right change");
        let arrived = (10..32).map(|n| {
            let posting = Posting { number: number(&format!("0105-00{n}-1")), ..posting() };
            Arrived { raw: n.to_string(), number: posting.number.clone(), posting: Ok(posting) }
        });
        let arrival = Arrival { cabinet: CabinetId(1), shown_by: ShownBy::List, read_at: noon(), postings: arrived.collect() };
        store.take_in(&arrival, noon(), false).await.expect("it is taken in");

        let manager = panel.signed_in(Role::Manager).await;
        let list = panel.get("/lists/customers?q=%D0%BE%D0%BF%D1%82", &manager).await.html;
        assert!(list.contains("Опт Нижний") && list.contains("<span class=\"wide-only\">22</span>"));
        let card = panel.get(&format!("/lists/customers/{customer}"), &manager).await.html;
        assert!(card.contains("22 заказа") && card.contains(&format!("/orders?customer={customer}")));
        let rows = |html: &str| html.matches("row-link").count();
        assert_eq!(rows(&card), 20);
        let from = card.find(&format!("/lists/customers/{customer}?cursor=")).expect("there is a next page");
        let next = card[from..].split(['"', '#']).next().expect("an address");
        assert_eq!(rows(&panel.get(next, &manager).await.html), 2);
        let nobody = panel.get("/lists/customers/1", &manager).await.html;
        assert!(nobody.contains("Заказов пока нет"));
        let viewer = panel.signed_in(Role::Viewer).await;
        assert_eq!(panel.get(&format!("/lists/customers/{customer}"), &viewer).await.status, StatusCode::FORBIDDEN);
    }

    async fn a_number_template_names_the_word_it_does_not_know(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let shown = panel.get(TEMPLATE, &admin).await.html;
        assert!(shown.contains("Сейчас не действует") && shown.contains("<b>1</b>"));
        let typed = panel.get(&format!("{TEMPLATE}?template=OZ-%23YEAR%23-%23NUMBER%23"), &admin).await;
        assert!(typed.html.contains("<b>OZ-2026-1</b>"));
        let typing = panel.get(&format!("{TEMPLATE}?template=%23WEEK%23"), &admin).await;
        assert_eq!(typing.status, StatusCode::OK, "what is being typed is no fault yet");
        assert!(typing.html.contains("Вместо #WEEK# подставить нечего") && !typing.html.contains("<p class=\"fault\""));
        for (template, words) in [
            ("%23WEEK%23-%23NUMBER%23", "Вместо #WEEK# подставить нечего"),
            ("OZ-%23YEAR%23", "В шаблоне должен быть #NUMBER#"),
            (&format!("%23NUMBER%23{}", "x".repeat(60)), "не длиннее 60 знаков"),
            ("", "В шаблоне должен быть #NUMBER#"),
        ] {
            let refused = panel.ask(Method::POST, TEMPLATE, &admin, &format!("template={template}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{template}");
            assert!(refused.html.contains(words), "{template}");
        }
        assert_eq!(store.number_template().await.expect("an answer"), "#NUMBER#");
        let saved = panel.ask(Method::POST, TEMPLATE, &admin, "template=+OZ-%23NUMBER%23+").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        assert_eq!(store.number_template().await.expect("an answer"), "OZ-#NUMBER#");
        assert_eq!(audited(&store, "number_template.change").await, 1);
    }

    async fn the_list_of_orders_can_be_reached_from_each_status(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let viewer = panel.signed_in(Role::Viewer).await;
        let shown = panel.get(STATUSES, &viewer).await.html;
        let new: StatusId = store.statuses().await.expect("an answer").remove(0).id;
        assert!(shown.contains(&format!("href=\"/orders?status={new}\">1 заказ</a>")));
    }
}
