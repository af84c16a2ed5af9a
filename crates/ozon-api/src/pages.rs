//! Goes through a list page by page, and refuses to go in a circle. Keeps no items.

use std::collections::HashSet;

use futures::Stream;

use crate::client::{Answer, Client};
use crate::error::{Broken, Error, ErrorKind};
use crate::methods::{DeliveryMethodEntry, ListDeliveryMethods, ListWarehouses, Method, Warehouse};

/// A method that answers by pages.
pub trait Paged: Method + Clone
where
    Self::Answer: Page,
{
    /// The cursor that the request bears.
    fn cursor(&self) -> &str;
    /// Makes it the request of the page behind this cursor.
    fn set_cursor(&mut self, cursor: String);
}

/// A page of a list.
pub trait Page {
    /// Where the next page begins.
    fn cursor(&self) -> &str;
    /// Whether there is a next page.
    fn has_next(&self) -> bool;
}

/// The pages of one list, from the request's cursor on.
///
/// A page that is there is always given before the error that its cursor leads back to where the reading has already been.
#[derive(Debug)]
pub struct Pages<R> {
    client: Client,
    request: R,
    seen: HashSet<String>,
    next: Next,
}

#[derive(Debug)]
enum Next {
    Read,
    Fail(Error),
    Nothing,
}

impl<R: Paged> Pages<R>
where
    R::Answer: Page,
{
    pub(crate) fn new(client: Client, request: R) -> Self {
        Self { seen: HashSet::from([request.cursor().to_owned()]), client, request, next: Next::Read }
    }

    /// Reads the next page; `None` after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<Answer<R::Answer>, Error>> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => return None,
            Next::Fail(error) => return Some(Err(error)),
            Next::Read => {}
        }
        let answer = match self.client.call(&self.request).await {
            Ok(answer) => answer,
            Err(error) => return Some(Err(error)),
        };
        if answer.value.has_next() {
            let cursor = answer.value.cursor().to_owned();
            // An empty cursor would begin again from the first page.
            self.next = if !cursor.is_empty() && self.seen.insert(cursor.clone()) {
                self.request.set_cursor(cursor);
                Next::Read
            } else {
                Next::Fail(Error {
                    kind: ErrorKind::BrokenAnswer { reason: Broken::CursorRepeated },
                    method: R::PATH,
                    trace_id: answer.meta.trace_id.clone(),
                })
            };
        }
        Some(Ok(answer))
    }

    /// The same as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<Answer<R::Answer>, Error>> {
        futures::stream::unfold(self, |mut pages| async move {
            let item = pages.next().await?;
            Some((item, pages))
        })
    }
}

impl Client {
    /// The pages of a list, from the request's cursor on.
    pub fn pages<R: Paged>(&self, request: R) -> Pages<R>
    where
        R::Answer: Page,
    {
        Pages::new(self.clone(), request)
    }

    /// All warehouses of FBS and realFBS.
    ///
    /// # Errors
    /// Where any page fails: a part of the list is never passed off as the whole.
    pub async fn all_warehouses(&self) -> Result<Vec<Warehouse>, Error> {
        let mut pages = self.pages(ListWarehouses::default());
        let mut all = Vec::new();
        while let Some(page) = pages.next().await {
            all.extend(page?.value.items);
        }
        Ok(all)
    }

    /// All delivery methods of realFBS.
    ///
    /// # Errors
    /// Where any page fails: a part of the list is never passed off as the whole.
    pub async fn all_delivery_methods(&self) -> Result<Vec<DeliveryMethodEntry>, Error> {
        let mut pages = self.pages(ListDeliveryMethods::default());
        let mut all = Vec::new();
        while let Some(page) = pages.next().await {
            all.extend(page?.value.items);
        }
        Ok(all)
    }
}
