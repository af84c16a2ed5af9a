//! The end of the trouble: what was put off comes to its end, and each cabinet is loaded once more.

use std::time::Duration;

use chrono::TimeDelta;
use ozon_sim::PushState;
use serde_json::Value;
use testkit::smtp::Manners;

use super::Trial;
use crate::kept::{is_busy, unrest};

/// How long the shop may take to come to rest, in steps of ten simulated minutes.
const STEPS_TO_REST: u32 = 90;

impl Trial<'_> {
    /// Nothing goes wrong any more: what was put off comes to its end.
    pub(super) async fn come_to_rest(&mut self) {
        self.scene.sim.clear_faults();
        self.sink.behave(Manners::default());
        self.world.end();
        while self.acting.join_next().await.is_some() {}
        let mut unrest = None;
        for step in 0..STEPS_TO_REST {
            self.fleet.look();
            self.jump(TimeDelta::minutes(10));
            tokio::time::sleep(Duration::from_secs(1)).await;
            // What is due now takes real time, which a further jump would only cut short.
            for _ in 0..20 {
                unrest = self.unrest().await;
                if unrest.is_none() || !self.is_busy().await {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            if step >= 6 && unrest.is_none() {
                break;
            }
            if let Some(unrest) = &unrest
                && step % 5 == 4
            {
                self.tell(&format!("step {step}: {unrest}"));
            }
        }
        if let Some(unrest) = unrest {
            self.report.differs(format!("the shop does not come to rest: {unrest}"));
        }
        // From here on the clock goes at its own pace, so that the last loads and the account see the same.
        for again in [false, true] {
            for place in 0..self.scene.cabinets.len() {
                self.tell(&format!("the last loads, {place} {again}"));
                self.load(place, again).await;
            }
            for _ in 0..60 {
                if self.unrest().await.is_none() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        self.count_faults();
    }

    /// Whether a server is at something of the outbox.
    async fn is_busy(&self) -> bool {
        let now = self.scene.sim.now().timestamp_micros();
        is_busy(&self.tables, now).await.unwrap_or(true)
    }

    async fn unrest(&self) -> Option<String> {
        let messages =
            self.scene.cabinets.iter().flat_map(|cabinet| self.scene.sim.pushes(cabinet.client_id));
        let waits = messages.filter(|p| matches!(p.state, PushState::Waiting | PushState::Sending)).count();
        match unrest(&self.tables).await {
            Ok(None) if waits == 0 => None,
            Ok(unrest) => Some(format!("{}; messages on their way: {waits}", unrest.unwrap_or_default())),
            Err(error) => Some(error.to_string()),
        }
    }

    /// A whole load, which must come to its end; one `again` must find nothing new.
    async fn load(&mut self, place: usize, again: bool) {
        let cabinet = &self.scene.cabinets[place];
        let path = format!("/cabinets/{}/import", cabinet.id);
        for _ in 0..60 {
            let begun = self.scene.ask(reqwest::Method::POST, 0, &path).send().await;
            let Ok(begun) = begun.and_then(reqwest::Response::error_for_status) else {
                tokio::time::sleep(Duration::from_millis(500)).await;
                continue;
            };
            let text = begun.bytes().await.unwrap_or_default();
            let run = serde_json::from_slice::<Value>(&text).unwrap_or_default();
            let path = format!("/runs/{}", run["run_id"]);
            for _ in 0..120 {
                tokio::time::sleep(Duration::from_millis(250)).await;
                let Some(run) = self.scene.read(0, &path).await else { continue };
                match run["state"].as_str() {
                    Some("running") => {}
                    Some("done") => {
                        let new = (run["created"].as_u64(), run["updated"].as_u64());
                        if again && new != (Some(0), Some(0)) {
                            let told = format!("{}: a second load changes something: {run}", cabinet.name);
                            self.report.differs(told);
                        }
                        return;
                    }
                    // It failed: another one is tried.
                    _ => break,
                }
            }
        }
        self.report.differs(format!("{}: no load comes to its end", cabinet.name));
    }
}
