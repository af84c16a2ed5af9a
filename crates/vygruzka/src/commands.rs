//! One module a command.

/// `println!` that does not panic when the reader has gone away.
macro_rules! say {
    ($($words:tt)*) => { $crate::commands::print_line(format_args!($($words)*)) };
}

mod backup;
mod cabinet;
mod configuration;
mod demo;
mod doctor;
mod import;
mod moving;
mod outbox;
mod reconcile;
mod secret;
mod serve;
mod settings;
mod simulate;
mod token;
mod user;

use std::io::{IsTerminal, Read, Write};
use std::time::Duration;

use ozon_api::ClientOptions;
use secrecy::SecretString;
use storage::Store;
#[cfg(not(feature = "simulated-clock"))]
use sync::Clock;
use sync::Desk;

use crate::cli::{Cli, Command, SecretCommand};
use crate::config::Config;
use crate::failure::Failure;
#[cfg(feature = "simulated-clock")]
use crate::simulated_clock::clock;

/// Who acts at the command line, as histories and audits name it.
const ACTOR: &str = "command";

/// Does what the command line asks for.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Demo { listen, postings } => return demo::run(listen, postings).await,
        Command::Simulate { listen, postings, scenario } => {
            return simulate::run(listen, postings, scenario).await;
        }
        Command::Configuration => {
            configuration::run();
            return Ok(());
        }
        _ => {}
    }
    let config = Config::read(cli.config.as_deref())?;
    crate::logging::start(&config.log, config.log_format);
    // These look at the database as it is.
    match &cli.command {
        Command::Doctor => return doctor::run(&config).await,
        Command::Backup { file } => return backup::make(&config, file).await,
        Command::Restore { file } => return backup::restore(&config, file).await,
        Command::Move { to } => return moving::run(&config, to).await,
        _ => {}
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
        Command::Secret(SecretCommand::Rotate) => secret::rotate(&desk).await,
        Command::Outbox(command) => outbox::run(&desk, command).await,
        // Brought up to date above, or done before.
        Command::Migrate
        | Command::Demo { .. }
        | Command::Simulate { .. }
        | Command::Configuration
        | Command::Doctor
        | Command::Backup { .. }
        | Command::Restore { .. }
        | Command::Move { .. } => Ok(()),
    };
    close(store).await;
    done
}

/// Ends all connections; one that something still holds is not waited for.
async fn close(store: Store) {
    match tokio::time::timeout(Duration::from_secs(5), store.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!("a connection to the database did not end in order: {error}"),
        Err(_) => tracing::warn!("a connection to the database did not end in time"),
    }
}

async fn open(config: &Config) -> Result<Store, Failure> {
    make_data_folder(config)?;
    if let Some(file) = storage::sqlite_file(&config.database_url) {
        make_for_us_alone(&file);
    }
    Ok(Store::open(&storage_config(config)).await?)
}

/// The folder of the SQLite database, where it is not there yet.
fn make_data_folder(config: &Config) -> Result<(), Failure> {
    if let Some(folder) =
        storage::sqlite_file(&config.database_url).as_deref().and_then(std::path::Path::parent)
    {
        let made = of_our_own(std::fs::DirBuilder::new().recursive(true)).create(folder);
        made.map_err(|e| {
            Failure::Failed(format!("the data folder {} cannot be made: {e}", folder.display()))
        })?;
    }
    Ok(())
}

fn storage_config(config: &Config) -> storage::Config {
    storage::Config {
        database_url: config.database_url.clone(),
        secret_key: config.secret_key.clone(),
        zone: config.time_zone,
    }
}

/// Makes a new SQLite file that nobody else can read; SQLite gives its other files the same rights. What cannot be made here is
/// told when it is opened.
fn make_for_us_alone(path: &std::path::Path) {
    if path.as_os_str().as_encoded_bytes().starts_with(b":") {
        return; // `:memory:` is no file.
    }
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    let _ = file.open(path);
}

/// Nobody else is let into the folders that are made: orders hold names and addresses.
fn of_our_own(folders: &mut std::fs::DirBuilder) -> &mut std::fs::DirBuilder {
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(folders, 0o700);
    folders
}

fn desk(config: &Config, store: Store) -> Desk {
    let (client, public_url) = (ClientOptions::default(), config.public_url.clone());
    Desk::new(store, sync::Config { lease: config.lease, client, public_url }, clock())
}

/// The machine's clock.
#[cfg(not(feature = "simulated-clock"))]
fn clock() -> Clock {
    Clock::system()
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
