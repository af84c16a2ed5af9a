//! Owns `/v3/posting/fbs/get`. Does not own the posting's shape.

use std::sync::Arc;

use serde_json::{Value, json};

use super::request::With;
use super::view_v3;
use crate::model::posting::Posting;
use crate::model::state::CabinetState;
use crate::refusal::Refusal;

pub(crate) fn find(cabinet: &CabinetState, body: &Value) -> Result<Arc<Posting>, Refusal> {
    let number = body["posting_number"].as_str().unwrap_or("");
    if number.is_empty() {
        return Err(Refusal::invalid(
            "invalid GetFbsPostingRequest.PostingNumber: value length must be at least 1 runes",
        ));
    }
    cabinet.get(number).cloned().ok_or_else(|| Refusal::not_found("POSTING_NOT_FOUND"))
}

pub(crate) fn render(posting: &Posting, body: &Value) -> Result<Vec<u8>, Refusal> {
    let result = view_v3::render(posting, With::of(body)).map_err(|_| Refusal::internal())?;
    Ok(json!({ "result": result }).to_string().into_bytes())
}
