//! A file of settings, and a change of settings over REST: read, checked, and merged.
#![no_main]

use chrono::DateTime;
use domain::settings::{Directory, Installed, apply_patch};
use domain::{DeliveryMethodId, PaymentMethodId, Settings, SourceId, StatusId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let Some(change) = web::fuzzing::settings_file(file) else { return };
    let installed = Installed {
        source: SourceId(1),
        delivery_method: DeliveryMethodId(1),
        payment_method: PaymentMethodId(1),
        new: StatusId(1),
        in_work: StatusId(2),
        packed: StatusId(3),
        sent: StatusId(4),
        at_pickup_point: StatusId(5),
        delivered: StatusId(6),
        disputed: StatusId(7),
        cancelled: StatusId(8),
        returned: StatusId(9),
    };
    let now = Settings::on_install(&installed, DateTime::UNIX_EPOCH);
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
