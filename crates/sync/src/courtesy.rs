//! Loads give way to people: who asks for pages and calls meanwhile is noted here, and here it says how long a load then rests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Of its time a load rests at most so many times as long as it works: it must come to its end all the same.
const MOST: u32 = 2;
/// However long a page took.
const LONGEST: Duration = Duration::from_secs(1);

/// What people asked for since a load last looked; clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Courtesy(Arc<AtomicU32>);

impl Courtesy {
    /// Somebody asks for something.
    pub(crate) fn asked(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How long a load rests after a piece of work that took so long: as long again for each that asked meanwhile.
    pub(crate) fn rest_after(&self, worked: Duration) -> Duration {
        (worked * self.0.swap(0, Ordering::Relaxed).min(MOST)).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_rests_only_when_somebody_asked_and_never_for_long() {
        let courtesy = Courtesy::default();
        let page = Duration::from_millis(40);
        assert_eq!(courtesy.rest_after(page), Duration::ZERO);
        courtesy.clone().asked();
        assert_eq!(courtesy.rest_after(page), page);
        assert_eq!(courtesy.rest_after(page), Duration::ZERO, "who asked is forgotten");
        for _ in 0..50 {
            courtesy.asked();
        }
        assert_eq!(courtesy.rest_after(page), page * 2);
        courtesy.asked();
        assert_eq!(courtesy.rest_after(Duration::from_mins(1)), LONGEST);
    }
}
