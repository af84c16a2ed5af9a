//! What was decided here about a customer's request to cancel, as the outbox keeps it until Ozon shows it.

use domain::push::Push;
use storage::outbox::{OutboxItem, OutboxState, What};

/// The last answer to a request that was not taken back, and whether it approves. `items` are an order's, newest first.
pub fn decision(items: &[OutboxItem], request: i64) -> Option<(&OutboxItem, bool)> {
    items.iter().filter(|item| item.state != OutboxState::Cancelled).find_map(|item| match item.what {
        What::Push(Push::CancellationRequest { id, approve, .. }) if id == request => Some((item, approve)),
        _ => None,
    })
}
