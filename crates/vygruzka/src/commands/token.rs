//! `token add`.

use storage::Error;
use sync::Desk;

use super::ACTOR;
use crate::cli::TokenCommand;
use crate::failure::Failure;

pub async fn run(desk: &Desk, command: TokenCommand) -> Result<(), Failure> {
    let TokenCommand::Add { name, role } = command;
    match desk.store().add_token(&name, role, desk.now()).await {
        Err(Error::Taken { .. }) => {
            return Err(Failure::Failed(format!("there is a token `{name}` already")));
        }
        made => say!("{}", made?.1),
    }
    desk.store().note_audit(ACTOR, "token.add", &name, role.word(), desk.now()).await?;
    Ok(())
}
