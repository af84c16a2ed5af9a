//! What a load would bring, on the card of a cabinet.

use askama::Template;
use domain::CabinetId;

use super::effect::DayCount;
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The offer to find out, how that goes, and what it told; polled while it goes.
#[derive(Clone, Template)]
#[template(path = "rehearsal-panel.html")]
pub struct RehearsalPanel {
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// How it stands.
    pub state: RehearsalState,
}

/// How a rehearsal stands.
#[derive(Clone)]
pub enum RehearsalState {
    /// Nobody has asked yet.
    Offered,
    /// It is going.
    Running {
        /// For how long.
        elapsed: String,
    },
    /// It told what would come.
    Done(Foretold),
    /// It did not come to its end.
    Failed {
        /// What was wrong.
        text: String,
        /// What to do about it.
        advice: String,
    },
}

/// What a load would bring.
#[derive(Clone)]
pub struct Foretold {
    /// As of when.
    pub at: Moment,
    /// What would come of how many.
    pub figures: Vec<(String, String)>,
    /// New orders by day.
    pub days: Vec<DayCount>,
}

impl RehearsalPanel {
    fn is_running(&self) -> bool {
        matches!(self.state, RehearsalState::Running { .. })
    }

    fn is_offered(&self) -> bool {
        matches!(self.state, RehearsalState::Offered)
    }
}

#[cfg(test)]
impl RehearsalPanel {
    /// In every state.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let panel = |state| Self { v, id: CabinetId(1), state };
        let told = Foretold {
            at: v.ago(&(v.now - chrono::Duration::minutes(2))),
            figures: vec![
                (v.n("effect-made", 1_432), v.number(1_432)),
                (v.t("figure-skipped"), v.number(214)),
            ],
            days: DayCount::samples(v),
        };
        let none = Foretold {
            figures: vec![(v.n("effect-made", 0), v.number(0))],
            days: Vec::new(),
            ..told.clone()
        };
        vec![
            ("rehearsal-offered", panel(RehearsalState::Offered)),
            ("rehearsal-running", panel(RehearsalState::Running { elapsed: v.n("time-seconds", 14_u64) })),
            ("rehearsal-done", panel(RehearsalState::Done(told))),
            ("rehearsal-nothing", panel(RehearsalState::Done(none))),
            (
                "rehearsal-failed",
                panel(RehearsalState::Failed {
                    text: v.t("ozon-error-key-invalid"),
                    advice: v.t("ozon-advice-key-invalid"),
                }),
            ),
        ]
    }
}
