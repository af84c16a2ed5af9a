//! Ozon cabinets: their keys (encrypted), their state, their watermark.

use chrono::{DateTime, Utc};
use domain::{CabinetId, Settings};
use entities::{cabinet_settings, cabinets};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::news::{self, Detail, NewsKind};
use crate::rotation::hold_key;
use crate::text::clean;
use crate::{install, people};

/// A role of an Api-Key, with the methods (or path prefixes) it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    /// Ozon's name of the role.
    pub name: String,
    /// Methods or prefixes of methods.
    pub methods: Vec<String>,
}

/// A cabinet, without its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cabinet {
    /// Our id.
    pub id: CabinetId,
    /// The name people gave it.
    pub name: String,
    /// Ozon's Client-Id.
    pub client_id: String,
    /// Where its API is.
    pub api_url: String,
    /// When the key was entered.
    pub key_set_at: DateTime<Utc>,
    /// Until when the key works, once checked.
    pub key_expires_at: Option<DateTime<Utc>>,
    /// The seller's name at Ozon, once checked.
    pub company_name: Option<String>,
    /// The key's roles, once checked.
    pub roles: Vec<RoleGrant>,
    /// When the key was last checked.
    pub checked_at: Option<DateTime<Utc>>,
    /// The code of the error that the last check or load met with the key.
    pub check_error: Option<String>,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// Not loaded any more since then.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Start of the last complete load.
    pub watermark: Option<DateTime<Utc>>,
    /// Start of the last complete load that the schedule counts from ([`Cause::counts_for_schedule`]).
    pub scheduled_from: Option<DateTime<Utc>>,
    /// Failed loads in a row.
    pub failures: u32,
    /// When the last of them failed.
    pub last_failure_at: Option<DateTime<Utc>>,
}

/// A cabinet to be added.
#[derive(Debug)]
pub struct NewCabinet {
    /// The name people give it; unique.
    pub name: String,
    /// Ozon's Client-Id; unique.
    pub client_id: String,
    /// Its Api-Key.
    pub api_key: SecretString,
    /// Where its API is.
    pub api_url: String,
}

/// What a check of the key told.
#[derive(Clone, Debug, Default)]
pub struct CheckResult {
    /// The seller's name.
    pub company_name: Option<String>,
    /// Until when the key works.
    pub key_expires_at: Option<DateTime<Utc>>,
    /// The key's roles.
    pub roles: Vec<RoleGrant>,
    /// The code of what the key lacks.
    pub fault: Option<String>,
}

impl From<cabinets::Model> for Cabinet {
    fn from(row: cabinets::Model) -> Self {
        Self {
            id: CabinetId(row.id),
            name: row.name,
            client_id: row.client_id,
            api_url: row.api_url,
            key_set_at: instant(row.key_set_at),
            key_expires_at: row.key_expires_at.map(instant),
            company_name: row.company_name,
            roles: row.roles.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            checked_at: row.checked_at.map(instant),
            check_error: row.check_error,
            added_at: instant(row.added_at),
            disabled_at: row.disabled_at.map(instant),
            watermark: row.watermark.map(instant),
            scheduled_from: row.scheduled_from.map(instant),
            failures: u32::try_from(row.failures).unwrap_or(0),
            last_failure_at: row.last_failure_at.map(instant),
        }
    }
}

/// What an Api-Key is sealed for: its own cabinet.
pub(crate) fn purpose(client_id: &str) -> String {
    format!("api key of {client_id}")
}

impl Store {
    /// All cabinets, by name.
    pub async fn cabinets(&self) -> Result<Vec<Cabinet>> {
        let rows = cabinets::Entity::find().order_by_asc(cabinets::Column::Name).all(&self.steady).await?;
        Ok(rows.into_iter().map(Cabinet::from).collect())
    }

    /// One cabinet.
    pub async fn cabinet(&self, id: CabinetId) -> Result<Cabinet> {
        Ok(self.cabinet_row(id).await?.into())
    }

