//! What several targets begin with.

use chrono::{DateTime, Utc};
use domain::settings::Installed;
use domain::{DeliveryMethodId, PaymentMethodId, Settings, SourceId, StatusId};

/// The settings of a cabinet of a new installation, whose statuses are numbered 1 to 9.
pub fn settings_on_install(now: DateTime<Utc>) -> Settings {
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
    Settings::on_install(&installed, now)
}
