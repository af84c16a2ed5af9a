//! Vygruzka's commands: an order desk for people who sell on Ozon.

mod cli;
mod commands;
mod config;
mod failure;
mod logging;
mod metrics;
mod serving;
#[cfg(feature = "simulated-clock")]
mod simulated_clock;

use std::process::ExitCode;

use clap::Parser;

/// Does what the command line asks for, and tells how it ended.
pub fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the program cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    #[cfg(feature = "simulated-clock")]
    if let Err(failure) = runtime.block_on(simulated_clock::follow()) {
        eprintln!("error: {failure}");
        return failure.exit_code();
    }
    let done = runtime.block_on(commands::run(cli));
    // What was cut short is not waited for.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}
