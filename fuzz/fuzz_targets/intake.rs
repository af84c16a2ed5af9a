//! A posting from Ozon's list all the way to the decision about it, twice, as the same posting is shown again.
#![no_main]

use chrono::{DateTime, Utc};
use domain::intake::{Circumstances, Kin, Known, Outcome, decide};
use domain::push::Told;
use domain::{CabinetId, Settings, StatusId, WarehouseRules};
use libfuzzer_sys::fuzz_target;
use ozon_api::methods::{ListPostings, Method};

fn settings(now: DateTime<Utc>) -> Settings {
    // Everything is let in, so that the decision is reached.
    Settings {
        also_awaiting_deliver: true,
        also_box_changes: true,
        load_from: DateTime::UNIX_EPOCH,
        ..fuzz::settings_on_install(now)
    }
}

fuzz_target!(|body: &str| {
    let Ok(page) = ListPostings::decode(body) else { return };
    let now = DateTime::from_timestamp(1_790_000_000, 0).expect("a literal time");
    let (settings, warehouses) = (settings(now), WarehouseRules::default());
    let with = Circumstances {
        cabinet_id: CabinetId(1),
        settings: &settings,
        warehouses: &warehouses,
        default_status: StatusId(1),
        now,
        read_at: now,
    };
    let mut known: Option<Known> = None;
    for listed in &page.items {
        let Ok(posting) = sync::fuzzing::arrived(listed).posting else { continue };
        let decision = decide(posting, known.as_ref(), Kin::default(), with);
        let order = match decision.outcome {
            Outcome::Created(new) => Some(new.order),
            Outcome::Updated { order, .. } => Some(*order),
            _ => known.take().and_then(|known| known.order),
        };
        if let Some(order) = &order {
            let _ = domain::search::document(order, &decision.facts);
            let _ = domain::picking::left_out(order);
        }
        known = Some(Known {
            read_at: now,
            facts: Some(decision.facts),
            skipped_because: None,
            order,
            noted_after_cancellation: None,
            told: Told::default(),
        });
    }
});
