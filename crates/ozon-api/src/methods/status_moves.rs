//! `/v2/fbs/posting/delivering`, `/last-mile` and `/delivered`: what a seller who delivers reports (API section 5).
//!
//! All three work on after the answer, so the new status is visible only some seconds later. A repeated or early call is answered
//! with status 200 and an error beside the posting.

use serde::Serialize;

use super::item_outcome::{self, ItemOutcome};
use super::{Batch, Method};
use crate::error::Broken;

/// Reports postings as handed over to delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoveToDelivering {
    /// Which postings; a list in spite of Ozon's name for it.
    pub posting_number: Batch<String>,
}

/// Reports postings as with the courier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoveToLastMile {
    /// Which postings; a list in spite of Ozon's name for it.
    pub posting_number: Batch<String>,
}

/// Reports postings as delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoveToDelivered {
    /// Which postings; a list in spite of Ozon's name for it.
    pub posting_number: Batch<String>,
}

impl Method for MoveToDelivering {
    const PATH: &'static str = "/v2/fbs/posting/delivering";
    const CHANGES: bool = true;
    type Answer = Vec<ItemOutcome>;

    fn decode(body: &str) -> Result<Self::Answer, Broken> {
        item_outcome::decode(body)
    }
}

impl Method for MoveToLastMile {
    const PATH: &'static str = "/v2/fbs/posting/last-mile";
    const CHANGES: bool = true;
    type Answer = Vec<ItemOutcome>;

    fn decode(body: &str) -> Result<Self::Answer, Broken> {
        item_outcome::decode(body)
    }
}

impl Method for MoveToDelivered {
    const PATH: &'static str = "/v2/fbs/posting/delivered";
    const CHANGES: bool = true;
    type Answer = Vec<ItemOutcome>;

    fn decode(body: &str) -> Result<Self::Answer, Broken> {
        item_outcome::decode(body)
    }
}

#[cfg(test)]
mod tests {
    use contract::Specification;
    use serde_json::Value;

    use super::{MoveToDelivered, MoveToDelivering, MoveToLastMile};
    use crate::ItemFault;
    use crate::methods::{Batch, ItemOutcome, Method, SetTrackingNumbers, TrackingNumber};

    /// The official request is built, and the official answer says that its only posting was taken.
    fn as_in_the_example<M: Method<Answer = Vec<ItemOutcome>>>(
        specification: &Specification,
        build: impl Fn(&Value) -> M,
    ) {
        let request = specification.example_requests(M::PATH).remove(0);
        assert_eq!(serde_json::to_value(build(&request)).unwrap(), request, "{}", M::PATH);
        let answer = specification.example_answers(M::PATH).remove(0);
        let posting_number = answer["result"][0]["posting_number"].as_str().unwrap().to_owned();
        let outcomes = M::decode(&answer.to_string()).unwrap();
        assert_eq!(outcomes, [ItemOutcome { posting_number, taken: true, error: None }], "{}", M::PATH);
        let (changes, path) = (M::CHANGES, M::PATH);
        assert!(changes, "{path}");
    }

    fn numbers(request: &Value) -> Batch<String> {
        Batch::new(serde_json::from_value(request["posting_number"].clone()).unwrap()).unwrap()
    }

    #[test]
    fn the_official_examples_are_written_and_read() {
        let Some(specification) = Specification::load() else {
            return;
        };
        as_in_the_example(&specification, |raw| MoveToDelivering { posting_number: numbers(raw) });
        as_in_the_example(&specification, |raw| MoveToLastMile { posting_number: numbers(raw) });
        as_in_the_example(&specification, |raw| MoveToDelivered { posting_number: numbers(raw) });
        as_in_the_example(&specification, |raw| {
            let text = |name: &str| raw["tracking_numbers"][0][name].as_str().unwrap().to_owned();
            SetTrackingNumbers {
                tracking_numbers: Batch::one(TrackingNumber {
                    posting_number: text("posting_number"),
                    tracking_number: text("tracking_number"),
                }),
            }
        });
    }

    #[test]
    fn the_reported_outcomes_of_items_are_read() {
        let Some(specification) = Specification::load() else {
            return;
        };
        let examples = specification.error_examples();
        let mut read = 0;
        for (name, fault) in [
            ("http200__delivered__transition_not_possible", Some(ItemFault::ReadPosting)),
            ("http200__delivering__ok_error_is_empty_array", None),
            ("http200__last_mile__incorrect_tpl", Some(ItemFault::LeaveToCarrier)),
            ("http200__tracking_set__ok_error_is_empty_string", None),
        ] {
            let example = examples.iter().find(|example| example.name == name).unwrap();
            let outcome = MoveToDelivered::decode(&example.body.to_string()).unwrap().remove(0);
            assert_eq!(outcome.posting_number, example.body["result"][0]["posting_number"], "{name}");
            assert_eq!(outcome.taken, fault.is_none(), "{name}");
            assert_eq!(outcome.error.as_deref().map(ItemFault::of), fault, "{name}");
            read += 1;
        }
        assert_eq!(read, examples.iter().filter(|example| example.status == 200).count());
    }
}
