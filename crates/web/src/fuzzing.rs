//! Doors for the fuzz targets to decoders that nobody else calls by themselves.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use chrono::{DateTime, Utc};
use voice::{Lang, Voice};

use crate::panel::barcode::Barcode;
use crate::panel::orders::export::csv;
use crate::panel::orders::filter::Asked;
use crate::panel::orders::wanted::Wanted;
use crate::panel::{flash, preferences, routes};
use crate::{Networks, one_time};

pub use crate::panel::settings::file::fuzzed as settings_file;

/// Every address of the panel, as patterns.
pub fn addresses() -> &'static [&'static str] {
    routes::at::ALL
}

/// Reads an address of the list of orders, and writes the links that its page has.
pub fn list_address(query: &str, now: DateTime<Utc>) {
    let v = Voice { lang: Lang::Ru, zone: chrono_tz::Europe::Moscow, now };
    let asked = Asked::of_query(query);
    let _ = asked.read(v, true, 4, &[]);
    let link = asked.address_with(&[]);
    assert!(link.starts_with("/orders") && link.is_ascii() && !link.contains(['\r', '\n', ' ']), "{link}");
    if let Ok(wanted) = Wanted::of(query) {
        let _ = wanted.told();
    }
    crate::rest::fuzzed_query(query);
}

/// Reads what cookies and forms hold besides tokens.
pub fn small_texts(text: &str, now: DateTime<Utc>) {
    if let Ok(note) = text.parse::<flash::Note>() {
        assert_eq!(note.to_string().parse(), Ok(note));
    }
    let way = preferences::own_path(Some(text));
    assert!(way.starts_with('/') && !way.starts_with("//") && !way.contains(['\\', '\r', '\n', '\t']));
    let example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into();
    let _ = one_time::step_of(&example, text, now);
    assert!(one_time::plain(text).len() <= 64);
    let _ = Lang::negotiate(text);
    let _ = Barcode::code128(text);
    if let Ok(value) = HeaderValue::from_str(text) {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", value);
        let _ = Networks::default().client(IpAddr::from([127, 0, 0, 1]), &headers);
    }
}

/// One row of an export, as the bytes of the file.
pub fn csv_row(cells: &[String]) -> Vec<u8> {
    csv::row_of_texts(cells)
}
