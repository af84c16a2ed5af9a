//! Logs: to standard error, without personal data or secrets.

use std::io::{self, IsTerminal, Write};

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
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| OneLine(io::stderr()));
    // A second start, as in tests, is harmless.
    let _ = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
    };
}

/// Whether a text is a filter.
pub fn is_filter(text: &str) -> bool {
    EnvFilter::try_new(text).is_ok()
}

/// Writes every event as one line: what Ozon or a browser says cannot begin a line of its own, and so cannot look like an
/// event.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let (inside, end) = match event.split_last() {
            Some((b'\n', inside)) => (inside, "\n"),
            _ => (event, ""),
        };
        let inside = String::from_utf8_lossy(inside).replace('\n', "\\n").replace('\r', "\\r");
        self.0.write_all(format!("{inside}{end}").as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("not poisoned").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_event_is_one_line_whatever_ozon_says() {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || OneLine(writer.clone()));
        let hostile = "no\n2026-11-23T09:00:00Z ERROR all orders are lost\r\u{1b}[2K";
        tracing::subscriber::with_default(subscriber.finish(), || {
            tracing::warn!(error = hostile, "{hostile}");
            tracing::info!("next");
        });
        let text = String::from_utf8(kept.0.lock().expect("not poisoned").clone()).expect("text");
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("no\\n2026") && !text.contains(['\r', '\u{1b}']), "{text}");
    }
}
