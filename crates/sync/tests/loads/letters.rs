//! Letters to the administrator: what they tell, each once, and what becomes of them when the mail server misbehaves.

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use domain::by_hand::Act;
use mail_parser::MessageParser;
use ozon_sim::{Canceller, DeliveryType, Fault, FaultPlan, PostingDraft, Status};
use serde_json::json;
use storage::mail::Password;
use storage::outbox::{OutboxFilter, OutboxItem, OutboxState};
use storage::{PageAsk, Store};
use testkit::on_both_databases;
use testkit::smtp::{Manners, Received, Sink};

use crate::shop::{CLIENT, KEY, Shop};

const ADMINISTRATOR: &str = "olga@shop.example";

/// A shop whose letters go to a server of the test's own. The clock stands.
pub async fn with_mail(store: Store) -> (Shop, Sink) {
    let (shop, sink) = (Shop::open(store).await, Sink::open().await);
    shop.ozon.freeze_clock();
    set_mail(&shop, &sink).await;
    (shop, sink)
}

pub async fn set_mail(shop: &Shop, sink: &Sink) {
    let settings = sink.mail_settings(ADMINISTRATOR);
    shop.store.set_mail(&settings, &Password::Forget, "tester", shop.desk.now()).await.unwrap();
}

pub fn posting(shop: &Shop, number: &str) {
    shop.add(&PostingDraft {
        delivery_type: Some(DeliveryType::NonIntegrated),
        status: Some(Status::AwaitingPackaging),
        ..PostingDraft::numbered(number)
    });
}

/// A number of a posting that is the test's own.
pub fn numbered(n: u32) -> String {
    format!("0105259411-{n:04}-1")
}

pub async fn send(shop: &Shop) {
    while shop.desk.send_what_is_due().await.unwrap() > 0 {}
}

/// Subject and text of what has arrived since it was asked last.
pub struct Mailbox<'a> {
    sink: &'a Sink,
    read: usize,
}

impl Mailbox<'_> {
    pub fn new(sink: &Sink) -> Mailbox<'_> {
        Mailbox { sink, read: 0 }
    }

    pub fn news(&mut self) -> Vec<(String, String)> {
        let all = self.sink.letters();
        let fresh = all[self.read..].iter().map(opened).collect();
        self.read = all.len();
        fresh
    }
}

fn opened(letter: &Received) -> (String, String) {
    assert_eq!(letter.to, [ADMINISTRATOR], "nobody else is written to");
    let read = MessageParser::default().parse(letter.text.as_bytes()).unwrap();
    (read.subject().unwrap().to_owned(), read.body_text(0).unwrap().into_owned())
}

pub async fn letters(shop: &Shop) -> Vec<OutboxItem> {
    let filter = OutboxFilter { letters: Some(true), ..OutboxFilter::default() };
    let mut items = shop.store.outbox(&filter, &PageAsk::first(200)).await.unwrap().items;
    items.reverse();
    items
}

pub async fn load_and_send(shop: &Shop) {
    shop.load().await;
    send(shop).await;
}

