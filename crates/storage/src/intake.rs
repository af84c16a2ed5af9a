//! The one way in: what Ozon showed is stored, decided about, and carried out in one transaction.

mod anew;
mod apply;
mod family;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::erasure::without_persons;
use domain::history::Actor;
use domain::intake::{Circumstances, Decision, Known, Outcome, create_by_hand, decide, why_still_no_order};
use domain::{
    CabinetId, Field, OrderId, OzonStatus, Posting, PostingNumber, Reason, Settings, SkipReason, StatusId,
};
use entities::{postings, statuses};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

pub use anew::Anew;

use crate::closed;
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::facts::{unpack_facts, unpack_with_list};
use crate::instant::{instant, micros};
use crate::order_rows::{CHUNK, pieces, with_lines};
use crate::orders::note;
use crate::reads::{self, ReadCause};
use crate::{outbox, settings, text, warehouse_rules};
use family::Families;

/// Which method showed a posting: the raw words are kept apart for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownBy {
    /// A list.
    List,
    /// `/v3/posting/fbs/get`.
    Get,
}

/// A posting as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Its number; for one without a readable number a name made of its text.
    pub number: PostingNumber,
    /// Ozon's own words.
    pub raw: String,
    /// What we read in them, or why we could not.
    pub posting: std::result::Result<Posting, String>,
}

/// What became of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// An older answer than one already applied: nothing.
    Stale,
    /// It stays without an order.
    Skipped,
    /// Its order stays as it is.
    Unchanged,
    /// It could not be read and is kept as it came.
    Failed,
    /// Its order changed.
    Updated,
    /// It became an order.
    Created,
}

/// A page of postings of one cabinet, as one answer of Ozon showed them.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The cabinet.
    pub cabinet: CabinetId,
    /// The method.
    pub shown_by: ShownBy,
    /// When the request began.
    pub read_at: DateTime<Utc>,
    /// The postings; of one that occurs twice the last counts.
    pub postings: Vec<Arrived>,
}

/// What the store knows of a posting before it looks closer.
struct Row {
    id: i64,
    read_at: i64,
    fingerprint: Vec<u8>,
    order_id: Option<i64>,
    skipped_because: Option<String>,
    undecodable: bool,
    ended_at: Option<DateTime<Utc>>,
    is_erased: bool,
}

impl Row {
    /// Whether no answer brings back the persons that were erased. What could never be read and turns out to be on its way
    /// begins to live only now.
    fn stays_erased(&self, shown: &Posting) -> bool {
        let begins = self.undecodable && self.order_id.is_none() && !shown.status.is_closed();
        self.is_erased && !begins
    }
}

/// What is to be written of one posting.
struct Step<'a> {
    arrived: &'a Arrived,
    row: Option<&'a Row>,
    fingerprint: Vec<u8>,
    decision: Decision,
    before: Option<Known>,
    /// What the list said of it last, where that is kept with what is known.
    words: Option<String>,
    /// Its persons are gone and do not come back.
    is_erased: bool,
}

impl Store {
    /// Takes a page in: all of it, or nothing. With `dry_run` it is only decided what would become of it.
    ///
    /// # Errors
    /// When the database does not do it; nothing is changed then.
    pub async fn take_in(
        &self,
        arrival: &Arrival,
        now: DateTime<Utc>,
        dry_run: bool,
    ) -> Result<Vec<(PostingNumber, Became)>> {
        if dry_run {
            return self.rehearse(|tx, _| Box::pin(take_in(tx, self, arrival, now, false))).await;
        }
        self.write(|tx, _| Box::pin(take_in(tx, self, arrival, now, false))).await
    }

    /// The same, also for postings of which Ozon says word for word what it said before: what the store has of them is
    /// not as it should be.
    pub async fn take_in_anew(
        &self,
        arrival: &Arrival,
        now: DateTime<Utc>,
    ) -> Result<Vec<(PostingNumber, Became)>> {
        self.write(|tx, _| Box::pin(take_in(tx, self, arrival, now, true))).await
    }

