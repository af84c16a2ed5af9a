//! Ozon's push messages: the secret address of each cabinet, and the journal of what came.

mod journal;

use chrono::{DateTime, Duration, Utc};
use domain::CabinetId;
use entities::{cabinets, push_messages};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use secrecy::ExposeSecret;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::cabinets::Cabinet;
use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;
use crate::people;
use crate::reads::{self, ReadCause};
use crate::rotation::hold_key;
use crate::secrets::{new_token, token_hash};
use crate::text::clean;

pub use journal::MessageFilter;

/// How long the journal is kept.
const KEPT: Duration = Duration::days(30);

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// Its posting is to be read.
    Waiting,
    /// Its posting was read.
    Read,
    /// A load told as much.
    Loaded,
    /// Ozon does not know the posting when asked.
    Unknown,
    /// It is not about an FBS posting: noted, and nothing else.
    Noted,
}

/// A message as it came.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// To which cabinet's address.
    pub cabinet: CabinetId,
    /// When.
    pub received_at: DateTime<Utc>,
    /// Ozon's word for its kind.
    pub message_type: String,
    /// The posting that it is about.
    pub posting_number: Option<String>,
    /// Ozon's own words.
    pub body: String,
}

/// A message in the journal.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: i64,
    /// What came.
    pub came: NewMessage,
    /// What became of it.
    pub outcome: Outcome,
    /// When.
    pub handled_at: Option<DateTime<Utc>>,
}

pub(crate) fn purpose(cabinet: CabinetId) -> String {
    format!("push address of cabinet {cabinet}")
}

impl Store {
    /// The secret part of a cabinet's address for push messages; made when it is asked for first.
    pub async fn hook_secret(&self, cabinet: CabinetId) -> Result<String> {
        let row = crate::cabinets::row(&self.db, cabinet).await?;
        match row.hook_secret {
            Some(sealed) => Ok(self.key.open(&purpose(cabinet), &sealed)?.expose_secret().to_owned()),
            None => self.make_hook_secret(cabinet).await,
        }
    }

    /// Another secret; the address before it is no longer ours.
    pub async fn renew_hook_secret(
        &self,
        cabinet: CabinetId,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let row = crate::cabinets::row(&self.db, cabinet).await?;
        let secret = self.make_hook_secret(cabinet).await?;
        people::note(&self.db, actor, "cabinet.hook", &row.name, "", now).await?;
        Ok(secret)
    }

    async fn make_hook_secret(&self, cabinet: CabinetId) -> Result<String> {
        let secret = new_token();
        let sealed = &self.key.seal(&purpose(cabinet), &secret.clone().into())?;
        let hash = &token_hash(&secret);
        self.write(|tx, _| {
            Box::pin(async move {
                hold_key(tx, &self.key).await?;
                let mut row = crate::cabinets::row(tx, cabinet).await?.into_active_model();
                row.hook_secret = Set(Some(sealed.clone()));
                row.hook_hash = Set(Some(hash.clone()));
                row.update(tx).await?;
                Ok(())
            })
        })
        .await?;
        Ok(secret)
    }

    /// The cabinet whose address has this secret.
    pub async fn cabinet_of_hook(&self, secret: &str) -> Result<Option<Cabinet>> {
        let row = cabinets::Entity::find()
            .filter(cabinets::Column::HookHash.eq(token_hash(secret)))
            .one(&self.db)
            .await?;
        Ok(row.map(Cabinet::from))
    }

    /// Keeps messages, and asks for their postings to be read: all of it, or nothing.
    pub async fn keep_messages(&self, messages: &[NewMessage]) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                let mut rows = Vec::with_capacity(messages.len());
                for message in messages {
                    let about = message.posting_number.as_deref().map(clean);
                    let outcome = if about.is_some() { Outcome::Waiting } else { Outcome::Noted };
                    rows.push(push_messages::ActiveModel {
                        cabinet_id: Set(message.cabinet.0),
                        received_at: Set(micros(message.received_at)),
                        message_type: Set(clean(&message.message_type)),
                        posting_number: Set(about),
                        body: Set(clean(&message.body)),
                        outcome: Set(outcome.to_string()),
                        handled_at: Set(None),
                        ..Default::default()
                    });
                }
                push_messages::Entity::insert_many(rows).exec_without_returning(tx).await?;
                // In one order, so that two writers never wait for each other; each posting once.
                let mut asked: Vec<(CabinetId, &str, DateTime<Utc>)> = messages
                    .iter()
                    .filter_map(|m| Some((m.cabinet, m.posting_number.as_deref()?, m.received_at)))
                    .collect();
                asked.sort_by_key(|(cabinet, number, at)| (*cabinet, *number, std::cmp::Reverse(*at)));
                asked.dedup_by_key(|(cabinet, number, _)| (*cabinet, *number));
                for (cabinet, number, at) in asked {
                    reads::ask(tx, cabinet, &[number], ReadCause::Push, at).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Forgets messages that are older than a month; how many.
    pub async fn forget_old_messages(&self, now: DateTime<Utc>) -> Result<u64> {
        let done = push_messages::Entity::delete_many()
            .filter(push_messages::Column::ReceivedAt.lt(micros(now - KEPT)))
            .exec(&self.db)
            .await?;
        Ok(done.rows_affected)
    }
}
