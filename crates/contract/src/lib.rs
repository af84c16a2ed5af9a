//! Holds requests and answers against Ozon's published specification; for tests only.
//!
//! The specification and the official examples lie outside the project, in `../shared/ozon` beside its root. Where that folder
//! is absent [`Specification::load`] prints so and returns `None`, and the test that asked must return early:
//!
//! ```no_run
//! let Some(specification) = contract::Specification::load() else { return };
//! specification
//!     .check_request("/v3/posting/fbs/get", &serde_json::json!({ "posting_number": "1-1-1" }))
//!     .expect("the request is as Ozon names it");
//! ```
//!
//! Requests are held strictly: Ozon silently ignores a field it does not know, so a field that the schema does not name is an
//! error here, at any depth. Answers are held as live answers are: every optional property may be null, an int64 may be a number
//! or a text, a time may be empty, and fields may be there that no schema names. The specification marks few enums and required
//! fields, so a passed check is necessary, not sufficient.

mod examples;
mod schema;
mod unnamed;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

pub use examples::ErrorExample;
use schema::Side;

/// The specification, its compiled checks and the official examples beside it.
pub struct Specification {
    document: Value,
    examples: Option<examples::Folder>,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl std::fmt::Debug for Specification {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Specification").finish_non_exhaustive()
    }
}

impl Specification {
    /// Reads `../shared/ozon/ozon-orders.openapi.json`, counted from the project's root.
    ///
    /// Prints a word to standard error and returns `None` where the file is absent or is not JSON.
    pub fn load() -> Option<Self> {
        let folder = examples::shared_folder();
        let file = folder.join("ozon-orders.openapi.json");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("SKIPPED: no specification at {}: {error}", file.display());
                return None;
            }
        };
        let document = match serde_json::from_str(&text) {
            Ok(document) => document,
            Err(error) => {
                eprintln!("SKIPPED: {} is not JSON: {error}", file.display());
                return None;
            }
        };
        Some(Self {
            examples: Some(examples::Folder::new(folder.join("examples"))),
            ..Self::from_document(document)
        })
    }

    /// Takes an `OpenAPI` 3.0 document that is already in memory; it has no examples.
    pub fn from_document(document: Value) -> Self {
        Self { document, examples: None, compiled: Mutex::default() }
    }

    /// Whether the specification names the method (`/v4/posting/fbs/list`).
    pub fn has(&self, path: &str) -> bool {
        self.operation(path).is_some()
    }

    /// Every method's path, in the specification's order.
    pub fn paths(&self) -> Vec<&str> {
        self.document["paths"]
            .as_object()
            .map(|paths| paths.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// The day since which the method is switched off (`YYYY-MM-DD`), or will be.
    ///
    /// A method that was gone by October 2026 without a day of its own is given the first of that month.
    pub fn sunset(&self, path: &str) -> Option<String> {
        let operation = self.operation(path)?;
        if let Some(day) = operation["x-sunset"].as_str() {
            return Some(day.chars().take(10).collect());
        }
        (operation["x-in-2026-10"] == Value::Bool(false)).then(|| "2026-10-01".to_owned())
    }

    /// Holds a request's body against the method's schema, strictly.
    ///
    /// A method without a body in the specification takes an empty object.
    ///
    /// # Errors
    /// What is wrong, one sentence a fault, each with a JSON pointer.
    pub fn check_request(&self, path: &str, body: &Value) -> Result<(), Vec<String>> {
        let Some(operation) = self.operation(path) else {
            return Err(vec![format!("{path} is not in the specification")]);
        };
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return match body.as_object() {
                Some(fields) if fields.is_empty() => Ok(()),
                _ => Err(vec![format!("{path} takes no parameters, so its body is an empty object")]),
            };
        }
        let mut faults = self.validate(&format!("{path} request"), schema, Side::Request, body)?;
        faults.extend(unnamed::fields(&self.document, schema, body));
        none_or(faults)
    }

    /// Holds an answer's body against the method's schema for that HTTP status, as tolerantly as live answers need.
    ///
    /// A status that the specification does not name is held against the method's error schema.
    ///
    /// # Errors
    /// What is wrong, one sentence a fault, each with a JSON pointer.
    pub fn check_answer(&self, path: &str, status: u16, body: &Value) -> Result<(), Vec<String>> {
        let Some(operation) = self.operation(path) else {
            return Err(vec![format!("{path} is not in the specification")]);
        };
        let responses = &operation["responses"];
        let named = status.to_string();
        let candidates: &[&str] = if status < 300 { &[&named] } else { &[&named, "default", "500", "400"] };
        let Some(schema) = candidates
            .iter()
            .map(|name| &responses[*name]["content"]["application/json"]["schema"])
            .find(|schema| !schema.is_null())
        else {
            return Err(vec![format!("{path} has no answer of status {status}")]);
        };
        none_or(self.validate(&format!("{path} {status}"), schema, Side::Answer, body)?)
    }

    /// The official examples of the method's answers of status 200; empty where there is none.
    pub fn example_answers(&self, path: &str) -> Vec<Value> {
        self.read_examples(|folder| folder.of_method(path, "resp200"))
    }

    /// The official examples of the method's requests; empty where there is none.
    ///
    /// They do not all pass [`check_request`](Self::check_request): some carry numbers where the schema wants texts, and the one of
    /// `/v4/posting/fbs/unfulfilled/list` misspells `last_changed_status_date`.
    pub fn example_requests(&self, path: &str) -> Vec<Value> {
        self.read_examples(|folder| folder.of_method(path, "req"))
    }

    /// The examples of Ozon's push messages, as (message type, message).
    pub fn push_examples(&self) -> Vec<(String, Value)> {
        self.read_examples(examples::Folder::push)
    }

    /// The examples of error answers.
    pub fn error_examples(&self) -> Vec<ErrorExample> {
        self.read_examples(examples::Folder::errors)
    }

    fn read_examples<T>(&self, read: impl FnOnce(&examples::Folder) -> Vec<T>) -> Vec<T> {
        self.examples.as_ref().map(read).unwrap_or_default()
    }

    fn operation(&self, path: &str) -> Option<&Value> {
        self.document["paths"].get(path)?.get("post")
    }

    fn validate(
        &self,
        key: &str,
        schema: &Value,
        side: Side,
        body: &Value,
    ) -> Result<Vec<String>, Vec<String>> {
        let validator = self
            .compiled(key, schema, side)
            .map_err(|fault| vec![format!("the schema of {key} does not compile: {fault}")])?;
        Ok(validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", pointer(&error.instance_path().to_string())))
            .collect())
    }

    fn compiled(&self, key: &str, schema: &Value, side: Side) -> Result<Arc<Validator>, String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(key) {
            return Ok(Arc::clone(validator));
        }
        let json_schema = schema::convert(&self.document, schema, side);
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&json_schema)
            .map_err(|error| error.to_string())?;
        let validator = Arc::new(validator);
        compiled.insert(key.to_owned(), Arc::clone(&validator));
        Ok(validator)
    }
}

fn pointer(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

fn none_or(faults: Vec<String>) -> Result<(), Vec<String>> {
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

#[cfg(test)]
mod tests;
