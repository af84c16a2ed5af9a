//! Who is signed in, and who has told a password and still owes a one-time code. Of every token only a hash is kept.

use chrono::{DateTime, Duration, Utc};
use domain::UserId;
use entities::{sessions, sign_ins, users};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use super::{NOTED_EVERY, User};
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::secrets::{new_token, token_hash};
use crate::text::clean;

/// How long a person may look for the device that shows the code.
const SIGN_IN_LASTS: Duration = Duration::minutes(10);

/// A session that is open.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Names it to its owner; opens nothing.
    pub id: String,
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// When it was last used, to five minutes.
    pub seen_at: DateTime<Utc>,
    /// What the browser called itself.
    pub user_agent: String,
    /// It is the one that asks.
    pub is_this: bool,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |text, byte| text + &format!("{byte:02x}"))
}

impl Store {
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
        users::Entity::update_many()
            .col_expr(users::Column::SignedInAt, Expr::value(micros(now)))
            .filter(users::Column::Id.eq(id.0))
            .exec(&self.db)
            .await?;
        Ok(token)
    }

    /// Who is signed in with a token.
    pub async fn session(&self, token: &str, now: DateTime<Utc>) -> Result<Option<User>> {
        let hash = token_hash(token);
        let Some(session) = sessions::Entity::find_by_id(hash).one(&self.db).await? else { return Ok(None) };
        if session.expires_at <= micros(now) {
            return Ok(None);
        }
        let Some(user) = self.if_let_in(session.user_id).await? else { return Ok(None) };
        if session.seen_at < micros(now - NOTED_EVERY) {
            let mut row = session.into_active_model();
            row.seen_at = Set(micros(now));
            match row.update(&self.db).await {
                // It was ended at this very moment.
                Err(sea_orm::DbErr::RecordNotUpdated) => return Ok(None),
                other => other.map(|_| ())?,
            }
        }
        Ok(Some(user))
    }

    async fn if_let_in(&self, id: i64) -> Result<Option<User>> {
        let user = users::Entity::find_by_id(id).one(&self.db).await?;
        user.filter(|user| user.disabled_at.is_none()).map(User::try_from).transpose()
    }

    /// A person's open sessions, the one used last first. `token` is the one that asks.
    pub async fn sessions(
        &self,
        id: UserId,
        token: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Vec<OpenSession>> {
        let this = token.map(token_hash);
        let rows = sessions::Entity::find()
            .filter(sessions::Column::UserId.eq(id.0))
            .filter(sessions::Column::ExpiresAt.gt(micros(now)))
            .order_by_desc(sessions::Column::SeenAt)
            .order_by_asc(sessions::Column::TokenHash)
            .all(&self.db)
            .await?;
        let open = rows.into_iter().map(|row| OpenSession {
            id: hex(&row.token_hash),
            begun_at: instant(row.created_at),
            seen_at: instant(row.seen_at),
            user_agent: row.user_agent,
            is_this: this.as_ref() == Some(&row.token_hash),
        });
        Ok(open.collect())
    }

    /// Ends one of a person's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not theirs, or has ended.
    pub async fn end_session(&self, id: UserId, session: &str) -> Result<()> {
        let rows = sessions::Entity::find().filter(sessions::Column::UserId.eq(id.0)).all(&self.db).await?;
        let hash = rows.into_iter().map(|row| row.token_hash).find(|hash| hex(hash) == session);
        let hash = hash.ok_or(Error::NotFound)?;
        sessions::Entity::delete_by_id(hash).exec(&self.db).await?;
        Ok(())
    }

    /// Ends every session of a person but the one with this token; how many.
    pub async fn end_other_sessions(&self, id: UserId, token: &str) -> Result<u64> {
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::UserId.eq(id.0))
            .filter(sessions::Column::TokenHash.ne(token_hash(token)))
            .exec(&self.db)
            .await?;
        Ok(done.rows_affected)
    }

    /// Ends every session of a person, and whatever sign-in has begun; how many sessions.
    pub async fn end_sessions(&self, id: UserId) -> Result<u64> {
        self.write(|tx, _| Box::pin(end_all(tx, id))).await
    }

    /// Signs out.
    pub async fn close_session(&self, token: &str) -> Result<()> {
        sessions::Entity::delete_by_id(token_hash(token)).exec(&self.db).await?;
        Ok(())
    }

    /// The password was right and a one-time code is owed: the token of the sign-in that waits for it. It opens nothing.
    pub async fn begin_sign_in(&self, id: UserId, now: DateTime<Utc>) -> Result<String> {
        let ended = sign_ins::Column::ExpiresAt.lt(micros(now));
        sign_ins::Entity::delete_many().filter(ended).exec(&self.db).await?;
        let token = new_token();
        let row = sign_ins::ActiveModel {
            token_hash: Set(token_hash(&token)),
            user_id: Set(id.0),
            expires_at: Set(micros(now + SIGN_IN_LASTS)),
        };
        sign_ins::Entity::insert(row).exec_without_returning(&self.db).await?;
        Ok(token)
    }

    /// Whose sign-in waits for a code.
    pub async fn begun_sign_in(&self, token: &str, now: DateTime<Utc>) -> Result<Option<User>> {
        let row = sign_ins::Entity::find_by_id(token_hash(token)).one(&self.db).await?;
        match row.filter(|row| row.expires_at > micros(now)) {
            Some(row) => self.if_let_in(row.user_id).await,
            None => Ok(None),
        }
    }

    /// The code was right: the sign-in waits no longer. `false` when it had ended meanwhile.
    pub async fn end_sign_in(&self, token: &str) -> Result<bool> {
        let done = sign_ins::Entity::delete_by_id(token_hash(token)).exec(&self.db).await?;
        Ok(done.rows_affected > 0)
    }
}

/// Ends every session of a person, and whatever sign-in has begun; how many sessions.
pub(super) async fn end_all<C: ConnectionTrait>(db: &C, id: UserId) -> Result<u64> {
    sign_ins::Entity::delete_many().filter(sign_ins::Column::UserId.eq(id.0)).exec(db).await?;
    let done = sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(id.0)).exec(db).await?;
    Ok(done.rows_affected)
}
