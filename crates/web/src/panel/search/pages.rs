//! The pages that a search finds by their names, and by other words that people use for them.

use domain::CabinetId;

use crate::access::Act;
use crate::panel::routes::{NamedPath, Page};

/// A page with its name.
pub(super) struct Named {
    /// The key of its words.
    pub(super) key: &'static str,
    /// The key of other words for it.
    pub(super) also: Option<&'static str>,
    /// Where it is.
    pub(super) href: Page,
    /// What one must be allowed to do to see it.
    pub(super) act: Option<Act>,
}

fn open(key: &'static str, href: Page) -> Named {
    Named { key, also: None, href, act: None }
}

fn only(key: &'static str, href: Page, act: Act) -> Named {
    Named { act: Some(act), ..open(key, href) }
}

impl Named {
    fn also(self, also: &'static str) -> Self {
        Self { also: Some(also), ..self }
    }
}

/// Every page that stands for itself.
pub(super) fn all() -> Vec<Named> {
    vec![
        open("rail-overview", Page::Overview),
        open("rail-orders", Page::Orders),
        open("pick-list-title", Page::PickList),
        open("rail-postings", Page::Postings),
        open("rail-exchange", Page::Exchange),
        open("rail-cabinets", Page::Cabinets),
        only("cabinet-add", Page::NewCabinet, Act::ChangeCabinets),
        open("rail-runs", Page::Runs),
        open("journal-messages", Page::PushMessages).also("search-words-messages"),
        open("rail-lists", Page::Statuses),
        open("list-statuses", Page::Statuses),
        open("list-sources", Page::Named(NamedPath::Sources)),
        open("list-delivery-methods", Page::Named(NamedPath::DeliveryMethods)),
        open("list-payment-methods", Page::Named(NamedPath::PaymentMethods)),
        only("list-customers", Page::Customers, Act::SeePersons),
        open("list-number-template", Page::NumberTemplate).also("search-words-number-template"),
        only("mail-title", Page::Mail, Act::ChangeMail),
        only("users-title", Page::Users, Act::ChangeUsers).also("search-words-users"),
        only("audit-title", Page::Audit, Act::SeeAudit),
        only("personal-data-title", Page::PersonalData, Act::ErasePersons),
        open("account-title", Page::Account).also("search-words-account"),
        open("first-steps-title", Page::FirstSteps),
    ]
}

/// The pages of a cabinet.
pub(super) fn of_cabinet(id: CabinetId) -> Vec<Named> {
    vec![
        open("settings-title", Page::Settings(id)),
        open("versions-title", Page::SettingsVersions(id)),
        only("settings-copy-title", Page::SettingsCopy(id), Act::ChangeSettings),
        open("warehouses-title", Page::Warehouses(id)).also("search-words-warehouses"),
        open("reconciliation-title", Page::Reconciliation(id)),
        open("messages-title", Page::Messages(id)).also("search-words-messages"),
    ]
}
