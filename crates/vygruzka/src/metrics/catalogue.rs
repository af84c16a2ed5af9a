//! Every figure that is told: its name, its kind and what it means.

use metrics::{describe_counter, describe_gauge, describe_histogram};

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is counted where it happens, by this process since its start.
    Counted,
    /// It is asked of the database when somebody reads.
    Standing,
}

enum Kind {
    Counter,
    Gauge,
    Histogram,
}

struct Figure {
    name: &'static str,
    kind: Kind,
    source: Source,
    meaning: &'static str,
}

const fn counted(name: &'static str, kind: Kind, meaning: &'static str) -> Figure {
    Figure { name, kind, source: Source::Counted, meaning }
}

const fn standing(name: &'static str, meaning: &'static str) -> Figure {
    Figure { name, kind: Kind::Gauge, source: Source::Standing, meaning }
}

const FIGURES: &[Figure] = &[
    counted("vygruzka_build_info", Kind::Gauge, "Always 1; the label tells the version."),
    counted("process_start_time_seconds", Kind::Gauge, "When the process began, seconds since 1970."),
    counted(
        "vygruzka_loads_total",
        Kind::Counter,
        "Loads that ended, by cabinet and result: done or an error's code.",
    ),
    counted("vygruzka_load_seconds", Kind::Histogram, "How long loads took, by cabinet."),
    counted(
        "vygruzka_postings_total",
        Kind::Counter,
        "Postings that loads saw, by cabinet and what became of them.",
    ),
    counted(
        "vygruzka_ozon_calls_total",
        Kind::Counter,
        "Calls to Ozon, by method and outcome: ok or an error's code.",
    ),
    counted("vygruzka_ozon_call_seconds", Kind::Histogram, "How long Ozon took to answer, by method."),
    counted("vygruzka_push_messages_total", Kind::Counter, "Ozon's push messages, by result."),
    counted(
        "vygruzka_pushes_total",
        Kind::Counter,
        "Tries to tell Ozon something, by result; later means another try.",
    ),
    counted(
        "vygruzka_letters_total",
        Kind::Counter,
        "Tries to send a letter, by result; later means another try.",
    ),
    counted("vygruzka_http_requests_total", Kind::Counter, "Requests answered, by method, route and status."),
    counted(
        "vygruzka_http_request_seconds",
        Kind::Histogram,
        "Time until an answer began, by method and route.",
    ),
    standing("vygruzka_database_up", "1 when the database answered what is asked here."),
    standing("vygruzka_database_connections", "Connections of this process to the database, used and idle."),
    standing("vygruzka_cabinet_enabled", "1 when a cabinet is loaded."),
    standing("vygruzka_cabinet_load_age_seconds", "How long ago a cabinet's last complete load began."),
    standing("vygruzka_cabinet_failures", "A cabinet's failed loads in a row."),
    standing("vygruzka_cabinet_key_days", "Days until a cabinet's Api-Key ends, once Ozon has told."),
    standing("vygruzka_cabinet_key_at_fault", "1 when Ozon found fault with a cabinet's Api-Key."),
    standing(
        "vygruzka_cabinet_unreadable_postings",
        "Postings of a cabinet without an order because they cannot be read.",
    ),
    standing(
        "vygruzka_cabinet_differences",
        "What the newest comparison of a cabinet with Ozon's list left differing.",
    ),
    standing(
        "vygruzka_outbox_items",
        "Pushes and letters that are not over, and those refused, by kind and state.",
    ),
    standing(
        "vygruzka_outbox_oldest_seconds",
        "Age of the oldest push or letter that waits, by kind; 0 when none does.",
    ),
];

/// Gives the figures of one source their kinds and meanings, at the recorder that is in force.
pub fn describe(source: Source) {
    for figure in FIGURES.iter().filter(|figure| figure.source == source) {
        match figure.kind {
            Kind::Counter => describe_counter!(figure.name, figure.meaning),
            Kind::Gauge => describe_gauge!(figure.name, figure.meaning),
            Kind::Histogram => describe_histogram!(figure.name, figure.meaning),
        }
    }
}

/// Counters of rare things are there from the start: a series that begins at one has no growth to warn by.
pub fn begin_at_nought() {
    for result in ["done", "refused", "later"] {
        metrics::counter!("vygruzka_pushes_total", "result" => result).increment(0);
        metrics::counter!("vygruzka_letters_total", "result" => result).increment(0);
    }
    for result in ["taken", "ping", "refused"] {
        metrics::counter!("vygruzka_push_messages_total", "result" => result).increment(0);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn expressions(panel: &Value, found: &mut Vec<String>) {
        match panel {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match value {
                        Value::String(text) if key == "expr" || key == "query" => found.push(text.clone()),
                        other => expressions(other, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
            _ => {}
        }
    }

    /// The figure that a word of an expression names.
    fn figure(word: &str) -> Option<&'static str> {
        let named = |name: &str| FIGURES.iter().find(|figure| figure.name == name);
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|part| {
            word.strip_suffix(part).and_then(named).filter(|figure| matches!(figure.kind, Kind::Histogram))
        });
        named(word).or(of_histogram).map(|figure| figure.name)
    }

    #[test]
    fn the_dashboard_shows_every_figure_and_none_that_is_not_told() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/grafana/dashboard.json");
        let text = std::fs::read_to_string(file).expect("the dashboard is there");
        let board: Value = serde_json::from_str(&text).expect("the dashboard is JSON");
        let mut found = Vec::new();
        expressions(&board, &mut found);
        let words = found.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_lowercase() && c != '_'));
        let is_ours = |word: &&str| word.starts_with("vygruzka_") || word.starts_with("process_");
        let shown: BTreeSet<_> = words
            .filter(is_ours)
            .map(|word| {
                figure(word).unwrap_or_else(|| panic!("the dashboard asks for {word}, which nobody tells"))
            })
            .collect();
        let told: BTreeSet<_> = FIGURES.iter().map(|figure| figure.name).collect();
        assert_eq!(shown, told);
    }
}
