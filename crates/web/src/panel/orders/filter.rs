//! What the address asks of the list of orders. Whatever makes no sense there is as if it were not there, but for dates,
//! which are typed by hand and get an answer.

mod told;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::schedule::begin_of_day;
use domain::{CabinetId, OzonStatus, Scheme, SourceId, StatusId, UserId};
use serde::{Deserialize, Serialize};
use storage::Warehouse;
use storage::cabinets::Cabinet;
use storage::lists::{Named, Status};
use storage::orders::{ManagerFilter, OrderFilter, OrderSort, Queue};
use storage::people::User;

use super::tabs::Work;
use crate::panel::routes::Page;
use crate::panel::view::Choice;
use crate::panel::view::orders::FilterForm;
use voice::Voice;

/// The word for orders that nobody works.
const NOBODY: &str = "none";
/// A list's query is far shorter; what is longer is none of ours.
const LONGEST_QUERY: usize = 2000;

/// The address's query.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct Asked {
    pub(crate) q: Option<String>,
    status: Option<String>,
    ozon_status: Option<String>,
    cabinet: Option<String>,
    source: Option<String>,
    customer: Option<String>,
    manager: Option<String>,
    paid: Option<String>,
    ship_by: Option<String>,
    tab: Option<String>,
    scheme: Option<String>,
    warehouse: Option<String>,
    express: Option<String>,
    from: Option<String>,
    to: Option<String>,
    sort: Option<String>,
    pub(crate) cursor: Option<String>,
}

/// What the store is asked.
pub(crate) struct Read {
    pub(crate) filter: OrderFilter,
    pub(crate) sort: OrderSort,
    /// What the address asks for cannot be there: no status of the shop is marked for that tab.
    pub(crate) is_empty: bool,
    pub(crate) fault: Option<String>,
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|t| t.trim()).filter(|t| !t.is_empty())
}

fn id(text: Option<&String>) -> Option<i64> {
    given(text)?.parse().ok()
}

impl Asked {
    /// What is asked may be a person: a search, or the orders of one customer.
    pub(crate) fn names_a_person(&self) -> bool {
        given(self.q.as_ref()).is_some() || given(self.customer.as_ref()).is_some()
    }

    /// A search over all orders.
    pub(crate) fn searched(q: &str) -> Self {
        Self { q: Some(q.to_owned()), ..Self::default() }
    }

    /// The one status asked for.
    pub(crate) fn status_id(&self) -> Option<StatusId> {
        id(self.status.as_ref()).map(StatusId)
    }

    /// The tab asked for, where it is no status.
    pub(crate) fn work(&self) -> Option<Work> {
        given(self.tab.as_ref())?.parse().ok()
    }

