//! The statuses of the shop's orders.

use domain::StatusId;
use entities::statuses;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect};

use super::refuse_if_used;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::orders::OrderFilter;
use crate::text::clean;
use crate::uses;

/// A status of the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its id.
    pub id: StatusId,
    /// Its name.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
    /// Its place in lists.
    pub position: i32,
    /// New orders without a row in the status map begin here; exactly one.
    pub is_default: bool,
    /// The order is cancelled.
    pub is_cancelled: bool,
    /// The order is finished.
    pub is_completed: bool,
    /// Not to be shown to the customer.
    pub hidden_from_customer: bool,
    /// Shown as a tab over the orders.
    pub shown_as_tab: bool,
}

/// A status as a person fills it in.
#[derive(Clone, Debug, Default)]
pub struct StatusDraft {
    /// Its name.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
    /// Its place in lists; at the end where left out.
    pub position: Option<i32>,
    /// See [`Status`].
    pub is_default: bool,
    /// See [`Status`].
    pub is_cancelled: bool,
    /// See [`Status`].
    pub is_completed: bool,
    /// See [`Status`].
    pub hidden_from_customer: bool,
    /// See [`Status`].
    pub shown_as_tab: bool,
}

impl From<statuses::Model> for Status {
    fn from(row: statuses::Model) -> Self {
        Self {
            id: StatusId(row.id),
            name: row.name,
            color: row.color,
            position: row.position,
            is_default: row.is_default,
            is_cancelled: row.is_cancelled,
            is_completed: row.is_completed,
            hidden_from_customer: row.hidden_from_customer,
            shown_as_tab: row.shown_as_tab,
        }
    }
}

impl Store {
    /// Statuses by their place.
    pub async fn statuses(&self) -> Result<Vec<Status>> {
        use statuses::Column::{Id, Position};
        let rows = statuses::Entity::find().order_by_asc(Position).order_by_asc(Id).all(&self.steady).await?;
        Ok(rows.into_iter().map(Status::from).collect())
    }

    /// Adds or changes a status. The one that becomes the default takes that from the one before.
    ///
    /// # Errors
    /// [`Error::Refused`] with `no_default` when the only default one would stop to be it.
    pub async fn save_status(&self, id: Option<StatusId>, draft: StatusDraft) -> Result<Status> {
        self.put_status(id, None, draft).await
    }

    /// Changes a status, only while it is still as `before`: what somebody changes must be what they saw.
    ///
    /// # Errors
    /// [`Error::Refused`] with `status_changed` when another change came first; and as above.
    pub async fn save_status_over(&self, before: &Status, draft: StatusDraft) -> Result<Status> {
        self.put_status(Some(before.id), Some(before), draft).await
    }

    async fn put_status(
        &self,
        id: Option<StatusId>,
        seen: Option<&Status>,
        draft: StatusDraft,
    ) -> Result<Status> {
        let draft = &draft;
        self.write(|tx, _| {
            Box::pin(async move {
                let before = match id {
                    Some(id) => {
                        let row = statuses::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
                        Some(row.ok_or(Error::NotFound)?)
                    }
                    None => None,
                };
                let kept = before.clone().map(Status::from);
                if seen.is_some_and(|seen| kept.as_ref() != Some(seen)) {
                    return Err(Error::Refused("status_changed"));
                }
                if before.as_ref().is_some_and(|s| s.is_default) && !draft.is_default {
                    return Err(Error::Refused("no_default"));
                }
                if draft.is_default {
                    statuses::Entity::update_many()
                        .col_expr(statuses::Column::IsDefault, Expr::value(false))
                        .exec(tx)
                        .await?;
                }
                let position = match (draft.position, &before) {
                    (Some(position), _) => position,
                    (None, Some(before)) => before.position,
                    (None, None) => {
                        let last = statuses::Entity::find()
                            .order_by_desc(statuses::Column::Position)
                            .one(tx)
                            .await?;
                        last.map_or(0, |s| s.position.saturating_add(1))
                    }
                };
                let mut row = statuses::ActiveModel {
                    name: Set(clean(&draft.name)),
                    color: Set(clean(&draft.color)),
                    position: Set(position),
                    is_default: Set(draft.is_default),
                    is_cancelled: Set(draft.is_cancelled),
                    is_completed: Set(draft.is_completed),
                    hidden_from_customer: Set(draft.hidden_from_customer),
                    shown_as_tab: Set(draft.shown_as_tab),
                    ..Default::default()
                };
                let row = match before {
                    Some(before) => {
                        row.id = Set(before.id);
                        row.update(tx).await?
                    }
                    None => statuses::Entity::insert(row).exec_with_returning(tx).await?,
                };
                Ok(row.into())
            })
        })
        .await
    }

    /// Deletes a status.
    ///
    /// # Errors
    /// [`Error::Refused`] with `default` for the default one, [`Error::InUse`] with the number of orders and of cabinets
    /// that refer to it; [`Store::uses_of_status`] names them.
    pub async fn delete_status(&self, id: StatusId) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                let row = statuses::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
                let row = row.ok_or(Error::NotFound)?;
                if row.is_default {
                    return Err(Error::Refused("default"));
                }
                refuse_if_used(uses::of_status(tx, id).await?.count())?;
                statuses::Entity::delete_by_id(id.0).exec(tx).await?;
                Ok(())
            })
        })
        .await
    }

    /// Orders in each status, as far as there are any, each counted up to `most`.
    pub async fn orders_per_status(&self, most: u64) -> Result<Vec<(StatusId, u64)>> {
        let statuses = self.statuses().await?;
        let of = |status: &Status| OrderFilter { status: vec![status.id], ..OrderFilter::default() };
        let filters: Vec<OrderFilter> = statuses.iter().map(of).collect();
        let counts = self.orders_counts(&filters, most).await?;
        let counted = statuses.iter().map(|status| status.id).zip(counts);
        Ok(counted.filter(|(_, many)| *many > 0).collect())
    }
}
