//! Owns the shapes of the requests, as Ozon's specification has them. Does not check them.

use super::shape::{Field, RequestShape, Shape, optional, required};

const STATUSES: Shape = Shape::Words(&[
    "awaiting_registration",
    "acceptance_in_progress",
    "awaiting_approve",
    "awaiting_packaging",
    "awaiting_deliver",
    "arbitration",
    "client_arbitration",
    "delivering",
    "driver_pickup",
    "delivered",
    "cancelled",
    "not_accepted",
    "awaiting_verification",
    "cancelled_from_split_pending",
    "sent_by_seller",
]);

const FLOWS: Shape = Shape::Words(&[
    "ozon",
    "aggregator",
    "non_integrated",
    "3pl_tracking",
    "hybrid",
    "hybrid_aggregator",
    "hybrid_non_integrated",
    "hybrid_3pl_tracking",
    "click_and_collect",
    "FBP",
]);

const PERIOD: Shape = Shape::Record(&[optional("from", Shape::Instant), optional("to", Shape::Instant)]);

const LIST_WITH: Shape = Shape::Record(&[
    optional("analytics_data", Shape::Flag),
    optional("barcodes", Shape::Flag),
    optional("financial_data", Shape::Flag),
    optional("legal_info", Shape::Flag),
]);

const LIST_FILTER: &[Field] = &[
    required("since", Shape::Instant),
    required("to", Shape::Instant),
    optional("statuses", STATUSES),
    optional("last_changed_status_date", PERIOD),
    optional("delivery_method_ids", Shape::Wholes(1_000)),
    optional("provider_ids", Shape::Wholes(1_000)),
    optional("warehouse_ids", Shape::Wholes(1_000)),
    optional("order_id", Shape::Whole),
    optional("order_numbers", Shape::Texts(100)),
    optional("is_blr_traceable", Shape::Flag),
    optional("integration_type_flow", FLOWS),
];

pub(crate) const POSTING_LIST: RequestShape = RequestShape {
    name: "PostingFbsListRequest",
    fields: &[
        required("filter", Shape::Record(LIST_FILTER)),
        required("limit", Shape::Whole),
        optional("cursor", Shape::Text),
        optional("sort_dir", Shape::SortDirection),
        optional("translit", Shape::Flag),
        optional("with", LIST_WITH),
    ],
};

pub(crate) const UNFULFILLED_LIST: RequestShape = RequestShape {
    name: "PostingFbsUnfulfilledListRequest",
    fields: &[
        required(
            "filter",
            Shape::Record(&[
                optional("cutoff_from", Shape::Instant),
                optional("cutoff_to", Shape::Instant),
                optional("delivering_date_from", Shape::Instant),
                optional("delivering_date_to", Shape::Instant),
                optional("statuses", STATUSES),
                optional("last_changed_status_date", PERIOD),
                optional("delivery_method_ids", Shape::Wholes(1_000)),
                optional("provider_ids", Shape::Wholes(1_000)),
                optional("warehouse_ids", Shape::Wholes(1_000)),
            ]),
        ),
        required("limit", Shape::Whole),
        optional("cursor", Shape::Text),
        optional("sort_dir", Shape::SortDirection),
        optional("translit", Shape::Flag),
        optional("with", LIST_WITH),
    ],
};

pub(crate) const POSTING_GET: RequestShape = RequestShape {
    name: "GetFbsPostingRequest",
    fields: &[
        required("posting_number", Shape::Text),
        optional(
            "with",
            Shape::Record(&[
                optional("analytics_data", Shape::Flag),
                optional("barcodes", Shape::Flag),
                optional("financial_data", Shape::Flag),
                optional("legal_info", Shape::Flag),
                optional("product_exemplars", Shape::Flag),
                optional("related_postings", Shape::Flag),
                optional("translit", Shape::Flag),
            ]),
        ),
    ],
};

/// `/v1/roles`, `/v1/seller/info` and other lists of everything: an empty object.
pub(crate) const NOTHING: RequestShape = RequestShape { name: "Empty", fields: &[] };

pub(crate) const WAREHOUSE_LIST: RequestShape = RequestShape {
    name: "WarehouseListV2Request",
    fields: &[
        required("limit", Shape::Whole),
        optional("cursor", Shape::Text),
        optional("warehouse_ids", Shape::Wholes(200)),
    ],
};

