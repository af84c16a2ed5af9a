//! What happens at Ozon beside the simulator's own life: splits, fewer goods, moved dates, cancellations, returns, disputes.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ozon_sim::{
    Act, Canceller, DeliveryType, DisableReason, GeneratorOptions, Handle, LifeSettings, Piece, PostingTruth,
    Status,
};
use rand::RngExt;
use rand::rngs::StdRng;

use crate::scene::{Cabinet, Scene, one};

/// Postings that a cabinet has when the trial begins.
const AT_FIRST: usize = 40;
/// The latest postings: older ones are mostly over.
const LATEST: usize = 200;

/// Ozon's side, with what the trial did there.
pub(crate) struct World {
    scene: Scene,
    chance: StdRng,
    /// When the trial first saw each posting; of these only a later stay counts as one that must be noticed.
    pub(crate) first_seen: BTreeMap<(usize, String), DateTime<Utc>>,
    /// What happened, by kind.
    pub(crate) events: BTreeMap<&'static str, u64>,
    /// The registered address of each cabinet.
    addresses: Vec<Option<i64>>,
}

/// Postings that are there before the trial, of every age.
pub(crate) fn populate(sim: &Handle, client_id: &str, seed: u64) {
    let options = GeneratorOptions::seeded(seed);
    sim.generate(client_id, AT_FIRST, &options).expect("postings are made");
}

impl World {
    pub(crate) fn begin(scene: Scene, chance: StdRng, seed: u64) -> Self {
        for (place, cabinet) in scene.cabinets.iter().enumerate() {
            let life = LifeSettings {
                seconds_between_births: if place == 0 { 900.0 } else { 3_600.0 },
                seconds_per_step: 4.0 * 3_600.0,
                cancel_share: 0.04,
                max_postings: 20_000,
                seller_drives: true,
                seed: seed.wrapping_add(place as u64 + 1),
            };
            scene.sim.begin_life(cabinet.client_id, life).expect("the cabinet is there");
        }
        let addresses = vec![None; scene.cabinets.len()];
        Self { scene, chance, first_seen: BTreeMap::new(), events: BTreeMap::new(), addresses }
    }

    /// Nothing happens by itself any more.
    pub(crate) fn end(&self) {
        for cabinet in &self.scene.cabinets {
            self.scene.sim.end_life(cabinet.client_id).expect("the cabinet is there");
        }
    }

    /// Messages go to another server, or to none.
    pub(crate) fn move_messages(&mut self) {
        let place = self.chance.random_range(0..self.scene.cabinets.len());
        let cabinet = &self.scene.cabinets[place];
        if let Some(old) = self.addresses[place].take() {
            let _ = self.scene.sim.disable_url(cabinet.client_id, old, DisableReason::Seller);
        }
        if self.chance.random_bool(0.85) {
            let server = &self.scene.servers[self.chance.random_range(0..self.scene.servers.len())];
            let url = format!("{server}/hooks/ozon/{}", cabinet.secret);
            self.addresses[place] = self.scene.sim.register_url(cabinet.client_id, &url, &[]).ok();
        }
    }

    /// Lets some things happen, and looks who is new.
    pub(crate) fn stir(&mut self) {
        for place in 0..self.scene.cabinets.len() {
            let cabinet = self.scene.cabinets[place].clone();
            let truths = self.scene.sim.truths(cabinet.client_id);
            let now = self.scene.sim.now();
            for truth in &truths {
                self.first_seen.entry((place, truth.posting_number.clone())).or_insert(now);
            }
            let latest = &truths[truths.len().saturating_sub(LATEST)..];
            let open: Vec<&PostingTruth> = latest.iter().filter(|t| !t.status.is_final()).collect();
            if place == 0 || self.chance.random_bool(0.3) {
                self.happen(&cabinet, &open);
            }
        }
    }

