//! The overview: whether everything is in step with Ozon, and what must leave today.

use std::collections::{BTreeMap, HashMap};

use axum::extract::State;
use axum::response::Response;
use chrono::{Days, NaiveDate};
use domain::schedule::begin_of_day;
use domain::{CabinetId, Currency, Money};
use storage::cabinets::Cabinet;
use storage::outbox::OutboxState;
use storage::overview::{DayOfOrders, Leaving};

use super::cabinets::{key_life, last_error, standing};
use super::faults::Fault;
use super::routes::Page;
use super::view::overview::{Bar, CabinetLine, Chart, OverviewPage, Share, Tile, WarehouseRow};
use super::view::{Dot, Section};
use super::visitor::Visitor;
use super::{days, reconciliation, words};
use crate::state::AppState;
use voice::{Voice, currency_mark};

/// Days that the charts show.
const DAYS: u64 = 14;

pub(crate) async fn show(visitor: Visitor, State(state): State<AppState>) -> Result<Response, Fault> {
    let v = visitor.v;
    let store = &state.store;
    let today = v.now.with_timezone(&v.zone).date_naive();
    let days: Vec<NaiveDate> =
        (0..DAYS).rev().filter_map(|back| today.checked_sub_days(Days::new(back))).collect();
    let by_day = store.orders_by_day(days.iter().copied()).await?;
    let cabinets = store.cabinets().await?;
    let leaving = Leave::of(&state, v, today).await?;
    let refused = store.outbox_counts().await?.get(&OutboxState::Refused).copied().unwrap_or(0);
    let without_order = store.postings_without_order_count(None).await?;
    let mut lines = Vec::new();
    let running = store.running().await?;
    for cabinet in &cabinets {
        lines.push(line(&state, v, cabinet, running.iter().any(|run| run.cabinet_id == cabinet.id)).await?);
    }
    let page = OverviewPage {
        frame: visitor.frame_of(&state, Section::Overview).await?,
        v,
        tiles: tiles(v, today, &by_day, &leaving, refused, without_order),
        warehouses: leaving.rows(v),
        no_cabinet: cabinets.is_empty(),
        cabinets: lines,
        orders: orders_chart(v, &days, &by_day),
        sums: sums_charts(v, &days, &by_day),
        by_status: by_status(&state, v).await?,
        by_cabinet: by_cabinet(v, &cabinets, &by_day),
    };
    visitor.page(&page)
}

/// How many open orders of a warehouse leave when.
#[derive(Clone, Copy, Default)]
struct Counts {
    overdue: u64,
    today: u64,
    tomorrow: u64,
}

/// What still has to leave.
struct Leave {
    by_warehouse: BTreeMap<String, Counts>,
    all: Counts,
}

impl Leave {
    async fn of(state: &AppState, v: Voice, today: NaiveDate) -> Result<Self, Fault> {
        let end = |day: Option<NaiveDate>| Some(begin_of_day(day?.succ_opt()?, v.zone));
        let end_of_today = end(Some(today)).unwrap_or(v.now);
        let end_of_tomorrow = end(today.succ_opt()).unwrap_or(end_of_today);
        let open = state.store.leaving_until(end_of_tomorrow).await?;
        let names = warehouse_names(state, &open).await?;
        let mut leave = Self { by_warehouse: BTreeMap::new(), all: Counts::default() };
        for order in open {
            let name = order.warehouse.and_then(|id| names.get(&(order.cabinet, id)).cloned());
            let of_warehouse = leave.by_warehouse.entry(name.unwrap_or_default()).or_default();
            for counts in [of_warehouse, &mut leave.all] {
                *if order.overdue_after < v.now {
                    &mut counts.overdue
                } else if order.ship_by < end_of_today {
                    &mut counts.today
                } else {
                    &mut counts.tomorrow
                } += 1;
            }
        }
        Ok(leave)
    }

    fn rows(&self, v: Voice) -> Vec<WarehouseRow> {
        let row = |(name, counts): (&String, &Counts)| WarehouseRow {
            name: if name.is_empty() { v.t("overview-no-warehouse") } else { name.clone() },
            overdue: v.number(counts.overdue),
            is_late: counts.overdue > 0,
            today: v.number(counts.today),
            tomorrow: v.number(counts.tomorrow),
        };
        self.by_warehouse.iter().map(row).collect()
    }
}

async fn warehouse_names(
    state: &AppState,
    open: &[Leaving],
) -> Result<HashMap<(CabinetId, i64), String>, Fault> {
    if open.is_empty() {
        return Ok(HashMap::new());
    }
    let known = state.store.warehouses().await?;
    Ok(known.into_iter().map(|(cabinet, warehouse)| ((cabinet, warehouse.id), warehouse.name)).collect())
}

fn tiles(
    v: Voice,
    today: NaiveDate,
    by_day: &[DayOfOrders],
    leaving: &Leave,
    refused: u64,
    without_order: u64,
) -> Vec<Tile> {
    let of_today: Vec<&DayOfOrders> = by_day.iter().filter(|row| row.day == today).collect();
    let orders: u64 = of_today.iter().map(|row| row.orders).sum();
    let sums = sums(of_today.iter().copied());
    let sums: Vec<String> = sums.values().map(|sum| v.money(sum)).collect();
    let tile = |href: String, key: &str, count: u64, bad: bool, note: String| Tile {
        href,
        label: v.t(key),
        value: v.number(count),
        note,
        bad: bad && count > 0,
    };
    let day = today.to_string();
    let none = String::new;
    vec![
        tile(
            Page::Orders.with([("from", &day), ("to", &day)]),
            "overview-today",
            orders,
            false,
            sums.join(" · "),
        ),
        tile(
            Page::Orders.with([("ship_by", "today")]),
            "overview-leave-today",
            leaving.all.today,
            false,
            none(),
        ),
        tile(
            Page::Orders.with([("ship_by", "overdue")]),
            "overview-overdue",
            leaving.all.overdue,
            true,
            none(),
        ),
        tile(Page::Exchange.with([("state", "refused")]), "overview-refused", refused, true, none()),
        tile(Page::Postings.to_string(), "overview-without-order", without_order, false, none()),
    ]
}

