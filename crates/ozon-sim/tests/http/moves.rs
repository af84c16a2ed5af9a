//! Track numbers and moves that the seller makes himself.

use chrono::TimeDelta;
use ozon_sim::{
    Behaviour, Canceller, ChangeKind, DELIVERED, DELIVERING, DeliveryType, Flow, LAST_MILE, LifeSettings,
    POSTING_GET, PostingDraft, ROLES, Running, Status, TRACKING_NUMBER_SET,
};
use serde_json::{Value, json};

use crate::client::{CLIENT_ID, Client, simulator};

pub const NUMBER: &str = "0125046649-0022-1";
pub const SECOND: &str = "0125046649-0023-1";

fn draft(number: &str, kind: DeliveryType, status: Status) -> PostingDraft {
    PostingDraft {
        delivery_type: Some(kind),
        status: Some(status),
        ..PostingDraft::numbered(number.to_owned())
    }
}

/// Two packed postings that the seller delivers himself.
pub async fn with_own_delivery() -> (Running, Client) {
    let simulator = simulator().await;
    for number in [NUMBER, SECOND] {
        let draft = draft(number, DeliveryType::NonIntegrated, Status::AwaitingDeliver);
        simulator.handle().add_posting(CLIENT_ID, &draft).unwrap();
    }
    let client = Client::new(&simulator);
    (simulator, client)
}

pub async fn shown(client: &Client, number: &str) -> Value {
    client.post(POSTING_GET, &json!({"posting_number": number})).await.json()["result"].clone()
}

pub async fn ask(client: &Client, method: &str, number: &str) -> Value {
    let answered = client.post(method, &json!({"posting_number": [number]})).await;
    assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
    answered.json()["result"][0].clone()
}

pub fn done(number: &str) -> Value {
    json!({"posting_number": number, "result": true, "error": []})
}

pub fn refused(number: &str, error: &str) -> Value {
    json!({"posting_number": number, "result": false, "error": error})
}

#[tokio::test]
async fn the_seller_moves_his_posting_and_sees_each_move_later() {
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    for (method, substatus, actions) in [
        (DELIVERING, "posting_transferred_to_courier_service", "non_int_last_mile"),
        (LAST_MILE, "posting_in_courier_service", "non_int_delivered"),
        (DELIVERED, "posting_conditionally_delivered", "can_create_chat"),
    ] {
        let before = shown(&client, NUMBER).await;
        assert_eq!(ask(&client, method, NUMBER).await, done(NUMBER));
        handle.advance_clock(TimeDelta::milliseconds(1_999));
        assert_eq!(shown(&client, NUMBER).await, before, "nothing is seen yet");
        handle.advance_clock(TimeDelta::milliseconds(1));
        let after = shown(&client, NUMBER).await;
        assert_eq!((&after["status"], &after["substatus"]), (&json!("delivering"), &json!(substatus)));
        assert_eq!(after["previous_substatus"], before["substatus"]);
        assert!(after["available_actions"].as_array().unwrap().contains(&json!(actions)));
        assert_eq!(handle.truth(CLIENT_ID, NUMBER).unwrap().status_changed_at, handle.now());
    }
    handle.advance(CLIENT_ID, NUMBER).unwrap();
    assert_eq!(shown(&client, NUMBER).await["status"], "delivered");
    let kinds: Vec<_> = handle.changes(CLIENT_ID).iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Delivering, ChangeKind::LastMile, ChangeKind::Delivered]);
    assert!(handle.refused_changes(CLIENT_ID).is_empty());
}

