//! Receives Ozon's push messages: checks them, keeps them, and answers as Ozon demands (API section 6). A message is only
//! a hint; `reader` then reads its posting.

use chrono::{DateTime, Utc};
use ozon_api::push::reply::{self, ErrorCode};
use ozon_api::push::{PushError, PushMessage};
use storage::Store;
use storage::cabinets::Cabinet;
use storage::hooks::NewMessage;
use tokio::sync::{mpsc, oneshot};

use crate::desk::Desk;
use crate::measure;

/// Messages that wait to be written; more than this many are refused, and Ozon sends them again.
const QUEUE: usize = 2_000;
/// Messages that are written in one transaction.
const TOGETHER: usize = 200;
/// The longest of Ozon's words for a kind of message that is kept, characters.
const LONGEST_TYPE: usize = 100;
/// The version of the receiver that pings are told.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What Ozon is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushAnswer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

impl PushAnswer {
    fn taken() -> Self {
        Self { status: 200, body: reply::taken() }
    }

    /// Not taken, in the form that Ozon asks for.
    pub fn refused(status: u16, code: ErrorCode, why: &str) -> Self {
        Self { status, body: reply::error(code, why) }
    }
}

/// A message on its way into the store.
pub(crate) struct Waiting {
    message: NewMessage,
    kept: oneshot::Sender<bool>,
}

/// The way to the one writer of this process: many messages at once cost one transaction.
pub(crate) type Inbox = mpsc::Sender<Waiting>;

/// Makes the way, and the end that the writer reads from.
pub(crate) fn inbox() -> (Inbox, mpsc::Receiver<Waiting>) {
    mpsc::channel(QUEUE)
}

/// Writes what comes, as much at a time as there is.
pub(crate) async fn write(store: Store, mut came: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(TOGETHER);
    while came.recv_many(&mut batch, TOGETHER).await > 0 {
        let (messages, kept): (Vec<_>, Vec<_>) = batch.drain(..).map(|w| (w.message, w.kept)).unzip();
        let done = store.keep_messages(&messages).await;
        if let Err(error) = &done {
            tracing::error!("push messages could not be kept: {error}");
        }
        for kept in kept {
            // The sender may have gone away; what is kept is kept.
            let _ = kept.send(done.is_ok());
        }
    }
}

impl Desk {
    /// Takes a push message that came to the address with this secret.
    pub async fn take_push(&self, secret: &str, body: &[u8]) -> PushAnswer {
        let (answer, result) = self.answer_push(secret, body).await;
        measure::push_message(if answer.status == 200 { result } else { "refused" });
        answer
    }

    async fn answer_push(&self, secret: &str, body: &[u8]) -> (PushAnswer, &'static str) {
        let taken = |answer| (answer, "taken");
        let began = self.now();
        let cabinet = match self.store.cabinet_of_hook(secret).await {
            Ok(Some(cabinet)) => cabinet,
            Ok(None) => {
                return taken(PushAnswer::refused(404, ErrorCode::Unknown, "there is no such address"));
            }
            Err(error) => {
                tracing::error!("a push message cannot be taken: {error}");
                let why = "the message cannot be kept now";
                return taken(PushAnswer::refused(503, ErrorCode::Unknown, why));
            }
        };
        match PushMessage::from_bytes(body) {
            Ok(PushMessage::Ping { .. }) => {
                (PushAnswer { status: 200, body: reply::ping(VERSION, "Vygruzka", began) }, "ping")
            }
            Ok(message) => taken(self.keep_push(&cabinet, &message, body, began).await),
            Err(error) => taken(PushAnswer::refused(400, ErrorCode::from(&error), &error.to_string())),
        }
    }

    async fn keep_push(
        &self,
        cabinet: &Cabinet,
        message: &PushMessage,
        body: &[u8],
        received_at: DateTime<Utc>,
    ) -> PushAnswer {
        match message.seller_id() {
            Some(seller) if seller.to_string() == cabinet.client_id.trim() => {}
            Some(_) => {
                return PushAnswer::refused(403, ErrorCode::Unknown, "the message is for another seller");
            }
            // Messages that are not about postings say nothing that we would act on.
            None if message.posting_number().is_none() => {}
            None => {
                let error = PushError::Missing("seller_id");
                return PushAnswer::refused(400, ErrorCode::from(&error), &error.to_string());
            }
        }
        let message = NewMessage {
            cabinet: cabinet.id,
            received_at,
            message_type: word(message).chars().take(LONGEST_TYPE).collect(),
            posting_number: message.posting_number().map(str::to_owned),
            body: String::from_utf8_lossy(body).into_owned(),
        };
        let (kept, is_kept) = oneshot::channel();
        let queued = self.inbox.try_send(Waiting { message, kept });
        if queued.is_ok() && is_kept.await == Ok(true) {
            self.hinted.notify_one();
            return PushAnswer::taken();
        }
        PushAnswer::refused(503, ErrorCode::Unknown, "the message cannot be kept now; send it again")
    }
}

/// Ozon's word for the kind of a message.
fn word(message: &PushMessage) -> &str {
    match message {
        PushMessage::Ping { .. } => "TYPE_PING",
        PushMessage::NewPosting(_) => "TYPE_NEW_POSTING",
        PushMessage::PostingCancelled(_) => "TYPE_POSTING_CANCELLED",
        PushMessage::StateChanged(_) => "TYPE_STATE_CHANGED",
        PushMessage::CutoffDateChanged(_) => "TYPE_CUTOFF_DATE_CHANGED",
        PushMessage::DeliveryDateChanged(_) => "TYPE_DELIVERY_DATE_CHANGED",
        PushMessage::Other { message_type, .. } => message_type,
        _ => "",
    }
}
