//! Histories of orders: each goes on from where it stood and ends where the order stands, with nothing told twice.

use entities::orders;

use crate::kept::{Happened, Kept};
use crate::report::Report;

pub(super) fn compare(kept: &Kept, report: &mut Report) {
    report.count("lines of history", kept.history.values().map(Vec::len).sum());
    for order in &kept.orders {
        let rows = kept.history.get(&order.id).map(Vec::as_slice).unwrap_or_default();
        let created = rows.iter().filter(|row| row.field == "created").count();
        if created != 1 {
            report.differs(format!("{}: came into being {created} times", order.posting_number));
        }
        let code = match &order.ozon_substatus {
            Some(substatus) => format!("{}/{substatus}", order.ozon_status),
            None => order.ozon_status.clone(),
        };
        chain(order, rows, "ozon_status", &code, report);
        chain(order, rows, "status", &order.status_id.to_string(), report);
        chain(order, rows, "track_number", order.track_number.as_deref().unwrap_or_default(), report);
    }
}

/// The changes of a field follow on each other, the last one ends at what the order shows.
fn chain(order: &orders::Model, rows: &[Happened], field: &str, stands: &str, report: &mut Report) {
    // Lines that say why nothing was changed are no links.
    let only_said = ["after_cancellation", "persons_value_stands", "push_waits", "no_row_in_status_map"];
    let links = rows.iter().filter(|row| row.field == field && !only_said.contains(&row.why()));
    let mut last: Option<&Happened> = None;
    for link in links.filter(|row| row.old != row.new) {
        if let Some(before) = last.filter(|before| before.new != link.old) {
            let (was, old) = (&before.new, &link.old);
            report.differs(format!("{}: {field} was {was:?} and went on from {old:?}", order.posting_number));
        }
        last = Some(link);
    }
    if let Some(last) = last.filter(|last| last.new.as_deref().unwrap_or_default() != stands) {
        report.differs(format!("{}: {field} ended at {:?} and is {stands}", order.posting_number, last.new));
    }
}
