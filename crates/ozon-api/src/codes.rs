//! Ozon's codes as enums; a code that is not known here is kept as its text. What follows from a code is not decided here.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::decode::FromScalar;

macro_rules! code {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A code that was not known when this was written, as Ozon wrote it.
            Other(String),
        }

        impl $name {
            /// Every code that is known by name.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The code as Ozon writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl FromScalar for $name {
            fn from_text(text: &str) -> Option<Self> {
                let text = text.trim();
                (!text.is_empty()).then(|| Self::from(text))
            }
        }
    };
}

code! {
    /// Where a posting stands (API section 4).
    Status {
        /// Being registered with the carrier.
        AwaitingRegistration = "awaiting_registration",
        /// Being accepted.
        AcceptanceInProgress = "acceptance_in_progress",
        /// Waiting for approval.
        AwaitingApprove = "awaiting_approve",
        /// To be packed.
        AwaitingPackaging = "awaiting_packaging",
        /// Packed, to be handed over.
        AwaitingDeliver = "awaiting_deliver",
        /// In arbitration.
        Arbitration = "arbitration",
        /// In arbitration that the customer began.
        ClientArbitration = "client_arbitration",
        /// On the way.
        Delivering = "delivering",
        /// With the driver.
        DriverPickup = "driver_pickup",
        /// Delivered.
        Delivered = "delivered",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Not accepted by the sorting centre.
        NotAccepted = "not_accepted",
        /// Created, not yet verified.
        AwaitingVerification = "awaiting_verification",
        /// Cancelled because it was split into others.
        CancelledFromSplitPending = "cancelled_from_split_pending",
        /// Only the filter knows it.
        SentBySeller = "sent_by_seller",
    }
}

code! {
    /// Who delivers, as `tpl_integration_type` says (API section 4).
    TplIntegrationType {
        /// Ozon's own logistics.
        Ozon = "ozon",
        /// A partner's delivery that Ozon registers.
        Aggregator = "aggregator",
        /// An outside service with tracking that the seller registers.
        ThirdPartyTracking = "3pl_tracking",
        /// The seller, or a service that Ozon does not know.
        NonIntegrated = "non_integrated",
        /// Russian Post, spelt as Ozon spells it.
        Hybrid = "hybryd",
    }
}

code! {
    /// Who delivers and who reports it, as `integration_type_flow` says since July 2026 (API section 0, fact 8).
    IntegrationTypeFlow {
        /// Ozon's own logistics.
        Ozon = "ozon",
        /// A partner's delivery that Ozon registers.
        Aggregator = "aggregator",
        /// The seller, or a service that Ozon does not know.
        NonIntegrated = "non_integrated",
        /// An outside service with tracking.
        ThirdPartyTracking = "3pl_tracking",
        /// Through a sorting centre.
        Hybrid = "hybrid",
        /// Through a sorting centre, a partner delivers.
        HybridAggregator = "hybrid_aggregator",
        /// Through a sorting centre, the seller reports.
        HybridNonIntegrated = "hybrid_non_integrated",
        /// Through a sorting centre, an outside service delivers.
        HybridThirdPartyTracking = "hybrid_3pl_tracking",
        /// Collected by the customer.
        ClickAndCollect = "click_and_collect",
        /// From a partner's warehouse.
        Fbp = "FBP",
    }
}

code! {
    /// Where a request for cancellation stands.
    CancellationState {
        /// Waiting for the seller, until Ozon approves it by itself.
        OnApproval = "ON_APPROVAL",
        /// Approved: the posting is cancelled.
        Approved = "APPROVED",
        /// Rejected: the posting is to be delivered.
        Rejected = "REJECTED",
    }
}

code! {
    /// Who asks for a cancellation.
    CancellationInitiator {
        /// Ozon.
        Ozon = "OZON",
        /// The seller.
        Seller = "SELLER",
        /// The customer.
        Client = "CLIENT",
        /// Ozon's machinery.
        System = "SYSTEM",
        /// The delivery service.
        Delivery = "DELIVERY",
    }
}

