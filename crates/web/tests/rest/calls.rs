//! Every call of the specification, each with a body that it takes and the least role that it needs.

use reqwest::Method;
use serde_json::{Value, json};

/// The least role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Viewer,
    Manager,
    Admin,
}

/// A call that could be made.
pub struct Call {
    pub method: Method,
    pub path: String,
    pub body: Value,
    pub needs: Needs,
}

/// The changing calls; reading needs no more than a viewer, but for users.
fn changing(method: &str, path: &str) -> (Needs, Value) {
    use Needs::{Admin, Manager};
    match (method, path) {
        ("patch", "/orders/{id}")
        | (
            "post",
            "/outbox/{id}/retry"
            | "/outbox/{id}/cancel"
            | "/orders/{id}/cancellation-requests/{request}/approve"
            | "/orders/{id}/cancellation-requests/{request}/reject"
            | "/postings/{posting_number}/order"
            | "/cabinets/{id}/import"
            | "/cabinets/{id}/check"
            | "/cabinets/{id}/warehouses/read",
        )
        | ("patch" | "delete", "/customers/{id}") => (Manager, json!({})),
        ("put", "/mail") => (
            Admin,
            json!({"host": "127.0.0.1", "port": 1, "sender": "a@example.org", "recipients": ["b@example.org"]}),
        ),
        ("post", "/cabinets/{id}/reconciliations") => {
            (Manager, json!({"since": "2026-11-01T00:00:00Z", "until": "2026-11-23T00:00:00Z"}))
        }
        ("put", "/cabinets/{id}/warehouses") => (Admin, json!({"rules": []})),
        ("post", "/customers") => (Manager, json!({"name": "Анна"})),
        ("post", "/cabinets") => (Admin, json!({"name": "A", "client_id": "1", "api_key": "k"})),
        ("post", "/users") => (Admin, json!({"email": "a@example.org", "role": "viewer"})),
        ("post", "/statuses" | "/sources" | "/delivery-methods" | "/payment-methods")
        | ("patch", "/sources/{id}" | "/delivery-methods/{id}" | "/payment-methods/{id}") => {
            (Admin, json!({"name": "A"}))
        }
        ("patch", "/cabinets/{id}" | "/statuses/{id}" | "/users/{id}")
        | ("put", "/cabinets/{id}/settings")
        | ("post", "/mail/trial")
        | (
            "delete",
            "/statuses/{id}" | "/sources/{id}" | "/delivery-methods/{id}" | "/payment-methods/{id}" | "/mail",
        ) => (Admin, json!({})),
        (method, path) => panic!("{method} {path} is new: say here who may do it"),
    }
}

/// Every call of the specification, at things that do not exist.
pub fn every_call(specification: &Value) -> Vec<Call> {
    let mut calls = Vec::new();
    for (path, item) in specification["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let (needs, body) = match (method.as_str(), path.as_str()) {
                ("get", "/users" | "/users/{id}" | "/mail") => (Needs::Admin, json!({})),
                ("get", _) => (Needs::Viewer, json!({})),
                (method, path) => changing(method, path),
            };
            let path = path.replace("{id}", "999999").replace("{posting_number}", "0000-0000-1");
            let path = path.replace("{request}", "999999");
            calls.push(Call { method: method.to_uppercase().parse().unwrap(), path, body, needs });
        }
    }
    assert!(calls.len() > 40, "the specification is there");
    calls
}
