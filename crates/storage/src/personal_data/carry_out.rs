//! Emptying what holds persons: the facts and raw answers of postings, names and comments of orders, their history, what
//! they are found by, the words of requests to cancel, and customers. Sums, goods, numbers, statuses and times stay.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::erasure::{ERASED, without_persons};
use domain::push::Push;
use domain::search::customer_document;
use domain::{Field, HistoryEntry, Order, Settings};
use entities::{cancellation_requests, customers, order_comments, order_history, orders, outbox, postings};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QuerySelect, Select,
};

use super::{Cause, Erased, touched};
use crate::error::{Error, Result};
use crate::facts::{pack_facts, unpack_facts};
use crate::instant::{instant, micros};
use crate::order_rows::{CHUNK, with_lines};
use crate::orders::{document, note};
use crate::outbox::{OutboxItem, OutboxState, What, json};
use crate::search;
use crate::uses::settings_in_force;

/// A posting, as far as erasing must know it.
pub struct Row {
    id: i64,
    cabinet_id: i64,
    posting_number: String,
    order_id: Option<i64>,
    facts: Option<Vec<u8>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub is_erased: bool,
}

/// What was emptied, and the customers that its orders are bound to.
#[derive(Default)]
pub struct Emptied {
    pub erased: Erased,
    pub customers: BTreeSet<i64>,
}

