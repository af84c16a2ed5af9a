//! Customers' requests to cancel (realFBS): loaded with every load, and looked at before one is answered.

use domain::{CabinetId, PostingNumber};
use ozon_api::methods::ListCancellationRequests;
use ozon_api::{CancellationState, Client, ErrorKind};
use storage::cancellations::CancellationRequest;

use crate::desk::Desk;
use crate::error::LoadError;

impl Desk {
    /// Loads the requests that wait for the seller. A key without the role for it loads orders all the same.
    pub(crate) async fn load_cancellation_requests(
        &self,
        client: &Client,
        cabinet: CabinetId,
    ) -> Result<(), LoadError> {
        let mut pages = client.pages(ListCancellationRequests::in_state(CancellationState::OnApproval));
        let mut requests = Vec::new();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => requests.extend(page.value.items.iter().filter_map(request)),
                Err(error) if matches!(error.kind, ErrorKind::MissingRole | ErrorKind::MethodGone) => {
                    tracing::debug!(cabinet = cabinet.0, "requests to cancel are not loaded: {error}");
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.store.keep_cancellation_requests(cabinet, &requests, true, self.now()).await?)
    }

    /// What Ozon says of a request by now, which is kept; `None` when it shows no such request.
    pub(crate) async fn look_at_request(
        &self,
        client: &Client,
        cabinet: CabinetId,
        number: &PostingNumber,
        id: i64,
    ) -> Result<Option<CancellationRequest>, LoadError> {
        let mut ask = ListCancellationRequests::in_state(CancellationState::OnApproval);
        ask.filters.state = None;
        ask.filters.posting_number = vec![number.to_string()];
        let mut pages = client.pages(ask);
        let mut requests = Vec::new();
        while let Some(page) = pages.next().await {
            requests.extend(page?.value.items.iter().filter_map(request));
        }
        self.store.keep_cancellation_requests(cabinet, &requests, false, self.now()).await?;
        Ok(requests.into_iter().find(|request| request.id == id))
    }
}

fn request(from: &ozon_api::methods::CancellationRequest) -> Option<CancellationRequest> {
    let words = [from.reason.as_deref(), from.message.as_deref()];
    let words: Vec<&str> = words.into_iter().flatten().filter(|text| !text.trim().is_empty()).collect();
    Some(CancellationRequest {
        id: from.cancellation_id,
        posting_number: PostingNumber::new(&from.posting_number).ok()?,
        state: from.state.as_ref().map(|state| state.as_str().to_owned()).unwrap_or_default(),
        reason: (!words.is_empty()).then(|| words.join(": ")),
        requested_at: from.requested_at,
        decide_by: from.auto_approve_date,
    })
}
