//! Logs: to standard error, without personal data or secrets.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging; `filter` is in the form of `tracing`'s environment filter, such as `info` or `sync=debug,info`.
pub fn start(filter: &str) {
    // A word for every migration that need not run would drown what matters.
    let filter = EnvFilter::try_new(format!("sea_orm_migration=warn,{filter}"))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    // A second start, as in tests, is harmless.
    let _ = subscriber.try_init();
}
