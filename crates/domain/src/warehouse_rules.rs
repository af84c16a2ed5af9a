//! What orders of one warehouse, or of one delivery method of Ozon's, get instead of the cabinet's own source and methods
//! (settings rows 3 and 7). Only a new order is asked about it; orders that exist keep what they were made with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use crate::ids::{DeliveryMethodId, PaymentMethodId, SourceId};
use crate::posting::Details;
use crate::settings::Settings;

/// Whether a rule is a warehouse's or a delivery method's.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PlaceKind {
    /// A warehouse of the seller's at Ozon.
    Warehouse,
    /// A delivery method at Ozon; not one of the shop's own methods.
    DeliveryMethod,
}

/// A warehouse or a delivery method, by Ozon's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which of the two.
    pub kind: PlaceKind,
    /// Ozon's id.
    pub id: i64,
}

impl Place {
    /// A warehouse.
    pub fn warehouse(id: i64) -> Self {
        Self { kind: PlaceKind::Warehouse, id }
    }

    /// A delivery method of Ozon's.
    pub fn delivery_method(id: i64) -> Self {
        Self { kind: PlaceKind::DeliveryMethod, id }
    }
}

/// What is chosen for a place; where it says nothing the cabinet's settings speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instead {
    /// Row 3: the source.
    pub source: Option<SourceId>,
    /// Row 7: the delivery method of the shop.
    pub delivery_method: Option<DeliveryMethodId>,
    /// Row 7: the payment method of the shop.
    pub payment_method: Option<PaymentMethodId>,
}

impl Instead {
    /// Everything is as the cabinet has it.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// The rules of one cabinet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarehouseRules(BTreeMap<Place, Instead>);

/// A place that had a word in what an order got, with the settings that it spoke instead of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// The place.
    pub place: Place,
    /// Keys of the settings.
    pub settings: Vec<String>,
}

/// What a new order gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its source.
    pub source: SourceId,
    /// Its delivery method.
    pub delivery_method: DeliveryMethodId,
    /// Its payment method.
    pub payment_method: PaymentMethodId,
    /// Who ruled, where it was not the cabinet alone.
    pub ruled: Vec<Ruled>,
}

impl FromIterator<(Place, Instead)> for WarehouseRules {
    /// Of a place that is named twice the last counts; a rule that says nothing is none.
    fn from_iter<I: IntoIterator<Item = (Place, Instead)>>(rules: I) -> Self {
        let mut all = Self::default();
        for (place, instead) in rules {
            all.set(place, instead);
        }
        all
    }
}

impl WarehouseRules {
    /// The rule of a place.
    pub fn of(&self, place: Place) -> Instead {
        self.0.get(&place).copied().unwrap_or_default()
    }

    /// Sets the rule of a place, or takes it away with one that says nothing.
    pub fn set(&mut self, place: Place, instead: Instead) {
        if instead.is_nothing() {
            self.0.remove(&place);
        } else {
            self.0.insert(place, instead);
        }
    }

    /// Every rule, warehouses first.
    pub fn iter(&self) -> impl Iterator<Item = (Place, Instead)> + '_ {
        self.0.iter().map(|(place, instead)| (*place, *instead))
    }

    /// The source and the methods of a new order: the delivery method's rule wins over the warehouse's, and both over the
    /// cabinet's settings, each field by itself.
    pub fn choose(&self, details: &Details, settings: &Settings) -> Chosen {
        let mut chosen = Chosen {
            source: settings.source_id,
            delivery_method: settings.delivery_method_id,
            payment_method: settings.payment_method_id,
            ruled: Vec::new(),
        };
        let places = [
            details.delivery_method_id.map(Place::delivery_method),
            details.warehouse_id.map(Place::warehouse),
        ];
        let rules: Vec<_> = places.into_iter().flatten().map(|place| (place, self.of(place))).collect();
        let mut decide = |place: Place, key: &str| {
            if let Some(known) = chosen.ruled.iter_mut().find(|known| known.place == place) {
                known.settings.push(key.to_owned());
            } else {
                chosen.ruled.push(Ruled { place, settings: vec![key.to_owned()] });
            }
        };
        if let Some((place, id)) = first(&rules, |rule| rule.source) {
            chosen.source = id;
            decide(place, "source_id");
        }
        if let Some((place, id)) = first(&rules, |rule| rule.delivery_method) {
            chosen.delivery_method = id;
            decide(place, "delivery_method_id");
        }
        if let Some((place, id)) = first(&rules, |rule| rule.payment_method) {
            chosen.payment_method = id;
            decide(place, "payment_method_id");
        }
        chosen
    }
}

/// The first rule that has a word about something.
fn first<T>(rules: &[(Place, Instead)], says: impl Fn(&Instead) -> Option<T>) -> Option<(Place, T)> {
    rules.iter().find_map(|(place, rule)| Some((*place, says(rule)?)))
}
