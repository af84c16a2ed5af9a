//! A page of postings as both v4 lists answer it. A posting that cannot be decoded never costs its page.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::decode::{list, scalar};
use crate::error::Broken;
use crate::pages::Page;
use crate::posting::ListedPosting;

/// A page of postings.
#[derive(Clone, Debug)]
pub struct PostingPage {
    /// The postings in Ozon's order, the undecodable ones among them.
    pub items: Vec<ListedPosting>,
    /// Where the next page begins; opaque.
    pub cursor: String,
    /// Whether there is a next page.
    pub has_next: bool,
    /// How many there are in all; only the list of unfulfilled postings says it.
    pub count: Option<i64>,
}

impl Page for PostingPage {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn has_next(&self) -> bool {
        self.has_next
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "list")]
    postings: Option<Vec<&'a RawValue>>,
    #[serde(deserialize_with = "scalar")]
    cursor: Option<String>,
    #[serde(deserialize_with = "scalar")]
    has_next: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    count: Option<i64>,
}

impl PostingPage {
    /// Reads a page with or without the `result` wrapper, which has been seen on a v4 list (API section 10, item 1).
    pub(super) fn decode(body: &str) -> Result<Self, Broken> {
        let outer: Wire<'_> = object(body)?;
        let wire = match outer.result {
            Some(result) if outer.postings.is_none() => {
                object(result.get()).map_err(|_| Broken::MissingList)?
            }
            _ => outer,
        };
        let postings = wire.postings.ok_or(Broken::MissingList)?;
        let cursor = wire.cursor.unwrap_or_default();
        if postings.is_empty() && wire.has_next == Some(true) {
            return Err(Broken::NextWithoutItems);
        }
        Ok(Self {
            // Where it is not said whether there is more, a page with postings and a cursor is followed: at worst by an empty one.
            has_next: wire.has_next.unwrap_or(!postings.is_empty() && !cursor.is_empty()),
            items: postings.into_iter().map(ListedPosting::read).collect(),
            cursor,
            count: wire.count,
        })
    }
}

fn object(json: &str) -> Result<Wire<'_>, Broken> {
    if !json.trim_start().starts_with('{') {
        return Err(of_text(json));
    }
    serde_json::from_str(json).map_err(|_| Broken::NotJson)
}

/// JSON that is no object lacks the list; all else is no JSON.
fn of_text(json: &str) -> Broken {
    match serde_json::from_str::<serde::de::IgnoredAny>(json) {
        Ok(_) => Broken::MissingList,
        Err(_) => Broken::NotJson,
    }
}
