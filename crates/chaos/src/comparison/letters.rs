//! Letters: each piece of news in one letter, each letter at the mail server, and why one came twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use entities::outbox;
use serde_json::Value;
use testkit::smtp::Received;

use super::Evidence;
use crate::kept::Kept;
use crate::report::Report;
use crate::scene::Blow;

/// A blow that loses an answer falls so soon before or after the letter's end.
const BEFORE: Duration = Duration::from_millis(300);
/// See [`BEFORE`].
const AFTER: Duration = Duration::from_millis(700);

pub(super) fn compare(kept: &Kept, evidence: &Evidence<'_>, report: &mut Report) {
    let arrived = by_id(evidence, report);
    let letters: Vec<&outbox::Model> = kept.outbox.iter().filter(|row| row.kind == "letter").collect();
    report.count("letters written", letters.len());
    report.count("letters that arrived", arrived.len());
    let mut texts: Vec<(&str, String)> = Vec::new();
    for row in &letters {
        let id = format!("vygruzka-{}-{}", row.id, row.created_at);
        let found = arrived.iter().find(|(header, _)| header.contains(&id));
        match (row.state.as_str(), found) {
            ("done", None) => report.differs(format!("letter {} is done and never arrived", row.id)),
            ("refused", _) => {
                report.differs(format!("letter {} was given up: {:?} {:?}", row.id, row.trouble, row.answer));
            }
            ("done", Some(_)) => {}
            (state, _) => report.differs(format!("letter {} is still {state}", row.id)),
        }
        if let Some((_, letter)) = found {
            texts.push((row.subject.as_str(), body(letter)));
        }
    }
    new_orders(kept, evidence, &texts, report);
    changes(kept, evidence, &letters, report);
}

/// The latest arrival of each letter; one that came again must have a lost answer behind it.
fn by_id<'a>(evidence: &'a Evidence<'_>, report: &mut Report) -> BTreeMap<String, &'a Received> {
    let mut arrived: BTreeMap<String, &Received> = BTreeMap::new();
    for letter in &evidence.letters {
        let id = letter.header("Message-ID").unwrap_or_default().to_owned();
        let Some(before) = arrived.insert(id.clone(), letter) else { continue };
        if !before.is_answered {
            report.count("letters handed over again: the server kept silent", 1);
            continue;
        }
        // The answer went down with its sender, or with the database that was to keep it; or the clock jumped, so that the
        // sender's claim was over while it was still talking.
        let blows = [(Blow::Kill, "its sender was killed"), (Blow::Fall, "the database fell")];
        let mut blows = blows.into_iter().chain([(Blow::Jump, "the clock jumped")]);
        let fell = |blow: &(Blow, &str)| evidence.blows.fell(blow.0, before.at, BEFORE, AFTER);
        match blows.find(fell) {
            Some((_, why)) => report.count(&format!("letters handed over again: {why}"), 1),
            None => report.differs(format!("letter {id} came twice for no reason")),
        }
    }
    arrived
}

fn body(letter: &Received) -> String {
    let parsed = mail_parser::MessageParser::default().parse(letter.text.as_bytes());
    parsed.and_then(|letter| letter.body_text(0).map(std::borrow::Cow::into_owned)).unwrap_or_default()
}

/// Every order that was made since mail is set up is told by one letter.
fn new_orders(kept: &Kept, evidence: &Evidence<'_>, texts: &[(&str, String)], report: &mut Report) {
    for order in &kept.orders {
        let rows = kept.history.get(&order.id).map(Vec::as_slice).unwrap_or_default();
        let made = rows.iter().find(|row| row.field == "created").map(|row| row.at);
        let is_news = made.is_some_and(|at| at > evidence.scene.mail_since);
        let told =
            texts.iter().filter(|(kind, text)| *kind == "new_orders" && names(text, &order.number)).count();
        if told != usize::from(is_news) {
            report.differs(format!("{}: the new order is told by {told} letters", order.posting_number));
        }
        report.count("new orders told", told);
    }
}

/// Whether a text names a number, not only one that begins or ends with it.
fn names(text: &str, number: &str) -> bool {
    let mut places = text.match_indices(number);
    places.any(|(at, _)| {
        let near = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '-');
        !near(text[..at].chars().next_back()) && !near(text[at + number.len()..].chars().next())
    })
}

/// Every change that came from Ozon since then stands in the letters as often as in the histories, and so does every
/// cancellation of an order in work.
fn changes(kept: &Kept, evidence: &Evidence<'_>, letters: &[&outbox::Model], report: &mut Report) {
    type Counted = HashMap<(i64, String, String), i64>;
    let (mut changed, mut cancelled) = (Counted::new(), Counted::new());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for row in letters {
        let letter: Value = serde_json::from_str(&row.payload).unwrap_or_default();
        for change in letter["changes"].as_array().into_iter().flatten() {
            let key = (change["id"].as_i64(), text(&change["ozon_before"]), text(&change["ozon_after"]));
            *changed.entry((key.0.unwrap_or_default(), key.1, key.2)).or_default() += 1;
            report.count("changes told", 1);
        }
        for one in letter["cancelled"].as_array().into_iter().flatten() {
            let id = one["order"]["id"].as_i64().unwrap_or_default();
            *cancelled.entry((id, String::new(), String::new())).or_default() += 1;
            report.count("cancellations in work told", 1);
        }
    }
    for (order, rows) in &kept.history {
        for row in rows.iter().filter(|row| row.at > evidence.scene.mail_since) {
            let is_ozons = matches!(row.why(), "ozon_changed" | "step_back");
            if row.field == "ozon_status" && is_ozons {
                let (old, new) = (row.old.clone(), row.new.clone());
                let key = (*order, old.unwrap_or_default(), new.unwrap_or_default());
                *changed.entry(key).or_default() -= 1;
            }
            if row.why() == "on_cancel" && row.reason["stage"] != "before_work" {
                *cancelled.entry((*order, String::new(), String::new())).or_default() -= 1;
            }
        }
    }
    let numbers: HashMap<i64, &str> = kept.orders.iter().map(|o| (o.id, o.posting_number.as_str())).collect();
    let wrong: BTreeSet<String> = [("change", changed), ("cancellation", cancelled)]
        .into_iter()
        .flat_map(|(what, counted)| counted.into_iter().map(move |(key, many)| (what, key, many)))
        .filter(|(_, _, many)| *many != 0)
        .map(|(what, (order, old, new), many)| {
            let number = numbers.get(&order).copied().unwrap_or("?");
            format!("{number}: {what} {old} → {new}: letters tell {many:+} more than happened")
        })
        .collect();
    for told in wrong {
        report.differs(told);
    }
}
