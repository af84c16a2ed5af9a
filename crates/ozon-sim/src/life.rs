//! Owns the cabinet's life of its own: postings are born and move on the virtual clock.
//! Decides nothing about how a posting moves; that is the machine's.

use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

use crate::generate::options::GeneratorOptions;
use crate::model::cancelling;
use crate::model::machine::{Act, ActError};
use crate::model::posting::Canceller;
use crate::model::seller::awaits_seller;
use crate::model::vocabulary::Status;
use crate::model::world::{Due, World};

/// The pace of a cabinet's life, in seconds of the virtual clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifeSettings {
    /// Mean time between two new postings; nought: none are born.
    pub seconds_between_births: f64,
    /// Mean time that a posting stays in one status; nought: none move.
    pub seconds_per_step: f64,
    /// Chance that a step is a cancellation.
    pub cancel_share: f64,
    /// No more are born when the cabinet has so many.
    pub max_postings: usize,
    /// The seller moves what he delivers himself, by his own calls; packing is still done for him,
    /// and the buyer's confirmation comes by itself. Buyers ask before packed goods are cancelled.
    pub seller_drives: bool,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for LifeSettings {
    fn default() -> Self {
        Self {
            seconds_between_births: 45.0,
            seconds_per_step: 240.0,
            cancel_share: 0.03,
            max_postings: 5_000,
            seller_drives: false,
            seed: 1,
        }
    }
}

/// A living cabinet.
pub(crate) struct Life {
    settings: LifeSettings,
    rng: StdRng,
    births: u64,
    /// Events of an earlier pace are recognised by it and do nothing.
    pace: u64,
}

impl Life {
    /// Around the mean, never nought: half of it to one and a half.
    fn wait(&mut self, mean: f64) -> TimeDelta {
        let seconds = (mean.clamp(0.001, 1e9)) * self.rng.random_range(0.5..1.5);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to 31 years")]
        TimeDelta::milliseconds((seconds * 1_000.0).max(1.0) as i64)
    }
}

/// Begins a cabinet's life, or changes its pace.
pub(crate) fn begin(world: &mut World, client_id: &str, settings: LifeSettings) -> Result<(), ActError> {
    let now = world.now();
    let state = world.cabinet_mut(client_id)?;
    let (births, pace) = state.life.as_ref().map_or((0, 1), |life| (life.births, life.pace + 1));
    let mut life = Life { rng: StdRng::seed_from_u64(settings.seed), births, pace, settings };
    let mut events = Vec::new();
    if settings.seconds_between_births > 0.0 {
        events.push((now + life.wait(settings.seconds_between_births), Due::Birth { pace }));
    }
    if settings.seconds_per_step > 0.0 {
        for posting in state.postings.iter().filter(|p| !p.status.is_final()) {
            let posting_number = posting.posting_number.to_string();
            events.push((now + life.wait(settings.seconds_per_step), Due::LifeStep { posting_number, pace }));
        }
    }
    state.life = Some(life);
    for (at, event) in events {
        world.schedule(client_id, at, event);
    }
    Ok(())
}

/// Ends it; what is still due does nothing.
pub(crate) fn end(world: &mut World, client_id: &str) -> Result<(), ActError> {
    world.cabinet_mut(client_id)?.life = None;
    Ok(())
}

/// A new posting, unless the cabinet is full.
pub(crate) fn birth(
    world: &mut World,
    client_id: &str,
    pace: u64,
    at: DateTime<Utc>,
) -> Result<(), ActError> {
    let state = world.cabinet_mut(client_id)?;
    let population = state.postings.len();
    let Some(life) = state.life.as_mut().filter(|life| life.pace == pace) else {
        return Ok(());
    };
    let settings = life.settings;
    let next_birth = at + life.wait(settings.seconds_between_births);
    let first_step = at + life.wait(settings.seconds_per_step);
    life.births += 1;
    if population < settings.max_postings {
        let options = GeneratorOptions {
            seed: settings.seed.wrapping_mul(1_000_003).wrapping_add(life.births),
            statuses: vec![Status::AwaitingPackaging],
            in_process_at: Some(at),
            ..GeneratorOptions::default()
        };
        for posting_number in world.generate(client_id, 1, &options, at)? {
            if settings.seconds_per_step > 0.0 {
                let event = Due::LifeStep { posting_number, pace };
                world.schedule(client_id, first_step, event);
            }
        }
    }
    world.schedule(client_id, next_birth, Due::Birth { pace });
    Ok(())
}

/// A posting moves on, or its buyer changes his mind.
pub(crate) fn step(
    world: &mut World,
    client_id: &str,
    posting_number: &str,
    pace: u64,
    at: DateTime<Utc>,
) -> Result<(), ActError> {
    let state = world.cabinet_mut(client_id)?;
    let Some(posting) = state.get(posting_number).filter(|posting| !posting.status.is_final()) else {
        return Ok(());
    };
    let is_sellers_to_move = awaits_seller(posting);
    let must_ask = cancelling::must_ask(posting);
    let can_ask = cancelling::can_ask(state, posting);
    let Some(life) = state.life.as_mut().filter(|life| life.pace == pace) else {
        return Ok(());
    };
    let settings = life.settings;
    let next_step = at + life.wait(settings.seconds_per_step);
    let is_regretted = life.rng.random_bool(settings.cancel_share.clamp(0.0, 1.0));
    let act = match (is_regretted, settings.seller_drives) {
        (false, true) if is_sellers_to_move => None,
        (false, _) => Some(Act::Advance),
        (true, true) if must_ask => {
            can_ask.then_some(Act::RequestCancellation { reason: None, auto_approve_after_seconds: None })
        }
        (true, _) => Some(Act::Cancel { by: Canceller::Customer, reason_id: None, reason: None }),
    };
    let event = Due::LifeStep { posting_number: posting_number.to_owned(), pace };
    world.schedule(client_id, next_step, event);
    match act {
        Some(act) => world.act(client_id, posting_number, &act, at).map(drop),
        None => Ok(()),
    }
}
