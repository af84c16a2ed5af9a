//! Who uses the panel and REST: users, sessions, tokens; and the audit of what they did.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, Utc};
use domain::{Actor, UserId};
use entities::{api_tokens, audit, sessions, users};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::page::{Page, PageAsk};
use crate::secrets::{new_token, token_hash};
use crate::text::clean;

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
}

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
}

/// One act on the installation.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What, as a code such as `cabinet.key`.
    pub act: String,
    /// On what.
    pub subject: String,
    /// More of it; never a secret.
    pub detail: String,
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
        })
    }
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
        })
    }
}

fn folded(email: &str) -> String {
    clean(email).trim().to_lowercase()
}

impl Store {
    /// Everyone, by address.
    pub async fn users(&self) -> Result<Vec<User>> {
        let rows = users::Entity::find().order_by_asc(users::Column::Email).all(&self.db).await?;
        rows.into_iter().map(User::try_from).collect()
    }

    /// How many there are.
    pub async fn user_count(&self) -> Result<u64> {
        Ok(users::Entity::find().count(&self.db).await?)
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
        match users::Entity::insert(row).exec_with_returning(&self.db).await.map_err(Error::from) {
            Err(Error::Raced) => Err(Error::Taken { what: "email" }),
            row => row?.try_into(),
        }
    }

