//! A push message as it arrives, and what we answer it by.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozon_api::push::PushMessage;
use ozon_api::push::reply::{self, ErrorCode};

fuzz_target!(|body: &[u8]| {
    match PushMessage::from_bytes(body) {
        Ok(message) => {
            let _ = (message.posting_number(), message.seller_id(), message.event_key());
        }
        Err(error) => {
            let _ = reply::error(ErrorCode::from(&error), &error.to_string());
        }
    }
});
