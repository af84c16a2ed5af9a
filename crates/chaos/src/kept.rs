//! What the store has in the end, read straight from its tables.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use entities::{order_goods, order_history, orders, outbox, postings, products, push_messages, runs};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

/// A posting without its raw answers.
pub(crate) struct Posting {
    pub(crate) cabinet: i64,
    pub(crate) number: String,
    pub(crate) status: String,
    pub(crate) substatus: Option<String>,
    pub(crate) skipped: Option<String>,
    pub(crate) order: Option<i64>,
}

/// A line of an order's history.
pub(crate) struct Happened {
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: Value,
    pub(crate) field: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    pub(crate) reason: Value,
}

impl Happened {
    /// The word of its reason.
    pub(crate) fn why(&self) -> &str {
        self.reason["code"].as_str().unwrap_or_default()
    }
}

/// Everything.
pub(crate) struct Kept {
    pub(crate) postings: Vec<Posting>,
    pub(crate) orders: Vec<orders::Model>,
    /// By order: what each line is of, and how many.
    pub(crate) lines: HashMap<i64, Vec<(Option<i64>, i32)>>,
    /// By order, the oldest first.
    pub(crate) history: BTreeMap<i64, Vec<Happened>>,
    pub(crate) outbox: Vec<outbox::Model>,
    pub(crate) messages: Vec<push_messages::Model>,
    pub(crate) runs: Vec<runs::Model>,
}

/// The store's microseconds as an instant.
pub(crate) fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

impl Kept {
    pub(crate) async fn read(tables: &DatabaseConnection) -> Result<Self, DbErr> {
        use postings::Column as P;
        type Row = (i64, String, String, Option<String>, Option<String>, Option<i64>);
        let columns = [P::CabinetId, P::PostingNumber, P::OzonStatus, P::OzonSubstatus, P::SkippedBecause];
        let rows: Vec<Row> = postings::Entity::find()
            .select_only()
            .columns(columns)
            .column(P::OrderId)
            .order_by_asc(P::Id)
            .into_tuple()
            .all(tables)
            .await?;
        let posting = |(cabinet, number, status, substatus, skipped, order): Row| Posting {
            cabinet,
            number,
            status,
            substatus,
            skipped,
            order,
        };
        let mut lines: HashMap<i64, Vec<(Option<i64>, i32)>> = HashMap::new();
        for (line, product) in
            order_goods::Entity::find().find_also_related(products::Entity).all(tables).await?
        {
            let sku = product.and_then(|product| product.sku);
            lines.entry(line.order_id).or_default().push((sku, line.quantity));
        }
        let mut history: BTreeMap<i64, Vec<Happened>> = BTreeMap::new();
        for row in order_history::Entity::find().order_by_asc(order_history::Column::Id).all(tables).await? {
            let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
            history.entry(row.order_id).or_default().push(Happened {
                at: instant(row.at),
                actor: json(&row.actor),
                reason: json(&row.reason),
                field: row.field,
                old: row.old,
                new: row.new,
            });
        }
        Ok(Self {
            postings: rows.into_iter().map(posting).collect(),
            orders: orders::Entity::find().order_by_asc(orders::Column::Id).all(tables).await?,
            lines,
            history,
            outbox: outbox::Entity::find().order_by_asc(outbox::Column::Id).all(tables).await?,
            messages: push_messages::Entity::find().all(tables).await?,
            runs: runs::Entity::find().order_by_asc(runs::Column::Id).all(tables).await?,
        })
    }
}

/// The states of a row that is not settled.
pub(crate) const UNFINISHED: [&str; 3] = ["waiting", "sending", "sent"];

/// What still waits in the store: rows of the outbox that may move, readings, news; in words, `None` when nothing does.
pub(crate) async fn unrest(tables: &DatabaseConnection) -> Result<Option<String>, DbErr> {
    let in_words = |row: &outbox::Model| {
        format!("{} {} ({})", row.state, row.subject, row.trouble.as_deref().unwrap_or("-"))
    };
    let told: Vec<String> = may_move(tables).await?.iter().map(in_words).collect();
    let reads = entities::reads::Entity::find().all(tables).await?.len();
    let news = entities::news::Entity::find().all(tables).await?.len();
    let is_quiet = told.is_empty() && reads == 0 && news == 0;
    Ok((!is_quiet).then(|| format!("outbox: {told:?}; readings: {reads}; news: {news}")))
}

/// Whether something of the outbox is being dealt with, or is due.
pub(crate) async fn is_busy(tables: &DatabaseConnection, now: i64) -> Result<bool, DbErr> {
    let rows = may_move(tables).await?;
    Ok(rows.iter().any(|row| row.state == "sending" || row.due_at <= now))
}

/// The unfinished rows, but for those about a posting that is not packed yet, which rightly wait for that.
async fn may_move(tables: &DatabaseConnection) -> Result<Vec<outbox::Model>, DbErr> {
    use outbox::Column as O;
    let mut rows = outbox::Entity::find().filter(O::State.is_in(UNFINISHED)).all(tables).await?;
    let held = held_up(&rows);
    rows.retain(|row| row.kind != "push" || row.order_id.is_none_or(|order| !held.contains(&order)));
    Ok(rows)
}

/// Orders whose pushes wait for their posting to be packed, and whatever stands behind those.
pub(crate) fn held_up(rows: &[outbox::Model]) -> HashSet<i64> {
    let waits = |row: &&outbox::Model| {
        UNFINISHED.contains(&&*row.state) && row.trouble.as_deref() == Some("not_packed_yet")
    };
    rows.iter().filter(waits).filter_map(|row| row.order_id).collect()
}
