//! `chaos`: runs a trial and tells what it found; fails when something was lost or doubled.

use std::path::PathBuf;
use std::process::ExitCode;

use chaos::Plan;
use clap::Parser;

/// Kills servers at random beside a simulated Ozon, and looks whether anything was lost or doubled.
#[derive(Debug, Parser)]
#[command(name = "chaos")]
struct Arguments {
    /// Simulated days; a daylight change lies in their middle.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=60))]
    days: u32,
    /// How many times a server is killed.
    #[arg(long, default_value_t = 25)]
    kills: u32,
    /// Repeats a trial as far as chance was the trial's own; odd ones go through the change in spring, even ones in autumn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Servers at a time.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=8))]
    servers: u32,
    /// The server's program, built with the feature `simulated-clock`; it is built when left out.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Keeps the servers' logs, the tables and what Ozon has in this folder.
    #[arg(long, value_name = "FOLDER")]
    logs: Option<PathBuf>,
    /// Print one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { days, kills, seed, servers, program, logs, json } = Arguments::parse();
    let report = chaos::run(&Plan { days, kills, seed, servers, program, logs, tells: true }).await;
    if json {
        println!("{:#}", report.json());
    } else {
        println!("{report}");
    }
    if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
