//! Carrying decisions out: rows of postings, orders, lines, history and search.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use chrono::{DateTime, Utc};
use domain::customer::CustomerChoice;
use domain::erasure;
use domain::intake::{NewOrder, NumberChoice, Outcome};
use domain::search::customer_document;
use domain::{
    CabinetId, CustomerId, Order, OrderId, OzonStatus, Posting, Settings, SkipReason, number_template,
};
use entities::{customers, order_goods, orders, ozon_codes, postings};
use sea_orm::sea_query::{ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QuerySelect, QueryTrait, Statement, TryGetable,
};

use super::{Arrival, Arrived, Row, ShownBy, Step};
use crate::closed;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::facts::pack_facts;
use crate::install::{OZON_BUYER, fact};
use crate::instant::micros;
use crate::order_rows::{CHUNK, line_rows, order_row, pieces, with_way};
use crate::orders::{document, note};
use crate::shop::{NEXT_NUMBER, NUMBER_TEMPLATE};
use crate::text::clean;
use crate::{blob, news, outbox, personal_data, search};

/// Writes everything that was decided about a page.
pub async fn carry_out(
    tx: &DatabaseTransaction,
    store: &Store,
    arrival: &Arrival,
    steps: Vec<Step<'_>>,
    rules: &Settings,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut new: Vec<(&NewOrder, &Posting)> = Vec::new();
    for step in &steps {
        if let Outcome::Created(order) = &step.decision.outcome {
            new.push((order.as_ref(), &step.decision.facts));
        }
    }
    let ids = create(tx, store, &new, now).await?;
    let made: HashMap<String, OrderId> =
        new.iter().zip(ids).map(|((new, _), id)| (new.order.posting_number.to_string(), id)).collect();

    let mut inserted = Vec::new();
    let mut changed_orders = Vec::new();
    let mut told = Vec::new();
    let mut unknown = HashSet::new();
    for step in &steps {
        let facts = &step.decision.facts;
        if let OzonStatus::Other(code) = &facts.status
            && !code.is_empty()
        {
            unknown.insert(code.clone());
        }
        if let Outcome::Stale = step.decision.outcome {
            continue;
        }
        if let Outcome::Updated { order, customer, history } = &step.decision.outcome {
            let mut after = order.as_ref().clone();
            if let Some(choice) = customer {
                after.customer_id =
                    customers_for(tx, arrival.cabinet, std::slice::from_ref(choice), now).await?[0];
            }
            let before =
                step.before.as_ref().and_then(|known| known.order.as_ref().zip(known.facts.as_ref()));
            update(tx, &after, facts, before).await?;
            let entries: Vec<_> = history.iter().map(|entry| (after.id, entry.clone())).collect();
            note(tx, &entries).await?;
        }
        let order_id =
            made.get(step.arrived.number.as_str()).map(|id| id.0).or(step.row.and_then(|r| r.order_id));
        changed_orders.extend(step.row.and_then(|row| row.order_id));
        let found = news::of_outcome(&step.decision.outcome, rules);
        told.extend(found.into_iter().map(|(kind, detail)| (kind, order_id.map(OrderId), detail)));
        let skipped_because = match step.decision.outcome {
            Outcome::Skipped(reason) => Some(reason),
            _ => None,
        };
        let row = posting_row(arrival, step, order_id, skipped_because, now)?;
        match step.row {
            Some(known) => {
                write_posting(tx, known.id, row).await?;
            }
            None => inserted.push(postings::ActiveModel { first_seen_at: Set(micros(now)), ..row }),
        }
    }
    // Rows that are inserted together must name the same columns.
    for row in &mut inserted {
        for raw in [&mut row.raw_list, &mut row.raw_get] {
            if raw.is_not_set() {
                *raw = Set(None);
            }
        }
    }
    for chunk in pieces(&inserted) {
        postings::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    outbox::wake(tx, &changed_orders, now).await?;
    news::write(tx, arrival.cabinet, told, now).await?;
    for code in unknown {
        let row = ozon_codes::ActiveModel {
            cabinet_id: Set(arrival.cabinet.0),
            code: Set(code),
            first_seen_at: Set(micros(now)),
        };
        ozon_codes::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([ozon_codes::Column::CabinetId, ozon_codes::Column::Code])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Writes what is set of a stored posting. The row does not come back: its raw texts would be most of the answer.
async fn write_posting(tx: &DatabaseTransaction, id: i64, row: postings::ActiveModel) -> Result<()> {
    postings::Entity::update_many().set(row).filter(postings::Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

fn posting_row(
    arrival: &Arrival,
    step: &Step<'_>,
    order_id: Option<i64>,
    skipped_because: Option<SkipReason>,
    now: DateTime<Utc>,
) -> Result<postings::ActiveModel> {
    let facts = &step.decision.facts;
    let ended = step.row.and_then(|row| row.ended_at);
    let mut row = postings::ActiveModel {
        cabinet_id: Set(arrival.cabinet.0),
        posting_number: Set(step.arrived.number.to_string()),
        ozon_status: Set(facts.status.to_string()),
        ozon_substatus: Set(facts.substatus.clone()),
        in_process_at: Set(facts.details.in_process_at.map(micros)),
        read_at: Set(micros(arrival.read_at)),
        fingerprint: Set(step.fingerprint.clone()),
        skipped_because: Set(skipped_because.map(|reason| reason.to_string())),
        undecodable: Set(None),
        order_id: Set(order_id),
        parent: Set(facts.details.parent.as_ref().map(ToString::to_string)),
        ended_at: Set(erasure::ended_at(stands(step), ended, arrival.read_at).map(micros)),
        changed_at: Set(micros(now)),
        ..Default::default()
    };
    if step.is_erased {
        row.facts = Set(Some(pack_facts(facts, None)?));
        return Ok(row);
    }
    row.persons_erased_at = Set(None);
    let list = match arrival.shown_by {
        ShownBy::List => {
            row.raw_list = Set(None);
            Some(step.arrived.raw.as_str())
        }
        ShownBy::Get => {
            row.raw_get = Set(Some(blob::pack(step.arrived.raw.as_bytes())?));
            step.words.as_deref()
        }
    };
    row.facts = Set(Some(pack_facts(facts, list)?));
    Ok(row)
}

/// Where a posting stands: an order may go on with the parts of a posting that is closed.
fn stands<'a>(step: &'a Step<'_>) -> &'a OzonStatus {
    let order = match &step.decision.outcome {
        Outcome::Created(new) => Some(&new.order),
        Outcome::Updated { order, .. } => Some(order.as_ref()),
        Outcome::Stale | Outcome::Skipped(_) | Outcome::Unchanged => {
            step.before.as_ref().and_then(|known| known.order.as_ref())
        }
    };
    order.map_or(&step.decision.facts.status, |order| &order.ozon_status)
}

/// Keeps a posting that could not be read. What was known of it before, and its order, stay.
pub async fn quarantine(
    tx: &DatabaseTransaction,
    arrival: &Arrival,
    arrived: &Arrived,
    known: Option<&Row>,
    fingerprint: &[u8],
    why: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut row = postings::ActiveModel {
        read_at: Set(micros(arrival.read_at)),
        fingerprint: Set(fingerprint.to_vec()),
        undecodable: Set(Some(clean(why))),
        changed_at: Set(micros(now)),
        ..Default::default()
    };
    // Nobody can take persons out of what cannot be read.
    if known.is_none_or(|known| !known.is_erased) {
        let packed = Set(Some(blob::pack(arrived.raw.as_bytes())?));
        match arrival.shown_by {
            ShownBy::List => row.raw_list = packed,
            ShownBy::Get => row.raw_get = packed,
        }
    }
    if let Some(known) = known {
        if known.order_id.is_none() {
            row.skipped_because = Set(Some(SkipReason::Undecodable.to_string()));
        }
        write_posting(tx, known.id, row).await?;
    } else {
        row.cabinet_id = Set(arrival.cabinet.0);
        row.posting_number = Set(arrived.number.to_string());
        row.ozon_status = Set(String::new());
        row.skipped_because = Set(Some(SkipReason::Undecodable.to_string()));
        row.first_seen_at = Set(micros(now));
        // Nobody can work with it, so its time runs at once.
        row.ended_at = Set(Some(micros(arrival.read_at)));
        postings::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Makes orders; their ids in the same order.
pub async fn create(
    tx: &DatabaseTransaction,
    store: &Store,
    new: &[(&NewOrder, &Posting)],
    now: DateTime<Utc>,
) -> Result<Vec<OrderId>> {
    let Some((first, _)) = new.first() else { return Ok(Vec::new()) };
    let cabinet = first.order.cabinet_id;
    let choices: Vec<CustomerChoice> = new.iter().map(|(new, _)| new.customer.clone()).collect();
    let customers = customers_for(tx, cabinet, &choices, now).await?;
    let numbers = numbers_for(tx, store, new).await?;
    let mut complete = Vec::with_capacity(new.len());
    for (((new, _), customer_id), number) in new.iter().zip(customers).zip(numbers) {
        complete.push(Order { customer_id, number, ..new.order.clone() });
    }

    let rows = complete.iter().zip(new).map(|(order, (_, facts))| Ok(with_way(order_row(order)?, facts)));
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    let ids: HashMap<String, i64> =
        inserted(tx, &rows, orders::Column::PostingNumber, orders::Column::Id).await?;
    let mut given = Vec::with_capacity(complete.len());
    let (mut lines, mut history, mut documents) = (Vec::new(), Vec::new(), Vec::new());
    for (order, (new, facts)) in complete.iter().zip(new) {
        let id = OrderId(*ids.get(order.posting_number.as_str()).ok_or(Error::NotFound)?);
        given.push(id);
        lines.push((id, &order.lines[..]));
        history.extend(new.history.iter().map(|entry| (id, entry.clone())));
        documents.push((id, document(order, facts)));
    }
    for chunk in pieces(&line_rows(tx, &lines).await?) {
        order_goods::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    note(tx, &history).await?;
    search::index(tx, &documents).await?;
    Ok(given)
}

/// Writes an order as it should be.
async fn update(
    tx: &DatabaseTransaction,
    after: &Order,
    facts: &Posting,
    before: Option<(&Order, &Posting)>,
) -> Result<()> {
    let row = with_way(order_row(after)?, facts);
    orders::Entity::update_many().set(row).filter(orders::Column::Id.eq(after.id.0)).exec(tx).await?;
    if before.is_none_or(|(order, _)| order.lines != after.lines) {
        order_goods::Entity::delete_many()
            .filter(order_goods::Column::OrderId.eq(after.id.0))
            .exec(tx)
            .await?;
        let lines = line_rows(tx, &[(after.id, &after.lines)]).await?;
        if !lines.is_empty() {
            order_goods::Entity::insert_many(lines).exec_without_returning(tx).await?;
        }
    }
    let text = document(after, facts);
    if before.is_none_or(|(order, earlier)| document(order, earlier) != text) {
        search::index(tx, &[(after.id, text)]).await?;
    }
    Ok(())
}

/// Writes rows; the ids that they were given, by a column that tells them apart.
async fn inserted<A, K>(
    tx: &DatabaseTransaction,
    rows: &[A],
    key: <A::Entity as EntityTrait>::Column,
    id: <A::Entity as EntityTrait>::Column,
) -> Result<HashMap<K, i64>>
where
    A: ActiveModelTrait + Clone,
    K: TryGetable + Eq + Hash,
{
    let mut ids = HashMap::with_capacity(rows.len());
    for piece in pieces(rows) {
        let mut insert = A::Entity::insert_many(piece.iter().cloned()).into_query();
        insert.returning(Query::returning().columns([key, id]));
        for row in tx.query_all(&insert).await? {
            ids.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
    }
    Ok(ids)
}

/// The customers that choices lead to, in the same order; those of Ozon that are new are made.
async fn customers_for(
    tx: &DatabaseTransaction,
    cabinet: CabinetId,
    choices: &[CustomerChoice],
    now: DateTime<Utc>,
) -> Result<Vec<CustomerId>> {
    use customers::Column as C;
    let mut wanted: HashMap<i64, (&str, Option<&str>)> = HashMap::new();
    for choice in choices {
        if let CustomerChoice::OfOzon { ozon_customer_id, name, phone } = choice {
            wanted.insert(*ozon_customer_id, (name, phone.as_deref()));
        }
    }
    let mut asked: Vec<i64> = wanted.keys().copied().collect();
    asked.sort_unstable();
    let mut of_ozon: HashMap<i64, i64> = HashMap::with_capacity(asked.len());
    for piece in pieces(&asked) {
        let found: Vec<(i64, i64, Option<i64>)> = customers::Entity::find()
            .filter(C::OzonCustomerId.is_in(piece.iter().copied()))
            // Closed, as it is for postings.
            .filter(closed::number(r#""customers"."cabinet_id""#).eq(cabinet.0))
            // Nobody erases them before this order is seen.
            .lock_shared()
            .select_only()
            .columns([C::Id, C::OzonCustomerId, C::PersonsErasedAt])
            .into_tuple()
            .all(tx)
            .await?;
        for (id, ozon_id, erased_at) in found {
            if let (Some(_), Some(&(name, phone))) = (erased_at, wanted.get(&ozon_id)) {
                personal_data::name_again(tx, id, name, phone).await?;
            }
            of_ozon.insert(ozon_id, id);
        }
    }
    asked.retain(|id| !of_ozon.contains_key(id));
    let missing = asked.into_iter().filter_map(|id| Some((id, *wanted.get(&id)?)));
    let missing: Vec<_> = missing
        .map(|(id, (name, phone))| customers::ActiveModel {
            name: Set(name.to_owned()),
            phone: Set(phone.map(str::to_owned)),
            search: Set(customer_document(name, phone, None)),
            comment: Set(String::new()),
            cabinet_id: Set(Some(cabinet.0)),
            ozon_customer_id: Set(Some(id)),
            created_at: Set(micros(now)),
            ..Default::default()
        })
        .collect();
    of_ozon.extend(inserted(tx, &missing, C::OzonCustomerId, C::Id).await?);
    let mut buyer = None;
    let mut ids = Vec::with_capacity(choices.len());
    for choice in choices {
        ids.push(match choice {
            CustomerChoice::Fixed(id) => *id,
            CustomerChoice::OfOzon { ozon_customer_id, .. } => {
                CustomerId(*of_ozon.get(ozon_customer_id).ok_or(Error::NotFound)?)
            }
            CustomerChoice::OzonBuyer => {
                if buyer.is_none() {
                    buyer = customers::Entity::find().filter(C::Code.eq(OZON_BUYER)).one(tx).await?;
                }
                CustomerId(buyer.as_ref().map(|row| row.id).ok_or(Error::NotFound)?)
            }
        });
    }
    Ok(ids)
}

/// The numbers of new orders, in the same order: one that is taken gets a suffix and never blocks.
async fn numbers_for(
    tx: &DatabaseTransaction,
    store: &Store,
    new: &[(&NewOrder, &Posting)],
) -> Result<Vec<String>> {
    let by_template = new.iter().filter(|(new, _)| new.number == NumberChoice::Template).count();
    let mut next = 0;
    let mut template = String::new();
    if by_template > 0 {
        next = next_numbers(tx, by_template).await?;
        template = fact(tx, NUMBER_TEMPLATE).await?.unwrap_or_else(|| number_template::DEFAULT.to_owned());
    }
    let mut wanted = Vec::with_capacity(new.len());
    for (new, _) in new {
        wanted.push(match new.number {
            NumberChoice::PostingNumber => new.order.posting_number.to_string(),
            NumberChoice::Template => {
                let filled = number_template::fill(&template, next, new.order.order_date, store.zone);
                next += 1;
                filled
            }
        });
    }
    let mut taken = numbers_taken(tx, &wanted).await?;
    let mut given = Vec::with_capacity(wanted.len());
    for number in wanted {
        let mut free = number.clone();
        let mut suffix = 1;
        while !taken.insert(free.clone()) {
            suffix += 1;
            free = format!("{number}/{suffix}");
            taken.extend(numbers_taken(tx, std::slice::from_ref(&free)).await?);
        }
        given.push(free);
    }
    Ok(given)
}

async fn numbers_taken(tx: &DatabaseTransaction, numbers: &[String]) -> Result<HashSet<String>> {
    let mut taken = HashSet::new();
    for chunk in numbers.chunks(CHUNK) {
        let found: Vec<String> = orders::Entity::find()
            .filter(orders::Column::Number.is_in(chunk))
            .select_only()
            .column(orders::Column::Number)
            .into_tuple()
            .all(tx)
            .await?;
        taken.extend(found);
    }
    Ok(taken)
}

/// Takes so many numbers in a row from the shop's counter; the first of them.
async fn next_numbers(tx: &DatabaseTransaction, count: usize) -> Result<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let sql = format!(
        "INSERT INTO shop (key, value) VALUES ('{NEXT_NUMBER}', '{}') \
         ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(shop.value AS BIGINT) + {count} AS TEXT) RETURNING value",
        count + 1
    );
    let row = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
    let after: String = row.ok_or(Error::NotFound)?.try_get("", "value")?;
    let after: i64 = after.parse().map_err(|_| Error::Corrupt("the next order number".to_owned()))?;
    Ok(after - count)
}
