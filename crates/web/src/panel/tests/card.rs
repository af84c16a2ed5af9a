//! The card of an order as a place of work: whose it is, what is said under it, and the way through the list.

use super::*;
use storage::lists::{CustomerDraft, NamedList};

const ACT: &str = "/orders/1/act";

impl Panel {
    /// A POST that is answered with the way back to a card.
    async fn does(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let answer = self.ask(Method::POST, path, cookie, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.html);
        answer
    }

    /// The order as the store has it.
    async fn first_order(&self) -> domain::Order {
        self.store.order(domain::OrderId(1)).await.expect("an order")
    }

    /// Two more orders, the newer and the older one of which are unpaid like the first.
    async fn with_orders_around(&self) {
        let around = [("10000000001-0001-1", 2), ("10000000002-0001-1", -2)].map(|(text, hours)| {
            let mut beside = Posting { number: number(text), customer: None, recipient: None, ..posting() };
            beside.details.in_process_at = Some(noon() + chrono::Duration::hours(hours));
            let raw = serde_json::to_string(&beside).expect("plain values");
            Arrived { number: beside.number.clone(), raw, posting: Ok(beside) }
        });
        let cabinet = domain::CabinetId(1);
        let arrival = Arrival { cabinet, shown_by: ShownBy::List, read_at: noon(), postings: around.into() };
        self.store.take_in(&arrival, noon(), false).await.expect("they are taken in");
    }
}

/// What a note over the page says, by its cookie.
fn noted(answer: &Answer, word: &str) -> bool {
    answer.cookies.iter().any(|cookie| cookie.contains(word))
}

