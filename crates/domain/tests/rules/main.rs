//! The rules of the shop as sentences: one test or more for each settings row, for what follows Ozon, and for what people
//! do. `docs/settings.md` points here.

mod cancellation;
mod following;
mod loading;
mod patch;
mod patch_faults;
mod people;
mod picking;
mod properties;
mod pushes;
mod reapplying;
mod reconcile;
mod rows;
mod shop;
mod splits;
mod status_map;
mod warehouses;
