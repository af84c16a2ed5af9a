//! Owns the check of a request against a described shape: types, required fields, unknown ones.
//! Does not describe the shapes (see `shapes`) and takes no values out.

use chrono::DateTime;
use serde_json::Value;

use crate::refusal::Refusal;

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Shape {
    Text,
    Flag,
    /// int64: a number, or a text of digits.
    Whole,
    /// RFC 3339.
    Instant,
    /// ASC or DESC in any case.
    SortDirection,
    /// int64 each, at most so many.
    Wholes(usize),
    /// Texts, at most so many.
    Texts(usize),
    /// Known words only, when strict.
    Words(&'static [&'static str]),
    /// So many of one shape.
    Items {
        least: usize,
        most: usize,
        of: &'static Shape,
    },
    /// One known word; unknown ones are refused when strict.
    Word(&'static [&'static str]),
    Record(&'static [Field]),
}

/// A named part of a record.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) is_required: bool,
}

pub(crate) const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: false }
}

pub(crate) const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: true }
}

/// A request's name in Ozon's texts and its shape.
#[derive(Debug)]
pub(crate) struct RequestShape {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

impl RequestShape {
    /// Strict: fields that Ozon would silently ignore and nulls are refused too.
    pub(crate) fn check(&self, body: &Value, strict: bool) -> Result<(), Refusal> {
        let checker = Checker { request: self.name, strict };
        checker.record(body, self.fields, "")
    }
}

struct Checker {
    request: &'static str,
    strict: bool,
}

impl Checker {
    fn record(&self, value: &Value, fields: &[Field], path: &str) -> Result<(), Refusal> {
        let Value::Object(map) = value else {
            return Err(syntax(path, value));
        };
        for (name, value) in map {
            let path = join(path, name);
            match fields.iter().find(|field| field.name == name) {
                Some(field) => {
                    if value.is_null() && !self.strict {
                        continue;
                    }
                    self.value(value, &field.shape, &path)?;
                }
                None if self.strict => {
                    return Err(Refusal::invalid(format!("proto: unknown field \"{}\"", shorten(&path))));
                }
                None => {}
            }
        }
        for field in fields.iter().filter(|field| field.is_required) {
            if map.get(field.name).is_none_or(Value::is_null) {
                let reason = match field.shape {
                    // An absent number reads as nought, an absent list as empty.
                    Shape::Whole => "value must be inside range (0, 100]".to_owned(),
                    Shape::Items { least, most, .. } => between(least, most),
                    _ => "value is required".to_owned(),
                };
                return Err(self.invalid(&join(path, field.name), &reason));
            }
        }
        Ok(())
    }

    fn value(&self, value: &Value, shape: &Shape, path: &str) -> Result<(), Refusal> {
        let fits = match shape {
            Shape::Text => value.is_string(),
            Shape::Flag => value.is_boolean(),
            Shape::Whole => whole(value).is_some(),
            Shape::Instant => {
                let text = value.as_str().ok_or_else(|| syntax(path, value))?;
                DateTime::parse_from_rfc3339(text).map_err(|_| {
                    Refusal::invalid(format!(
                        "proto: invalid google.protobuf.Timestamp value \"{}\" for {path}",
                        shorten(text)
                    ))
                })?;
                true
            }
            Shape::SortDirection => {
                let text = value.as_str().ok_or_else(|| syntax(path, value))?;
                if !["asc", "desc", ""].contains(&text.to_ascii_lowercase().as_str()) {
                    return Err(self.invalid(path, "value must be one of [ASC DESC]"));
                }
                true
            }
            Shape::Wholes(most) => {
                let list = self.list(value, *most, path)?;
                list.iter().all(|item| whole(item).is_some())
            }
            Shape::Texts(most) => {
                let list = self.list(value, *most, path)?;
                list.iter().all(Value::is_string)
            }
            Shape::Words(known) => {
                let list = self.list(value, 1_000, path)?;
                return list.iter().try_for_each(|word| self.word(word, known, path));
            }
            Shape::Word(known) => return self.word(value, known, path),
            Shape::Items { least, most, of } => {
                let list = value.as_array().ok_or_else(|| syntax(path, value))?;
                if !(*least..=*most).contains(&list.len()) {
                    return Err(self.invalid(path, &between(*least, *most)));
                }
                return list.iter().try_for_each(|item| self.value(item, of, path));
            }
            Shape::Record(fields) => return self.record(value, fields, path),
        };
        if fits { Ok(()) } else { Err(syntax(path, value)) }
    }

    fn word(&self, value: &Value, known: &[&str], path: &str) -> Result<(), Refusal> {
        let word = value.as_str().ok_or_else(|| syntax(path, value))?;
        if self.strict && !known.contains(&word) {
            return Err(self.invalid(path, &format!("value \"{}\" is not known", shorten(word))));
        }
        Ok(())
    }

    fn list<'v>(&self, value: &'v Value, most: usize, path: &str) -> Result<&'v [Value], Refusal> {
        let list = value.as_array().ok_or_else(|| syntax(path, value))?;
        if list.len() > most {
            let reason = format!("value must contain no more than {most} item(s)");
            return Err(self.invalid(path, &reason));
        }
        Ok(list)
    }

    /// Ozon names the field in camel case: `invalid PostingFbsListRequest.Limit: …`.
    fn invalid(&self, path: &str, reason: &str) -> Refusal {
        Refusal::invalid(format!("invalid {}.{}: {reason}", self.request, camel(path)))
    }
}

/// An int64 written as a number or as a text.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn between(least: usize, most: usize) -> String {
    format!("value must contain between {least} and {most} items")
}

fn syntax(path: &str, value: &Value) -> Refusal {
    Refusal::invalid(format!(
        "proto: syntax error at {}: unexpected token {}",
        if path.is_empty() { "the body" } else { path },
        shorten(&value.to_string())
    ))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A hostile text is not echoed whole.
fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

/// `filter.last_changed_status_date` → `Filter.LastChangedStatusDate`.
pub(crate) fn camel(path: &str) -> String {
    let mut camel = String::with_capacity(path.len());
    let mut upper = true;
    for letter in path.chars() {
        match letter {
            '_' => upper = true,
            '.' => {
                camel.push('.');
                upper = true;
            }
            letter if upper => {
                camel.extend(letter.to_uppercase());
                upper = false;
            }
            letter => camel.push(letter),
        }
    }
    camel
}
