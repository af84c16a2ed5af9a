//! Owns the methods of the Seller API as the simulator answers them: paths, requests, answers.
//! Does not own what is true in the cabinets and does not speak HTTP.

pub(crate) mod account;
pub(crate) mod cancellations;
pub(crate) mod cursor;
pub(crate) mod dispatch;
pub(crate) mod get;
pub(crate) mod listing;
pub(crate) mod moves;
pub(crate) mod notifications;
pub(crate) mod overriding;
pub(crate) mod page;
pub(crate) mod parts;
pub(crate) mod request;
pub(crate) mod shape;
pub(crate) mod shapes;
pub(crate) mod view_v3;
pub(crate) mod view_v4;
pub(crate) mod warehouses;

/// List of postings by `in_process_at`.
pub const POSTING_LIST: &str = "/v4/posting/fbs/list";
/// List of open postings by cutoff.
pub const UNFULFILLED_LIST: &str = "/v4/posting/fbs/unfulfilled/list";
/// One posting.
pub const POSTING_GET: &str = "/v3/posting/fbs/get";
/// Roles and expiry of the key.
pub const ROLES: &str = "/v1/roles";
/// The company.
pub const SELLER_INFO: &str = "/v1/seller/info";
/// Warehouses.
pub const WAREHOUSE_LIST: &str = "/v2/warehouse/list";
/// Delivery methods of realFBS warehouses.
pub const DELIVERY_METHOD_LIST: &str = "/v2/delivery-method/list";

/// Sets or changes track numbers.
pub const TRACKING_NUMBER_SET: &str = "/v2/fbs/posting/tracking-number/set";
/// The seller's parcels are on their way.
pub const DELIVERING: &str = "/v2/fbs/posting/delivering";
/// The courier has them.
pub const LAST_MILE: &str = "/v2/fbs/posting/last-mile";
/// The buyer has them.
pub const DELIVERED: &str = "/v2/fbs/posting/delivered";
/// Buyers' requests to cancel packed realFBS postings.
pub const CANCELLATION_LIST: &str = "/v2/conditional-cancellation/list";
/// Approves one.
pub const CANCELLATION_APPROVE: &str = "/v2/conditional-cancellation/approve";
/// Rejects one.
pub const CANCELLATION_REJECT: &str = "/v2/conditional-cancellation/reject";
/// Asks a URL for push messages whether it answers.
pub const NOTIFICATION_CHECK: &str = "/v1/notification/check";
/// Registers one.
pub const NOTIFICATION_SET: &str = "/v1/notification/set";
/// Those that are registered.
pub const NOTIFICATION_LIST: &str = "/v1/notification/list";
/// Switches one on or off.
pub const NOTIFICATION_ENABLE: &str = "/v1/notification/enable";
/// Changes one.
pub const NOTIFICATION_UPDATE: &str = "/v1/notification/update";
/// Removes one.
pub const NOTIFICATION_DELETE: &str = "/v1/notification/delete";
/// Types of push messages and where each goes.
pub const PUSH_TYPE_LIST: &str = "/v1/notification/push-type/list";

/// All methods that the simulator answers. Every other one is refused as unknown or dead:
/// `method is not allowed`.
pub const METHODS: [&str; 21] = [
    POSTING_LIST,
    UNFULFILLED_LIST,
    POSTING_GET,
    ROLES,
    SELLER_INFO,
    WAREHOUSE_LIST,
    DELIVERY_METHOD_LIST,
    TRACKING_NUMBER_SET,
    DELIVERING,
    LAST_MILE,
    DELIVERED,
    CANCELLATION_LIST,
    CANCELLATION_APPROVE,
    CANCELLATION_REJECT,
    NOTIFICATION_CHECK,
    NOTIFICATION_SET,
    NOTIFICATION_LIST,
    NOTIFICATION_ENABLE,
    NOTIFICATION_UPDATE,
    NOTIFICATION_DELETE,
    PUSH_TYPE_LIST,
];
