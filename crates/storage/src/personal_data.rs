//! Personal data that goes: the rule of the installation, erasing by it and by hand, and the trace of what went. What
//! holds persons, and how it is emptied, is `carry_out`'s; how much there is, `touched`'s.

mod carry_out;
mod touched;

use chrono::{DateTime, Utc};
use domain::erasure::EraseAfter;
use domain::history::Actor;
use domain::{CabinetId, CustomerId, OrderId, PostingNumber, Reason};
use entities::{customers, erasures, postings};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

pub(crate) use carry_out::name_again;
pub(crate) use touched::is_order_erased;
pub use touched::{MOST_COUNTED, OfCustomer, OfOrder};

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::install::{fact, set_fact};
use crate::instant::{instant, micros};
use crate::order_rows::CHUNK;
use crate::{outbox, people};

/// The fact that keeps the rule.
const RULE: &str = "erase_persons_after_days";
const OFF: &str = "off";

/// How much was erased, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Orders.
    pub orders: u64,
    /// Postings without an order.
    pub postings: u64,
    /// Customers.
    pub customers: u64,
}

impl Erased {
    /// Nothing at all.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl std::ops::AddAssign for Erased {
    fn add_assign(&mut self, more: Self) {
        self.orders += more.orders;
        self.postings += more.postings;
        self.customers += more.customers;
    }
}

/// An erasing, as it is remembered.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// When it began.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// The rule, where it was by rule.
    pub rule: Option<EraseAfter>,
    /// How much.
    pub erased: Erased,
}

/// One step of an erasing by rule.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The erasing that it belongs to; `None` while there was nothing to erase.
    pub erasure: Option<i64>,
    /// What this step erased.
    pub erased: Erased,
    /// Nothing is left that is due now.
    pub is_last: bool,
}

/// By whom and why.
struct Cause<'a> {
    actor: &'a Actor,
    rule: Option<EraseAfter>,
    now: DateTime<Utc>,
}

impl Cause<'_> {
    fn reason(&self) -> Reason {
        self.rule.map_or(Reason::ByHand, |rule| Reason::ErasedAfter { days: rule.get() })
    }
}

impl Store {
    /// The rule; `None` while it is off.
    pub async fn erasing_rule(&self) -> Result<Option<EraseAfter>> {
        rule(&self.db).await
    }

    /// Sets the rule, or switches it off.
    pub async fn set_erasing_rule(
        &self,
        wanted: Option<EraseAfter>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                if rule(tx).await? == wanted {
                    return Ok(());
                }
                let word = wanted.map_or_else(|| OFF.to_owned(), |rule| rule.get().to_string());
                set_fact(tx, RULE, &word).await?;
                people::note(tx, &people::name_of(actor), "personal_data.rule", "shop", &word, now).await
            })
        })
        .await
    }

    /// How much the rule would erase now, each counted up to [`MOST_COUNTED`].
    pub async fn would_erase(&self, rule: EraseAfter, now: DateTime<Utc>) -> Result<Erased> {
        touched::by_rule(&self.db, rule, now).await
    }

    /// Erases the next postings that are due by the rule in force, with their orders and with customers who have no other
    /// order left; goes on with the erasing `erasure`, or begins one. `None` while the rule is off.
    pub async fn erase_due(
        &self,
        erasure: Option<i64>,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<Option<Batch>> {
        self.write(|tx, _| Box::pin(batch(tx, erasure, std::cmp::min(limit, CHUNK as u64), now))).await
    }

    /// How it stands with the personal data of an order.
    pub async fn persons_of_order(&self, id: OrderId) -> Result<OfOrder> {
        touched::of_order(&self.db, id).await
    }

    /// How it stands with the personal data of a customer.
    pub async fn persons_of_customer(&self, id: CustomerId) -> Result<OfCustomer> {
        touched::of_customer(&self.db, id).await
    }

    /// Erases what an order and its posting tell of persons; what is erased already stays so.
    ///
    /// # Errors
    /// [`Error::Refused`] with `not_ended` while the order goes on.
    pub async fn erase_order(&self, id: OrderId, actor: &Actor, now: DateTime<Utc>) -> Result<Erased> {
        self.write(|tx, _| {
            Box::pin(async move {
                let own = postings::Entity::find().filter(postings::Column::OrderId.eq(id.0));
                let mut rows = carry_out::rows(tx, own, 1).await?;
                let row = rows.pop().ok_or(Error::NotFound)?;
                // What people wrote after an erasing goes like the rest.
                if row.is_erased && !touched::is_written_since(tx, id).await? {
                    return Ok(Erased::default());
                }
                if row.ended_at.is_none() {
                    return Err(Error::Refused("not_ended"));
                }
                let cause = Cause { actor, rule: None, now };
                let all = carry_out::with_kin(tx, vec![row]).await?;
                let bound = carry_out::empty(tx, &all, &cause).await?;
                let customers = carry_out::empty_left_customers(tx, bound.customers, now).await?;
                let erased = Erased { customers, ..bound.erased };
                trace(tx, None, erased, &cause, &format!("order {id}")).await?;
                Ok(erased)
            })
        })
        .await
    }

    /// Erases a customer and what the customer's orders tell of persons, as far as they have ended, with other postings of
    /// the same orders of Ozon's. Goes in chunks, the customer last; asking again does the rest. Postings of orders that
    /// never became one name the customer only within their facts, where nothing finds them: they are the rule's.
    ///
    /// # Errors
    /// [`Error::Refused`] with `installed` for "Покупатель Ozon".
    pub async fn erase_customer(&self, id: CustomerId, actor: &Actor, now: DateTime<Utc>) -> Result<Erased> {
        let cause = &Cause { actor, rule: None, now };
        let (mut all, mut erasure) = (Erased::default(), None);
        loop {
            let (done, began, is_last) =
                self.write(|tx, _| Box::pin(chunk_of_customer(tx, id, erasure, cause))).await?;
            all += done;
            erasure = began;
            if is_last {
                return Ok(all);
            }
        }
    }

    /// The last erasings, the newest first.
    pub async fn erasures(&self, limit: u64) -> Result<Vec<Erasure>> {
        let rows = erasures::Entity::find().order_by_desc(erasures::Column::Id).limit(limit);
        rows.all(&self.db).await?.into_iter().map(Erasure::try_from).collect()
    }
}

