//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use storage::Role;

/// Vygruzka: your Ozon orders (FBS, realFBS) in your own panel.
#[derive(Debug, Parser)]
#[command(name = "vygruzka", version, about, max_term_width = 100)]
pub struct Cli {
    /// Configuration file; `vygruzka.toml` in the current folder is read when it is there.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows the product at work: a temporary folder, a simulated Ozon cabinet, a first load.
    Demo {
        /// Address of the panel.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// How many postings the simulated cabinet has.
        #[arg(long, default_value_t = 200)]
        postings: usize,
    },
    /// Runs the server: panel, REST API, schedule, and what is told to Ozon.
    Serve {
        /// Address to listen on, instead of the configuration's.
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Brings the database to this version.
    Migrate,
    /// Copies the SQLite database into a new file, while the server runs; the secret key is not in it.
    Backup { file: PathBuf },
    /// Puts a backup where the SQLite database is to be; there must be none.
    Restore { file: PathBuf },
    /// Moves everything from the SQLite database to an empty PostgreSQL database, and proves that both hold the same.
    Move {
        /// Address of the PostgreSQL database.
        #[arg(long, value_name = "URL", env = "VYGRUZKA_MOVE_TO", hide_env_values = true)]
        to: String,
    },
    /// People who use the panel.
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens for the REST API.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Ozon cabinets.
    #[command(subcommand)]
    Cabinet(CabinetCommand),
    /// Order settings of a cabinet.
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Loads orders now: the same job as the schedule's.
    Import {
        /// Name, Client-Id or id of the cabinet.
        cabinet: String,
        /// Only tell what would be done.
        #[arg(long)]
        dry_run: bool,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Compares Ozon's list of a period with the store: what is missing here, differs, or is unknown there.
    Reconcile {
        /// Name, Client-Id or id of the cabinet.
        cabinet: String,
        /// The period's begin, by the time at which Ozon began to process a posting: a day, or a time of RFC 3339.
        #[arg(long)]
        since: String,
        /// The period's end; a day counts whole.
        #[arg(long)]
        until: String,
        /// Mend what is missing or differs, by the same way in as every load.
        #[arg(long)]
        repair: bool,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// What goes out: pushes to Ozon and letters.
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Runs the Ozon simulator alone.
    Simulate {
        /// Address to listen on.
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        /// How many postings its cabinet has.
        #[arg(long, default_value_t = 200)]
        postings: usize,
        /// A scenario file to play instead of the ready-made cabinet.
        #[arg(long, value_name = "FILE")]
        scenario: Option<PathBuf>,
    },
    /// The key that Api-Keys and passwords are encrypted with.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Checks configuration, machine, database, mail and every cabinet, says what to do, and changes nothing.
    Doctor,
    /// Prints the reference of the configuration: keys, defaults, variables and meanings, as Markdown.
    Configuration,
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Adds a person; the password comes from standard input, or is made and printed once.
    Add {
        email: String,
        #[arg(long)]
        role: Role,
    },
    /// Gives a person a new password, from standard input or made and printed once.
    Password { email: String },
    /// Asks a person for no one-time code any more: for whoever lost the device and the recovery codes.
    ResetSecondFactor { email: String },
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Makes a token and prints it once.
    Add {
        name: String,
        #[arg(long)]
        role: Role,
        /// It opens nothing any more after so many days; always, when left out.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: Option<u32>,
    },
}

#[derive(Debug, Subcommand)]
pub enum CabinetCommand {
    /// Adds a cabinet; the Api-Key comes from standard input.
    Add {
        name: String,
        #[arg(long)]
        client_id: String,
        /// Address of the API, for the simulator; Ozon's own when left out.
        #[arg(long)]
        api_url: Option<String>,
    },
    /// Lists cabinets.
    List {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Asks Ozon whose key it is, what it may do and until when it works.
    Check { name: String },
    /// Gives a cabinet a new Api-Key, from standard input.
    Key { name: String },
    /// Stops loading a cabinet.
    Disable { name: String },
    /// Loads a disabled cabinet again.
    Enable { name: String },
}

#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Encrypts everything with a new key: the one in `VYGRUZKA_NEW_SECRET_KEY` or from standard input, or one that is made.
    Rotate,
}

#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// Sends what is due now, and follows it until Ozon shows it, for a minute at most.
    Flush {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Prints the settings as JSON.
    Show { cabinet: String },
    /// Makes orders of stored postings that the settings of today let in, after a change of `also_awaiting_deliver` or
    /// `load_from`.
    DecideAnew {
        cabinet: String,
        /// Only tell how many orders, of which days.
        #[arg(long)]
        dry_run: bool,
    },
    /// Changes settings by a JSON file with any of their keys: all of it, or nothing. `-` is standard input.
    Apply { cabinet: String, file: PathBuf },
}
