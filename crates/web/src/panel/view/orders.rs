//! The list of orders.

use askama::Template;
use domain::OrderId;

use super::{Choice, Dot, Frame};
use crate::panel::orders::columns::Column;
use crate::panel::routes::Page;
use voice::{Left, Moment, Voice};

/// The list of orders.
#[derive(Template)]
#[template(path = "orders.html")]
pub struct OrdersPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The last change that the page knows of.
    pub since: i64,
    /// "All" and the statuses that are shown as tabs.
    pub tabs: Vec<Tab>,
    /// The filter form.
    pub filter: FilterForm,
    /// The rows of this page.
    pub rows: Vec<OrderRow>,
    /// The rows have their boxes to tick.
    pub picks: bool,
    /// The columns in their order.
    pub columns: Vec<Column>,
    /// How to choose them.
    pub chooser: Chooser,
    /// Views saved under a name.
    pub views: Vec<SavedView>,
    /// The query of this list's address, for a view to be saved.
    pub query: String,
    /// The address of the next rows.
    pub next: Option<String>,
    /// This is not the first page: where that is.
    pub first: Option<String>,
    /// The same orders as files and on paper.
    pub exports: Exports,
    /// There is no cabinet at all yet.
    pub no_cabinet: bool,
    /// Statuses that several orders can be moved to.
    pub statuses: Vec<Choice>,
    /// People whom several orders can be given to, and nobody.
    pub managers: Vec<Choice>,
}

/// How the list's columns are chosen.
pub struct Chooser {
    /// All columns: first those shown, in their order.
    pub columns: Vec<Choosable>,
    /// An order that must leave within so many hours is at risk.
    pub risk_hours: u32,
    /// The columns are this person's own choice: none of them is left out on a narrow screen.
    pub own: bool,
}

/// A column that may be shown.
pub struct Choosable {
    /// The column.
    pub column: Column,
    /// Its words.
    pub label: String,
    /// It is shown.
    pub shown: bool,
}

/// A view saved under a name.
pub struct SavedView {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// The list's address.
    pub href: String,
    /// It is what the list shows now.
    pub here: bool,
    /// Everyone sees it.
    pub shared: bool,
    /// This person may delete it.
    pub may_delete: bool,
}

/// Rows alone, as a page that stands open reads them again.
#[derive(Template)]
#[template(path = "order-rows.html")]
pub struct RowsFragment {
    /// Voice.
    pub v: Voice,
    /// The rows have their boxes to tick.
    pub picks: bool,
    /// The columns in their order.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<OrderRow>,
}

/// What a list that stands open would show now: its tabs, and the ids of its orders.
#[derive(Template)]
#[template(path = "order-news.html")]
pub struct NewsFragment {
    /// The tabs with their counts.
    pub tabs: Vec<Tab>,
    /// Ids with spaces between them.
    pub listed: String,
}

/// Where the orders of a list are had as files and on paper.
pub struct Exports {
    /// As CSV.
    pub csv: String,
    /// As XLSX.
    pub xlsx: String,
    /// What to take from the shelves.
    pub pick_list: String,
}

/// A tab above the list.
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub label: String,
    /// More words.
    pub title: Option<String>,
    /// The status's dot.
    pub dot: Option<Dot>,
    /// How many; empty where nobody counted.
    pub count: String,
    /// It is the one shown.
    pub here: bool,
}

/// The filter above the list.
#[derive(Default)]
pub struct FilterForm {
    /// What is searched for.
    pub q: String,
    /// Statuses, kept while other filters change.
    pub status: Vec<Choice>,
    /// The tab, kept while other filters change.
    pub tab: Option<String>,
    /// FBS or realFBS.
    pub scheme: Vec<Choice>,
    /// Warehouses.
    pub warehouse: Vec<Choice>,
    /// Express alone.
    pub express: bool,
    /// Statuses of Ozon's.
    pub ozon_status: Vec<Choice>,
    /// Cabinets.
    pub cabinet: Vec<Choice>,
    /// Sources.
    pub source: Vec<Choice>,
    /// Paid or not.
    pub paid: Vec<Choice>,
    /// Deadlines.
    pub ship_by: Vec<Choice>,
    /// Whose they are.
    pub manager: Vec<Choice>,
    /// Placed from, as `YYYY-MM-DD`.
    pub from: String,
    /// Placed to, that day included.
    pub to: String,
    /// Orders of the list.
    pub sort: Vec<Choice>,
    /// Any filter is set.
    pub active: bool,
    /// A filter beyond the first line is set.
    pub more_open: bool,
    /// What is wrong with a date.
    pub fault: Option<String>,
}

