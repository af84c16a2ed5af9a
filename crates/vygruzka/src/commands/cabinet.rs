//! `cabinet add`, `list`, `check`, `key`, `disable`, `enable`.

use serde_json::json;
use storage::Error;
use storage::cabinets::{Cabinet, NewCabinet};
use sync::Desk;
use url::Url;

use super::{ACTOR, say_json, secret_from_input};
use crate::cli::CabinetCommand;
use crate::config::Config;
use crate::failure::Failure;

pub async fn run(config: &Config, desk: &Desk, command: CabinetCommand) -> Result<(), Failure> {
    let store = desk.store();
    match command {
        CabinetCommand::Add { name, client_id, api_url } => add(config, desk, name, client_id, api_url).await,
        CabinetCommand::List { json } => list(desk, json).await,
        CabinetCommand::Check { name } => check(desk, &name).await,
        CabinetCommand::Key { name } => {
            let cabinet = named(desk, &name).await?;
            store.set_cabinet_key(cabinet.id, key()?, desk.now(), ACTOR).await?;
            say!("The cabinet «{}» has a new Api-Key.", cabinet.name);
            Ok(())
        }
        CabinetCommand::Disable { name } => {
            let cabinet = named(desk, &name).await?;
            store.disable_cabinet(cabinet.id, desk.now(), ACTOR).await?;
            say!("The cabinet «{}» is loaded no more.", cabinet.name);
            Ok(())
        }
        CabinetCommand::Enable { name } => {
            let cabinet = named(desk, &name).await?;
            store.enable_cabinet(cabinet.id, desk.now(), ACTOR).await?;
            say!("The cabinet «{}» is loaded again.", cabinet.name);
            Ok(())
        }
    }
}

/// The cabinet of that name, Client-Id or id.
pub async fn named(desk: &Desk, name: &str) -> Result<Cabinet, Failure> {
    match desk.store().cabinet_named(name).await {
        Err(Error::NotFound) => {
            let all = desk.store().cabinets().await?;
            let names: Vec<String> = all.into_iter().map(|c| format!("«{}»", c.name)).collect();
            let there = if names.is_empty() { "there are none yet".to_owned() } else { names.join(", ") };
            Err(Failure::Failed(format!("there is no cabinet `{name}`; cabinets: {there}")))
        }
        found => Ok(found?),
    }
}

fn key() -> Result<secrecy::SecretString, Failure> {
    secret_from_input("Api-Key")?
        .ok_or_else(|| Failure::Usage("the Api-Key is expected on standard input".to_owned()))
}

async fn add(
    config: &Config,
    desk: &Desk,
    name: String,
    client_id: String,
    api_url: Option<String>,
) -> Result<(), Failure> {
    if name.trim().is_empty() {
        return Err(Failure::Usage("a cabinet needs a name".to_owned()));
    }
    if client_id.is_empty() || !client_id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Failure::Usage(format!("Ozon's Client-Id is a number, not `{client_id}`")));
    }
    let api_url = api_url.unwrap_or_else(|| config.api_urls[0].clone());
    if !Url::parse(&api_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(Failure::Usage(format!("`{api_url}` is not an http(s) address")));
    }
    let new = NewCabinet { name: name.clone(), client_id: client_id.clone(), api_key: key()?, api_url };
    match desk.store().add_cabinet(new, desk.now(), ACTOR).await {
        Err(Error::Taken { what: "name" }) => {
            Err(Failure::Failed(format!("there is a cabinet «{name}» already")))
        }
        Err(Error::Taken { .. }) => {
            Err(Failure::Failed(format!("there is a cabinet with the Client-Id {client_id} already")))
        }
        added => {
            let added = added?;
            say!("Added the cabinet «{}» ({}).", added.name, added.client_id);
            Ok(())
        }
    }
}

async fn list(desk: &Desk, as_json: bool) -> Result<(), Failure> {
    let all = desk.store().cabinets().await?;
    if as_json {
        let items: Vec<_> = all
            .iter()
            .map(|c| {
                json!({
                    "id": c.id, "name": c.name, "client_id": c.client_id, "api_url": c.api_url,
                    "company_name": c.company_name, "key_expires_at": c.key_expires_at, "checked_at": c.checked_at,
                    "check_error": c.check_error, "added_at": c.added_at, "disabled_at": c.disabled_at,
                    "last_complete_load": c.watermark, "failures": c.failures,
                })
            })
            .collect();
        say_json(&json!({ "items": items }));
        return Ok(());
    }
    for c in all {
        let state =
            if c.disabled_at.is_some() { "disabled" } else { c.check_error.as_deref().unwrap_or("ok") };
        let loaded =
            c.watermark.map_or("never loaded".to_owned(), |at| format!("loaded {}", at.to_rfc3339()));
        say!("{}\t{}\t{}\t{}\t{}", c.id, c.name, c.client_id, state, loaded);
    }
    Ok(())
}

async fn check(desk: &Desk, name: &str) -> Result<(), Failure> {
    let cabinet = named(desk, name).await?;
    let checked = desk.check_cabinet(cabinet.id).await?;
    say!("seller: {}", checked.company_name.as_deref().unwrap_or("not told"));
    say!("key works until: {}", checked.key_expires_at.map_or("not told".to_owned(), |at| at.to_rfc3339()));
    let roles: Vec<&str> = checked.roles.iter().map(|role| role.name.as_str()).collect();
    say!("roles: {}", roles.join(", "));
    if !checked.missing.is_empty() {
        say!("no role opens: {}", checked.missing.join(", "));
    }
    Ok(())
}
