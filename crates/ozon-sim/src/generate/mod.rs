//! Owns all that is invented: goods, people, pasts, and the postings made of them.
//! Does not put them into a cabinet.

pub(crate) mod draft;
pub(crate) mod generator;
mod goods;
pub(crate) mod options;
mod people;
mod timeline;
