//! What the account must notice: the trial is worth as much as it can fail.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use chrono::TimeDelta;
use entities::outbox;
use ozon_sim::{CabinetSettings, Config, GeneratorOptions, Handle, Status};
use serde_json::json;
use testkit::smtp::Received;

use super::{Evidence, compare};
use crate::kept::{Kept, Posting, held_up};
use crate::people::{Answer, Deed, Wish};
use crate::report::Report;
use crate::scene::{Blows, Cabinet, Scene, Statuses};

const CLIENT_ID: &str = "4242";

fn scene() -> Scene {
    let sim = Handle::new(&Config::default());
    sim.add_cabinet(CabinetSettings::new(CLIENT_ID, "key"));
    // Over before anybody looked: none of them needs an order.
    let options = GeneratorOptions { statuses: vec![Status::Delivered], ..GeneratorOptions::seeded(1) };
    sim.generate(CLIENT_ID, 5, &options).expect("postings are made");
    let cabinet =
        Cabinet { client_id: CLIENT_ID, name: "One", id: 1, secret: String::new(), hours_to_see: 1 };
    let statuses = Statuses { in_work: 2, sent: 4, at_pickup_point: 5, delivered: 6, cancelled: 8 };
    let mail_since = sim.now();
    let (servers, token, http) = (Vec::new(), String::new(), Scene::client());
    Scene { sim, cabinets: vec![cabinet], statuses, mail_since, servers, token, http }
}

/// A store that has every posting as Ozon has it.
fn whole(scene: &Scene) -> Kept {
    let posting = |truth: ozon_sim::PostingTruth| Posting {
        cabinet: 1,
        number: truth.posting_number,
        status: truth.status.as_str().to_owned(),
        substatus: Some(truth.substatus),
        skipped: Some("first_seen_too_late".to_owned()),
        order: None,
    };
    Kept {
        postings: scene.sim.truths(CLIENT_ID).into_iter().map(posting).collect(),
        orders: Vec::new(),
        lines: HashMap::new(),
        history: BTreeMap::new(),
        outbox: Vec::new(),
        messages: Vec::new(),
        runs: Vec::new(),
    }
}

fn differences(scene: &Scene, kept: &Kept, deeds: Vec<Deed>, letters: Vec<Received>) -> Vec<String> {
    let now = scene.sim.now();
    let first_seen =
        scene.sim.posting_numbers(CLIENT_ID).into_iter().map(|number| ((0, number), now)).collect();
    let blows = Blows::default();
    let evidence = Evidence {
        scene,
        first_seen: &first_seen,
        deeds,
        letters,
        blows: &blows,
        begun: now - TimeDelta::days(1),
        rounds_end: now,
    };
    let mut report = Report::default();
    compare(kept, &evidence, &mut report);
    report.differences
}

fn letter(id: i64) -> outbox::Model {
    outbox::Model {
        id,
        kind: "letter".to_owned(),
        subject: "key_fails".to_owned(),
        cabinet_id: Some(1),
        order_id: None,
        payload: json!({"letter": "key_fails"}).to_string(),
        rank: 0,
        actor: "{}".to_owned(),
        state: "done".to_owned(),
        due_at: 0,
        tries: 0,
        reads: 0,
        holder: None,
        sent_call: None,
        sent_at: None,
        created_at: 7,
        finished_at: Some(8),
        trouble: None,
        answer: None,
        trace_id: None,
        once: None,
        recipients: None,
    }
}

#[test]
fn a_store_that_is_whole_differs_in_nothing() {
    let scene = scene();
    assert_eq!(differences(&scene, &whole(&scene), Vec::new(), Vec::new()), Vec::<String>::new());
}

