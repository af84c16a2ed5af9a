//! What a changing method says of each of its items: status 200 alone does not mean that any was taken (API section 5).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::directory::object;
use crate::decode::{Part, list, scalar};
use crate::error::Broken;

/// Longer words of Ozon are cut.
const LONGEST_ERROR: usize = 500;

/// What became of one posting of the call.
///
/// A posting of which the answer says nothing has no outcome: it may have been taken or not, so read it before trying again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemOutcome {
    /// Which posting.
    pub posting_number: String,
    /// Whether Ozon took it. A new status is visible only some seconds later.
    pub taken: bool,
    /// Ozon's words against it; what to do about them says [`ItemFault`](crate::ItemFault).
    pub error: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "list")]
    result: Option<Vec<Part<Item>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    #[serde(deserialize_with = "scalar")]
    posting_number: Option<String>,
    #[serde(deserialize_with = "scalar")]
    result: Option<bool>,
    error: Value,
}

impl Item {
    fn outcome(self) -> Option<ItemOutcome> {
        let posting_number = self.posting_number?.trim().to_owned();
        let error = words(&self.error).map(|words| words.chars().take(LONGEST_ERROR).collect());
        // Words against it say that it was not taken, where nothing else does.
        let taken = self.result.or(error.is_some().then_some(false))?;
        (!posting_number.is_empty()).then_some(ItemOutcome { posting_number, taken, error })
    }
}

/// The outcomes of a call. At least one item was sent, so an answer that says nothing of any is broken.
pub(super) fn decode(body: &str) -> Result<Vec<ItemOutcome>, Broken> {
    let wire: Wire = object(body)?;
    let items = wire.result.ok_or(Broken::MissingList)?;
    let outcomes: Vec<_> = items.into_iter().filter_map(|item| item.0.and_then(Item::outcome)).collect();
    if outcomes.is_empty() { Err(Broken::MissingList) } else { Ok(outcomes) }
}

/// The error is a text, or a list of texts, which is empty where there is none; objects are read for the case that Ozon writes its
/// usual error body here.
fn words(error: &Value) -> Option<String> {
    let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join("; "));
    match error {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Array(items) => joined(items.iter().filter_map(words).collect()),
        Value::Object(fields) => {
            joined(["code", "message"].iter().filter_map(|name| words(fields.get(*name)?)).collect())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{ItemOutcome, decode};
    use crate::error::Broken;

    fn outcome(posting_number: &str, taken: bool, error: Option<&str>) -> ItemOutcome {
        ItemOutcome { posting_number: posting_number.to_owned(), taken, error: error.map(str::to_owned) }
    }

    fn of_error(error: &Value) -> ItemOutcome {
        let body = json!({ "result": [{ "posting_number": "1-1-1", "result": false, "error": error }] });
        decode(&body.to_string()).unwrap().remove(0)
    }

    #[test]
    fn an_error_is_read_in_every_shape() {
        for none in [json!(null), json!(""), json!("  "), json!([]), json!([""]), json!({}), json!(false)] {
            assert_eq!(of_error(&none).error, None, "{none}");
        }
        for (raw, read) in [
            (json!("STATE_NOT_VALID"), "STATE_NOT_VALID"),
            (json!(["STATE_NOT_VALID"]), "STATE_NOT_VALID"),
            (json!(["A", null, "", "B"]), "A; B"),
            (json!({ "code": "A", "message": "b" }), "A; b"),
            (json!([{ "code": 3, "message": "b" }]), "3; b"),
        ] {
            assert_eq!(of_error(&raw).error.as_deref(), Some(read), "{raw}");
        }
        assert_eq!(of_error(&json!("x".repeat(9_000))).error.unwrap().len(), 500);
    }

    #[test]
    fn each_item_has_its_own_outcome() {
        let body = json!({ "result": [
            { "posting_number": "1-1-1", "result": true, "error": [] },
            { "posting_number": " 1-1-2 ", "result": "false", "error": "POSTING_NOT_FOUND" },
            { "posting_number": "1-1-3", "error": ["POSTING_NOT_FOUND"] },
        ] });
        assert_eq!(
            decode(&body.to_string()).unwrap(),
            [
                outcome("1-1-1", true, None),
                outcome("1-1-2", false, Some("POSTING_NOT_FOUND")),
                outcome("1-1-3", false, Some("POSTING_NOT_FOUND")),
            ]
        );
    }

    #[test]
    fn an_item_that_does_not_say_what_became_of_it_has_no_outcome() {
        let body = json!({ "result": [
            { "posting_number": "1-1-1", "result": true },
            { "posting_number": "1-1-2", "error": "" },
            { "posting_number": "1-1-3", "result": "perhaps", "error": [] },
            { "posting_number": "", "result": true },
            { "result": true }, null, 7, [],
        ] });
        assert_eq!(decode(&body.to_string()).unwrap(), [outcome("1-1-1", true, None)]);
    }

    #[test]
    fn an_answer_that_says_nothing_of_any_item_is_broken() {
        for body in [
            "{}",
            "[]",
            "null",
            "true",
            r#"{"result":null}"#,
            r#"{"result":true}"#,
            r#"{"result":"ok"}"#,
            r#"{"result":{}}"#,
            r#"{"result":[]}"#,
            r#"{"result":[{}]}"#,
            r#"{"code":3,"message":"no"}"#,
        ] {
            assert_eq!(decode(body), Err(Broken::MissingList), "{body}");
        }
        for body in ["", "<html>", r#"{"result":["#] {
            assert_eq!(decode(body), Err(Broken::NotJson), "{body}");
        }
    }

    proptest! {
        #[test]
        fn a_cut_answer_is_never_an_outcome(at in any::<prop::sample::Index>()) {
            let body = json!({ "result": [{ "posting_number": "1-1-1", "result": true, "error": [] }] }).to_string();
            prop_assert!(decode(&body[..at.index(body.len())]).is_err());
        }
    }
}
