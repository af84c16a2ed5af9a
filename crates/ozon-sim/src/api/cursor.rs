//! Owns the keyset cursors: base64 of JSON, as Ozon's examples have them (API section 3.1).
//! Does not select anything.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Longer texts are no cursors of ours.
const LONGEST: usize = 2_048;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Direction {
    #[default]
    Ascending,
    Descending,
}

impl Direction {
    fn word(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    fields: Vec<Field>,
}

#[derive(Serialize, Deserialize)]
struct Field {
    name: String,
    dir: String,
    val: String,
}

/// A key that a cursor can point at.
pub(crate) trait Key: Sized {
    /// Names of its fields, in order.
    const NAMES: &'static [&'static str];
    fn values(&self) -> Vec<String>;
    /// `values` has as many elements as `NAMES`.
    fn parse(values: &[String]) -> Option<Self>;
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

impl Key for (DateTime<Utc>, i64) {
    const NAMES: &'static [&'static str] = &["osp.in_process_at", "osp.id"];

    fn values(&self) -> Vec<String> {
        vec![text(self.0), self.1.to_string()]
    }

    fn parse(values: &[String]) -> Option<Self> {
        Some((instant(values.first()?)?, values.get(1)?.parse().ok()?))
    }
}

impl Key for (DateTime<Utc>, DateTime<Utc>, i64) {
    const NAMES: &'static [&'static str] = &["osp.cutoff", "osp.in_process_at", "osp.id"];

    fn values(&self) -> Vec<String> {
        vec![text(self.0), text(self.1), self.2.to_string()]
    }

    fn parse(values: &[String]) -> Option<Self> {
        Some((instant(values.first()?)?, instant(values.get(1)?)?, values.get(2)?.parse().ok()?))
    }
}

impl Key for i64 {
    const NAMES: &'static [&'static str] = &["id"];

    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }

    fn parse(values: &[String]) -> Option<Self> {
        values.first()?.parse().ok()
    }
}

pub(crate) fn encode<K: Key>(key: &K, direction: Direction) -> String {
    let fields = K::NAMES
        .iter()
        .zip(key.values())
        .map(|(&name, val)| Field { name: name.to_owned(), dir: direction.word().to_owned(), val })
        .collect();
    let json = serde_json::to_vec(&Envelope { fields }).expect("an envelope of texts is always JSON");
    STANDARD.encode(json)
}

/// `None` for the empty cursor of a first page; a cursor of another list, of the other direction
/// or of no list at all is refused.
pub(crate) fn decode<K: Key>(cursor: &str, direction: Direction) -> Result<Option<K>, Refusal> {
    if cursor.is_empty() {
        return Ok(None);
    }
    let refusal = || Refusal::invalid("invalid cursor");
    if cursor.len() > LONGEST {
        return Err(refusal());
    }
    let json = STANDARD.decode(cursor).map_err(|_| refusal())?;
    let envelope: Envelope = serde_json::from_slice(&json).map_err(|_| refusal())?;
    let fits = envelope.fields.len() == K::NAMES.len()
        && envelope
            .fields
            .iter()
            .zip(K::NAMES)
            .all(|(field, name)| field.name == *name && field.dir == direction.word());
    if !fits {
        return Err(refusal());
    }
    let values: Vec<String> = envelope.fields.into_iter().map(|field| field.val).collect();
    K::parse(&values).map(Some).ok_or_else(refusal)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Start = (DateTime<Utc>, i64);

    fn key() -> Start {
        ("2026-01-15T10:30:00Z".parse().unwrap(), 1_234_567_890)
    }

    #[test]
    fn a_cursor_reads_as_ozons_own_example() {
        let json = STANDARD.decode(encode(&key(), Direction::Ascending)).unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            r#"{"fields":[{"name":"osp.in_process_at","dir":"asc","val":"2026-01-15T10:30:00Z"},{"name":"osp.id","dir":"asc","val":"1234567890"}]}"#
        );
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        for direction in [Direction::Ascending, Direction::Descending] {
            let cursor = encode(&key(), direction);
            assert_eq!(decode::<Start>(&cursor, direction).unwrap(), Some(key()));
        }
        assert_eq!(decode::<Start>("", Direction::Ascending).unwrap(), None);
    }

    #[test]
    fn hostile_cursors_are_refused() {
        let of = |json: &str| STANDARD.encode(json);
        let foreign = encode(&7_i64, Direction::Ascending);
        let turned = encode(&key(), Direction::Descending);
        for cursor in [
            "garbage",
            "==",
            "ёж",
            &of("{}"),
            &of("[]"),
            &of("null"),
            &of(r#"{"fields":[]}"#),
            &of(
                r#"{"fields":[{"name":"osp.in_process_at","dir":"asc","val":"yesterday"},{"name":"osp.id","dir":"asc","val":"1"}]}"#,
            ),
            &of(
                r#"{"fields":[{"name":"osp.in_process_at","dir":"asc","val":"2026-01-15T10:30:00Z"},{"name":"osp.id","dir":"asc","val":"99999999999999999999"}]}"#,
            ),
            &of(
                r#"{"fields":[{"name":"'; drop table osp","dir":"asc","val":"2026-01-15T10:30:00Z"},{"name":"osp.id","dir":"asc","val":"1"}]}"#,
            ),
            &foreign,
            &turned,
            &"A".repeat(100_000),
        ] {
            assert!(decode::<Start>(cursor, Direction::Ascending).is_err(), "{cursor:.80}");
        }
    }
}
