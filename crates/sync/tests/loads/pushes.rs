//! What people do to orders reaches Ozon: in order, once, through every fault, and never against the posting.

use chrono::TimeDelta;
use domain::by_hand::Act;
use domain::push::NotTold;
use domain::{Field, OrderId, Reason};
use ozon_sim::{
    Canceller, ChangeKind, DELIVERED, DELIVERING, DeliveryType, Fault, FaultPlan, LAST_MILE, POSTING_GET,
    PostingDraft, Status, TRACKING_NUMBER_SET,
};
use serde_json::json;
use storage::PageAsk;
use storage::Store;
use storage::outbox::{OutboxFilter, OutboxItem, OutboxState};
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};

const NUMBER: &str = "0105259411-0854-1";

/// A shop with rows 15 and 16 filled in and these packed postings of its own delivery, loaded. The clock stands.
async fn with_own_delivery(store: Store, numbers: &[&str]) -> Shop {
    let shop = Shop::open(store).await;
    shop.ozon.freeze_clock();
    for number in numbers {
        shop.add(&PostingDraft {
            delivery_type: Some(DeliveryType::NonIntegrated),
            status: Some(Status::AwaitingDeliver),
            ..PostingDraft::numbered(*number)
        });
    }
    let (sent, delivered) = (shop.status("Отправлен").await, shop.status("Доставлен").await);
    let mile = shop.status("В пункте выдачи").await;
    shop.set(json!({
        "also_awaiting_deliver": true,
        "send_track_numbers": true,
        "seller_delivery": {"delivering": sent, "last_mile": mile, "delivered": delivered},
    }))
    .await;
    shop.load().await;
    shop
}

/// A posting that is not packed yet, with a track number that therefore waits.
async fn with_a_track_number_before_packing(store: Store) -> Shop {
    let shop = with_own_delivery(store, &[]).await;
    shop.add(&PostingDraft {
        delivery_type: Some(DeliveryType::NonIntegrated),
        status: Some(Status::AwaitingPackaging),
        ..PostingDraft::numbered(NUMBER)
    });
    shop.load().await;
    shop.act(NUMBER, Act::SetTrackNumber(Some("RA1".to_owned()))).await;
    shop.desk.send_what_is_due().await.unwrap();
    shop
}

async fn outbox(shop: &Shop) -> Vec<OutboxItem> {
    let mut items = shop.store.outbox(&OutboxFilter::default(), &PageAsk::first(200)).await.unwrap().items;
    items.reverse();
    items
}

async fn states(shop: &Shop) -> Vec<OutboxState> {
    outbox(shop).await.iter().map(|item| item.state).collect()
}

fn is_over(state: OutboxState) -> bool {
    matches!(state, OutboxState::Done | OutboxState::Refused | OutboxState::Cancelled)
}

/// Sends, a second of the clock after the other, until nothing is left to do; how many seconds it took.
async fn all_is_sent(shop: &Shop) -> i64 {
    for second in 0..1_200 {
        shop.desk.send_what_is_due().await.unwrap();
        if states(shop).await.into_iter().all(is_over) {
            return second;
        }
        shop.ozon.advance_clock(TimeDelta::seconds(1));
    }
    panic!("it does not come to an end: {:?}", outbox(shop).await);
}

async fn enters(shop: &Shop, number: &str, status: &str) {
    let status = shop.status(status).await;
    shop.act(number, Act::SetStatus(status)).await;
}

/// What Ozon took, in order.
fn taken(shop: &Shop) -> Vec<(String, ChangeKind, Option<String>)> {
    let changes = shop.ozon.changes(CLIENT).into_iter();
    changes.map(|change| (change.posting_number, change.kind, change.value)).collect()
}

fn kinds(shop: &Shop) -> Vec<ChangeKind> {
    taken(shop).into_iter().map(|(_, kind, _)| kind).collect()
}

const WHOLE_WAY: [ChangeKind; 3] = [ChangeKind::Delivering, ChangeKind::LastMile, ChangeKind::Delivered];

