//! The pages that a search finds by their names.

use crate::access::Act;
use crate::panel::routes::{NamedPath, Page};

/// A page with its name.
pub(super) struct Named {
    /// The key of its words.
    pub(super) key: &'static str,
    /// Where it is.
    pub(super) href: Page,
    /// What one must be allowed to do to see it.
    pub(super) act: Option<Act>,
}

/// Every page that stands for itself.
pub(super) fn all() -> Vec<Named> {
    let open = |key, href| Named { key, href, act: None };
    let only = |key, href, act| Named { key, href, act: Some(act) };
    vec![
        open("rail-overview", Page::Overview),
        open("rail-orders", Page::Orders),
        open("rail-postings", Page::Postings),
        open("rail-exchange", Page::Exchange),
        open("rail-cabinets", Page::Cabinets),
        only("cabinet-add", Page::NewCabinet, Act::ChangeCabinets),
        open("rail-runs", Page::Runs),
        open("rail-lists", Page::Statuses),
        open("list-statuses", Page::Statuses),
        open("list-sources", Page::Named(NamedPath::Sources)),
        open("list-delivery-methods", Page::Named(NamedPath::DeliveryMethods)),
        open("list-payment-methods", Page::Named(NamedPath::PaymentMethods)),
        only("list-customers", Page::Customers, Act::SeePersons),
        open("list-number-template", Page::NumberTemplate),
        only("mail-title", Page::Mail, Act::ChangeMail),
        only("users-title", Page::Users, Act::ChangeUsers),
        only("audit-title", Page::Audit, Act::SeeAudit),
        only("personal-data-title", Page::PersonalData, Act::ErasePersons),
        open("account-title", Page::Account),
        open("first-steps-title", Page::FirstSteps),
    ]
}
