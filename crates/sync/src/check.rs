//! Checking a cabinet's key: whose it is, what it may do, and until when.

use chrono::{DateTime, Duration, Utc};
use domain::CabinetId;
use ozon_api::methods::{GetRoles, GetSellerInfo};
use ozon_api::{Answer, ErrorKind, sunset};
use storage::Warehouse;
use storage::cabinets::{CheckResult, RoleGrant};

use crate::desk::Desk;
use crate::error::LoadError;

/// What a check of a key told.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The seller's name.
    pub company_name: Option<String>,
    /// Until when the key works.
    pub key_expires_at: Option<DateTime<Utc>>,
    /// Its roles.
    pub roles: Vec<RoleGrant>,
    /// Methods that we call and that no role of the key opens.
    pub missing: Vec<&'static str>,
    /// How far our clock is ahead of Ozon's, where Ozon told its time.
    pub clock_ahead: Option<Duration>,
    /// The seller's warehouses, where the key may list them.
    pub warehouses: Vec<Warehouse>,
}

/// Methods without which nothing is loaded.
const NEEDED: &[&str] = &["/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list"];

impl Desk {
    /// Asks Ozon about the cabinet's key and keeps the answer, also when it is a refusal.
    ///
    /// # Errors
    /// What Ozon said against the key, or why it could not be asked.
    pub async fn check_cabinet(&self, id: CabinetId) -> Result<Checked, LoadError> {
        match self.ask_about_key(id).await {
            Ok(checked) => {
                let lacks_role = NEEDED.iter().any(|method| checked.missing.contains(method));
                let told = CheckResult {
                    company_name: checked.company_name.clone(),
                    key_expires_at: checked.key_expires_at,
                    roles: checked.roles.clone(),
                    fault: lacks_role.then(|| "role_missing".to_owned()),
                };
                self.store.set_cabinet_check(id, told, self.now()).await?;
                self.store.keep_warehouses(id, &checked.warehouses, self.now()).await?;
                if let Some(at) = checked.key_expires_at {
                    self.warn_of_expiry(id, at).await?;
                }
                self.told_something();
                Ok(checked)
            }
            Err(error) => {
                if error.blames_key() {
                    self.store.set_key_fault(id, Some(error.code()), self.now()).await?;
                    self.told_something();
                }
                Err(error)
            }
        }
    }

    /// Asks Ozon about the cabinet's key and keeps nothing of the answer.
    ///
    /// # Errors
    /// What Ozon said against the key, or why it could not be asked.
    pub async fn ask_about_key(&self, id: CabinetId) -> Result<Checked, LoadError> {
        let cabinet = self.store.cabinet(id).await?;
        let client = self.client(&cabinet).await?;
        let Answer { value: roles, meta } = client.call(&GetRoles {}).await?;
        let clock_ahead = meta.dated.map(|dated| self.now() - dated);
        let missing = sunset::LOADING.iter().copied().filter(|path| !roles.covers(path)).collect();
        // The name and the warehouses are a kindness: a key without these roles still loads orders.
        let company_name = match client.call(&GetSellerInfo {}).await {
            Ok(info) => info.value.company.name.or(info.value.company.legal_name),
            Err(error) if error.kind == ErrorKind::MissingRole => None,
            Err(error) => return Err(error.into()),
        };
        let warehouses = match client.all_warehouses().await {
            Ok(warehouses) => warehouses.iter().map(warehouse).collect(),
            Err(error) if error.kind == ErrorKind::MissingRole => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let granted = roles.roles.iter().map(|role| RoleGrant {
            name: role.name.clone().unwrap_or_default(),
            methods: role.methods.clone().unwrap_or_default(),
        });
        Ok(Checked {
            company_name,
            key_expires_at: roles.expires_at,
            roles: granted.collect(),
            missing,
            clock_ahead,
            warehouses,
        })
    }
}

/// A warehouse as the store keeps it.
pub(crate) fn warehouse(from: &ozon_api::methods::Warehouse) -> Warehouse {
    Warehouse {
        id: from.warehouse_id,
        name: from.name.clone().unwrap_or_default(),
        utc_offset_minutes: from.utc.as_deref().and_then(offset),
    }
}

/// Minutes east of UTC of a text such as `UTC+03:00`.
fn offset(text: &str) -> Option<i32> {
    let text = text.trim().strip_prefix("UTC")?;
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warehouses_zone_is_read_and_rubbish_is_not() {
        assert_eq!(offset("UTC+03:00"), Some(180));
        assert_eq!(offset("UTC-2"), Some(-120));
        assert_eq!(offset("Moscow"), None);
        assert_eq!(offset("UTC+99:00"), None);
    }
}
