//! Tokens of programs. A secret is told once; only its hash is kept.

use chrono::{DateTime, Utc};
use entities::api_tokens;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{NOTED_EVERY, Role, role};
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::secrets::{new_token, token_hash};
use crate::text::clean;

/// A program's token, without the secret.
#[derive(Clone, Debug)]
pub struct ApiToken {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to five minutes.
    pub used_at: Option<DateTime<Utc>>,
    /// From when on it opens nothing.
    pub expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<api_tokens::Model> for ApiToken {
    type Error = Error;
    fn try_from(row: api_tokens::Model) -> Result<Self> {
        Ok(Self {
            id: row.id,
            role: role(&row.role)?,
            name: row.name,
            created_at: instant(row.created_at),
            used_at: row.used_at.map(instant),
            expires_at: row.expires_at.map(instant),
        })
    }
}

impl Store {
    /// Makes a token for a program that never expires; the secret is told this once.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is.
    pub async fn add_token(&self, name: &str, role: Role, now: DateTime<Utc>) -> Result<(ApiToken, String)> {
        self.add_token_until(name, role, None, now).await
    }

    /// Makes a token for a program, until a moment where one is given; the secret is told this once.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is.
    pub async fn add_token_until(
        &self,
        name: &str,
        role: Role,
        until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(ApiToken, String)> {
        let secret = format!("vyg_{}", new_token());
        let row = api_tokens::ActiveModel {
            name: Set(clean(name)),
            token_hash: Set(token_hash(&secret)),
            role: Set(role.word().to_owned()),
            created_at: Set(micros(now)),
            expires_at: Set(until.map(micros)),
            ..Default::default()
        };
        match api_tokens::Entity::insert(row).exec_with_returning(&self.steady).await.map_err(Error::from) {
            Err(Error::Raced) => Err(Error::Taken { what: "name" }),
            row => Ok((row?.try_into()?, secret)),
        }
    }

    /// Every token, by name.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>> {
        let rows =
            api_tokens::Entity::find().order_by_asc(api_tokens::Column::Name).all(&self.steady).await?;
        rows.into_iter().map(ApiToken::try_from).collect()
    }

    /// The token with this secret, unless it has expired.
    pub async fn token(&self, secret: &str, now: DateTime<Utc>) -> Result<Option<ApiToken>> {
        let hash = token_hash(secret);
        let row = api_tokens::Entity::find()
            .filter(api_tokens::Column::TokenHash.eq(hash))
            .one(&self.steady)
            .await?;
        let Some(row) = row.filter(|row| row.expires_at.is_none_or(|end| end > micros(now))) else {
            return Ok(None);
        };
        if row.used_at.is_none_or(|used| used < micros(now - NOTED_EVERY)) {
            let mut change = row.clone().into_active_model();
            change.used_at = Set(Some(micros(now)));
            change.update(&self.steady).await?;
        }
        row.try_into().map(Some)
    }

    /// Takes a token back; its name.
    pub async fn delete_token(&self, id: i64) -> Result<String> {
        let row = api_tokens::Entity::find_by_id(id).one(&self.steady).await?.ok_or(Error::NotFound)?;
        let done = api_tokens::Entity::delete_by_id(id).exec(&self.steady).await?;
        if done.rows_affected == 0 { Err(Error::NotFound) } else { Ok(row.name) }
    }
}
