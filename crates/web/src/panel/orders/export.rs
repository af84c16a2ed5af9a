//! Orders as a file: CSV as it is read, XLSX once it is whole. Either is read page by page, so that memory stays bounded.

mod columns;
pub(crate) mod csv;
mod xlsx;

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::OrderId;
use futures::stream;
use strum::{EnumString, IntoStaticStr};
use tokio::io::AsyncReadExt;
use tokio::sync::OwnedSemaphorePermit;
use url::form_urlencoded;

use columns::{Cell, Sheet};

use super::wanted::{Reader, Wanted};
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::preferences::own_path;
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;
use voice::Voice;

/// Bytes of a finished file that are sent at a time.
const CHUNK: usize = 64 * 1024;

/// A kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
enum Format {
    #[default]
    Csv,
    Xlsx,
}

impl Format {
    /// The one an address names; CSV when it names none.
    fn asked(query: &str) -> Result<Self, Fault> {
        let named = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "format");
        named.map_or(Ok(Self::default()), |(_, word)| word.parse().map_err(|_| Fault::BadRequest))
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

pub(crate) async fn download(
    visitor: Visitor,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    visitor.must(Act::See)?;
    let query = query.unwrap_or_default();
    let (v, sees_persons) = (visitor.v, visitor.may(Act::SeePersons));
    let format = Format::asked(&query)?;
    let wanted = Wanted::of(&query)?;
    if let Wanted::Nothing(back) = &wanted {
        return Ok(go(&own_path(Some(back)), Done::NothingPicked));
    }
    let place = state.exports.clone().try_acquire_owned().map_err(|_| Fault::Crowded)?;
    let rows = Rows {
        _place: place,
        reader: wanted.reader(&visitor, &state.store).await?,
        sheet: Sheet::of(&state.store, v, sees_persons).await?,
        store: state.store.clone(),
    };
    let (email, word): (_, &'static str) = (&visitor.user.email, format.into());
    state.store.note_audit(email, "orders.export", word, &wanted.told(), state.now()).await?;
    let body = match format {
        Format::Csv => streamed(rows).await?,
        Format::Xlsx => match whole(rows).await? {
            Some(body) => body,
            None => return Ok(go(&back(&wanted), Done::ExportTooLong)),
        },
    };
    let name = HeaderValue::try_from(disposition(v, format)).map_err(|_| Fault::BadRequest)?;
    let kind = HeaderValue::from_static(format.kind());
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

/// The list that the export was asked of.
fn back(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Filtered(asked) => asked.address_with(&[]),
        Wanted::Picked(_) | Wanted::Nothing(_) => own_path(None),
    }
}

/// `attachment` with the day in the shop's zone in the file's name.
fn disposition(v: Voice, format: Format) -> String {
    let day = v.now.with_timezone(&v.zone).format("%Y-%m-%d");
    let extension: &'static str = format.into();
    format!("attachment; filename=\"{}-{day}.{extension}\"", v.t("export-file"))
}

/// The rows of an export, as far as they have been read.
struct Rows {
    /// Others may come once this has ended.
    _place: OwnedSemaphorePermit,
    store: storage::Store,
    reader: Reader,
    sheet: Sheet,
}

impl Rows {
    /// The next rows; `None` after the last.
    async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>, storage::Error> {
        let Some(orders) = self.reader.next().await? else { return Ok(None) };
        let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
        let facts = if ids.is_empty() { HashMap::new() } else { self.store.facts_of(&ids).await? };
        Ok(Some(self.sheet.rows(&orders, &facts)))
    }
}

/// CSV while it is read. The first rows are read before anything is sent, so that what fails at once gets a page; what
/// fails later breaks the download, since a file that ends early looks whole.
async fn streamed(mut rows: Rows) -> Result<Body, Fault> {
    let mut begin = csv::head(&rows.sheet)?;
    if let Some(first) = rows.next().await? {
        begin.extend(csv::lines(&first, rows.sheet.voice().lang)?);
    }
    let rest = stream::try_unfold((Some(begin), rows), |(begin, mut rows)| async move {
        if let Some(begin) = begin {
            return Ok(Some((begin, (None, rows))));
        }
        let next = async {
            let Some(next) = rows.next().await.map_err(std::io::Error::other)? else { return Ok(None) };
            csv::lines(&next, rows.sheet.voice().lang).map(Some)
        };
        match next.await {
            Ok(Some(bytes)) => Ok(Some((bytes, (None, rows)))),
            Ok(None) => Ok(None),
            Err(error) => Err(broken(error)),
        }
    });
    Ok(Body::from_stream(rest))
}

fn broken(error: std::io::Error) -> std::io::Error {
    tracing::error!("an export broke off: {error}");
    error
}

/// XLSX from a temporary file that is written while the orders are read; `None` when there are more rows than it takes.
async fn whole(mut rows: Rows) -> Result<Option<Body>, Fault> {
    // Every order has a row at least: where orders alone are too many, nobody waits to hear it.
    if rows.reader.is_more_than(u64::from(xlsx::MOST_ROWS)).await? {
        return Ok(None);
    }
    let (sender, taken) = tokio::sync::mpsc::channel(2);
    let head = xlsx::Head::of(&rows.sheet);
    let writer = tokio::task::spawn_blocking(move || xlsx::write(&head, taken, xlsx::MOST_ROWS));
    while let Some(next) = rows.next().await? {
        // A writer that has stopped says why at its end.
        if sender.send(next).await.is_err() {
            break;
        }
    }
    drop((sender, rows));
    let Some((file, length)) = writer.await?? else { return Ok(None) };
    let file = tokio::fs::File::from_std(file);
    let chunks = stream::try_unfold((file, length), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).await.map_err(broken)?;
        if read == 0 {
            return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
        }
        chunk.truncate(read);
        let left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(Some((chunk, (file, left))))
    });
    Ok(Some(Body::from_stream(chunks)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use voice::Lang;

    #[test]
    fn a_file_is_named_by_its_day_in_the_shops_zone() {
        // It is already the 24th in Moscow.
        let now = "2026-11-23T22:30:00Z".parse().expect("a literal time");
        let v = |lang| Voice { lang, zone: chrono_tz::Europe::Moscow, now };
        assert_eq!(disposition(v(Lang::Ru), Format::Csv), "attachment; filename=\"zakazy-2026-11-24.csv\"");
        assert_eq!(disposition(v(Lang::En), Format::Xlsx), "attachment; filename=\"orders-2026-11-24.xlsx\"");
    }

    #[test]
    fn a_format_that_we_cannot_write_is_refused() {
        assert_eq!(Format::asked("q=1").ok(), Some(Format::Csv));
        assert_eq!(Format::asked("format=xlsx&q=1").ok(), Some(Format::Xlsx));
        assert!(matches!(Format::asked("format=exe"), Err(Fault::BadRequest)));
    }
}
