//! `secret rotate`: another key for Api-Keys and passwords.

use std::io::{IsTerminal, Write};

use secrecy::ExposeSecret;
use storage::SecretKey;
use sync::Desk;

use super::ACTOR;
use crate::failure::Failure;

/// Where the new key is looked for first.
const NEW_KEY: &str = "VYGRUZKA_NEW_SECRET_KEY";

pub async fn rotate(desk: &Desk) -> Result<(), Failure> {
    let store = desk.store();
    let given = given()?;
    let key = given.clone().unwrap_or_else(SecretKey::generate);
    if given.is_none() && store.key_file().is_none() {
        // Told before anything is encrypted with it: whatever happens then, it is known. A key that nobody could read is
        // not used.
        writeln!(std::io::stdout(), "{}", key.to_base64())?;
        std::io::stdout().flush()?;
    }
    let rotated = store.rotate_secret_key(&key, ACTOR, desk.now()).await?;
    let count = rotated.secrets;
    match rotated.file {
        Some(file) => eprintln!(
            "{count} secrets are encrypted with the new key, which is in {}; copy it to where the old one was kept, and restart \
             running servers.",
            file.display()
        ),
        None => eprintln!(
            "{count} secrets are encrypted with the new key; set VYGRUZKA_SECRET_KEY to it, and restart running servers."
        ),
    }
    Ok(())
}

/// The key that was given; `None` when one is to be made.
fn given() -> Result<Option<SecretKey>, Failure> {
    let of_environment = std::env::var(NEW_KEY).ok().filter(|text| !text.is_empty());
    let text = match of_environment {
        Some(text) => Some(text),
        None if std::io::stdin().is_terminal() => None,
        None => super::secret_from_input("New key")?.map(|text| text.expose_secret().to_owned()),
    };
    let read = |text: String| {
        SecretKey::from_base64(&text).ok_or_else(|| {
            Failure::Usage("the new key must be base64 of 32 bytes, as from `openssl rand -base64 32`".into())
        })
    };
    text.map(read).transpose()
}
