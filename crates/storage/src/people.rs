//! Who uses the panel and REST. The people themselves here; their sessions, second factor, the programs' tokens and the audit of
//! what all of them did in modules of their own.

mod audit;
mod code_tries;
mod second_factor;
mod sessions;
mod tokens;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, Utc};
use domain::UserId;
use entities::users;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::text::clean;

pub use audit::{AuditEntry, AuditFilter};
pub(crate) use audit::{name_of, note};
pub use second_factor::SecondFactor;
pub(crate) use second_factor::purpose as factor_purpose;
pub use sessions::{OpenSession, Opening};
pub use tokens::ApiToken;

/// A session or token is noted as used at most this often, so that reading does not mean writing.
const NOTED_EVERY: Duration = Duration::minutes(5);

/// What a person or program may do, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks, without personal data.
    Viewer,
    /// Works the orders.
    Manager,
    /// Sets everything up.
    Admin,
}

impl Role {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "viewer" => Ok(Self::Viewer),
            "manager" => Ok(Self::Manager),
            "admin" => Ok(Self::Admin),
            other => Err(format!("`{other}` is not a role; roles are admin, manager, viewer")),
        }
    }
}

/// A person who uses the panel.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address to sign in with, in lower case.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// `ru` or `en`.
    pub language: String,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// No longer let in since then.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When they last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// Since when a one-time code is asked for beside the password.
    pub second_factor_since: Option<DateTime<Utc>>,
}

fn role(text: &str) -> Result<Role> {
    text.parse().map_err(Error::Corrupt)
}

impl TryFrom<users::Model> for User {
    type Error = Error;
    fn try_from(row: users::Model) -> Result<Self> {
        Ok(Self {
            id: UserId(row.id),
            role: role(&row.role)?,
            email: row.email,
            language: row.language,
            created_at: instant(row.created_at),
            disabled_at: row.disabled_at.map(instant),
            signed_in_at: row.signed_in_at.map(instant),
            second_factor_since: row.factor_since.map(instant),
        })
    }
}

fn folded(email: &str) -> String {
    clean(email).trim().to_lowercase()
}

impl Store {
    /// Everyone, by address.
    pub async fn users(&self) -> Result<Vec<User>> {
        let rows = users::Entity::find().order_by_asc(users::Column::Email).all(&self.steady).await?;
        rows.into_iter().map(User::try_from).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person.
    pub async fn user(&self, id: UserId) -> Result<User> {
        users::Entity::find_by_id(id.0).one(&self.steady).await?.ok_or(Error::NotFound)?.try_into()
    }

    /// How many there are.
    pub async fn user_count(&self) -> Result<u64> {
        Ok(users::Entity::find().count(&self.steady).await?)
    }

    /// Adds a person; the password comes as its argon2id hash.
    ///
    /// # Errors
    /// [`Error::Taken`] when the address is.
    pub async fn add_user(
        &self,
        email: &str,
        password_hash: &str,
        role: Role,
        now: DateTime<Utc>,
    ) -> Result<User> {
        let row = users::ActiveModel {
            email: Set(folded(email)),
            password_hash: Set(password_hash.to_owned()),
            role: Set(role.word().to_owned()),
            language: Set(String::new()),
            created_at: Set(micros(now)),
            ..Default::default()
        };
        match users::Entity::insert(row).exec_with_returning(&self.steady).await.map_err(Error::from) {
            Err(Error::Raced) => Err(Error::Taken { what: "email" }),
            row => row?.try_into(),
        }
    }

    /// A person by address, with the password's hash.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<(User, String)>> {
        let row =
            users::Entity::find().filter(users::Column::Email.eq(folded(email))).one(&self.steady).await?;
        row.map(|row| {
            let hash = row.password_hash.clone();
            Ok((row.try_into()?, hash))
        })
        .transpose()
    }

    /// Another password; ends every session of that person, and whatever sign-in has begun.
    pub async fn set_password(&self, id: UserId, password_hash: &str) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                change_user(tx, id, |row| row.password_hash = Set(password_hash.to_owned())).await?;
                code_tries::forget(tx, id).await?;
                sessions::end_all(tx, id).await.map(|_| ())
            })
        })
        .await
    }

    /// Another language: `ru` or `en`.
    pub async fn set_language(&self, id: UserId, language: &str) -> Result<()> {
        change_user(&self.steady, id, |row| row.language = Set(clean(language))).await
    }

    /// Another role; ends every session of that person.
    ///
    /// # Errors
    /// [`Error::Refused`] with `last_admin` when nobody could set things up any more.
    pub async fn set_role(&self, id: UserId, role: Role) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                if role != Role::Admin {
                    keep_an_admin(tx, id).await?;
                }
                let row = users::Entity::find_by_id(id.0).one(tx).await?.ok_or(Error::NotFound)?;
                if row.role == role.word() {
                    return Ok(());
                }
                change_user(tx, id, |row| row.role = Set(role.word().to_owned())).await?;
                sessions::end_all(tx, id).await.map(|_| ())
            })
        })
        .await
    }

    /// Lets a person in no longer; ends every session of theirs.
    ///
    /// # Errors
    /// [`Error::Refused`] with `last_admin` when nobody could set things up any more.
    pub async fn disable_user(&self, id: UserId, now: DateTime<Utc>) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                keep_an_admin(tx, id).await?;
                change_user(tx, id, |row| row.disabled_at = Set(Some(micros(now)))).await?;
                sessions::end_all(tx, id).await.map(|_| ())
            })
        })
        .await
    }

    /// Lets a person in again.
    pub async fn enable_user(&self, id: UserId) -> Result<()> {
        change_user(&self.steady, id, |row| row.disabled_at = Set(None)).await
    }
}

/// Refuses what would leave nobody to set things up. The administrators' rows stay locked to the end of the transaction,
/// always in the same order, so that two of them cannot shut each other out at the same time.
async fn keep_an_admin<C: ConnectionTrait>(tx: &C, but: UserId) -> Result<()> {
    let admins = users::Entity::find()
        .filter(users::Column::Role.eq(Role::Admin.word()))
        .filter(users::Column::DisabledAt.is_null())
        .order_by_asc(users::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    if admins.iter().any(|row| row.id != but.0) { Ok(()) } else { Err(Error::Refused("last_admin")) }
}

async fn change_user<C: ConnectionTrait>(
    db: &C,
    id: UserId,
    change: impl FnOnce(&mut users::ActiveModel) + Send,
) -> Result<()> {
    let row = users::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)?;
    let mut row = row.into_active_model();
    change(&mut row);
    row.update(db).await?;
    Ok(())
}
