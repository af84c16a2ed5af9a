//! The mail server's moods: letters put off, conversations broken off, letters kept without a word.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use testkit::smtp::Manners;

/// How the mail server behaves until its next mood; well, most of the time.
pub(crate) fn mood(chance: &mut StdRng) -> Manners {
    let later = || Some("451 4.3.0 come back later".to_owned());
    match chance.random_range(0..12) {
        0 => Manners { to_sender: later(), ..Manners::default() },
        1 => Manners { to_letter: later(), ..Manners::default() },
        2 => Manners { silent_after: 1, ..Manners::default() },
        3 => Manners { silent_amid: 1, ..Manners::default() },
        4 => Manners { mumbles_after: 1, ..Manners::default() },
        5 => Manners { ponders: Duration::from_millis(300), ..Manners::default() },
        _ => Manners::default(),
    }
}
