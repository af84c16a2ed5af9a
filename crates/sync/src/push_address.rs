//! The address for push messages at Ozon: whether Ozon reaches it, and registering it (`/v1/notification/*`).

use domain::CabinetId;
use ozon_api::PushType;
use ozon_api::methods::{
    CheckNotificationUrl, DeleteNotificationUrl, EnableNotificationUrl, ListNotificationUrls,
    NotificationUrl, SetNotificationUrl, UrlCheck,
};

use crate::desk::Desk;
use crate::error::LoadError;

impl Desk {
    /// Has Ozon call an address and tells what it says of it; the person waits for it.
    ///
    /// # Errors
    /// Why Ozon could not be asked.
    pub async fn check_push_address(&self, cabinet: CabinetId, url: &str) -> Result<UrlCheck, LoadError> {
        let client = self.reachable(cabinet).await?;
        Ok(client.call(&CheckNotificationUrl { url: url.to_owned() }).await?.value)
    }

    /// The addresses that are registered at Ozon.
    ///
    /// # Errors
    /// Why Ozon could not be asked.
    pub async fn push_addresses(&self, cabinet: CabinetId) -> Result<Vec<NotificationUrl>, LoadError> {
        let client = self.reachable(cabinet).await?;
        Ok(client.call(&ListNotificationUrls {}).await?.value.urls)
    }

    /// Registers an address for the messages about postings, or switches on again the one that is registered.
    ///
    /// # Errors
    /// Why Ozon did not do it.
    pub async fn register_push_address(&self, cabinet: CabinetId, url: &str) -> Result<(), LoadError> {
        let client = self.reachable(cabinet).await?;
        let known = client.call(&ListNotificationUrls {}).await?.value.urls;
        if let Some(known) = known.into_iter().find(|known| known.url == url) {
            client.call(&EnableNotificationUrl { id: known.id, enabled: true }).await?;
        } else {
            let types = PushType::OF_POSTINGS.to_vec();
            client.call(&SetNotificationUrl { url: url.to_owned(), types }).await?;
        }
        Ok(())
    }

    /// Takes an address away from Ozon; one that is not there is gone already.
    ///
    /// # Errors
    /// Why Ozon did not do it.
    pub async fn remove_push_address(&self, cabinet: CabinetId, url: &str) -> Result<(), LoadError> {
        let client = self.reachable(cabinet).await?;
        let known = client.call(&ListNotificationUrls {}).await?.value.urls;
        for known in known.into_iter().filter(|known| known.url == url) {
            client.call(&DeleteNotificationUrl { id: known.id }).await?;
        }
        Ok(())
    }
}