#[tokio::test]
async fn a_repeated_or_out_of_order_move_is_not_possible() {
    const NOT_POSSIBLE: &str = "TRANSITION_IS_NOT_POSSIBLE";
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    assert_eq!(ask(&client, DELIVERED, NUMBER).await, refused(NUMBER, NOT_POSSIBLE));
    assert_eq!(ask(&client, DELIVERING, NUMBER).await, done(NUMBER));
    assert_eq!(ask(&client, DELIVERING, NUMBER).await, refused(NUMBER, NOT_POSSIBLE), "one is under way");
    assert_eq!(ask(&client, LAST_MILE, NUMBER).await, done(NUMBER), "there is no route sheet");
    assert_eq!(ask(&client, LAST_MILE, NUMBER).await, refused(NUMBER, NOT_POSSIBLE));
    assert_eq!(ask(&client, DELIVERED, NUMBER).await, refused(NUMBER, NOT_POSSIBLE), "not the courier's yet");
    handle.advance_clock(TimeDelta::seconds(2));
    assert_eq!(shown(&client, NUMBER).await["substatus"], "posting_in_courier_service");
    for method in [DELIVERING, LAST_MILE] {
        assert_eq!(ask(&client, method, NUMBER).await, refused(NUMBER, NOT_POSSIBLE), "{method}");
    }
    assert_eq!(ask(&client, DELIVERED, NUMBER).await, done(NUMBER));
    handle.advance_clock(TimeDelta::seconds(2));
    for method in [DELIVERING, LAST_MILE, DELIVERED] {
        assert_eq!(ask(&client, method, NUMBER).await, refused(NUMBER, NOT_POSSIBLE), "{method}");
    }
    // Last mile is taken without delivering, and delivering is not taken behind it.
    assert_eq!(ask(&client, LAST_MILE, SECOND).await, done(SECOND));
    assert_eq!(ask(&client, DELIVERING, SECOND).await, refused(SECOND, NOT_POSSIBLE));
    handle.advance_clock(TimeDelta::seconds(2));
    assert_eq!(shown(&client, SECOND).await["substatus"], "posting_in_courier_service");
    let accepted: Vec<_> =
        handle.changes(CLIENT_ID).into_iter().map(|c| (c.posting_number, c.kind)).collect();
    assert_eq!(
        accepted,
        [
            (NUMBER.to_owned(), ChangeKind::Delivering),
            (NUMBER.to_owned(), ChangeKind::LastMile),
            (NUMBER.to_owned(), ChangeKind::Delivered),
            (SECOND.to_owned(), ChangeKind::LastMile),
        ]
    );
    assert_eq!(handle.refused_changes(CLIENT_ID).len(), 10);
    assert!(handle.refused_changes(CLIENT_ID).iter().all(|refused| refused.error == NOT_POSSIBLE));
}

#[tokio::test]
async fn before_packing_and_after_the_end_nothing_is_moved() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    for (index, status) in Status::ALL.iter().enumerate() {
        if matches!(status, Status::AwaitingDeliver | Status::Delivering) {
            continue;
        }
        let number = format!("9-{index}-1");
        let draft = draft(&number, DeliveryType::NonIntegrated, status.clone());
        simulator.handle().add_posting(CLIENT_ID, &draft).unwrap();
        for method in [DELIVERING, LAST_MILE, DELIVERED] {
            let expected = refused(&number, "TRANSITION_IS_NOT_POSSIBLE");
            assert_eq!(ask(&client, method, &number).await, expected, "{status} {method}");
        }
        let request = json!({"tracking_numbers": [{"posting_number": number, "tracking_number": "T"}]});
        let answered = client.post(TRACKING_NUMBER_SET, &request).await.json();
        assert_eq!(answered["result"][0], refused(&number, "STATE_NOT_VALID"), "{status}");
    }
    assert!(simulator.handle().changes(CLIENT_ID).is_empty());
}

#[tokio::test]
async fn who_delivers_decides_what_the_seller_may_ask() {
    const WRONG: &str = "HAS_INCORRECT_TPL_INTEGRATION_TYPE";
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let cases = [
        (DeliveryType::Ozon, None, false, false),
        (DeliveryType::Aggregator, None, false, false),
        (DeliveryType::ThirdPartyTracking, None, false, true),
        (DeliveryType::NonIntegrated, None, true, true),
        (DeliveryType::Hybryd, Some(Flow::Hybrid), false, false),
        (DeliveryType::Hybryd, Some(Flow::HybridNonIntegrated), true, true),
        (DeliveryType::Hybryd, Some(Flow::HybridThirdPartyTracking), false, true),
        (DeliveryType::Hybryd, Some(Flow::HybridAggregator), false, false),
    ];
    for (index, (kind, flow, moves, tracks)) in cases.into_iter().enumerate() {
        let number = format!("8-{index}-1");
        let draft = PostingDraft { flow, ..draft(&number, kind.clone(), Status::AwaitingDeliver) };
        simulator.handle().add_posting(CLIENT_ID, &draft).unwrap();
        let actions = shown(&client, &number).await["available_actions"].clone();
        let has = |action: &str| actions.as_array().unwrap().contains(&json!(action));
        assert_eq!((has("non_int_delivering"), has("set_track_number")), (moves, tracks), "{kind}");
        let expected = if moves { done(&number) } else { refused(&number, WRONG) };
        assert_eq!(ask(&client, LAST_MILE, &number).await, expected, "{kind}");
        let request = json!({"tracking_numbers": [{"posting_number": number, "tracking_number": "T"}]});
        let result = client.post(TRACKING_NUMBER_SET, &request).await.json()["result"][0].clone();
        let expected = if tracks {
            json!({"posting_number": number, "result": true, "error": ""})
        } else {
            refused(&number, WRONG)
        };
        assert_eq!(result, expected, "{kind}");
    }
}

