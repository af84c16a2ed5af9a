//! A file of settings, and a change of settings over REST: read, checked, and merged.
#![no_main]

use chrono::DateTime;
use domain::settings::{Directory, apply_patch};
use domain::{DeliveryMethodId, PaymentMethodId, Settings, SourceId, StatusId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Some(change) = web::fuzzing::settings_file(file) else { return };
    let now = fuzz::settings_on_install(DateTime::UNIX_EPOCH);
    let shop = Directory {
        statuses: (1..10).map(StatusId).collect(),
        sources: [SourceId(1)].into(),
        delivery_methods: [DeliveryMethodId(1)].into(),
        payment_methods: [PaymentMethodId(1)].into(),
        ..Directory::default()
    };
    match apply_patch(&now, &change, &shop, chrono_tz::Europe::Moscow) {
        Ok(after) => {
            let kept = serde_json::to_value(&after).expect("settings can be kept");
            let again: Settings = serde_json::from_value(kept).expect("and read again");
            assert_eq!(again, after);
        }
        Err(faults) => assert!(!faults.iter().any(|fault| fault.to_string().is_empty())),
    }
});
