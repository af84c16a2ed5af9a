//! `doctor`: looks at everything that can be wrong, and changes nothing.

use chrono::Utc;
use storage::cabinets::Cabinet;
use sync::Desk;

use crate::config::Config;
use crate::failure::Failure;

/// A key that lives shorter than this is worth a word.
const KEY_DAYS: i64 = 14;

pub async fn run(config: &Config) -> Result<(), Failure> {
    let mut findings = 0;
    let mut finding = |text: String| {
        findings += 1;
        say!("PROBLEM  {text}");
    };
    let fine = |text: String| say!("ok       {text}");

    if let Some(path) = config.database_url.strip_prefix("sqlite://")
        && !std::path::Path::new(path).exists()
    {
        finding(format!("there is no database at {path} yet; `vygruzka migrate` makes it"));
        return Err(Failure::Failed("1 problem found".to_owned()));
    }
    let store = super::open(config).await?;
    fine(format!("the database ({}) answers", store.backend_name()));
    if !store.is_up_to_date().await? {
        finding("the database is of an older version; `vygruzka migrate` brings it up to date".to_owned());
        return Err(Failure::Failed("1 problem found".to_owned()));
    }
    fine("the database is at this version".to_owned());
    match store.check_secret_key().await {
        Ok(()) => fine("the secret key is the database's own".to_owned()),
        Err(error) => finding(error.to_string()),
    }
    if store.user_count().await? == 0 {
        finding("nobody can sign in; `vygruzka user add EMAIL --role admin` adds someone".to_owned());
    }
    match &config.public_url {
        Some(url) if url.scheme() == "http" && !config.listen.ip().is_loopback() => {
            finding(format!("{url} is not https: passwords would cross the network in the clear"));
        }
        None if !config.listen.ip().is_loopback() => {
            finding("public_url is not set, although the panel is open to the network".to_owned());
        }
        _ => fine(format!("the panel listens on {}", config.listen)),
    }
    let cabinets = store.cabinets().await?;
    if cabinets.is_empty() {
        finding("there is no cabinet; `vygruzka cabinet add` or the panel adds one".to_owned());
    }
    let desk = super::desk(config, store);
    for cabinet in cabinets.iter().filter(|cabinet| cabinet.disabled_at.is_none()) {
        match examine(&desk, cabinet).await {
            Ok(text) => fine(text),
            Err(text) => finding(text),
        }
    }
    match desk.knock_at_mail_server().await {
        Ok(true) => fine("the mail server lets us in".to_owned()),
        Ok(false) => fine("mail is not set up, so no letters are sent".to_owned()),
        Err(error) => finding(format!("letters cannot be sent; {error}")),
    }
    match findings {
        0 => Ok(()),
        1 => Err(Failure::Failed("1 problem found".to_owned())),
        n => Err(Failure::Failed(format!("{n} problems found"))),
    }
}

async fn examine(desk: &Desk, cabinet: &Cabinet) -> Result<String, String> {
    let name = &cabinet.name;
    let told = desk.ask_about_key(cabinet.id).await.map_err(|error| format!("cabinet «{name}»: {error}"))?;
    if !told.missing.is_empty() {
        return Err(format!("cabinet «{name}»: no role of the key opens {}", told.missing.join(", ")));
    }
    let Some(until) = told.key_expires_at else { return Ok(format!("cabinet «{name}»: the key works")) };
    let days = (until - Utc::now()).num_days();
    if days < KEY_DAYS {
        return Err(format!("cabinet «{name}»: the key works only {days} days more; make a new one at Ozon"));
    }
    Ok(format!("cabinet «{name}»: the key works {days} days more"))
}
