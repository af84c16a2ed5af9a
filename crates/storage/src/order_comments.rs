//! What people write to each other under an order. Owns no history: what happened to the order is told there.

use chrono::{DateTime, Utc};
use domain::discussion::{Deleter, may_take_back, tidy};
use domain::{OrderId, UserId};
use entities::{order_comments, orders};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::personal_data::is_order_erased;
use crate::text::clean;

/// Comments that a card shows: the newest ones, far more than any order has.
const MOST: u64 = 500;

/// A comment under an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderComment {
    /// Its id.
    pub id: i64,
    /// Who wrote it.
    pub author: UserId,
    /// Their e-mail address at that time.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What; empty once it was taken back.
    pub text: String,
    /// When it was taken back, and by whom.
    pub deleted: Option<(DateTime<Utc>, String)>,
}

impl From<order_comments::Model> for OrderComment {
    fn from(row: order_comments::Model) -> Self {
        Self {
            id: row.id,
            author: UserId(row.user_id),
            name: row.name,
            at: instant(row.at),
            text: row.text,
            deleted: row.deleted_at.map(|at| (instant(at), row.deleted_by.unwrap_or_default())),
        }
    }
}

impl Store {
    /// The comments of an order, the oldest first; those that were taken back are among them, without their text.
    pub async fn order_comments(&self, order: OrderId) -> Result<Vec<OrderComment>> {
        let rows = order_comments::Entity::find()
            .filter(order_comments::Column::OrderId.eq(order.0))
            .order_by_desc(order_comments::Column::Id)
            .limit(MOST)
            .all(&self.steady)
            .await?;
        Ok(rows.into_iter().rev().map(OrderComment::from).collect())
    }

    /// Writes a comment; its id. `knows_erased` says that whoever writes knows that the order's persons are erased: what was
    /// written before may name them and must not come after.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such order, [`Error::Refused`] with `empty` when nothing is said and with
    /// `persons_erased` when they are and the writer did not know.
    pub async fn comment_order(
        &self,
        order: OrderId,
        author: UserId,
        name: &str,
        typed: &str,
        knows_erased: bool,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        let text = tidy(typed).ok_or(Error::Refused("empty"))?;
        let text = text.as_str();
        self.write(|tx, _| {
            Box::pin(async move {
                // The same lock that an erasing takes first, so that one of the two sees what the other did.
                if orders::Entity::find_by_id(order.0).lock_exclusive().one(tx).await?.is_none() {
                    return Err(Error::NotFound);
                }
                if !knows_erased && is_order_erased(tx, order).await? {
                    return Err(Error::Refused("persons_erased"));
                }
                let row = order_comments::ActiveModel {
                    order_id: Set(order.0),
                    user_id: Set(author.0),
                    name: Set(clean(name)),
                    at: Set(micros(now)),
                    text: Set(text.to_owned()),
                    ..Default::default()
                };
                Ok(order_comments::Entity::insert(row).exec_with_returning(tx).await?.id)
            })
        })
        .await
    }

    /// Takes a comment back: its text goes, and who took it back stays. Taking it back again changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the order has no such comment, [`Error::Refused`] with `comment_stays` when it is not
    /// theirs to take back, or not any more.
    pub async fn delete_order_comment(
        &self,
        order: OrderId,
        id: i64,
        by: Deleter,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                let row = order_comments::Entity::find_by_id(id)
                    .filter(order_comments::Column::OrderId.eq(order.0))
                    .lock_exclusive()
                    .one(tx)
                    .await?
                    .ok_or(Error::NotFound)?;
                if row.deleted_at.is_some() {
                    return Ok(());
                }
                if !may_take_back(UserId(row.user_id), instant(row.at), by, now) {
                    return Err(Error::Refused("comment_stays"));
                }
                let mut row = row.into_active_model();
                row.text = Set(String::new());
                row.deleted_at = Set(Some(micros(now)));
                row.deleted_by = Set(Some(clean(name)));
                row.update(tx).await?;
                Ok(())
            })
        })
        .await
    }
}
