//! The simple lists of the shop: statuses, sources, customers, delivery and payment methods.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::search::{Term, customer_document, term};
use domain::{CabinetId, CustomerId, StatusId};
use entities::{customers, delivery_methods, orders, payment_methods, sources, statuses};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::micros;
use crate::order_rows::CHUNK;
use crate::page::{Page, PageAsk};
use crate::text::clean;
use crate::{search, uses};

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

/// A customer of the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// Phone (Ozon gives a substitute number).
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The shop's remark.
    pub comment: String,
    /// The cabinet whose customer it is at Ozon.
    pub cabinet_id: Option<CabinetId>,
    /// Ozon's id there.
    pub ozon_customer_id: Option<i64>,
    /// How many orders; only where one customer is asked for.
    pub orders: Option<u64>,
}

/// A customer as a person fills it in.
#[derive(Clone, Debug, Default)]
pub struct CustomerDraft {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The shop's remark.
    pub comment: String,
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

impl From<customers::Model> for Customer {
    fn from(row: customers::Model) -> Self {
        Self {
            id: CustomerId(row.id),
            name: row.name,
            phone: row.phone,
            email: row.email,
            comment: row.comment,
            cabinet_id: row.cabinet_id.map(CabinetId),
            ozon_customer_id: row.ozon_customer_id,
            orders: None,
        }
    }
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
    /// Statuses by their place.
    pub async fn statuses(&self) -> Result<Vec<Status>> {
        use statuses::Column::{Id, Position};
        let rows = statuses::Entity::find().order_by_asc(Position).order_by_asc(Id).all(&self.db).await?;
        Ok(rows.into_iter().map(Status::from).collect())
    }

