//! `outbox`: what goes out, sent now.

use serde_json::json;
use sync::Desk;

use super::say_json;
use crate::cli::OutboxCommand;
use crate::failure::Failure;

pub async fn run(desk: &Desk, command: OutboxCommand) -> Result<(), Failure> {
    let OutboxCommand::Flush { json: as_json } = command;
    let flushed = desk.flush_outbox().await?;
    if as_json {
        say_json(&json!({
            "handled": flushed.handled, "waiting": flushed.waiting, "sent": flushed.sent,
            "refused": flushed.refused,
        }));
    } else {
        say!(
            "{} handled; {} wait for a later try, {} were sent and are not seen at Ozon yet, {} are refused.",
            flushed.handled,
            flushed.waiting,
            flushed.sent,
            flushed.refused
        );
    }
    Ok(())
}
