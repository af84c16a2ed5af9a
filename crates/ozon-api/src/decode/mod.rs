//! Tolerant pieces of decoding: what any live answer may do to a field. Knows no method and no posting.
//!
//! Every function here is for serde's `deserialize_with` and gives `None` for a value of a wrong type, so that one odd field never
//! costs the whole. What is essential is decided where the pieces are put together.

mod part;
mod scalar;
mod surrogates;
pub(crate) mod time;

pub(crate) use part::{Part, list, part, parts};
pub(crate) use scalar::{FromScalar, Scalar, scalar, scalars};

use serde::Deserialize;

/// Decodes JSON text; where it fails because a text holds half of a surrogate pair (a cut emoji), that half is replaced and the
/// text is read once more.
pub(crate) fn from_text<T: for<'de> Deserialize<'de>>(json: &str) -> serde_json::Result<T> {
    serde_json::from_str(json).or_else(|error| match surrogates::mended(json) {
        Some(mended) => serde_json::from_str(&mended),
        None => Err(error),
    })
}

#[cfg(test)]
mod tests;
