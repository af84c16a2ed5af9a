//! One round of letters: claim one, put it into words, hand it to the mail server, keep how it ended. A letter whose sender
//! died is sent once more under the same Message-ID, by which mailboxes know that they have it.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Duration, Utc};
use domain::push::{is_given_up, pause};
use letters::post::{self, Envelope, PostError, Taken, Trouble};
use letters::{Letter, Rendered, render};
use storage::outbox::{Claimed, OutboxItem, Settled, What};

use crate::desk::Desk;
use crate::measure;
use crate::post::Mail;

/// A letter so old that cannot go before a person puts the mail settings right is given up; it can be sent again by hand.
const WAIT_FOR_HAND: Duration = Duration::days(3);
/// How long until what needs a person's hand is tried again; new mail settings wake it at once.
const NEEDS_HAND: Duration = Duration::minutes(15);
/// Letters of one round, so that a long row of them does not keep a stopping process.
const ROUND: u64 = 20;
/// How often a server may leave open whether it has a letter before nobody sends it again by himself.
const UNANSWERED: u32 = 5;
/// How long a stopping process still waits for a server's answer.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(10);

impl Desk {
    /// Sends the letters that are due, one after another; how many.
    pub(super) async fn send_letters(&self) -> storage::Result<u64> {
        let holder = format!("{}-{:016x}", std::process::id(), rand::random::<u64>());
        let mut handled = 0;
        while handled < ROUND && !self.stopping.is_cancelled() {
            let now = self.now();
            let claimed = self.store.claim_letters(&holder, 1, now, now + self.lease()).await?;
            let Some(claimed) = claimed.into_iter().next() else { break };
            handled += 1;
            let mail = self.mail().await?;
            let settled = match mail {
                Some(mail) => self.send_letter(mail, &claimed, &holder).await?,
                None => Some(self.not_sent(&claimed.item, not_set_up())),
            };
            if let Some(settled) = settled {
                measure::letter(&settled);
                self.store.settle(claimed.item.id, &holder, &settled, self.now()).await?;
            }
        }
        Ok(handled)
    }

    /// How it ended; `None` when the letter became another sender's meanwhile.
    async fn send_letter(
        &self,
        mut mail: Mail,
        claimed: &Claimed,
        holder: &str,
    ) -> storage::Result<Option<Settled>> {
        let item = &claimed.item;
        if let Some(others) = &claimed.recipients {
            mail.server.recipients.retain(|recipient| others.contains(recipient));
            if mail.server.recipients.is_empty() {
                // Those who had it not yet are no longer to be written to.
                return Ok(Some(Settled::Done { answer: item.answer.clone(), trace_id: None }));
            }
        }
        let words = match self.worded(&mail, item) {
            Ok(words) => words,
            Err(why) => {
                let why = Settled::Refused {
                    why: Trouble::MailRejected.to_string(),
                    answer: Some(why),
                    trace_id: None,
                };
                return Ok(Some(why));
            }
        };
        let (id, unanswered) = (message_id(item), Unanswered::noted(claimed));
        let envelope = Envelope { id: &id, date: item.created_at };
        let is_handed_over = AtomicBool::new(false);
        let sending = post::send(&mail.server, &words, &envelope, async || {
            let (now, lease) = (self.now(), self.lease());
            let mine = self.store.note_call(&[item.id], holder, &unanswered.word(), now, now + lease).await;
            let is_mine = mine.is_ok_and(|ids| ids.contains(&item.id));
            is_handed_over.store(is_mine, Ordering::Relaxed);
            is_mine
        });
        let Some(ended) = self.while_held(item.id, holder, Box::pin(sending)).await else { return Ok(None) };
        let error = match ended {
            Ok(Some(taken)) => return Ok(Some(self.taken(item, taken))),
            Ok(None) => return Ok(None),
            Err(error) => error,
        };
        if error.trouble != Trouble::MailUnanswered || !is_handed_over.load(Ordering::Relaxed) {
            // The server has certainly not taken it.
            self.store.forget_call(item.id, holder, claimed.sent_call.as_deref()).await?;
            return Ok(Some(self.not_sent(item, error)));
        }
        let unanswered = Unanswered(unanswered.0.saturating_add(1));
        self.store.forget_call(item.id, holder, Some(&unanswered.word())).await?;
        if unanswered.0 < UNANSWERED {
            return Ok(Some(self.not_sent(item, error)));
        }
        let why = error.trouble.to_string();
        Ok(Some(Settled::Refused { why, answer: Some(error.answer), trace_id: None }))
    }

