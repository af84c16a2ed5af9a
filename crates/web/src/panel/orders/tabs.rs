//! The tabs above the list of orders: everything, the queues people work through, and the statuses marked for it. Each is
//! counted only as far as its badge shows.

use chrono::{Days, Duration};
use domain::StatusId;
use domain::schedule::begin_of_day;
use storage::Store;
use storage::lists::Status;
use storage::orders::{OrderFilter, Queue};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::filter::Asked;
use crate::panel::faults::Fault;
use crate::panel::view::Dot;
use crate::panel::view::orders::Tab;
use crate::panel::words;
use crate::state::AppState;
use voice::Voice;

/// A badge shows no more than this.
const COUNTED: u64 = 1_000;

/// A tab that is no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Work {
    /// In the status that new orders get.
    New,
    /// To be packed today.
    Assemble,
    /// Their time is over.
    Overdue,
    /// Not much time is left.
    Risk,
    /// Ozon refused something.
    Refused,
    /// In a status marked as cancelled.
    Cancelled,
}

impl Work {
    /// The key of its words.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::New => "work-new",
            Self::Assemble => "work-assemble",
            Self::Overdue => "work-overdue",
            Self::Risk => "work-risk",
            Self::Refused => "work-refused",
            Self::Cancelled => "work-cancelled",
        }
    }

    /// What its name alone does not say.
    fn title(self, v: Voice, risk_hours: u32) -> Option<String> {
        match self {
            Self::Assemble => Some(v.t("work-assemble-title")),
            Self::Risk => Some(v.n("work-risk-title", u64::from(risk_hours))),
            _ => None,
        }
    }

    /// Whether the most urgent come first.
    pub(crate) fn is_urgent(self) -> bool {
        matches!(self, Self::Assemble | Self::Overdue | Self::Risk)
    }

    /// What it adds to a filter; `None` when no status of the shop is marked for it.
    pub(crate) fn narrow(
        self,
        v: Voice,
        risk_hours: u32,
        statuses: &[Status],
        filter: &mut OrderFilter,
    ) -> Option<()> {
        let marked =
            |is: fn(&Status) -> bool| statuses.iter().filter(|s| is(s)).map(|s| s.id).collect::<Vec<_>>();
        let now = v.now;
        match self {
            Self::New => filter.status = marked(|s| s.is_default),
            Self::Cancelled => filter.status = marked(|s| s.is_cancelled),
            Self::Assemble => {
                let tomorrow = now.with_timezone(&v.zone).date_naive().checked_add_days(Days::new(1))?;
                let until = begin_of_day(tomorrow, v.zone) - Duration::microseconds(1);
                filter.queue = Some(Queue::ToAssemble { until });
            }
            Self::Overdue => filter.queue = Some(Queue::Overdue { now }),
            Self::Risk => {
                let until = now + Duration::hours(i64::from(risk_hours));
                filter.queue = Some(Queue::AtRisk { now, until });
            }
            Self::Refused => filter.queue = Some(Queue::Refused),
        }
        (filter.queue.is_some() || !filter.status.is_empty()).then_some(())
    }
}

/// How many orders wait in the status that new ones get, for the rail: counted as far as the tab counts them.
pub(crate) async fn new_orders(v: Voice, store: &Store) -> Result<String, Fault> {
    let mut filter = OrderFilter::default();
    if Work::New.narrow(v, 0, &store.statuses().await?, &mut filter).is_none() {
        return Ok(String::new());
    }
    Ok(words::capped(v, store.orders_count(&filter, COUNTED).await?))
}

/// All tabs with their counts, and what [`new_orders`] tells.
pub(crate) async fn tabs(
    state: &AppState,
    v: Voice,
    asked: &Asked,
    risk_hours: u32,
    statuses: &[Status],
) -> Result<(Vec<Tab>, String), Fault> {
    let (work, status) = (asked.work(), asked.status_id());
    let address = |work: Option<Work>, status: Option<StatusId>| {
        asked.address_with(&[
            ("tab", work.map(|work| <&str>::from(work).to_owned())),
            ("status", status.map(|s| s.to_string())),
            ("cursor", None),
        ])
    };
    let narrowed = |one: Work| {
        let mut filter = OrderFilter::default();
        one.narrow(v, risk_hours, statuses, &mut filter).map(|()| (one, filter))
    };
    let (works, of_works): (Vec<Work>, Vec<OrderFilter>) = Work::iter().filter_map(narrowed).unzip();
    // The default and the cancelled have tabs of their own.
    let is_shown = |s: &&Status| (s.shown_as_tab && !s.is_default && !s.is_cancelled) || status == Some(s.id);
    let shown: Vec<&Status> = statuses.iter().filter(is_shown).collect();
    let of_status = |one: &&Status| OrderFilter { status: vec![one.id], ..OrderFilter::default() };
    let filters: Vec<OrderFilter> = of_works.into_iter().chain(shown.iter().map(of_status)).collect();
    let counts = state.store.orders_counts(&filters, COUNTED).await?;
    let mut counts = counts.into_iter().map(|count| words::capped(v, count));
    let mut tabs = vec![Tab {
        href: address(None, None),
        label: v.t("tab-all"),
        title: None,
        dot: None,
        count: String::new(),
        here: work.is_none() && status.is_none(),
    }];
    let mut new_orders = String::new();
    for (one, count) in works.into_iter().zip(&mut counts) {
        if one == Work::New {
            new_orders.clone_from(&count);
        }
        // What is usually empty stands there only when something is in it.
        let rare = matches!(one, Work::Overdue | Work::Risk | Work::Refused);
        if rare && count.is_empty() && work != Some(one) {
            continue;
        }
        tabs.push(Tab {
            href: address(Some(one), None),
            label: v.t(one.key()),
            title: one.title(v, risk_hours),
            dot: None,
            count,
            here: work == Some(one),
        });
    }
    for (one, count) in shown.into_iter().zip(counts) {
        tabs.push(Tab {
            href: address(None, Some(one.id)),
            label: one.name.clone(),
            title: None,
            dot: Some(Dot::new(&one.color)),
            count,
            here: status == Some(one.id),
        });
    }
    Ok((tabs, new_orders))
}
