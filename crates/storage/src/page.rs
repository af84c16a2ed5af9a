//! Keyset paging: a page ends with a cursor that says where the next one begins.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Result};

/// The most rows that one page holds.
const MOST: u64 = 200;

/// Which page is wanted.
#[derive(Clone, Debug)]
pub struct PageAsk {
    /// Rows a page, 1 to 200.
    pub limit: u64,
    /// The cursor that the page before ended with.
    pub cursor: Option<String>,
}

impl PageAsk {
    /// The first page.
    pub fn first(limit: u64) -> Self {
        Self { limit, cursor: None }
    }

    pub(crate) fn rows(&self) -> u64 {
        self.limit.clamp(1, MOST)
    }

    /// The sort key and the id after which the page begins.
    pub(crate) fn after(&self) -> Result<Option<(i64, i64)>> {
        let Some(cursor) = self.cursor.as_deref().filter(|c| !c.is_empty()) else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::BadCursor)?;
        let bytes: [u8; 16] = bytes.try_into().map_err(|_| Error::BadCursor)?;
        let (key, id) = bytes.split_at(8);
        let number = |half: &[u8]| half.try_into().map(i64::from_be_bytes).map_err(|_| Error::BadCursor);
        Ok(Some((number(key)?, number(id)?)))
    }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next page, when there is one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts what was read (one row more than asked) to a page; `key` tells a row's sort key and id.
    pub(crate) fn cut(mut rows: Vec<T>, ask: &PageAsk, key: impl Fn(&T) -> (i64, i64)) -> Self {
        let limit = usize::try_from(ask.rows()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| {
            let (key, id) = key(last);
            URL_SAFE_NO_PAD.encode([key.to_be_bytes(), id.to_be_bytes()].concat())
        });
        Self { items: rows, next }
    }

    /// The same page with its rows turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_says_where_the_next_page_begins() {
        let ask = PageAsk::first(2);
        let page = Page::cut(vec![(5, 1), (5, 2), (4, 9)], &ask, |r| *r);
        assert_eq!(page.items.len(), 2);
        let next = PageAsk { limit: 2, cursor: page.next };
        assert_eq!(next.after().expect("ours"), Some((5, 2)));
        assert!(Page::cut(vec![(5, 1)], &ask, |r| *r).next.is_none());
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for cursor in ["rubbish!", "AAAA", "eyJhIjoxfQ"] {
            let ask = PageAsk { limit: 2, cursor: Some(cursor.to_owned()) };
            assert!(matches!(ask.after(), Err(Error::BadCursor)));
        }
    }
}