    fn happen(&mut self, cabinet: &Cabinet, open: &[&PostingTruth]) {
        let kinds: [(&'static str, f64); 8] = [
            ("split before packing", 0.12),
            ("packed in two boxes", 0.15),
            ("goods taken out", 0.15),
            ("shipment date moved", 0.15),
            ("delivery date moved", 0.05),
            ("cancelled", 0.15),
            ("dispute", 0.08),
            ("return", 0.05),
        ];
        for (kind, share) in kinds {
            if !self.chance.random_bool(share) {
                continue;
            }
            let fitting: Vec<&PostingTruth> =
                open.iter().copied().filter(|truth| fits(kind, truth)).collect();
            let Some(truth) = one(&mut self.chance, &fitting).copied() else { continue };
            let act = self.act(kind, truth);
            // Life may have moved the posting on meanwhile; then it simply does not happen.
            if self.scene.sim.act(cabinet.client_id, &truth.posting_number, &act).is_ok() {
                *self.events.entry(kind).or_default() += 1;
            }
        }
    }

    fn act(&mut self, kind: &str, truth: &PostingTruth) -> Act {
        let now = self.scene.sim.now();
        let chance = &mut self.chance;
        match kind {
            "split before packing" => Act::Split { parts: Vec::new() },
            "packed in two boxes" => Act::ShipInPackages { packages: packages(truth) },
            "goods taken out" => {
                let line = one(chance, &truth.lines);
                let (sku, quantity) = line.map_or((0, 0), |line| (line.sku, line.quantity - 1));
                Act::ReduceQuantity { sku, quantity }
            }
            "shipment date moved" => {
                let hours = chance.random_range(6..96);
                Act::MoveShipmentDate { to: Some(now + TimeDelta::hours(hours)) }
            }
            "delivery date moved" => {
                let begin = now + TimeDelta::hours(chance.random_range(24..200));
                Act::MoveDeliveryDate { begin, end: begin + TimeDelta::hours(4) }
            }
            "cancelled" => {
                let by = *one(chance, &Canceller::ALL).unwrap_or(&Canceller::Ozon);
                Act::Cancel { by, reason_id: None, reason: None }
            }
            "dispute" if truth.status == Status::Arbitration => {
                Act::SetStatus { status: Status::AwaitingDeliver, substatus: None }
            }
            "dispute" => Act::SetStatus { status: Status::Arbitration, substatus: None },
            _ => Act::SetStatus {
                status: Status::Delivering,
                substatus: Some("posting_returned_to_warehouse".to_owned()),
            },
        }
    }
}

/// Whether it can happen to a posting. What the seller moves himself is left alone by disputes and returns: there a move
/// that Ozon took would come to nothing.
fn fits(kind: &str, truth: &PostingTruth) -> bool {
    let unpacked = truth.status == Status::AwaitingPackaging && truth.shipment_date.is_some();
    let by_ozon = truth.delivery_type == DeliveryType::Ozon;
    match kind {
        "split before packing" | "packed in two boxes" => unpacked && truth.lines.len() > 1,
        "goods taken out" => {
            let many = truth.lines.len() > 1 || truth.lines.iter().all(|line| line.quantity > 1);
            let listed = unpacked || truth.status == Status::AwaitingDeliver && truth.shipment_date.is_some();
            many && listed
        }
        "shipment date moved" => unpacked,
        "delivery date moved" => !truth.status.is_before_packing(),
        "dispute" => by_ozon && matches!(truth.status, Status::AwaitingDeliver | Status::Arbitration),
        "return" => by_ozon && truth.status == Status::Delivering,
        _ => true,
    }
}

/// The first line in one box, the others in another.
fn packages(truth: &PostingTruth) -> Vec<Vec<Piece>> {
    let pieces = truth.lines.iter().map(|line| Piece { sku: line.sku, quantity: line.quantity });
    let mut pieces: Vec<Piece> = pieces.collect();
    let rest = pieces.split_off(1);
    vec![pieces, rest]
}
