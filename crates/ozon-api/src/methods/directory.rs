//! A page of a directory (warehouses, delivery methods): its items are small and are decoded whole.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::decode::{Part, from_text};
use crate::error::Broken;
use crate::pages::Page;

/// A page of a directory.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectoryPage<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Entries without an identifier, which are of no use and are left out.
    pub unreadable: usize,
    /// Where the next page begins; opaque.
    pub cursor: String,
    /// Whether there is a next page.
    pub has_next: bool,
}

impl<T> Page for DirectoryPage<T> {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn has_next(&self) -> bool {
        self.has_next
    }
}

/// What an answer of a directory holds, the list under its own name.
pub(super) struct Listing<W> {
    pub(super) entries: Option<Vec<Part<W>>>,
    pub(super) cursor: Option<String>,
    pub(super) has_next: Option<bool>,
}

impl<W> Listing<W> {
    /// The page of what the entries can be turned into.
    pub(super) fn page<T>(self, read: impl Fn(W) -> Option<T>) -> Result<DirectoryPage<T>, Broken> {
        let entries = self.entries.ok_or(Broken::MissingList)?;
        let told = entries.len();
        if told == 0 && self.has_next == Some(true) {
            return Err(Broken::NextWithoutItems);
        }
        let cursor = self.cursor.unwrap_or_default();
        let items: Vec<T> = entries.into_iter().filter_map(|entry| entry.0.and_then(&read)).collect();
        Ok(DirectoryPage {
            unreadable: told - items.len(),
            has_next: self.has_next.unwrap_or(told > 0 && !cursor.is_empty()),
            items,
            cursor,
        })
    }
}

/// Reads the answer of a method that only says that it is done: an object, whatever is in it.
pub(super) fn done(body: &str) -> Result<(), Broken> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Anything {}
    object::<Anything>(body).map(|_| ())
}

/// Reads an answer that is an object, with or without a `result` wrapper.
pub(super) fn object<T: DeserializeOwned>(body: &str) -> Result<T, Broken> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Wrapped<'a> {
        #[serde(borrow)]
        result: Option<&'a serde_json::value::RawValue>,
    }
    let wrapped: Wrapped<'_> = serde_json::from_str(body)
        .map_err(|error| if error.is_data() { Broken::MissingList } else { Broken::NotJson })?;
    let inner = wrapped
        .result
        .map(serde_json::value::RawValue::get)
        .filter(|result| result.starts_with('{'))
        .unwrap_or(body);
    if !inner.trim_start().starts_with('{') {
        return Err(Broken::MissingList);
    }
    from_text(inner).map_err(|_| Broken::MissingList)
}