#[tokio::test]
async fn items_are_judged_one_by_one() {
    let (simulator, client) = with_own_delivery().await;
    let ozons = draft("7-0001-1", DeliveryType::Ozon, Status::AwaitingDeliver);
    simulator.handle().add_posting(CLIENT_ID, &ozons).unwrap();
    let request = json!({"posting_number": [NUMBER, "0-0-0", "7-0001-1", NUMBER, SECOND]});
    let result = client.post(DELIVERING, &request).await.json()["result"].clone();
    assert_eq!(
        result,
        json!([
            done(NUMBER),
            refused("0-0-0", "POSTING_NOT_FOUND"),
            refused("7-0001-1", "HAS_INCORRECT_TPL_INTEGRATION_TYPE"),
            refused(NUMBER, "TRANSITION_IS_NOT_POSSIBLE"),
            done(SECOND),
        ])
    );
    let handle = simulator.handle();
    let accepted: Vec<u64> = handle.changes(CLIENT_ID).iter().map(|change| change.number).collect();
    let refused: Vec<u64> = handle.refused_changes(CLIENT_ID).iter().map(|change| change.number).collect();
    assert_eq!((accepted, refused), (vec![1, 5], vec![2, 3, 4]));
    assert_eq!(handle.changes(CLIENT_ID)[0].at, handle.now());
}

#[tokio::test]
async fn a_track_number_is_set_at_once_and_can_be_set_again() {
    let (simulator, client) = with_own_delivery().await;
    for track in ["123", "123", "456"] {
        let request = json!({"tracking_numbers": [{"posting_number": NUMBER, "tracking_number": track}]});
        let answered = client.post(TRACKING_NUMBER_SET, &request).await.json();
        assert_eq!(answered, json!({"result": [{"posting_number": NUMBER, "result": true, "error": ""}]}));
        let posting = shown(&client, NUMBER).await;
        assert_eq!(posting["tracking_number"], track);
        assert_eq!(posting["status"], "awaiting_deliver");
        assert!(posting["available_actions"].as_array().unwrap().contains(&json!("click_track_number")));
    }
    let values: Vec<_> =
        simulator.handle().changes(CLIENT_ID).into_iter().map(|c| c.value.unwrap()).collect();
    assert_eq!(values, ["123", "123", "456"]);
}

#[tokio::test]
async fn requests_of_the_wrong_shape_change_nothing() {
    let (simulator, client) = with_own_delivery().await;
    let between = "value must contain between 1 and 20 items";
    let track = |number: &str, track: &str| json!({"posting_number": number, "tracking_number": track});
    let many: Vec<_> = (0..21).map(|i| format!("1-{i}-1")).collect();
    for method in [DELIVERING, LAST_MILE, DELIVERED] {
        for (request, text) in [
            (json!({"posting_number": []}), between),
            (json!({}), between),
            (json!({"posting_number": many}), between),
            (json!({"posting_number": NUMBER}), "syntax error"),
            (json!({"posting_number": [7]}), "syntax error"),
            (json!({"posting_numbers": [NUMBER]}), "unknown field"),
        ] {
            let answered = client.post(method, &request).await;
            assert_eq!((answered.status, answered.json()["code"].clone()), (400, json!(3)), "{request}");
            assert!(answered.message().contains(text), "{request}: {}", answered.message());
        }
    }
    for (request, text) in [
        (json!({"tracking_numbers": []}), between),
        (json!({"tracking_numbers": many.iter().map(|n| track(n, "1")).collect::<Vec<_>>()}), between),
        (json!({"tracking_numbers": [{"posting_number": NUMBER}]}), "value is required"),
        (json!({"tracking_numbers": [track(NUMBER, "")]}), "at least 1 runes"),
        (json!({"tracking_numbers": [track(NUMBER, "1"), track(SECOND, "")]}), "at least 1 runes"),
        (
            json!({"tracking_numbers": [{"posting_number": NUMBER, "tracking_number": "1", "x": 1}]}),
            "unknown",
        ),
    ] {
        let answered = client.post(TRACKING_NUMBER_SET, &request).await;
        assert_eq!(answered.status, 400, "{request}");
        assert!(answered.message().contains(text), "{request}: {}", answered.message());
    }
    let handle = simulator.handle();
    assert!(handle.changes(CLIENT_ID).is_empty());
    assert!(handle.refused_changes(CLIENT_ID).is_empty());
    // The living API ignores what it does not know.
    handle.set_behaviour(Behaviour::live_like());
    let answered = client.post(DELIVERING, &json!({"posting_number": [NUMBER], "x": 1})).await.json();
    assert_eq!(answered["result"][0], done(NUMBER));
}

