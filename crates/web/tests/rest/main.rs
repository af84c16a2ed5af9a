//! The REST API from outside: the whole site on a random port, spoken to over HTTP. Every answer is held against the
//! specification that the site itself serves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod cabinets;
mod calls;
mod goods;
mod hooks;
mod lists;
mod mail;
mod orders;
mod outbox;
mod postings;
mod problems;
mod reconciliations;
mod settings;
mod shape;
mod site;
mod tokens;
mod users;
mod warehouses;
