//! The simple lists of the shop: sources, delivery and payment methods here, statuses and customers in their own modules.

mod customers;
mod statuses;

use entities::{delivery_methods, payment_methods, sources};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};

pub use customers::{Customer, CustomerDraft};
pub use statuses::{Status, StatusDraft};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::text::clean;
use crate::uses;

/// A row of a list that has only names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// It came with the installation: default settings refer to it, so it stays.
    pub installed: bool,
}

/// The lists that have only names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedList {
    /// Order sources.
    Sources,
    /// Delivery methods.
    DeliveryMethods,
    /// Payment methods.
    PaymentMethods,
}

impl NamedList {
    /// How the audit calls a row of it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sources => "source",
            Self::DeliveryMethods => "delivery_method",
            Self::PaymentMethods => "payment_method",
        }
    }
}

macro_rules! on_list {
    ($list:expr, $table:ident => $work:expr) => {
        match $list {
            NamedList::Sources => {
                use sources as $table;
                $work
            }
            NamedList::DeliveryMethods => {
                use delivery_methods as $table;
                $work
            }
            NamedList::PaymentMethods => {
                use payment_methods as $table;
                $work
            }
        }
    };
}

impl Store {
    /// A list that has only names, in the order of their making.
    pub async fn named(&self, list: NamedList) -> Result<Vec<Named>> {
        on_list!(list, table => {
            let rows = table::Entity::find().order_by_asc(table::Column::Id).all(&self.steady).await?;
            let named = |row: table::Model| Named { id: row.id, name: row.name, installed: row.code.is_some() };
            Ok(rows.into_iter().map(named).collect())
        })
    }

    /// Adds or renames a row.
    pub async fn save_named(&self, list: NamedList, id: Option<i64>, name: &str) -> Result<Named> {
        on_list!(list, table => {
            let row = if let Some(id) = id {
                let row = table::Entity::find_by_id(id).one(&self.steady).await?.ok_or(Error::NotFound)?;
                let mut row = row.into_active_model();
                row.name = Set(clean(name));
                row.update(&self.steady).await?
            } else {
                let row = table::ActiveModel { name: Set(clean(name)), ..Default::default() };
                table::Entity::insert(row).exec_with_returning(&self.steady).await?
            };
            Ok(Named { id: row.id, name: row.name, installed: row.code.is_some() })
        })
    }

    /// Deletes a row.
    ///
    /// # Errors
    /// [`Error::InUse`] while orders, settings or rules of warehouses refer to it ([`Store::uses_of_named`] names them),
    /// [`Error::Refused`] with `installed` for Ozon's own.
    pub async fn delete_named(&self, list: NamedList, id: i64) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                on_list!(list, table => {
                    let row = table::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound)?;
                    if row.code.is_some() {
                        return Err(Error::Refused("installed"));
                    }
                    refuse_if_used(uses::of_named(tx, list, id).await?.count())?;
                    table::Entity::delete_by_id(id).exec(tx).await?;
                    Ok(())
                })
            })
        })
        .await
    }
}

fn refuse_if_used(count: u64) -> Result<()> {
    if count > 0 { Err(Error::InUse { count }) } else { Ok(()) }
}
