//! `token add`.

use storage::Error;
use sync::Desk;

use super::ACTOR;
use crate::cli::TokenCommand;
use crate::failure::Failure;

pub async fn run(desk: &Desk, command: TokenCommand) -> Result<(), Failure> {
    let TokenCommand::Add { name, role, days } = command;
    let until = days.map(|days| desk.now() + chrono::Duration::days(i64::from(days)));
    match desk.store().add_token_until(&name, role, until, desk.now()).await {
        Err(Error::Taken { .. }) => {
            return Err(Failure::Failed(format!("there is a token `{name}` already")));
        }
        made => say!("{}", made?.1),
    }
    desk.store().note_audit(ACTOR, "token.add", &name, role.word(), desk.now()).await?;
    Ok(())
}
