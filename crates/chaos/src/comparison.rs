//! Holds the simulator and what the trial itself knows against the store's tables. Nothing of the product's own decides here.

mod history;
mod letters;
mod messages;
mod orders;
mod pushes;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use testkit::smtp::Received;

use crate::kept::{Kept, instant};
use crate::people::{Answer, Deed, Wish};
use crate::plan::nights;
use crate::report::Report;
use crate::scene::{Blows, Scene};

/// What the trial knows from outside of the store.
pub(crate) struct Evidence<'a> {
    pub(crate) scene: &'a Scene,
    /// When the trial first saw each posting at Ozon, by the place of its cabinet.
    pub(crate) first_seen: &'a BTreeMap<(usize, String), DateTime<Utc>>,
    pub(crate) deeds: Vec<Deed>,
    pub(crate) letters: Vec<Received>,
    pub(crate) blows: &'a Blows,
    /// Simulated time of the trial's begin and of the end of its trouble.
    pub(crate) begun: DateTime<Utc>,
    pub(crate) rounds_end: DateTime<Utc>,
}

/// Compares all.
pub(crate) fn compare(kept: &Kept, evidence: &Evidence<'_>, report: &mut Report) {
    for place in 0..evidence.scene.cabinets.len() {
        orders::compare(kept, evidence, place, report);
        pushes::compare(kept, evidence, place, report);
        messages::compare(kept, evidence, place, report);
    }
    history::compare(kept, report);
    deeds(kept, evidence, report);
    letters::compare(kept, evidence, report);
    loads(kept, evidence, report);
}

/// What a person was told is done is in the store, once; what was left open is there once or not at all.
fn deeds(kept: &Kept, evidence: &Evidence<'_>, report: &mut Report) {
    for deed in &evidence.deeds {
        let told = match deed.answer {
            Answer::Done => "acts answered with success",
            Answer::Refused(_) => "acts refused",
            Answer::Unknown => "acts without an answer",
        };
        report.count(told, 1);
        let rows = kept.history.get(&deed.order).map(Vec::as_slice).unwrap_or_default();
        let by_token = |row: &&crate::kept::Happened| row.actor["kind"] == "token";
        let (field, wanted) = match &deed.wish {
            Wish::Comment(text) => ("admin_comment", text.clone()),
            Wish::Track(number) => ("track_number", number.clone()),
            Wish::Status(id) => {
                let id = id.to_string();
                let is_there = rows.iter().any(|row| {
                    row.field == "status" && row.new.as_ref() == Some(&id) && row.at <= deed.answered
                });
                // An order that was born in this status has no line about it.
                let was_so = rows
                    .iter()
                    .find(|row| row.field == "status")
                    .is_some_and(|r| r.old.as_ref() == Some(&id));
                let stands = kept.orders.iter().any(|o| o.id == deed.order && o.status_id.to_string() == id);
                if deed.answer == Answer::Done && !(is_there || was_so || stands) {
                    report.differs(format!("{}: the status {id} was accepted and is lost", deed.posting));
                }
                continue;
            }
            Wish::Decision { .. } => continue,
        };
        let many = rows
            .iter()
            .filter(by_token)
            .filter(|row| row.field == field && row.new.as_ref() == Some(&wanted))
            .count();
        let is_right = match deed.answer {
            Answer::Done => many == 1,
            Answer::Refused(_) => many == 0,
            Answer::Unknown => many <= 1,
        };
        if !is_right {
            let (posting, answer) = (&deed.posting, deed.answer);
            report
                .differs(format!("{posting}: {field} {wanted}, answered {answer:?}, is there {many} times"));
        }
    }
}

/// The nightly cabinet is loaded once each night, also where the clocks change.
fn loads(kept: &Kept, evidence: &Evidence<'_>, report: &mut Report) {
    const AT: u32 = 2 * 60 + 30;
    report.count("loads begun", kept.runs.len());
    report.count("loads complete", kept.runs.iter().filter(|run| run.state == "done").count());
    report.count("loads interrupted", kept.runs.iter().filter(|run| run.state == "interrupted").count());
    report.count("loads failed", kept.runs.iter().filter(|run| run.state == "failed").count());
    let Some(nightly) = evidence.scene.cabinets.get(1) else { return };
    let complete: Vec<(DateTime<Utc>, DateTime<Utc>)> = kept
        .runs
        .iter()
        .filter(|run| run.cabinet_id == nightly.id && run.state == "done" && run.cause == "schedule")
        .map(|run| (instant(run.started_at), instant(run.finished_at.unwrap_or_default())))
        .collect();
    // Coming to rest takes hours, and may reach into a further night.
    let end = kept.runs.iter().map(|run| instant(run.started_at)).max().unwrap_or_default();
    let nights = nights(evidence.begun, end.max(evidence.rounds_end), AT);
    for (place, from) in nights.iter().enumerate() {
        let until = nights.get(place + 1).copied();
        let is_of = |at: DateTime<Utc>| at >= *from && until.is_none_or(|until| at < until);
        let mut of_night: Vec<_> = complete.iter().filter(|(begun, _)| is_of(*begun)).collect();
        of_night.sort();
        // A jump of the clock ends the lease of a load that is going, and another server begins the same.
        let is_one = of_night.windows(2).all(|pair| pair[1].0 <= pair[0].1);
        match of_night.len() {
            1 => report.count("nights with one load", 1),
            2.. if is_one => report.count("nights with a load begun by two servers at once", 1),
            0 if until.is_none() => {}
            0 => {
                let runs = kept.runs.iter().filter(|run| run.cabinet_id == nightly.id);
                let runs = runs.filter(|run| is_of(instant(run.started_at)));
                let told = |run: &entities::runs::Model| {
                    format!(
                        "{} {} {}",
                        instant(run.started_at),
                        run.cause,
                        run.error_code.as_deref().unwrap_or(&run.state)
                    )
                };
                let runs: Vec<String> = runs.map(told).collect();
                report.differs(format!("{}: the night of {from} has no load; begun: {runs:?}", nightly.name));
            }
            _ => report.differs(format!("{}: the night of {from} has loads at {of_night:?}", nightly.name)),
        }
    }
}
