//! Counts by day, as people read them: the newest first, and what is long ago as one.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, TimeZone, Utc};

use super::view::effect::DayCount;
use voice::Voice;

/// Days that are told one by one.
const DAYS: usize = 14;

/// Orders by the day on which Ozon began to process them.
pub(crate) fn told(v: Voice, orders: &BTreeMap<Option<NaiveDate>, u64>) -> Vec<DayCount> {
    let dated: Vec<_> = orders.iter().rev().filter_map(|(day, count)| day.map(|day| (day, *count))).collect();
    let line = |name: String, count: u64| DayCount { name, count: v.number(count) };
    let shown = dated.len().min(if dated.len() == DAYS + 1 { DAYS + 1 } else { DAYS });
    let (each, before) = dated.split_at(shown);
    let mut lines: Vec<_> = each.iter().map(|(day, count)| line(worded(v, *day), *count)).collect();
    if let (Some((first, _)), Some((last, _))) = (before.last(), before.first()) {
        let span = [("from", worded(v, *first)), ("to", worded(v, *last))];
        lines.push(line(v.fill("days-before", &span), before.iter().map(|(_, count)| count).sum()));
    }
    if let Some(count) = orders.get(&None) {
        lines.push(line(v.t("days-unknown"), *count));
    }
    lines
}

/// A day as people read it.
pub(crate) fn worded(v: Voice, day: NaiveDate) -> String {
    // No zone changes its clocks at noon.
    let noon = day.and_time(NaiveTime::MIN) + chrono::Duration::hours(12);
    match v.zone.from_local_datetime(&noon).earliest() {
        Some(at) => v.day(&at.with_timezone(&Utc)),
        None => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voice::Lang;

    #[test]
    fn the_newest_days_stand_first_and_the_old_ones_together() {
        let now = "2026-11-23T11:05:00Z".parse().expect("a literal time");
        let v = Voice { lang: Lang::Ru, zone: chrono_tz::Asia::Kamchatka, now };
        let day = |back: u64| now.date_naive().checked_sub_days(chrono::Days::new(back));
        let mut orders: BTreeMap<_, _> = (0..20).map(|back| (day(back), back + 1)).collect();
        orders.insert(None, 7);
        let lines = told(v, &orders);
        let text = |at: usize| (lines[at].name.as_str(), lines[at].count.as_str());
        assert_eq!(lines.len(), 16);
        assert_eq!(text(0), ("23 нояб.", "1"));
        assert_eq!(text(14), ("4 нояб. – 9 нояб.", "105"));
        assert_eq!(text(15), ("без даты", "7"));
        assert!(told(v, &BTreeMap::new()).is_empty());
    }
}
