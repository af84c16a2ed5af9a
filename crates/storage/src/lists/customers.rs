//! The customers of the shop: its own, and those that Ozon named.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::search::{Term, customer_document, term};
use domain::{CabinetId, CustomerId};
use entities::{customers, orders};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::refuse_if_used;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::micros;
use crate::order_rows::CHUNK;
use crate::page::{Page, PageAsk};
use crate::text::clean;
use crate::{search, uses};

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

impl Store {
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

    /// The names of these customers.
    pub async fn customer_names(&self, ids: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
        let mut names = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let rows: Vec<(i64, String)> = customers::Entity::find()
                .filter(customers::Column::Id.is_in(chunk.iter().map(|id| id.0)))
                .select_only()
                .columns([customers::Column::Id, customers::Column::Name])
                .into_tuple()
                .all(&self.db)
                .await?;
            names.extend(rows.into_iter().map(|(id, name)| (CustomerId(id), name)));
        }
        Ok(names)
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
