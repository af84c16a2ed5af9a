//! Owns what is true in the simulated cabinets: postings, their statuses, goods and buyers.
//! Does not speak HTTP and knows nothing of the answers' shapes.

pub(crate) mod actions;
pub(crate) mod cabinet;
pub(crate) mod cancelling;
pub(crate) mod change;
pub(crate) mod course;
pub(crate) mod division;
pub(crate) mod machine;
pub(crate) mod posting;
pub(crate) mod seller;
pub(crate) mod state;
pub(crate) mod truth;
pub(crate) mod vocabulary;
pub(crate) mod world;
