//! Which customer of the shop an order is bound to (settings row 4).

use crate::ids::CustomerId;
use crate::posting::Posting;
use crate::settings::Settings;

/// The customer to bind an order to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerChoice {
    /// The one that the settings name.
    Fixed(CustomerId),
    /// The shop's customer for this Ozon customer of the cabinet: found, or made when new.
    OfOzon {
        /// Ozon's `customer_id`: the only thing by which customers are told apart.
        ozon_customer_id: i64,
        /// The name to give a new one.
        name: String,
        /// The (substitute) phone to give a new one.
        phone: Option<String>,
    },
    /// "Покупатель Ozon": Ozon named nobody.
    OzonBuyer,
}

/// Chooses by the setting, then by Ozon's `customer_id`; never by name or phone, since phones are substitutes.
pub fn choose(settings: &Settings, posting: &Posting) -> CustomerChoice {
    if let Some(id) = settings.customer_id {
        return CustomerChoice::Fixed(id);
    }
    match posting.customer.as_ref().and_then(|c| c.id.map(|id| (id, c))) {
        Some((ozon_customer_id, customer)) => CustomerChoice::OfOzon {
            ozon_customer_id,
            name: posting.person_name().unwrap_or_default().to_owned(),
            phone: customer.phone.clone(),
        },
        None => CustomerChoice::OzonBuyer,
    }
}