    fn taken(&self, item: &OutboxItem, taken: Taken) -> Settled {
        if taken.put_off.is_empty() || is_given_up(item.tries + 1) {
            return Settled::Done { answer: Some(taken.answer), trace_id: None };
        }
        Settled::Partly {
            due_at: self.now() + pause(item.tries + 1),
            trouble: Trouble::MailLater.to_string(),
            answer: taken.answer,
            recipients: taken.put_off,
        }
    }

    /// Waits for the end of a conversation, and keeps the letter's claim meanwhile; `None` when that is lost.
    async fn while_held(
        &self,
        id: i64,
        holder: &str,
        talk: impl Future<Output = Result<Option<Taken>, PostError>>,
    ) -> Option<Result<Option<Taken>, PostError>> {
        let renewing = async {
            loop {
                tokio::time::sleep(self.config.lease / 4).await;
                let kept = self.store.keep_claims(&[id], holder, self.now() + self.lease()).await;
                if kept.is_ok_and(|ids| ids.is_empty()) {
                    break;
                }
            }
        };
        let stopped = async {
            self.stopping.cancelled().await;
            tokio::time::sleep(FAREWELL).await;
        };
        tokio::select! {
            ended = talk => Some(ended),
            () = renewing => None,
            () = stopped => Some(Err(left_waiting())),
        }
    }

    fn worded(&self, mail: &Mail, item: &OutboxItem) -> Result<Rendered, String> {
        let What::Letter { payload, .. } = &item.what else { return Err("not a letter".to_owned()) };
        let letter: Letter = serde_json::from_str(payload).map_err(|error| error.to_string())?;
        let words =
            render(&letter, mail.voice(self.store.zone(), self.now()), self.config.public_url.as_ref());
        words.map_err(|error| error.to_string())
    }

    fn not_sent(&self, item: &OutboxItem, error: PostError) -> Settled {
        let (now, trouble) = (self.now(), error.trouble.to_string());
        let answer = Some(error.answer);
        let needs_hand = error.trouble.needs_hand();
        let is_over =
            if needs_hand { now - item.created_at > WAIT_FOR_HAND } else { is_given_up(item.tries + 1) };
        if error.trouble.is_final() || is_over {
            return Settled::Refused { why: trouble, answer, trace_id: None };
        }
        let wait = if needs_hand { NEEDS_HAND } else { pause(item.tries + 1) };
        Settled::Later {
            due_at: now + wait,
            trouble,
            answer,
            trace_id: None,
            counts: !needs_hand,
            again: false,
        }
    }
}

/// How often a server did not say whether it has a letter, as it is noted beside the letter.
struct Unanswered(u32);

impl Unanswered {
    const NOTE: &str = "letter, unanswered ";

    fn noted(claimed: &Claimed) -> Self {
        let noted = claimed.sent_call.as_deref().and_then(|note| note.strip_prefix(Self::NOTE));
        Self(noted.and_then(|times| times.parse().ok()).unwrap_or(0))
    }

    fn word(&self) -> String {
        format!("{}{}", Self::NOTE, self.0)
    }
}

fn not_set_up() -> PostError {
    PostError { trouble: Trouble::MailNotSetUp, answer: String::new() }
}

fn left_waiting() -> PostError {
    PostError {
        trouble: Trouble::MailUnanswered,
        answer: "stopped before the mail server answered".to_owned(),
    }
}

/// The same whenever this letter is sent, and of no other letter.
fn message_id(item: &OutboxItem) -> String {
    let written: DateTime<Utc> = item.created_at;
    format!("vygruzka-{}-{}", item.id, written.timestamp_micros())
}
