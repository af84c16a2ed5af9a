//! Owns all cabinets, the virtual clock and what is due on it. Does not know HTTP.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::cabinet::{Cabinet, CabinetSettings};
use super::cancelling::{self, SILENCE};
use super::change::ChangeKind;
use super::division::{self, NewIdentity, SPLIT_PENDING};
use super::machine::{Act, ActError, perform};
use super::posting::Canceller;
use super::seller;
use super::state::CabinetState;
use crate::clock::VirtualClock;
use crate::generate::draft::PostingDraft;
use crate::generate::generator::Generator;
use crate::generate::options::GeneratorOptions;

/// How many failed events are kept to be shown.
const KEPT_FAILURES: usize = 100;

/// After so long a part of a split loses `posting_split_pending`.
const SPLIT_SETTLES_AFTER: TimeDelta = TimeDelta::seconds(3);

/// What happens when its instant comes on the virtual clock.
#[derive(Debug, Clone)]
pub(crate) enum Due {
    Act {
        posting_number: String,
        act: Act,
    },
    Generate {
        count: usize,
        options: GeneratorOptions,
    },
    Add {
        draft: Box<PostingDraft>,
    },
    /// A part of a split is ready for packing.
    SplitSettles {
        posting_number: String,
    },
    /// A move of the seller comes to be seen.
    SellerMove {
        posting_number: String,
        kind: ChangeKind,
    },
    /// Silence approves a cancellation request.
    Silence {
        request: i64,
    },
    Birth {
        pace: u64,
    },
    LifeStep {
        posting_number: String,
        pace: u64,
    },
}

pub(crate) struct World {
    pub(crate) clock: VirtualClock,
    cabinets: BTreeMap<String, CabinetState>,
    due: BTreeMap<(DateTime<Utc>, u64), (String, Due)>,
    next_due: u64,
    next_id: i64,
    failures: VecDeque<String>,
}

