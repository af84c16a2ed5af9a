//! What the store promises, on SQLite and on PostgreSQL alike.

#![expect(clippy::assigning_clones, clippy::unnecessary_wraps, reason = "a test reads as its example does")]

mod backups;
mod cabinets;
mod changes;
mod discussions;
mod effect;
mod erasing;
mod fixture;
mod intake;
mod journal;
mod kinds;
mod leases;
mod lists;
mod migrating;
mod moving;
mod numbers;
mod odd_texts;
mod order_list;
mod orders;
mod overview;
mod paging;
mod people;
mod products;
mod quarantine;
mod rotation;
mod runs;
mod searching;
mod settings;
mod standing;
mod warehouse_rules;
mod warehouses;
mod writers;
