//! Which orders are to leave the panel, as a file or on paper: picked ones, or all that the list's filter finds. They are
//! read a page at a time, so that their number does not matter.

use std::collections::{HashSet, VecDeque};

use domain::{Order, OrderId};
use storage::orders::{OrderFilter, OrderSort};
use storage::{PageAsk, Store};
use url::form_urlencoded;

use super::filter::Asked;
use super::read;
use crate::panel::faults::Fault;
use crate::panel::visitor::Visitor;

/// Orders read at a time: the most that the store gives at once.
const BATCH: u8 = 200;

/// What the address wants.
pub(crate) enum Wanted {
    /// These orders, as they stood in the list.
    Picked(Vec<OrderId>),
    /// What the list's filter finds.
    Filtered(Box<Asked>),
    /// The form of picked orders was sent without any, from this page.
    Nothing(String),
}

impl Wanted {
    /// Reads an address's query. Picked orders alone decide: what else their form holds is no filter.
    pub(crate) fn of(query: &str) -> Result<Self, Fault> {
        let (mut picked, mut known) = (Vec::new(), HashSet::new());
        let mut back = None;
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match key.as_ref() {
                "ids" => {
                    let id = OrderId(value.parse().map_err(|_| Fault::BadRequest)?);
                    if known.insert(id) {
                        picked.push(id);
                    }
                }
                "back" => back = Some(value.into_owned()),
                _ => {}
            }
        }
        if !picked.is_empty() {
            return Ok(Self::Picked(picked));
        }
        if let Some(back) = back {
            return Ok(Self::Nothing(back));
        }
        let mut asked: Asked = serde_urlencoded::from_str(query).map_err(|_| Fault::BadRequest)?;
        asked.cursor = None;
        Ok(Self::Filtered(Box::new(asked)))
    }

    /// For the audit: which orders, without what was searched for, since that may be a person's name or phone.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Picked(ids) => {
                let first: Vec<String> = ids.iter().take(20).map(ToString::to_string).collect();
                let more = if ids.len() > first.len() { ", …" } else { "" };
                format!("{} picked: {}{more}", ids.len(), first.join(", "))
            }
            Self::Filtered(asked) => {
                let hidden = asked.q.as_ref().map(|_| "…".to_owned());
                asked.address_with(&[("q", hidden)])
            }
            Self::Nothing(_) => String::new(),
        }
    }

    /// The reader of these orders.
    ///
    /// # Errors
    /// [`Fault::BadRequest`] for dates that make no sense: all orders are not what was meant.
    pub(crate) async fn reader(&self, visitor: &Visitor, store: &Store) -> Result<Reader, Fault> {
        let left = match self {
            Self::Picked(ids) => Left::Picked(ids.iter().copied().collect()),
            Self::Filtered(asked) => {
                let read = read(visitor, store, asked).await?;
                if read.fault.is_some() {
                    return Err(Fault::BadRequest);
                }
                if read.is_empty {
                    Left::Nothing
                } else {
                    let ask = PageAsk::first(u64::from(BATCH));
                    Left::Filtered { filter: Box::new(read.filter), sort: read.sort, ask }
                }
            }
            Self::Nothing(_) => Left::Nothing,
        };
        Ok(Reader { store: store.clone(), left })
    }
}

/// Reads the orders page by page.
pub(crate) struct Reader {
    store: Store,
    left: Left,
}

enum Left {
    Picked(VecDeque<OrderId>),
    Filtered { filter: Box<OrderFilter>, sort: OrderSort, ask: PageAsk },
    Nothing,
}

impl Reader {
    /// Whether more orders are to come than these; counts no further than that.
    pub(crate) async fn is_more_than(&self, most: u64) -> Result<bool, storage::Error> {
        match &self.left {
            Left::Nothing => Ok(false),
            Left::Picked(ids) => Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX) > most),
            Left::Filtered { filter, .. } => Ok(self.store.orders_count(filter, most + 1).await? > most),
        }
    }

    /// The next orders; `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Order>>, storage::Error> {
        match &mut self.left {
            Left::Nothing => Ok(None),
            Left::Picked(ids) if ids.is_empty() => Ok(None),
            Left::Picked(ids) => {
                let some: Vec<OrderId> = ids.drain(..ids.len().min(usize::from(BATCH))).collect();
                self.store.orders_by_id(&some).await.map(Some)
            }
            Left::Filtered { filter, sort, ask } => {
                let page = self.store.orders(filter, *sort, ask).await?;
                match page.next {
                    Some(next) => ask.cursor = Some(next),
                    None => self.left = Left::Nothing,
                }
                Ok(Some(page.items))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picked_orders_alone_decide_whatever_else_their_form_holds() {
        let wanted = Wanted::of("back=%2Forders&ids=7&status=3&ids=5&ids=7&paid=true").expect("it reads");
        assert!(matches!(&wanted, Wanted::Picked(ids) if ids == &[OrderId(7), OrderId(5)]));
        assert_eq!(wanted.told(), "2 picked: 7, 5");
    }

    #[test]
    fn nonsense_among_the_picked_never_becomes_all_orders() {
        assert!(matches!(Wanted::of("ids=x"), Err(Fault::BadRequest)));
        assert!(matches!(Wanted::of("ids="), Err(Fault::BadRequest)));
        assert!(matches!(Wanted::of("back=%2Forders&status=3"), Ok(Wanted::Nothing(_))));
    }

    #[test]
    fn the_audit_is_told_the_filter_but_not_whom_somebody_looked_for() {
        let wanted =
            Wanted::of("q=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2&paid=true&cursor=abc").expect("it reads");
        let told = wanted.told();
        assert!(told.contains("paid=true") && told.contains("q="), "{told}");
        assert!(!told.contains("%D0%98") && !told.contains("cursor"), "{told}");
    }
}