    /// Makes an order of a stored posting because someone asked for it; the one it has, if it has one.
    ///
    /// # Errors
    /// [`Error::Refused`] with `undecodable` when the posting could never be read.
    pub async fn create_order(&self, posting_row: i64, actor: &Actor, now: DateTime<Utc>) -> Result<OrderId> {
        self.write(|tx, _| {
            Box::pin(async move {
                let row = postings::Entity::find_by_id(posting_row)
                    .lock_exclusive()
                    .one(tx)
                    .await?
                    .ok_or(Error::NotFound)?;
                if let Some(id) = row.order_id {
                    return Ok(OrderId(id));
                }
                let facts = row.facts.as_deref().map(unpack_facts).transpose()?;
                let facts = facts.ok_or(Error::Refused("undecodable"))?;
                let cabinet = CabinetId(row.cabinet_id);
                let rules = settings::current(tx, cabinet).await?.settings;
                let warehouses = warehouse_rules::of(tx, cabinet).await?;
                let with = Circumstances {
                    cabinet_id: cabinet,
                    settings: &rules,
                    warehouses: &warehouses,
                    default_status: default_status(tx).await?,
                    now,
                    read_at: instant(row.read_at),
                };
                let new = create_by_hand(&facts, with, actor.clone());
                let ids = apply::create(tx, self, &[(&new, &facts)], now).await?;
                let id = *ids.first().ok_or(Error::NotFound)?;
                postings::Entity::update_many()
                    .col_expr(postings::Column::OrderId, Expr::value(id.0))
                    .col_expr(postings::Column::SkippedBecause, Expr::value(Option::<String>::None))
                    .filter(postings::Column::Id.eq(posting_row))
                    .exec(tx)
                    .await?;
                Ok(id)
            })
        })
        .await
    }
}

async fn default_status<C: ConnectionTrait>(db: &C) -> Result<StatusId> {
    let row = statuses::Entity::find().filter(statuses::Column::IsDefault.eq(true)).one(db).await?;
    row.map(|row| StatusId(row.id)).ok_or_else(|| Error::Corrupt("no default status".to_owned()))
}

async fn take_in(
    tx: &DatabaseTransaction,
    store: &Store,
    arrival: &Arrival,
    now: DateTime<Utc>,
    anew: bool,
) -> Result<Vec<(PostingNumber, Became)>> {
    // Of a posting that occurs twice on one page the last counts.
    let mut last: HashMap<&PostingNumber, usize> = HashMap::with_capacity(arrival.postings.len());
    for (at, arrived) in arrival.postings.iter().enumerate() {
        last.insert(&arrived.number, at);
    }
    let mut arrived: Vec<&Arrived> = last.into_values().map(|at| &arrival.postings[at]).collect();
    // Always the same order, so that two writers never wait for each other.
    arrived.sort_by(|a, b| a.number.cmp(&b.number));

    let rules = settings::current(tx, arrival.cabinet).await?.settings;
    let rows = rows(tx, arrival.cabinet, &arrived).await?;
    let mut families = Families::of(tx, arrival.cabinet, &arrived).await?;
    let mut became = Vec::with_capacity(arrived.len());
    let mut seen_again = Vec::new();
    let mut closer = Vec::new();
    for arrived in arrived {
        let fingerprint = fingerprint(arrival.shown_by, &arrived.raw);
        let row = rows.get(arrived.number.as_str());
        match row {
            Some(row) if micros(arrival.read_at) < row.read_at => {
                became.push((arrived.number.clone(), Became::Stale));
            }
            // Ozon says word for word what it said before, and the settings see it as they did.
            Some(row)
                if !anew && row.fingerprint == fingerprint && still(row, arrived, &families, &rules) =>
            {
                seen_again.push(row.id);
                let same = match (row.undecodable, row.order_id) {
                    (true, _) => Became::Failed,
                    (false, Some(_)) => Became::Unchanged,
                    (false, None) => Became::Skipped,
                };
                became.push((arrived.number.clone(), same));
            }
            _ => closer.push((arrived, row, fingerprint)),
        }
    }
    for piece in pieces(&seen_again) {
        postings::Entity::update_many()
            .col_expr(postings::Column::ReadAt, Expr::value(micros(arrival.read_at)))
            .filter(postings::Column::Id.is_in(piece.iter().copied()))
            .exec(tx)
            .await?;
    }

    if closer.is_empty() {
        return Ok(became);
    }
    let warehouses = warehouse_rules::of(tx, arrival.cabinet).await?;
    let with = Circumstances {
        cabinet_id: arrival.cabinet,
        settings: &rules,
        warehouses: &warehouses,
        default_status: default_status(tx).await?,
        now,
        read_at: arrival.read_at,
    };
    let mut known = known(tx, &closer).await?;
    let ordered: Vec<&str> = closer
        .iter()
        .filter(|(_, row, _)| row.is_some_and(|row| row.order_id.is_some()))
        .map(|(arrived, ..)| arrived.number.as_str())
        .collect();
    families.learn_parts(tx, arrival.cabinet, &ordered).await?;
    let mut steps = Vec::with_capacity(closer.len());
    for (arrived, row, fingerprint) in closer {
        let (before, words) = row.and_then(|row| known.remove(&row.id)).unzip();
        match &arrived.posting {
            Ok(posting) => {
                let mut posting = text::tidy(posting, &arrived.number)?;
                let is_erased = row.is_some_and(|row| row.stays_erased(&posting));
                if is_erased {
                    posting = without_persons(posting);
                }
                let kin = families.kin(&posting);
                let decision = decide(posting.clone(), before.as_ref(), kin, with);
                if let Outcome::Created(new) = &decision.outcome {
                    families.made(&new.order);
                }
                became.push((arrived.number.clone(), outcome(&decision.outcome)));
                let words = words.flatten();
                steps.push(Step { arrived, row, fingerprint, decision, before, words, is_erased });
            }
            Err(why) => {
                apply::quarantine(tx, arrival, arrived, row, &fingerprint, why, now).await?;
                became.push((arrived.number.clone(), Became::Failed));
            }
        }
    }
    ask_and_tell(tx, arrival.cabinet, &families, &steps, now).await?;
    apply::carry_out(tx, store, arrival, steps, &rules, now).await?;
    Ok(became)
}

