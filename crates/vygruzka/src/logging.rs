//! Logs: to standard error, without personal data or secrets.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// How a line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging; `filter` is in the form of `tracing`'s environment filter, such as `info` or `sync=debug,info`.
pub fn start(filter: &str, format: LogFormat) {
    // A word for every migration that need not run would drown what matters.
    let filter = EnvFilter::try_new(format!("sea_orm_migration=warn,{filter}"))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, as in tests, is harmless.
    let _ = match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
    };
}

/// Whether a text is a filter.
pub fn is_filter(text: &str) -> bool {
    EnvFilter::try_new(text).is_ok()
}
