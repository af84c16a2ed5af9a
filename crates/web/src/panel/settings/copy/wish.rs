//! What of the settings is to be taken over, and by which cabinets, as the form says it.

use std::collections::HashMap;

use domain::ozon_status::MAPPABLE_SUBSTATUSES;
use domain::{CabinetId, OzonStatus};
use storage::cabinets::Cabinet;

use super::super::index::Part;

/// What is to be taken over, and by whom.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) targets: Vec<CabinetId>,
    pub(super) parts: Vec<Part>,
    /// Also the day from which postings make orders, which belongs to a cabinet's own history.
    pub(super) load_from: bool,
    /// Also rows for codes that only some cabinets have seen.
    pub(super) unknown_codes: bool,
    /// The versions that were looked at: the source's and each target's. Empty before anything was.
    pub(super) over: HashMap<CabinetId, u32>,
}

impl Wish {
    /// To begin with: every part, and nobody chosen.
    pub(super) fn first() -> Self {
        Self {
            targets: Vec::new(),
            parts: Part::ALL.into(),
            load_from: false,
            unknown_codes: false,
            over: HashMap::new(),
        }
    }

    pub(super) fn typed(typed: &HashMap<String, String>, others: &[Cabinet]) -> Self {
        let ticked = |name: &str| typed.get(name).is_some_and(|value| value == "true");
        let over = typed.iter().filter_map(|(name, value)| {
            Some((name.strip_prefix("over.")?.parse().ok()?, value.parse().ok()?))
        });
        Self {
            targets: others.iter().map(|c| c.id).filter(|id| ticked(&format!("to.{id}"))).collect(),
            parts: Part::ALL.into_iter().filter(|part| ticked(&format!("part.{}", part.code()))).collect(),
            load_from: ticked("load_from"),
            unknown_codes: ticked("unknown_codes"),
            over: over.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && !self.load_from
    }

    /// Whether a key of the settings is taken over.
    pub(super) fn takes(&self, key: &str) -> bool {
        if key == "load_from" {
            return self.load_from;
        }
        let own = key
            .strip_prefix("status_map.")
            .is_some_and(|code| !OzonStatus::from(code).is_known() && !MAPPABLE_SUBSTATUSES.contains(&code));
        Part::of(key).is_some_and(|part| self.parts.contains(&part)) && (!own || self.unknown_codes)
    }

    /// The choice as fields of a form.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let targets = self.targets.iter().map(|id| format!("to.{id}"));
        let parts = self.parts.iter().map(|part| format!("part.{}", part.code()));
        let own = [("load_from", self.load_from), ("unknown_codes", self.unknown_codes)];
        let own = own.into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned());
        targets.chain(parts).chain(own).map(|name| (name, "true".to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_cabinets_own_is_taken_only_when_asked_for() {
        let wish = Wish::first();
        assert!(wish.takes("source_id") && wish.takes("status_map.delivered") && wish.takes("on_cancel"));
        assert!(
            wish.takes("status_map.ship_failed") && wish.takes("schedule") && wish.takes("seller_delivery")
        );
        assert!(!wish.takes("load_from") && !wish.takes("status_map.teleported"));
        let all = Wish { load_from: true, unknown_codes: true, ..Wish::first() };
        assert!(all.takes("load_from") && all.takes("status_map.teleported"));
        let one = Wish { parts: vec![Part::SellerDelivery], ..all };
        assert!(one.takes("send_track_numbers") && one.takes("load_from"));
        assert!(!one.takes("source_id") && !one.takes("status_map.teleported"));
    }
}