/// Asks for what only a reading of a posting tells, and tells orders what was split off them.
async fn ask_and_tell(
    tx: &DatabaseTransaction,
    cabinet: CabinetId,
    families: &Families,
    steps: &[Step<'_>],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut ask: BTreeSet<String> = BTreeSet::new();
    let mut made = Vec::new();
    for step in steps {
        let facts = &step.decision.facts;
        if step.decision.ask_related {
            ask.insert(facts.number.to_string());
        }
        match &step.decision.outcome {
            // The order of the whole goes with its slowest part.
            Outcome::Skipped(SkipReason::PartOfPosting) => {
                ask.extend(facts.details.parent.as_ref().map(ToString::to_string));
            }
            Outcome::Created(new) => made.push(new.order.posting_number.as_str()),
            _ => {}
        }
        if let (Some(entry), Some(parent)) = (&step.decision.for_parent, families.parent_id(facts)) {
            note(tx, &[(parent, entry.clone())]).await?;
        }
    }
    // Parts that were seen before the posting had an order.
    ask.extend(family::orphans(tx, cabinet, &made).await?);
    let ask: Vec<&str> = ask.iter().map(String::as_str).collect();
    reads::ask(tx, cabinet, &ask, ReadCause::Related, now).await
}

/// Whether the settings still say of an unchanged posting what they said before.
fn still(row: &Row, arrived: &Arrived, families: &Families, rules: &Settings) -> bool {
    match (&arrived.posting, row.order_id) {
        (Err(_), _) => row.undecodable,
        // What it was split into may have changed while its own words stay the same.
        (Ok(posting), Some(_)) => !row.undecodable && posting.related.as_ref().is_none_or(Vec::is_empty),
        (Ok(posting), None) => {
            let before = row.skipped_because.as_deref().and_then(|word| word.parse::<SkipReason>().ok());
            let reason = match families.kin(posting).parent {
                Some(_) => (!rules.also_box_changes).then_some(SkipReason::PartOfPosting),
                None => why_still_no_order(posting, before, rules),
            };
            reason.is_some() && reason == before && !row.undecodable
        }
    }
}

fn outcome(outcome: &Outcome) -> Became {
    match outcome {
        Outcome::Stale => Became::Stale,
        Outcome::Skipped(_) => Became::Skipped,
        Outcome::Created(_) => Became::Created,
        Outcome::Updated { .. } => Became::Updated,
        Outcome::Unchanged => Became::Unchanged,
    }
}

/// A hash of Ozon's own words, by which an answer that says nothing new is known. Each method words it differently.
fn fingerprint(shown_by: ShownBy, raw: &str) -> Vec<u8> {
    let mut hash = blake3::Hasher::new();
    hash.update(match shown_by {
        ShownBy::List => b"list",
        ShownBy::Get => b"get ",
    });
    hash.update(raw.as_bytes());
    hash.finalize().as_bytes()[..16].to_vec()
}

async fn rows(
    tx: &DatabaseTransaction,
    cabinet: CabinetId,
    arrived: &[&Arrived],
) -> Result<HashMap<String, Row>> {
    use postings::Column as C;
    type Columns =
        (i64, String, i64, Vec<u8>, Option<i64>, Option<String>, Option<String>, Option<i64>, Option<i64>);
    let mut found = HashMap::with_capacity(arrived.len());
    for chunk in arrived.chunks(CHUNK) {
        let rows: Vec<Columns> = postings::Entity::find()
            // Closed: PostgreSQL would plan it while there are no postings yet, go by the cabinet, and keep to that.
            .filter(closed::number(r#""postings"."cabinet_id""#).eq(cabinet.0))
            .filter(C::PostingNumber.is_in(chunk.iter().map(|a| a.number.as_str())))
            .lock_exclusive()
            .select_only()
            .columns([
                C::Id,
                C::PostingNumber,
                C::ReadAt,
                C::Fingerprint,
                C::OrderId,
                C::SkippedBecause,
                C::Undecodable,
                C::EndedAt,
                C::PersonsErasedAt,
            ])
            .into_tuple()
            .all(tx)
            .await?;
        for (id, number, read_at, fingerprint, order_id, skipped_because, undecodable, ended, erased) in rows
        {
            let row = Row {
                id,
                read_at,
                fingerprint,
                order_id,
                skipped_because,
                undecodable: undecodable.is_some(),
                ended_at: ended.map(instant),
                is_erased: erased.is_some(),
            };
            found.insert(number, row);
        }
    }
    Ok(found)
}

/// All that is known of the postings that need a closer look, and what the list said of them, by the id of their row.
async fn known(
    tx: &DatabaseTransaction,
    closer: &[(&Arrived, Option<&Row>, Vec<u8>)],
) -> Result<HashMap<i64, (Known, Option<String>)>> {
    let rows: Vec<&Row> = closer.iter().filter_map(|(_, row, _)| *row).collect();
    let mut orders = HashMap::new();
    let order_ids: Vec<i64> = rows.iter().filter_map(|row| row.order_id).collect();
    for chunk in order_ids.chunks(CHUNK) {
        let found = entities::orders::Entity::find()
            .filter(entities::orders::Column::Id.is_in(chunk.iter().copied()))
            .lock_exclusive()
            .all(tx)
            .await?;
        for order in with_lines(tx, found).await? {
            orders.insert(order.id.0, order);
        }
    }
    let mut noted = noted_after_cancellation(tx, &orders).await?;
    let mut told = outbox::told(tx, &order_ids).await?;
    let mut known = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let facts: Vec<(i64, Option<Vec<u8>>)> = postings::Entity::find()
            .filter(postings::Column::Id.is_in(chunk.iter().map(|row| row.id)))
            .select_only()
            .columns([postings::Column::Id, postings::Column::Facts])
            .into_tuple()
            .all(tx)
            .await?;
        let mut facts: HashMap<i64, Option<Vec<u8>>> = facts.into_iter().collect();
        for row in chunk {
            let packed = facts.remove(&row.id).flatten();
            let (facts, list) = packed.as_deref().map(unpack_with_list).transpose()?.unzip();
            let before = Known {
                read_at: instant(row.read_at),
                facts,
                skipped_because: row.skipped_because.as_deref().and_then(|w| w.parse::<SkipReason>().ok()),
                noted_after_cancellation: row.order_id.and_then(|id| noted.remove(&id)),
                told: row.order_id.and_then(|id| told.remove(&id)).unwrap_or_default(),
                order: row.order_id.and_then(|id| orders.remove(&id)),
            };
            known.insert(row.id, (before, list.flatten()));
        }
    }
    Ok(known)
}

/// What Ozon showed last of cancelled orders as if they were not, by the order's id.
async fn noted_after_cancellation(
    tx: &DatabaseTransaction,
    orders: &HashMap<i64, domain::Order>,
) -> Result<HashMap<i64, OzonStatus>> {
    use entities::order_history::Column as C;
    let cancelled = orders.iter().filter(|(_, order)| order.ozon_status.is_final_cancellation());
    let ids: Vec<i64> = cancelled.map(|(id, _)| *id).collect();
    let mut noted = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(i64, String, Option<String>)> = entities::order_history::Entity::find()
            .filter(C::OrderId.is_in(chunk.iter().copied()))
            .filter(C::Field.eq(Field::OzonStatus.to_string()))
            .order_by_asc(C::Id)
            .select_only()
            .columns([C::OrderId, C::Reason, C::New])
            .into_tuple()
            .all(tx)
            .await?;
        for (id, reason, shown) in rows {
            match (serde_json::from_str(&reason), shown) {
                (Ok(Reason::AfterCancellation), Some(shown)) => noted.insert(id, OzonStatus::from(shown)),
                _ => noted.remove(&id),
            };
        }
    }
    Ok(noted)
}
