//! How fast the product is, as commands that print figures beside the bounds that are wanted. `./bench` at the root builds
//! what is measured, starts PostgreSQL where it is asked for, and calls these; `docs/performance.md` keeps what they said.
//!
//! What is measured runs in a process of its own: a child of this very program for loads (`measured`), the product's own
//! binary for everything that people and programs ask (`server`). So its memory and its processor time are its own.

mod asked;
mod dictionary;
mod figures;
mod fill;
mod load;
mod measured;
mod nothing_new;
mod panel;
mod place;
mod process;
mod push;
mod server;
mod shop;
mod simulator;
mod start;
mod users;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use place::Place;

/// Whatever stops a measurement.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
/// What a measurement gives, or what stopped it.
pub type Outcome<T> = Result<T, Failure>;

/// Measures Vygruzka.
#[derive(Debug, Parser)]
#[command(name = "bench", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Loads postings with the limiter lifted, beside downloading and decoding the same pages.
    Load {
        #[command(flatten)]
        place: Place,
        /// How many postings the simulated cabinet has.
        #[arg(long, default_value_t = 100_000)]
        postings: usize,
        /// Every posting still waits to be packed, so that each becomes an order and both lists show it.
        #[arg(long)]
        all_open: bool,
    },
    /// Loads when there is nothing new, over many stored orders.
    NothingNew {
        #[command(flatten)]
        place: Place,
        /// How many orders the store has.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
    },
    /// Pages of the panel and answers of REST, one after another.
    Panel {
        #[command(flatten)]
        place: Place,
        /// How many orders the store has.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
        /// How many requests of each kind.
        #[arg(long, default_value_t = 1_000)]
        requests: usize,
        /// Ask for the kinds whose name holds this word only.
        #[arg(long, default_value = "")]
        only: String,
    },
    /// Fifty people at work while a load runs.
    Users {
        #[command(flatten)]
        place: Place,
        /// How many orders the store has.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
        /// How many people, each with a request a second.
        #[arg(long, default_value_t = 50)]
        people: u32,
        /// For so many seconds.
        #[arg(long, default_value_t = 30)]
        seconds: u64,
    },
    /// Push messages: how fast they are answered, and how soon an order shows.
    Push {
        #[command(flatten)]
        place: Place,
        /// How many orders the store has.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
        /// Messages a second.
        #[arg(long, default_value_t = 500)]
        rate: u32,
        /// For so many seconds.
        #[arg(long, default_value_t = 20)]
        seconds: u32,
    },
    /// From the start to the first answer, idle memory, and the binary's size.
    Start {
        #[command(flatten)]
        place: Place,
        /// How many orders the store has.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
    },
    /// Makes the store of many orders that the other commands use, unless it is there.
    Fill {
        #[command(flatten)]
        place: Place,
        /// How many orders.
        #[arg(long, default_value_t = 1_000_000)]
        orders: u64,
    },
    /// Trains a dictionary for stored postings. One that installations use already never changes: another gets another name.
    Dictionary {
        #[command(flatten)]
        place: Place,
        /// Where it is written.
        #[arg(long)]
        out: std::path::PathBuf,
    },
    /// A part that runs in a process of its own.
    #[command(subcommand, hide = true)]
    Measured(measured::Part),
}

fn main() -> ExitCode {
    // The client of HTTP takes whichever provider of TLS is installed; a second one is no failure.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the measurement cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(Cli::parse().command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Outcome<()> {
    match command {
        Command::Load { place, postings, all_open } => load::run(&place, postings, all_open).await,
        Command::NothingNew { place, orders } => nothing_new::run(&place, orders).await,
        Command::Panel { place, orders, requests, only } => panel::run(&place, orders, requests, &only).await,
        Command::Users { place, orders, people, seconds } => {
            users::run(&place, orders, people, seconds).await
        }
        Command::Push { place, orders, rate, seconds } => push::run(&place, orders, rate, seconds).await,
        Command::Start { place, orders } => start::run(&place, orders).await,
        Command::Fill { place, orders } => fill::kept(&place, orders).await.map(|_| ()),
        Command::Dictionary { place, out } => dictionary::run(&place, &out).await,
        Command::Measured(part) => measured::run(part).await,
    }
}