on_both_databases! {
    async fn a_life_of_a_posting_that_the_seller_delivers(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        shop.act(NUMBER, Act::SetTrackNumber(Some("RA644000001RU".to_owned()))).await;
        enters(&shop, NUMBER, "Отправлен").await;
        all_is_sent(&shop).await;
        enters(&shop, NUMBER, "В пункте выдачи").await;
        all_is_sent(&shop).await;
        enters(&shop, NUMBER, "Доставлен").await;
        all_is_sent(&shop).await;
        assert_eq!(taken(&shop)[0].2.as_deref(), Some("RA644000001RU"));
        assert_eq!(kinds(&shop)[1..], WHOLE_WAY);
        assert!(shop.ozon.refused_changes(CLIENT).is_empty());

        let order = shop.order(NUMBER).await;
        assert_eq!(order.ozon_substatus.as_deref(), Some("posting_conditionally_delivered"));
        assert!(!order.paid, "conditionally delivered is not delivered");
        assert_eq!(shop.status_of(NUMBER).await, "Доставлен", "no echo moved it");

        shop.ozon.advance(CLIENT, NUMBER).unwrap();
        shop.ozon.advance_clock(TimeDelta::minutes(5));
        shop.load().await;
        let order = shop.order(NUMBER).await;
        assert_eq!((order.ozon_status.code(), order.paid), ("delivered", true));
        let told = shop.history(&order).await.into_iter().filter(|e| e.field == Field::Push);
        let told: Vec<_> = told.map(|e| e.reason).collect();
        assert_eq!(told.len(), 4);
        for reason in told {
            let Reason::Told { answer, trace_id, .. } = reason else { panic!("{reason:?}") };
            assert!(answer.is_some() && trace_id.is_some());
        }
    }

    async fn skipped_steps_are_sent_in_order(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        enters(&shop, NUMBER, "Доставлен").await;
        all_is_sent(&shop).await;
        assert_eq!(kinds(&shop), WHOLE_WAY);
        assert!(shop.ozon.refused_changes(CLIENT).is_empty());
    }

    async fn a_track_number_goes_before_the_statuses_whatever_was_first(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        enters(&shop, NUMBER, "Отправлен").await;
        shop.act(NUMBER, Act::SetTrackNumber(Some("RA1".to_owned()))).await;
        all_is_sent(&shop).await;
        assert_eq!(kinds(&shop), [ChangeKind::TrackNumber, ChangeKind::Delivering]);
    }

    async fn forty_five_postings_go_in_three_calls(store: Store) {
        let numbers: Vec<String> = (0..45).map(|n| format!("0105259411-{n:04}-1")).collect();
        let refs: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let shop = with_own_delivery(store, &refs).await;
        for number in &refs {
            enters(&shop, number, "Отправлен").await;
        }
        all_is_sent(&shop).await;
        assert_eq!(shop.ozon.request_count(DELIVERING), 3);
        assert_eq!(kinds(&shop), [ChangeKind::Delivering; 45]);
    }

    async fn what_the_posting_is_already_past_is_not_sent(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        enters(&shop, NUMBER, "Отправлен").await;
        // The seller does it in Ozon's own cabinet before we come to it.
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivering).unwrap();
        all_is_sent(&shop).await;
        assert_eq!((kinds(&shop), states(&shop).await), (vec![], vec![OutboxState::Done]));
        assert!(shop.ozon.refused_changes(CLIENT).is_empty());
    }

    async fn a_posting_cancelled_meanwhile_is_left_alone_and_the_order_says_why(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        enters(&shop, NUMBER, "Отправлен").await;
        shop.ozon.cancel(CLIENT, NUMBER, Canceller::Ozon).unwrap();
        all_is_sent(&shop).await;
        assert_eq!((kinds(&shop), states(&shop).await), (vec![], vec![OutboxState::Refused]));
        let order = shop.order(NUMBER).await;
        let last = shop.history(&order).await.into_iter().rfind(|e| e.field == Field::Push).unwrap();
        assert!(matches!(last.reason, Reason::NotTold { why: NotTold::Cancelled, .. }));
        assert!(!order.flags.is_empty(), "the reading showed the cancellation");
    }

    async fn where_ozon_delivers_nothing_is_sent(store: Store) {
        let shop = with_own_delivery(store, &[]).await;
        shop.add(&PostingDraft {
            delivery_type: Some(DeliveryType::Ozon),
            status: Some(Status::AwaitingDeliver),
            ..PostingDraft::numbered(NUMBER)
        });
        shop.load().await;
        enters(&shop, NUMBER, "Отправлен").await;
        shop.act(NUMBER, Act::SetTrackNumber(Some("RA1".to_owned()))).await;
        assert_eq!(states(&shop).await, []);
        let order = shop.order(NUMBER).await;
        let said = shop.history(&order).await.into_iter().filter(|e| e.field == Field::Push);
        let whys: Vec<_> = said.map(|e| e.reason).collect();
        assert_eq!(whys.len(), 2);
        for reason in whys {
            assert!(matches!(reason, Reason::NotTold { why: NotTold::DeliveredByOzon, .. }));
        }
    }

    async fn a_push_before_packing_waits_for_it_and_then_goes_at_once(store: Store) {
        let shop = with_a_track_number_before_packing(store).await;
        let item = outbox(&shop).await.remove(0);
        assert_eq!((item.state, item.trouble.as_deref()), (OutboxState::Waiting, Some("not_packed_yet")));
        assert!(item.due_at - shop.ozon.now() > TimeDelta::minutes(10));
        shop.ozon.set_status(CLIENT, NUMBER, Status::AwaitingDeliver).unwrap();
        shop.load().await;
        assert!(all_is_sent(&shop).await < 5);
        assert_eq!(kinds(&shop), [ChangeKind::TrackNumber]);
    }

    async fn a_push_that_waited_long_for_packing_is_tried_as_often_as_any(store: Store) {
        let shop = with_a_track_number_before_packing(store).await;
        shop.ozon.advance_clock(TimeDelta::days(10));
        shop.ozon.set_status(CLIENT, NUMBER, Status::AwaitingDeliver).unwrap();
        shop.ozon.inject_fault(FaultPlan::next_call(Fault::ServerError).of_method(TRACKING_NUMBER_SET));
        shop.desk.send_what_is_due().await.unwrap();
        all_is_sent(&shop).await;
        assert_eq!((kinds(&shop), states(&shop).await), (vec![ChangeKind::TrackNumber], vec![OutboxState::Done]));
    }

    async fn being_told_to_come_back_later_is_no_failure_of_a_push(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        let fault = Fault::TooManyRequests { retry_after: 1 };
        let mut plan = FaultPlan::next_call(fault).of_method(TRACKING_NUMBER_SET);
        plan.count = 20;
        shop.ozon.inject_fault(plan);
        shop.act(NUMBER, Act::SetTrackNumber(Some("RA1".to_owned()))).await;
        for _ in 0..10 {
            shop.desk.send_what_is_due().await.unwrap();
            shop.ozon.advance_clock(TimeDelta::seconds(3));
        }
        let item = outbox(&shop).await.remove(0);
        assert_eq!((item.tries, item.trouble.as_deref()), (0, Some("rate_limited")));
    }

    async fn the_first_not_now_after_an_outage_is_not_the_last_word(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        shop.act(NUMBER, Act::SetTrackNumber(Some("RA1".to_owned()))).await;
        let mut outage = FaultPlan::next_call(Fault::ServerError).of_method(POSTING_GET);
        outage.count = 1_000;
        shop.ozon.inject_fault(outage);
        while outbox(&shop).await[0].tries < 9 {
            shop.desk.send_what_is_due().await.unwrap();
            shop.ozon.advance_clock(TimeDelta::minutes(16));
        }
        shop.ozon.clear_faults();
        let error = "TRANSITION_IS_NOT_POSSIBLE".to_owned();
        let fault = Fault::RefuseItem { error, posting_number: Some(NUMBER.to_owned()) };
        shop.ozon.inject_fault(FaultPlan::next_call(fault).of_method(TRACKING_NUMBER_SET));
        shop.desk.send_what_is_due().await.unwrap();
        let item = outbox(&shop).await.remove(0);
        assert_eq!((item.state, item.trouble.as_deref()), (OutboxState::Waiting, Some("not_offered")));
        all_is_sent(&shop).await;
        assert_eq!((kinds(&shop), states(&shop).await), (vec![ChangeKind::TrackNumber], vec![OutboxState::Done]));
    }

    async fn a_change_that_ozon_shows_a_minute_late_is_sent_once_and_waited_for(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        shop.ozon.set_change_delay(TimeDelta::seconds(60));
        enters(&shop, NUMBER, "Доставлен").await;
        all_is_sent(&shop).await;
        assert_eq!(kinds(&shop), WHOLE_WAY);
        assert_eq!(shop.status_of(NUMBER).await, "Доставлен");
    }

    async fn an_item_that_ozon_refuses_holds_up_no_other(store: Store) {
        let other = "0105259411-0855-1";
        let shop = with_own_delivery(store, &[NUMBER, other]).await;
        let error = "HAS_INCORRECT_TPL_INTEGRATION_TYPE".to_owned();
        let fault = Fault::RefuseItem { error, posting_number: Some(NUMBER.to_owned()) };
        shop.ozon.inject_fault(FaultPlan::next_call(fault));
        enters(&shop, NUMBER, "Отправлен").await;
        enters(&shop, other, "Отправлен").await;
        all_is_sent(&shop).await;
        assert_eq!(states(&shop).await, [OutboxState::Refused, OutboxState::Done]);
        let items = outbox(&shop).await;
        assert_eq!(items[0].trouble.as_deref(), Some("delivered_by_ozon"));
        assert_eq!(items[0].answer.as_deref(), Some("HAS_INCORRECT_TPL_INTEGRATION_TYPE"));
        assert!(items[0].trace_id.is_some());
        // A person mends it and tries again.
        let actor = domain::Actor::Token { name: "tester".to_owned() };
        shop.store.retry_outbox(items[0].id, &actor, shop.desk.now()).await.unwrap();
        all_is_sent(&shop).await;
        assert_eq!(states(&shop).await, [OutboxState::Done, OutboxState::Done]);
    }

    async fn what_a_person_takes_back_is_not_sent(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        enters(&shop, NUMBER, "Отправлен").await;
        let actor = domain::Actor::Token { name: "tester".to_owned() };
        let id = outbox(&shop).await[0].id;
        shop.store.cancel_outbox(id, &actor, shop.desk.now()).await.unwrap();
        all_is_sent(&shop).await;
        assert_eq!((kinds(&shop), states(&shop).await), (vec![], vec![OutboxState::Cancelled]));
        let again = shop.store.cancel_outbox(id, &actor, shop.desk.now()).await;
        assert!(matches!(again, Err(storage::Error::Refused("outbox_state"))));
    }

    async fn a_claim_whose_sender_died_is_taken_over_and_nothing_is_sent_twice(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        enters(&shop, NUMBER, "Отправлен").await;
        let now = shop.desk.now();
        let claimed = shop.store.claim_pushes("dead", 20, now, now + TimeDelta::seconds(20)).await.unwrap();
        assert_eq!(claimed.len(), 1);
        // It noted the call and made it, and died before the answer came.
        let ids = [claimed[0].item.id];
        shop.store.note_call(&ids, "dead", "delivering", now, now + TimeDelta::seconds(20)).await.unwrap();
        the_dead_ones_call(&shop).await.unwrap();
        assert_eq!(shop.desk.send_what_is_due().await.unwrap(), 0, "it is still the dead one's");
        shop.ozon.advance_clock(TimeDelta::seconds(21));
        all_is_sent(&shop).await;
        assert_eq!(kinds(&shop), [ChangeKind::Delivering]);
        assert!(shop.ozon.refused_changes(CLIENT).is_empty());
    }

    async fn looks_at_a_call_whose_fate_is_unknown_keep_their_distance_when_the_clock_is_put_forward(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        enters(&shop, NUMBER, "Отправлен").await;
        let now = shop.desk.now();
        let until = now + TimeDelta::seconds(20);
        let claimed = shop.store.claim_pushes("dead", 20, now, until).await.unwrap();
        let ids = [claimed[0].item.id];
        shop.store.note_call(&ids, "dead", "delivering", now, until).await.unwrap();
        // The clock is put forward before the call reaches Ozon, so that every look seems overdue.
        shop.ozon.advance_clock(TimeDelta::hours(1));
        the_dead_ones_call(&shop).await.unwrap();
        for _ in 0..10 {
            shop.desk.send_what_is_due().await.unwrap();
        }
        assert_eq!(states(&shop).await, [OutboxState::Sent], "it waits for its next look");
        all_is_sent(&shop).await;
        assert_eq!((kinds(&shop), states(&shop).await), (vec![ChangeKind::Delivering], vec![OutboxState::Done]));
        assert!(shop.ozon.refused_changes(CLIENT).is_empty());
    }

    async fn a_customers_request_to_cancel_is_shown_and_decided(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        let id = shop.ozon.request_cancellation(CLIENT, NUMBER, "Передумал").unwrap();
        shop.load().await;
        let order = shop.order(NUMBER).await;
        assert!(order.flags.contains(&domain::Flag::CancellationRequested));
        let asked = shop.store.cancellation_requests(order.id).await.unwrap().remove(0);
        assert_eq!((asked.id, asked.is_open()), (id, true));
        assert!(asked.decide_by.is_some() && asked.reason.is_some());

        let actor = domain::Actor::Token { name: "tester".to_owned() };
        let now = shop.desk.now();
        shop.store.decide_cancellation(order.id, asked.id, false, "Уже едет", &actor, now).await.unwrap();
        all_is_sent(&shop).await;
        assert_eq!(taken(&shop), [(NUMBER.to_owned(), ChangeKind::RejectCancellation, Some("Уже едет".to_owned()))]);
        shop.load().await;
        assert!(shop.order(NUMBER).await.flags.is_empty(), "decided");
        let late = shop.store.decide_cancellation(order.id, asked.id, true, "", &actor, now).await;
        assert!(matches!(late, Err(storage::Error::Refused("decided"))));
    }

    async fn a_decision_that_never_left_its_dead_sender_is_not_told_as_done(store: Store) {
        let shop = with_own_delivery(store, &[NUMBER]).await;
        let id = shop.ozon.request_cancellation(CLIENT, NUMBER, "Передумал").unwrap();
        shop.load().await;
        let order = shop.order(NUMBER).await.id;
        let actor = domain::Actor::Token { name: "tester".to_owned() };
        let now = shop.desk.now();
        shop.store.decide_cancellation(order, id, false, "", &actor, now).await.unwrap();
        let until = now + TimeDelta::seconds(20);
        let claimed = shop.store.claim_pushes("dead", 20, now, until).await.unwrap();
        let ids = [claimed[0].item.id];
        // It noted the call and died before it made it; then silence approved what was to be rejected.
        shop.store.note_call(&ids, "dead", "cancellation_request", now, until).await.unwrap();
        shop.ozon.advance_clock(TimeDelta::days(2) + TimeDelta::seconds(1));
        all_is_sent(&shop).await;
        assert_eq!(states(&shop).await, [OutboxState::Refused]);
        assert_eq!(outbox(&shop).await[0].trouble.as_deref(), Some("already_decided"));
        assert!(taken(&shop).is_empty());
    }
}

