//! Leases: what only one may do at a time, over all instances. A lease that is not renewed is lost.

use chrono::{DateTime, Duration, Utc};
use entities::leases;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::error::Result;
use crate::instant::{instant, micros};

impl Store {
    /// Takes the lease if it is free or lost, or renews it if the holder has it. `Ok(None)`: it is the holder's;
    /// otherwise until when another one has it.
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: DateTime<Utc>,
        length: Duration,
    ) -> Result<Option<DateTime<Utc>>> {
        use leases::Column::{Holder, Name, Until};
        let row = leases::ActiveModel {
            name: Set(name.to_owned()),
            holder: Set(holder.to_owned()),
            until: Set(micros(now + length)),
        };
        // One statement, so that of two takers exactly one gets it.
        let free = Expr::col((leases::Entity, Until))
            .lt(micros(now))
            .or(Expr::col((leases::Entity, Holder)).eq(holder));
        let taken = leases::Entity::insert(row)
            .on_conflict(
                OnConflict::column(Name).update_columns([Holder, Until]).action_and_where(free).to_owned(),
            )
            .exec_without_returning(&self.db)
            .await?;
        if taken > 0 {
            return Ok(None);
        }
        let other = leases::Entity::find().filter(Name.eq(name)).one(&self.db).await?;
        Ok(Some(other.map_or(now, |lease| instant(lease.until))))
    }

    /// Whether somebody has the lease.
    pub async fn is_leased(&self, name: &str, now: DateTime<Utc>) -> Result<bool> {
        use leases::Column::{Name, Until};
        let held = leases::Entity::find().filter(Name.eq(name)).filter(Until.gte(micros(now)));
        Ok(held.one(&self.db).await?.is_some())
    }

    /// Frees the lease, if the holder has it.
    pub async fn free_lease(&self, name: &str, holder: &str) -> Result<()> {
        leases::Entity::delete_many()
            .filter(leases::Column::Name.eq(name))
            .filter(leases::Column::Holder.eq(holder))
            .exec(&self.db)
            .await?;
        Ok(())
    }
}
