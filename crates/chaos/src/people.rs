//! What people and programs do over REST at a random server, and what they were answered.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use ozon_sim::{DeliveryType, PostingTruth, RequestState, Status};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::scene::{Scene, one};

/// The latest postings: people work on these.
const LATEST: usize = 150;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// A comment that no other act writes.
    Comment(String),
    /// A track number that no other act writes.
    Track(String),
    /// A status of the shop.
    Status(i64),
    /// An answer to a request of cancellation.
    Decision { request: i64, approve: bool },
}

/// What the server said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// 2xx: it is done.
    Done,
    /// 4xx, with its number: it is not done.
    Refused(u16),
    /// The server died, or the database was away: it may be done or not.
    Unknown,
}

/// An act.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    /// Place of the cabinet.
    pub(crate) cabinet: usize,
    pub(crate) posting: String,
    /// The store's id of the order.
    pub(crate) order: i64,
    pub(crate) wish: Wish,
    /// Simulated time after the answer.
    pub(crate) answered: DateTime<Utc>,
    pub(crate) answer: Answer,
}

/// All acts, in the order of their answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deeds(Arc<Mutex<Vec<Deed>>>);

impl Deeds {
    fn push(&self, deed: Deed) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(deed);
    }

    pub(crate) fn all(&self) -> Vec<Deed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Somebody looks an order up and does one thing to it; nothing where there is no order, or the server does not answer.
pub(crate) async fn act(scene: Scene, deeds: Deeds, seed: u64) {
    let mut chance = StdRng::seed_from_u64(seed);
    let Some((cabinet, posting, wish)) = intend(&scene, &mut chance, seed) else { return };
    let id = scene.cabinets[cabinet].id;
    let server = scene.any_server(&mut chance);
    let found = scene.read(server, &format!("/orders?posting_number={posting}&cabinet={id}&limit=1")).await;
    let Some(order) = found.as_ref().and_then(|page| page["items"][0]["id"].as_i64()) else { return };
    let server = scene.any_server(&mut chance);
    let request = match &wish {
        Wish::Decision { request, approve } => {
            let word = if *approve { "approve" } else { "reject" };
            scene.ask(
                Method::POST,
                server,
                &format!("/orders/{order}/cancellation-requests/{request}/{word}"),
            )
        }
        wish => {
            let patch = body(wish).to_string();
            let request = scene.ask(Method::PATCH, server, &format!("/orders/{order}"));
            request.header("content-type", "application/json").body(patch)
        }
    };
    let answer = match request.send().await.map(|answer| answer.status().as_u16()) {
        Ok(200..=299) => Answer::Done,
        Ok(status @ 400..=499) => Answer::Refused(status),
        _ => Answer::Unknown,
    };
    let answered = scene.sim.now();
    deeds.push(Deed { cabinet, posting, order, wish, answered, answer });
}

fn body(wish: &Wish) -> Value {
    match wish {
        Wish::Comment(text) => json!({"admin_comment": text}),
        Wish::Track(number) => json!({"track_number": number}),
        Wish::Status(id) => json!({"status_id": id}),
        Wish::Decision { .. } => Value::Null,
    }
}

fn intend(scene: &Scene, chance: &mut StdRng, seed: u64) -> Option<(usize, String, Wish)> {
    let place = usize::from(chance.random_bool(0.2)) % scene.cabinets.len();
    let client_id = scene.cabinets[place].client_id;
    if chance.random_bool(0.3) {
        let open = scene.sim.cancellation_requests(client_id);
        let open: Vec<_> = open.iter().filter(|r| r.state == RequestState::OnApproval).collect();
        if let Some(request) = one(chance, &open) {
            let wish = Wish::Decision { request: request.id, approve: chance.random_bool(0.5) };
            return Some((place, request.posting_number.clone(), wish));
        }
    }
    let truths = scene.sim.truths(client_id);
    let latest = &truths[truths.len().saturating_sub(LATEST)..];
    // Whoever sends himself has the most to do.
    let own: Vec<&PostingTruth> = latest.iter().filter(|t| is_own(t) && !t.status.is_final()).collect();
    let any: Vec<&PostingTruth> = latest.iter().collect();
    let among = if chance.random_bool(0.8) && !own.is_empty() { &own } else { &any };
    let truth = one(chance, among)?;
    let wish = match chance.random_range(0..10) {
        0 | 1 => Wish::Comment(format!("note {seed:016x}")),
        2..=5 => Wish::Track(format!("TRK{seed:016X}")),
        _ => Wish::Status(status(scene, chance, truth)),
    };
    Some((place, truth.posting_number.clone(), wish))
}

/// The seller, or a service by his track number, delivers it.
fn is_own(truth: &PostingTruth) -> bool {
    matches!(truth.delivery_type, DeliveryType::NonIntegrated | DeliveryType::ThirdPartyTracking)
}

fn status(scene: &Scene, chance: &mut StdRng, truth: &PostingTruth) -> i64 {
    let statuses = scene.statuses;
    if truth.status == Status::AwaitingPackaging {
        return statuses.in_work;
    }
    let ways = [statuses.sent, statuses.sent, statuses.at_pickup_point, statuses.delivered, statuses.in_work];
    *one(chance, &ways).unwrap_or(&statuses.sent)
}