on_both_databases! {
    async fn one_letter_a_load_tells_every_new_order(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        shop.set(json!({"notify_new_orders": true})).await;
        (0..30).for_each(|n| posting(&shop, &numbered(n)));
        load_and_send(&shop).await;
        let [(subject, text)] = &mailbox.news()[..] else { panic!("one letter of the first load") };
        assert_eq!(subject, "Ozon: 30 новых заказов — Кабинет");
        assert!(text.contains("Кабинет загружен впервые") && !text.contains(&numbered(1)), "{text}");

        (30..33).for_each(|n| posting(&shop, &numbered(n)));
        load_and_send(&shop).await;
        let [(subject, text)] = &mailbox.news()[..] else { panic!("one letter of the second load") };
        assert_eq!(subject, "Ozon: 3 новых заказа — Кабинет");
        for n in 30..33 {
            let order = shop.order(&numbered(n)).await;
            assert!(text.contains(&order.number), "{text}");
            assert!(text.contains(&format!("https://shop.example/orders/{}", order.id)), "{text}");
        }
        load_and_send(&shop).await;
        assert!(mailbox.news().is_empty(), "nothing new, no letter");

        shop.set(json!({"notify_new_orders": false})).await;
        posting(&shop, &numbered(40));
        load_and_send(&shop).await;
        assert!(mailbox.news().is_empty(), "the switch is off");
        assert!(letters(&shop).await.iter().all(|letter| letter.state == OutboxState::Done));
    }

    async fn nothing_is_gathered_while_mail_is_not_set_up(store: Store) {
        let shop = Shop::open(store).await;
        shop.ozon.freeze_clock();
        shop.set(json!({"notify_new_orders": true, "notify_status_changes": true})).await;
        posting(&shop, &numbered(1));
        shop.load().await;
        let sink = Sink::open().await;
        set_mail(&shop, &sink).await;
        load_and_send(&shop).await;
        assert!(sink.letters().is_empty(), "what was before the mail is told by no letter");
    }

    async fn orders_that_settings_let_in_later_are_told_by_one_summary(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        for n in 0..3 {
            shop.add(&PostingDraft {
                delivery_type: Some(DeliveryType::Ozon),
                status: Some(Status::AwaitingDeliver),
                ..PostingDraft::numbered(numbered(n))
            });
        }
        load_and_send(&shop).await;
        assert!(sink.letters().is_empty());
        shop.set(json!({"also_awaiting_deliver": true})).await;
        let actor = domain::history::Actor::Rule;
        shop.desk.decide_anew(shop.cabinet, &actor, true).await.unwrap();
        send(&shop).await;
        assert!(sink.letters().is_empty(), "a rehearsal tells nobody");
        shop.desk.decide_anew(shop.cabinet, &actor, false).await.unwrap();
        send(&shop).await;
        let [(subject, text)] = &Mailbox::new(&sink).news()[..] else { panic!("one letter") };
        assert_eq!(subject, "Ozon: 3 новых заказа — Кабинет");
        assert!(text.contains("Настройки изменились"), "{text}");
    }

    async fn the_preview_of_changed_settings_counts_the_letter_that_applying_sends(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        for n in 0..3 {
            shop.add(&PostingDraft {
                status: Some(Status::AwaitingDeliver),
                ..PostingDraft::numbered(numbered(n))
            });
        }
        load_and_send(&shop).await;
        let patch = json!({"also_awaiting_deliver": true});
        let told = shop.store.preview_settings(shop.cabinet, &patch, shop.desk.now()).await.unwrap();
        assert_eq!((told.made.total(), told.pushes, told.letters), (3, 0, 1));
        let off = json!({"also_awaiting_deliver": true, "notify_new_orders": false});
        let silent = shop.store.preview_settings(shop.cabinet, &off, shop.desk.now()).await.unwrap();
        assert_eq!((silent.made.total(), silent.letters), (3, 0));
        let before = shop.store.settings(shop.cabinet).await.unwrap().version;
        shop.set(patch).await;
        let actor = domain::history::Actor::Rule;
        let done = shop.desk.apply_settings_to_existing(shop.cabinet, before, &actor).await.unwrap().unwrap();
        assert_eq!(done.letters, 1);
        for _ in 0..100 {
            send(&shop).await;
            if !sink.letters().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let [(subject, _)] = &Mailbox::new(&sink).news()[..] else { panic!("one letter") };
        assert_eq!(subject, "Ozon: 3 новых заказа — Кабинет");
    }

    async fn changes_at_ozon_are_told_and_our_own_echoes_are_not(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        let sent = shop.status("Отправлен").await;
        shop.set(json!({
            "notify_status_changes": true, "also_awaiting_deliver": true, "seller_delivery": {"delivering": sent},
        })).await;
        (0..2).for_each(|n| posting(&shop, &numbered(n)));
        load_and_send(&shop).await;
        assert!(mailbox.news().is_empty());
        for n in 0..2 {
            shop.ozon.set_status(CLIENT, &numbered(n), Status::AwaitingDeliver).unwrap();
        }
        load_and_send(&shop).await;
        let [(subject, text)] = &mailbox.news()[..] else { panic!("one letter of both") };
        assert_eq!(subject, "Ozon: Сменились статусы 2 заказов — Кабинет");
        assert!(text.contains("Было в Ozon: Ожидает сборки"), "{text}");
        assert!(text.contains("Стало в Ozon: Ожидает отгрузки"), "{text}");

        shop.act(&numbered(0), Act::SetStatus(sent)).await;
        for _ in 0..60 {
            shop.desk.send_what_is_due().await.unwrap();
            shop.ozon.advance_clock(TimeDelta::seconds(5));
        }
        load_and_send(&shop).await;
        assert_eq!(shop.ozon.truth(CLIENT, &numbered(0)).unwrap().status, Status::Delivering);
        assert!(mailbox.news().is_empty(), "what we told Ozon is no news");
    }

    async fn a_cancellation_in_work_is_told_at_once_and_whatever_is_switched_off(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        shop.set(json!({"notify_new_orders": false, "notify_status_changes": false})).await;
        (0..3).for_each(|n| posting(&shop, &numbered(n)));
        load_and_send(&shop).await;
        let work = shop.status("В обработке").await;
        shop.act(&numbered(1), Act::SetStatus(work)).await;
        for n in 0..2 {
            shop.ozon.cancel(CLIENT, &numbered(n), Canceller::Customer).unwrap();
        }
        load_and_send(&shop).await;
        let [(subject, text)] = &mailbox.news()[..] else { panic!("one letter, of the order in work") };
        let order = shop.order(&numbered(1)).await;
        assert_eq!(*subject, format!("Ozon: Отменено в Ozon, не отправляйте: заказ {} — Кабинет", order.number));
        assert!(text.contains("Что делать: не отправлять"), "{text}");
        load_and_send(&shop).await;
        assert!(mailbox.news().is_empty());
    }

    async fn an_incident_is_one_letter_and_its_end_another(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        posting(&shop, &numbered(1));
        load_and_send(&shop).await;
        for _ in 0..2 {
            shop.ozon.inject_fault(FaultPlan::next_call(Fault::ServerError).times(0));
            for _ in 0..3 {
                shop.try_load().await.expect_err("Ozon is out of order");
                send(&shop).await;
                shop.ozon.advance_clock(TimeDelta::minutes(5));
            }
            let [(subject, text)] = &mailbox.news()[..] else { panic!("one letter of the incident") };
            assert_eq!(subject, "Ozon: Заказы не загружаются — Кабинет");
            assert!(text.contains("Ozon временно не работает"), "{text}");
            shop.ozon.clear_faults();
            load_and_send(&shop).await;
            load_and_send(&shop).await;
            let [(subject, _)] = &mailbox.news()[..] else { panic!("one letter of its end") };
            assert_eq!(subject, "Ozon: Заказы снова загружаются — Кабинет");
        }
    }

    async fn a_key_that_fails_is_told_once_whoever_finds_it(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        load_and_send(&shop).await;
        shop.ozon.deactivate_key(CLIENT).unwrap();
        for _ in 0..2 {
            shop.try_load().await.expect_err("the key does not work");
            shop.desk.check_cabinet(shop.cabinet).await.expect_err("the key does not work");
            send(&shop).await;
        }
        let [(subject, _)] = &mailbox.news()[..] else { panic!("one letter") };
        assert_eq!(subject, "Ozon: Ключ не работает — Кабинет");
        shop.ozon.set_key_deactivated(CLIENT, false).unwrap();
        shop.store.set_cabinet_key(shop.cabinet, KEY.into(), shop.desk.now(), "tester").await.unwrap();
        load_and_send(&shop).await;
        let [(subject, _)] = &mailbox.news()[..] else { panic!("one letter") };
        assert_eq!(subject, "Ozon: Заказы снова загружаются — Кабинет");
    }

    async fn a_key_that_ends_soon_is_told_14_7_and_1_days_before(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let ends = shop.ozon.now() + TimeDelta::days(20) + TimeDelta::hours(1);
        shop.ozon.set_key_expiry(CLIENT, ends).unwrap();
        let mut told = Vec::new();
        let mut mailbox = Mailbox::new(&sink);
        for day in 0..=20 {
            for _ in 0..2 {
                shop.desk.check_cabinet(shop.cabinet).await.unwrap();
            }
            send(&shop).await;
            told.extend(mailbox.news().into_iter().map(|(subject, _)| (20 - day, subject)));
            shop.ozon.advance_clock(TimeDelta::days(1));
        }
        let told: Vec<_> = told.iter().map(|(left, subject)| (*left, subject.as_str())).collect();
        assert_eq!(
            told,
            [
                (13, "Ozon: Ключ закончится через 14 дней — Кабинет"),
                (6, "Ozon: Ключ закончится через 7 дней — Кабинет"),
                (0, "Ozon: Ключ закончится через 1 день — Кабинет"),
            ]
        );
    }

    async fn a_server_that_misbehaves_loses_no_letter_and_is_told_of(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        posting(&shop, &numbered(1));
        sink.behave(Manners { to_letter: Some("451 4.3.0 try again".into()), ..Manners::default() });
        load_and_send(&shop).await;
        let waits = &letters(&shop).await[0];
        assert_eq!((waits.state, waits.trouble.as_deref()), (OutboxState::Waiting, Some("mail_later")));
        assert_eq!(waits.answer.as_deref(), Some("451 4.3.0 try again"));
        assert_eq!(waits.tries, 1);

        // It breaks in the middle, then it takes the letter and dies before it says so.
        sink.behave(Manners { silent_amid: 1, silent_after: 1, ..Manners::default() });
        for _ in 0..60 {
            send(&shop).await;
            shop.ozon.advance_clock(TimeDelta::seconds(30));
        }
        let done = &letters(&shop).await[0];
        assert_eq!((done.state, done.answer.as_deref()), (OutboxState::Done, Some("250 2.0.0 queued as 4F1A2B")));
        let arrived = sink.letters();
        assert_eq!(arrived.len(), 2, "the server never said that it has the first");
        let ids: HashSet<_> = arrived.iter().map(|l| l.header("Message-ID").unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 1, "a mailbox shows them as one");

        // What somebody has to mend waits for that, and goes as soon as it is mended.
        posting(&shop, &numbered(2));
        sink.behave(Manners { to_sender: Some("553 5.7.1 not yours".into()), ..Manners::default() });
        load_and_send(&shop).await;
        let waits = &letters(&shop).await[1];
        assert_eq!((waits.state, waits.trouble.as_deref()), (OutboxState::Waiting, Some("mail_sender")));
        sink.behave(Manners::default());
        set_mail(&shop, &sink).await;
        send(&shop).await;
        assert_eq!(letters(&shop).await[1].state, OutboxState::Done);

        // A refusal of the letter itself is final until a person tries again.
        posting(&shop, &numbered(3));
        sink.behave(Manners { to_letter: Some("554 5.6.0 spam".into()), ..Manners::default() });
        load_and_send(&shop).await;
        let refused = &letters(&shop).await[2];
        assert_eq!((refused.state, refused.trouble.as_deref()), (OutboxState::Refused, Some("mail_rejected")));
        sink.behave(Manners::default());
        shop.store.retry_outbox(refused.id, &domain::history::Actor::Rule, shop.desk.now()).await.unwrap();
        send(&shop).await;
        assert_eq!(letters(&shop).await[2].state, OutboxState::Done);
    }

    async fn a_server_that_never_says_whether_it_has_a_letter_gets_it_five_times_at_most(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        posting(&shop, &numbered(1));
        sink.behave(Manners { mumbles_after: u32::MAX, ..Manners::default() });
        load_and_send(&shop).await;
        let waits = &letters(&shop).await[0];
        assert_eq!((waits.state, waits.trouble.as_deref()), (OutboxState::Waiting, Some("mail_unanswered")));
        for _ in 0..100 {
            shop.ozon.advance_clock(TimeDelta::minutes(5));
            send(&shop).await;
        }
        let given_up = &letters(&shop).await[0];
        assert_eq!((given_up.state, given_up.trouble.as_deref()), (OutboxState::Refused, Some("mail_unanswered")));
        assert_eq!(sink.letters().len(), 5);
    }

    async fn a_recipient_who_is_put_off_gets_the_letter_later_and_the_others_not_again(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut settings = sink.mail_settings(ADMINISTRATOR);
        settings.recipients = ["olga@shop.example", "Пётр <petr@shop.example>", "gone@shop.example"].map(str::to_owned).into();
        shop.store.set_mail(&settings, &Password::Forget, "tester", shop.desk.now()).await.unwrap();
        shop.set(json!({"notify_new_orders": true})).await;
        posting(&shop, &numbered(1));
        let puts_off = |of: &str| Manners {
            to_recipients: vec![
                (of.to_owned(), "450 4.7.1 come back later".to_owned()),
                ("gone@shop.example".to_owned(), "550 5.1.1 no such user".to_owned()),
            ],
            ..Manners::default()
        };
        sink.behave(puts_off("petr@shop.example"));
        load_and_send(&shop).await;
        let waits = &letters(&shop).await[0];
        assert_eq!((waits.state, waits.trouble.as_deref()), (OutboxState::Waiting, Some("mail_later")));
        assert!(waits.answer.as_deref().unwrap().contains("gone@shop.example: 550 5.1.1 no such user"));
        assert_eq!(sink.letters()[0].to, ["olga@shop.example"]);
        shop.ozon.advance_clock(TimeDelta::minutes(1));
        send(&shop).await;
        assert_eq!(sink.letters().len(), 1, "he is put off again");
        sink.behave(Manners::default());
        shop.ozon.advance_clock(TimeDelta::minutes(1));
        send(&shop).await;
        assert_eq!(sink.letters()[1].to, ["petr@shop.example"]);
        assert_eq!(letters(&shop).await[0].state, OutboxState::Done);

        // One whom the settings no longer name is not written to.
        posting(&shop, &numbered(2));
        sink.behave(puts_off("petr@shop.example"));
        load_and_send(&shop).await;
        sink.behave(Manners::default());
        set_mail(&shop, &sink).await;
        send(&shop).await;
        assert_eq!(letters(&shop).await[1].state, OutboxState::Done);
        assert_eq!(sink.letters().len(), 3);
    }

    async fn a_slow_mail_server_keeps_nothing_from_ozon_and_no_process_from_ending(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let sent = shop.status("Отправлен").await;
        shop.set(json!({
            "notify_new_orders": true, "also_awaiting_deliver": true, "seller_delivery": {"delivering": sent},
        })).await;
        shop.add(&PostingDraft {
            delivery_type: Some(DeliveryType::NonIntegrated),
            status: Some(Status::AwaitingDeliver),
            ..PostingDraft::numbered(numbered(1))
        });
        sink.behave(Manners { ponders: Duration::from_mins(5), ..Manners::default() });
        shop.load().await;
        let desk = shop.desk.clone();
        let sender = tokio::spawn(async move { desk.run_outbox().await });
        while letters(&shop).await[0].state != OutboxState::Sending || sink.letters().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        shop.act(&numbered(1), Act::SetStatus(sent)).await;
        let begun = std::time::Instant::now();
        while shop.ozon.truth(CLIENT, &numbered(1)).unwrap().status != Status::Delivering {
            tokio::time::sleep(Duration::from_millis(20)).await;
            shop.ozon.advance_clock(TimeDelta::milliseconds(20));
            assert!(begun.elapsed() < Duration::from_secs(10), "the letter keeps it");
        }
        shop.desk.stop().await;
        tokio::time::timeout(Duration::from_secs(20), sender).await.expect("it ends soon").unwrap();
        let waits = &letters(&shop).await[0];
        assert_eq!((waits.state, waits.trouble.as_deref()), (OutboxState::Waiting, Some("mail_unanswered")));
    }

    async fn without_mail_nothing_is_told_and_what_waited_is_taken_back(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        posting(&shop, &numbered(1));
        sink.behave(Manners { to_sender: Some("451 4.3.0 busy".into()), ..Manners::default() });
        load_and_send(&shop).await;
        shop.store.forget_mail("tester", shop.desk.now()).await.unwrap();
        let taken_back = &letters(&shop).await[0];
        assert_eq!(
            (taken_back.state, taken_back.trouble.as_deref()),
            (OutboxState::Cancelled, Some("mail_not_set_up"))
        );
        // By hand it waits for mail, and for three days at most.
        shop.store.retry_outbox(taken_back.id, &domain::history::Actor::Rule, shop.desk.now()).await.unwrap();
        send(&shop).await;
        let waits = &letters(&shop).await[0];
        assert_eq!((waits.state, waits.trouble.as_deref()), (OutboxState::Waiting, Some("mail_not_set_up")));
        shop.ozon.advance_clock(TimeDelta::days(4));
        send(&shop).await;
        assert_eq!(letters(&shop).await[0].state, OutboxState::Refused);
        assert!(sink.letters().is_empty());
    }

    async fn a_letter_that_waited_for_a_server_that_was_off_is_tried_as_often_as_any(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        posting(&shop, &numbered(1));
        shop.load().await;
        // Nobody sends for days; then the mail server is busy once.
        shop.ozon.advance_clock(TimeDelta::days(4));
        sink.behave(Manners { to_sender: Some("451 4.3.0 busy".into()), ..Manners::default() });
        send(&shop).await;
        assert_eq!(letters(&shop).await[0].state, OutboxState::Waiting);
        sink.behave(Manners::default());
        shop.ozon.advance_clock(TimeDelta::minutes(1));
        send(&shop).await;
        assert_eq!((letters(&shop).await[0].state, sink.letters().len()), (OutboxState::Done, 1));
    }

    async fn a_trial_letter_goes_at_once_and_tells_the_servers_own_words(store: Store) {
        let (shop, sink) = with_mail(store).await;
        assert_eq!(shop.desk.send_trial_letter().await.unwrap(), "250 2.0.0 queued as 4F1A2B");
        assert_eq!(Mailbox::new(&sink).news()[0].0, "Ozon: Пробное письмо");
        assert!(shop.desk.knock_at_mail_server().await.unwrap());
        sink.behave(Manners { to_sender: Some("553 5.7.1 not yours".into()), ..Manners::default() });
        let error = shop.desk.send_trial_letter().await.expect_err("it is refused").to_string();
        assert!(error.contains("553 5.7.1 not yours"), "{error}");
        shop.store.forget_mail("tester", shop.desk.now()).await.unwrap();
        assert!(matches!(shop.desk.send_trial_letter().await, Err(sync::TrialError::NotSetUp)));
        assert!(!shop.desk.knock_at_mail_server().await.unwrap());
    }

    async fn senders_beside_each_other_send_each_letter_once(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        for n in 0..12 {
            posting(&shop, &numbered(n));
            shop.load().await;
        }
        let others: Vec<_> = (0..4).map(|_| shop.desk.clone()).collect();
        let sending = others.iter().map(|desk| async {
            while desk.send_what_is_due().await.unwrap() > 0 {}
        });
        futures::future::join_all(sending).await;
        assert_eq!(sink.letters().len(), 12);
        let ids: HashSet<_> = sink.letters().iter().map(|l| l.header("Message-ID").unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 12);
    }
}
