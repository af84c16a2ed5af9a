//! Orders on disk: the only room with SQL. One code serves SQLite (one machine, nothing to set up) and PostgreSQL (any
//! number of instances).
//!
//! How to add something here: a table goes into a new file under `migrations/` and an entity into the `entities` crate;
//! what is done with it is a module of its own that adds methods to [`Store`]. Reading needs no ceremony; a change that
//! first reads goes through [`Store::write`], which begins the transaction in the way each database needs. The clock is
//! the caller's: every method that needs the time is given it.

pub mod backup;
pub mod cabinets;
pub mod cancellations;
pub mod changes;
mod closed;
pub mod effect;
pub mod hooks;
pub mod intake;
pub mod leases;
pub mod lists;
pub mod mail;
pub mod moving;
pub mod news;
pub mod order_comments;
pub mod order_views;
pub mod orders;
pub mod outbox;
pub mod overview;
pub mod people;
pub mod personal_data;
pub mod postings;
pub mod reads;
pub mod reconciliations;
pub mod runs;
pub mod settings;
pub mod standing;
pub mod status_order;
pub mod uses;
pub mod warehouse_rules;

mod blob;
mod connect;
mod error;
mod facts;
#[cfg(fuzzing)]
pub mod fuzzing;
mod install;
mod instant;
mod key_file;
mod migrations;
mod order_rows;
mod page;
mod products;
mod rotation;
mod search;
mod secrets;
mod shop;
mod soundness;
mod text;
mod time_span;
mod warehouses;
mod write;

pub use connect::{Config, Store, sqlite_file};
pub use error::{Error, Result};
pub use migrations::Version;
pub use page::{Page, PageAsk};
pub use people::Role;
pub use rotation::Rotated;
pub use secrets::SecretKey;
pub use time_span::TimeSpan;
pub use warehouses::Warehouse;
