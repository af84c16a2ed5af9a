//! Personal data that goes by rule and by hand, and does not come back.

use chrono::{DateTime, Duration, Utc};
use domain::by_hand::Act;
use domain::erasure::{ERASED, EraseAfter};
use domain::history::{Actor, HistoryEntry};
use domain::posting::{Address, Company, Recipient};
use domain::{CabinetId, CustomerId, Field, OrderId, Posting, PostingNumber, Reason, UserId};
use serde_json::json;
use storage::cancellations::CancellationRequest;
use storage::intake::{Became, ShownBy};
use storage::orders::{OrderFilter, OrderSort};
use storage::personal_data::Erased;
use storage::postings::RawPosting;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

const NUMBER: &str = "1-1-1";

/// A posting that tells everything of its persons.
fn of_person(number: &str, status: &str, customer: i64) -> Posting {
    let mut told = posting(number, status);
    told.customer = buyer(customer, "Семён Ёлкин");
    if let Some(customer) = &mut told.customer {
        customer.address =
            Some(Address { tail: Some("ул. Кедрова, 5".to_owned()), ..Address::default() });
    }
    told.recipient =
        Some(Recipient {
            name: Some("Анна Сидорова".to_owned()), phone: None, pin: Some("77".to_owned())
        });
    told.details.city = Some("Тверь".to_owned());
    told.details.company =
        Some(Company {
            name: Some("ИП Ёлкин".to_owned()), inn: Some("770000000001".to_owned()), kpp: None
        });
    told.details.is_legal = Some(true);
    told
}

fn words() -> [&'static str; 6] {
    ["Ёлкин", "Сидорова", "903", "Кедрова", "Тверь", "770000000001"]
}

fn in_days(days: i64) -> DateTime<Utc> {
    morning() + Duration::days(days) + Duration::hours(1)
}

fn olga() -> Actor {
    Actor::User { id: UserId(1), name: "olga@example.com".to_owned() }
}

async fn rule(store: &Store, days: u32) {
    let rule = EraseAfter::days(days);
    assert!(rule.is_some());
    store.set_erasing_rule(rule, &olga(), morning()).await.expect("is set");
}

/// Erases all that is due, and tells how much that was.
async fn erase(store: &Store, now: DateTime<Utc>) -> Erased {
    let (mut all, mut erasure) = (Erased::default(), None);
    while let Some(batch) = store.erase_due(erasure, 2, now).await.expect("is erased") {
        all += batch.erased;
        erasure = batch.erasure;
        if batch.is_last {
            break;
        }
    }
    all
}

async fn found(store: &Store, q: &str) -> usize {
    let filter = OrderFilter { q: Some(q.to_owned()), ..OrderFilter::default() };
    store.orders(&filter, OrderSort::default(), &PageAsk::first(50)).await.expect("answers").items.len()
}

async fn raw(store: &Store, number: &str) -> RawPosting {
    let stored = store.postings_numbered(number).await.expect("answers");
    store.raw_posting(stored[0].id).await.expect("is there")
}

async fn history(store: &Store, id: OrderId) -> Vec<HistoryEntry> {
    store.history(id, &PageAsk::first(100)).await.expect("answers").items
}

/// Everything that the store tells of an order, as one text.
async fn told(store: &Store, cabinet: CabinetId, number: &str) -> String {
    let order = order(store, cabinet, number).await;
    let facts = store.facts_of(&[order.id]).await.expect("answers");
    let customer = store.customer(order.customer_id).await.expect("is there");
    let requests = store.cancellation_requests(order.id).await.expect("answers");
    let history = history(store, order.id).await;
    let raw = raw(store, number).await;
    format!("{order:?} {facts:?} {customer:?} {requests:?} {history:?} {raw:?}")
}

fn request(reason: &str) -> CancellationRequest {
    CancellationRequest {
        id: 5,
        posting_number: PostingNumber::new(NUMBER).expect("a number"),
        state: "APPROVED".to_owned(),
        reason: Some(reason.to_owned()),
        requested_at: None,
        decide_by: None,
    }
}

