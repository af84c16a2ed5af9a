//! What people work through: orders that wait for the same thing. Each queue has its index, and is counted only as far as
//! a badge shows.

use chrono::{DateTime, Utc};
use entities::{orders, outbox};
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, QuerySelect, QueryTrait};

use super::kinds::{self, Kinds};
use super::lead::{Lead, counted, counts};
use super::{OrderFilter, OrderSort, SHIP_BY_OR_LAST};
use crate::connect::Store;
use crate::error::Result;
use crate::instant::micros;

/// Ozon's statuses in which a posting is still with the seller, as the index `orders_still_here` has them: word for word,
/// or no database would use it.
const STILL_HERE: &str = r#"CASE WHEN "orders"."ozon_status" IN ('awaiting_verification', 'awaiting_approve', 'awaiting_packaging', 'awaiting_registration', 'acceptance_in_progress', 'awaiting_deliver') THEN 1 ELSE 0 END = 1"#;

/// Of these, Ozon's statuses before assembly.
const BEFORE_WORK: &str = r#"CASE WHEN "orders"."ozon_status" IN ('awaiting_verification', 'awaiting_approve', 'awaiting_packaging') THEN 1 ELSE 0 END = 1"#;

/// Orders that wait for the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Still with the seller, and to be shipped by then.
    ToShip {
        /// By then.
        until: DateTime<Utc>,
    },
    /// Not packed yet, and to be shipped by then.
    ToAssemble {
        /// By then.
        until: DateTime<Utc>,
    },
    /// Still with the seller though their time is over.
    Overdue {
        /// The time now.
        now: DateTime<Utc>,
    },
    /// Still with the seller, in time, and not for long.
    AtRisk {
        /// The time now.
        now: DateTime<Utc>,
        /// To be shipped by then.
        until: DateTime<Utc>,
    },
    /// Ozon refused something that was to be told of them.
    Refused,
}

impl Queue {
    pub(crate) fn condition(self) -> Condition {
        use orders::Column::OverdueAfter;
        let still_here = || Cond::all().add(Expr::cust(STILL_HERE));
        let ship_by = || Expr::cust(SHIP_BY_OR_LAST);
        match self {
            Self::ToShip { until } => still_here().add(ship_by().lte(micros(until))),
            Self::ToAssemble { until } => {
                still_here().add(ship_by().lte(micros(until))).add(Expr::cust(BEFORE_WORK))
            }
            Self::Overdue { now } => {
                let late = OverdueAfter.is_null().or(OverdueAfter.lt(micros(now)));
                still_here().add(ship_by().lt(micros(now))).add(late)
            }
            Self::AtRisk { now, until } => {
                // Two spans of the index, which PostgreSQL looks up apart, so that it passes none of the overdue.
                let in_grace = ship_by().lt(micros(now)).and(OverdueAfter.gte(micros(now)));
                still_here().add(ship_by().lte(micros(until))).add(ship_by().gte(micros(now)).or(in_grace))
            }
            Self::Refused => {
                let refused = Query::select()
                    .column(outbox::Column::OrderId)
                    .from(outbox::Entity)
                    // Words of the question, so that a plan for any values knows too how few they are.
                    .and_where(Expr::cust(r#""outbox"."state" = 'refused' AND "outbox"."kind" = 'push'"#))
                    .and_where(outbox::Column::OrderId.is_not_null())
                    .to_owned();
                Cond::all().add(Expr::col((orders::Entity, orders::Column::Id)).in_subquery(refused))
            }
        }
    }
}

impl Store {
    /// How many orders a filter finds, counted up to `most`: what a badge shows costs the same however many there are.
    pub async fn orders_count(&self, filter: &OrderFilter, most: u64) -> Result<u64> {
        // What a search finds is counted where it stands, and not on the way through a list.
        let lead = match self.looked_up(filter).await? {
            Some(found) => Lead::LookedUp(Box::new(found.all())),
            None => self.lead(filter, OrderSort::default()).await?.for_count(),
        };
        let ids = self.ids(filter, &lead, most);
        counted(if matches!(lead, Lead::Kinds(_)) { &self.steady } else { &self.db }, ids).await
    }

    /// The same of several filters by kinds or by queues, in three questions.
    pub async fn orders_counts(&self, filters: &[OrderFilter], most: u64) -> Result<Vec<u64>> {
        let is_by_kinds = |filter: &OrderFilter| filter.queue.is_none() && kinds::are_asked(filter);
        let (by_kinds, others): (Vec<_>, Vec<_>) =
            filters.iter().enumerate().partition(|(_, filter)| is_by_kinds(filter));
        let (at_kinds, by_kinds): (Vec<usize>, Vec<&OrderFilter>) = by_kinds.into_iter().unzip();
        let (at_others, others): (Vec<usize>, Vec<&OrderFilter>) = others.into_iter().unzip();
        let kinds = Kinds::meeting_each(&self.steady, &by_kinds).await?.into_iter().map(Lead::Kinds);
        let by_kinds = by_kinds.into_iter().zip(kinds).map(|(filter, lead)| self.ids(filter, &lead, most));
        // Where a queue is best entered depends on its times.
        let others = others.into_iter().map(|filter| self.ids(filter, &Lead::Database, most));
        let (of_kinds, of_others) =
            tokio::try_join!(counts(&self.steady, by_kinds.collect()), counts(&self.db, others.collect()))?;
        let mut many = vec![0; filters.len()];
        for (at, count) in at_kinds.into_iter().chain(at_others).zip(of_kinds.into_iter().chain(of_others)) {
            many[at] = count;
        }
        Ok(many)
    }

    fn ids(&self, filter: &OrderFilter, lead: &Lead, most: u64) -> SelectStatement {
        let of_kinds = lead.of_kinds(filter, self.is_sqlite());
        let found = self.filtered(filter, OrderSort::default(), lead, of_kinds);
        found.select_only().column(orders::Column::Id).limit(most).into_query()
    }
}
