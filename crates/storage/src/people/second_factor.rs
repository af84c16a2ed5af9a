//! The second factor of a sign-in: the secret that a device makes its one-time codes of, and the codes that replace a lost
//! device. What a right code is, is not judged here; that none works twice, is.

use chrono::{DateTime, Utc};
use domain::UserId;
use entities::{recovery_codes, users};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use secrecy::SecretString;

use super::{change_user, code_tries};
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::rotation::hold_key;
use crate::secrets::token_hash;

/// A second factor that is set up, or is being set up.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    /// What the codes are made of, as text.
    pub secret: SecretString,
    /// Since when codes are asked for; `None` until the first right one has been told.
    pub since: Option<DateTime<Utc>>,
    /// Recovery codes that nobody has used.
    pub codes_left: u64,
}

pub(crate) fn purpose(id: UserId) -> String {
    format!("second factor {id}")
}

impl Store {
    /// A person's second factor.
    ///
    /// # Errors
    /// [`Error::WrongSecretKey`] when its secret was encrypted with another key.
    pub async fn second_factor(&self, id: UserId) -> Result<Option<SecondFactor>> {
        let row = users::Entity::find_by_id(id.0).one(&self.db).await?.ok_or(Error::NotFound)?;
        let Some(sealed) = row.factor_secret else { return Ok(None) };
        let left = recovery_codes::Entity::find().filter(recovery_codes::Column::UserId.eq(id.0));
        Ok(Some(SecondFactor {
            secret: self.key.open(&purpose(id), &sealed)?,
            since: row.factor_since.map(instant),
            codes_left: left.count(&self.db).await?,
        }))
    }

    /// Begins to set one up: no code is asked for until [`Self::confirm_second_factor`].
    ///
    /// # Errors
    /// [`Error::Refused`] with `second_factor` when one acts already.
    pub async fn begin_second_factor(&self, id: UserId, secret: &SecretString) -> Result<()> {
        let sealed = &self.key.seal(&purpose(id), secret)?;
        self.write(|tx, _| {
            Box::pin(async move {
                hold_key(tx, &self.key).await?;
                let done = users::Entity::update_many()
                    .col_expr(users::Column::FactorSecret, Expr::value(sealed.clone()))
                    .filter(users::Column::Id.eq(id.0))
                    .filter(users::Column::FactorSince.is_null())
                    .exec(tx)
                    .await?;
                if done.rows_affected == 0 { Err(Error::Refused("second_factor")) } else { Ok(()) }
            })
        })
        .await
    }

    /// The first right code was told, that of `step`: from now on codes are asked for, and these replace a lost device.
    ///
    /// # Errors
    /// [`Error::Refused`] with `second_factor` when one acts already, or none was begun.
    pub async fn confirm_second_factor(
        &self,
        id: UserId,
        step: i64,
        codes: &[String],
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                let done = users::Entity::update_many()
                    .col_expr(users::Column::FactorSince, Expr::value(micros(now)))
                    .col_expr(users::Column::FactorStep, Expr::value(step))
                    .filter(users::Column::Id.eq(id.0))
                    .filter(users::Column::FactorSince.is_null())
                    .filter(users::Column::FactorSecret.is_not_null())
                    .exec(tx)
                    .await?;
                if done.rows_affected == 0 {
                    return Err(Error::Refused("second_factor"));
                }
                replace_codes(tx, id, codes).await
            })
        })
        .await
    }

    /// Uses the one-time code of a step; `false` when it, or a newer one, has been used.
    pub async fn use_step(&self, id: UserId, step: i64) -> Result<bool> {
        let done = users::Entity::update_many()
            .col_expr(users::Column::FactorStep, Expr::value(step))
            .filter(users::Column::Id.eq(id.0))
            .filter(users::Column::FactorSince.is_not_null())
            .filter(users::Column::FactorStep.lt(step))
            .exec(&self.db)
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Uses a recovery code; `false` when there is no such code, or no more.
    pub async fn use_recovery_code(&self, id: UserId, code: &str) -> Result<bool> {
        let done = recovery_codes::Entity::delete_by_id((id.0, token_hash(code))).exec(&self.db).await?;
        Ok(done.rows_affected > 0)
    }

    /// Other recovery codes; the ones before open nothing any more.
    ///
    /// # Errors
    /// [`Error::Refused`] with `second_factor` when none acts.
    pub async fn renew_recovery_codes(&self, id: UserId, codes: &[String]) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                let row = users::Entity::find_by_id(id.0).one(tx).await?.ok_or(Error::NotFound)?;
                if row.factor_since.is_none() {
                    return Err(Error::Refused("second_factor"));
                }
                replace_codes(tx, id, codes).await
            })
        })
        .await
    }

    /// Asks for no codes any more.
    pub async fn drop_second_factor(&self, id: UserId) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                change_user(tx, id, |row| {
                    row.factor_secret = Set(None);
                    row.factor_since = Set(None);
                })
                .await?;
                code_tries::forget(tx, id).await?;
                replace_codes(tx, id, &[]).await
            })
        })
        .await
    }
}

async fn replace_codes<C: ConnectionTrait>(tx: &C, id: UserId, codes: &[String]) -> Result<()> {
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(id.0)).exec(tx).await?;
    if codes.is_empty() {
        return Ok(());
    }
    let rows = codes
        .iter()
        .map(|code| recovery_codes::ActiveModel { user_id: Set(id.0), code_hash: Set(token_hash(code)) });
    recovery_codes::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}
