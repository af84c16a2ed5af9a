//! A span of time, and the rows of a journal in it, the newest first.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::error::Result;
use crate::instant::micros;
use crate::page::PageAsk;

/// From its first moment to the one at which it is over; open where none is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeSpan {
    /// The first moment in it.
    pub from: Option<DateTime<Utc>>,
    /// The first moment after it.
    pub to: Option<DateTime<Utc>>,
}

impl TimeSpan {
    /// One page and a row more, the newest first, by their time and then by their id. The end of the span and the cursor
    /// are both upper bounds, of which a database looks only one up; so it is given the nearer one alone, and every page
    /// begins where it stands in the index.
    pub(crate) fn page_of<E: EntityTrait>(
        self,
        mut query: Select<E>,
        at: &Expr,
        id: &Expr,
        ask: &PageAsk,
    ) -> Result<Select<E>> {
        if let Some(from) = self.from {
            query = query.filter(at.clone().gte(micros(from)));
        }
        let to = self.to.map(micros);
        match ask.after()? {
            Some((key, last)) if to.is_none_or(|to| key < to) => {
                let row = Expr::tuple([at.clone(), id.clone()]);
                query = query.filter(row.lt(Expr::tuple([Expr::val(key), Expr::val(last)])));
            }
            _ => {
                if let Some(to) = to {
                    query = query.filter(at.clone().lt(to));
                }
            }
        }
        Ok(query.order_by_desc(at.clone()).order_by_desc(id.clone()).limit(ask.rows() + 1))
    }
}
