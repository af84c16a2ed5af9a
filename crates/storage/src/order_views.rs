//! How people want the list of orders: their columns, what counts as urgent, and views saved under a name.

use chrono::{DateTime, Utc};
use domain::UserId;
use entities::{list_preferences, order_views};
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::micros;
use crate::text::clean;

/// Views that one person may keep.
const MOST_VIEWS: usize = 50;

/// A view saved under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderView {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub user: UserId,
    /// Its name.
    pub name: String,
    /// The query of the list's address.
    pub query: String,
    /// Everyone sees it.
    pub shared: bool,
}

/// How a person wants the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPreferences {
    /// Words of columns, in their order.
    pub columns: Vec<String>,
    /// An order that must leave within so many hours is at risk.
    pub risk_hours: u32,
}

impl Store {
    /// How a person wants the list; `None` as long as nothing was chosen.
    pub async fn list_preferences(&self, user: UserId) -> Result<Option<ListPreferences>> {
        let row = list_preferences::Entity::find_by_id(user.0).one(&self.steady).await?;
        Ok(row.map(|row| ListPreferences {
            columns: row.columns.split_whitespace().map(str::to_owned).collect(),
            risk_hours: u32::try_from(row.risk_hours).unwrap_or(0),
        }))
    }

    /// Keeps how a person wants the list.
    pub async fn set_list_preferences(&self, user: UserId, wanted: &ListPreferences) -> Result<()> {
        use list_preferences::Column::{Columns, RiskHours, UserId as Of};
        let row = list_preferences::ActiveModel {
            user_id: Set(user.0),
            columns: Set(clean(&wanted.columns.join(" "))),
            risk_hours: Set(i32::try_from(wanted.risk_hours).unwrap_or(i32::MAX)),
        };
        let again = OnConflict::column(Of).update_columns([Columns, RiskHours]).to_owned();
        list_preferences::Entity::insert(row).on_conflict(again).exec_without_returning(&self.steady).await?;
        Ok(())
    }

    /// The views that a person sees: her own, and those shared with everyone; by name.
    pub async fn order_views(&self, user: UserId) -> Result<Vec<OrderView>> {
        use order_views::Column as C;
        let rows = order_views::Entity::find()
            .filter(C::UserId.eq(user.0).or(C::Shared.eq(true)))
            .order_by_asc(C::Name)
            .order_by_asc(C::Id)
            .all(&self.steady)
            .await?;
        let view = |row: order_views::Model| OrderView {
            id: row.id,
            user: UserId(row.user_id),
            name: row.name,
            query: row.query,
            shared: row.shared,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Saves a view; one of the same person with the same name is replaced.
    ///
    /// # Errors
    /// [`Error::Refused`] with `too_many_views` when the person keeps too many.
    pub async fn save_order_view(
        &self,
        user: UserId,
        name: &str,
        query: &str,
        shared: bool,
        now: DateTime<Utc>,
    ) -> Result<()> {
        use order_views::Column as C;
        let (name, query) = (&clean(name), &clean(query));
        self.write(|tx, _| {
            Box::pin(async move {
                let kept: Vec<String> = order_views::Entity::find()
                    .filter(C::UserId.eq(user.0))
                    .select_only()
                    .column(C::Name)
                    .into_tuple()
                    .all(tx)
                    .await?;
                if kept.len() >= MOST_VIEWS && !kept.contains(name) {
                    return Err(Error::Refused("too_many_views"));
                }
                let row = order_views::ActiveModel {
                    user_id: Set(user.0),
                    name: Set(name.clone()),
                    query: Set(query.clone()),
                    shared: Set(shared),
                    created_at: Set(micros(now)),
                    ..Default::default()
                };
                let again = OnConflict::columns([C::UserId, C::Name])
                    .update_columns([C::Query, C::Shared])
                    .to_owned();
                order_views::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
                Ok(())
            })
        })
        .await
    }

    /// Deletes a view of this person's; an administrator (`anyones`) also what others share.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none that may be deleted.
    pub async fn delete_order_view(&self, id: i64, user: UserId, anyones: bool) -> Result<()> {
        use order_views::Column as C;
        let mine = C::UserId.eq(user.0);
        let allowed = if anyones { mine.or(C::Shared.eq(true)) } else { mine };
        let gone = order_views::Entity::delete_many()
            .filter(C::Id.eq(id))
            .filter(allowed)
            .exec(&self.steady)
            .await?;
        if gone.rows_affected == 0 { Err(Error::NotFound) } else { Ok(()) }
    }
}
