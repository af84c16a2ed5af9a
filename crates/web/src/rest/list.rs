//! The one shape of every list, and pages of lists that are short enough to be read whole.

use axum::Json;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use storage::{Page, PageAsk};
use utoipa::ToSchema;

use super::problem::Answer;
use super::query::{Limit, query};

/// Rows a page where none are asked for.
const USUAL: u64 = 50;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

query! {
    /// The page of a list that has no other parameters.
    PageQuery {
        /// Rows a page; 50 when left out.
        #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
        limit: Limit,
        /// The `next_cursor` of the page before.
        cursor: String,
    }
}

impl PageQuery {
    /// As the store is asked.
    pub fn ask(self) -> PageAsk {
        ask(self.limit, self.cursor)
    }
}

/// As the store is asked.
pub fn ask(limit: Option<Limit>, cursor: Option<String>) -> PageAsk {
    PageAsk { limit: limit.map_or(USUAL, |limit| limit.0), cursor }
}

/// A page of the store as an answer.
pub fn listed<T, U>(page: Page<T>, turn: impl FnMut(T) -> U) -> Json<Listed<U>> {
    let page = page.map(turn);
    Json(Listed { items: page.items, next_cursor: page.next })
}

/// A page of a list that was read whole, in ascending order of a key that no two rows share.
///
/// # Errors
/// When the cursor is not one that a page gave out.
pub fn page_of<T>(mut rows: Vec<T>, ask: &PageAsk, key: impl Fn(&T) -> (i64, i64)) -> Answer<Page<T>> {
    rows.sort_by_key(|row| key(row));
    if let Some(cursor) = ask.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
        let last = read_cursor(cursor).ok_or(storage::Error::BadCursor)?;
        rows.retain(|row| key(row) > last);
    }
    let limit = usize::try_from(ask.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let (first, second) = key(last);
        URL_SAFE_NO_PAD.encode([first.to_be_bytes(), second.to_be_bytes()].concat())
    });
    Ok(Page { items: rows, next })
}

fn read_cursor(cursor: &str) -> Option<(i64, i64)> {
    let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(cursor).ok()?.try_into().ok()?;
    let (first, second) = bytes.split_at(8);
    Some((i64::from_be_bytes(first.try_into().ok()?), i64::from_be_bytes(second.try_into().ok()?)))
}
