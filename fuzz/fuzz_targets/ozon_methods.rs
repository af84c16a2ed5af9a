//! The answers of every other method that we call.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozon_api::methods::*;

fuzz_target!(|body: &str| {
    let _ = ApproveCancellation::decode(body);
    let _ = CheckNotificationUrl::decode(body);
    let _ = EnableNotificationUrl::decode(body);
    let _ = GetRoles::decode(body);
    let _ = GetSellerInfo::decode(body);
    let _ = ListCancellationRequests::decode(body);
    let _ = ListDeliveryMethods::decode(body);
    let _ = ListNotificationUrls::decode(body);
    let _ = ListPushTypes::decode(body);
    let _ = ListWarehouses::decode(body);
    let _ = MoveToDelivered::decode(body);
    let _ = SetTrackingNumbers::decode(body);
});
