//! `/v4/posting/fbs/unfulfilled/list`: postings that still need somebody (API section 3.2).

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::request::{self, PageLimit, SortDirection, TimeRange, With};
use super::{Method, PostingPage};
use crate::codes::Status;
use crate::error::Broken;
use crate::pages::Paged;

/// The request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListUnfulfilled {
    /// Which postings.
    pub filter: UnfulfilledFilter,
    /// Postings on a page.
    pub limit: PageLimit,
    /// Where the page begins; empty for the first.
    pub cursor: String,
    /// Which way to sort.
    pub sort_dir: SortDirection,
    /// Whether to write the address in Latin letters.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub translit: bool,
    /// Which optional parts to answer.
    pub with: With,
}

/// By which time postings are chosen: Ozon refuses both together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfulfilledWindow {
    /// By the deadline to pack them.
    Cutoff(TimeRange),
    /// By the time of handing them to delivery.
    Delivering(TimeRange),
}

impl Serialize for UnfulfilledWindow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Time<'t>(&'t DateTime<Utc>);
        impl Serialize for Time<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                request::time(self.0, serializer)
            }
        }
        let (from, to, range) = match self {
            Self::Cutoff(range) => ("cutoff_from", "cutoff_to", range),
            Self::Delivering(range) => ("delivering_date_from", "delivering_date_to", range),
        };
        let mut fields = serializer.serialize_struct("UnfulfilledWindow", 2)?;
        fields.serialize_field(from, &Time(&range.from))?;
        fields.serialize_field(to, &Time(&range.to))?;
        fields.end()
    }
}

/// Which postings. An empty list filters nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnfulfilledFilter {
    /// By which time.
    #[serde(flatten)]
    pub window: UnfulfilledWindow,
    /// Of these statuses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Status>,
    /// Whose status changed then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_changed_status_date: Option<TimeRange>,
    /// Of these delivery methods, at most 1000.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "request::ids")]
    pub delivery_method_ids: Vec<i64>,
    /// Of these delivery services, at most 1000.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "request::ids")]
    pub provider_ids: Vec<i64>,
    /// Of these warehouses, at most 1000.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "request::ids")]
    pub warehouse_ids: Vec<i64>,
}

impl ListUnfulfilled {
    /// All postings whose deadline to pack lies in the range, whole pages, everything that can be asked for.
    pub fn by_cutoff(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self::within(UnfulfilledWindow::Cutoff(TimeRange { from, to }))
    }

    /// All postings of the window, whole pages, everything that can be asked for.
    pub fn within(window: UnfulfilledWindow) -> Self {
        Self {
            filter: UnfulfilledFilter {
                window,
                statuses: Vec::new(),
                last_changed_status_date: None,
                delivery_method_ids: Vec::new(),
                provider_ids: Vec::new(),
                warehouse_ids: Vec::new(),
            },
            limit: PageLimit::MAX,
            cursor: String::new(),
            sort_dir: SortDirection::Ascending,
            translit: false,
            with: With::everything(),
        }
    }
}

impl Method for ListUnfulfilled {
    const PATH: &'static str = "/v4/posting/fbs/unfulfilled/list";
    type Answer = PostingPage;

    fn decode(body: &str) -> Result<PostingPage, Broken> {
        PostingPage::decode(body)
    }
}

impl Paged for ListUnfulfilled {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn set_cursor(&mut self, cursor: String) {
        self.cursor = cursor;
    }
}
