//! The settings of a cabinet as a file, as the command line shows and takes it: out, and checked and looked at before it
//! comes in.

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::settings::{Fault as SettingFault, Problem};
use domain::{CabinetId, Settings};
use serde_json::Value;
use storage::lists::Named;
use storage::settings::ApplyError;

use super::changes::{self, Words};
use super::effect::{self, Remark};
use super::origin::Origin;
use super::shop::Shop;
use super::values::Values;
use crate::access::Act;
use crate::panel::faults::Fault;
use crate::panel::routes::Page;
use crate::panel::view::Section;
use crate::panel::view::settings_file::{FileFault, FilePage};
use crate::panel::view::settings_shared::tabs;
use crate::panel::visitor::Visitor;
use crate::state::AppState;
use voice::Voice;

/// The largest file that is read, bytes. The settings take a few thousand.
const LARGEST: usize = 256 * 1024;

/// Why a file cannot be read as settings at all.
#[derive(Debug, PartialEq, Eq)]
enum Unread {
    Empty,
    TooLarge,
    NotText,
    NotJson { line: usize, column: usize },
    NotSettings,
}

impl Unread {
    fn words(&self, v: Voice) -> String {
        match self {
            Self::Empty => v.t("settings-file-empty"),
            Self::TooLarge => v.t("settings-file-too-large"),
            Self::NotText => v.t("settings-file-not-text"),
            Self::NotJson { line, column } => {
                let place = [("line", line.to_string()), ("column", column.to_string())];
                v.fill("settings-file-not-json", &place)
            }
            Self::NotSettings => v.t("settings-file-not-settings"),
        }
    }
}

/// The text of a file; some editors begin one with a mark of its encoding.
fn text_of(bytes: &[u8]) -> Result<&str, Unread> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unread::NotText)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The change that a text asks for.
fn change_of(text: &str) -> Result<Value, Unread> {
    if text.trim().is_empty() {
        return Err(Unread::Empty);
    }
    if text.len() > LARGEST {
        return Err(Unread::TooLarge);
    }
    let change: Value = serde_json::from_str(text)
        .map_err(|error| Unread::NotJson { line: error.line(), column: error.column() })?;
    if change.is_object() { Ok(change) } else { Err(Unread::NotSettings) }
}

/// The line in which a key is written, by its parts one after the other.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let parts = key.split_once('.').map_or([Some(key), None], |(family, leaf)| [Some(family), Some(leaf)]);
    let (mut from, mut found) = (0, 0);
    for part in parts.into_iter().flatten() {
        let quoted = format!("\"{part}\"");
        found = from + text.get(from..)?.find(&quoted)?;
        from = found + quoted.len();
    }
    Some(1 + text.get(..found)?.matches('\n').count())
}

/// What is read of a file before the settings' own check, for the fuzz target.
#[cfg(fuzzing)]
pub fn fuzzed(bytes: &[u8]) -> Option<Value> {
    let text = text_of(bytes).ok()?;
    let change = change_of(text).ok()?;
    for key in change.as_object()?.keys() {
        let _ = line_of(text, key);
        let _ = line_of(text, &format!("{key}.{key}"));
    }
    Some(change)
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    visitor.page(&page(&visitor, &state, id, String::new()).await?)
}

async fn page(visitor: &Visitor, state: &AppState, id: CabinetId, text: String) -> Result<FilePage, Fault> {
    let v = visitor.v;
    Ok(FilePage {
        frame: visitor.frame_of(state, Section::Settings).await?,
        v,
        id,
        cabinet: state.store.cabinet(id).await?.name,
        tabs: tabs(v, id, visitor.may(Act::ChangeSettings), &Page::SettingsFile(id)),
        text,
        fault: None,
        faults: Vec::new(),
    })
}

/// The settings in force, to be kept.
pub(crate) async fn download(
    _visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
) -> Result<Response, Fault> {
    let current = state.store.settings(id).await?;
    // Through a value, so that the keys stand in the same order as the command line writes them.
    let written = serde_json::to_value(&current.settings).map(|value| format!("{value:#}\n"));
    let written = written.map_err(|error| Fault::Store(storage::Error::Corrupt(error.to_string())))?;
    let name = format!("attachment; filename=\"settings-{id}-v{}.json\"", current.version);
    let name = HeaderValue::from_str(&name).map_err(|_| Fault::BadRequest)?;
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, written).into_response())
}

/// What was sent: the file where there is one, else the text.
async fn sent(mut form: Multipart) -> Result<Result<Vec<u8>, Unread>, MultipartError> {
    let (mut file, mut text) = (Vec::new(), Vec::new());
    while let Some(mut field) = form.next_field().await? {
        let into = match field.name() {
            Some("file") => &mut file,
            Some("text") => &mut text,
            _ => continue,
        };
        while let Some(piece) = field.chunk().await? {
            if into.len() + piece.len() > LARGEST {
                return Ok(Err(Unread::TooLarge));
            }
            into.extend_from_slice(&piece);
        }
    }
    Ok(Ok(if file.is_empty() { text } else { file }))
}

