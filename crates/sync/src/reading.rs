//! Reading one posting again, by the same way in as every page.

use domain::{CabinetId, Posting, PostingNumber};
use ozon_api::Client;
use ozon_api::methods::GetPosting;
use storage::intake::{Arrival, Became, ShownBy};

use crate::desk::Desk;
use crate::error::LoadError;
use crate::normalise;

impl Desk {
    /// Asks Ozon for one posting and takes the answer in; all that Ozon has said of it by then.
    ///
    /// # Errors
    /// What Ozon said against it, or the store.
    pub(crate) async fn read_posting(
        &self,
        client: &Client,
        cabinet: CabinetId,
        number: &PostingNumber,
    ) -> Result<(Became, Option<Posting>), LoadError> {
        let answer = client.call(&GetPosting::new(number.as_str())).await?;
        let arrival = Arrival {
            cabinet,
            shown_by: ShownBy::Get,
            read_at: answer.meta.requested_at,
            postings: vec![normalise::arrived(&answer.value)],
        };
        let became = self.store.take_in(&arrival, self.now(), false).await?;
        let facts = self.store.facts_of_posting(cabinet, number).await?;
        Ok((became.first().map_or(Became::Unchanged, |(_, became)| *became), facts))
    }
}
