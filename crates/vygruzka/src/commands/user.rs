//! `user add`, `user password`, `user reset-second-factor`.

use std::io::IsTerminal;

use secrecy::ExposeSecret;
use storage::Error;
use sync::Desk;
use web::password;

use super::ACTOR;
use crate::cli::UserCommand;
use crate::failure::Failure;

pub async fn run(desk: &Desk, command: UserCommand) -> Result<(), Failure> {
    let store = desk.store();
    match command {
        UserCommand::Add { email, role } => {
            if !email.contains('@') {
                return Err(Failure::Usage(format!("`{email}` is not an e-mail address")));
            }
            let (hash, made) = password()?;
            match store.add_user(&email, &hash, role, desk.now()).await {
                Err(Error::Taken { .. }) => {
                    return Err(Failure::Failed(format!("there is a user {email} already")));
                }
                added => added?,
            };
            store.note_audit(ACTOR, "user.add", &email, role.word(), desk.now()).await?;
            tell(made);
        }
        UserCommand::Password { email } => {
            let user = store.user_by_email(&email).await?;
            let (user, _) = user.ok_or_else(|| Failure::Failed(format!("there is no user {email}")))?;
            let (hash, made) = password()?;
            store.set_password(user.id, &hash).await?;
            store.note_audit(ACTOR, "user.password", &email, "", desk.now()).await?;
            tell(made);
        }
        UserCommand::ResetSecondFactor { email } => {
            let user = store.user_by_email(&email).await?;
            let (user, _) = user.ok_or_else(|| Failure::Failed(format!("there is no user {email}")))?;
            store.drop_second_factor(user.id).await?;
            store.note_audit(ACTOR, "user.second_factor_reset", &user.email, "", desk.now()).await?;
        }
    }
    Ok(())
}

/// The hash of the password from standard input, or of one that is made and returned to be told.
fn password() -> Result<(String, Option<String>), Failure> {
    let given = if std::io::stdin().is_terminal() { None } else { super::secret_from_input("Password")? };
    let made = given.is_none().then(password::generate);
    let text = given.as_ref().map(ExposeSecret::expose_secret).or(made.as_deref()).unwrap_or_default();
    let hash = password::hash(text).ok_or_else(|| {
        Failure::Usage(format!("a password has {} to {} characters", password::SHORTEST, password::LONGEST))
    })?;
    Ok((hash, made))
}

fn tell(made: Option<String>) {
    if let Some(password) = made {
        say!("{password}");
    }
}
