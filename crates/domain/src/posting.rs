//! A posting as Ozon described it, in one shape for every method that shows one.
//!
//! A field that an answer did not speak of is `None`, and what is absent is no change: [`Posting::over`] keeps what was
//! known before. The status, the products and the number are in every answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::PostingNumber;
use crate::money::Money;
use crate::ozon_status::OzonStatus;

/// What Ozon says of a posting. Times are UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Ozon's number: the identity within a cabinet.
    pub number: PostingNumber,
    /// Ozon's status.
    pub status: OzonStatus,
    /// Ozon's finer status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substatus: Option<String>,
    /// The goods, in Ozon's order.
    pub products: Vec<Product>,
    /// Everything else.
    #[serde(flatten)]
    pub details: Details,
    /// The customer, for realFBS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Who receives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    /// The other postings of its family, where this very answer told them: what an earlier one said is no answer.
    #[serde(skip)]
    pub related: Option<Vec<PostingNumber>>,
}

/// Who delivers a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumIter)]
pub enum Scheme {
    /// Ozon, from the seller's stock.
    Fbs,
    /// The seller, or a carrier of the seller's.
    RealFbs,
    /// Ozon has not told.
    Unknown,
}

impl Scheme {
    /// A short word for tables and addresses; empty while Ozon has not told.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fbs => "fbs",
            Self::RealFbs => "rfbs",
            Self::Unknown => "",
        }
    }

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fbs => "FBS",
            Self::RealFbs => "realFBS",
            Self::Unknown => "",
        }
    }

    /// Reads a word; anything else is none.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Fbs, Self::RealFbs].into_iter().find(|scheme| scheme.code() == code)
    }
}

impl Posting {
    /// Who delivers it (API section 4, `tpl_integration_type`).
    pub fn scheme(&self) -> Scheme {
        match self.details.tpl_integration_type.as_deref() {
            Some("ozon") => Scheme::Fbs,
            Some(_) => Scheme::RealFbs,
            None => Scheme::Unknown,
        }
    }
}

macro_rules! optional_fields {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$outer])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$doc])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<$kind>,)*
        }

        impl $name {
            /// What this one says, and where it is silent what `earlier` said.
            #[must_use]
            pub fn over(self, earlier: &Self) -> Self {
                Self { $($field: self.$field.or_else(|| earlier.$field.clone()),)* }
            }
        }
    };
}

optional_fields! {
    /// A posting's dates, delivery, barcodes and other facts, each as far as an answer spoke of it.
    Details {
        /// Ozon's order number, shared by the postings of one order.
        order_number: String,
        /// Ozon's order id.
        order_id: i64,
        /// When Ozon began to process it; the nearest to "placed" that Ozon tells.
        in_process_at: DateTime<Utc>,
        /// "Отгрузить до".
        shipment_date: DateTime<Utc>,
        /// Overdue after this.
        shipment_date_without_delay: DateTime<Utc>,
        /// Handed to delivery.
        delivering_date: DateTime<Utc>,
        /// Promised window, begin.
        delivery_from: DateTime<Utc>,
        /// Promised window, end.
        delivery_to: DateTime<Utc>,
        /// `ozon`, `non_integrated`, `3pl_tracking`, `aggregator`, `hybryd`.
        tpl_integration_type: String,
        /// The finer division since July 2026.
        integration_type_flow: String,
        /// Ozon's delivery method.
        delivery_method_id: i64,
        /// Its name.
        delivery_method_name: String,
        /// The seller's warehouse at Ozon.
        warehouse_id: i64,
        /// Its name.
        warehouse_name: String,
        /// Who carries it.
        carrier: String,
        /// `PVZ`, `Courier` and so on.
        delivery_type: String,
        /// How the customer pays Ozon.
        payment_type: String,
        /// The price of delivery (only `/v3/posting/fbs/get` tells).
        delivery_price: Money,
        /// The track number at Ozon.
        tracking_number: String,
        /// Upper barcode of the label.
        upper_barcode: String,
        /// Lower barcode of the label.
        lower_barcode: String,
        /// The `ScanIt` barcode of labels since October 2026.
        scanit: String,
        /// City, where Ozon tells.
        city: String,
        /// Region, where Ozon tells.
        region: String,
        /// The customer is a legal entity.
        is_legal: bool,
        /// Its name, ИНН and КПП.
        company: Company,
        /// Express delivery.
        is_express: bool,
        /// May be packed into several boxes.
        is_multibox: bool,
        /// Number of boxes.
        multi_box_qty: u32,
        /// The container it lies in.
        container: Container,
        /// The posting that this one was split from.
        parent: PostingNumber,
        /// Why and by whom it was cancelled.
        cancellation: Cancellation,
        /// What the seller may do now, in Ozon's words.
        available_actions: Vec<String>,
        /// Unloading service ("подъём").
        lifting: String,
    }
}

