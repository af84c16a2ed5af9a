//! One to twenty items: what a method that changes postings takes in one call (API section 5).

use serde::Serialize;

/// One to twenty items. Ozon refuses an empty list and a longer one as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Batch<T>(Vec<T>);

/// Why a list is no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// There is nothing to send.
    #[error("there is nothing to send")]
    Empty,
    /// There is more than one call takes.
    #[error("{items} items are more than one call takes")]
    TooMany {
        /// How many there are.
        items: usize,
    },
}

impl<T> Batch<T> {
    /// The most items of one call.
    pub const MOST: usize = 20;

    /// A batch of these items, in their order.
    ///
    /// # Errors
    /// Where there are none, or more than [`MOST`](Self::MOST).
    pub fn new(items: Vec<T>) -> Result<Self, BatchError> {
        match items.len() {
            0 => Err(BatchError::Empty),
            1..=Self::MOST => Ok(Self(items)),
            items => Err(BatchError::TooMany { items }),
        }
    }

    /// A batch of one.
    pub fn one(item: T) -> Self {
        Self(vec![item])
    }

    /// Any number of items in as few batches as they need, in their order; no batch where there are no items.
    pub fn split(items: impl IntoIterator<Item = T>) -> Vec<Self> {
        let mut batches: Vec<Self> = Vec::new();
        for item in items {
            match batches.last_mut() {
                Some(batch) if batch.0.len() < Self::MOST => batch.0.push(item),
                _ => batches.push(Self::one(item)),
            }
        }
        batches
    }

    /// The items.
    pub fn items(&self) -> &[T] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, BatchError};

    #[test]
    fn a_batch_has_one_to_twenty_items() {
        assert_eq!(Batch::<u8>::new(Vec::new()), Err(BatchError::Empty));
        assert_eq!(Batch::new(vec![7]), Ok(Batch::one(7)));
        assert_eq!(Batch::new(vec![7; 20]).unwrap().items().len(), 20);
        assert_eq!(Batch::new(vec![7; 21]), Err(BatchError::TooMany { items: 21 }));
    }

    #[test]
    fn a_long_list_is_split_and_keeps_its_order() {
        let batches = Batch::split(0..45);
        let sizes: Vec<usize> = batches.iter().map(|batch| batch.items().len()).collect();
        assert_eq!(sizes, [20, 20, 5]);
        let items: Vec<i32> = batches.iter().flat_map(|batch| batch.items().to_vec()).collect();
        assert_eq!(items, (0..45).collect::<Vec<_>>());
        assert_eq!(Batch::split(Vec::<u8>::new()), []);
    }
}