    /// The cabinet of that name, Client-Id or id.
    pub async fn cabinet_named(&self, named: &str) -> Result<Cabinet> {
        let all = self.cabinets().await?;
        let by = |same: fn(&Cabinet, &str) -> bool| all.iter().find(|c| same(c, named)).cloned();
        by(|c, named| c.name == named)
            .or_else(|| by(|c, named| c.client_id == named))
            .or_else(|| by(|c, named| c.id.to_string() == named))
            .ok_or(Error::NotFound)
    }

    /// Adds a cabinet with the default settings.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name or the Client-Id is.
    pub async fn add_cabinet(&self, new: NewCabinet, now: DateTime<Utc>, actor: &str) -> Result<Cabinet> {
        let new = &NewCabinet {
            name: clean(&new.name),
            client_id: clean(&new.client_id),
            api_url: clean(&new.api_url),
            api_key: new.api_key,
        };
        let key = self.key.seal(&purpose(&new.client_id), &new.api_key)?;
        let key = &key;
        self.write(|tx, _| {
            Box::pin(async move {
                hold_key(tx, &self.key).await?;
                for (column, value, what) in [
                    (cabinets::Column::Name, &new.name, "name"),
                    (cabinets::Column::ClientId, &new.client_id, "client_id"),
                ] {
                    if cabinets::Entity::find().filter(column.eq(value)).one(tx).await?.is_some() {
                        return Err(Error::Taken { what });
                    }
                }
                let row = cabinets::ActiveModel {
                    name: Set(new.name.clone()),
                    client_id: Set(new.client_id.clone()),
                    api_url: Set(new.api_url.clone()),
                    api_key: Set(key.clone()),
                    key_set_at: Set(micros(now)),
                    added_at: Set(micros(now)),
                    failures: Set(0),
                    ..Default::default()
                };
                let row = cabinets::Entity::insert(row).exec_with_returning(tx).await?;
                let settings = Settings::on_install(&install::installed(tx).await?, now);
                let version = cabinet_settings::ActiveModel {
                    cabinet_id: Set(row.id),
                    version: Set(1),
                    settings: Set(
                        serde_json::to_string(&settings).map_err(|e| Error::Corrupt(e.to_string()))?
                    ),
                    changed_at: Set(micros(now)),
                    changed_by: Set(clean(actor)),
                    ..Default::default()
                };
                cabinet_settings::Entity::insert(version).exec_without_returning(tx).await?;
                people::note(tx, actor, "cabinet.add", &new.name, &new.client_id, now).await?;
                Ok(row.into())
            })
        })
        .await
    }

    /// The Api-Key, decrypted, for calls to Ozon.
    ///
    /// # Errors
    /// [`Error::WrongSecretKey`] when it was encrypted with another key.
    pub async fn cabinet_key(&self, id: CabinetId) -> Result<SecretString> {
        let row = self.cabinet_row(id).await?;
        self.key.open(&purpose(&row.client_id), &row.api_key)
    }

    /// A new Api-Key; what the old one's check told is forgotten.
    pub async fn set_cabinet_key(
        &self,
        id: CabinetId,
        key: SecretString,
        now: DateTime<Utc>,
        actor: &str,
    ) -> Result<()> {
        let key = &key;
        self.write(|tx, _| {
            Box::pin(async move {
                hold_key(tx, &self.key).await?;
                let row = row(tx, id).await?;
                let sealed = self.key.seal(&purpose(&row.client_id), key)?;
                people::note(tx, actor, "cabinet.key", &row.name, "", now).await?;
                let mut row = row.into_active_model();
                row.api_key = Set(sealed);
                row.key_set_at = Set(micros(now));
                row.key_expires_at = Set(None);
                row.checked_at = Set(None);
                row.check_error = Set(None);
                row.roles = Set(None);
                row.failures = Set(0);
                row.last_failure_at = Set(None);
                row.update(tx).await?;
                Ok(())
            })
        })
        .await?;
        // What the old key could not tell Ozon is told with the new one.
        self.wake_outbox(id, now).await
    }