/// Sums by currency.
fn sums<'a>(rows: impl Iterator<Item = &'a DayOfOrders>) -> BTreeMap<String, Money> {
    let mut sums: BTreeMap<String, Money> = BTreeMap::new();
    for row in rows {
        let code = row.total.currency.code().to_owned();
        let sum = sums.entry(code).or_insert(Money { minor: 0, currency: row.total.currency });
        sum.minor = sum.minor.saturating_add(row.total.minor);
    }
    sums
}

async fn line(state: &AppState, v: Voice, cabinet: &Cabinet, busy: bool) -> Result<CabinetLine, Fault> {
    let settings = state.store.settings(cabinet.id).await?.settings;
    let last_error = last_error(state, cabinet).await?;
    Ok(CabinetLine {
        href: Page::Cabinet(cabinet.id).to_string(),
        name: cabinet.name.clone(),
        state: standing(v, cabinet, &settings, busy, last_error.as_deref()),
        last_load: cabinet.watermark.map(|at| v.ago(&at)),
        key: key_life(v, cabinet),
        comparison: Page::Reconciliation(cabinet.id).to_string(),
        compared: state
            .store
            .last_reconciliation(cabinet.id)
            .await?
            .map(|told| reconciliation::in_short(v, &told)),
    })
}

/// A bar a day, the highest as high as the chart.
fn chart(v: Voice, title: String, days: &[NaiveDate], values: &[(u64, String)]) -> Chart {
    let top = values.iter().max_by_key(|(value, _)| *value).filter(|(value, _)| *value > 0);
    let highest = top.map_or(1, |(value, _)| *value);
    let bars = days.iter().zip(values).zip(0_u64..).map(|((day, (value, text)), at)| {
        let height = value.saturating_mul(100).div_ceil(highest).min(100);
        Bar { x: at * 10 + 1, y: 100 - height, height, day: days::worded(v, *day), value: text.clone() }
    });
    let bars = bars.collect();
    let highest = top.map(|(_, text)| text.clone()).unwrap_or_default();
    Chart { title, highest, width: days.len() as u64 * 10, bars }
}

fn orders_chart(v: Voice, days: &[NaiveDate], rows: &[DayOfOrders]) -> Chart {
    let of = |day: &NaiveDate| rows.iter().filter(|row| row.day == *day).map(|row| row.orders).sum::<u64>();
    let values: Vec<(u64, String)> = days.iter().map(of).map(|many| (many, v.number(many))).collect();
    chart(v, v.t("overview-orders-by-day"), days, &values)
}

/// Sums cannot be added over currencies: each has its chart.
fn sums_charts(v: Voice, days: &[NaiveDate], rows: &[DayOfOrders]) -> Vec<Chart> {
    let mut currencies: Vec<Currency> = rows.iter().map(|row| row.total.currency).collect();
    currencies.sort_by(|a, b| a.code().cmp(b.code()));
    currencies.dedup();
    let one = |currency: Currency| {
        let of = |day: &NaiveDate| {
            let minor = rows
                .iter()
                .filter(|row| row.day == *day && row.total.currency == currency)
                .fold(0_i64, |sum, row| sum.saturating_add(row.total.minor));
            (u64::try_from(minor).unwrap_or(0), v.money(&Money { minor, currency }))
        };
        let values: Vec<(u64, String)> = days.iter().map(of).collect();
        chart(v, v.with("overview-sums-by-day", "currency", currency_mark(&currency)), days, &values)
    };
    currencies.into_iter().map(one).collect()
}

/// Shares of a whole, the largest first.
fn shares(
    mut counted: Vec<(String, Option<Dot>, String, u64)>,
    worded: impl Fn(u64) -> String,
) -> Vec<Share> {
    counted.retain(|(.., many)| *many > 0);
    counted.sort_by_key(|(.., many)| std::cmp::Reverse(*many));
    let most = counted.first().map_or(1, |(.., many)| *many);
    let share = |(name, dot, href, many): (String, Option<Dot>, String, u64)| Share {
        name,
        dot,
        href,
        count: worded(many),
        width: many.saturating_mul(100).div_ceil(most).min(100),
    };
    counted.into_iter().map(share).collect()
}

async fn by_status(state: &AppState, v: Voice) -> Result<Vec<Share>, Fault> {
    let counts: HashMap<_, _> = state.store.orders_per_status(words::COUNTED).await?.into_iter().collect();
    let each = state.store.statuses().await?.into_iter().map(|status| {
        let href = Page::Orders.with([("status", status.id)]);
        (status.name, Some(Dot::new(&status.color)), href, counts.get(&status.id).copied().unwrap_or(0))
    });
    Ok(shares(each.collect(), |many| words::counted(v, many)))
}

fn by_cabinet(v: Voice, cabinets: &[Cabinet], rows: &[DayOfOrders]) -> Vec<Share> {
    let each = cabinets.iter().map(|cabinet| {
        let many = rows.iter().filter(|row| row.cabinet == cabinet.id).map(|row| row.orders).sum();
        (cabinet.name.clone(), None, Page::Orders.with([("cabinet", cabinet.id)]), many)
    });
    shares(each.collect(), |many| v.number(many))
}
