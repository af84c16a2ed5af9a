//! The methods that can be called: one file each with its request and its answer. Does not send.
//!
//! To add a method: write its file here with [`Method`] for its request, name its path in [`sunset`](crate::sunset), and add its
//! request to the tests, which hold every request against Ozon's specification.

mod delivery_methods;
mod directory;
mod get_posting;
mod list_postings;
mod list_unfulfilled;
mod posting_page;
mod request;
mod roles;
mod seller_info;
mod warehouses;

use serde::Serialize;

use crate::error::Broken;

pub use delivery_methods::{DeliveryMethodEntry, DeliveryMethodFilter, ListDeliveryMethods};
pub use directory::DirectoryPage;
pub use get_posting::{GetPosting, GetWith};
pub use list_postings::{ListPostings, PostingFilter};
pub use list_unfulfilled::{ListUnfulfilled, UnfulfilledFilter, UnfulfilledWindow};
pub use posting_page::PostingPage;
pub use request::{PageLimit, SortDirection, TimeRange, With};
pub use roles::{GetRoles, Role, Roles};
pub use seller_info::{Company, GetSellerInfo, SellerInfo};
pub use warehouses::{ListWarehouses, Warehouse};

/// A method: its path, its request (the implementing type) and its answer.
pub trait Method: Serialize + Send + Sync {
    /// Where it is, such as `/v4/posting/fbs/list`.
    const PATH: &'static str;

    /// What it answers.
    type Answer: Send;

    /// Reads the body of a successful answer.
    ///
    /// # Errors
    /// Where the body does not hold what the method answers.
    fn decode(body: &str) -> Result<Self::Answer, Broken>;
}

#[cfg(test)]
mod tests;
