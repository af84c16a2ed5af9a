//! One module a command.

/// `println!` that does not panic when the reader has gone away.
macro_rules! say {
    ($($words:tt)*) => { $crate::commands::print_line(format_args!($($words)*)) };
}

mod cabinet;
mod demo;
mod doctor;
mod import;
mod outbox;
mod reconcile;
mod serve;
mod settings;
mod simulate;
mod token;
mod user;

use std::io::{IsTerminal, Read, Write};

use ozon_api::ClientOptions;
use secrecy::SecretString;
use storage::Store;
use sync::{Clock, Desk};

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::failure::Failure;

/// Who acts at the command line, as histories and audits name it.
const ACTOR: &str = "command";

/// Does what the command line asks for.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Demo { listen, postings } => return demo::run(listen, postings).await,
        Command::Simulate { listen, postings, scenario } => {
            return simulate::run(listen, postings, scenario).await;
        }
        _ => {}
    }
    let config = Config::read(cli.config.as_deref())?;
    crate::logging::start(&config.log);
    if let Command::Doctor = cli.command {
        return doctor::run(&config).await;
    }
    let store = open(&config).await?;
    store.migrate().await?;
    let desk = desk(&config, store.clone());
    let done = match cli.command {
        Command::Serve { listen } => serve::run(&config, desk, listen.unwrap_or(config.listen)).await,
        Command::User(command) => user::run(&desk, command).await,
        Command::Token(command) => token::run(&desk, command).await,
        Command::Cabinet(command) => cabinet::run(&config, &desk, command).await,
        Command::Settings(command) => settings::run(&desk, command).await,
        Command::Import { cabinet, dry_run, json } => import::run(&desk, &cabinet, dry_run, json).await,
        Command::Reconcile { cabinet, since, until, repair, json } => {
            let wanted = reconcile::Wanted { cabinet: &cabinet, since: &since, until: &until, repair, json };
            reconcile::run(&desk, &wanted).await
        }
        Command::Outbox(command) => outbox::run(&desk, command).await,
        // Brought up to date above, or done before.
        Command::Migrate | Command::Demo { .. } | Command::Simulate { .. } | Command::Doctor => Ok(()),
    };
    store.close().await?;
    done
}

async fn open(config: &Config) -> Result<Store, Failure> {
    if config.database_url.starts_with("sqlite:") {
        let path = config.database_url.trim_start_matches("sqlite:").trim_start_matches("//");
        if let Some(folder) = std::path::Path::new(path).parent() {
            std::fs::create_dir_all(folder).map_err(|e| {
                Failure::Failed(format!("the data folder {} cannot be made: {e}", folder.display()))
            })?;
        }
    }
    let storage = storage::Config {
        database_url: config.database_url.clone(),
        secret_key: config.secret_key.clone(),
        zone: config.time_zone,
    };
    Ok(Store::open(&storage).await?)
}

fn desk(config: &Config, store: Store) -> Desk {
    let (client, public_url) = (ClientOptions::default(), config.public_url.clone());
    Desk::new(store, sync::Config { lease: config.lease, client, public_url }, Clock::system())
}

/// A secret from standard input, without the line's end; `None` when there is none. A person at a terminal is told.
fn secret_from_input(what: &str) -> Result<Option<SecretString>, Failure> {
    /// No key or password is longer.
    const LONGEST: u64 = 4096;
    if std::io::stdin().is_terminal() {
        eprintln!("{what}, then Enter and Ctrl+D:");
    }
    let mut text = String::new();
    std::io::stdin().take(LONGEST).read_to_string(&mut text)?;
    let text = text.trim();
    Ok((!text.is_empty()).then(|| SecretString::from(text)))
}

/// Prints one line to standard output; a reader who has gone away is no failure.
fn print_line(line: std::fmt::Arguments<'_>) {
    // What cannot be printed cannot be told either; the exit code still tells how the command ended.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints one JSON object to standard output.
fn say_json(value: &serde_json::Value) {
    print_line(format_args!("{value:#}"));
}
