//! Owns the options of the generator. Does not generate.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::vocabulary::{DeliveryType, Status};

/// Equal `in_process_at` where one page ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EqualAtBorders {
    /// Postings on a page.
    pub page: usize,
    /// How many postings around each border share one instant.
    pub run: usize,
}

/// How generated postings are to look. The same options give the same postings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GeneratorOptions {
    /// Seed of everything random.
    pub seed: u64,
    /// `in_process_at` lies in so many days before the virtual now.
    pub days: u32,
    /// Empty: statuses fit the age of the postings. Else they take turns.
    pub statuses: Vec<Status>,
    /// Empty: all types of the cabinet, Ozon's own most often. Else they take turns, each with
    /// all statuses before the next.
    pub delivery_types: Vec<DeliveryType>,
    /// Most lines of goods in a posting.
    pub max_lines: usize,
    /// Share of buyers that are companies.
    pub legal_share: f64,
    /// Share of postings that belong to the order of the posting before.
    pub same_order_share: f64,
    /// Share of postings without a shipment date (absent from the unfulfilled list).
    pub without_shipment_date_share: f64,
    /// Equal instants at page borders.
    pub equal_at_borders: Option<EqualAtBorders>,
    /// All postings start at this instant.
    pub in_process_at: Option<DateTime<Utc>>,
}

impl Default for GeneratorOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            days: 30,
            statuses: Vec::new(),
            delivery_types: Vec::new(),
            max_lines: 4,
            legal_share: 0.06,
            same_order_share: 0.1,
            without_shipment_date_share: 0.01,
            equal_at_borders: None,
            in_process_at: None,
        }
    }
}

impl GeneratorOptions {
    /// Believable postings from this seed.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// Every status with every delivery type in turn: 70 postings cover all combinations.
    pub fn every_status_and_type(seed: u64) -> Self {
        Self {
            seed,
            statuses: Status::ALL.to_vec(),
            delivery_types: DeliveryType::ALL.to_vec(),
            same_order_share: 0.0,
            without_shipment_date_share: 0.0,
            ..Self::default()
        }
    }
}
