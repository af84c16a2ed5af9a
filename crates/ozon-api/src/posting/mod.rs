//! One posting in one shape, whichever method told of it. Holds no rules of the shop.
//!
//! [`Posting`] is what an order desk needs of an item of the v4 lists and of `/v3/posting/fbs/get`, which write the same things
//! differently (API section 3.4). Everything but the number, the status and the products is optional, and `None` means that the
//! answer did not say it: the field was absent, null, empty where it is a time, or of a type that cannot be read. An empty text is
//! a thing said, and stays `Some("")`.

mod delivery;
mod finance;
mod order;
mod people;
mod product;
mod wire;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::codes::{IntegrationTypeFlow, Status, TplIntegrationType};
use crate::money::Money;

pub use delivery::{AnalyticsData, Container, Courier, DeliveryMethod, PrrOption, SortingCenter};
pub use finance::{FinancialData, FinancialProduct};
pub use order::{Barcodes, Cancellation, ExternalOrder, LegalInfo, Requirements};
pub use people::{Address, Addressee, Customer};
pub use product::Product;
pub(crate) use wire::sensible_number;

/// A posting (отправление): the part of an order that is packed and sent together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Posting {
    /// The key, such as `0105259411-0854-2`; a text with leading zeros.
    pub posting_number: String,
    /// Where it stands.
    pub status: Status,
    /// What was bought; an empty list only where Ozon sent one.
    pub products: Vec<Product>,

    /// The order's identifier.
    pub order_id: Option<i64>,
    /// The order's number: the posting's without its last part.
    pub order_number: Option<String>,
    /// Finer than the status (API section 4).
    pub substatus: Option<String>,
    /// The one before; only `/v3/posting/fbs/get` says it.
    pub previous_substatus: Option<String>,
    /// How it is delivered and from which warehouse.
    pub delivery_method: Option<DeliveryMethod>,
    /// `fbs`, `rfbs` and so on; only the lists say it.
    pub delivery_schema: Option<String>,
    /// Who delivers.
    pub tpl_integration_type: Option<TplIntegrationType>,
    /// Who delivers and who reports it; newer and finer.
    pub integration_type_flow: Option<IntegrationTypeFlow>,
    /// The track number; `Some("")` before it is known.
    pub tracking_number: Option<String>,
    /// When processing began.
    pub in_process_at: Option<DateTime<Utc>>,
    /// Recommended deadline to hand it over; may move without a change of status.
    pub shipment_date: Option<DateTime<Utc>>,
    /// The real deadline to hand it over.
    pub shipment_date_without_delay: Option<DateTime<Utc>>,
    /// When it was handed to delivery.
    pub delivering_date: Option<DateTime<Utc>>,
    /// When it was in fact handed over; only `/v3/posting/fbs/get` says it.
    pub fact_delivery_date: Option<DateTime<Utc>>,
    /// Why and by whom it was cancelled; present with empty texts where it was not.
    pub cancellation: Option<Cancellation>,
    /// The customer; absent for Ozon's own logistics.
    pub customer: Option<Customer>,
    /// The recipient.
    pub addressee: Option<Addressee>,
    /// What the customer pays and the promotions behind it; only if asked for.
    pub financial_data: Option<FinancialData>,
    /// What is scanned off the label, `ScanIt` included wherever the answer had it; `None` before packing.
    pub barcodes: Option<Barcodes>,
    /// Where it goes, how it is paid and when it is promised; only if asked for.
    pub analytics_data: Option<AnalyticsData>,
    /// The buying company; only if asked for.
    pub legal_info: Option<LegalInfo>,
    /// Whether it is an Express delivery.
    pub is_express: Option<bool>,
    /// Whether it may go in several boxes, to be said before packing.
    pub is_multibox: Option<bool>,
    /// In how many boxes it goes.
    pub multi_box_qty: Option<u32>,
    /// The container of a sorting centre.
    pub container: Option<Container>,
    /// Where a hybrid posting is brought.
    pub sorting_center: Option<SortingCenter>,
    /// The posting that this one was split from; `Some("")` where there is none.
    pub parent_posting_number: Option<String>,
    /// Its siblings after a split; only `/v3/posting/fbs/get` says it, if asked.
    pub related_postings: Option<Vec<String>>,
    /// What Ozon lets the seller do now (API section 4): the robust rule.
    pub available_actions: Option<Vec<String>>,
    /// What must be told of the products before packing; `None` where nothing must.
    pub requirements: Option<Requirements>,
    /// Loading and lifting that the customer ordered; `None` where none.
    pub prr_option: Option<PrrOption>,
    /// The price of delivery; only `/v3/posting/fbs/get` says it, without a currency.
    pub delivery_price: Option<Money>,
    /// Whether the order came from another platform.
    pub external_order: Option<ExternalOrder>,
    /// Whether the customer collects it.
    pub is_click_and_collect: Option<bool>,
    /// Where it is to arrive.
    pub destination_place_name: Option<String>,
    /// The courier; only `/v3/posting/fbs/get` says it.
    pub courier: Option<Courier>,
    /// When the pick-up code was verified.
    pub pickup_code_verified_at: Option<DateTime<Utc>>,
}

/// Why a posting's JSON is not a posting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the posting cannot be decoded: {reason}")]
pub struct DecodeError {
    /// The number, where one could be found.
    pub posting_number: Option<String>,
    /// What is wrong, in English.
    pub reason: String,
}

/// A posting as it came: Ozon's own JSON, and what could be made of it.
#[derive(Clone, Debug)]
pub struct ListedPosting {
    /// The JSON text, unchanged.
    pub raw: Box<RawValue>,
    /// The posting, or why it is none.
    pub decoded: Result<Posting, DecodeError>,
}

impl ListedPosting {
    /// Decodes and keeps the JSON beside.
    pub(crate) fn read(raw: &RawValue) -> Self {
        Self { decoded: Posting::from_json(raw.get()), raw: raw.to_owned() }
    }

    /// The number, also of a posting that could not be decoded but has one.
    pub fn posting_number(&self) -> Option<&str> {
        match &self.decoded {
            Ok(posting) => Some(&posting.posting_number),
            Err(error) => error.posting_number.as_deref(),
        }
    }
}

impl Posting {
    /// Decodes one posting of a v4 list or of `/v3/posting/fbs/get`, without its wrapper.
    ///
    /// # Errors
    /// Where the number, the status or the products cannot be read.
    pub fn from_json(json: &str) -> Result<Self, DecodeError> {
        wire::decode(json)
    }
}

#[cfg(test)]
mod examples;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod tests;
