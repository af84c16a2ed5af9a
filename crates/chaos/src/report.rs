//! What a trial found, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The most differences that are told one by one.
const SHOWN: usize = 40;

/// The account of a trial.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Simulated days.
    pub days: u32,
    /// Where its chance began.
    pub seed: u64,
    /// Real seconds.
    pub seconds: u64,
    /// From when to when, simulated, in the shop's zone.
    pub period: String,
    /// Servers killed.
    pub kills: u32,
    /// Falls of the database.
    pub falls: u32,
    /// Jumps of the clock.
    pub jumps: u32,
    /// Local midnights that the clock went over.
    pub midnights: u32,
    /// Changes of the zone's offset that the clock went over.
    pub daylight_changes: u32,
    /// Starts that failed while the database was away.
    pub false_starts: u32,
    /// Calls that met each kind of fault.
    pub faults: BTreeMap<String, u64>,
    /// What happened at Ozon beside its own life.
    pub events: BTreeMap<String, u64>,
    /// Counts of what was compared.
    pub figures: BTreeMap<String, u64>,
    /// What was lost, doubled, or is not as it should be.
    pub differences: Vec<String>,
}

impl Report {
    /// Nothing was lost and nothing doubled.
    pub fn is_well(&self) -> bool {
        self.differences.is_empty()
    }

    /// One JSON object.
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    pub(crate) fn count(&mut self, what: &str, many: usize) {
        *self.figures.entry(what.to_owned()).or_default() += many as u64;
    }

    pub(crate) fn differs(&mut self, what: String) {
        self.differences.push(what);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { days, seed, seconds, period, kills, falls, jumps, midnights, daylight_changes, .. } = self;
        writeln!(f, "{days} simulated days ({period}) in {seconds} s, seed {seed}")?;
        writeln!(f, "kills {kills}, falls of the database {falls}, jumps of the clock {jumps}")?;
        writeln!(f, "midnights {midnights}, daylight changes {daylight_changes}")?;
        writeln!(f, "starts while the database was away {}", self.false_starts)?;
        let faulty: u64 = self.faults.values().sum();
        writeln!(f, "calls that met a fault {faulty}")?;
        for (title, counts) in
            [("by kind", &self.faults), ("events at Ozon", &self.events), ("compared", &self.figures)]
        {
            writeln!(f, "{title}:")?;
            for (name, count) in counts {
                writeln!(f, "  {name:<44} {count:>8}")?;
            }
        }
        writeln!(f, "differences {}", self.differences.len())?;
        for difference in self.differences.iter().take(SHOWN) {
            writeln!(f, "  {difference}")?;
        }
        if !self.is_well() {
            writeln!(f, "again: --days {days} --kills {kills} --seed {seed}")?;
        }
        Ok(())
    }
}