testkit::on_both_databases! {
    async fn while_the_rule_is_off_nothing_is_erased(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        one(&store, id, 2, &of_person(NUMBER, "delivered", 1)).await;
        assert!(store.erase_due(None, 50, in_days(9000)).await.expect("answers").is_none());
        rule(&store, 30).await;
        store.set_erasing_rule(None, &olga(), morning()).await.expect("is switched off");
        assert!(store.erase_due(None, 50, in_days(9000)).await.expect("answers").is_none());
        let everything = told(&store, id, NUMBER).await;
        assert!(words().iter().all(|word| everything.contains(word)), "{everything}");
        assert_eq!(store.erasures(9).await.expect("answers").len(), 0);
    }

    async fn after_the_days_exactly_what_ended_goes_and_it_was_told_before(store: Store) {
        let id = cabinet(&store).await;
        let day = 24 * 3600;
        for (number, customer) in [(NUMBER, 1), ("1-1-2", 2), ("1-1-3", 3), ("1-1-4", 2)] {
            one(&store, id, 1, &of_person(number, "awaiting_packaging", customer)).await;
        }
        one(&store, id, 2, &of_person(NUMBER, "delivered", 1)).await;
        one(&store, id, 2, &of_person("1-1-4", "cancelled", 2)).await;
        one(&store, id, 5 * day, &of_person("1-1-2", "not_accepted", 2)).await;
        one(&store, id, 2, &of_person("1-1-5", "delivered", 9)).await;
        rule(&store, 30).await;
        let due = EraseAfter::days(30).expect("a rule");
        assert!(store.would_erase(due, in_days(29)).await.expect("answers").is_nothing());
        let first = Erased { orders: 2, postings: 1, customers: 1 };
        assert_eq!(store.would_erase(due, in_days(30)).await.expect("answers"), first);
        assert_eq!(erase(&store, in_days(29)).await, Erased::default());
        assert_eq!(erase(&store, in_days(30)).await, first, "the second customer has an order that is not due");
        assert_eq!(order(&store, id, NUMBER).await.customer_name, ERASED);
        assert_eq!(order(&store, id, "1-1-2").await.customer_name, "Семён Ёлкин");
        assert_eq!(raw(&store, "1-1-5").await.list, None, "what made no order holds persons too");
        let second = Erased { orders: 1, postings: 0, customers: 1 };
        assert_eq!(store.would_erase(due, in_days(35)).await.expect("answers"), second);
        assert_eq!(erase(&store, in_days(35)).await, second);
        assert_eq!(erase(&store, in_days(9000)).await, Erased::default(), "an order that goes on stays");
        assert_eq!(order(&store, id, "1-1-3").await.customer_name, "Семён Ёлкин");
    }

    async fn nothing_of_the_persons_is_left_and_goods_sums_and_the_trace_are(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        let before = order(&store, id, NUMBER).await;
        let act = Act::SetComment("Позвонить Ёлкину".to_owned());
        store.act_on_order(before.id, act, &olga(), morning()).await.expect("is written");
        let mut moved = of_person(NUMBER, "delivered", 1);
        moved.recipient = Some(Recipient { name: Some("Пётр Сидорова".to_owned()), phone: None, pin: None });
        let mut shown_by_get = page(id, 2, vec![shown(&moved)]);
        shown_by_get.shown_by = ShownBy::Get;
        take(&store, &shown_by_get).await;
        store.keep_cancellation_requests(id, &[request("Ёлкин передумал")], false, morning()).await.expect("is kept");
        assert_eq!((found(&store, "елкин").await, found(&store, "9031234567").await), (1, 1));
        rule(&store, 30).await;
        assert_eq!(erase(&store, in_days(31)).await, Erased { orders: 1, postings: 0, customers: 1 });

        let everything = told(&store, id, NUMBER).await;
        for word in words() {
            assert!(!everything.contains(word), "“{word}” is left: {everything}");
        }
        assert_eq!((found(&store, "елкин").await, found(&store, "9031234567").await), (0, 0));
        assert_eq!((found(&store, "MUG-1").await, found(&store, NUMBER).await), (1, 1));
        let gone = store.customers(Some("елкин"), &PageAsk::first(9)).await.expect("answers").items;
        assert_eq!(gone.len(), 0);
        let after = order(&store, id, NUMBER).await;
        assert_eq!((after.total, &after.lines, after.customer_id), (before.total, &before.lines, before.customer_id));
        let facts = store.facts_of(&[after.id]).await.expect("answers").remove(&after.id).expect("is there");
        assert_eq!((facts.details.is_legal, facts.products.len()), (Some(true), 1));
        let last = history(&store, after.id).await.pop().expect("a trace");
        assert_eq!((last.field, last.actor, last.reason), (Field::Persons, Actor::Rule, Reason::ErasedAfter { days: 30 }));
        let kept = store.erasures(9).await.expect("answers");
        assert_eq!((kept.len(), kept[0].rule, kept[0].erased.orders), (1, EraseAfter::days(30), 1));
        let audit = store.audit(&PageAsk::first(9)).await.expect("answers").items;
        assert_eq!((audit[0].act.as_str(), audit[0].actor.as_str()), ("personal_data.erase", "rule"));
        assert_eq!((audit[1].act.as_str(), audit[1].detail.as_str()), ("personal_data.rule", "30"));
    }

    async fn erasing_again_changes_nothing_and_small_steps_leave_one_trace(store: Store) {
        let id = cabinet(&store).await;
        for number in ["1-1-1", "1-1-2", "1-1-3", "1-1-4", "1-1-5"] {
            one(&store, id, 1, &of_person(number, "awaiting_packaging", 1)).await;
            one(&store, id, 2, &of_person(number, "delivered", 1)).await;
        }
        rule(&store, 1).await;
        assert_eq!(erase(&store, in_days(2)).await, Erased { orders: 5, postings: 0, customers: 1 });
        let before = told(&store, id, NUMBER).await;
        assert_eq!(erase(&store, in_days(3)).await, Erased::default());
        let own = order(&store, id, NUMBER).await;
        assert_eq!(store.erase_order(own.id, &olga(), in_days(3)).await.expect("is done"), Erased::default());
        let twice = store.erase_customer(own.customer_id, &olga(), in_days(3)).await.expect("is done");
        assert_eq!(twice, Erased::default());
        assert_eq!(told(&store, id, NUMBER).await, before);
        let kept = store.erasures(9).await.expect("answers");
        assert_eq!((kept.len(), kept[0].erased), (1, Erased { orders: 5, postings: 0, customers: 1 }));
    }

    async fn no_later_answer_brings_the_persons_back(store: Store) {
        let id = cabinet(&store).await;
        let ended = of_person(NUMBER, "delivered", 1);
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        one(&store, id, 2, &ended).await;
        rule(&store, 1).await;
        erase(&store, in_days(2)).await;
        let is_gone = async || {
            let everything = told(&store, id, NUMBER).await;
            words().iter().all(|word| !everything.contains(word)) && found(&store, "елкин").await == 0
        };
        assert!(is_gone().await);

        assert_eq!(one(&store, id, 300_000, &ended).await, Became::Unchanged);
        assert!(is_gone().await, "the same answer");
        let mut changed = ended.clone();
        changed.details.tracking_number = Some("RA644000001RU".to_owned());
        changed.recipient = Some(Recipient { name: Some("Новая Сидорова".to_owned()), phone: None, pin: None });
        assert_eq!(one(&store, id, 300_001, &changed).await, Became::Updated);
        assert_eq!(found(&store, "RA644000001RU").await, 1, "what is no person is followed");
        assert!(is_gone().await, "a changed answer");
        let disputed = of_person(NUMBER, "client_arbitration", 1);
        assert_eq!(one(&store, id, 300_002, &disputed).await, Became::Updated);
        assert!(is_gone().await, "an answer that opens it again");
        let anew = page(id, 300_003, vec![shown(&disputed)]);
        store.take_in_anew(&anew, in_days(5)).await.expect("is taken in");
        assert!(is_gone().await, "a repair");
        let mut odd = unreadable(NUMBER);
        odd.raw = format!("{{\"status\":7,\"addressee\":\"{}\"}}", words()[1]);
        take(&store, &page(id, 300_004, vec![odd])).await;
        assert!(is_gone().await, "an answer that cannot be read");
        store.keep_cancellation_requests(id, &[request("Ёлкин передумал")], false, in_days(5)).await.expect("is kept");
        assert!(is_gone().await, "a request to cancel");
        let kept = history(&store, order(&store, id, NUMBER).await.id).await;
        assert_eq!(kept.iter().filter(|entry| entry.field == Field::Recipient).count(), 0);
    }

    async fn a_customer_with_an_order_that_goes_on_stays_and_one_who_comes_back_is_named_again(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        one(&store, id, 1, &of_person("1-1-2", "awaiting_packaging", 1)).await;
        one(&store, id, 2, &of_person(NUMBER, "delivered", 1)).await;
        rule(&store, 1).await;
        assert_eq!(erase(&store, in_days(2)).await, Erased { orders: 1, postings: 0, customers: 0 });
        let who = order(&store, id, NUMBER).await.customer_id;
        assert_eq!(store.customer(who).await.expect("is there").name, "Семён Ёлкин");
        one(&store, id, 300_000, &of_person("1-1-2", "delivered", 1)).await;
        assert_eq!(erase(&store, in_days(9)).await, Erased { orders: 1, postings: 0, customers: 1 });
        let gone = store.customer(who).await.expect("is there");
        assert_eq!((gone.name.as_str(), gone.phone, gone.ozon_customer_id), (ERASED, None, Some(1)));

        one(&store, id, 800_000, &of_person("1-1-3", "awaiting_packaging", 1)).await;
        assert_eq!(order(&store, id, "1-1-3").await.customer_id, who, "no second one is made");
        let again = store.customer(who).await.expect("is there");
        assert_eq!((again.name.as_str(), again.phone.is_some()), ("Семён Ёлкин", true));
        assert_eq!(order(&store, id, NUMBER).await.customer_name, ERASED, "the orders before stay erased");
    }

    async fn a_customer_that_settings_name_or_that_people_added_is_not_erased_by_rule(store: Store) {
        let id = cabinet(&store).await;
        let draft = storage::lists::CustomerDraft { name: "Покупатели маркетплейса".to_owned(), ..Default::default() };
        let fixed = store.save_customer(None, draft, morning()).await.expect("is added").id;
        set(&store, id, json!({"customer_id": fixed.0})).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        one(&store, id, 2, &of_person(NUMBER, "delivered", 1)).await;
        rule(&store, 1).await;
        assert_eq!(erase(&store, in_days(2)).await, Erased { orders: 1, postings: 0, customers: 0 });
        assert_eq!(store.customer(fixed).await.expect("is there").name, "Покупатели маркетплейса");
    }

    async fn by_hand_an_order_is_erased_once_it_has_ended_and_not_before(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        let own = order(&store, id, NUMBER).await.id;
        assert_eq!(store.persons_of_order(own).await.expect("answers").ended_at, None);
        let refused = store.erase_order(own, &olga(), morning()).await;
        assert!(matches!(refused, Err(Error::Refused("not_ended"))));
        assert_eq!(order(&store, id, NUMBER).await.customer_name, "Семён Ёлкин");
        one(&store, id, 2, &of_person(NUMBER, "cancelled", 1)).await;
        let ended = store.persons_of_order(own).await.expect("answers").ended_at;
        assert_eq!(ended, Some(morning() + Duration::seconds(2)));
        let done = store.erase_order(own, &olga(), in_days(1)).await.expect("is done");
        assert_eq!(done, Erased { orders: 1, postings: 0, customers: 1 });
        assert_eq!(store.persons_of_order(own).await.expect("answers").erased_at, Some(in_days(1)));
        let last = history(&store, own).await.pop().expect("a trace");
        assert_eq!((last.field, last.actor, last.reason), (Field::Persons, olga(), Reason::ByHand));
        let audit = store.audit(&PageAsk::first(1)).await.expect("answers").items;
        assert_eq!((audit[0].actor.as_str(), audit[0].subject.clone()), ("olga@example.com", format!("order {own}")));
        assert!(matches!(store.erase_order(OrderId(999), &olga(), morning()).await, Err(Error::NotFound)));
    }

    async fn by_hand_a_customer_goes_with_all_orders_that_have_ended(store: Store) {
        let id = cabinet(&store).await;
        for number in [NUMBER, "1-1-2", "1-1-3"] {
            one(&store, id, 1, &of_person(number, "awaiting_packaging", 1)).await;
        }
        one(&store, id, 1, &of_person("1-1-4", "awaiting_packaging", 2)).await;
        one(&store, id, 2, &of_person(NUMBER, "delivered", 1)).await;
        one(&store, id, 2, &of_person("1-1-2", "delivered", 1)).await;
        let who = order(&store, id, NUMBER).await.customer_id;
        let before = store.persons_of_customer(who).await.expect("answers");
        assert_eq!((before.ended, before.going_on, before.erased_at), (2, 1, None));
        let done = store.erase_customer(who, &olga(), in_days(1)).await.expect("is done");
        assert_eq!(done, Erased { orders: 2, postings: 0, customers: 1 });
        let after = store.persons_of_customer(who).await.expect("answers");
        assert_eq!((after.ended, after.going_on, after.erased_at), (0, 1, Some(in_days(1))));
        assert_eq!(order(&store, id, "1-1-3").await.customer_name, "Семён Ёлкин", "it is still to be delivered");
        assert_eq!(order(&store, id, "1-1-4").await.customer_name, "Семён Ёлкин", "it is somebody else's");
        let nobody = store.customers(Some("Покупатель Ozon"), &PageAsk::first(9)).await.expect("answers").items;
        let refused = store.erase_customer(nobody[0].id, &olga(), in_days(1)).await;
        assert!(matches!(refused, Err(Error::Refused("installed"))));
        assert!(matches!(store.erase_customer(CustomerId(999), &olga(), morning()).await, Err(Error::NotFound)));
    }

    async fn an_order_that_goes_on_with_the_parts_of_its_posting_has_not_ended(store: Store) {
        let id = cabinet(&store).await;
        set(&store, id, json!({"also_box_changes": false})).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        let mut part = of_person("1-1-2", "awaiting_deliver", 1);
        part.details.parent = PostingNumber::new(NUMBER).ok();
        one(&store, id, 2, &part).await;
        let mut whole = of_person(NUMBER, "cancelled_from_split_pending", 1);
        whole.related = Some(vec![part.number.clone()]);
        one(&store, id, 3, &whole).await;
        let own = order(&store, id, NUMBER).await.id;
        assert_eq!(store.persons_of_order(own).await.expect("answers").ended_at, None);
        rule(&store, 1).await;
        assert_eq!(erase(&store, in_days(9)).await, Erased::default());
    }

    async fn what_could_never_be_read_goes_by_rule_and_begins_to_live_when_it_is_read_after_all(store: Store) {
        let id = cabinet(&store).await;
        take(&store, &page(id, 1, vec![unreadable(NUMBER)])).await;
        rule(&store, 1).await;
        assert_eq!(erase(&store, in_days(2)).await, Erased { orders: 0, postings: 1, customers: 0 });
        assert_eq!(raw(&store, NUMBER).await.list, None);
        assert_eq!(one(&store, id, 300_000, &of_person(NUMBER, "awaiting_packaging", 1)).await, Became::Created);
        assert_eq!(order(&store, id, NUMBER).await.customer_name, "Семён Ёлкин");
        assert_eq!(erase(&store, in_days(90)).await, Erased::default());
    }

    async fn the_customer_whom_ozon_named_goes_also_when_the_order_is_bound_to_another(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 7)).await;
        let made = order(&store, id, NUMBER).await;
        let of_ozon = made.customer_id;
        let other = store.customers(None, &PageAsk::first(9)).await.expect("answers").items;
        let other = other.iter().find(|customer| customer.id != of_ozon).expect("Ozon's buyer is there").id;
        let act = Act::SetCustomer { id: other, name: "Другой".to_owned() };
        store.act_on_order(made.id, act, &olga(), morning()).await.expect("is done");
        one(&store, id, 2, &of_person(NUMBER, "delivered", 7)).await;
        rule(&store, 10).await;
        erase(&store, in_days(30)).await;
        let left = store.customer(of_ozon).await.expect("is there");
        assert_eq!((left.name.as_str(), left.phone), (ERASED, None));
    }

    async fn what_people_write_after_an_erasing_can_be_erased_too(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 7)).await;
        one(&store, id, 2, &of_person(NUMBER, "delivered", 7)).await;
        let made = order(&store, id, NUMBER).await;
        store.erase_order(made.id, &olga(), in_days(1)).await.expect("is erased");
        assert!(!store.persons_of_order(made.id).await.expect("answers").is_left());
        let email = "olga@example.com";
        let author = store.add_user(email, "no hash", storage::Role::Manager, morning()).await.expect("is added").id;
        let unaware = store.comment_order(made.id, author, email, "Позвонить Ёлкину", false, in_days(2)).await;
        assert!(matches!(unaware, Err(Error::Refused("persons_erased"))), "{unaware:?}");
        let said = store.comment_order(made.id, author, email, "Позвонить Ёлкину", true, in_days(2)).await;
        said.expect("is written");
        let note = Act::SetComment("Ёлкин просил".to_owned());
        store.act_on_order(made.id, note, &olga(), in_days(2)).await.expect("is done");
        assert!(store.persons_of_order(made.id).await.expect("answers").is_left());
        store.erase_order(made.id, &olga(), in_days(3)).await.expect("is erased");
        assert!(!store.persons_of_order(made.id).await.expect("answers").is_left());
        assert!(store.order_comments(made.id).await.expect("answers").is_empty());
        assert!(!told(&store, id, NUMBER).await.contains("Ёлкин"));
    }

    async fn no_comment_outlives_the_erasing_that_it_was_written_into(store: Store) {
        let id = cabinet(&store).await;
        let email = "olga@example.com";
        let author = store.add_user(email, "no hash", storage::Role::Manager, morning()).await.expect("is added").id;
        for n in 0..12 {
            let number = format!("7-7-{n}");
            one(&store, id, 1, &of_person(&number, "awaiting_packaging", n)).await;
            one(&store, id, 2, &of_person(&number, "delivered", n)).await;
            let made = order(&store, id, &number).await.id;
            let (writes, erases) = (store.clone(), store.clone());
            let writer = tokio::spawn(async move {
                writes.comment_order(made, author, email, "Позвонить Ёлкину", false, in_days(1)).await
            });
            let eraser = tokio::spawn(async move { erases.erase_order(made, &olga(), in_days(1)).await });
            let said = writer.await.expect("ends");
            eraser.await.expect("ends").expect("is erased");
            assert!(matches!(said, Ok(_) | Err(Error::Refused("persons_erased"))), "{said:?}");
            assert!(store.order_comments(made).await.expect("answers").is_empty(), "{said:?}");
        }
    }

    async fn with_a_customer_goes_what_else_is_of_the_same_orders_and_nothing_of_others(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &of_person("1-1-1", "awaiting_packaging", 7)).await;
        one(&store, id, 2, &of_person("1-1-1", "delivered", 7)).await;
        // Of the same order of Ozon's, of another, and one that goes on: none made an order here.
        for (number, status) in [("1-1-2", "delivered"), ("1-10-1", "delivered"), ("1-1-3", "delivering")] {
            assert!(matches!(one(&store, id, 2, &of_person(number, status, 7)).await, Became::Skipped));
        }
        let made = order(&store, id, "1-1-1").await;
        let erased = store.erase_customer(made.customer_id, &olga(), in_days(1)).await.expect("is erased");
        assert_eq!(erased, Erased { orders: 1, postings: 1, customers: 1 });
        let has_raw = async |number| raw(&store, number).await.list.is_some();
        assert!(!has_raw("1-1-2").await && has_raw("1-10-1").await && has_raw("1-1-3").await);
    }

    async fn a_posting_number_in_the_name_names_nobody_and_stays(store: Store) {
        let id = cabinet(&store).await;
        set(&store, id, json!({"posting_number_to": "customer_name"})).await;
        one(&store, id, 1, &of_person(NUMBER, "awaiting_packaging", 1)).await;
        one(&store, id, 2, &of_person(NUMBER, "delivered", 1)).await;
        rule(&store, 1).await;
        erase(&store, in_days(2)).await;
        assert_eq!(order(&store, id, NUMBER).await.customer_name, NUMBER);
    }
}
