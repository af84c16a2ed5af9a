//! The overview.

use askama::Template;

use super::cabinets::{CabinetState, KeyLife};
use super::{Dot, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The overview.
#[derive(Template)]
#[template(path = "overview.html")]
pub struct OverviewPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// What stands out.
    pub tiles: Vec<Tile>,
    /// What leaves from where, and when.
    pub warehouses: Vec<WarehouseRow>,
    /// There is no cabinet yet.
    pub no_cabinet: bool,
    /// How each cabinet stands.
    pub cabinets: Vec<CabinetLine>,
    /// Orders by day.
    pub orders: Chart,
    /// Sums by day, a chart a currency.
    pub sums: Vec<Chart>,
    /// All orders by status.
    pub by_status: Vec<Share>,
    /// The orders of the charts' days by cabinet.
    pub by_cabinet: Vec<Share>,
}

/// A number that stands out.
pub struct Tile {
    /// Where it leads.
    pub href: String,
    /// What it counts.
    pub label: String,
    /// The number.
    pub value: String,
    /// What stands beside it.
    pub note: String,
    /// It asks for attention.
    pub bad: bool,
}

/// What leaves from a warehouse.
pub struct WarehouseRow {
    /// Its name.
    pub name: String,
    /// Overdue.
    pub overdue: String,
    /// Something is overdue.
    pub is_late: bool,
    /// Until the end of today.
    pub today: String,
    /// Until the end of tomorrow.
    pub tomorrow: String,
}

/// How a cabinet stands.
pub struct CabinetLine {
    /// Its card.
    pub href: String,
    /// Its name.
    pub name: String,
    /// In words.
    pub state: CabinetState,
    /// The last good load.
    pub last_load: Option<Moment>,
    /// How long its key lives.
    pub key: KeyLife,
    /// Its comparisons.
    pub comparison: String,
    /// What the last one came to: whether it asks for attention, and in words.
    pub compared: Option<(bool, String)>,
}

/// Bars by day.
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// Its highest value; empty where every day has none.
    pub highest: String,
    /// How wide it is drawn.
    pub width: u64,
    /// A bar a day.
    pub bars: Vec<Bar>,
}

/// A day's bar in a drawing 100 high.
pub struct Bar {
    /// From the left.
    pub x: u64,
    /// From the top.
    pub y: u64,
    /// Height.
    pub height: u64,
    /// The day.
    pub day: String,
    /// Its value.
    pub value: String,
}

/// A part of a whole, as a bar of at most 100.
pub struct Share {
    /// What it is.
    pub name: String,
    /// A status's dot.
    pub dot: Option<Dot>,
    /// Where it leads.
    pub href: String,
    /// How many.
    pub count: String,
    /// The bar.
    pub width: u64,
}

#[cfg(test)]
impl OverviewPage {
    /// An empty installation, and one at work.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let empty = |frame| Self {
            frame,
            v,
            tiles: Vec::new(),
            warehouses: Vec::new(),
            no_cabinet: true,
            cabinets: Vec::new(),
            orders: Chart {
                title: v.t("overview-orders-by-day"),
                highest: String::new(),
                width: 20,
                bars: Vec::new(),
            },
            sums: Vec::new(),
            by_status: Vec::new(),
            by_cabinet: Vec::new(),
        };
        let frame = || Frame::sample(v, super::Section::Overview);
        let bar = |x: u64, height: u64| Bar {
            x,
            y: 100 - height,
            height,
            day: v.day(&v.now),
            value: v.number(height),
        };
        let share = || Share {
            name: "Новый".into(),
            dot: Some(Dot::new("#3b82f6")),
            href: Page::Orders.to_string(),
            count: v.number(1_204),
            width: 100,
        };
        let busy = Self {
            tiles: vec![Tile {
                href: Page::Orders.to_string(),
                label: v.t("overview-overdue"),
                value: "3".into(),
                note: String::new(),
                bad: true,
            }],
            warehouses: vec![WarehouseRow {
                name: "Казань".into(),
                overdue: "3".into(),
                is_late: true,
                today: "12".into(),
                tomorrow: "4".into(),
            }],
            no_cabinet: false,
            cabinets: vec![CabinetLine {
                href: "/cabinets/1".into(),
                name: "Дом и свет".into(),
                state: CabinetState { kind: "ok", text: v.t("cabinet-state-ok"), advice: None },
                last_load: Some(v.ago(&v.now)),
                key: KeyLife { text: v.n("key-days-left", 80_u64), title: String::new(), soon: false },
                comparison: "/cabinets/1/reconciliation".into(),
                compared: Some((true, v.n("reconciled-left", 2_u64))),
            }],
            orders: Chart {
                title: v.t("overview-orders-by-day"),
                highest: v.number(100),
                width: 20,
                bars: vec![bar(1, 40), bar(11, 100)],
            },
            sums: vec![Chart {
                title: v.with("overview-sums-by-day", "currency", "₽"),
                highest: v.number(100),
                width: 10,
                bars: vec![bar(1, 100)],
            }],
            by_status: vec![share()],
            by_cabinet: vec![share(), share()],
            ..empty(frame())
        };
        vec![("overview-empty", empty(frame())), ("overview", busy)]
    }
}
