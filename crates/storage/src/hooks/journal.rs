//! The journal of push messages: which of them are wanted, and by what they are found.

use domain::CabinetId;
use entities::push_messages::{self, Column as C};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

use super::{Message, NewMessage, Outcome};
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::instant;
use crate::page::{Page, PageAsk};
use crate::text::clean;
use crate::time_span::TimeSpan;

/// As the index `push_messages_not_read` has it, word for word.
const NOT_READ: &str = "outcome <> 'read'";

/// As much of Ozon's word for a kind as its indexes hold, in characters.
const INDEXED: usize = 200;
/// Word for word as they have it.
const MESSAGE_TYPE: &str = r#"substr("push_messages"."message_type", 1, 200)"#;

/// Which messages are wanted.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// Of this cabinet.
    pub cabinet: Option<CabinetId>,
    /// About a posting whose number begins so.
    pub number: Option<String>,
    /// With this word of Ozon's for their kind.
    pub message_type: Option<String>,
    /// Of which this became.
    pub outcome: Option<Outcome>,
    /// That came in this span.
    pub came: TimeSpan,
}

/// What leads to the rows; the indexes of the other conditions are closed by expressions that none has, for SQLite has no
/// statistics to choose by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// The number: it is about a few messages, which are sorted.
    Number,
    /// What became of them, where that is rare.
    Outcome,
    /// Their kind.
    Kind,
    /// The cabinet, or else their time alone.
    Sort,
}

impl Lead {
    fn of(filter: &MessageFilter) -> Self {
        match (&filter.number, filter.outcome) {
            (Some(_), _) => Self::Number,
            (None, None | Some(Outcome::Read)) if filter.message_type.is_some() => Self::Kind,
            (None, None | Some(Outcome::Read)) => Self::Sort,
            (None, Some(_)) => Self::Outcome,
        }
    }

    /// A column, closed unless this leads.
    fn column(self, leading: Self, open: &'static str, closed: &'static str) -> Expr {
        Expr::cust(if self == leading { open } else { closed })
    }
}

impl Store {
    /// Messages of a filter, the last come first.
    pub async fn messages(&self, filter: &MessageFilter, ask: &PageAsk) -> Result<Page<Message>> {
        let rows = journal(filter, ask)?.all(&self.db).await?;
        let page = Page::cut(rows, ask, |row| (row.received_at, row.id));
        let items = page.items.into_iter().map(message).collect::<Result<_>>()?;
        Ok(Page { items, next: page.next })
    }
}

fn journal(filter: &MessageFilter, ask: &PageAsk) -> Result<Select<push_messages::Entity>> {
    let lead = Lead::of(filter);
    let mut query = push_messages::Entity::find();
    if let Some(number) = &filter.number {
        // A range instead of LIKE, so that the plain index serves it on both databases; the column compares byte by byte,
        // and no text goes on with a greater character than the last.
        let number = clean(number);
        let after = format!("{number}{}", char::MAX);
        query = query.filter(C::PostingNumber.gte(number)).filter(C::PostingNumber.lt(after));
    }
    if let Some(cabinet) = filter.cabinet {
        let column =
            lead.column(Lead::Sort, r#""push_messages"."cabinet_id""#, r#"(+"push_messages"."cabinet_id")"#);
        query = query.filter(column.eq(cabinet.0));
    }
    if let Some(message_type) = &filter.message_type {
        let wanted: String = clean(message_type).chars().take(INDEXED).collect();
        let closed = r#"(substr("push_messages"."message_type", 1, 200) || '')"#;
        query = query.filter(lead.column(Lead::Kind, MESSAGE_TYPE, closed).eq(wanted));
    }
    if let Some(outcome) = filter.outcome {
        if lead == Lead::Outcome {
            query = query.filter(Expr::cust(NOT_READ));
        }
        let column = lead.column(
            Lead::Outcome,
            r#""push_messages"."outcome""#,
            r#"("push_messages"."outcome" || '')"#,
        );
        query = query.filter(column.eq(outcome.to_string()));
    }
    let at = if lead == Lead::Number {
        r#"(+"push_messages"."received_at")"#
    } else {
        r#""push_messages"."received_at""#
    };
    filter.came.page_of(query, &Expr::cust(at), &Expr::cust(r#""push_messages"."id""#), ask)
}

fn message(row: push_messages::Model) -> Result<Message> {
    let outcome = row.outcome.parse().map_err(|_| Error::Corrupt(format!("a message's {}", row.outcome)))?;
    Ok(Message {
        id: row.id,
        came: NewMessage {
            cabinet: CabinetId(row.cabinet_id),
            received_at: instant(row.received_at),
            message_type: row.message_type,
            posting_number: row.posting_number,
            body: row.body,
        },
        outcome,
        handled_at: row.handled_at.map(instant),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::plans::{at, explained, store};

    #[tokio::test]
    async fn whatever_the_journal_is_asked_for_an_index_leads_to_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder).await;
        let none = MessageFilter::default;
        let cabinet = Some(CabinetId(1));
        let message_type = Some("TYPE_NEW_POSTING".to_owned());
        let number = Some("0105259411-".to_owned());
        let came = TimeSpan { from: Some(at()), to: Some(at()) };
        for (filter, index) in [
            (none(), "push_messages_by_time"),
            (MessageFilter { came, ..none() }, "push_messages_by_time (received_at>? AND received_at<?)"),
            (MessageFilter { cabinet, ..none() }, "push_messages_of_cabinet_by_time (cabinet_id=?"),
            (
                MessageFilter { message_type: message_type.clone(), ..none() },
                "push_messages_by_type (<expr>=?",
            ),
            (
                MessageFilter { cabinet, message_type: message_type.clone(), came, ..none() },
                "push_messages_by_type (<expr>=? AND received_at>? AND received_at<?)",
            ),
            (
                MessageFilter { cabinet, outcome: Some(Outcome::Read), ..none() },
                "push_messages_of_cabinet_by_time (cabinet_id=?",
            ),
            (
                MessageFilter {
                    cabinet,
                    message_type: message_type.clone(),
                    outcome: Some(Outcome::Unknown),
                    ..none()
                },
                "push_messages_not_read (outcome=?",
            ),
            (
                MessageFilter { cabinet, message_type, outcome: Some(Outcome::Waiting), number, came },
                "push_messages_by_number (posting_number>? AND posting_number<?)",
            ),
        ] {
            for further in [false, true] {
                let ask = PageAsk { limit: 50, cursor: further.then(cursor) };
                let plan = explained(&store, &journal(&filter, &ask).expect("a cursor of ours")).await;
                assert!(plan.contains(index), "{index}: {plan}");
                assert_eq!(plan.contains("TEMP B-TREE"), filter.number.is_some(), "{index}: {plan}");
            }
        }
    }

    fn cursor() -> String {
        Page::cut(vec![(5, 1), (5, 2)], &PageAsk::first(1), |row| *row).next.expect("there is more")
    }
}