/// Checks a file and shows what it would change; it is then saved as any other change is.
pub(crate) async fn import(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<CabinetId>,
    request: Request,
) -> Result<Response, Fault> {
    // The role comes before the body: whoever may not is told so, whatever was sent.
    visitor.must(Act::ChangeSettings)?;
    let v = visitor.v;
    let form = match Multipart::from_request(request, &state).await {
        Ok(form) => form,
        Err(refused) => return Ok(refused.into_response()),
    };
    let bytes = match sent(form).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(unread)) => return unreadable(&visitor, &state, id, String::new(), unread.words(v)).await,
        // What axum takes for our own fault is a body that broke off or was cut at its bound.
        Err(broken) if broken.status().is_server_error() => return Err(Fault::BadRequest),
        Err(broken) => return Ok(broken.into_response()),
    };
    let text = match text_of(&bytes) {
        Ok(text) => text.to_owned(),
        Err(unread) => return unreadable(&visitor, &state, id, String::new(), unread.words(v)).await,
    };
    let change = match change_of(&text) {
        Ok(change) => change,
        Err(unread) => return unreadable(&visitor, &state, id, text, unread.words(v)).await,
    };
    let now = state.store.settings(id).await?.settings;
    match state.store.proposed_settings(id, &change).await {
        Ok(after) if changes::keys(&now, &after).is_empty() => {
            let fault = Some(v.t("settings-file-same"));
            visitor.page(&FilePage { fault, ..page(&visitor, &state, id, text).await? })
        }
        Ok(after) => {
            let values = Values::exactly(&after, v.zone).with_origin(Origin::File);
            let patch = values.patch(&now, v.zone);
            effect::ask(&visitor, &state, id, &values, &patch, Remark::None).await
        }
        Err(ApplyError::Faults(faults)) => {
            let shop =
                Shop::of(&state, id, &Values::stored(&now, v.zone), visitor.may(Act::SeePersons)).await?;
            let words = Words { v, shop: &shop };
            let faults = faults.iter().map(|fault| told(words, &text, &now, fault)).collect();
            let page = FilePage { faults, ..page(&visitor, &state, id, text).await? };
            visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(ApplyError::Store(error)) => Err(error.into()),
    }
}

/// The page again, with why nothing could be read.
async fn unreadable(
    visitor: &Visitor,
    state: &AppState,
    id: CabinetId,
    text: String,
    why: String,
) -> Result<Response, Fault> {
    let page = FilePage { fault: Some(why), ..page(visitor, state, id, text).await? };
    visitor.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// A fault of the settings' own check, in the reader's language and with its line.
fn told(words: Words<'_>, text: &str, now: &Settings, fault: &SettingFault) -> FileFault {
    let v = words.v;
    let (label, said) = match &fault.problem {
        Problem::UnknownKey { allowed } => {
            (None, v.with("settings-file-unknown", "allowed", allowed.join(", ")))
        }
        Problem::Wrong { allowed } => {
            (Some(words.label(&fault.key)), allowed_at(words, now, &fault.key, allowed))
        }
    };
    FileFault { line: line_of(text, &fault.key), key: fault.key.clone(), label, words: said }
}

/// What is allowed at a key. What the check itself says is in English and stands where there are no better words.
fn allowed_at(words: Words<'_>, now: &Settings, key: &str, said: &str) -> String {
    let (v, shop) = (words.v, words.shop);
    let one_of = |all: Vec<String>| v.with("settings-file-one-of", "allowed", all.join(", "));
    let named = |list: &[Named]| one_of(list.iter().map(|n| format!("{} ({})", n.id, n.name)).collect());
    let statuses = |first: Option<&str>| {
        let each = shop.statuses.iter().map(|s| format!("{} ({})", s.id, s.name));
        one_of(first.map(str::to_owned).into_iter().chain(each).collect())
    };
    match key {
        "schedule.every" => format!("{} {}", v.t("fault-every"), v.t("settings-file-every")),
        "schedule.at" => v.t("fault-time"),
        "load_from" => v.t("fault-date"),
        "source_id" => named(&shop.sources),
        "delivery_method_id" => named(&shop.delivery_methods),
        "payment_method_id" => named(&shop.payment_methods),
        "customer_id" => v.t("settings-file-customer"),
        "posting_number_to" | "order_date" => one_of(vec![said.to_owned()]),
        "schedule" | "status_map" | "seller_delivery" | "on_cancel" => v.t("settings-file-object"),
        "status_map.cancelled" => v.t("settings-file-cancelled"),
        "on_cancel.in_work" | "on_cancel.shipped" => statuses(Some("\"flag\"")),
        "on_cancel.before_work" => statuses(None),
        _ if key.starts_with("status_map.") || key.starts_with("seller_delivery.") => statuses(Some("null")),
        _ if is_switch(now, key) => one_of(vec!["true".to_owned(), "false".to_owned()]),
        _ => said.to_owned(),
    }
}

/// Whether a setting is a switch: its value is one.
fn is_switch(now: &Settings, key: &str) -> bool {
    let pointer = format!("/{}", key.replace('.', "/"));
    serde_json::to_value(now).is_ok_and(|all| all.pointer(&pointer).is_some_and(Value::is_boolean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_settings_says_why_and_where() {
        assert_eq!(change_of(" \n"), Err(Unread::Empty));
        assert_eq!(change_of("{\n  \"source_id\": 1,\n}"), Err(Unread::NotJson { line: 3, column: 1 }));
        assert_eq!(change_of("[1, 2]"), Err(Unread::NotSettings));
        assert_eq!(change_of(&"1".repeat(LARGEST + 1)), Err(Unread::TooLarge));
        let deep = "[".repeat(100_000);
        assert!(matches!(change_of(&deep), Err(Unread::NotJson { .. })), "and it does not end the server");
        assert_eq!(text_of(&[0xff, 0xfe, 0x7b]), Err(Unread::NotText));
        assert_eq!(text_of("\u{feff}{}".as_bytes()), Ok("{}"));
    }

    #[test]
    fn a_key_is_found_in_its_line() {
        let text = "{\n \"at\": 1,\n \"schedule\": {\n  \"at\": \"25:00\"\n }\n}";
        assert_eq!(line_of(text, "schedule.at"), Some(4));
        assert_eq!(line_of(text, "at"), Some(2));
        assert_eq!(line_of(text, "schedule.every"), None);
    }
}
