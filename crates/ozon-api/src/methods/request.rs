//! What several requests have in common, written exactly as the specification names it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

/// From and to, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TimeRange {
    /// Begin.
    #[serde(serialize_with = "time")]
    pub from: DateTime<Utc>,
    /// End.
    #[serde(serialize_with = "time")]
    pub to: DateTime<Utc>,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum SortDirection {
    /// Oldest first.
    #[default]
    #[serde(rename = "ASC")]
    Ascending,
    /// Newest first.
    #[serde(rename = "DESC")]
    Descending,
}

/// Items on a page: 1 to 100, which is what Ozon takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PageLimit(u8);

impl PageLimit {
    /// The largest page.
    pub const MAX: Self = Self(100);

    /// `None` outside 1 to 100.
    pub fn new(items: u8) -> Option<Self> {
        (1..=Self::MAX.0).contains(&items).then_some(Self(items))
    }

    /// As a number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Default for PageLimit {
    fn default() -> Self {
        Self::MAX
    }
}

/// Which optional parts the answer should have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct With {
    /// `analytics_data`.
    pub analytics_data: bool,
    /// `barcodes`.
    pub barcodes: bool,
    /// `financial_data`.
    pub financial_data: bool,
    /// `legal_info`.
    pub legal_info: bool,
}

impl With {
    /// All of them.
    pub fn everything() -> Self {
        Self { analytics_data: true, barcodes: true, financial_data: true, legal_info: true }
    }
}

/// RFC 3339 in UTC with `Z` and milliseconds, as the official examples write it; finer digits are cut off.
pub(super) fn time<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// An int64 that is kept as the text of a cursor; one that is no number cannot be sent.
pub(super) fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let number: i64 = text.parse().map_err(|_| S::Error::custom("the cursor is not a whole number"))?;
    serializer.serialize_i64(number)
}

/// The specification wants lists of int64 as texts.
pub(super) fn ids<S: Serializer>(ids: &[i64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(i64::to_string))
}
