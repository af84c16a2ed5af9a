//! Ozon's changing calls: what goes together in one, and what the answer says of each item.

use domain::push::{Call, Step};
use ozon_api::methods::{
    ApproveCancellation, Batch, ItemOutcome, MoveToDelivered, MoveToDelivering, MoveToLastMile,
    RejectCancellation, SetTrackingNumbers, TrackingNumber,
};
use ozon_api::{Answer, Client, Error};

use super::pushes::Job;

/// What Ozon said of one item.
pub(super) enum Outcome {
    /// It took it; the change comes later.
    Taken { words: String, trace_id: Option<String> },
    /// It did not take it.
    Refused { words: String, trace_id: Option<String> },
    /// It said nothing of it.
    Unknown,
}

/// Jobs that go in one call: the same call, each posting once, as many as Ozon takes.
pub(super) fn batches(ready: Vec<(Job, Call)>) -> Vec<Vec<(Job, Call)>> {
    let mut batches: Vec<Vec<(Job, Call)>> = Vec::new();
    for (job, call) in ready {
        let fits = |batch: &&mut Vec<(Job, Call)>| {
            batch.len() < Batch::<String>::MOST
                && !matches!(call, Call::DecideCancellation { .. })
                && batch
                    .iter()
                    .all(|(other, theirs)| theirs.word() == call.word() && other.number != job.number)
        };
        match batches.iter_mut().find(fits) {
            Some(batch) => batch.push((job, call)),
            None => batches.push(vec![(job, call)]),
        }
    }
    batches
}

/// Makes the call of a batch; an outcome for each of its items, in their order.
pub(super) async fn call(client: &Client, batch: &[(Job, Call)]) -> Result<Vec<Outcome>, Error> {
    let numbers = || batch.iter().map(|(job, _)| job.number.to_string());
    let answer = match batch.first().map(|(_, call)| call) {
        None => return Ok(Vec::new()),
        Some(Call::SetTrackNumber(_)) => {
            let items = batch.iter().filter_map(|(job, call)| match call {
                Call::SetTrackNumber(value) => Some(TrackingNumber {
                    posting_number: job.number.to_string(),
                    tracking_number: value.clone(),
                }),
                _ => None,
            });
            let Some(tracking_numbers) = Batch::split(items).pop() else { return Ok(Vec::new()) };
            client.call(&SetTrackingNumbers { tracking_numbers }).await?
        }
        Some(Call::Move(step)) => {
            let Some(posting_number) = Batch::split(numbers()).pop() else { return Ok(Vec::new()) };
            match step {
                Step::Delivering => client.call(&MoveToDelivering { posting_number }).await?,
                Step::LastMile => client.call(&MoveToLastMile { posting_number }).await?,
                Step::Delivered => client.call(&MoveToDelivered { posting_number }).await?,
            }
        }
        Some(Call::DecideCancellation { id, approve, comment }) => {
            let (cancellation_id, comment) = (*id, comment.clone());
            let meta = if *approve {
                client.call(&ApproveCancellation { cancellation_id, comment }).await?.meta
            } else {
                client.call(&RejectCancellation { cancellation_id, comment }).await?.meta
            };
            return Ok(vec![Outcome::Taken { words: "200 OK".to_owned(), trace_id: meta.trace_id }]);
        }
    };
    Ok(batch.iter().map(|(job, _)| of_item(&answer, job.number.as_str())).collect())
}

fn of_item(answer: &Answer<Vec<ItemOutcome>>, number: &str) -> Outcome {
    let trace_id = answer.meta.trace_id.clone();
    match answer.value.iter().find(|item| item.posting_number == number) {
        Some(item) if item.taken => Outcome::Taken { words: "result: true".to_owned(), trace_id },
        Some(item) => Outcome::Refused { words: item.error.clone().unwrap_or_default(), trace_id },
        None => Outcome::Unknown,
    }
}
