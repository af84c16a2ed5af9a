//! Every letter as one sheet: a title, some sentences, perhaps a table, and where to go on. Text and HTML show the same.

use chrono::FixedOffset;
use domain::reconcile::Difference;
use url::Url;
use voice::Voice;

use crate::letter::{CancelledInWork, Letter, NewOrders, OrderInShort, Reconciled, StatusChanges, Summary};

/// What a letter shows.
pub struct Sheet {
    /// The subject; may still hold anything.
    pub subject: String,
    /// The title.
    pub title: String,
    /// Sentences under it.
    pub lead: Vec<String>,
    /// The table's head.
    pub head: Vec<String>,
    /// The table.
    pub rows: Vec<Row>,
    /// What stands under the table.
    pub more: Option<String>,
    /// Where to go on.
    pub link: Option<(String, String)>,
}

/// A row of the table; the first cell is the link.
pub struct Row {
    /// The cells.
    pub cells: Vec<String>,
    /// Where the first one leads.
    pub href: Option<String>,
}

/// Addresses of the panel, where it is known how people reach it.
struct Panel<'a>(Option<&'a Url>);

impl Panel<'_> {
    fn at(&self, path: &str) -> Option<String> {
        self.0.map(|url| format!("{}{path}", url.as_str().trim_end_matches('/')))
    }

    fn order(&self, id: i64) -> Option<String> {
        self.at(&format!("/orders/{id}"))
    }
}

/// The sheet of a letter.
pub fn of(letter: &Letter, v: Voice, public_url: Option<&Url>) -> Sheet {
    let panel = Panel(public_url);
    match letter {
        Letter::NewOrders(told) => new_orders(v, told, &panel),
        Letter::StatusChanges(told) => status_changes(v, told, &panel),
        Letter::CancelledInWork(told) => cancelled(v, told, &panel),
        Letter::KeyFails { cabinet, code } => {
            let title = v.with("letter-key-fails-title", "cabinet", cabinet);
            plain(v, &title, trouble(v, code), panel.at("/cabinets"))
        }
        Letter::KeyExpires { cabinet, expires_at, days_left } => {
            let title = v.n("letter-key-expires-title", u64::from(*days_left));
            let when = v.with("letter-key-expires-when", "time", v.dated(expires_at, None));
            let title = format!("{title} — {cabinet}");
            plain(v, &title, vec![when, v.t("letter-key-expires-advice")], panel.at("/cabinets"))
        }
        Letter::LoadsFail { cabinet, code, error, since } => {
            let title = v.with("letter-loads-fail-title", "cabinet", cabinet);
            let mut lead = trouble(v, code);
            lead.push(v.with("letter-loads-fail-since", "time", v.dated(since, None)));
            lead.push(v.t("letter-loads-fail-advice"));
            lead.push(v.with("letter-details", "error", error));
            plain(v, &title, lead, panel.at("/runs"))
        }
        Letter::LoadsWellAgain { cabinet, failed_since, well_at } => {
            let title = v.with("letter-loads-well-title", "cabinet", cabinet);
            let times = [("since", v.dated(failed_since, None)), ("until", v.dated(well_at, None))];
            plain(v, &title, vec![v.fill("letter-loads-well-times", &times)], panel.at("/runs"))
        }
        Letter::Reconciled(told) => reconciled(v, told, &panel),
        Letter::Trial => {
            plain(v, &v.t("letter-trial-title"), vec![v.t("letter-trial-text")], panel.at("/orders"))
        }
    }
}

fn plain(v: Voice, title: &str, lead: Vec<String>, href: Option<String>) -> Sheet {
    Sheet {
        subject: format!("Ozon: {title}"),
        title: title.to_owned(),
        lead,
        head: Vec::new(),
        rows: Vec::new(),
        more: None,
        link: href.map(|href| (href, v.t("letter-to-panel"))),
    }
}

/// What is wrong, and what to do.
fn trouble(v: Voice, code: &str) -> Vec<String> {
    let word = |family, other| v.ozon_word(family, code).unwrap_or_else(|| v.t(other));
    vec![format!("{}.", word("ozon-error", "ozon-error-other")), word("ozon-advice", "ozon-advice-other")]
}

fn order_row(v: Voice, order: &OrderInShort, panel: &Panel<'_>) -> Row {
    let zone = order.warehouse_zone.and_then(|minutes| FixedOffset::east_opt(minutes.checked_mul(60)?));
    let ship_by = order.ship_by.map_or_else(|| "—".to_owned(), |at| v.dated(&at, zone));
    Row {
        cells: vec![order.number.clone(), order.goods.clone(), v.money(&order.total), ship_by],
        href: panel.order(order.id),
    }
}

fn order_head(v: Voice) -> Vec<String> {
    ["letter-order", "letter-goods", "letter-sum", "letter-ship-by"].map(|key| v.t(key)).into()
}

fn left_out(v: Voice, total: u64, listed: usize) -> Option<String> {
    let more = total.saturating_sub(listed as u64);
    (more > 0).then(|| v.n("letter-more", more))
}