#[tokio::test]
async fn a_move_overtaken_by_a_cancellation_is_not_made() {
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    assert_eq!(ask(&client, DELIVERING, NUMBER).await, done(NUMBER));
    handle.cancel(CLIENT_ID, NUMBER, Canceller::Customer).unwrap();
    handle.advance_clock(TimeDelta::seconds(10));
    assert_eq!(shown(&client, NUMBER).await["status"], "cancelled");
    assert_eq!(handle.event_failures(), Vec::<String>::new());
}

#[tokio::test]
async fn the_delay_is_the_tests_to_choose() {
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    handle.set_change_delay(TimeDelta::zero());
    assert_eq!(ask(&client, DELIVERING, NUMBER).await, done(NUMBER));
    assert_eq!(shown(&client, NUMBER).await["status"], "delivering");
    let set = client.post("/_sim/behaviour", &json!({"change_delay_millis": 60_000})).await.json();
    assert_eq!(set["change_delay_millis"], 60_000);
    assert_eq!(ask(&client, DELIVERING, SECOND).await, done(SECOND));
    handle.advance_clock(TimeDelta::seconds(59));
    assert_eq!(shown(&client, SECOND).await["status"], "awaiting_deliver");
    handle.advance_clock(TimeDelta::seconds(1));
    assert_eq!(shown(&client, SECOND).await["status"], "delivering");
}

#[tokio::test]
async fn another_process_reads_what_was_taken() {
    let (_simulator, client) = with_own_delivery().await;
    ask(&client, DELIVERING, NUMBER).await;
    ask(&client, DELIVERING, NUMBER).await;
    let path = format!("/_sim/cabinets/{CLIENT_ID}/changes");
    let changes = client.get(&path).await.json();
    assert_eq!(
        changes,
        json!({
            "accepted": [{"number": 1, "posting_number": NUMBER, "kind": "delivering", "value": null,
                "at": "2026-11-23T12:00:00Z"}],
            "refused": [{"number": 2, "posting_number": NUMBER, "kind": "delivering", "value": null,
                "at": "2026-11-23T12:00:00Z", "error": "TRANSITION_IS_NOT_POSSIBLE"}],
        })
    );
    assert_eq!(client.delete(&path).await.json(), json!({"accepted": [], "refused": []}));
    assert_eq!(client.get("/_sim/cabinets/8/changes").await.status, 404);
    let roles = client.post(ROLES, &json!({})).await.json();
    assert!(roles["roles"][0]["methods"].as_array().unwrap().contains(&json!("/v2/fbs/posting")));
}

#[tokio::test]
async fn a_life_leaves_to_the_seller_what_he_drives() {
    let (simulator, client) = with_own_delivery().await;
    let handle = simulator.handle();
    let life = LifeSettings {
        seconds_between_births: 0.0,
        seconds_per_step: 60.0,
        cancel_share: 0.0,
        seller_drives: true,
        ..LifeSettings::default()
    };
    handle.begin_life(CLIENT_ID, life).unwrap();
    handle.advance_clock(TimeDelta::hours(3));
    assert_eq!(shown(&client, NUMBER).await["status"], "awaiting_deliver");
    handle.set_change_delay(TimeDelta::zero());
    for method in [DELIVERING, LAST_MILE, DELIVERED] {
        assert_eq!(ask(&client, method, NUMBER).await, done(NUMBER));
    }
    handle.advance_clock(TimeDelta::hours(3));
    assert_eq!(shown(&client, NUMBER).await["status"], "delivered", "the buyer confirms by himself");
    assert_eq!(shown(&client, SECOND).await["status"], "awaiting_deliver");
}
