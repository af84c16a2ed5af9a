//! What stands in the timeline beside the history: comments, letters, and pushes that are still to end.

use chrono::{DateTime, Utc};
use domain::discussion::{Deleter, may_take_back};
use storage::order_comments::OrderComment;
use storage::outbox::{OutboxItem, OutboxState, What};

use super::Timeline;
use crate::panel::exchange;
use crate::panel::view::order::{Event, Said};
use crate::panel::words;

impl Timeline<'_> {
    /// A comment, or the trace of one that was taken back.
    pub(crate) fn comment(&self, comment: OrderComment, deleter: Deleter) -> (DateTime<Utc>, Event) {
        let v = self.v;
        let bare = |at: DateTime<Utc>, what: String, who: String| Event {
            what,
            why: None,
            setting: None,
            who,
            at: v.when_exactly(&at),
            ozon_at: None,
            answer: None,
            icon: "talk",
            dot: None,
            said: None,
        };
        if let Some((at, by)) = comment.deleted {
            return (at, bare(at, v.with("said-taken-back", "author", comment.name), by));
        }
        let may = may_take_back(comment.author, comment.at, deleter, v.now);
        let said = Said { text: comment.text, delete: may.then_some(comment.id) };
        (comment.at, Event { said: Some(said), ..bare(comment.at, v.t("said"), comment.name) })
    }

    /// A letter, or a push that has not ended; one that has is told by the history.
    pub(crate) fn sent(&self, item: &OutboxItem) -> Option<(DateTime<Utc>, Event)> {
        let v = self.v;
        let is_letter = matches!(item.what, What::Letter { .. });
        let goes_on = matches!(item.state, OutboxState::Waiting | OutboxState::Sending | OutboxState::Sent);
        if !is_letter && !goes_on {
            return None;
        }
        let row = exchange::row(v, item, false);
        let at = item.finished_at.or(item.sent_at).unwrap_or(item.created_at);
        let words = [Some(row.state), row.why, row.advice];
        let key = if is_letter { "event-letter" } else { "event-push" };
        let event = Event {
            what: v.with(key, "what", row.what),
            why: Some(words.into_iter().flatten().collect::<Vec<_>>().join(". ")),
            setting: None,
            who: words::actor(self.v, &item.actor),
            at: v.when_exactly(&at),
            ozon_at: None,
            answer: row.answer,
            icon: if is_letter { "mail" } else { "exchange" },
            dot: None,
            said: None,
        };
        Some((at, event))
    }
}
