//! The figures of a load: each posting counts once, however often Ozon showed it.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use domain::PostingNumber;
use storage::intake::Became;
use storage::runs::Figures;

/// Counts distinct postings in 16 bytes or so each, so that memory stays small however many there are.
#[derive(Default)]
pub struct Tally {
    hashing: RandomState,
    seen: HashMap<u64, Became>,
    pages: u64,
}

impl Tally {
    /// Adds one page.
    pub fn page(&mut self, page: &[(PostingNumber, Became)]) {
        self.pages += 1;
        for (number, became) in page {
            let key = self.hashing.hash_one(number);
            let before = self.seen.get(&key).copied();
            self.seen.insert(key, stronger(before, *became));
        }
    }

    /// The figures so far.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures { seen: self.seen.len() as u64, pages: self.pages, ..Figures::default() };
        for became in self.seen.values() {
            *match became {
                Became::Created => &mut figures.created,
                Became::Updated => &mut figures.updated,
                Became::Failed => &mut figures.failed,
                Became::Skipped => &mut figures.skipped,
                Became::Unchanged | Became::Stale => &mut figures.unchanged,
            } += 1;
        }
        figures
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
    }
}
