//! The order of the shop's statuses.

use domain::StatusId;
use entities::statuses;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::error::{Error, Result};

/// Which way a status is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

impl Store {
    /// Moves a status by one place; whether it moved: the first one goes no higher, the last one no lower. Places that were
    /// shared or skipped are counted anew.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such status.
    pub async fn move_status(&self, id: StatusId, step: Step) -> Result<bool> {
        self.write(|tx, _| {
            Box::pin(async move {
                use statuses::Column::Id;
                // Locked in one order, so that two people who move at once wait and do not meet.
                let mut rows = statuses::Entity::find().order_by_asc(Id).lock_exclusive().all(tx).await?;
                rows.sort_by_key(|row| (row.position, row.id));
                let at = rows.iter().position(|row| row.id == id.0).ok_or(Error::NotFound)?;
                let to = match step {
                    Step::Up => at.checked_sub(1),
                    Step::Down => Some(at + 1).filter(|to| *to < rows.len()),
                };
                let Some(to) = to else { return Ok(false) };
                rows.swap(at, to);
                for (place, row) in rows.iter().enumerate() {
                    let position = i32::try_from(place).unwrap_or(i32::MAX);
                    if row.position != position {
                        let moved = statuses::ActiveModel {
                            id: Set(row.id),
                            position: Set(position),
                            ..Default::default()
                        };
                        moved.update(tx).await?;
                    }
                }
                Ok(true)
            })
        })
        .await
    }
}