impl TryFrom<erasures::Model> for Erasure {
    type Error = Error;
    fn try_from(row: erasures::Model) -> Result<Self> {
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        let days = row.days.and_then(|days| u32::try_from(days).ok());
        Ok(Self {
            at: instant(row.at),
            actor: serde_json::from_str(&row.actor).map_err(|e| Error::Corrupt(e.to_string()))?,
            rule: days.and_then(EraseAfter::days),
            erased: Erased {
                orders: count(row.orders),
                postings: count(row.postings),
                customers: count(row.customers),
            },
        })
    }
}

/// Whether the persons of a posting were erased, so that no other answer of Ozon may bring them back.
pub(crate) async fn is_erased<C: ConnectionTrait>(
    db: &C,
    cabinet: CabinetId,
    number: &PostingNumber,
) -> Result<bool> {
    let erased = postings::Entity::find()
        .filter(postings::Column::CabinetId.eq(cabinet.0))
        .filter(postings::Column::PostingNumber.eq(number.as_str()))
        .filter(postings::Column::PersonsErasedAt.is_not_null())
        .select_only()
        .column(postings::Column::Id);
    Ok(erased.count(db).await? > 0)
}

/// The rule in force. What is no rule is none: nothing is erased by mistake.
async fn rule<C: ConnectionTrait>(db: &C) -> Result<Option<EraseAfter>> {
    let days = fact(db, RULE).await?.and_then(|word| word.parse().ok());
    Ok(days.and_then(EraseAfter::days))
}

async fn batch(
    tx: &DatabaseTransaction,
    erasure: Option<i64>,
    limit: u64,
    now: DateTime<Utc>,
) -> Result<Option<Batch>> {
    let Some(rule) = rule(tx).await? else { return Ok(None) };
    let mut rows = carry_out::rows(tx, touched::due(rule, now), limit).await?;
    let is_last = (rows.len() as u64) < limit;
    // The index only leads there; whether it is time is the domain's to say.
    rows.retain(|row| rule.is_due(row.ended_at, now));
    let cause = Cause { actor: &Actor::Rule, rule: Some(rule), now };
    let bound = carry_out::empty(tx, &rows, &cause).await?;
    let customers = carry_out::empty_left_customers(tx, bound.customers, now).await?;
    let erased = Erased { customers, ..bound.erased };
    let erasure = trace(tx, erasure, erased, &cause, "rule").await?;
    Ok(Some(Batch { erasure, erased, is_last }))
}

async fn chunk_of_customer(
    tx: &DatabaseTransaction,
    id: CustomerId,
    erasure: Option<i64>,
    cause: &Cause<'_>,
) -> Result<(Erased, Option<i64>, bool)> {
    let customer = customers::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
    let customer = customer.ok_or(Error::NotFound)?;
    if customer.code.is_some() {
        return Err(Error::Refused("installed"));
    }
    let rows = carry_out::rows(tx, touched::ended_of(id), CHUNK as u64).await?;
    let is_last = rows.len() < CHUNK;
    let rows = carry_out::with_kin(tx, rows).await?;
    let mut erased = Erased::default();
    for rows in rows.chunks(CHUNK) {
        erased += carry_out::empty(tx, rows, cause).await?.erased;
    }
    if is_last && customer.persons_erased_at.is_none() {
        carry_out::empty_customers(tx, &[id.0], cause.now).await?;
        erased.customers = 1;
    }
    let erasure = trace(tx, erasure, erased, cause, &format!("customer {id}")).await?;
    Ok((erased, erasure, is_last))
}

/// Keeps what was erased, and notes the beginning of an erasing in the audit; its id.
async fn trace(
    tx: &DatabaseTransaction,
    erasure: Option<i64>,
    erased: Erased,
    cause: &Cause<'_>,
    subject: &str,
) -> Result<Option<i64>> {
    use erasures::Column as C;
    if erased.is_nothing() {
        return Ok(erasure);
    }
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (orders, postings, customers) =
        (count(erased.orders), count(erased.postings), count(erased.customers));
    if let Some(id) = erasure {
        erasures::Entity::update_many()
            .col_expr(C::Orders, Expr::col(C::Orders).add(orders))
            .col_expr(C::Postings, Expr::col(C::Postings).add(postings))
            .col_expr(C::Customers, Expr::col(C::Customers).add(customers))
            .filter(C::Id.eq(id))
            .exec(tx)
            .await?;
        return Ok(erasure);
    }
    let row = erasures::ActiveModel {
        at: Set(micros(cause.now)),
        actor: Set(outbox::json(cause.actor)?),
        days: Set(cause.rule.and_then(|rule| i32::try_from(rule.get()).ok())),
        orders: Set(orders),
        postings: Set(postings),
        customers: Set(customers),
        ..Default::default()
    };
    let id = erasures::Entity::insert(row).exec_with_returning(tx).await?.id;
    let detail = cause.rule.map(|rule| format!("{} days", rule.get())).unwrap_or_default();
    let who = people::name_of(cause.actor);
    people::note(tx, &who, "personal_data.erase", subject, &detail, cause.now).await?;
    Ok(Some(id))
}
