//! What people write to each other under an order: how long a comment may be, and who may take one back.

use chrono::{DateTime, Duration, Utc};

use crate::ids::UserId;

/// The most characters of a comment.
pub const LONGEST: usize = 4000;
/// So long a person may take back what they wrote.
pub const TAKEN_BACK_WITHIN: Duration = Duration::minutes(15);

/// A comment as it is kept: line ends of one kind, nothing at its ends, within reason; `None` when nothing is left.
pub fn tidy(typed: &str) -> Option<String> {
    let plain = typed.replace("\r\n", "\n").replace('\0', "");
    let text: String = plain.trim().chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// Who wants to take a comment back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleter {
    /// Who.
    pub id: UserId,
    /// They may take back anybody's, at any time.
    pub of_all: bool,
}

/// Whether a comment that `author` wrote then may be taken back now.
pub fn may_take_back(author: UserId, written_at: DateTime<Utc>, by: Deleter, now: DateTime<Utc>) -> bool {
    by.of_all || (by.id == author && now - written_at <= TAKEN_BACK_WITHIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_comment_is_taken_back_within_a_quarter_of_an_hour_and_nobody_elses() {
        let written = DateTime::UNIX_EPOCH;
        let by = |id, of_all| Deleter { id: UserId(id), of_all };
        let after =
            |minutes: i64, by| may_take_back(UserId(1), written, by, written + Duration::minutes(minutes));
        assert!(after(0, by(1, false)) && after(15, by(1, false)));
        assert!(!after(16, by(1, false)), "too late");
        assert!(!after(1, by(2, false)), "another's");
        assert!(after(10_000, by(2, true)), "an administrator's hand reaches all");
    }

    #[test]
    fn a_comment_is_trimmed_bounded_and_never_empty() {
        assert_eq!(tidy("  Позвонить\r\nдо пяти\0 \n").as_deref(), Some("Позвонить\nдо пяти"));
        assert_eq!(tidy(" \r\n\0 "), None);
        assert_eq!(tidy(&"я".repeat(5000)).map(|text| text.chars().count()), Some(LONGEST));
    }
}
