//! Reading one posting again, by the same way in as every page.

use domain::{CabinetId, Posting, PostingNumber};
use ozon_api::Client;
use ozon_api::methods::GetPosting;
use storage::intake::{Arrival, Became, ShownBy};

use crate::desk::Desk;
use crate::error::LoadError;
use crate::normalise;

/// Relatives that are read with a posting; the lists bring the others.
const RELATIVES: usize = 50;

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
        let arrival = asked(client, cabinet, number).await?;
        // Its parts first: what they hold is what it lost.
        for part in self.unseen_relatives(cabinet, &arrival).await? {
            let of_part = asked(client, cabinet, &part).await?;
            self.store.take_in(&of_part, self.now(), false).await?;
        }
        let became = self.store.take_in(&arrival, self.now(), false).await?;
        let facts = self.store.facts_of_posting(cabinet, number).await?;
        Ok((became.first().map_or(Became::Unchanged, |(_, became)| *became), facts))
    }

    /// The postings of its family that the store has never seen.
    async fn unseen_relatives(
        &self,
        cabinet: CabinetId,
        arrival: &Arrival,
    ) -> Result<Vec<PostingNumber>, LoadError> {
        let mut told: Vec<PostingNumber> = Vec::new();
        for arrived in &arrival.postings {
            told.extend(
                arrived.posting.iter().flat_map(|posting| posting.related.clone().unwrap_or_default()),
            );
        }
        let mut unseen = Vec::new();
        for number in told.into_iter().take(RELATIVES) {
            if self.store.facts_of_posting(cabinet, &number).await?.is_none() {
                unseen.push(number);
            }
        }
        Ok(unseen)
    }
}

async fn asked(client: &Client, cabinet: CabinetId, number: &PostingNumber) -> Result<Arrival, LoadError> {
    let answer = client.call(&GetPosting::new(number.as_str())).await?;
    let mut arrived = normalise::arrived(&answer.value);
    if let Ok(posting) = &mut arrived.posting {
        // The family was asked for, so silence means that there is none.
        posting.related.get_or_insert_default();
    }
    Ok(Arrival {
        cabinet,
        shown_by: ShownBy::Get,
        read_at: answer.meta.requested_at,
        postings: vec![arrived],
    })
}
