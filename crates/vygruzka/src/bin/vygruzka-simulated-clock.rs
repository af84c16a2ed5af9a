//! The program by the clock of a simulator, for trials alone: it is built with the feature `simulated-clock` only.

use std::process::ExitCode;

fn main() -> ExitCode {
    vygruzka::main()
}
