//! Identifiers as types, so that one kind is never taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

row_ids! {
    /// One Ozon cabinet: a Client-Id with its Api-Key.
    CabinetId,
    /// An order of the shop.
    OrderId,
    /// A status of the shop (not of Ozon).
    StatusId,
    /// Where an order came from.
    SourceId,
    /// A customer of the shop.
    CustomerId,
    /// A delivery method of the shop.
    DeliveryMethodId,
    /// A payment method of the shop.
    PaymentMethodId,
    /// A person who uses the panel.
    UserId,
    /// One load of a cabinet's orders.
    RunId,
}

/// The longest posting number that is believed; Ozon's own have about 20 characters.
const LONGEST_POSTING_NUMBER: usize = 64;

/// Ozon's number of a posting, such as `0105259411-0854-2`: text, since leading zeros matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PostingNumber(String);

impl PostingNumber {
    /// Takes a number as Ozon wrote it, without surrounding space.
    ///
    /// # Errors
    /// [`NotAPostingNumber`] when it is empty, too long, or has control characters.
    pub fn new(text: &str) -> Result<Self, NotAPostingNumber> {
        let text = text.trim();
        let fits =
            !text.is_empty() && text.len() <= LONGEST_POSTING_NUMBER && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAPostingNumber) }
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text cannot be a posting number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a posting number has 1 to {LONGEST_POSTING_NUMBER} printable characters")]
pub struct NotAPostingNumber;

impl TryFrom<String> for PostingNumber {
    type Error = NotAPostingNumber;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<PostingNumber> for String {
    fn from(number: PostingNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PostingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
