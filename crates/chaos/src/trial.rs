//! The course of a trial: rounds of trouble, then quiet, then the account.

mod rest;
mod set_up;

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, Offset, TimeDelta, Utc};
use ozon_sim::Running;
use rand::RngExt;
use rand::rngs::StdRng;
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::smtp::Sink;
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::comparison::{self, Evidence};
use crate::fleet::Fleet;
use crate::kept::Kept;
use crate::people::{self, Deeds};
use crate::plan::{Plan, ROUND, STEP, ZONE};
use crate::report::Report;
use crate::scene::{Blow, Blows, Cabinet, Scene};
use crate::world::World;
use crate::{faults, mailing};

/// Falls of the database: one in so many rounds.
const ROUNDS_A_FALL: u32 = 40;

/// Runs a trial.
///
/// # Panics
/// When it cannot be set up: no PostgreSQL, no program, no port.
pub async fn run(plan: &Plan) -> Report {
    let begun = Instant::now();
    let mut trial = Trial::set_up(plan).await;
    trial.tell("set up");
    for round in 0..plan.rounds() {
        trial.round(round).await;
        if round % 20 == 19 {
            let (at, kills) = (trial.scene.sim.now().with_timezone(&ZONE), trial.fleet.kills);
            trial.tell(&format!("round {} of {}: {at}, kills {kills}", round + 1, plan.rounds()));
        }
    }
    // What a slow machine left over; the clock goes at its own pace meanwhile.
    while trial.fleet.kills < plan.kills {
        let place = trial.scene.any_server(&mut trial.chance);
        trial.happen(Moment::Act, plan.rounds());
        tokio::time::sleep(ROUND / 2).await;
        trial.fleet.look();
        trial.blows.note(Blow::Kill);
        trial.fleet.kill(place);
    }
    trial.tell("coming to rest");
    trial.come_to_rest().await;
    let mut report = trial.account().await;
    report.seconds = begun.elapsed().as_secs();
    report
}

struct Trial<'a> {
    plan: &'a Plan,
    chance: StdRng,
    scene: Scene,
    world: World,
    deeds: Deeds,
    acting: JoinSet<()>,
    fleet: Fleet,
    sink: Sink,
    blows: Blows,
    tables: DatabaseConnection,
    report: Report,
    last_request: u64,
    simulator: Running,
    cluster: Cluster,
    _folder: TempDir,
}

