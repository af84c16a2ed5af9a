//! The seller's warehouses and delivery methods, read when someone asks for it.

use domain::CabinetId;
use ozon_api::ErrorKind;
use ozon_api::methods::DeliveryMethodEntry;
use storage::Warehouse;
use storage::warehouse_rules::OzonDeliveryMethod;

use crate::desk::Desk;
use crate::error::LoadError;

/// How many of each Ozon listed; `None` where the key has no role for the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WarehousesRead {
    /// Warehouses.
    pub warehouses: Option<usize>,
    /// Delivery methods of realFBS; Ozon lists no others.
    pub delivery_methods: Option<usize>,
}

impl Desk {
    /// Asks Ozon for the cabinet's warehouses and delivery methods, and keeps them.
    ///
    /// # Errors
    /// What Ozon said against the key, or why it could not be asked; a role that is missing is none.
    pub async fn read_warehouses(&self, id: CabinetId) -> Result<WarehousesRead, LoadError> {
        let read = self.ask_for_warehouses(id).await;
        if let Err(error) = &read
            && error.blames_key()
        {
            self.store.set_key_fault(id, Some(error.code()), self.now()).await?;
            self.told_something();
        }
        read
    }

    async fn ask_for_warehouses(&self, id: CabinetId) -> Result<WarehousesRead, LoadError> {
        let cabinet = self.store.cabinet(id).await?;
        let client = self.client(&cabinet).await?;
        let warehouses = or_no_role(client.all_warehouses().await)?;
        if let Some(told) = &warehouses {
            let listed: Vec<Warehouse> = told.iter().map(crate::check::warehouse).collect();
            self.store.keep_warehouses(id, &listed, self.now()).await?;
        }
        let methods = or_no_role(client.all_delivery_methods().await)?;
        if let Some(told) = &methods {
            let listed: Vec<OzonDeliveryMethod> = told.iter().map(method).collect();
            self.store.keep_delivery_methods(id, &listed, self.now()).await?;
        }
        Ok(WarehousesRead {
            warehouses: warehouses.map(|told| told.len()),
            delivery_methods: methods.map(|told| told.len()),
        })
    }
}

/// The list, unless the key has no role for it.
fn or_no_role<T>(answer: Result<Vec<T>, ozon_api::Error>) -> Result<Option<Vec<T>>, LoadError> {
    match answer {
        Ok(told) => Ok(Some(told)),
        Err(error) if error.kind == ErrorKind::MissingRole => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn method(from: &DeliveryMethodEntry) -> OzonDeliveryMethod {
    OzonDeliveryMethod {
        id: from.id,
        warehouse_id: from.warehouse_id,
        name: from.name.clone().unwrap_or_default(),
        status: from.status.clone(),
    }
}
