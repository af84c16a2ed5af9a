//! What is known of a posting, packed with the words of the list that showed it last: most of the one is in the other, so
//! that together they take half the room.

use domain::Posting;

use crate::blob;
use crate::error::{Error, Result};

/// What is known of a posting.
pub fn unpack_facts(packed: &[u8]) -> Result<Posting> {
    read(&blob::unpack(packed)?)
}

/// The same, and the words of the list.
pub fn unpack_with_list(packed: &[u8]) -> Result<(Posting, Option<String>)> {
    let (facts, list) = blob::unpack_all(packed)?;
    Ok((read(&facts)?, list.map(|list| String::from_utf8_lossy(&list).into_owned())))
}

/// What is known of a posting, with the words of the list where there are any.
pub fn pack_facts(facts: &Posting, list: Option<&str>) -> Result<Vec<u8>> {
    let facts = serde_json::to_vec(facts).map_err(|e| Error::Corrupt(e.to_string()))?;
    match list {
        Some(list) => blob::pack_two(&facts, list.as_bytes()),
        None => blob::pack(&facts),
    }
}

fn read(facts: &[u8]) -> Result<Posting> {
    serde_json::from_slice(facts).map_err(|e| Error::Corrupt(format!("a posting: {e}")))
}