fn new_orders(v: Voice, told: &NewOrders, panel: &Panel<'_>) -> Sheet {
    let title = format!("{} — {}", v.n("letter-new-orders", told.total), told.cabinet);
    let mut sheet = plain(v, &title, Vec::new(), panel.at("/orders"));
    if let Some(summary) = told.summary {
        sheet.lead.push(match summary {
            Summary::FirstLoad => v.t("letter-first-load"),
            Summary::BackFill => v.t("letter-back-fill"),
        });
        sheet.head = vec![v.t("letter-day"), v.t("letter-orders")];
        sheet.rows = told
            .by_day
            .iter()
            .map(|(day, many)| Row {
                cells: vec![day.format("%d.%m.%Y").to_string(), v.number(*many)],
                href: None,
            })
            .collect();
    } else {
        sheet.head = order_head(v);
        sheet.rows = told.orders.iter().map(|order| order_row(v, order, panel)).collect();
        sheet.more = left_out(v, told.total, told.orders.len());
    }
    sheet
}

fn status_changes(v: Voice, told: &StatusChanges, panel: &Panel<'_>) -> Sheet {
    let title = format!("{} — {}", v.n("letter-status-changes", told.total), told.cabinet);
    let mut sheet = plain(v, &title, Vec::new(), panel.at("/orders"));
    sheet.head =
        ["letter-order", "letter-before", "letter-after", "letter-shop-status"].map(|key| v.t(key)).into();
    let ozon = |kept: &str| {
        let (status, finer) = kept.split_once('/').unwrap_or((kept, ""));
        match v.ozon_finer(status, finer).filter(|_| !finer.is_empty()) {
            Some(finer) => format!("{}, {finer}", v.ozon_status(status)),
            None => v.ozon_status(status),
        }
    };
    sheet.rows = told
        .changes
        .iter()
        .map(|change| Row {
            cells: vec![
                change.number.clone(),
                ozon(&change.ozon_before),
                ozon(&change.ozon_after),
                change.shop_after.clone().unwrap_or_else(|| v.t("letter-status-stays")),
            ],
            href: panel.order(change.id),
        })
        .collect();
    sheet.more = left_out(v, told.total, told.changes.len());
    sheet
}

fn cancelled(v: Voice, told: &CancelledInWork, panel: &Panel<'_>) -> Sheet {
    let title = match told.cancelled.as_slice() {
        [only] => {
            let key = if only.shipped { "letter-cancelled-shipped" } else { "letter-cancelled-in-work" };
            v.with(key, "number", &only.order.number)
        }
        _ => v.n("letter-cancelled", told.total),
    };
    let mut sheet = plain(v, &format!("{title} — {}", told.cabinet), Vec::new(), panel.at("/orders"));
    sheet.head = order_head(v);
    sheet.head.push(v.t("letter-what-now"));
    sheet.head.push(v.t("letter-cancelled-why"));
    for one in &told.cancelled {
        let mut row = order_row(v, &one.order, panel);
        let what = if one.shipped { "letter-expect-return" } else { "letter-do-not-send" };
        row.cells.push(v.t(what));
        let who = one.initiator.as_deref().map(|who| v.ozon_initiator(who));
        let said = [("cancelled-by", "who", &who), ("cancelled-because", "reason", &one.reason)]
            .into_iter()
            .filter_map(|(key, name, said)| said.as_ref().map(|said| v.with(key, name, said)));
        row.cells.push(said.collect::<Vec<_>>().join(" "));
        sheet.rows.push(row);
    }
    sheet.more = left_out(v, told.total, told.cancelled.len());
    sheet
}

/// A difference between Ozon's list and the store, in words.
pub fn difference(v: Voice, difference: &Difference) -> String {
    match difference {
        Difference::Missing => v.t("difference-missing"),
        Difference::Unknown => v.t("difference-unknown"),
        Difference::Unreadable => v.t("difference-unreadable"),
        Difference::Status { here, there } => {
            let names = [("here", v.ozon_status(here)), ("there", v.ozon_status(there))];
            v.fill("difference-status", &names)
        }
        Difference::Lines { here, there } => {
            let here = if here.is_empty() { v.t("difference-no-lines") } else { here.clone() };
            v.fill("difference-lines", &[("here", here), ("there", there.clone())])
        }
        Difference::Sum { here, there } => {
            v.fill("difference-sum", &[("here", v.money(here)), ("there", v.money(there))])
        }
    }
}

fn reconciled(v: Voice, told: &Reconciled, panel: &Panel<'_>) -> Sheet {
    let title = format!("{} — {}", v.n("letter-reconciled", told.total), told.cabinet);
    let page = panel.at(&format!("/cabinets/{}/reconciliation", told.cabinet_id));
    let period = [("since", v.dated(&told.since, None)), ("until", v.dated(&told.until, None))];
    let is_unknown = |found: &crate::letter::Discrepancy| found.differences.contains(&Difference::Unknown);
    let advice = if !told.found.is_empty() && told.found.iter().all(is_unknown) {
        "letter-reconciled-unknown"
    } else {
        "letter-reconciled-advice"
    };
    let lead = vec![v.fill("letter-reconciled-period", &period), v.t(advice)];
    let mut sheet = plain(v, &title, lead, page);
    sheet.head = vec![v.t("letter-posting"), v.t("letter-differs")];
    let row = |found: &crate::letter::Discrepancy| Row {
        cells: vec![
            found.posting_number.clone(),
            found.differences.iter().map(|one| difference(v, one)).collect::<Vec<_>>().join("; "),
        ],
        href: found.order.and_then(|id| panel.order(id)),
    };
    sheet.rows = told.found.iter().map(row).collect();
    sheet.more = left_out(v, told.total, told.found.len());
    sheet
}