pub(crate) const DELIVERY_METHOD_LIST: RequestShape = RequestShape {
    name: "DeliveryMethodListV2Request",
    fields: &[
        required("limit", Shape::Whole),
        optional("cursor", Shape::Text),
        optional("sort_dir", Shape::SortDirection),
        optional(
            "filter",
            Shape::Record(&[
                optional("delivery_method_ids", Shape::Wholes(100)),
                optional("provider_ids", Shape::Wholes(100)),
                optional("warehouse_ids", Shape::Wholes(100)),
                optional(
                    "status",
                    Shape::Words(&["NEW", "EDITED", "ACTIVE", "DISABLED", "WAITING", "BROKEN"]),
                ),
            ]),
        ),
    ],
};

/// `/v2/fbs/posting/delivering`, `/last-mile` and `/delivered`.
pub(crate) const MOVE: RequestShape = RequestShape {
    name: "FbsPostingMoveStatusRequest",
    fields: &[required("posting_number", Shape::Items { least: 1, most: 20, of: &Shape::Text })],
};

pub(crate) const TRACKING_NUMBER_SET: RequestShape = RequestShape {
    name: "FbsPostingTrackingNumberSetRequest",
    fields: &[required(
        "tracking_numbers",
        Shape::Items {
            least: 1,
            most: 20,
            of: &Shape::Record(&[
                required("posting_number", Shape::Text),
                required("tracking_number", Shape::Text),
            ]),
        },
    )],
};

pub(crate) const CANCELLATION_LIST: RequestShape = RequestShape {
    name: "GetConditionalCancellationListV2Request",
    fields: &[
        optional(
            "filters",
            Shape::Record(&[
                optional(
                    "cancellation_initiator",
                    Shape::Words(&["OZON", "SELLER", "CLIENT", "SYSTEM", "DELIVERY"]),
                ),
                optional("posting_number", Shape::Texts(1_000)),
                optional("state", Shape::Word(&["ALL", "ON_APPROVAL", "APPROVED", "REJECTED"])),
            ]),
        ),
        optional("limit", Shape::Whole),
        optional("last_id", Shape::Whole),
        optional("with", Shape::Record(&[optional("counter", Shape::Flag)])),
    ],
};

/// `/v2/conditional-cancellation/approve` and `/reject`.
pub(crate) const CANCELLATION_DECISION: RequestShape = RequestShape {
    name: "ConditionalCancellationMoveV2Request",
    fields: &[optional("cancellation_id", Shape::Whole), optional("comment", Shape::Text)],
};

const PUSH_TYPES: Shape = Shape::Words(&[
    "TYPE_NEW_MESSAGE",
    "TYPE_UPDATE_MESSAGE",
    "TYPE_MESSAGE_READ",
    "TYPE_CHAT_CLOSED",
    "TYPE_NEW_POSTING",
    "TYPE_POSTING_SHIPPED",
    "TYPE_POSTING_CANCELLED",
    "TYPE_STATE_CHANGED",
    "TYPE_DELIVERY_DATE_CHANGED",
    "TYPE_CUTOFF_DATE_CHANGED",
    "TYPE_CREATE_ITEM",
    "TYPE_UPDATE_ITEM",
    "TYPE_CREATE_OR_UPDATE_ITEM",
    "TYPE_STOCKS_CHANGED",
]);

pub(crate) const NOTIFICATION_CHECK: RequestShape =
    RequestShape { name: "CheckNotificationRequest", fields: &[required("url", Shape::Text)] };

pub(crate) const NOTIFICATION_SET: RequestShape = RequestShape {
    name: "SetNotificationRequest",
    fields: &[required("url", Shape::Text), required("types", PUSH_TYPES)],
};

pub(crate) const NOTIFICATION_ENABLE: RequestShape = RequestShape {
    name: "EnableNotificationRequest",
    fields: &[optional("id", Shape::Whole), required("enabled", Shape::Flag)],
};

pub(crate) const NOTIFICATION_UPDATE: RequestShape = RequestShape {
    name: "UpdateNotificationRequest",
    fields: &[optional("id", Shape::Whole), optional("url", Shape::Text), optional("types", PUSH_TYPES)],
};

pub(crate) const NOTIFICATION_DELETE: RequestShape =
    RequestShape { name: "DeleteNotificationRequest", fields: &[optional("id", Shape::Whole)] };
