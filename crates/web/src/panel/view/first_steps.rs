//! First steps, and the tour of the demonstration.

use askama::Template;

use super::{Frame, Link};
use crate::panel::routes::Page;
use voice::Voice;

/// First steps.
#[derive(Template)]
#[template(path = "first-steps.html")]
pub struct FirstStepsPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// How many are done.
    pub done: usize,
    /// What to try in a demonstration.
    pub tour: Vec<Stop>,
}

impl FirstStepsPage {
    /// The step that comes next.
    pub fn is_next(&self, code: &str) -> bool {
        self.steps.iter().find(|step| !step.is_done).is_some_and(|step| step.code == code)
    }

    /// How far one has come, in words.
    pub fn progress(&self) -> String {
        let figures = [("done", self.done.to_string()), ("all", self.steps.len().to_string())];
        self.v.fill("first-progress", &figures)
    }
}

/// A step.
pub struct Step {
    /// Which one.
    pub code: &'static str,
    /// Title.
    pub title: String,
    /// What it is for.
    pub text: String,
    /// It is done.
    pub is_done: bool,
    /// What is known of it.
    pub note: Option<String>,
    /// Where it is done.
    pub link: Option<Link>,
    /// What can be done here: the act and its words.
    pub act: Option<(&'static str, String)>,
}

/// A stop of the tour.
pub struct Stop {
    /// Title.
    pub title: String,
    /// What to do there and what to see.
    pub text: String,
    /// Where.
    pub link: Link,
}

#[cfg(test)]
impl FirstStepsPage {
    /// At the beginning, half-way, and in a demonstration.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let step = |code: &'static str, is_done: bool| Step {
            code,
            title: v.t(&format!("first-{code}")),
            text: v.t(&format!("first-{code}-text")),
            is_done,
            note: (code == "load").then(|| v.n("first-load-foretold", 41_u64)),
            link: Some(Link { href: "/cabinets/1".into(), text: v.t("first-check-act") }),
            act: (code == "settings").then(|| ("recommend", v.t("first-settings-recommend"))),
        };
        let page = |done: usize, tour| Self {
            frame: Frame::sample(v, super::Section::Outside),
            v,
            steps: ["cabinet", "check", "settings", "load", "mail"]
                .into_iter()
                .enumerate()
                .map(|(at, code)| step(code, at < done))
                .collect(),
            done,
            tour,
        };
        let sample = Stop {
            title: v.t("tour-own"),
            text: v.t("tour-own-text"),
            link: Link { href: "/orders/1".into(), text: v.t("tour-own-act") },
        };
        vec![
            ("first-steps", page(0, Vec::new())),
            ("first-steps-half", page(2, Vec::new())),
            ("first-steps-tour", page(5, vec![sample])),
        ]
    }
}
