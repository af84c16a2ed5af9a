//! How often a person's one-time code was told wrong in a row. Kept in the store, so that neither a restart nor another
//! instance nor telling the password again buys more guesses.

use chrono::{DateTime, Duration, Utc};
use domain::UserId;
use entities::{shop, users};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::install::{fact, set_fact};
use crate::instant::{instant, micros};

/// So many wrong codes in a row, and no code is taken for a while.
const IN_A_ROW: u32 = 10;
/// The first time; each further one takes twice as long.
const PAUSE: Duration = Duration::hours(1);
/// The longest pause.
const LONGEST: Duration = Duration::hours(24);

fn key(id: UserId) -> String {
    format!("code_tries.{id}")
}

/// How long no code is taken after so many wrong ones.
fn pause(wrong: u32) -> Duration {
    if wrong == 0 || !wrong.is_multiple_of(IN_A_ROW) {
        return Duration::zero();
    }
    let doubled = (wrong / IN_A_ROW - 1).min(5);
    (PAUSE * 2_i32.pow(doubled)).min(LONGEST)
}

impl Store {
    /// How long to wait before a code may be told; `None` when it may be now. The try counts as wrong until
    /// [`Self::forget_code_tries`] says otherwise, so that parallel tries cannot slip through.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person.
    pub async fn take_code_try(&self, id: UserId, now: DateTime<Utc>) -> Result<Option<Duration>> {
        self.write(|tx, _| {
            Box::pin(async move {
                let user = users::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
                user.ok_or(Error::NotFound)?;
                let (wrong, last) = kept(tx, id).await?;
                let wait = last + pause(wrong) - now;
                if wait > Duration::zero() {
                    return Ok(Some(wait));
                }
                let told = format!("{} {}", wrong.saturating_add(1), micros(now));
                set_fact(tx, &key(id), &told).await?;
                Ok(None)
            })
        })
        .await
    }

    /// The code was right.
    pub async fn forget_code_tries(&self, id: UserId) -> Result<()> {
        forget(&self.db, id).await
    }
}

/// Counts from the beginning again.
pub(super) async fn forget<C: ConnectionTrait>(db: &C, id: UserId) -> Result<()> {
    shop::Entity::delete_by_id(key(id)).exec(db).await?;
    Ok(())
}

/// How many wrong ones in a row, and when the last one was told.
async fn kept<C: ConnectionTrait>(db: &C, id: UserId) -> Result<(u32, DateTime<Utc>)> {
    let text = fact(db, &key(id)).await?.unwrap_or_default();
    let read = text.split_once(' ').and_then(|(wrong, at)| Some((wrong.parse().ok()?, at.parse().ok()?)));
    Ok(read.map_or((0, DateTime::UNIX_EPOCH), |(wrong, at)| (wrong, instant(at))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ten_wrong_codes_in_a_row_cost_twice_the_time_up_to_a_day() {
        let hours = |wrong| pause(wrong).num_hours();
        assert_eq!(
            [0, 1, 9, 10, 11, 20, 30, 40, 50, 60, 1_000].map(hours),
            [0, 0, 0, 1, 0, 2, 4, 8, 16, 24, 24]
        );
    }
}
