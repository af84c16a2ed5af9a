//! Owns the selection of both lists' pages. Does not render the postings.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::cursor::{Direction, Key, decode, encode};
use super::request::{Filter, Paging, Period, instant};
use super::{shapes, view_v4};
use crate::api::page::{Edges, Page};
use crate::api::request::With;
use crate::model::posting::Posting;
use crate::model::state::{CabinetState, CutoffKey, StartKey};
use crate::refusal::Refusal;

/// Most postings on a page.
const PAGE: i64 = 100;

/// A page's postings, chosen under the lock and rendered outside of it.
pub(crate) struct Selection {
    postings: Vec<Arc<Posting>>,
    cursor: String,
    has_next: bool,
    count: Option<usize>,
    with: With,
    direction: Direction,
}

impl Selection {
    pub(crate) fn render(self) -> Result<Page, Refusal> {
        let edges = self.postings.first().zip(self.postings.last()).map(|(first, last)| {
            let step = TimeDelta::microseconds(match self.direction {
                Direction::Ascending => 1,
                Direction::Descending => -1,
            });
            let shifted = |posting: &Posting, by: TimeDelta| {
                let cutoff = posting.shipment_date.map(|at| at + by);
                (posting.in_process_at + by, cutoff)
            };
            Edges { before: shifted(first, -step), after: shifted(last, step) }
        });
        let postings = self
            .postings
            .iter()
            .map(|posting| view_v4::render(posting, self.with))
            .collect::<Result<_, _>>()
            .map_err(|_| Refusal::internal())?;
        Ok(Page { cursor: self.cursor, has_next: self.has_next, postings, count: self.count, edges })
    }
}

/// `/v4/posting/fbs/list`: by `in_process_at`.
pub(crate) fn list(cabinet: &CabinetState, body: &Value) -> Result<Selection, Refusal> {
    let paging = Paging::of(body, shapes::POSTING_LIST.name, PAGE)?;
    let filter = &body["filter"];
    let bound = |name: &str| {
        instant(&filter[name])
            .ok_or_else(|| Refusal::invalid(format!("invalid filter.{name}: value is required")))
    };
    let period = Period::new(bound("since")?, bound("to")?)?;
    let wanted = Filter::of(filter);
    let lowest = (period.from, i64::MIN);
    let highest = (period.to, i64::MAX);
    let (postings, last, has_next) =
        page::<StartKey>(cabinet, &cabinet.by_start, &paging, lowest, highest, |p| wanted.lets_through(p))?;
    Ok(Selection {
        postings,
        cursor: last.map_or_else(String::new, |key| encode(&key, paging.direction)),
        has_next,
        count: None,
        with: With::of(body),
        direction: paging.direction,
    })
}

/// `/v4/posting/fbs/unfulfilled/list`: by cutoff; either by cutoff or by the date of hand-over.
pub(crate) fn unfulfilled(cabinet: &CabinetState, body: &Value) -> Result<Selection, Refusal> {
    let paging = Paging::of(body, shapes::UNFULFILLED_LIST.name, PAGE)?;
    let filter = &body["filter"];
    let cutoff = window(filter, "cutoff_from", "cutoff_to")?;
    let delivering = window(filter, "delivering_date_from", "delivering_date_to")?;
    let wanted = Filter::of(filter);
    let (cutoff, delivering) = match (cutoff, delivering) {
        (Some(_), Some(_)) => {
            return Err(Refusal::invalid("only one of the cutoff and delivering_date filters may be used"));
        }
        (None, None) => {
            return Err(Refusal::invalid("one of the cutoff and delivering_date filters is required"));
        }
        windows => windows,
    };
    let lets_through = |posting: &Posting| {
        delivering.is_none_or(|window| posting.delivering_date.is_some_and(|at| window.has(at)))
            && wanted.lets_through(posting)
    };
    let everything = Period { from: DateTime::<Utc>::MIN_UTC, to: DateTime::<Utc>::MAX_UTC };
    let cutoff = cutoff.unwrap_or(everything);
    let lowest = (cutoff.from, everything.from, i64::MIN);
    let highest = (cutoff.to, everything.to, i64::MAX);
    let (postings, last, has_next) =
        page::<CutoffKey>(cabinet, &cabinet.by_cutoff, &paging, lowest, highest, lets_through)?;
    let count = cabinet
        .by_cutoff
        .range(lowest..=highest)
        .filter(|&(_, &slot)| lets_through(&cabinet.postings[slot]))
        .count();
    Ok(Selection {
        postings,
        cursor: last.map_or_else(String::new, |key| encode(&key, paging.direction)),
        has_next,
        count: Some(count),
        with: With::of(body),
        direction: paging.direction,
    })
}

fn window(filter: &Value, from: &str, to: &str) -> Result<Option<Period>, Refusal> {
    match (instant(&filter[from]), instant(&filter[to])) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => Period::new(from, to).map(Some),
        (Some(_), None) => Err(Refusal::invalid(format!("invalid filter.{to}: value is required"))),
        (None, Some(_)) => Err(Refusal::invalid(format!("invalid filter.{from}: value is required"))),
    }
}

type Chosen<K> = (Vec<Arc<Posting>>, Option<K>, bool);

/// What follows the cursor between two keys, at most a page of it.
fn page<K: Key + Ord + Copy>(
    cabinet: &CabinetState,
    index: &BTreeMap<K, usize>,
    paging: &Paging<'_>,
    lowest: K,
    highest: K,
    lets_through: impl Fn(&Posting) -> bool,
) -> Result<Chosen<K>, Refusal> {
    let cursor: Option<K> = decode(paging.cursor, paging.direction)?;
    let mut range = (Bound::Included(lowest), Bound::Included(highest));
    match (cursor, paging.direction) {
        (Some(after), Direction::Ascending) if after >= lowest => range.0 = Bound::Excluded(after),
        (Some(before), Direction::Descending) if before <= highest => {
            range.1 = Bound::Excluded(before);
        }
        _ => {}
    }
    let is_empty = match range {
        (Bound::Excluded(from), Bound::Included(to)) | (Bound::Included(from), Bound::Excluded(to)) => {
            from >= to
        }
        (Bound::Included(from), Bound::Included(to)) => from > to,
        _ => false,
    };
    if is_empty {
        return Ok((Vec::new(), None, false));
    }
    let between = index.range(range);
    let mut ascending;
    let mut descending;
    let ordered: &mut dyn Iterator<Item = (&K, &usize)> = match paging.direction {
        Direction::Ascending => {
            ascending = between;
            &mut ascending
        }
        Direction::Descending => {
            descending = between.rev();
            &mut descending
        }
    };
    let mut postings = Vec::with_capacity(paging.limit);
    let mut last = None;
    for (key, &slot) in ordered {
        let posting = &cabinet.postings[slot];
        if !lets_through(posting) {
            continue;
        }
        if postings.len() == paging.limit {
            return Ok((postings, last, true));
        }
        postings.push(Arc::clone(posting));
        last = Some(*key);
    }
    Ok((postings, last, false))
}
