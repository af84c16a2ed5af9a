//! When news is told: what cannot wait at once, whoever finds it; the rest with the load that brought it, and nobody else's
//! heading over it.

use chrono::TimeDelta;
use domain::by_hand::Act;
use ozon_sim::{Canceller, Fault, FaultPlan, POSTING_GET, Status, UNFULFILLED_LIST};
use serde_json::json;
use storage::Store;
use testkit::on_both_databases;

use crate::hooks::{push, state_changed};
use crate::letters::{Mailbox, letters, load_and_send, numbered, posting, send, with_mail};
use crate::shop::{CLIENT, Shop};

/// The place of a load, as another instance that loads this cabinet holds it.
async fn another_loads(shop: &Shop) {
    let (name, until) = (format!("load of cabinet {}", shop.cabinet), TimeDelta::minutes(5));
    let taken = shop.store.take_lease(&name, "another", shop.desk.now(), until).await.unwrap();
    assert_eq!(taken, None);
}

async fn no_other_loads(shop: &Shop) {
    shop.store.free_lease(&format!("load of cabinet {}", shop.cabinet), "another").await.unwrap();
}

async fn is_to_be_read(shop: &Shop, number: &str) {
    push(shop, &state_changed(number)).await;
}

on_both_databases! {
    async fn a_first_load_that_fails_again_and_again_is_told_by_one_summary(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        shop.set(json!({"notify_new_orders": true})).await;
        (0..3).for_each(|n| posting(&shop, &numbered(n)));
        // The list of open postings is read, and then it breaks.
        shop.ozon.inject_fault(
            FaultPlan::next_call(Fault::ServerError).of_method(ozon_sim::POSTING_LIST).times(0),
        );
        for _ in 0..3 {
            shop.try_load().await.expect_err("the second list is out of order");
            // Whoever looks at the key meanwhile tells nothing of the load.
            shop.desk.check_cabinet(shop.cabinet).await.unwrap();
            send(&shop).await;
            shop.ozon.advance_clock(TimeDelta::minutes(20));
        }
        assert!(shop.find_order(&numbered(0)).await.is_some());
        let [(subject, _)] = &mailbox.news()[..] else { panic!("the incident alone is told") };
        assert_eq!(subject, "Ozon: Заказы не загружаются — Кабинет");
        shop.ozon.clear_faults();
        load_and_send(&shop).await;
        let mut subjects: Vec<String> = mailbox.news().into_iter().map(|(subject, _)| subject).collect();
        subjects.sort();
        assert_eq!(subjects, ["Ozon: 3 новых заказа — Кабинет", "Ozon: Заказы снова загружаются — Кабинет"]);
    }

    async fn a_cancellation_in_work_is_told_at_once_while_another_loads(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        shop.set(json!({"notify_status_changes": true})).await;
        posting(&shop, &numbered(1));
        load_and_send(&shop).await;
        let work = shop.status("В обработке").await;
        shop.act(&numbered(1), Act::SetStatus(work)).await;
        another_loads(&shop).await;
        shop.ozon.cancel(CLIENT, &numbered(1), Canceller::Customer).unwrap();
        shop.ozon.advance_clock(TimeDelta::seconds(1));
        is_to_be_read(&shop, &numbered(1)).await;
        assert_eq!(shop.desk.read_what_is_due().await.unwrap(), 1);
        send(&shop).await;
        let [(subject, _)] = &mailbox.news()[..] else { panic!("one letter: {:?}", letters(&shop).await) };
        assert!(subject.starts_with("Ozon: Отменено в Ozon, не отправляйте"), "{subject}");
        // The change of its status is the load's to tell.
        no_other_loads(&shop).await;
        load_and_send(&shop).await;
        let [(subject, _)] = &mailbox.news()[..] else { panic!("one letter") };
        assert!(subject.starts_with("Ozon: Сменился статус"), "{subject}");
    }

    async fn a_cancellation_is_told_also_when_the_reading_after_it_fails(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        (1..=2).for_each(|n| posting(&shop, &numbered(n)));
        load_and_send(&shop).await;
        let work = shop.status("В обработке").await;
        for n in 1..=2 {
            shop.act(&numbered(n), Act::SetStatus(work)).await;
            shop.ozon.cancel(CLIENT, &numbered(n), Canceller::Customer).unwrap();
            is_to_be_read(&shop, &numbered(n)).await;
        }
        shop.ozon.advance_clock(TimeDelta::seconds(1));
        shop.ozon.inject_fault(
            FaultPlan::next_call(Fault::ServerError).of_method(POSTING_GET).at_call(2).times(0),
        );
        shop.desk.read_what_is_due().await.unwrap();
        send(&shop).await;
        assert_eq!(mailbox.news().len(), 1, "the other one could not be read");
    }

    async fn a_cancellation_that_the_sender_meets_is_told_without_a_load(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        let sent = shop.status("Отправлен").await;
        shop.set(json!({"seller_delivery": {"delivering": sent}})).await;
        posting(&shop, &numbered(1));
        load_and_send(&shop).await;
        shop.act(&numbered(1), Act::SetStatus(sent)).await;
        shop.ozon.cancel(CLIENT, &numbered(1), Canceller::Customer).unwrap();
        shop.ozon.advance_clock(TimeDelta::seconds(1));
        send(&shop).await;
        send(&shop).await;
        let [(subject, _)] = &mailbox.news()[..] else { panic!("one letter: {:?}", letters(&shop).await) };
        assert!(subject.contains("Отменено в Ozon"), "{subject}");
    }

    async fn what_nobody_told_is_told_by_and_by(store: Store) {
        let (shop, sink) = with_mail(store).await;
        let mut mailbox = Mailbox::new(&sink);
        posting(&shop, &numbered(1));
        shop.load().await;
        shop.set(json!({"notify_status_changes": true, "also_awaiting_deliver": true})).await;
        another_loads(&shop).await;
        shop.ozon.set_status(CLIENT, &numbered(1), Status::AwaitingDeliver).unwrap();
        shop.ozon.advance_clock(TimeDelta::seconds(1));
        is_to_be_read(&shop, &numbered(1)).await;
        shop.desk.read_what_is_due().await.unwrap();
        send(&shop).await;
        assert!(mailbox.news().is_empty(), "the load is to tell it");
        // Its process dies, and no load follows.
        no_other_loads(&shop).await;
        send(&shop).await;
        assert!(mailbox.news().is_empty());
        shop.ozon.advance_clock(TimeDelta::minutes(11));
        send(&shop).await;
        assert_eq!(mailbox.news().len(), 1);
    }

    async fn a_failing_load_says_nothing_of_orders_that_no_list_has_shown(store: Store) {
        let (shop, sink) = with_mail(store).await;
        shop.set(json!({"notify_new_orders": true})).await;
        posting(&shop, &numbered(1));
        shop.ozon.inject_fault(
            FaultPlan::next_call(Fault::ServerError).of_method(UNFULFILLED_LIST).times(0),
        );
        shop.try_load().await.expect_err("the first list is out of order");
        send(&shop).await;
        let told = Mailbox::new(&sink).news();
        assert_eq!(told.len(), 1, "{told:?}");
    }
}