impl World {
    pub(crate) fn new(clock: VirtualClock) -> Self {
        Self {
            clock,
            cabinets: BTreeMap::new(),
            due: BTreeMap::new(),
            next_due: 0,
            next_id: 1_209_000_001,
            failures: VecDeque::new(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A cabinet of the same Client-Id is replaced with all its postings.
    pub(crate) fn add_cabinet(&mut self, settings: CabinetSettings) {
        let now = self.now();
        self.cabinets.insert(settings.client_id.clone(), CabinetState::new(Cabinet::new(settings, now)));
    }

    pub(crate) fn cabinets(&self) -> impl Iterator<Item = &CabinetState> {
        self.cabinets.values()
    }

    pub(crate) fn cabinets_mut(&mut self) -> impl Iterator<Item = &mut CabinetState> {
        self.cabinets.values_mut()
    }

    pub(crate) fn cabinet(&self, client_id: &str) -> Result<&CabinetState, ActError> {
        self.cabinets.get(client_id).ok_or_else(|| ActError::NoCabinet(client_id.to_owned()))
    }

    pub(crate) fn cabinet_mut(&mut self, client_id: &str) -> Result<&mut CabinetState, ActError> {
        self.cabinets.get_mut(client_id).ok_or_else(|| ActError::NoCabinet(client_id.to_owned()))
    }

    pub(crate) fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.iter().map(String::as_str)
    }

    pub(crate) fn pending(&self) -> usize {
        self.due.len()
    }

    /// Puts an event on the virtual clock.
    pub(crate) fn schedule(&mut self, client_id: &str, at: DateTime<Utc>, due: Due) {
        self.next_due += 1;
        self.due.insert((at, self.next_due), (client_id.to_owned(), due));
    }

    /// Lets everything happen whose instant has come; each at its own instant.
    pub(crate) fn settle(&mut self) {
        let now = self.now();
        while let Some(entry) = self.due.first_entry() {
            let at = entry.key().0;
            if at > now {
                break;
            }
            let (client_id, due) = entry.remove();
            if let Err(error) = self.happen(&client_id, due, at) {
                tracing::warn!(%error, client_id, "a simulated event failed");
                if self.failures.len() == KEPT_FAILURES {
                    self.failures.pop_front();
                }
                self.failures.push_back(error.to_string());
            }
        }
    }

    fn happen(&mut self, client_id: &str, due: Due, at: DateTime<Utc>) -> Result<(), ActError> {
        match due {
            Due::Act { posting_number, act } => self.act(client_id, &posting_number, &act, at).map(drop),
            Due::Generate { count, options } => self.generate(client_id, count, &options, at).map(drop),
            Due::Add { draft } => self.add(client_id, &draft, at).map(drop),
            Due::SplitSettles { posting_number } => {
                let cabinet = self.cabinet_mut(client_id)?;
                cabinet.edit(&posting_number, at, |part| {
                    // What has moved on meanwhile stays where it is.
                    if part.substatus == SPLIT_PENDING {
                        part.enter(part.status.clone(), "posting_created", at, "split settled");
                    }
                    Ok(())
                })
            }
            Due::SellerMove { posting_number, kind } => {
                seller::arrive(self, client_id, &posting_number, kind, at)
            }
            Due::Silence { request } => cancelling::lapse(self, client_id, request, at),
            Due::Birth { pace } => crate::life::birth(self, client_id, pace, at),
            Due::LifeStep { posting_number, pace } => {
                crate::life::step(self, client_id, &posting_number, pace, at)
            }
        }
    }

    /// Does an act; returns the numbers of the postings that it made.
    pub(crate) fn act(
        &mut self,
        client_id: &str,
        posting_number: &str,
        act: &Act,
        at: DateTime<Utc>,
    ) -> Result<Vec<String>, ActError> {
        match act {
            Act::ShipInPackages { packages } if packages.len() > 1 => {
                self.divide(client_id, posting_number, packages, at, false)
            }
            Act::Split { parts } => self.divide(client_id, posting_number, parts, at, true),
            Act::ShipInPackages { packages } if packages.len() == 1 => {
                let cabinet = self.cabinet_mut(client_id)?;
                cabinet.edit(posting_number, at, |posting| {
                    division::share_out(posting, packages)?;
                    perform(posting, act, at)
                })?;
                Ok(Vec::new())
            }
            Act::RequestCancellation { reason, auto_approve_after_seconds } => {
                let reason = reason.as_deref().unwrap_or(Canceller::Customer.usual_reason().1);
                let patience =
                    auto_approve_after_seconds.map_or(SILENCE, |after| TimeDelta::seconds(after.into()));
                cancelling::request(self, client_id, posting_number, reason, patience, at)?;
                Ok(Vec::new())
            }
            act => {
                let cabinet = self.cabinet_mut(client_id)?;
                cabinet.edit(posting_number, at, |posting| perform(posting, act, at))?;
                Ok(Vec::new())
            }
        }
    }

    fn divide(
        &mut self,
        client_id: &str,
        posting_number: &str,
        parts: &[Vec<super::machine::Piece>],
        at: DateTime<Utc>,
        without_packing: bool,
    ) -> Result<Vec<String>, ActError> {
        let mut next_id = self.next_id;
        let cabinet = self.cabinet_mut(client_id)?;
        let source = cabinet
            .get(posting_number)
            .cloned()
            .ok_or_else(|| ActError::NoPosting(posting_number.to_owned()))?;
        let mut taken = 0;
        let mut identities = Vec::new();
        for _ in 0..parts.len().max(2) {
            let (number, last) = cabinet.free_number(&source.order_number, taken);
            taken = last;
            identities.push(NewIdentity { id: next_id, posting_number: number });
            next_id += 1;
        }
        let mut identities = identities.into_iter();
        let children = cabinet.edit(posting_number, at, |posting| {
            let shares = division::share_out(posting, parts)?;
            let next = || identities.next().expect("there are as many identities as parts");
            if without_packing {
                division::split(posting, shares, at, next)
            } else {
                division::ship_in_packages(posting, shares, at, next)
            }
        })?;
        let numbers: Vec<String> = children.iter().map(|child| child.posting_number.to_string()).collect();
        for child in children {
            cabinet.insert(child, at)?;
        }
        self.next_id = next_id;
        if without_packing {
            for number in &numbers {
                let due = Due::SplitSettles { posting_number: number.clone() };
                self.schedule(client_id, at + SPLIT_SETTLES_AFTER, due);
            }
        }
        Ok(numbers)
    }

    /// Makes believable postings; returns their numbers in order of `in_process_at`.
    pub(crate) fn generate(
        &mut self,
        client_id: &str,
        count: usize,
        options: &GeneratorOptions,
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, ActError> {
        let mut next_id = self.next_id;
        let state = self.cabinet_mut(client_id)?;
        let postings = Generator::new(&state.cabinet, options, now)?
            .batch(count, |number| state.by_number.contains_key(number));
        let mut numbers = Vec::with_capacity(postings.len());
        for mut posting in postings {
            posting.id = next_id;
            next_id += 1;
            numbers.push(posting.posting_number.to_string());
            state.insert(posting, now)?;
        }
        self.next_id = next_id;
        Ok(numbers)
    }

    /// Adds a posting made to measure; returns its number.
    pub(crate) fn add(
        &mut self,
        client_id: &str,
        draft: &PostingDraft,
        now: DateTime<Utc>,
    ) -> Result<String, ActError> {
        let id = self.next_id;
        let state = self.cabinet_mut(client_id)?;
        let mut posting =
            draft.build(&state.cabinet, id, now, |number| state.by_number.contains_key(number))?;
        posting.id = id;
        let number = posting.posting_number.to_string();
        state.insert(posting, now)?;
        self.next_id = id + 1;
        Ok(number)
    }
}
