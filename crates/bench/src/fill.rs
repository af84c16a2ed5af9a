//! Makes the store of many orders: through the ordinary intake, page by page, each page closed afterwards as years of work
//! would have closed it. The last hundred orders stay open.

use std::fmt::Write as _;

use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use domain::history::{Actor, Field, Reason};
use domain::push::{Push, Step};
use domain::{CabinetId, StatusId};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::json;
use storage::cabinets::NewCabinet;
use storage::intake::{Arrival, Arrived, ShownBy};
use storage::lists::NamedList;
use storage::{Role, Store};

use crate::place::{Base, Kind, Place};
use crate::simulator::{API_KEY, CLIENT_ID, url};
use crate::{Outcome, shop};

/// Postings that are taken in at once.
const PAGE: u64 = 1_000;
/// Orders that stay open.
const OPEN: u64 = 100;
/// Orders before them that are on their way.
const ON_THEIR_WAY: u64 = 3_000;
/// The people of the shop.
pub const PEOPLE: [&str; 4] =
    ["admin@example.com", "anna@example.com", "boris@example.com", "vera@example.com"];

/// The store of so many orders, made unless it is kept from before.
pub async fn kept(place: &Place, orders: u64) -> Outcome<Base> {
    let name = format!("shop_{orders}");
    let whole = format!("{name}_whole");
    let done = place.folder.join(format!("{whole}_{}", place.name()));
    if done.is_file() && place.has(&name).await? {
        let base = place.base(&name)?;
        // An older program may have made it.
        base.store().await?.migrate().await?;
        return Ok(base);
    }
    eprintln!(
        "making a store of {orders} orders in {}; it is kept in {}",
        place.name(),
        place.folder.display()
    );
    let began = Instant::now();
    let (base, store) = place.fresh(&name).await?;
    make(&base, &store, place.database, orders).await?;
    store.close().await?;
    std::fs::write(done, "")?;
    eprintln!("made in {} s", began.elapsed().as_secs());
    Ok(base)
}

async fn make(base: &Base, store: &Store, kind: Kind, orders: u64) -> Outcome<()> {
    let now = Utc::now();
    let cabinets = settle(store, now).await?;
    let tables = base.tables().await?;
    let closing = Closing::of(store).await?;
    let mut at = 0;
    while at < orders {
        let page = at / PAGE;
        let which = shop::cabinet_of(page);
        let cabinet = cabinets[usize::try_from(which)?];
        let end = (at + PAGE).min(orders);
        let mut postings = Vec::new();
        for at in at..end {
            let posting = shop::posting(at, orders, which, now)?;
            let raw = serde_json::to_string(&posting)?;
            postings.push(Arrived { number: posting.number.clone(), raw, posting: Ok(posting) });
        }
        let left =
            Duration::days(shop::DAYS).num_seconds() * i64::try_from(orders - end)? / i64::try_from(orders)?;
        let read_at = now - Duration::seconds(left);
        let arrival = Arrival { cabinet, shown_by: ShownBy::List, read_at, postings };
        store.take_in(&arrival, read_at, false).await?;
        closing.close(&tables, at, end, orders).await?;
        if page % 100 == 99 {
            eprintln!("{end} orders");
        }
        at = end;
    }
    tables.execute_unprepared(&years()?).await?;
    if kind == Kind::Postgres {
        // As the server does by itself in time.
        tables.execute_unprepared("VACUUM ANALYZE").await?;
    }
    tables.close().await?;
    Ok(())
}

/// What else the years leave: loads every five minutes, pushes, acts of people.
fn years() -> Outcome<String> {
    const RUNS: u32 = 500_000;
    const ACTS: u32 = 200_000;
    let actor = serde_json::to_string(&Actor::Rule)?;
    let counting = |many: u32| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {many})"
        )
    };
    let runs = format!(
        "INSERT INTO runs (cabinet_id, cause, state, started_at, finished_at, seen, created, updated, unchanged, skipped, \
         failed, pages) {} SELECT 1 + i % 5, 'schedule', 'done', 1700000000000000 + i * 60000000, \
         1700000001000000 + i * 60000000, 100, 1, 1, 98, 0, 0, 2 FROM n;",
        counting(RUNS)
    );
    let acts = format!(
        "INSERT INTO audit (at, actor, act, subject, detail) {} SELECT 1700000000000000 + i * 60000000, \
         'anna@example.com', CASE WHEN i % 3 = 0 THEN 'session.open' ELSE 'order.act' END, CAST(i AS TEXT), '' FROM n;",
        counting(ACTS)
    );
    let payload = serde_json::to_string(&Push::Move { goal: Step::Delivered })?;
    let pushes = format!(
        "INSERT INTO outbox (kind, subject, cabinet_id, order_id, payload, rank, actor, state, due_at, tries, reads, \
         created_at, finished_at) SELECT 'push', 'delivered', cabinet_id, id, '{payload}', 1, '{actor}', \
         CASE WHEN id % 50000 = 0 THEN 'refused' ELSE 'done' END, order_date, 1, 1, order_date, order_date + 60000000 \
         FROM orders WHERE scheme = 'rfbs';"
    );
    Ok(format!("BEGIN;{runs}{acts}{pushes}COMMIT;"))
}

