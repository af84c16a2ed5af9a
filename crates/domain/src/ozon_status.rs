//! Ozon's statuses of a posting (API.md, section 4) and what they mean for the shop.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// A posting's status at Ozon; a code we do not know is kept as it came.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum OzonStatus {
            $($(#[$doc])* $name,)*
            /// A code that is not in Ozon's documentation as we know it.
            Other(String),
        }

        impl OzonStatus {
            /// Every documented status, in the order in which a posting usually passes them.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),*];

            /// Ozon's own code.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl From<&str> for OzonStatus {
            fn from(code: &str) -> Self {
                match code {
                    $($code => Self::$name,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

statuses! {
    /// Created, not verified yet.
    AwaitingVerification = "awaiting_verification",
    /// Waits for confirmation.
    AwaitingApprove = "awaiting_approve",
    /// Waits to be packed.
    AwaitingPackaging = "awaiting_packaging",
    /// Waits for registration at the carrier (after assembly).
    AwaitingRegistration = "awaiting_registration",
    /// The sorting centre is accepting it.
    AcceptanceInProgress = "acceptance_in_progress",
    /// Packed, waits for shipping.
    AwaitingDeliver = "awaiting_deliver",
    /// The carrier's driver has it.
    DriverPickup = "driver_pickup",
    /// On its way.
    Delivering = "delivering",
    /// Sent by the seller (an older code).
    SentBySeller = "sent_by_seller",
    /// Delivered.
    Delivered = "delivered",
    /// Disputed with Ozon.
    Arbitration = "arbitration",
    /// Disputed by the customer.
    ClientArbitration = "client_arbitration",
    /// The sorting centre did not accept it.
    NotAccepted = "not_accepted",
    /// Cancelled: final.
    Cancelled = "cancelled",
    /// Replaced by its parts: final, and no cancellation of goods.
    CancelledFromSplitPending = "cancelled_from_split_pending",
}

impl From<String> for OzonStatus {
    fn from(code: String) -> Self {
        Self::from(code.as_str())
    }
}

impl From<OzonStatus> for String {
    fn from(status: OzonStatus) -> Self {
        status.code().to_owned()
    }
}

impl fmt::Display for OzonStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Substatuses that the status map may have rows of their own for (settings row 12).
pub const MAPPABLE_SUBSTATUSES: &[&str] = &[
    "ship_failed",
    "posting_registration_error",
    "posting_in_pickup_point",
    "posting_conditionally_delivered",
    "posting_returned_to_warehouse",
];

/// How far a posting has come, as cancellation sees it (settings, "Cancellation").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Up to "awaiting packaging".
    BeforeWork,
    /// Packed or being handled, still with the seller.
    InWork,
    /// With the driver or beyond.
    Shipped,
}

impl OzonStatus {
    /// The statuses in which an order always begins (settings row 8).
    pub fn is_initial(&self) -> bool {
        matches!(self, Self::AwaitingVerification | Self::AwaitingApprove | Self::AwaitingPackaging)
    }

    /// After assembly, before shipping: an order begins here only with settings row 8 on.
    pub fn is_after_assembly(&self) -> bool {
        matches!(self, Self::AwaitingRegistration | Self::AwaitingDeliver | Self::AcceptanceInProgress)
    }

    /// Nothing follows: whatever Ozon shows later, it stays cancelled.
    pub fn is_final_cancellation(&self) -> bool {
        matches!(self, Self::Cancelled | Self::CancelledFromSplitPending)
    }

    /// Nobody has to do anything about it any more.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Delivered | Self::NotAccepted) || self.is_final_cancellation()
    }

    /// A documented code.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// How far a posting in this status has come; an unknown one counts as in work, so that somebody looks.
    pub fn stage(&self) -> Stage {
        match self {
            Self::AwaitingVerification | Self::AwaitingApprove | Self::AwaitingPackaging => Stage::BeforeWork,
            Self::DriverPickup
            | Self::Delivering
            | Self::SentBySeller
            | Self::Delivered
            | Self::ClientArbitration => Stage::Shipped,
            _ => Stage::InWork,
        }
    }

    /// Whether a posting that was in `before` fell back: on the usual way, or out of a dispute to a place before it.
    pub fn is_step_back_from(&self, before: &Self) -> bool {
        let from = match before {
            // Disputed at the acceptance, with the seller still; by the customer, after the way.
            Self::Arbitration | Self::NotAccepted => Self::DriverPickup.place(),
            Self::ClientArbitration => Self::Delivered.place(),
            usual => usual.place(),
        };
        from.zip(self.place()).is_some_and(|(from, to)| to < from)
    }

    /// The place on the usual way, where the status has one; a smaller place after a larger one is a step back.
    pub fn place(&self) -> Option<u8> {
        Some(match self {
            Self::AwaitingVerification => 0,
            Self::AwaitingApprove => 1,
            Self::AwaitingPackaging => 2,
            Self::AwaitingRegistration => 3,
            Self::AcceptanceInProgress | Self::AwaitingDeliver => 4,
            Self::DriverPickup => 5,
            Self::Delivering | Self::SentBySeller => 6,
            Self::Delivered => 7,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_reads_back_as_itself_and_a_new_one_is_kept() {
        for status in OzonStatus::KNOWN {
            assert_eq!(&OzonStatus::from(status.code()), status);
            assert!(status.is_known());
        }
        assert_eq!(OzonStatus::KNOWN.len(), 15);
        assert_eq!(OzonStatus::from("teleported").code(), "teleported");
    }
}