code! {
    /// A kind of push messages that an address can be registered for (API section 6).
    PushType {
        /// A posting was made.
        NewPosting = "TYPE_NEW_POSTING",
        /// A posting was cancelled.
        PostingCancelled = "TYPE_POSTING_CANCELLED",
        /// A posting changed its state.
        StateChanged = "TYPE_STATE_CHANGED",
        /// The deadline to pack moved.
        CutoffDateChanged = "TYPE_CUTOFF_DATE_CHANGED",
        /// The promised delivery moved.
        DeliveryDateChanged = "TYPE_DELIVERY_DATE_CHANGED",
        /// A posting is on its way; what such a message holds is documented nowhere.
        PostingShipped = "TYPE_POSTING_SHIPPED",
        /// A message in a chat.
        NewMessage = "TYPE_NEW_MESSAGE",
        /// A message in a chat was edited.
        UpdateMessage = "TYPE_UPDATE_MESSAGE",
        /// A message in a chat was read.
        MessageRead = "TYPE_MESSAGE_READ",
        /// A chat was closed.
        ChatClosed = "TYPE_CHAT_CLOSED",
        /// A product was made, or could not be.
        CreateItem = "TYPE_CREATE_ITEM",
        /// A product was changed, or could not be.
        UpdateItem = "TYPE_UPDATE_ITEM",
        /// Either of these two.
        CreateOrUpdateItem = "TYPE_CREATE_OR_UPDATE_ITEM",
        /// Stocks changed.
        StocksChanged = "TYPE_STOCKS_CHANGED",
    }
}

impl PushType {
    /// The kinds about postings that [`PushMessage`](crate::push::PushMessage) reads.
    pub const OF_POSTINGS: [Self; 5] = [
        Self::NewPosting,
        Self::PostingCancelled,
        Self::StateChanged,
        Self::CutoffDateChanged,
        Self::DeliveryDateChanged,
    ];
}

code! {
    /// What Ozon finds wrong with an address for push messages.
    PushUrlFault {
        /// It cannot be reached.
        RequestError = "REQUEST_ERROR",
        /// It does not answer in time.
        RequestTimeout = "REQUEST_TIMEOUT",
        /// It answers with an error of its own.
        ServerFault = "SERVER_FAULT",
        /// Its status is not 200.
        StatusCodeNotOk = "STATUS_CODE_NOT_OK",
        /// Its answer has no body.
        EmptyBody = "EMPTY_BODY",
        /// Its body has a wrong form.
        InvalidBody = "INVALID_BODY",
        /// Its body is not JSON.
        InvalidJson = "INVALID_JSON",
        /// Its body does not hold what it should.
        WrongResultField = "WRONG_RESULT_FIELD",
        /// The time in its body is wrong.
        WrongResultTimeField = "WRONG_RESULT_TIME_FIELD",
    }
}

code! {
    /// How well an address answers, as Ozon measures it every night.
    PushAvailability {
        /// In time.
        Available = "GREEN",
        /// Slowly.
        Unstable = "YELLOW",
        /// Not, or too slowly; three such days switch it off.
        Unavailable = "RED",
    }
}

code! {
    /// Why an address is switched off.
    PushDisableReason {
        /// The seller did it.
        Seller = "SELLER",
        /// It was unavailable for too long.
        Availability = "AVAILABILITY",
        /// Ozon did it.
        Admin = "ADMIN",
    }
}

#[cfg(test)]
mod tests {
    use super::{
        CancellationInitiator, CancellationState, FromScalar, IntegrationTypeFlow, PushAvailability,
        PushDisableReason, PushType, PushUrlFault, Status, TplIntegrationType,
    };

    #[test]
    fn a_known_code_is_read_back_from_its_text() {
        macro_rules! read_back {
            ($($name:ident),+) => {$(
                for code in $name::KNOWN {
                    assert_eq!(&$name::from(code.as_str()), code);
                }
            )+};
        }
        read_back!(Status, IntegrationTypeFlow, TplIntegrationType);
        read_back!(CancellationState, CancellationInitiator);
        read_back!(PushType, PushUrlFault, PushAvailability, PushDisableReason);
    }

    #[test]
    fn an_unknown_code_is_kept_as_its_text_and_an_empty_one_is_none() {
        assert_eq!(Status::from("awaiting_moon"), Status::Other("awaiting_moon".to_owned()));
        assert_eq!(Status::from("awaiting_moon").as_str(), "awaiting_moon");
        assert_eq!(Status::from_text(" "), None);
    }
}
