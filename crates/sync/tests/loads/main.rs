//! Loads of orders over real HTTP, against a simulated cabinet and on both databases.
#![expect(clippy::unwrap_used, reason = "a test that fails tells where")]

mod shop;
mod stored;
mod telling;
mod truth;

mod alone;
mod cancelling;
mod changes;
mod erasing;
mod faults;
mod hooks;
mod hostile;
mod keys;
mod letters;
mod pushes;
mod reconcile;
mod rehearsal;
mod schedule;
mod sequences;
mod splits;
mod together;
mod warehouses;
mod whole;
mod wire;
