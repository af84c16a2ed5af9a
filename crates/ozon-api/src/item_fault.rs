//! What Ozon's words against one item of a changing call ask of the caller. Does not read answers.

/// What to do about an item that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemFault {
    /// Its status does not allow it: read the posting. Where it is already as wished, or beyond, the wish is fulfilled; otherwise
    /// an earlier step is missing.
    ReadPosting,
    /// Somebody else reports this posting's delivery: leave it to them. It is no error for the operator.
    LeaveToCarrier,
    /// Ozon does not know the posting in this account: give up, a repeat will not find it.
    GiveUpUnknown,
    /// The posting is cancelled: give up, and read it.
    GiveUpCancelled,
    /// Words that are not known here: show them to a person.
    TellPerson(String),
}

/// The codes of API section 2, those that say more first.
const CODES: [(&str, ItemFault); 7] = [
    ("POSTING_ALREADY_CANCELLED", ItemFault::GiveUpCancelled),
    ("POSTING_NOT_FOUND", ItemFault::GiveUpUnknown),
    ("HAS_INCORRECT_TPL_INTEGRATION_TYPE", ItemFault::LeaveToCarrier),
    ("POSTING_ALREADY_SHIPPED", ItemFault::ReadPosting),
    ("HAS_INCORRECT_STATUS", ItemFault::ReadPosting),
    ("STATE_NOT_VALID", ItemFault::ReadPosting),
    ("TRANSITION_IS_NOT_POSSIBLE", ItemFault::ReadPosting),
];

impl ItemFault {
    /// Sorts the words beside an item, or those of a call that was refused as a whole. A code is found in any case and inside a
    /// sentence, but not as a part of another code.
    pub fn of(words: &str) -> Self {
        let upper = words.to_uppercase();
        let said: Vec<&str> =
            upper.split(|character: char| !character.is_alphanumeric() && character != '_').collect();
        CODES
            .iter()
            .find(|(code, _)| said.contains(code))
            .map_or_else(|| Self::TellPerson(words.trim().to_owned()), |(_, fault)| fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, ItemFault};

    #[test]
    fn every_code_is_known_alone_and_in_a_sentence() {
        for (code, fault) in &CODES {
            assert_eq!(&ItemFault::of(code), fault);
            assert_eq!(&ItemFault::of(&format!("rpc error: {}, sorry", code.to_lowercase())), fault);
        }
    }

    #[test]
    fn of_several_codes_the_one_that_says_more_counts() {
        assert_eq!(
            ItemFault::of("TRANSITION_IS_NOT_POSSIBLE; POSTING_ALREADY_CANCELLED"),
            ItemFault::GiveUpCancelled
        );
    }

    #[test]
    fn words_that_are_not_known_are_kept() {
        for words in ["", "MOON_NOT_FULL", "NO_POSTING_NOT_FOUND_X", "Что-то не так"] {
            assert_eq!(ItemFault::of(&format!(" {words} ")), ItemFault::TellPerson(words.to_owned()));
        }
    }
}