    /// For the store.
    pub(crate) fn read(&self, v: Voice, sees_persons: bool, risk_hours: u32, statuses: &[Status]) -> Read {
        let mut filter = OrderFilter {
            status: self.status_id().into_iter().collect(),
            ozon_status: given(self.ozon_status.as_ref()).map(str::to_owned),
            cabinet: id(self.cabinet.as_ref()).map(CabinetId),
            source: id(self.source.as_ref()).map(SourceId),
            customer: id(self.customer.as_ref()).filter(|_| sees_persons).map(domain::CustomerId),
            manager: match given(self.manager.as_ref()) {
                Some(NOBODY) => Some(ManagerFilter::Nobody),
                _ => id(self.manager.as_ref()).map(|id| ManagerFilter::Is(UserId(id))),
            },
            paid: given(self.paid.as_ref()).and_then(|p| p.parse().ok()),
            scheme: given(self.scheme.as_ref()).and_then(Scheme::parse),
            warehouse: id(self.warehouse.as_ref()),
            express: given(self.express.as_ref()) == Some("true"),
            ..OrderFilter::default()
        };
        if let Some(q) = given(self.q.as_ref()) {
            filter.look_for(q, sees_persons);
        }
        let mut fault = None;
        let mut day = |text: Option<&String>| {
            let text = given(text)?;
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
            if day.is_none() {
                fault = Some(v.t("filter-bad-date"));
            }
            day
        };
        let (from, to) = (day(self.from.as_ref()), day(self.to.as_ref()));
        filter.placed_from = from.map(|d| begin_of_day(d, v.zone));
        filter.placed_to = to.and_then(|d| end(v, d));
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            fault = Some(v.t("filter-bad-date"));
        }
        let today = v.now.with_timezone(&v.zone).date_naive();
        let now = v.now;
        filter.queue = match given(self.ship_by.as_ref()) {
            Some("overdue") => Some(Queue::Overdue { now }),
            // As the overview counts it: what is overdue stands apart.
            Some("today") => end(v, today).map(|until| Queue::AtRisk { now, until }),
            Some("tomorrow") => today
                .checked_add_days(Days::new(1))
                .and_then(|day| end(v, day))
                .map(|until| Queue::ToShip { until }),
            _ => None,
        };
        let narrowed = self.work().map(|work| work.narrow(v, risk_hours, statuses, &mut filter));
        Read { filter, sort: self.sort(), is_empty: narrowed == Some(None), fault }
    }

    fn sort(&self) -> OrderSort {
        let asked = given(self.sort.as_ref()).and_then(|s| s.parse().ok());
        // Among what must leave, the urgent comes first.
        let is_urgent = given(self.ship_by.as_ref()).is_some() || self.work().is_some_and(Work::is_urgent);
        let usual = if is_urgent { OrderSort::ShipByAsc } else { OrderSort::DateDesc };
        asked.unwrap_or(usual)
    }

    /// This list's address with some parts changed.
    pub(crate) fn address_with(&self, changes: &[(&str, Option<String>)]) -> String {
        let mut pairs: Vec<(&str, String)> = self
            .pairs()
            .into_iter()
            .filter(|(key, _)| !changes.iter().any(|(changed, _)| changed == key))
            .collect();
        pairs.extend(changes.iter().filter_map(|(key, value)| Some((*key, value.clone()?))));
        Page::Orders.with(pairs)
    }

    /// Another page's address with this list's filter and something more.
    pub(crate) fn elsewhere(&self, page: &Page, more: &[(&'static str, &str)]) -> String {
        let mut pairs = self.pairs();
        pairs.retain(|(key, _)| *key != "cursor");
        pairs.extend(more.iter().map(|(key, value)| (*key, (*value).to_owned())));
        page.with(pairs)
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        [
            ("q", &self.q),
            ("status", &self.status),
            ("ozon_status", &self.ozon_status),
            ("cabinet", &self.cabinet),
            ("source", &self.source),
            ("customer", &self.customer),
            ("manager", &self.manager),
            ("paid", &self.paid),
            ("ship_by", &self.ship_by),
            ("tab", &self.tab),
            ("scheme", &self.scheme),
            ("warehouse", &self.warehouse),
            ("express", &self.express),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
            ("cursor", &self.cursor),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, given(value.as_ref())?.to_owned())))
        .collect()
    }

    /// The list's query without the page, for the cards that are opened from it; `None` when nothing is asked of the list.
    pub(crate) fn query(&self) -> Option<String> {
        let pairs: Vec<_> = self.pairs().into_iter().filter(|(key, _)| *key != "cursor").collect();
        serde_urlencoded::to_string(pairs).ok().filter(|query| !query.is_empty())
    }

    /// The list that a card was opened from; what makes no sense is as if it were not there.
    pub(crate) fn of_query(query: &str) -> Self {
        let asked: Option<Self> =
            Some(query).filter(|q| q.len() <= LONGEST_QUERY).and_then(|q| serde_urlencoded::from_str(q).ok());
        Self { cursor: None, ..asked.unwrap_or_default() }
    }

    /// Whose orders can be asked for: one's own, nobody's, each person's.
    pub(crate) fn managers(&self, v: Voice, people: &[User], me: UserId) -> Vec<Choice> {
        let current = given(self.manager.as_ref()).unwrap_or_default();
        let choice = |value: String, label: String| Choice::new(value, label, current);
        let first = [
            choice(String::new(), v.t("filter-any-manager")),
            choice(me.to_string(), v.t("filter-mine")),
            choice(NOBODY.to_owned(), v.t("filter-nobodys")),
        ];
        let others = people.iter().filter(|user| user.id != me);
        first.into_iter().chain(others.map(|user| choice(user.id.to_string(), user.email.clone()))).collect()
    }

    /// The form above the list.
    pub(crate) fn form(
        &self,
        v: Voice,
        cabinets: &[Cabinet],
        sources: &[Named],
        warehouses: &[Warehouse],
        fault: Option<String>,
    ) -> FilterForm {
        let text = |part: &Option<String>| given(part.as_ref()).unwrap_or_default().to_owned();
        let choices = |key: &str, current: &Option<String>, rest: Vec<(String, String)>| {
            let current = text(current);
            let any = Choice::new("", v.t(key), &current);
            let each = rest.into_iter().map(|(value, label)| Choice::new(value, label, &current));
            std::iter::once(any).chain(each).collect::<Vec<_>>()
        };
        let pair = |value: &str, key: &str| (value.to_owned(), v.t(key));
        let sort = self.sort().to_string();
        let sorts = [
            ("-order_date", "sort-date-desc"),
            ("order_date", "sort-date-asc"),
            ("ship_by", "sort-ship-by"),
            ("-ship_by", "sort-ship-by-desc"),
            ("-total", "sort-total-desc"),
            ("total", "sort-total-asc"),
        ];
        let active =
            self.pairs().iter().any(|(key, _)| !matches!(*key, "sort" | "cursor" | "status" | "tab"));
        FilterForm {
            q: text(&self.q),
            status: self.status_id().map(|s| Choice::new(s, "", "")).into_iter().collect(),
            tab: self.work().map(|work| <&str>::from(work).to_owned()),
            scheme: choices(
                "filter-any-scheme",
                &self.scheme,
                [Scheme::Fbs, Scheme::RealFbs].map(|s| (s.code().to_owned(), s.name().to_owned())).into(),
            ),
            warehouse: choices(
                "filter-any-warehouse",
                &self.warehouse,
                warehouses.iter().map(|w| (w.id.to_string(), w.name.clone())).collect(),
            ),
            express: given(self.express.as_ref()) == Some("true"),
            ozon_status: choices(
                "filter-any-ozon-status",
                &self.ozon_status,
                OzonStatus::KNOWN.iter().map(|s| (s.code().to_owned(), v.ozon_status(s.code()))).collect(),
            ),
            cabinet: choices(
                "filter-any-cabinet",
                &self.cabinet,
                cabinets.iter().map(|c| (c.id.to_string(), c.name.clone())).collect(),
            ),
            source: choices(
                "filter-any-source",
                &self.source,
                sources.iter().map(|s| (s.id.to_string(), s.name.clone())).collect(),
            ),
            paid: choices(
                "filter-any-paid",
                &self.paid,
                vec![pair("true", "filter-paid"), pair("false", "filter-unpaid")],
            ),
            ship_by: choices(
                "filter-any-ship-by",
                &self.ship_by,
                vec![
                    pair("overdue", "filter-ship-by-overdue"),
                    pair("today", "filter-ship-by-today"),
                    pair("tomorrow", "filter-ship-by-tomorrow"),
                ],
            ),
            manager: Vec::new(),
            from: text(&self.from),
            to: text(&self.to),
            sort: sorts.into_iter().map(|(value, key)| Choice::new(value, v.t(key), &sort)).collect(),
            active,
            more_open: [
                &self.ozon_status,
                &self.source,
                &self.scheme,
                &self.warehouse,
                &self.express,
                &self.manager,
                &self.from,
                &self.to,
            ]
            .into_iter()
            .any(|part| given(part.as_ref()).is_some()),
            fault,
        }
    }
}

