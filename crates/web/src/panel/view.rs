//! What every page shows: typed contexts of the templates, each with samples that a test renders in both languages.
//! Knows nothing of the store; the pages' handlers fill these in.

pub mod account;
pub mod audit;
pub mod bulk;
pub mod cabinets;
pub mod customers;
pub mod effect;
pub mod exchange;
pub mod fault;
pub mod first_steps;
pub mod frame;
pub mod goods;
pub mod lists;
pub mod mail;
pub mod messages;
pub mod order;
pub mod order_work;
pub mod orders;
pub mod overtaken;
pub mod overview;
pub mod personal_data;
pub mod postings;
pub mod print;
pub mod reconciliation;
pub mod rehearsal;
pub mod runs;
pub mod search;
pub mod settings;
pub mod settings_copy;
pub mod settings_file;
pub mod settings_shared;
pub mod settings_versions;
pub mod sign_in;
pub mod users;
pub mod warehouses;

mod atoms;
#[cfg(test)]
mod tests;

pub use atoms::{Dot, icon};
pub use frame::{Can, Flash, Frame, Section, Theme};

/// A choice of a `<select>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
    /// It is the one chosen now.
    pub chosen: bool,
}

impl Choice {
    /// A choice; chosen when its value is `current`.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over ids and literals alike")]
    pub fn new(value: impl ToString, label: impl Into<String>, current: &str) -> Self {
        let value = value.to_string();
        Self { chosen: value == current, label: label.into(), value }
    }

    /// Any of them, and each by its value and label.
    pub fn any_or<T: ToString>(
        any: String,
        each: impl IntoIterator<Item = (T, String)>,
        current: &str,
    ) -> Vec<Self> {
        let each = each.into_iter().map(|(value, label)| Self::new(value, label, current));
        std::iter::once(Self::new("", any, current)).chain(each).collect()
    }
}

/// A link with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub text: String,
}
