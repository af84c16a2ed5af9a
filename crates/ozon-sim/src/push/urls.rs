//! Owns the URLs that a cabinet has registered for push messages. Sends nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Who switched a URL off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DisableReason {
    /// `SELLER`.
    Seller,
    /// `AVAILABILITY`: it answered too slowly for three days.
    Availability,
    /// `ADMIN`.
    Admin,
}

/// How fast a URL answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Availability {
    /// `GREEN`: in less than a second and a half.
    Green,
    /// `YELLOW`: in less than two and a half.
    Yellow,
    /// `RED`: later or not at all.
    Red,
}

impl Availability {
    /// Each with the milliseconds from which on it holds.
    pub(crate) const THRESHOLDS: [(Self, u64); 3] =
        [(Self::Green, 0), (Self::Yellow, 1_500), (Self::Red, 2_500)];

    /// By the time of an answer; `None` where there was none.
    pub(crate) fn of(millis: Option<u64>) -> Self {
        match millis {
            Some(millis) if millis < Self::THRESHOLDS[1].1 => Self::Green,
            Some(millis) if millis < Self::THRESHOLDS[2].1 => Self::Yellow,
            _ => Self::Red,
        }
    }
}

/// A registered URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotificationUrl {
    /// Ozon's id of the URL.
    pub id: i64,
    /// Where messages go.
    pub url: String,
    /// Types that go there.
    pub types: Vec<String>,
    /// Whether anything goes there.
    pub enabled: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// Why it is switched off.
    pub disable_reason: Option<DisableReason>,
    /// How fast it answered last, and when.
    pub availability: Option<(Availability, DateTime<Utc>)>,
}

impl NotificationUrl {
    pub(crate) fn takes(&self, message_type: &str) -> bool {
        self.enabled && self.types.iter().any(|wanted| wanted == message_type)
    }

    pub(crate) fn enable(&mut self) {
        self.enabled = true;
        self.disable_reason = None;
    }

    pub(crate) fn disable(&mut self, reason: DisableReason) {
        self.enabled = false;
        self.disable_reason = Some(reason);
    }
}
