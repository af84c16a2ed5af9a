//! The methods that can be called: one file each with its request and its answer. Does not send.
//!
//! To add a method: write its file here with [`Method`] for its request, say there whether it changes something, name its path in
//! [`sunset`](crate::sunset), and add its request to the tests, which hold every request against Ozon's specification.

mod batch;
mod cancellation_requests;
mod decide_cancellation;
mod delivery_methods;
mod directory;
mod get_posting;
mod item_outcome;
mod list_postings;
mod list_unfulfilled;
mod notification_changes;
mod notifications;
mod posting_page;
mod request;
mod roles;
mod seller_info;
mod status_moves;
mod tracking_numbers;
mod warehouses;

use serde::Serialize;

use crate::error::Broken;

pub use batch::{Batch, BatchError};
pub use cancellation_requests::{
    CancellationFilter, CancellationPage, CancellationPageLimit, CancellationRequest, CancellationWith,
    ListCancellationRequests,
};
pub use decide_cancellation::{ApproveCancellation, RejectCancellation};
pub use delivery_methods::{DeliveryMethodEntry, DeliveryMethodFilter, ListDeliveryMethods};
pub use directory::DirectoryPage;
pub use get_posting::{GetPosting, GetWith};
pub use item_outcome::ItemOutcome;
pub use list_postings::{ListPostings, PostingFilter};
pub use list_unfulfilled::{ListUnfulfilled, UnfulfilledFilter, UnfulfilledWindow};
pub use notification_changes::{
    DeleteNotificationUrl, EnableNotificationUrl, SetNotificationUrl, UpdateNotificationUrl,
};
pub use notifications::{
    AvailabilityThreshold, CheckNotificationUrl, ListNotificationUrls, ListPushTypes, NotificationUrl,
    NotificationUrls, PushEndpoint, PushTypeEntry, PushTypes, UrlCheck, UrlError,
};
pub use posting_page::PostingPage;
pub use request::{PageLimit, SortDirection, TimeRange, With};
pub use roles::{GetRoles, Role, Roles};
pub use seller_info::{Company, GetSellerInfo, SellerInfo};
pub use status_moves::{MoveToDelivered, MoveToDelivering, MoveToLastMile};
pub use tracking_numbers::{SetTrackingNumbers, TrackingNumber};
pub use warehouses::{ListWarehouses, Warehouse};

/// A method: its path, its request (the implementing type) and its answer.
pub trait Method: Serialize + Send + Sync {
    /// Where it is, such as `/v4/posting/fbs/list`.
    const PATH: &'static str;

    /// Whether it changes something at Ozon. A changing call is not repeated where Ozon may have taken it, see
    /// [`Client::call`](crate::Client::call).
    const CHANGES: bool = false;

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