#[test]
fn a_lost_posting_a_doubled_one_and_a_stray_are_noticed() {
    let scene = scene();
    let mut kept = whole(&scene);
    let lost = kept.postings.remove(0).number;
    let twice = whole(&scene).postings.swap_remove(1);
    let stray = Posting { number: "1-1-1".to_owned(), ..whole(&scene).postings.swap_remove(2) };
    let doubled = twice.number.clone();
    kept.postings.extend([twice, stray]);
    let told = differences(&scene, &kept, Vec::new(), Vec::new());
    let tells = |number: &str, what: &str| told.iter().any(|t| t.contains(number) && t.contains(what));
    assert!(tells(&lost, "lost") && tells(&doubled, "doubled") && tells("1-1-1", "no such"), "{told:?}");
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn a_status_that_lags_behind_and_a_posting_that_made_no_order_are_noticed() {
    let scene = scene();
    let options =
        GeneratorOptions { statuses: vec![Status::AwaitingPackaging], ..GeneratorOptions::seeded(2) };
    let born = scene.sim.generate(CLIENT_ID, 1, &options).expect("a posting is made");
    let mut kept = whole(&scene);
    let late = kept.postings.iter_mut().find(|p| p.number != born[0]).expect("there are others");
    late.status = "delivering".to_owned();
    let told = differences(&scene, &kept, Vec::new(), Vec::new());
    assert!(told.iter().any(|t| t.contains("stored as delivering")), "{told:?}");
    assert!(told.iter().any(|t| t.contains(&born[0]) && t.contains("has no order")), "{told:?}");
}

#[test]
fn an_act_that_was_answered_and_is_not_there_is_noticed() {
    let scene = scene();
    let posting = scene.sim.posting_numbers(CLIENT_ID).remove(0);
    let deed = |answer| Deed {
        cabinet: 0,
        posting: posting.clone(),
        order: 1,
        wish: Wish::Comment("note 1".to_owned()),
        answered: scene.sim.now(),
        answer,
    };
    let lost = differences(&scene, &whole(&scene), vec![deed(Answer::Done)], Vec::new());
    assert!(lost.len() == 1 && lost[0].contains("is there 0 times"), "{lost:?}");
    let open = differences(
        &scene,
        &whole(&scene),
        vec![deed(Answer::Unknown), deed(Answer::Refused(409))],
        Vec::new(),
    );
    assert_eq!(open, Vec::<String>::new());
}

#[test]
fn a_letter_that_never_came_and_one_that_came_twice_for_no_reason_are_noticed() {
    let scene = scene();
    let arrived = |is_answered| Received {
        from: String::new(),
        to: Vec::new(),
        text: "Message-ID: <vygruzka-1-7@shop.example>\r\n\r\ntext\r\n".to_owned(),
        at: Instant::now(),
        is_answered,
    };
    let kept = Kept { outbox: vec![letter(1), letter(2)], ..whole(&scene) };
    let told = differences(&scene, &kept, Vec::new(), vec![arrived(true), arrived(true)]);
    assert!(told.iter().any(|t| t.contains("letter 2 is done and never arrived")), "{told:?}");
    assert!(told.iter().any(|t| t.contains("twice for no reason")), "{told:?}");
    // Where the mail server kept silent, its sender could not know.
    let kept = Kept { outbox: vec![letter(1)], ..whole(&scene) };
    let silent = differences(&scene, &kept, Vec::new(), vec![arrived(false), arrived(true)]);
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn only_orders_whose_push_still_waits_for_packing_are_held_up() {
    let push = |order: i64, state: &str, trouble: Option<&str>| outbox::Model {
        kind: "push".to_owned(),
        order_id: Some(order),
        state: state.to_owned(),
        trouble: trouble.map(str::to_owned),
        ..letter(order)
    };
    let held = "not_packed_yet";
    let rows = [
        push(1, "waiting", Some(held)),
        push(2, "done", Some(held)),
        push(3, "waiting", Some("unreachable")),
        push(4, "waiting", None),
        push(5, "sending", Some(held)),
        letter(6),
    ];
    assert_eq!(held_up(&rows), HashSet::from([1, 5]));
}
