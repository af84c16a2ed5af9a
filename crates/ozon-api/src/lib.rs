//! A client of the Ozon Seller API's order methods; knows nothing of the shop.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use ozon_api::{Client, ClientOptions, Credentials, methods::ListPostings};
//!
//! let credentials = Credentials { client_id: "12345".into(), api_key: "…".into() };
//! let client = Client::new(&credentials, ClientOptions::default())?;
//! let to = chrono::Utc::now();
//! let mut pages = client.pages(ListPostings::of_period(to - chrono::Days::new(30), to));
//! while let Some(page) = pages.next().await {
//!     for listed in page?.value.items {
//!         match listed.decoded {
//!             Ok(posting) => println!("{} {}", posting.posting_number, posting.status),
//!             Err(error) => println!("{error}: {}", listed.raw),
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`methods`] has the requests and answers, one file a method; [`posting`] the one shape of a posting.
//! - [`Client::call`] keeps the pace of the Client-Id ([`Limits`]), repeats what may be repeated ([`RetryPolicy`]) and sorts every
//!   failure by what the caller must do ([`ErrorKind`]); [`ItemFault`] does so for one posting of many.
//! - [`Client::pages`] goes through a list and refuses to go in a circle.
//! - [`push`] reads Ozon's push messages.
//!
//! A method that changes something at Ozon says so ([`methods::Method::CHANGES`]) and is never repeated blindly
//! ([`Error::may_have_been_taken`]). Times are UTC, cut to microseconds.

mod client;
mod clock;
mod codes;
mod decode;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod item_fault;
mod limits;
pub mod methods;
mod money;
mod pages;
pub mod posting;
pub mod push;
mod refusal;
mod retry;
pub mod sunset;
mod transport;

pub use client::{Answer, BASE_URL, Client, ClientOptions, Credentials, Meta};
pub use clock::{Clock, SystemClock};
pub use codes::{
    CancellationInitiator, CancellationState, IntegrationTypeFlow, PushAvailability, PushDisableReason,
    PushType, PushUrlFault, Status, TplIntegrationType,
};
pub use error::{Broken, Error, ErrorKind, KeyFault};
pub use item_fault::ItemFault;
pub use limits::{Limiter, Limits};
pub use money::Money;
pub use pages::{Page, Paged, Pages};
pub use posting::{DecodeError, ListedPosting, Posting};
pub use retry::RetryPolicy;
pub use secrecy::SecretString;
pub use transport::SetupError;
