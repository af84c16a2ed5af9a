//! The figures of a load: each posting counts once, however often Ozon showed it.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use chrono::NaiveDate;

use domain::PostingNumber;
use storage::intake::Became;
use storage::runs::Figures;

/// Counts distinct postings in 16 bytes or so each, so that memory stays small however many there are.
#[derive(Default)]
pub struct Tally {
    hashing: RandomState,
    seen: HashMap<u64, Became>,
    /// The days of postings, as far as somebody asked for them.
    days: HashMap<u64, Option<NaiveDate>>,
    /// The sum of what was seen: every page asks for it, however much came before.
    figures: Figures,
}

impl Tally {
    /// Adds one page.
    pub fn page(&mut self, page: &[(PostingNumber, Became)]) {
        self.figures.pages += 1;
        for (number, became) in page {
            let key = self.hashing.hash_one(number);
            let before = self.seen.get(&key).copied();
            let now = stronger(before, *became);
            self.seen.insert(key, now);
            match before {
                Some(before) => *figure(&mut self.figures, before) -= 1,
                None => self.figures.seen += 1,
            }
            *figure(&mut self.figures, now) += 1;
        }
    }

    /// Remembers on which day a posting began; only a rehearsal has to.
    pub fn began_on(&mut self, number: &PostingNumber, day: Option<NaiveDate>) {
        self.days.insert(self.hashing.hash_one(number), day);
    }

    /// The orders made, by the day on which their postings began.
    pub fn created_by_day(&self) -> BTreeMap<Option<NaiveDate>, u64> {
        let mut by_day = BTreeMap::new();
        for (key, _) in self.seen.iter().filter(|(_, became)| **became == Became::Created) {
            *by_day.entry(self.days.get(key).copied().flatten()).or_default() += 1;
        }
        by_day
    }

    /// The figures so far.
    pub fn figures(&self) -> Figures {
        self.figures
    }
}

/// The figure that counts what became of a posting so.
fn figure(figures: &mut Figures, became: Became) -> &mut u64 {
    match became {
        Became::Created => &mut figures.created,
        Became::Updated => &mut figures.updated,
        Became::Failed => &mut figures.failed,
        Became::Skipped => &mut figures.skipped,
        Became::Unchanged | Became::Stale => &mut figures.unchanged,
    }
}

/// What a posting counts as when it was shown again: a made or changed order stays one, else the later sight counts.
fn stronger(before: Option<Became>, now: Became) -> Became {
    match (before, now) {
        (Some(before @ (Became::Created | Became::Updated)), now) => before.max(now),
        (Some(before), Became::Stale) => before,
        (_, now) => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> PostingNumber {
        PostingNumber::new(text).expect("a literal number")
    }

    #[test]
    fn a_posting_shown_by_both_lists_counts_once_and_as_what_it_became_first() {
        let mut tally = Tally::default();
        tally.page(&[(number("1-1-1"), Became::Created), (number("1-1-2"), Became::Skipped)]);
        tally.page(&[(number("1-1-1"), Became::Unchanged), (number("1-1-2"), Became::Created)]);
        let figures = tally.figures();
        assert_eq!((figures.seen, figures.created, figures.skipped, figures.pages), (2, 2, 0, 2));
        assert_eq!((figures.updated, figures.unchanged, figures.failed), (0, 0, 0));
    }

    #[test]
    fn orders_are_told_by_day_and_those_without_a_day_too() {
        let mut tally = Tally::default();
        let day = NaiveDate::from_ymd_opt(2026, 11, 23);
        for n in ["1-1-1", "1-1-2", "1-1-3"] {
            tally.began_on(&number(n), day);
        }
        tally.began_on(&number("1-1-4"), None);
        let page = ["1-1-1", "1-1-2", "1-1-4"].map(|n| (number(n), Became::Created));
        tally.page(&page);
        tally.page(&[(number("1-1-3"), Became::Skipped), (number("1-1-1"), Became::Created)]);
        assert_eq!(tally.created_by_day(), [(None, 1), (day, 2)].into());
    }
}
