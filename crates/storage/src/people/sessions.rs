//! Who is signed in, and who has told a password and still owes a one-time code. Of every token only a hash is kept.

use chrono::{DateTime, Duration, Utc};
use domain::UserId;
use entities::{sessions, sign_ins, users};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{NOTED_EVERY, User};
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::secrets::{new_token, token_hash};
use crate::text::clean;

/// How long a person may look for the device that shows the code.
const SIGN_IN_LASTS: Duration = Duration::minutes(10);

/// How long a session lasts that nobody uses.
const IDLE: Duration = Duration::days(7);

/// A session that is about to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// What the browser calls itself.
    pub user_agent: &'a str,
    /// Our time.
    pub now: DateTime<Utc>,
    /// How long it lasts at most.
    pub ttl: Duration,
}

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
        let opening = Opening { user_agent, now, ttl };
        self.write(|tx, _| Box::pin(open(tx, id, opening))).await
    }

    /// Signs in whoever told the password of this hash, where nothing more is asked for; `None` when another password, a
    /// second factor or a refusal came in while it was checked.
    pub async fn sign_in(
        &self,
        id: UserId,
        password_hash: &str,
        with: Opening<'_>,
    ) -> Result<Option<String>> {
        self.write(|tx, _| {
            Box::pin(async move {
                let user = let_in(tx, id).await?;
                match user.filter(|user| user.password_hash == password_hash && user.factor_since.is_none()) {
                    Some(_) => open(tx, id, with).await.map(Some),
                    None => Ok(None),
                }
            })
        })
        .await
    }

    /// A session for whoever has just set the password of this hash; `None` when it was changed once more.
    pub async fn open_anew(
        &self,
        id: UserId,
        password_hash: &str,
        with: Opening<'_>,
    ) -> Result<Option<String>> {
        self.write(|tx, _| {
            Box::pin(async move {
                match let_in(tx, id).await?.filter(|user| user.password_hash == password_hash) {
                    Some(_) => open(tx, id, with).await.map(Some),
                    None => Ok(None),
                }
            })
        })
        .await
    }

    /// Signs in whoever told the code that this begun sign-in waited for; `None` when it had ended meanwhile.
    pub async fn end_sign_in(&self, id: UserId, token: &str, with: Opening<'_>) -> Result<Option<String>> {
        let hash = &token_hash(token);
        self.write(|tx, _| {
            Box::pin(async move {
                let user = let_in(tx, id).await?;
                let done = sign_ins::Entity::delete_many()
                    .filter(sign_ins::Column::TokenHash.eq(hash.clone()))
                    .filter(sign_ins::Column::UserId.eq(id.0))
                    .exec(tx)
                    .await?;
                if user.is_none() || done.rows_affected == 0 {
                    return Ok(None);
                }
                open(tx, id, with).await.map(Some)
            })
        })
        .await
    }

    /// Who is signed in with a token.
    pub async fn session(&self, token: &str, now: DateTime<Utc>) -> Result<Option<User>> {
        let hash = token_hash(token);
        let Some(session) = sessions::Entity::find_by_id(hash).one(&self.steady).await? else {
            return Ok(None);
        };
        if session.expires_at <= micros(now) || session.seen_at <= micros(now - IDLE) {
            return Ok(None);
        }
        let Some(user) = self.if_let_in(session.user_id).await? else { return Ok(None) };
        if session.seen_at < micros(now - NOTED_EVERY) {
            let mut row = session.into_active_model();
            row.seen_at = Set(micros(now));
            match row.update(&self.steady).await {
                // It was ended at this very moment.
                Err(sea_orm::DbErr::RecordNotUpdated) => return Ok(None),
                other => other.map(|_| ())?,
            }
        }
        Ok(Some(user))
    }

    async fn if_let_in(&self, id: i64) -> Result<Option<User>> {
        let user = users::Entity::find_by_id(id).one(&self.steady).await?;
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
            .filter(sessions::Column::SeenAt.gt(micros(now - IDLE)))
            .order_by_desc(sessions::Column::SeenAt)
            .order_by_asc(sessions::Column::TokenHash)
            .all(&self.steady)
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
        let rows =
            sessions::Entity::find().filter(sessions::Column::UserId.eq(id.0)).all(&self.steady).await?;
        let hash = rows.into_iter().map(|row| row.token_hash).find(|hash| hex(hash) == session);
        let hash = hash.ok_or(Error::NotFound)?;
        sessions::Entity::delete_by_id(hash).exec(&self.steady).await?;
        Ok(())
    }

    /// Ends every session of a person but the one with this token; how many.
    pub async fn end_other_sessions(&self, id: UserId, token: &str) -> Result<u64> {
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::UserId.eq(id.0))
            .filter(sessions::Column::TokenHash.ne(token_hash(token)))
            .exec(&self.steady)
            .await?;
        Ok(done.rows_affected)
    }

    /// Ends every session of a person, and whatever sign-in has begun; how many sessions.
    pub async fn end_sessions(&self, id: UserId) -> Result<u64> {
        self.write(|tx, _| Box::pin(end_all(tx, id))).await
    }

    /// Signs out.
    pub async fn close_session(&self, token: &str) -> Result<()> {
        sessions::Entity::delete_by_id(token_hash(token)).exec(&self.steady).await?;
        Ok(())
    }

    /// The password of this hash was told and a one-time code is owed: the token of the sign-in that waits for it. It opens
    /// nothing. `None` when the password changed while it was checked.
    pub async fn begin_sign_in(
        &self,
        id: UserId,
        password_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        self.write(|tx, _| {
            Box::pin(async move {
                let ended = sign_ins::Column::ExpiresAt.lt(micros(now));
                sign_ins::Entity::delete_many().filter(ended).exec(tx).await?;
                let user = let_in(tx, id).await?;
                if user.is_none_or(|user| user.password_hash != password_hash) {
                    return Ok(None);
                }
                let token = new_token();
                let row = sign_ins::ActiveModel {
                    token_hash: Set(token_hash(&token)),
                    user_id: Set(id.0),
                    expires_at: Set(micros(now + SIGN_IN_LASTS)),
                };
                sign_ins::Entity::insert(row).exec_without_returning(tx).await?;
                Ok(Some(token))
            })
        })
        .await
    }

    /// Whose sign-in waits for a code.
    pub async fn begun_sign_in(&self, token: &str, now: DateTime<Utc>) -> Result<Option<User>> {
        let row = sign_ins::Entity::find_by_id(token_hash(token)).one(&self.steady).await?;
        match row.filter(|row| row.expires_at > micros(now)) {
            Some(row) => self.if_let_in(row.user_id).await,
            None => Ok(None),
        }
    }
}

