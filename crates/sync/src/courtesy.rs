//! Loads give way to people: who asks for pages and calls meanwhile is noted here, and here it says how long a load then rests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Of its time a load rests at most so many times as long as it works: it must come to its end all the same.
const MOST: u32 = 2;
/// However long a page took.
const LONGEST: Duration = Duration::from_secs(1);

/// What people have asked this process for; clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Courtesy(Arc<AtomicU64>);

/// One load's courtesy: each of several that go at the same time gives way.
pub(crate) struct Giver {
    courtesy: Courtesy,
    /// How many had asked when it last looked.
    seen: u64,
}

impl Courtesy {
    /// Somebody asks for something.
    pub(crate) fn asked(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn total(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// For a load that begins.
    pub(crate) fn giver(&self) -> Giver {
        Giver { courtesy: self.clone(), seen: self.total() }
    }
}

impl Giver {
    /// How long to rest after a piece of work that took so long: as long again for each that asked meanwhile.
    pub(crate) fn rest_after(&mut self, worked: Duration) -> Duration {
        let total = self.courtesy.total();
        let asked = total - std::mem::replace(&mut self.seen, total);
        (worked * u32::try_from(asked).unwrap_or(MOST).min(MOST)).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_rests_only_when_somebody_asked_and_never_for_long() {
        let courtesy = Courtesy::default();
        courtesy.asked();
        let (mut one, mut other) = (courtesy.giver(), courtesy.giver());
        let page = Duration::from_millis(40);
        assert_eq!(one.rest_after(page), Duration::ZERO, "who asked before it began does not wait for it");
        courtesy.clone().asked();
        assert_eq!((one.rest_after(page), other.rest_after(page)), (page, page), "both give way");
        assert_eq!(one.rest_after(page), Duration::ZERO, "who asked is forgotten");
        for _ in 0..50 {
            courtesy.asked();
        }
        assert_eq!(one.rest_after(page), page * 2);
        courtesy.asked();
        assert_eq!(one.rest_after(Duration::from_mins(1)), LONGEST);
    }
}
