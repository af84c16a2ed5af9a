//! Owns Ozon's words: statuses, substatuses, delivery types and flows. Does not move anything.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_meta])* #[doc = concat!("`", $word, "`")] $variant,)+
            /// A word that Ozon has not told of.
            Other(String),
        }

        impl $name {
            /// All known words, in the order of Ozon's lists.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Ozon's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(Cow::<'de, str>::deserialize(deserializer)?.as_ref()))
            }
        }
    };
}

words! {
    /// A posting's `status` (API section 4).
    Status {
        AwaitingRegistration = "awaiting_registration",
        AcceptanceInProgress = "acceptance_in_progress",
        AwaitingApprove = "awaiting_approve",
        AwaitingPackaging = "awaiting_packaging",
        AwaitingDeliver = "awaiting_deliver",
        Arbitration = "arbitration",
        ClientArbitration = "client_arbitration",
        Delivering = "delivering",
        DriverPickup = "driver_pickup",
        Delivered = "delivered",
        Cancelled = "cancelled",
        NotAccepted = "not_accepted",
        AwaitingVerification = "awaiting_verification",
        CancelledFromSplitPending = "cancelled_from_split_pending",
    }
}

words! {
    /// `tpl_integration_type`: who delivers.
    DeliveryType {
        Ozon = "ozon",
        NonIntegrated = "non_integrated",
        ThirdPartyTracking = "3pl_tracking",
        Aggregator = "aggregator",
        /// Ozon's own misspelling.
        Hybryd = "hybryd",
    }
}

words! {
    /// `integration_type_flow`: the finer form of the delivery type, since July 2026.
    Flow {
        Ozon = "ozon",
        Aggregator = "aggregator",
        NonIntegrated = "non_integrated",
        ThirdPartyTracking = "3pl_tracking",
        Hybrid = "hybrid",
        HybridAggregator = "hybrid_aggregator",
        HybridNonIntegrated = "hybrid_non_integrated",
        HybridThirdPartyTracking = "hybrid_3pl_tracking",
        ClickAndCollect = "click_and_collect",
        Fbp = "FBP",
    }
}

impl Status {
    /// Nothing follows it.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Delivered | Self::Cancelled | Self::CancelledFromSplitPending)
    }

    /// The goods are not packed yet.
    pub fn is_before_packing(&self) -> bool {
        matches!(self, Self::AwaitingVerification | Self::AwaitingApprove | Self::AwaitingPackaging)
    }

    /// `/v4/posting/fbs/unfulfilled/list` lists it (API section 3.2).
    pub fn is_unfulfilled(&self) -> bool {
        matches!(
            self,
            Self::AwaitingRegistration
                | Self::AcceptanceInProgress
                | Self::AwaitingApprove
                | Self::AwaitingPackaging
                | Self::AwaitingDeliver
                | Self::Arbitration
                | Self::ClientArbitration
                | Self::Delivering
                | Self::DriverPickup
                | Self::Cancelled
                | Self::NotAccepted
        )
    }

    /// The substatus that a posting has when it comes into this status.
    pub(crate) fn first_substatus(&self) -> &'static str {
        match self {
            Self::AwaitingRegistration => "posting_awaiting_registration",
            Self::AcceptanceInProgress => "posting_acceptance_in_progress",
            Self::AwaitingApprove | Self::AwaitingPackaging | Self::AwaitingVerification => "posting_created",
            Self::AwaitingDeliver => "posting_not_in_carriage",
            Self::Arbitration => "posting_in_arbitration",
            Self::ClientArbitration => "posting_in_client_arbitration",
            Self::Delivering => "posting_on_way_to_city",
            Self::DriverPickup => "posting_driver_pick_up",
            Self::Delivered => "posting_delivered",
            Self::Cancelled | Self::CancelledFromSplitPending => "posting_canceled",
            Self::NotAccepted => "posting_not_in_sort_center",
            Self::Other(_) => "",
        }
    }
}

impl DeliveryType {
    /// The flow that goes with the type when nothing else is said.
    pub(crate) fn usual_flow(&self) -> Flow {
        match self {
            Self::Ozon => Flow::Ozon,
            Self::NonIntegrated => Flow::NonIntegrated,
            Self::ThirdPartyTracking => Flow::ThirdPartyTracking,
            Self::Aggregator => Flow::Aggregator,
            Self::Hybryd => Flow::Hybrid,
            Self::Other(word) => Flow::Other(word.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_way_to_text_and_back() {
        for status in Status::ALL {
            assert_eq!(&Status::from(status.as_str()), status);
        }
        for kind in DeliveryType::ALL {
            assert_eq!(&DeliveryType::from(kind.as_str()), kind);
        }
        for flow in Flow::ALL {
            assert_eq!(&Flow::from(flow.as_str()), flow);
        }
        assert_eq!(Status::from("flying"), Status::Other("flying".to_owned()), "an unknown word is kept");
    }
}