/// The call that the dead sender made.
async fn the_dead_ones_call(shop: &Shop) -> Result<(), ozon_api::Error> {
    let cabinet = shop.cabinet().await;
    let credentials =
        ozon_api::Credentials { client_id: CLIENT.to_owned(), api_key: crate::shop::KEY.into() };
    let options = ozon_api::ClientOptions { base_url: cabinet.api_url, ..crate::shop::config().client };
    let client = ozon_api::Client::new(&credentials, options).unwrap();
    let posting_number = ozon_api::methods::Batch::one(NUMBER.to_owned());
    client.call(&ozon_api::methods::MoveToDelivering { posting_number }).await.map(|_| ())
}

macro_rules! gets_through {
    ($($name:ident: $fault:expr;)*) => {
        on_both_databases! {
            $(async fn $name(store: Store) {
                let shop = with_own_delivery(store, &[NUMBER]).await;
                for method in [POSTING_GET, TRACKING_NUMBER_SET, DELIVERING, LAST_MILE, DELIVERED] {
                    let mut plan = FaultPlan::next_call($fault);
                    plan.method = Some(method.to_owned());
                    shop.ozon.inject_fault(plan);
                }
                shop.act(NUMBER, Act::SetTrackNumber(Some("RA1".to_owned()))).await;
                enters(&shop, NUMBER, "Доставлен").await;
                all_is_sent(&shop).await;
                assert_eq!(kinds(&shop)[..1], [ChangeKind::TrackNumber]);
                assert_eq!(kinds(&shop)[1..], WHOLE_WAY, "each once and in order");
                assert!(shop.ozon.refused_changes(CLIENT).is_empty());
                let _: OrderId = shop.order(NUMBER).await.id;
            })*
        }
    };
}

gets_through! {
    a_429_before_each_call: Fault::TooManyRequests { retry_after: 1 };
    a_500_before_each_call: Fault::ServerError;
    an_answer_lost_after_each_change_was_taken: Fault::TakenThenHangup;
    a_500_after_each_change_was_taken: Fault::TakenThenServerError;
    a_closed_connection: Fault::Hangup;
    a_page_of_html: Fault::BadGateway;
}
