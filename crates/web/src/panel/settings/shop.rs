//! What the settings choose from, as far as this person may see it.

use domain::{CabinetId, CustomerId};
use storage::PageAsk;
use storage::lists::{Customer, Named, NamedList, Status};

use super::values::Values;
use crate::panel::faults::Fault;
use crate::state::AppState;
use voice::Voice;

/// Pages of customers that are looked through for the shop's own ones.
const CUSTOMER_PAGES: usize = 5;

/// What the fields choose from.
pub(crate) struct Shop {
    pub(crate) statuses: Vec<Status>,
    pub(crate) sources: Vec<Named>,
    pub(crate) delivery_methods: Vec<Named>,
    pub(crate) payment_methods: Vec<Named>,
    pub(crate) customers: Vec<Customer>,
    pub(crate) unknown_codes: Vec<String>,
    sees_persons: bool,
    pub(crate) mail_is_set_up: bool,
}

impl Shop {
    pub(crate) async fn of(
        state: &AppState,
        id: CabinetId,
        values: &Values,
        sees_persons: bool,
    ) -> Result<Self, Fault> {
        let store = &state.store;
        // One customer for all orders is one of the shop's own; Ozon's are bound by themselves and may be many.
        let mut customers = Vec::new();
        let mut ask = PageAsk::first(200);
        for _ in 0..CUSTOMER_PAGES {
            let page = store.customers(None, &ask).await?;
            customers.extend(page.items.into_iter().filter(|c| c.ozon_customer_id.is_none()));
            ask.cursor = page.next;
            if ask.cursor.is_none() {
                break;
            }
        }
        let mut shop = Self {
            statuses: store.statuses().await?,
            sources: store.named(NamedList::Sources).await?,
            delivery_methods: store.named(NamedList::DeliveryMethods).await?,
            payment_methods: store.named(NamedList::PaymentMethods).await?,
            customers,
            unknown_codes: store.unknown_codes(id).await?,
            sees_persons,
            mail_is_set_up: store.mail().await?.is_some(),
        };
        if let Some(chosen) = values.customer().map(CustomerId) {
            shop.know(state, chosen).await?;
        }
        Ok(shop)
    }

    /// Adds a customer that settings name, as long as there is one.
    pub(crate) async fn know(&mut self, state: &AppState, id: CustomerId) -> Result<(), Fault> {
        if self.customers.iter().any(|c| c.id == id) {
            return Ok(());
        }
        match state.store.customer(id).await {
            Ok(customer) => self.customers.push(customer),
            Err(storage::Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }

    /// A customer's name, for those who may see it.
    pub(crate) fn customer_name(&self, v: Voice, customer: &Customer) -> String {
        if self.sees_persons { customer.name.clone() } else { v.t("person-hidden") }
    }
}
