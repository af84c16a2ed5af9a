//! The tables as SeaORM entities, and nothing else: what the columns mean is said in the migrations, what is done with
//! them in `storage`. Instants are microseconds since 1970 UTC, money is whole minor units beside its currency.
#![expect(missing_docs, reason = "the columns are named and explained in the migrations")]

pub mod api_tokens;
pub mod audit;
pub mod bulk_acts;
pub mod cabinet_settings;
pub mod cabinets;
pub mod cancellation_requests;
pub mod customers;
pub mod delivery_methods;
pub mod erasures;
pub mod leases;
pub mod list_preferences;
pub mod mail_settings;
pub mod news;
pub mod order_comments;
pub mod order_goods;
pub mod order_history;
pub mod order_kinds;
pub mod order_views;
pub mod orders;
pub mod outbox;
pub mod ozon_codes;
pub mod ozon_delivery_methods;
pub mod ozon_warehouses;
pub mod payment_methods;
pub mod postings;
pub mod products;
pub mod push_messages;
pub mod reads;
pub mod reconciliations;
pub mod recovery_codes;
pub mod runs;
pub mod sessions;
pub mod shop;
pub mod sign_ins;
pub mod sources;
pub mod statuses;
pub mod users;
pub mod warehouse_rules;
