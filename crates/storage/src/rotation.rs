//! A new secret key: every secret is encrypted anew with it, all in one transaction.
//!
//! A process that still has the key before opens no secret any more and writes none: whatever seals a secret holds the
//! fingerprint of the database's key to the end of its transaction ([`hold_key`]).

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entities::{cabinets, mail_settings, shop, users};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QuerySelect,
    Statement,
};

use crate::connect::{BUSY, Store};
use crate::error::{Error, Result};
use crate::install::{KEY_FINGERPRINT, fact, set_fact};
use crate::people;
use crate::secrets::SecretKey;

/// What a rotation did.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// How many secrets are encrypted with the new key.
    pub secrets: usize,
    /// The file that keeps the new key; `None` when the key comes from the configuration.
    pub file: Option<PathBuf>,
}

impl Store {
    /// The file that keeps the secret key; `None` when the key came from the configuration.
    pub fn key_file(&self) -> Option<&Path> {
        self.key_file.as_ref().map(|file| file.path())
    }

    /// Encrypts every secret with another key, and exchanges the key in the file where one keeps it. This store has the
    /// old key still and is to be closed.
    ///
    /// # Errors
    /// [`Error::WrongSecretKey`] when this store's key is not the database's; [`Error::Corrupt`] with the secret that
    /// cannot be opened. Nothing is changed then.
    pub async fn rotate_secret_key(
        &self,
        new: &SecretKey,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<Rotated> {
        if let Some(file) = &self.key_file {
            file.put_aside(new)?;
        }
        let done = self.seal_anew(new, actor, now).await;
        let Some(file) = &self.key_file else { return Ok(Rotated { secrets: done?, file: None }) };
        let secrets = match done {
            Ok(secrets) => secrets,
            Err(error) => {
                // Where it is not known whether the database took it, the key stays aside: the next start will see.
                if fact(&self.db, KEY_FINGERPRINT).await.is_ok_and(|known| known != Some(new.fingerprint())) {
                    file.forget_aside(&new.fingerprint());
                }
                return Err(error);
            }
        };
        // The old key must not go before the disk has what the new one opens. While somebody reads for long, the new key
        // stays aside; whoever opens the store next finds it there.
        let new = new.fingerprint();
        let settled = self.is_on_disk().await.unwrap_or(false);
        let kept = if settled { file.take_its_place(&new) } else { file.aside(&new) };
        Ok(Rotated { secrets, file: Some(kept) })
    }

    async fn seal_anew(&self, new: &SecretKey, actor: &str, now: DateTime<Utc>) -> Result<usize> {
        self.write(|tx, _| {
            Box::pin(async move {
                held(tx, &self.key.fingerprint(), LockType::Update).await?;
                let sealed_anew = self.seal_rows(tx, new).await?;
                set_fact(tx, KEY_FINGERPRINT, &new.fingerprint()).await?;
                people::note(tx, actor, "secret.rotate", "secret key", "", now).await?;
                Ok(sealed_anew)
            })
        })
        .await
    }

    /// Every secret that is kept; a new kind of secret is added here.
    async fn seal_rows(&self, tx: &DatabaseTransaction, new: &SecretKey) -> Result<usize> {
        let anew = |purpose: &str, what: &str, sealed: &[u8]| {
            let secret = self.key.open(purpose, sealed).map_err(|_| {
                Error::Corrupt(format!("{what} cannot be decrypted; give it anew, then rotate the key"))
            })?;
            new.seal(purpose, &secret)
        };
        let mut count = 0;
        for row in cabinets::Entity::find().all(tx).await? {
            use cabinets::Column as C;
            let what = format!("the Api-Key of the cabinet {}", row.name);
            let key = anew(&crate::cabinets::purpose(&row.client_id), &what, &row.api_key)?;
            let purpose = crate::hooks::purpose(domain::CabinetId(row.id));
            let what = format!("the address for messages of the cabinet {}", row.name);
            let hook = row.hook_secret.map(|sealed| anew(&purpose, &what, &sealed)).transpose()?;
            count += 1 + usize::from(hook.is_some());
            let change = cabinets::Entity::update_many()
                .col_expr(C::ApiKey, Expr::value(key))
                .col_expr(C::HookSecret, Expr::value(hook));
            change.filter(C::Id.eq(row.id)).exec(tx).await?;
        }
        for row in users::Entity::find().filter(users::Column::FactorSecret.is_not_null()).all(tx).await? {
            let Some(sealed) = row.factor_secret else { continue };
            let purpose = people::factor_purpose(domain::UserId(row.id));
            let sealed = anew(&purpose, &format!("the second factor of {}", row.email), &sealed)?;
            count += 1;
            let change =
                users::Entity::update_many().col_expr(users::Column::FactorSecret, Expr::value(sealed));
            change.filter(users::Column::Id.eq(row.id)).exec(tx).await?;
        }
        for row in mail_settings::Entity::find().all(tx).await? {
            let Some(sealed) = row.password else { continue };
            let sealed = anew(crate::mail::PURPOSE, "the password of the mail server", &sealed)?;
            count += 1;
            let change = mail_settings::Entity::update_many()
                .col_expr(mail_settings::Column::Password, Expr::value(sealed));
            change.filter(mail_settings::Column::Id.eq(row.id)).exec(tx).await?;
        }
        Ok(count)
    }

    /// Brings what was written to the disk; `false` when somebody read for too long.
    async fn is_on_disk(&self) -> Result<bool> {
        let begun = Instant::now();
        while begun.elapsed() < BUSY {
            let checkpoint = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
            let told = self.db.query_one_raw(checkpoint).await?;
            if told.is_some_and(|row| row.try_get_by_index::<i32>(0).is_ok_and(|busy| busy == 0)) {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(false)
    }
}

/// Holds the database's key to the end of the transaction, so that what is sealed with this one can be opened afterwards.
///
/// # Errors
/// [`Error::WrongSecretKey`] when the database has another key by now.
pub(crate) async fn hold_key(tx: &DatabaseTransaction, key: &SecretKey) -> Result<()> {
    held(tx, &key.fingerprint(), LockType::Share).await
}

async fn held(tx: &DatabaseTransaction, fingerprint: &str, lock: LockType) -> Result<()> {
    let row = shop::Entity::find().filter(shop::Column::Key.eq(KEY_FINGERPRINT)).lock(lock).one(tx).await?;
    match row {
        Some(row) if row.value != fingerprint => Err(Error::WrongSecretKey),
        _ => Ok(()),
    }
}