    /// Stops loading.
    pub async fn disable_cabinet(&self, id: CabinetId, now: DateTime<Utc>, actor: &str) -> Result<()> {
        self.set_disabled(id, Some(now), now, actor).await
    }

    /// Loads again.
    pub async fn enable_cabinet(&self, id: CabinetId, now: DateTime<Utc>, actor: &str) -> Result<()> {
        self.set_disabled(id, None, now, actor).await
    }

    async fn set_disabled(
        &self,
        id: CabinetId,
        at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        actor: &str,
    ) -> Result<()> {
        let row = self.cabinet_row(id).await?;
        let act = if at.is_some() { "cabinet.disable" } else { "cabinet.enable" };
        people::note(&self.steady, actor, act, &row.name, "", now).await?;
        let mut row = row.into_active_model();
        row.disabled_at = Set(at.map(micros));
        row.update(&self.steady).await?;
        Ok(())
    }

    /// Another name.
    ///
    /// # Errors
    /// [`Error::Taken`] when another cabinet has it.
    pub async fn rename_cabinet(
        &self,
        id: CabinetId,
        name: &str,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let row = self.cabinet_row(id).await?;
        let mut change = row.clone().into_active_model();
        change.name = Set(clean(name));
        match change.update(&self.steady).await.map_err(Error::from) {
            Err(Error::Raced) => return Err(Error::Taken { what: "name" }),
            other => other.map(|_| ())?,
        }
        people::note(&self.steady, actor, "cabinet.rename", &row.name, name, now).await
    }

    /// Keeps what a check of the key told.
    pub async fn set_cabinet_check(
        &self,
        id: CabinetId,
        told: CheckResult,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let told = &told;
        self.write(|tx, _| {
            Box::pin(async move {
                let mut change = cabinets::ActiveModel {
                    id: Set(id.0),
                    checked_at: Set(Some(micros(now))),
                    key_expires_at: Set(told.key_expires_at.map(micros)),
                    roles: Set(serde_json::to_string(&told.roles).ok()),
                    ..Default::default()
                };
                if let Some(name) = &told.company_name {
                    change.company_name = Set(Some(clean(name)));
                }
                change.update(tx).await?;
                key_fault(tx, id, told.fault.as_deref(), now).await
            })
        })
        .await
    }

    /// Keeps the code of what Ozon has against the key, or that it has nothing against it any more. A key that begins to
    /// fail is news.
    pub async fn set_key_fault(&self, id: CabinetId, code: Option<&str>, now: DateTime<Utc>) -> Result<()> {
        self.write(|tx, _| Box::pin(key_fault(tx, id, code, now))).await
    }

    async fn cabinet_row(&self, id: CabinetId) -> Result<cabinets::Model> {
        row(&self.steady, id).await
    }
}

async fn key_fault(
    tx: &DatabaseTransaction,
    id: CabinetId,
    code: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let before = locked(tx, id).await?.check_error;
    if before.as_deref() == code {
        return Ok(());
    }
    let change = cabinets::ActiveModel {
        id: Set(id.0),
        check_error: Set(code.map(str::to_owned)),
        ..Default::default()
    };
    change.update(tx).await?;
    let Some(code) = code else { return Ok(()) };
    let detail = Detail { code: Some(code.to_owned()), ..Detail::default() };
    news::write(tx, id, vec![(NewsKind::KeyFails, None, detail)], now).await
}

/// The row, kept from everyone else until the transaction ends.
pub(crate) async fn locked(tx: &DatabaseTransaction, id: CabinetId) -> Result<cabinets::Model> {
    cabinets::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

pub(crate) async fn row<C: ConnectionTrait>(db: &C, id: CabinetId) -> Result<cabinets::Model> {
    cabinets::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)
}
