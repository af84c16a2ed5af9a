//! Holds answers against the specification that the site serves.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// The specification.
pub struct Shapes {
    specification: Value,
}

impl Shapes {
    pub fn of(specification: Value) -> Self {
        Self { specification }
    }

    pub fn specification(&self) -> &Value {
        &self.specification
    }

    /// The answer is one that the specification tells of; an address or method that it does not know is refused.
    pub fn check(&self, method: &Method, path: &str, status: StatusCode, kind: &str, body: &Value) {
        let paths = self.specification["paths"].as_object().unwrap();
        let operation = paths
            .iter()
            .find(|(template, _)| fits(template, path))
            .map(|(_, item)| &item[method.as_str().to_lowercase()])
            .filter(|operation| operation.is_object());
        let Some(operation) = operation else {
            assert!(
                status.is_client_error(),
                "{method} {path} is not in the specification and answers {status}"
            );
            return;
        };
        let responses = operation["responses"].as_object().unwrap();
        let told = responses.get(status.as_str()).unwrap_or_else(|| {
            panic!("{method} {path}: the specification does not tell of {status}: {body}");
        });
        let Some(content) = told["content"].as_object() else {
            assert!(
                body.is_null(),
                "{method} {path} {status}: a body that the specification does not tell of"
            );
            return;
        };
        let schema = content.get(kind).unwrap_or_else(|| panic!("{method} {path} {status}: {kind}"));
        let document = json!({"allOf": [schema["schema"]], "components": self.specification["components"]});
        let validator = jsonschema::draft202012::new(&document).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{method} {path} {status}: {}\n{body}", faults.join("\n"));
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(&path).all(|(t, p)| t.starts_with('{') || t == p)
}