/// Reads postings for erasing and holds them.
pub async fn rows(tx: &DatabaseTransaction, found: Select<postings::Entity>, limit: u64) -> Result<Vec<Row>> {
    use postings::Column as C;
    type Columns = (i64, i64, String, Option<i64>, Option<Vec<u8>>, Option<i64>, Option<i64>);
    let rows: Vec<Columns> = found
        .limit(limit)
        .lock_exclusive()
        .select_only()
        .columns([
            C::Id,
            C::CabinetId,
            C::PostingNumber,
            C::OrderId,
            C::Facts,
            C::EndedAt,
            C::PersonsErasedAt,
        ])
        .into_tuple()
        .all(tx)
        .await?;
    let row = |(id, cabinet_id, posting_number, order_id, facts, ended, erased): Columns| Row {
        id,
        cabinet_id,
        posting_number,
        order_id,
        facts,
        ended_at: ended.map(instant),
        is_erased: erased.is_some(),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// These postings, and after them those that made no order of their own, have ended and tell of the same persons: their
/// parts, and what else is of the same order of Ozon's.
pub async fn with_kin(tx: &DatabaseTransaction, rows: Vec<Row>) -> Result<Vec<Row>> {
    let (mut kin, mut known) = (Vec::new(), BTreeSet::new());
    for row in &rows {
        for found in kin_of(row) {
            let found = self::rows(tx, found, CHUNK as u64).await?;
            kin.extend(found.into_iter().filter(|row| known.insert(row.id)));
        }
    }
    Ok(rows.into_iter().chain(kin).collect())
}

fn kin_of(row: &Row) -> Vec<Select<postings::Entity>> {
    use postings::Column as C;
    let left = || {
        postings::Entity::find()
            .filter(C::CabinetId.eq(row.cabinet_id))
            .filter(C::OrderId.is_null())
            .filter(C::EndedAt.is_not_null())
            .filter(C::PersonsErasedAt.is_null())
    };
    let mut kin = vec![left().filter(C::Parent.eq(row.posting_number.as_str()))];
    // Ozon's order is what the numbers of its postings begin with; `.` is what follows `-`.
    if let Some((order, _)) = row.posting_number.rsplit_once('-').filter(|(order, _)| order.contains('-')) {
        let (from, to) = (format!("{order}-"), format!("{order}."));
        kin.push(left().filter(C::PostingNumber.gt(from)).filter(C::PostingNumber.lt(to)));
    }
    kin
}

/// Empties postings and their orders, at most a chunk of them; customers are left to the caller.
pub async fn empty(tx: &DatabaseTransaction, rows: &[Row], cause: &Cause<'_>) -> Result<Emptied> {
    use postings::Column as C;
    if rows.is_empty() {
        return Ok(Emptied::default());
    }
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.order_id).collect();
    let mut orders = empty_orders(tx, &ids).await?;
    let (mut documents, mut entries) = (Vec::new(), Vec::new());
    let mut emptied = Emptied::default();
    for row in rows {
        // What cannot be read any more is nobody's use, and must not keep the others.
        let known = row.facts.as_deref().and_then(|packed| unpack_facts(packed).ok());
        let of_ozon = known.as_ref().and_then(|facts| facts.customer.as_ref()?.id);
        if let Some(ozon_id) = of_ozon {
            emptied.customers.extend(customer_of_ozon(tx, row.cabinet_id, ozon_id).await?);
        }
        let facts = known.map(without_persons);
        let nothing = || Expr::value(Option::<Vec<u8>>::None);
        postings::Entity::update_many()
            .col_expr(C::Facts, Expr::value(facts.as_ref().map(|facts| pack_facts(facts, None)).transpose()?))
            .col_expr(C::RawList, nothing())
            .col_expr(C::RawGet, nothing())
            .col_expr(C::Undecodable, Expr::cust("CASE WHEN undecodable IS NULL THEN NULL ELSE 'erased' END"))
            .col_expr(C::PersonsErasedAt, Expr::value(micros(cause.now)))
            .filter(C::Id.eq(row.id))
            .exec(tx)
            .await?;
        let Some(order) = row.order_id.and_then(|id| orders.remove(&id)) else {
            emptied.erased.postings += 1;
            continue;
        };
        emptied.erased.orders += 1;
        emptied.customers.insert(order.customer_id.0);
        if let Some(facts) = &facts {
            documents.push((order.id, document(&order, facts)));
        }
        entries.push((order.id, entry(cause)));
    }
    search::index(tx, &documents).await?;
    empty_history(tx, &ids).await?;
    empty_discussions(tx, &ids).await?;
    empty_answers(tx, &ids).await?;
    empty_requests(tx, rows).await?;
    note(tx, &entries).await?;
    Ok(emptied)
}

/// The customer whom Ozon named, be the order bound to another one by now.
async fn customer_of_ozon(tx: &DatabaseTransaction, cabinet: i64, ozon_id: i64) -> Result<Option<i64>> {
    let found: Option<i64> = customers::Entity::find()
        .filter(customers::Column::CabinetId.eq(cabinet))
        .filter(customers::Column::OzonCustomerId.eq(ozon_id))
        .select_only()
        .column(customers::Column::Id)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(found)
}

/// What people wrote to each other may name anyone: it goes whole.
async fn empty_discussions(tx: &DatabaseTransaction, ids: &[i64]) -> Result<()> {
    order_comments::Entity::delete_many()
        .filter(order_comments::Column::OrderId.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

fn entry(cause: &Cause<'_>) -> HistoryEntry {
    HistoryEntry {
        at: cause.now,
        ozon_at: None,
        actor: cause.actor.clone(),
        field: Field::Persons,
        old: None,
        new: None,
        reason: cause.reason(),
    }
}

/// Takes the name and the comment from orders; the orders as they are then.
async fn empty_orders(tx: &DatabaseTransaction, ids: &[i64]) -> Result<HashMap<i64, Order>> {
    use orders::Column as C;
    let found = orders::Entity::find().filter(C::Id.is_in(ids.iter().copied())).lock_exclusive().all(tx);
    let mut emptied = HashMap::with_capacity(ids.len());
    for mut order in with_lines(tx, found.await?).await? {
        // Settings row 5 may have put the posting number there, which names nobody.
        if !order.customer_name.is_empty() && order.customer_name != order.posting_number.as_str() {
            ERASED.clone_into(&mut order.customer_name);
        }
        order.admin_comment.clear();
        orders::Entity::update_many()
            .col_expr(C::CustomerName, Expr::value(order.customer_name.clone()))
            .col_expr(C::AdminComment, Expr::value(""))
            .filter(C::Id.eq(order.id.0))
            .exec(tx)
            .await?;
        emptied.insert(order.id.0, order);
    }
    Ok(emptied)
}

/// What the history says of persons before and after; that something changed, when and by whom stays.
async fn empty_history(tx: &DatabaseTransaction, ids: &[i64]) -> Result<()> {
    use order_history::Column as C;
    let personal = [Field::Customer, Field::Recipient, Field::AdminComment].map(|field| field.to_string());
    order_history::Entity::update_many()
        .col_expr(C::Old, Expr::value(Option::<String>::None))
        .col_expr(C::New, Expr::value(Option::<String>::None))
        .filter(C::OrderId.is_in(ids.iter().copied()))
        .filter(C::Field.is_in(personal))
        .exec(tx)
        .await?;
    Ok(())
}

/// What customers were told in answer to their requests, where nothing is to be sent any more.
async fn empty_answers(tx: &DatabaseTransaction, ids: &[i64]) -> Result<()> {
    use outbox::Column as C;
    let over = [OutboxState::Done, OutboxState::Refused, OutboxState::Cancelled].map(|s| s.to_string());
    let rows = outbox::Entity::find()
        .filter(C::OrderId.is_in(ids.iter().copied()))
        .filter(C::Subject.eq("cancellation_request"))
        .filter(C::State.is_in(over))
        .all(tx)
        .await?;
    for row in rows {
        let id = row.id;
        let What::Push(Push::CancellationRequest { id: request, approve, .. }) =
            OutboxItem::try_from(row)?.what
        else {
            continue;
        };
        let push = Push::CancellationRequest { id: request, approve, comment: String::new() };
        outbox::Entity::update_many()
            .col_expr(C::Payload, Expr::value(json(&push)?))
            .filter(C::Id.eq(id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Why customers wanted to cancel, in their own words.
async fn empty_requests(tx: &DatabaseTransaction, rows: &[Row]) -> Result<()> {
    use cancellation_requests::Column as C;
    let mut numbers: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for row in rows {
        numbers.entry(row.cabinet_id).or_default().push(&row.posting_number);
    }
    for (cabinet, numbers) in numbers {
        cancellation_requests::Entity::update_many()
            .col_expr(C::Reason, Expr::value(Option::<String>::None))
            .filter(C::CabinetId.eq(cabinet))
            .filter(C::PostingNumber.is_in(numbers))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Customers of Ozon's that may be erased once no order needs them: not those that settings bind every order to.
pub async fn erasable<C: ConnectionTrait>(db: &C) -> Result<Select<customers::Entity>> {
    use customers::Column as Of;
    let mut named = Vec::new();
    for (_, text) in settings_in_force(db).await? {
        let settings: Settings = serde_json::from_str(&text).map_err(|e| Error::Corrupt(e.to_string()))?;
        named.extend(settings.customer_id.map(|id| id.0));
    }
    Ok(customers::Entity::find()
        .filter(Of::OzonCustomerId.is_not_null())
        .filter(Of::Code.is_null())
        .filter(Of::PersonsErasedAt.is_null())
        .filter(Of::Id.is_not_in(named)))
}

/// Empties those of these customers who have no order left that still names persons; how many.
pub async fn empty_left_customers(
    tx: &DatabaseTransaction,
    ids: BTreeSet<i64>,
    now: DateTime<Utc>,
) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let held = |only: Vec<i64>| async move {
        let found = erasable(tx).await?.filter(customers::Column::Id.is_in(only));
        Ok::<_, Error>(found.select_only().column(customers::Column::Id))
    };
    // First they are held and then looked at: an order that is being made meanwhile is seen.
    let ids: Vec<i64> = held(ids.into_iter().collect()).await?.lock_exclusive().into_tuple().all(tx).await?;
    let left = held(ids).await?.filter(Expr::not_exists(touched::orders_of_customer()));
    let left: Vec<i64> = left.into_tuple().all(tx).await?;
    empty_customers(tx, &left, now).await?;
    Ok(left.len() as u64)
}

/// Empties customers. Ozon's id stays, so that a new order of the same customer makes no second one.
pub async fn empty_customers(tx: &DatabaseTransaction, ids: &[i64], now: DateTime<Utc>) -> Result<()> {
    use customers::Column as C;
    let nothing = || Expr::value(Option::<String>::None);
    customers::Entity::update_many()
        .col_expr(C::Name, Expr::value(ERASED))
        .col_expr(C::Phone, nothing())
        .col_expr(C::Email, nothing())
        .col_expr(C::Comment, Expr::value(""))
        .col_expr(C::Search, Expr::value(customer_document(ERASED, None, None)))
        .col_expr(C::PersonsErasedAt, Expr::value(micros(now)))
        .filter(C::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// A customer who was erased orders anew, and is known again by what that order tells.
pub async fn name_again(tx: &DatabaseTransaction, id: i64, name: &str, phone: Option<&str>) -> Result<()> {
    let row = customers::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        phone: Set(phone.map(str::to_owned)),
        search: Set(customer_document(name, phone, None)),
        persons_erased_at: Set(None),
        ..Default::default()
    };
    row.update(tx).await?;
    Ok(())
}
