//! Owns push messages: what they say, where they go, when they are tried again and how they are
//! sent. Does not own the events that they tell of.

pub(crate) mod journal;
pub(crate) mod message;
pub(crate) mod sender;
pub(crate) mod urls;
pub(crate) mod verdict;