    /// A person by address, with the password's hash.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<(User, String)>> {
        let row = users::Entity::find().filter(users::Column::Email.eq(folded(email))).one(&self.db).await?;
        row.map(|row| {
            let hash = row.password_hash.clone();
            Ok((row.try_into()?, hash))
        })
        .transpose()
    }

    /// Another password; ends every session of that person.
    pub async fn set_password(&self, id: UserId, password_hash: &str) -> Result<()> {
        self.change_user(id, |row| row.password_hash = Set(password_hash.to_owned())).await?;
        self.end_sessions(id).await
    }

    /// Another language: `ru` or `en`.
    pub async fn set_language(&self, id: UserId, language: &str) -> Result<()> {
        self.change_user(id, |row| row.language = Set(clean(language))).await
    }

    /// Another role.
    ///
    /// # Errors
    /// [`Error::Refused`] with `last_admin` when nobody could set things up any more.
    pub async fn set_role(&self, id: UserId, role: Role) -> Result<()> {
        if role != Role::Admin {
            self.keep_an_admin(id).await?;
        }
        self.change_user(id, |row| row.role = Set(role.word().to_owned())).await
    }

    /// Lets a person in no longer; ends every session of theirs.
    ///
    /// # Errors
    /// [`Error::Refused`] with `last_admin` when nobody could set things up any more.
    pub async fn disable_user(&self, id: UserId, now: DateTime<Utc>) -> Result<()> {
        self.keep_an_admin(id).await?;
        self.change_user(id, |row| row.disabled_at = Set(Some(micros(now)))).await?;
        self.end_sessions(id).await
    }

    /// Lets a person in again.
    pub async fn enable_user(&self, id: UserId) -> Result<()> {
        self.change_user(id, |row| row.disabled_at = Set(None)).await
    }

    async fn keep_an_admin(&self, but: UserId) -> Result<()> {
        let others = users::Entity::find()
            .filter(users::Column::Role.eq(Role::Admin.word()))
            .filter(users::Column::DisabledAt.is_null())
            .filter(users::Column::Id.ne(but.0))
            .count(&self.db)
            .await?;
        if others == 0 { Err(Error::Refused("last_admin")) } else { Ok(()) }
    }

    async fn change_user(
        &self,
        id: UserId,
        change: impl FnOnce(&mut users::ActiveModel) + Send,
    ) -> Result<()> {
        let row = users::Entity::find_by_id(id.0).one(&self.db).await?.ok_or(Error::NotFound)?;
        let mut row = row.into_active_model();
        change(&mut row);
        row.update(&self.db).await?;
        Ok(())
    }

    async fn end_sessions(&self, id: UserId) -> Result<()> {
        sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(id.0)).exec(&self.db).await?;
        Ok(())
    }

    /// Signs a person in: the token for the cookie, of which only a hash is kept.
    pub async fn open_session(
        &self,
        id: UserId,
        user_agent: &str,
        now: DateTime<Utc>,
        ttl: Duration,
    ) -> Result<String> {
        let ended = sessions::Column::ExpiresAt.lt(micros(now));
        sessions::Entity::delete_many().filter(ended).exec(&self.db).await?;
        let token = new_token();
        let row = sessions::ActiveModel {
            token_hash: Set(token_hash(&token)),
            user_id: Set(id.0),
            created_at: Set(micros(now)),
            seen_at: Set(micros(now)),
            expires_at: Set(micros(now + ttl)),
            user_agent: Set(clean(user_agent).chars().take(200).collect()),
        };
        sessions::Entity::insert(row).exec_without_returning(&self.db).await?;
        Ok(token)
    }

    /// Who is signed in with a token.
    pub async fn session(&self, token: &str, now: DateTime<Utc>) -> Result<Option<User>> {
        let hash = token_hash(token);
        let Some(session) = sessions::Entity::find_by_id(hash).one(&self.db).await? else { return Ok(None) };
        if session.expires_at <= micros(now) {
            return Ok(None);
        }
        let user = users::Entity::find_by_id(session.user_id).one(&self.db).await?;
        let Some(user) = user.filter(|user| user.disabled_at.is_none()) else { return Ok(None) };
        if session.seen_at < micros(now - NOTED_EVERY) {
            let mut row = session.into_active_model();
            row.seen_at = Set(micros(now));
            row.update(&self.db).await?;
        }
        user.try_into().map(Some)
    }

    /// Signs out.
    pub async fn close_session(&self, token: &str) -> Result<()> {
        sessions::Entity::delete_by_id(token_hash(token)).exec(&self.db).await?;
        Ok(())
    }

    /// Makes a token for a program; the secret is told this once.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is.
    pub async fn add_token(&self, name: &str, role: Role, now: DateTime<Utc>) -> Result<(ApiToken, String)> {
        let secret = format!("vyg_{}", new_token());
        let row = api_tokens::ActiveModel {
            name: Set(clean(name)),
            token_hash: Set(token_hash(&secret)),
            role: Set(role.word().to_owned()),
            created_at: Set(micros(now)),
            ..Default::default()
        };
        match api_tokens::Entity::insert(row).exec_with_returning(&self.db).await.map_err(Error::from) {
            Err(Error::Raced) => Err(Error::Taken { what: "name" }),
            row => Ok((row?.try_into()?, secret)),
        }
    }

    /// Every token, by name.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>> {
        let rows = api_tokens::Entity::find().order_by_asc(api_tokens::Column::Name).all(&self.db).await?;
        rows.into_iter().map(ApiToken::try_from).collect()
    }

    /// The token with this secret.
    pub async fn token(&self, secret: &str, now: DateTime<Utc>) -> Result<Option<ApiToken>> {
        let hash = token_hash(secret);
        let row =
            api_tokens::Entity::find().filter(api_tokens::Column::TokenHash.eq(hash)).one(&self.db).await?;
        let Some(row) = row else { return Ok(None) };
        if row.used_at.is_none_or(|used| used < micros(now - NOTED_EVERY)) {
            let mut change = row.clone().into_active_model();
            change.used_at = Set(Some(micros(now)));
            change.update(&self.db).await?;
        }
        row.try_into().map(Some)
    }

    /// Takes a token back.
    pub async fn delete_token(&self, id: i64) -> Result<()> {
        let done = api_tokens::Entity::delete_by_id(id).exec(&self.db).await?;
        if done.rows_affected == 0 { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Notes an act in the audit.
    pub async fn note_audit(
        &self,
        actor: &str,
        act: &str,
        subject: &str,
        detail: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        note(&self.db, actor, act, subject, detail, now).await
    }

    /// The audit, the newest first.
    pub async fn audit(&self, ask: &PageAsk) -> Result<Page<AuditEntry>> {
        let mut query = audit::Entity::find().order_by_desc(audit::Column::Id).limit(ask.rows() + 1);
        if let Some((_, id)) = ask.after()? {
            query = query.filter(audit::Column::Id.lt(id));
        }
        let page = Page::cut(query.all(&self.db).await?, ask, |row| (0, row.id));
        Ok(page.map(|row| AuditEntry {
            at: instant(row.at),
            actor: row.actor,
            act: row.act,
            subject: row.subject,
            detail: row.detail,
        }))
    }
}

/// How the audit names someone.
pub(crate) fn name_of(actor: &Actor) -> String {
    match actor {
        Actor::User { name, .. } => name.clone(),
        Actor::Token { name } => format!("token {name}"),
        Actor::Command => "command".to_owned(),
        Actor::Ozon => "ozon".to_owned(),
        Actor::Rule => "rule".to_owned(),
    }
}

pub(crate) async fn note<C: ConnectionTrait>(
    db: &C,
    actor: &str,
    act: &str,
    subject: &str,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = audit::ActiveModel {
        at: Set(micros(now)),
        actor: Set(clean(actor)),
        act: Set(act.to_owned()),
        subject: Set(clean(subject)),
        detail: Set(clean(detail)),
        ..Default::default()
    };
    audit::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