impl Trial<'_> {
    fn tell(&self, how: &str) {
        if self.plan.tells {
            eprintln!("{how}");
        }
    }

    /// One round: everything of it at a moment of its own.
    async fn round(&mut self, round: u32) {
        let begun = Instant::now();
        let falls = round % ROUNDS_A_FALL == ROUNDS_A_FALL / 2;
        let left = self.plan.kills.saturating_sub(self.fleet.kills);
        let rounds_left = self.plan.rounds() - round;
        let kills = left / rounds_left + u32::from(self.chance.random_ratio(left % rounds_left, rounds_left));
        let mut moments: Vec<(Duration, Moment)> = Vec::new();
        let mut at = |chance: &mut StdRng, moment| moments.push((ROUND.mul_f64(chance.random()), moment));
        at(&mut self.chance, Moment::Jump);
        at(&mut self.chance, Moment::Stir);
        for _ in 0..self.chance.random_range(1..4) {
            at(&mut self.chance, Moment::Act);
        }
        for _ in 0..kills {
            at(&mut self.chance, Moment::Kill);
        }
        if self.chance.random_bool(0.5) {
            at(&mut self.chance, Moment::Fault);
        }
        if self.chance.random_bool(0.15) {
            at(&mut self.chance, Moment::Mood);
        }
        if self.chance.random_bool(0.05) {
            at(&mut self.chance, Moment::MoveMessages);
        }
        if falls {
            at(&mut self.chance, Moment::Fall);
        }
        moments.sort_by_key(|(at, _)| *at);
        for (at, moment) in moments {
            tokio::time::sleep(at.saturating_sub(begun.elapsed())).await;
            self.happen(moment, round);
        }
        tokio::time::sleep(ROUND.saturating_sub(begun.elapsed())).await;
        while self.acting.try_join_next().is_some() {}
        self.fleet.look();
        self.count_faults();
    }

    fn happen(&mut self, moment: Moment, round: u32) {
        match moment {
            Moment::Jump => {
                // Together the jumps and the rounds themselves take as long as the plan says.
                let end = self.plan.begin() + TimeDelta::minutes(i64::from(STEP) * i64::from(round + 1));
                let shift = TimeDelta::minutes(self.chance.random_range(-12..=12));
                self.jump((end + shift - self.scene.sim.now()).max(TimeDelta::zero()));
            }
            Moment::Stir => self.world.stir(),
            Moment::Act => {
                let (scene, deeds) = (self.scene.clone(), self.deeds.clone());
                self.acting.spawn(people::act(scene, deeds, self.chance.random()));
            }
            Moment::Kill => {
                let place = self.scene.any_server(&mut self.chance);
                // Most die at work, a few while they start; on a slow machine the others are left for a later round.
                if self.fleet.listens(place) || self.chance.random_bool(0.1) {
                    self.blows.note(Blow::Kill);
                    self.fleet.kill(place);
                }
            }
            Moment::Fault => faults::brew(&self.scene.sim, &mut self.chance),
            Moment::Mood => self.sink.behave(mailing::mood(&mut self.chance)),
            Moment::MoveMessages => self.world.move_messages(),
            Moment::Fall => {
                self.blows.note(Blow::Fall);
                tokio::task::block_in_place(|| self.cluster.fall_and_rise());
                self.blows.note(Blow::Fall);
                self.fleet.excuse();
                self.report.falls += 1;
            }
        }
    }

    fn jump(&mut self, by: TimeDelta) {
        let before = self.scene.sim.now();
        self.blows.note(Blow::Jump);
        self.scene.sim.advance_clock(by);
        let (before, after) = (before.with_timezone(&ZONE), self.scene.sim.now().with_timezone(&ZONE));
        self.report.jumps += 1;
        self.report.midnights += u32::from(before.date_naive() != after.date_naive());
        let offset = |at: &DateTime<chrono_tz::Tz>| at.offset().fix();
        self.report.daylight_changes += u32::from(offset(&before) != offset(&after));
    }

    fn count_faults(&mut self) {
        for request in self.scene.sim.requests() {
            if request.number > self.last_request {
                for fault in request.faults {
                    *self.report.faults.entry(fault).or_default() += 1;
                }
                self.last_request = request.number;
            }
        }
    }

    async fn account(mut self) -> Report {
        let kept = Kept::read(&self.tables).await.expect("the tables can be read");
        let mut report = std::mem::take(&mut self.report);
        report.days = self.plan.days;
        report.seed = self.plan.seed;
        report.kills = self.fleet.kills;
        let shown = |at: DateTime<Utc>| at.with_timezone(&ZONE).format("%Y-%m-%d %H:%M %Z").to_string();
        report.period = format!("{} – {}", shown(self.plan.begin()), shown(self.scene.sim.now()));
        report.events = self.world.events.iter().map(|(kind, many)| ((*kind).to_owned(), *many)).collect();
        let evidence = Evidence {
            scene: &self.scene,
            first_seen: &self.world.first_seen,
            deeds: self.deeds.all(),
            letters: self.sink.letters(),
            blows: &self.blows,
            begun: self.plan.begin(),
            rounds_end: self.plan.begin()
                + TimeDelta::minutes(i64::from(STEP) * i64::from(self.plan.rounds())),
        };
        comparison::compare(&kept, &evidence, &mut report);
        for unwell in self.fleet.stop() {
            report.differs(unwell);
        }
        for panic in self.fleet.panics() {
            report.differs(format!("a server panicked: {panic}"));
        }
        for unexplained in std::mem::take(&mut self.fleet.unexplained) {
            report.differs(unexplained);
        }
        report.false_starts = self.fleet.false_starts;
        if let Some(folder) = &self.plan.logs
            && let Err(error) = self.keep(folder)
        {
            eprintln!("what the trial left cannot be kept in {}: {error}", folder.display());
        }
        self.simulator.shutdown().await;
        report
    }

    /// Writes down all that a difference is understood by: the servers' logs, the tables, and what Ozon has.
    fn keep(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        self.fleet.keep_logs(folder);
        self.cluster.keep("chaos", &folder.join("tables.sql"))?;
        let sim = &self.scene.sim;
        let of = |cabinet: &Cabinet| {
            let id = cabinet.client_id;
            json!({
                "postings": sim.truths(id),
                "changes": sim.changes(id),
                "refused": sim.refused_changes(id),
                "cancellation_requests": sim.cancellation_requests(id),
            })
        };
        let ozon: Vec<Value> = self.scene.cabinets.iter().map(of).collect();
        std::fs::write(folder.join("ozon.json"), format!("{:#}", Value::from(ozon)))
    }
}

#[derive(Clone, Copy)]
enum Moment {
    Jump,
    Stir,
    Act,
    Kill,
    Fault,
    Mood,
    MoveMessages,
    Fall,
}
