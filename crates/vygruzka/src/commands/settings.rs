//! `settings show`, `settings apply`.

use std::io::Read;
use std::path::Path;

use domain::history::Actor;
use storage::settings::ApplyError;
use sync::Desk;

use super::cabinet::named;
use super::{ACTOR, say_json};
use crate::cli::SettingsCommand;
use crate::failure::Failure;

/// No settings file is larger.
const LARGEST: u64 = 1 << 20;

pub async fn run(desk: &Desk, command: SettingsCommand) -> Result<(), Failure> {
    match command {
        SettingsCommand::Show { cabinet } => {
            let cabinet = named(desk, &cabinet).await?;
            let version = desk.store().settings(cabinet.id).await?;
            say_json(&serde_json::to_value(version.settings).map_err(|e| Failure::Failed(e.to_string()))?);
        }
        SettingsCommand::DecideAnew { cabinet, dry_run } => {
            let cabinet = named(desk, &cabinet).await?;
            let anew = desk.decide_anew(cabinet.id, &Actor::Command, dry_run).await?;
            for (day, count) in &anew.orders {
                let day = day.map_or("no date".to_owned(), |day| day.to_string());
                say!("{day}\t{count}");
            }
            let would = if dry_run { "would be " } else { "" };
            say!("{} orders {would}created.", anew.total());
        }
        SettingsCommand::Apply { cabinet, file } => {
            let cabinet = named(desk, &cabinet).await?;
            let patch = read(&file)?;
            match desk.store().apply_settings(cabinet.id, &patch, ACTOR, desk.now()).await {
                Ok(version) => {
                    say!("The settings of «{}» are at version {}.", cabinet.name, version.version);
                }
                Err(ApplyError::Store(error)) => return Err(error.into()),
                Err(faults) => return Err(Failure::Usage(format!("nothing was changed: {faults}"))),
            }
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<serde_json::Value, Failure> {
    let shown = file.display();
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().take(LARGEST).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(file)
            .and_then(|opened| opened.take(LARGEST).read_to_string(&mut text))
            .map_err(|e| Failure::Usage(format!("the settings file {shown} cannot be read: {e}")))?;
    }
    serde_json::from_str(&text)
        .map_err(|e| Failure::Usage(format!("the settings file {shown} is not JSON: {e}")))
}