    /// Adds or changes a status. The one that becomes the default takes that from the one before.
    ///
    /// # Errors
    /// [`Error::Refused`] with `no_default` when the only default one would stop to be it.
    pub async fn save_status(&self, id: Option<StatusId>, draft: StatusDraft) -> Result<Status> {
        let draft = &draft;
        self.write(|tx, _| {
            Box::pin(async move {
                let before = match id {
                    Some(id) => {
                        Some(statuses::Entity::find_by_id(id.0).one(tx).await?.ok_or(Error::NotFound)?)
                    }
                    None => None,
                };
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

    /// Orders in each status, as far as there are any.
    pub async fn orders_per_status(&self) -> Result<Vec<(StatusId, u64)>> {
        let rows: Vec<(i64, i64)> = orders::Entity::find()
            .select_only()
            .column(orders::Column::StatusId)
            .column_as(Expr::col(orders::Column::Id).count(), "count")
            .group_by(orders::Column::StatusId)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|(id, n)| (StatusId(id), u64::try_from(n).unwrap_or(0))).collect())
    }

    /// A list that has only names, in the order of their making.
    pub async fn named(&self, list: NamedList) -> Result<Vec<Named>> {
        on_list!(list, table => {
            let rows = table::Entity::find().order_by_asc(table::Column::Id).all(&self.db).await?;
            let named = |row: table::Model| Named { id: row.id, name: row.name, installed: row.code.is_some() };
            Ok(rows.into_iter().map(named).collect())
        })
    }

    /// Adds or renames a row.
    pub async fn save_named(&self, list: NamedList, id: Option<i64>, name: &str) -> Result<Named> {
        on_list!(list, table => {
            let row = if let Some(id) = id {
                let row = table::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::NotFound)?;
                let mut row = row.into_active_model();
                row.name = Set(clean(name));
                row.update(&self.db).await?
            } else {
                let row = table::ActiveModel { name: Set(clean(name)), ..Default::default() };
                table::Entity::insert(row).exec_with_returning(&self.db).await?
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

    /// Customers, the newest first; `q` looks into name, phone and e-mail.
    pub async fn customers(&self, q: Option<&str>, ask: &PageAsk) -> Result<Page<Customer>> {
        use customers::Column::{Id, Search};
        let mut query = customers::Entity::find().order_by_desc(Id).limit(ask.rows() + 1);
        let words = match q.map(term) {
            Some(Term::Words(words)) => words,
            Some(Term::PostingNumber(number)) => vec![number],
            Some(Term::Nothing) | None => Vec::new(),
        };
        for word in words {
            query = query.filter(Expr::col((customers::Entity, Search)).like(search::like(&word)));
        }
        if let Some((_, id)) = ask.after()? {
            query = query.filter(Id.lt(id));
        }
        let rows: Vec<Customer> = query.all(&self.db).await?.into_iter().map(Customer::from).collect();
        Ok(Page::cut(rows, ask, |customer| (0, customer.id.0)))
    }

    /// How many orders each of these customers has, as far as there are any; one question for a page of them.
    pub async fn orders_per_customer(&self, ids: &[CustomerId]) -> Result<HashMap<CustomerId, u64>> {
        let mut counts = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let rows: Vec<(i64, i64)> = orders::Entity::find()
                .filter(orders::Column::CustomerId.is_in(chunk.iter().map(|id| id.0)))
                .select_only()
                .column(orders::Column::CustomerId)
                .column_as(Expr::col(orders::Column::Id).count(), "count")
                .group_by(orders::Column::CustomerId)
                .into_tuple()
                .all(&self.db)
                .await?;
            counts.extend(rows.into_iter().map(|(id, n)| (CustomerId(id), u64::try_from(n).unwrap_or(0))));
        }
        Ok(counts)
    }

    /// One customer, with the number of orders.
    pub async fn customer(&self, id: CustomerId) -> Result<Customer> {
        let row = customers::Entity::find_by_id(id.0).one(&self.db).await?.ok_or(Error::NotFound)?;
        let orders =
            orders::Entity::find().filter(orders::Column::CustomerId.eq(id.0)).count(&self.db).await?;
        Ok(Customer { orders: Some(orders), ..row.into() })
    }

    /// Adds or changes a customer.
    pub async fn save_customer(
        &self,
        id: Option<CustomerId>,
        draft: CustomerDraft,
        now: DateTime<Utc>,
    ) -> Result<Customer> {
        let text = |text: Option<String>| text.as_deref().map(clean);
        let (name, phone, email) = (clean(&draft.name), text(draft.phone), text(draft.email));
        let mut row = customers::ActiveModel {
            search: Set(customer_document(&name, phone.as_deref(), email.as_deref())),
            name: Set(name),
            phone: Set(phone),
            email: Set(email),
            comment: Set(clean(&draft.comment)),
            persons_erased_at: Set(None),
            ..Default::default()
        };
        let row = if let Some(id) = id {
            if customers::Entity::find_by_id(id.0).one(&self.db).await?.is_none() {
                return Err(Error::NotFound);
            }
            row.id = Set(id.0);
            row.update(&self.db).await?
        } else {
            row.created_at = Set(micros(now));
            customers::Entity::insert(row).exec_with_returning(&self.db).await?
        };
        Ok(row.into())
    }

    /// Deletes a customer.
    ///
    /// # Errors
    /// [`Error::InUse`] while orders or settings refer to it, [`Error::Refused`] with `installed` for "Покупатель Ozon".
    pub async fn delete_customer(&self, id: CustomerId) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                let row = customers::Entity::find_by_id(id.0).one(tx).await?.ok_or(Error::NotFound)?;
                if row.code.is_some() {
                    return Err(Error::Refused("installed"));
                }
                let mut used =
                    orders::Entity::find().filter(orders::Column::CustomerId.eq(id.0)).count(tx).await?;
                for (_, text) in uses::settings_in_force(tx).await? {
                    let settings: domain::Settings =
                        serde_json::from_str(&text).map_err(|e| Error::Corrupt(e.to_string()))?;
                    used += u64::from(settings.customer_id == Some(id));
                }
                refuse_if_used(used)?;
                customers::Entity::delete_by_id(id.0).exec(tx).await?;
                Ok(())
            })
        })
        .await
    }
}

fn refuse_if_used(count: u64) -> Result<()> {
    if count > 0 { Err(Error::InUse { count }) } else { Ok(()) }
}
