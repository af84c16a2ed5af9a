//! `/v4/posting/fbs/list`: postings of a period (API section 3.1).

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::request::{self, PageLimit, SortDirection, TimeRange, With};
use super::{Method, PostingPage};
use crate::codes::{IntegrationTypeFlow, Status};
use crate::error::Broken;
use crate::pages::Paged;

/// The request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListPostings {
    /// Which postings.
    pub filter: PostingFilter,
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

/// Which postings. An empty list filters nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PostingFilter {
    /// Not earlier than this `in_process_at`.
    #[serde(serialize_with = "request::time")]
    pub since: DateTime<Utc>,
    /// Not later than this `in_process_at`; at most a year after `since`.
    #[serde(serialize_with = "request::time")]
    pub to: DateTime<Utc>,
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
    /// Of this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<i64>,
    /// Of these orders, at most 100.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order_numbers: Vec<String>,
    /// Only those traceable in Belarus, or only the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_blr_traceable: Option<bool>,
    /// Delivered in these ways.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub integration_type_flow: Vec<IntegrationTypeFlow>,
}

impl ListPostings {
    /// All postings of a period, whole pages, everything that can be asked for.
    pub fn of_period(since: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            filter: PostingFilter {
                since,
                to,
                statuses: Vec::new(),
                last_changed_status_date: None,
                delivery_method_ids: Vec::new(),
                provider_ids: Vec::new(),
                warehouse_ids: Vec::new(),
                order_id: None,
                order_numbers: Vec::new(),
                is_blr_traceable: None,
                integration_type_flow: Vec::new(),
            },
            limit: PageLimit::MAX,
            cursor: String::new(),
            sort_dir: SortDirection::Ascending,
            translit: false,
            with: With::everything(),
        }
    }
}

impl Method for ListPostings {
    const PATH: &'static str = "/v4/posting/fbs/list";
    type Answer = PostingPage;

    fn decode(body: &str) -> Result<PostingPage, Broken> {
        PostingPage::decode(body)
    }
}

impl Paged for ListPostings {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn set_cursor(&mut self, cursor: String) {
        self.cursor = cursor;
    }
}
