//! The simulator from outside: a server on a free port, spoken to over real loopback.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod cancellations;
mod changes;
mod client;
mod contracts;
mod control;
mod faults;
mod lost_answers;
mod moves;
mod pushes;
mod reading;
mod receiver;
mod refusals;
mod speed;
mod urls;