/// A row of the list.
pub struct OrderRow {
    /// Id.
    pub id: OrderId,
    /// Its card's address, with the way back to this list.
    pub href: String,
    /// The number people see.
    pub number: String,
    /// The shop's status.
    pub status: String,
    /// Its dot.
    pub dot: Dot,
    /// Ozon's status in words.
    pub ozon_status: String,
    /// The customer; hidden from viewers.
    pub customer: String,
    /// Goods in one line.
    pub goods: String,
    /// All goods, for the title.
    pub goods_title: String,
    /// How many more lines there are; empty for none.
    pub more: String,
    /// Total.
    pub total: String,
    /// Paid.
    pub paid: bool,
    /// Source.
    pub source: String,
    /// Cabinet.
    pub cabinet: String,
    /// What is left until shipping; only while it still has to leave.
    pub ship_by: Option<Left>,
    /// The order's date.
    pub date: Moment,
    /// FBS or realFBS.
    pub scheme: String,
    /// The warehouse it leaves from.
    pub warehouse: String,
    /// The track number.
    pub track_number: String,
    /// Who works it.
    pub manager: String,
    /// Express.
    pub express: bool,
    /// A legal entity.
    pub legal: bool,
    /// Flags in words; the first is shown.
    pub flags: Vec<String>,
}

#[cfg(test)]
impl OrdersPage {
    /// With orders, without any, and with a filter that finds none.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        use chrono::Duration;
        use domain::{Currency, Money};

