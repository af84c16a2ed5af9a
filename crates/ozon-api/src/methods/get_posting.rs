//! `/v3/posting/fbs/get`: one posting with all that is known of it (API section 3.3). Limited to about two calls a second.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Method;
use crate::error::Broken;
use crate::posting::ListedPosting;

/// The request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GetPosting {
    /// Which posting.
    pub posting_number: String,
    /// Which optional parts to answer.
    pub with: GetWith,
}

impl GetPosting {
    /// One posting with everything but the exemplars of its products.
    pub fn new(posting_number: impl Into<String>) -> Self {
        Self {
            posting_number: posting_number.into(),
            with: GetWith {
                analytics_data: true,
                barcodes: true,
                financial_data: true,
                legal_info: true,
                related_postings: true,
                product_exemplars: false,
                translit: false,
            },
        }
    }
}

/// Which optional parts the answer should have.
#[expect(clippy::struct_excessive_bools, reason = "Ozon's own shape")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GetWith {
    /// `analytics_data`.
    pub analytics_data: bool,
    /// `barcodes`.
    pub barcodes: bool,
    /// `financial_data`.
    pub financial_data: bool,
    /// `legal_info`.
    pub legal_info: bool,
    /// `product_exemplars`; kept only in the raw JSON.
    pub product_exemplars: bool,
    /// `related_postings`.
    pub related_postings: bool,
    /// Whether to write the address in Latin letters.
    pub translit: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    posting_number: Option<&'a RawValue>,
}

impl Method for GetPosting {
    const PATH: &'static str = "/v3/posting/fbs/get";
    type Answer = ListedPosting;

    /// Reads the posting inside `result`, or without that wrapper. One that cannot be decoded is an answer all the same.
    fn decode(body: &str) -> Result<ListedPosting, Broken> {
        let whole: &RawValue = serde_json::from_str(body).map_err(|_| Broken::NotJson)?;
        if !whole.get().starts_with('{') {
            return Err(Broken::MissingList);
        }
        let wire: Wire<'_> = serde_json::from_str(body).map_err(|_| Broken::NotJson)?;
        match wire.result {
            Some(result) if result.get().starts_with('{') => Ok(ListedPosting::read(result)),
            None if wire.posting_number.is_some() => Ok(ListedPosting::read(whole)),
            _ => Err(Broken::MissingList),
        }
    }
}
