//! A trial of the whole: several servers on one PostgreSQL beside a simulated Ozon whose clock runs through days in minutes.
//! Servers are killed, the database falls, calls and letters go wrong; in the end the simulator and the store are held
//! against each other. Nothing may be lost and nothing doubled (`docs/chaos.md`).
//!
//! For tests only; no other room uses it. What cannot be set up ends the trial with a panic that says so.

mod cluster;
mod comparison;
mod faults;
mod fleet;
mod kept;
mod mailing;
mod people;
mod plan;
mod report;
mod scene;
mod trial;
mod world;

pub use plan::Plan;
pub use report::Report;
pub use trial::run;
