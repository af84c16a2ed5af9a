//! Settings of cabinets: every version kept, with who and when.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::settings::{Directory, Fault, apply_patch};
use domain::{CabinetId, CustomerId, DeliveryMethodId, PaymentMethodId, Settings, SourceId, StatusId};
use entities::{
    cabinet_settings, customers, delivery_methods, ozon_codes, payment_methods, sources, statuses,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::page::{Page, PageAsk};
use crate::people;
use crate::text::clean;

/// One version of a cabinet's settings.
#[derive(Clone, Debug)]
pub struct SettingsVersion {
    /// 1 and up.
    pub version: u32,
    /// The settings.
    pub settings: Settings,
    /// Since when.
    pub changed_at: DateTime<Utc>,
    /// Who changed them.
    pub changed_by: String,
}

/// A version beside the one that it came after.
#[derive(Clone, Debug)]
pub struct SettingsStep {
    /// The version.
    pub version: SettingsVersion,
    /// The one before; `None` for the first.
    pub before: Option<SettingsVersion>,
}

/// Why a change of settings was not made.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The change itself is wrong; nothing was changed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

impl TryFrom<cabinet_settings::Model> for SettingsVersion {
    type Error = Error;
    fn try_from(row: cabinet_settings::Model) -> Result<Self> {
        Ok(Self {
            version: u32::try_from(row.version).unwrap_or(0),
            settings: serde_json::from_str(&row.settings)
                .map_err(|e| Error::Corrupt(format!("settings of cabinet {}: {e}", row.cabinet_id)))?,
            changed_at: instant(row.changed_at),
            changed_by: row.changed_by,
        })
    }
}

/// The version in force.
pub(crate) async fn current<C: ConnectionTrait>(db: &C, cabinet: CabinetId) -> Result<SettingsVersion> {
    cabinet_settings::Entity::find()
        .filter(cabinet_settings::Column::CabinetId.eq(cabinet.0))
        .order_by_desc(cabinet_settings::Column::Version)
        .one(db)
        .await?
        .ok_or(Error::NotFound)?
        .try_into()
}

/// One version, whether or not it is in force.
pub(crate) async fn version<C: ConnectionTrait>(
    db: &C,
    cabinet: CabinetId,
    version: u32,
) -> Result<SettingsVersion> {
    cabinet_settings::Entity::find()
        .filter(cabinet_settings::Column::CabinetId.eq(cabinet.0))
        .filter(cabinet_settings::Column::Version.eq(i32::try_from(version).unwrap_or(i32::MAX)))
        .one(db)
        .await?
        .ok_or(Error::NotFound)?
        .try_into()
}

impl Store {
    /// The settings in force.
    pub async fn settings(&self, cabinet: CabinetId) -> Result<SettingsVersion> {
        current(&self.steady, cabinet).await
    }

    /// Every version, the newest first.
    pub async fn settings_versions(&self, cabinet: CabinetId) -> Result<Vec<SettingsVersion>> {
        let rows = cabinet_settings::Entity::find()
            .filter(cabinet_settings::Column::CabinetId.eq(cabinet.0))
            .order_by_desc(cabinet_settings::Column::Version)
            .all(&self.steady)
            .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// A page of the versions, the newest first, each beside the one before it.
    pub async fn settings_history(&self, cabinet: CabinetId, ask: &PageAsk) -> Result<Page<SettingsStep>> {
        let mut query = cabinet_settings::Entity::find()
            .filter(cabinet_settings::Column::CabinetId.eq(cabinet.0))
            .order_by_desc(cabinet_settings::Column::Version)
            .limit(ask.rows() + 1);
        if let Some((version, _)) = ask.after()? {
            query = query.filter(
                cabinet_settings::Column::Version.lt(i32::try_from(version).map_err(|_| Error::BadCursor)?),
            );
        }
        let rows = query.all(&self.steady).await?;
        let versions: Vec<SettingsVersion> =
            rows.into_iter().map(TryInto::try_into).collect::<Result<_>>()?;
        // The row that tells of a next page is the one before the last of this page.
        let before = versions.iter().skip(1).cloned().map(Some).chain([None]).collect::<Vec<_>>();
        let steps = versions.into_iter().zip(before);
        let steps = steps.map(|(version, before)| SettingsStep { version, before }).collect();
        Ok(Page::cut(steps, ask, |step| (step.version.version.into(), 0)))
    }

    /// One version beside the one before it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such version.
    pub async fn settings_step(&self, cabinet: CabinetId, number: u32) -> Result<SettingsStep> {
        let found = version(&self.steady, cabinet, number).await?;
        let before = match version(&self.steady, cabinet, number.saturating_sub(1)).await {
            Ok(before) => Some(before),
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        };
        Ok(SettingsStep { version: found, before })
    }

    /// Merges a change into the settings: all of it, or nothing. A change that changes nothing makes no version.
    ///
    /// # Errors
    /// [`ApplyError::Faults`] names every key that is wrong and what is allowed.
    pub async fn apply_settings(
        &self,
        cabinet: CabinetId,
        patch: &Value,
        actor: &str,
        now: DateTime<Utc>,
    ) -> std::result::Result<SettingsVersion, ApplyError> {
        self.change_settings(cabinet, None, patch, actor, now).await
    }

    /// The same, only while `version` is the one in force: what somebody decided upon must be what is changed.
    ///
    /// # Errors
    /// [`Error::Refused`] with `settings_changed` when another change came first; and as above.
    pub async fn apply_settings_over(
        &self,
        cabinet: CabinetId,
        version: u32,
        patch: &Value,
        actor: &str,
        now: DateTime<Utc>,
    ) -> std::result::Result<SettingsVersion, ApplyError> {
        self.change_settings(cabinet, Some(version), patch, actor, now).await
    }

    async fn change_settings(
        &self,
        cabinet: CabinetId,
        over: Option<u32>,
        patch: &Value,
        actor: &str,
        now: DateTime<Utc>,
    ) -> std::result::Result<SettingsVersion, ApplyError> {
        let done = self
            .write(|tx, _| {
                Box::pin(async move {
                    let before = current(tx, cabinet).await?;
                    if over.is_some_and(|version| version != before.version) {
                        return Err(Error::Refused("settings_changed"));
                    }
                    let shop = directory(tx, cabinet, patch).await?;
                    let settings = match apply_patch(&before.settings, patch, &shop, self.zone) {
                        Ok(settings) => settings,
                        Err(faults) => return Ok(Err(faults)),
                    };
                    if settings == before.settings {
                        return Ok(Ok(before));
                    }
                    let after = SettingsVersion {
                        version: before.version + 1,
                        settings,
                        changed_at: now,
                        changed_by: actor.to_owned(),
                    };
                    let row = cabinet_settings::ActiveModel {
                        cabinet_id: Set(cabinet.0),
                        version: Set(i32::try_from(after.version).unwrap_or(i32::MAX)),
                        settings: Set(serde_json::to_string(&after.settings)
                            .map_err(|e| Error::Corrupt(e.to_string()))?),
                        changed_at: Set(micros(now)),
                        changed_by: Set(clean(actor)),
                        ..Default::default()
                    };
                    cabinet_settings::Entity::insert(row).exec_without_returning(tx).await?;
                    let subject = format!("cabinet {cabinet}");
                    people::note(
                        tx,
                        actor,
                        "settings.apply",
                        &subject,
                        &format!("version {}", after.version),
                        now,
                    )
                    .await?;
                    Ok(Ok(after))
                })
            })
            .await?;
        done.map_err(ApplyError::Faults)
    }

    /// Codes of Ozon that we do not know but have seen in this cabinet.
    pub async fn unknown_codes(&self, cabinet: CabinetId) -> Result<Vec<String>> {
        seen_codes(&self.steady, cabinet).await
    }
}

async fn seen_codes<C: ConnectionTrait>(db: &C, cabinet: CabinetId) -> Result<Vec<String>> {
    Ok(ozon_codes::Entity::find()
        .filter(ozon_codes::Column::CabinetId.eq(cabinet.0))
        .order_by_asc(ozon_codes::Column::Code)
        .select_only()
        .column(ozon_codes::Column::Code)
        .into_tuple()
        .all(db)
        .await?)
}

/// What exists in the shop, as far as a change could name it.
pub(crate) async fn directory<C: ConnectionTrait>(
    db: &C,
    cabinet: CabinetId,
    patch: &Value,
) -> Result<Directory> {
    macro_rules! ids {
        ($table:ident, $id:expr) => {{
            let ids: Vec<i64> =
                $table::Entity::find().select_only().column($table::Column::Id).into_tuple().all(db).await?;
            ids.into_iter().map($id).collect::<BTreeSet<_>>()
        }};
    }
    let named = patch.get("customer_id").and_then(Value::as_i64);
    let customers = match named {
        Some(id) => {
            customers::Entity::find_by_id(id).one(db).await?.map(|c| CustomerId(c.id)).into_iter().collect()
        }
        None => BTreeSet::new(),
    };
    Ok(Directory {
        statuses: ids!(statuses, StatusId),
        sources: ids!(sources, SourceId),
        customers,
        delivery_methods: ids!(delivery_methods, DeliveryMethodId),
        payment_methods: ids!(payment_methods, PaymentMethodId),
        seen_codes: seen_codes(db, cabinet).await?.into_iter().collect(),
    })
}
