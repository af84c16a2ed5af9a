//! Owns the playing of scenarios.

use chrono::TimeDelta;

use super::Handle;
use crate::clock::ClockSettings;
use crate::model::world::Due;
use crate::scenario::{Scenario, ScenarioError};

/// Scenarios.
impl Handle {
    /// Plays a scenario: its cabinets at once, its events on the virtual clock from now.
    /// What was done before an error stays.
    pub fn play(&self, scenario: &Scenario) -> Result<(), ScenarioError> {
        if let Some(ClockSettings { at, frozen }) = scenario.clock {
            let mut world = self.world();
            if let Some(at) = at {
                world.clock.set(at);
            }
            if frozen {
                world.clock.freeze();
            } else {
                world.clock.run();
            }
        }
        if let Some(behaviour) = scenario.behaviour {
            self.set_behaviour(behaviour);
        }
        if let Some(limits) = scenario.limits {
            self.set_limits(limits);
        }
        for cabinet in &scenario.cabinets {
            self.add_cabinet(cabinet.settings());
            for batch in &cabinet.generate {
                self.generate(&cabinet.client_id, batch.count, &batch.options)?;
            }
            for draft in &cabinet.postings {
                self.add_posting(&cabinet.client_id, draft)?;
            }
            // What a cabinet begins with is no news.
            for url in &cabinet.push_urls {
                self.register_url(&cabinet.client_id, url, &[])?;
            }
            if let Some(life) = cabinet.life {
                self.begin_life(&cabinet.client_id, life)?;
            }
        }
        let mut world = self.world();
        let start = world.now();
        for (index, event) in scenario.events.iter().enumerate() {
            world.cabinet(&event.client_id)?;
            let due = match (&event.act, &event.new_posting, &event.generate) {
                (Some(on), None, None) => {
                    Due::Act { posting_number: on.posting_number.clone(), act: on.act.clone() }
                }
                (None, Some(draft), None) => Due::Add { draft: Box::new(draft.clone()) },
                (None, None, Some(batch)) => {
                    Due::Generate { count: batch.count, options: batch.options.clone() }
                }
                _ => return Err(ScenarioError::AmbiguousEvent(index)),
            };
            let at = start + TimeDelta::seconds(event.after_seconds.into());
            world.schedule(&event.client_id, at, due);
        }
        drop(world);
        for plan in &scenario.faults {
            self.inject_fault(plan.clone());
        }
        Ok(())
    }
}