        let statuses = [
            ("Новый", "#3b82f6", 41),
            ("В обработке", "#8b5cf6", 12),
            ("Собран", "#0ea5a3", 9),
            ("Отправлен", "#f59e0b", 118),
            ("Доставлен", "#22a06b", 903),
            ("Отменён", "#9aa0a6", 17),
        ];
        let people = [
            "Иванова Мария",
            "Пётр Ёлкин",
            "ООО «Северный ветер»",
            "Покупатель Ozon",
            "Константин Константинопольский-Великий",
            "Ан Ли",
        ];
        let goods = [
            "Кружка керамическая 330 мл, «Туман»",
            "Чехол для ноутбука 14″, войлок",
            "Набор кистей синтетика № 2–12",
            "Лампа настольная складная",
        ];
        let row = |i: i64| {
            let at = usize::try_from(i).expect("small");
            let (status, colour, _) = statuses[at % statuses.len()];
            let deadline = v.now + Duration::hours(i * 7 - 9);
            OrderRow {
                id: OrderId(i + 1),
                href: Page::Order(OrderId(i + 1)).to_string(),
                number: format!("{}-{:04}-1", 98_105_259_411_i64 + i * 7717, 85 + i),
                status: status.into(),
                dot: Dot::new(colour),
                ozon_status: v.ozon_status(["awaiting_packaging", "awaiting_deliver", "delivering"][at % 3]),
                customer: people[at % people.len()].into(),
                goods: format!("{} × {}", goods[at % goods.len()], 1 + at % 3),
                goods_title: goods.join("\n"),
                more: if i % 3 == 1 { v.n("and-more", 2_u64) } else { String::new() },
                total: v.money(&Money { minor: 153_000 + i * 98_743, currency: Currency::RUB }),
                paid: i % 2 == 0,
                source: "Ozon".into(),
                cabinet: ["Дом и свет", "Мастерская"][at % 2].into(),
                ship_by: (i % 5 != 4).then(|| v.left(&deadline, None)),
                date: v.when(&(v.now - Duration::hours(i * 11))),
                scheme: ["FBS", "realFBS"][at % 2].into(),
                warehouse: "Основной склад".into(),
                manager: if i % 2 == 0 { "olga@example.com".into() } else { String::new() },
                track_number: if i % 3 == 0 { format!("RA{:09}RU", 4_711 + i) } else { String::new() },
                express: i % 4 == 1,
                legal: i % 6 == 2,
                flags: if i == 3 { vec![v.t("flag-cancelled-in-ozon")] } else { Vec::new() },
            }
        };
        let any = |label: &str| Choice::new("", v.t(label), "");
        let filter = || FilterForm {
            cabinet: vec![
                any("filter-any-cabinet"),
                Choice::new(1, "Дом и свет", ""),
                Choice::new(2, "Мастерская", ""),
            ],
            source: vec![any("filter-any-source"), Choice::new(1, "Ozon", "")],
            paid: vec![
                any("filter-any-paid"),
                Choice::new("true", v.t("filter-paid"), ""),
                Choice::new("false", v.t("filter-unpaid"), ""),
            ],
            ozon_status: vec![
                any("filter-any-ozon-status"),
                Choice::new("delivering", v.ozon_status("delivering"), ""),
            ],
            manager: vec![any("filter-any-manager"), Choice::new(1, v.t("filter-mine"), "")],
            ship_by: vec![
                any("filter-any-ship-by"),
                Choice::new("overdue", v.t("filter-ship-by-overdue"), ""),
            ],
            sort: vec![
                Choice::new("-order_date", v.t("sort-date-desc"), "-order_date"),
                Choice::new("ship_by", v.t("sort-ship-by"), ""),
            ],
            ..FilterForm::default()
        };
        let wanted = crate::panel::orders::columns::Layout::of(None);
        let page = |rows: Vec<OrderRow>| Self {
            frame: Frame::sample(v, Section::Orders),
            v,
            picks: true,
            columns: wanted.columns.clone(),
            managers: vec![Choice::new("", v.t("manager-nobody"), "")],
            chooser: crate::panel::orders::views::chooser(v, &wanted),
            views: vec![SavedView {
                id: 1,
                name: "Express на сегодня".into(),
                href: "/orders?express=true&ship_by=today".into(),
                here: false,
                shared: true,
                may_delete: true,
            }],
            query: "express=true".into(),
            since: 4711,
            tabs: std::iter::once(Tab {
                href: "/orders".into(),
                label: v.t("tab-all"),
                title: None,
                dot: None,
                count: String::new(),
                here: true,
            })
            .chain(statuses.iter().map(|(name, colour, count)| Tab {
                href: format!("/orders?status={count}"),
                label: (*name).into(),
                title: None,
                dot: Some(Dot::new(colour)),
                count: v.number(*count),
                here: false,
            }))
            .collect(),
            filter: filter(),
            rows,
            next: None,
            first: None,
            exports: Exports {
                csv: "/orders/export?format=csv".into(),
                xlsx: "/orders/export?format=xlsx".into(),
                pick_list: "/orders/pick-list".into(),
            },
            no_cabinet: false,
            statuses: statuses.iter().enumerate().map(|(i, (name, ..))| Choice::new(i, *name, "")).collect(),
        };
        let mut filled = page((0..24).map(row).collect());
        filled.next = Some("/orders?cursor=abc".into());
        filled.first = Some("/orders".into());
        filled.frame.demo = true;
        filled.frame.pulse.running.push(super::frame::Load {
            cabinet: "Дом и свет".into(),
            words: v.fill("load-of-about", &[("seen", "120".into()), ("expected", "600".into())]),
            percent: Some(20),
        });
        let mut none_found = page(Vec::new());
        none_found.filter.active = true;
        none_found.filter.more_open = true;
        none_found.filter.q = "ёж <b>".into();
        none_found.filter.fault = Some(v.t("filter-bad-date"));
        none_found.frame.can = super::Can::default();
        let mut no_cabinet = page(Vec::new());
        no_cabinet.no_cabinet = true;
        let mut fresh = page(Vec::new());
        fresh.frame.flash =
            Some(super::Flash { bad: false, text: v.t("flash-saved"), link: None, undo: Some(7) });
        vec![
            ("orders", filled),
            ("orders-none-found", none_found),
            ("orders-no-cabinet", no_cabinet),
            ("orders-fresh", fresh),
        ]
    }
}

#[cfg(test)]
impl RowsFragment {
    /// As somebody sees them who may change orders, and as a viewer does.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let rows = || OrdersPage::samples(v).swap_remove(0).1.rows;
        let columns = || crate::panel::orders::columns::Layout::of(None).columns;
        vec![
            ("order-rows", Self { v, picks: true, columns: columns(), rows: rows() }),
            ("order-rows-viewer", Self { v, picks: false, columns: columns(), rows: rows() }),
        ]
    }
}

#[cfg(test)]
impl NewsFragment {
    /// With counts.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let tabs = OrdersPage::samples(v).swap_remove(0).1.tabs;
        vec![("order-news", Self { tabs, listed: "3 2 1".into() })]
    }
}