/// The last moment of a day in the shop's zone.
fn end(v: Voice, day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(begin_of_day(day.checked_add_days(Days::new(1))?, v.zone) - Duration::microseconds(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use voice::Lang;

    fn voice() -> Voice {
        let now = "2026-11-23T22:30:00Z".parse().expect("a literal time");
        Voice { lang: Lang::Ru, zone: chrono_tz::Europe::Moscow, now }
    }

    fn read(asked: &Asked, sees_persons: bool) -> Read {
        asked.read(voice(), sees_persons, 4, &[])
    }

    #[test]
    fn dates_are_days_of_the_shops_zone_with_the_last_one_included() {
        let asked =
            Asked { from: Some("2026-11-01".into()), to: Some("2026-11-02".into()), ..Asked::default() };
        let filter = read(&asked, true).filter;
        assert_eq!(filter.placed_from, "2026-10-31T21:00:00Z".parse().ok());
        assert_eq!(filter.placed_to, "2026-11-02T20:59:59.999999Z".parse().ok());
        // It is already the 24th in Moscow.
        let today = read(&Asked { ship_by: Some("today".into()), ..Asked::default() }, true);
        let until = "2026-11-24T20:59:59.999999Z".parse().expect("a literal time");
        assert_eq!(today.filter.queue, Some(Queue::AtRisk { now: voice().now, until }));
        let tomorrow = read(&Asked { ship_by: Some("tomorrow".into()), ..Asked::default() }, true);
        let until_tomorrow = until + Duration::days(1);
        assert_eq!(tomorrow.filter.queue, Some(Queue::ToShip { until: until_tomorrow }));
        let assemble = read(&Asked { tab: Some("assemble".into()), ..Asked::default() }, true);
        assert_eq!(assemble.filter.queue, Some(Queue::ToAssemble { until }));
        assert_eq!(assemble.sort, OrderSort::ShipByAsc);
    }

    #[test]
    fn a_tab_without_a_status_marked_for_it_is_empty_and_an_unknown_one_is_none() {
        assert!(read(&Asked { tab: Some("cancelled".into()), ..Asked::default() }, true).is_empty);
        let unknown = read(&Asked { tab: Some("x".into()), ..Asked::default() }, true);
        assert!(!unknown.is_empty && unknown.filter.queue.is_none());
    }

    #[test]
    fn a_wrong_date_is_answered_and_a_wrong_number_is_passed_over() {
        let asked = Asked { from: Some("вчера".into()), cabinet: Some("x".into()), ..Asked::default() };
        let found = read(&asked, true);
        assert!(found.fault.is_some());
        assert_eq!(found.filter.cabinet, None);
        let turned =
            Asked { from: Some("2026-11-02".into()), to: Some("2026-11-01".into()), ..Asked::default() };
        assert!(read(&turned, true).fault.is_some());
    }

    #[test]
    fn who_sees_no_persons_cannot_search_for_them() {
        let asked =
            Asked { q: Some("Иванова".into()), customer: Some("3".into()), ..Asked::default() };
        let filter = read(&asked, false).filter;
        assert_eq!((filter.q, filter.customer), (None, None));
        assert_eq!(filter.identified.as_deref(), Some("Иванова"));
    }

    #[test]
    fn a_card_knows_the_list_that_it_was_opened_from_and_believes_no_other() {
        let asked = Asked {
            q: Some("ёж & Ко".into()),
            manager: Some("none".into()),
            cursor: Some("abc".into()),
            ..Asked::default()
        };
        let query = asked.query().expect("something is asked");
        let again = Asked::of_query(&query);
        assert_eq!(again.address_with(&[]), asked.address_with(&[("cursor", None)]));
        assert_eq!(read(&again, true).filter.manager, Some(ManagerFilter::Nobody));
        assert_eq!(Asked::default().query(), None);
        for odd in ["//evil.example", "paid=true&paid=false", "q=%FF&=&", "cursor=abc", &"q=x&".repeat(600)] {
            assert_eq!(Asked::of_query(odd).address_with(&[("q", None)]), "/orders", "{odd}");
        }
    }

    #[test]
    fn a_link_keeps_the_other_parts_of_the_address() {
        let asked = Asked {
            q: Some("ёж".into()),
            paid: Some("true".into()),
            cursor: Some("abc".into()),
            ..Asked::default()
        };
        let next = asked.address_with(&[("cursor", Some("def".into()))]);
        assert_eq!(next, "/orders?q=%D1%91%D0%B6&paid=true&cursor=def");
        assert_eq!(asked.address_with(&[("cursor", None), ("q", None)]), "/orders?paid=true");
        let file = asked.elsewhere(&Page::OrdersExport, &[("format", "csv")]);
        assert_eq!(file, "/orders/export?q=%D1%91%D0%B6&paid=true&format=csv");
    }
}
