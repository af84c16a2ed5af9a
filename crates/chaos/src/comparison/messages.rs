//! Push messages: what a server answered well is kept.

use std::collections::HashMap;

use chrono::TimeDelta;
use ozon_sim::PushState;

use super::Evidence;
use crate::kept::Kept;
use crate::report::Report;

/// Messages are kept for so long; what is a day from that may be gone or not.
const KEPT: TimeDelta = TimeDelta::days(29);

pub(super) fn compare(kept: &Kept, evidence: &Evidence<'_>, place: usize, report: &mut Report) {
    let cabinet = &evidence.scene.cabinets[place];
    let mut left: HashMap<String, usize> = HashMap::new();
    let rows: Vec<_> = kept.messages.iter().filter(|row| row.cabinet_id == cabinet.id).collect();
    report.count("push messages kept", rows.len());
    for row in rows {
        // Every handing-over of a message is kept, the repeated ones too.
        let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
        *left.entry(body.to_string()).or_default() += 1;
        if row.outcome == "waiting" {
            report.differs(format!("push message {} was never acted on", row.id));
        }
    }
    for message in evidence.scene.sim.pushes(cabinet.client_id) {
        match message.state {
            PushState::Delivered => report.count("push messages answered well", 1),
            PushState::Dropped => report.count("push messages dropped by the simulator", 1),
            _ => {}
        }
        let tried_in_vain = message.tries.iter().filter(|tried| tried.fault.is_some()).count();
        report.count("push messages answered ill or not at all", tried_in_vain);
        if message.state != PushState::Delivered || message.message_type() == "TYPE_PING" {
            continue;
        }
        if message.tries.last().is_none_or(|tried| tried.at < evidence.scene.sim.now() - KEPT) {
            continue;
        }
        match left.get_mut(&message.message.to_string()) {
            Some(many) if *many > 0 => *many -= 1,
            _ => report.differs(format!("push message {} was answered well and is lost", message.id)),
        }
    }
}