on_both_databases! {
    async fn an_order_is_taken_given_and_found_by_its_manager(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let (manager, admin) = (panel.signed_in(Role::Manager).await, panel.signed_in(Role::Admin).await);
        let id_of = async |email: &str| {
            store.user_by_email(email).await.expect("an answer").expect("a user").0.id
        };
        let me = id_of("manager@example.com").await;
        assert!(panel.get("/orders/1", &manager).await.html.contains("Взять себе"));
        panel.does(ACT, &manager, "manager=&take=true").await;
        assert_eq!(panel.first_order().await.manager, Some(me));
        let card = panel.get("/orders/1", &manager).await.html;
        assert!(card.contains("Менеджер: manager@example.com") && !card.contains("Взять себе"));
        let listed = |html: &str| html.contains("98105259411-0854-2");
        assert!(listed(&panel.get(&format!("/orders?manager={me}"), &admin).await.html));
        assert!(!listed(&panel.get("/orders?manager=none", &admin).await.html));

        let viewer = panel.signed_in(Role::Viewer).await;
        let refused = panel.does(ACT, &admin, &format!("manager={}", id_of("viewer@example.com").await)).await;
        assert!(noted(&refused, "manager-gone"), "a viewer cannot work an order");
        assert_eq!(panel.first_order().await.manager, Some(me));
        assert!(panel.get("/orders/1", &viewer).await.html.contains("manager@example.com"));

        store.disable_user(me, noon()).await.expect("is done");
        let same = panel.does(ACT, &admin, &format!("manager={me}")).await;
        assert!(noted(&same, "unchanged"), "who has it may stay though the door is closed");
        panel.does(ACT, &admin, "manager=").await;
        assert_eq!(panel.first_order().await.manager, None);
        let odd = panel.ask(Method::POST, ACT, &admin, "manager=anna").await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    }

    async fn people_talk_under_an_order_and_a_viewer_hears_nothing(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let (manager, admin) = (panel.signed_in(Role::Manager).await, panel.signed_in(Role::Admin).await);
        panel.does("/orders/1/comments", &manager, "text=%3Cb%3E%D0%A1%D0%B8%D0%B4%D0%BE%D1%80%D0%BE%D0%B2%D0%B0%3C%2Fb%3E").await;
        let empty = panel.does("/orders/1/comments", &manager, "text=+%0D%0A").await;
        assert!(noted(&empty, "comment-empty"));
        let card = panel.get("/orders/1", &admin).await.html;
        assert!(card.contains("&#60;b&#62;Сидорова") && !card.contains("<b>Сидорова"));
        let viewer = panel.signed_in(Role::Viewer).await;
        assert!(!panel.get("/orders/1", &viewer).await.html.contains("Сидорова"));

        let comments = store.order_comments(domain::OrderId(1)).await.expect("an answer");
        let form = format!("id={}", comments[0].id);
        let other = store.add_user("other@example.com", "no hash", Role::Manager, noon()).await.expect("a user");
        let token = store.open_session(other.id, "a test", noon(), chrono::Duration::days(1)).await.expect("a session");
        let stays = panel.does("/orders/1/comments/delete", &format!("vygruzka_session={token}"), &form).await;
        assert!(noted(&stays, "comment-stays"), "it is another's");
        let elsewhere = panel.ask(Method::POST, "/orders/9/comments/delete", &admin, &form).await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
        panel.does("/orders/1/comments/delete", &manager, &form).await;
        let card = panel.get("/orders/1", &admin).await.html;
        assert!(!card.contains("&#60;b&#62;Сидорова"));
        assert!(card.contains("Комментарий удалён. Автор: manager@example.com"), "a trace is left");
    }

    async fn what_the_operator_owns_is_changed_in_place(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let manager = panel.signed_in(Role::Manager).await;
        let draft = CustomerDraft { name: "Ольга Берёзова".into(), ..CustomerDraft::default() };
        let olga = store.save_customer(None, draft, noon()).await.expect("a customer").id;
        let found = panel.get("/orders/1?find=%D0%B1%D0%B5%D1%80%D0%B5%D0%B7%D0%BE%D0%B2%D0%B0", &manager).await.html;
        assert!(found.contains(&format!("name=\"customer\" value=\"{olga}\"")) && found.contains("Ольга Берёзова"));
        panel.does(ACT, &manager, &format!("customer={olga}")).await;
        let courier = store.save_named(NamedList::DeliveryMethods, None, "Курьер").await.expect("a method").id;
        panel.does(ACT, &manager, &format!("delivery_method={courier}")).await;
        let after = panel.first_order().await;
        assert_eq!((after.customer_id, after.delivery_method_id.0), (olga, courier));
        let card = panel.get("/orders/1", &manager).await.html;
        assert!(card.contains("Покупатель: Ольга Берёзова") && card.contains("Метод доставки: Курьер"));
        assert!(card.contains("Пётр Ёлкин"), "what Ozon tells of the customer stays on the card");
        for nowhere in ["customer=999", "delivery_method=999", "payment_method=999", "status=999"] {
            let answer = panel.ask(Method::POST, ACT, &manager, nowhere).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nowhere}");
        }
        let viewer = panel.signed_in(Role::Viewer).await;
        let seen = panel.get("/orders/1?find=%D0%B1%D0%B5%D1%80%D0%B5%D0%B7%D0%BE%D0%B2%D0%B0", &viewer).await.html;
        assert!(!seen.contains("Берёзова"));
    }

    async fn payment_has_its_time_by_the_shops_clock(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let manager = panel.signed_in(Role::Manager).await;
        panel.does(ACT, &manager, "paid=true&paid_at=2026-11-22T10%3A30").await;
        let paid = panel.first_order().await;
        assert_eq!(paid.paid_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-22T07:30:00+00:00"));
        assert!(panel.get("/orders/1", &manager).await.html.contains("value=\"2026-11-22T10:30\""));
        let same = panel.does(ACT, &manager, "paid=true&paid_at=2026-11-22T10%3A30").await;
        assert!(noted(&same, "unchanged"));
        for odd in ["2030-01-01T00%3A00", "soon", "0001-01-01T00%3A00"] {
            let answer = panel.does(ACT, &manager, &format!("paid=true&paid_at={odd}")).await;
            assert!(noted(&answer, "paid-when"), "{odd}");
        }
        assert_eq!(panel.first_order().await, paid);
    }

    async fn a_card_leads_on_through_the_list_that_it_was_opened_from(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        panel.with_orders_around().await;
        let manager = panel.signed_in(Role::Manager).await;
        let list = panel.get("/orders?paid=false&sort=order_date&cursor=", &manager).await.html;
        let from = "from=paid%3Dfalse%26sort%3Dorder_date";
        assert!(list.contains(&format!("href=\"/orders/1?{from}\"")), "{list}");
        let card = panel.get(&format!("/orders/1?{from}"), &manager).await.html;
        let (newer, older) = (2, 3);
        assert!(card.contains(&format!("href=\"/orders/{older}?{from}\" rel=\"prev\"")), "the oldest come first");
        assert!(card.contains(&format!("href=\"/orders/{newer}?{from}\" rel=\"next\"")));
        assert!(card.contains("class=\"back\" href=\"/orders?paid=false&#38;sort=order_date\""));
        let acted = panel.does(&format!("/orders/1/act?{from}"), &manager, "paid=true").await;
        assert_eq!(acted.location, format!("/orders/1?{from}"), "an act keeps the way");
        let left = panel.get(&format!("/orders/1?{from}"), &manager).await.html;
        assert!(left.contains(&format!("/orders/{older}?{from}")), "though the order is in the list no more");

        let all = panel.get("/orders/1", &manager).await.html;
        assert!(all.contains("href=\"/orders/2\" rel=\"prev\"") && all.contains("href=\"/orders/3\" rel=\"next\""));
        for foreign in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example%3Fpaid%3Dtrue", "cursor%3Dabc"] {
            let html = panel.get(&format!("/orders/1?from={foreign}"), &manager).await.html;
            assert!(html.contains("class=\"back\" href=\"/orders\"") && !html.contains("href=\"//evil"), "{foreign}");
            let acted = panel.does(&format!("/orders/1/act?from={foreign}"), &manager, "paid=true").await;
            assert_eq!(acted.location, "/orders/1", "{foreign}");
        }
    }
}