/// Cabinets that load by no schedule, people, sources.
async fn settle(store: &Store, now: DateTime<Utc>) -> Outcome<Vec<CabinetId>> {
    for (at, email) in PEOPLE.into_iter().enumerate() {
        let role = if at == 0 { Role::Admin } else { Role::Manager };
        // Nobody signs in by it: sessions are opened in the store itself.
        store.add_user(email, "none", role, now).await?;
    }
    let mut cabinets = Vec::new();
    for at in 0..shop::CABINETS {
        let client_id = if at == 0 { CLIENT_ID.to_owned() } else { format!("20050{at}") };
        let new = NewCabinet {
            name: format!("Кабинет {}", at + 1),
            client_id,
            api_key: API_KEY.into(),
            api_url: url(),
        };
        let cabinet = store.add_cabinet(new, now, "bench").await?.id;
        let source = store.save_named(NamedList::Sources, None, &format!("Ozon, кабинет {}", at + 1)).await?;
        let patch = json!({"schedule": {"enabled": false}, "source_id": source.id});
        store.apply_settings(cabinet, &patch, "bench", now).await?;
        cabinets.push(cabinet);
    }
    Ok(cabinets)
}

/// What the years do to orders, in the words of the tables.
struct Closing {
    sent: StatusId,
    delivered: StatusId,
    cancelled: StatusId,
    disputed: StatusId,
}

impl Closing {
    async fn of(store: &Store) -> Outcome<Self> {
        let statuses = store.statuses().await?;
        let named = |name: &str| {
            let found = statuses.iter().find(|status| status.name == name).map(|status| status.id);
            found.ok_or_else(|| format!("no status is called {name}"))
        };
        Ok(Self {
            sent: named("Отправлен")?,
            delivered: named("Доставлен")?,
            cancelled: named("Отменён")?,
            disputed: named("Спор")?,
        })
    }

    /// Closes a page of orders, whose ids follow their places.
    async fn close(&self, tables: &DatabaseConnection, from: u64, to: u64, all: u64) -> Outcome<()> {
        let ended = all.saturating_sub(OPEN + ON_THEIR_WAY);
        let going = all.saturating_sub(OPEN);
        // Of a hundred orders, by the end of their id.
        let ways = [
            (0, 90, ended, "delivered", "posting_received", self.delivered),
            (90, 98, ended, "cancelled", "posting_canceled", self.cancelled),
            (98, 100, ended, "arbitration", "posting_in_arbitration", self.disputed),
            (0, 100, going, "delivering", "posting_in_carriage", self.sent),
        ];
        let hour = 3_600_000_000_i64;
        let actor = serde_json::to_string(&Actor::Rule)?;
        let mut sql = String::from("BEGIN;");
        for (first, after, until, code, substatus, status) in ways {
            let begin = if until == going { from.max(ended) } else { from };
            let end = to.min(until);
            if begin >= end {
                continue;
            }
            let reason = serde_json::to_string(&Reason::StatusMap { row: code.to_owned() })?;
            let whose =
                format!("id > {begin} AND id <= {end} AND id % 100 >= {first} AND id % 100 < {after}");
            let paid = if code == "delivered" {
                format!(", paid = TRUE, paid_at = order_date + {}", 72 * hour)
            } else {
                String::new()
            };
            let fields = [(Field::OzonStatus, "awaiting_packaging", code), (Field::Status, "1", "")];
            for (field, old, new) in fields {
                let new = if new.is_empty() { status.to_string() } else { new.to_owned() };
                write!(
                    sql,
                    "INSERT INTO order_history (order_id, at, ozon_at, actor, field, old, new, reason) \
                     SELECT id, order_date + {day}, order_date + {day}, '{actor}', '{field}', '{old}', '{new}', '{reason}' \
                     FROM orders WHERE {whose};",
                    day = 24 * hour
                )?;
            }
            write!(
                sql,
                "UPDATE orders SET ozon_status = '{code}', ozon_substatus = '{substatus}', status_id = {status}{paid}, \
                 manager_id = CASE WHEN id % 10 = 0 THEN 2 + id / 10 % 3 ELSE NULL END WHERE {whose};"
            )?;
            let at_end =
                if until == ended { format!(", ended_at = read_at + {}", 72 * hour) } else { String::new() };
            write!(
                sql,
                "UPDATE postings SET ozon_status = '{code}'{at_end} WHERE order_id IN (SELECT id FROM orders WHERE {whose});"
            )?;
        }
        sql += "COMMIT;";
        tables.execute_unprepared(&sql).await?;
        Ok(())
    }
}