/// One line of a posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The seller's article.
    pub offer_id: String,
    /// Ozon's SKU.
    pub sku: Option<i64>,
    /// Name at Ozon.
    pub name: String,
    /// Pieces.
    pub quantity: u32,
    /// The seller's price with the seller's promotions: what Ozon settles from.
    pub price: Money,
    /// The crossed-out price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_price: Option<Money>,
    /// What the customer paid a piece, after Ozon's discount, perhaps in another currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_price: Option<Money>,
    /// Grams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_grams: Option<u32>,
    /// Colour in Ozon's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

optional_fields! {
    /// Ozon's customer. The phone is a substitute number.
    Customer {
        /// Ozon's `customer_id`.
        id: i64,
        /// Name.
        name: String,
        /// Substitute phone.
        phone: String,
        /// E-mail.
        email: String,
        /// The address in parts.
        address: Address,
    }
}

optional_fields! {
    /// Who receives the posting.
    Recipient {
        /// Name.
        name: String,
        /// Substitute phone.
        phone: String,
        /// The phone's extension.
        pin: String,
    }
}

optional_fields! {
    /// An address in Ozon's parts.
    Address {
        /// Country.
        country: String,
        /// Region.
        region: String,
        /// District.
        district: String,
        /// City.
        city: String,
        /// The rest: street, house, flat.
        tail: String,
        /// Post code.
        zip_code: String,
        /// The customer's remark.
        comment: String,
        /// Pick-up point's code at the carrier.
        pickup_code: String,
    }
}

optional_fields! {
    /// A legal entity.
    Company {
        /// Name.
        name: String,
        /// ИНН.
        inn: String,
        /// КПП.
        kpp: String,
    }
}

optional_fields! {
    /// A container at Ozon.
    Container {
        /// Number.
        number: i64,
        /// Kind of cargo.
        cargo_type: String,
        /// Date, as Ozon writes it.
        date: String,
    }
}

optional_fields! {
    /// Ozon's account of a cancellation.
    Cancellation {
        /// Ozon's reason id.
        reason_id: i64,
        /// The reason in words.
        reason: String,
        /// `seller`, `client`, `customer`, `ozon`, `system`, `delivery`.
        kind: String,
        /// The initiator in Ozon's (Russian) words.
        initiator: String,
        /// After it was shipped.
        after_ship: bool,
    }
}

impl Posting {
    /// This answer over what was known: newer words win, silence changes nothing.
    #[must_use]
    pub fn over(self, earlier: &Self) -> Self {
        let mut merged = self;
        merged.details = merged.details.over(&earlier.details);
        if merged.substatus.is_none() && merged.status == earlier.status {
            merged.substatus.clone_from(&earlier.substatus);
        }
        // A posting without goods does not exist: an empty list is silence too.
        if merged.products.is_empty() {
            merged.products.clone_from(&earlier.products);
        }
        // A price beside the seller's that only one of the methods tells stays known.
        let mut left: Vec<&Product> = earlier.products.iter().collect();
        for product in &mut merged.products {
            let same = left.iter().position(|p| p.is_same_goods(product) && p.price == product.price);
            let same = same.or_else(|| left.iter().position(|p| p.is_same_goods(product)));
            if let Some(before) = same.map(|at| left.remove(at)) {
                product.old_price = product.old_price.or(before.old_price);
                product.customer_price = product.customer_price.or(before.customer_price);
                product.weight_grams = product.weight_grams.or(before.weight_grams);
                product.color = product.color.take().or_else(|| before.color.clone());
            }
        }
        merged.customer = match (merged.customer, &earlier.customer) {
            (Some(new), Some(old)) if new.id.is_none() || old.id.is_none() || new.id == old.id => {
                let address = match (new.address.clone(), old.address.as_ref()) {
                    (Some(address), Some(before)) => Some(address.over(before)),
                    (address, before) => address.or_else(|| before.cloned()),
                };
                Some(Customer { address, ..new.over(old) })
            }
            (new, old) => new.or_else(|| old.clone()),
        };
        merged.recipient = match (merged.recipient, &earlier.recipient) {
            (Some(new), Some(old)) => Some(new.over(old)),
            (new, old) => new.or_else(|| old.clone()),
        };
        merged
    }

    /// The name of the person: the customer's, else the recipient's.
    pub fn person_name(&self) -> Option<&str> {
        let customer = self.customer.as_ref().and_then(|c| c.name.as_deref());
        customer.or_else(|| self.recipient.as_ref().and_then(|r| r.name.as_deref()))
    }
}

impl Product {
    /// The same goods, whatever they cost: a line of an order that may be the same line.
    pub fn is_same_goods(&self, other: &Self) -> bool {
        self.sku == other.sku && self.offer_id == other.offer_id
    }
}
