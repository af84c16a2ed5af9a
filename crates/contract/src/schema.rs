//! Turns an `OpenAPI` 3.0 schema into a JSON Schema of 2020-12, with the strictness of a request or the tolerance of an answer.
//! Does not validate.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Which way the body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// From us to Ozon: exactly as the schema says.
    Request,
    /// From Ozon to us: nulls, int64 as text, empty times.
    Answer,
}

/// Keywords that mean the same in both dialects and hold a plain value.
const SAME_MEANING: [&str; 9] = [
    "required",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "pattern",
    "uniqueItems",
];

/// Converts the schema and every component that it reaches.
pub(crate) fn convert(document: &Value, schema: &Value, side: Side) -> Value {
    let mut conversion = Conversion { document, side, definitions: BTreeMap::new(), names: BTreeMap::new() };
    let mut root = conversion.schema(schema);
    if let Value::Object(fields) = &mut root {
        fields.insert("$defs".to_owned(), Value::Object(conversion.definitions.into_iter().collect()));
    }
    root
}

/// The schema that a `$ref` of the document points at.
pub(crate) fn referred<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    document.pointer(reference.strip_prefix('#')?)
}

struct Conversion<'d> {
    document: &'d Value,
    side: Side,
    definitions: BTreeMap<String, Value>,
    names: BTreeMap<String, String>,
}

impl Conversion<'_> {
    fn schema(&mut self, schema: &Value) -> Value {
        let Some(fields) = schema.as_object() else {
            return json!({});
        };
        if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
            return json!({ "$ref": self.reference(reference) });
        }
        let mut out = Map::new();
        for keyword in SAME_MEANING {
            if let Some(value) = fields.get(keyword) {
                out.insert(keyword.to_owned(), value.clone());
            }
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let Some(members) = fields.get(keyword).and_then(Value::as_array) {
                let members = members.iter().map(|member| self.schema(member)).collect();
                out.insert(keyword.to_owned(), Value::Array(members));
            }
        }
        if let Some(items) = fields.get("items") {
            out.insert("items".to_owned(), self.schema(items));
        }
        if let Some(rest) = fields.get("additionalProperties") {
            let rest = if rest.is_object() { self.schema(rest) } else { rest.clone() };
            out.insert("additionalProperties".to_owned(), rest);
        }
        if let Some(properties) = fields.get("properties").and_then(Value::as_object) {
            let required: Vec<&str> = fields
                .get("required")
                .and_then(Value::as_array)
                .map(|names| names.iter().filter_map(Value::as_str).collect())
                .unwrap_or_default();
            let properties = properties
                .iter()
                .map(|(name, property)| {
                    let converted = self.schema(property);
                    let converted = if self.side == Side::Answer && !required.contains(&name.as_str()) {
                        or_null(&converted)
                    } else {
                        converted
                    };
                    (name.clone(), converted)
                })
                .collect();
            out.insert("properties".to_owned(), Value::Object(properties));
        }
        self.type_and_format(fields, &mut out);
        nullable(fields, out)
    }

    fn reference(&mut self, reference: &str) -> String {
        if let Some(name) = self.names.get(reference) {
            return format!("#/$defs/{name}");
        }
        let name = format!("schema{}", self.names.len());
        self.names.insert(reference.to_owned(), name.clone());
        let document = self.document;
        let converted = match referred(document, reference) {
            Some(schema) => self.schema(schema),
            // A reference to nothing must refuse, or the check would pass everything.
            None => Value::Bool(false),
        };
        self.definitions.insert(name.clone(), converted);
        format!("#/$defs/{name}")
    }

    fn type_and_format(&self, fields: &Map<String, Value>, out: &mut Map<String, Value>) {
        let kind = fields.get("type").and_then(Value::as_str);
        let format = fields.get("format").and_then(Value::as_str);
        if let Some(kind) = kind {
            out.insert("type".to_owned(), kind.into());
        }
        if let Some(values) = fields.get("enum") {
            out.insert("enum".to_owned(), values.clone());
        }
        match (kind, format) {
            // Written of arrays in places, where only a number of items can be meant.
            (Some("array"), _) => {
                if let Some(most) = out.remove("maximum") {
                    out.entry("maxItems").or_insert(most);
                }
            }
            (Some("integer"), Some("int64" | "uint64")) if self.side == Side::Answer => {
                let number = std::mem::take(out);
                let text = json!({ "type": "string", "pattern": "^-?[0-9]{1,20}$" });
                out.insert("anyOf".to_owned(), json!([number, text]));
            }
            (Some("integer"), Some("int32")) => {
                out.entry("minimum").or_insert(json!(i32::MIN));
                out.entry("maximum").or_insert(json!(i32::MAX));
            }
            (Some("string"), Some("int64" | "uint64")) => {
                if self.side == Side::Answer {
                    out.insert("type".to_owned(), json!(["string", "integer"]));
                } else {
                    out.insert("pattern".to_owned(), json!("^-?[0-9]{1,20}$"));
                }
            }
            (Some("string"), Some("date-time")) => {
                out.insert("format".to_owned(), json!("date-time"));
                if self.side == Side::Answer {
                    let time = std::mem::take(out);
                    out.insert("anyOf".to_owned(), json!([time, { "const": "" }]));
                }
            }
            _ => {}
        }
    }
}

fn nullable(fields: &Map<String, Value>, out: Map<String, Value>) -> Value {
    if fields.get("nullable") == Some(&Value::Bool(true)) {
        or_null(&Value::Object(out))
    } else {
        Value::Object(out)
    }
}

fn or_null(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}