/// The person where they have access. The row stays locked to the end of the transaction, so that a new password, which ends
/// every session, comes either before what is read here or after what is opened.
async fn let_in<C: ConnectionTrait>(tx: &C, id: UserId) -> Result<Option<users::Model>> {
    let user = users::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
    Ok(user.filter(|user| user.disabled_at.is_none()))
}

async fn open<C: ConnectionTrait>(tx: &C, id: UserId, with: Opening<'_>) -> Result<String> {
    let now = micros(with.now);
    sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lt(now)).exec(tx).await?;
    let token = new_token();
    let row = sessions::ActiveModel {
        token_hash: Set(token_hash(&token)),
        user_id: Set(id.0),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(micros(with.now + with.ttl)),
        user_agent: Set(clean(with.user_agent).chars().take(200).collect()),
    };
    sessions::Entity::insert(row).exec_without_returning(tx).await?;
    users::Entity::update_many()
        .col_expr(users::Column::SignedInAt, Expr::value(now))
        .filter(users::Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(token)
}

/// Ends every session of a person, and whatever sign-in has begun; how many sessions.
pub(super) async fn end_all<C: ConnectionTrait>(db: &C, id: UserId) -> Result<u64> {
    sign_ins::Entity::delete_many().filter(sign_ins::Column::UserId.eq(id.0)).exec(db).await?;
    let done = sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(id.0)).exec(db).await?;
    Ok(done.rows_affected)
}
