//! Finds the fields of a request that its schema does not name, at any depth. Does not look at values.

use serde_json::Value;

use crate::schema::referred;

/// One sentence for each field that no schema names.
pub(crate) fn fields(document: &Value, schema: &Value, body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    walk(document, &alternatives(document, schema), body, "", &mut faults);
    faults
}

fn walk(document: &Value, schemas: &[&Value], body: &Value, path: &str, faults: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            // A schema that takes any further field has no names to hold against.
            let open = schemas.iter().any(|schema| {
                let rest = &schema["additionalProperties"];
                rest.is_object() || *rest == Value::Bool(true)
            });
            for (name, value) in fields {
                let at = format!("{path}/{name}");
                let named: Vec<&Value> = schemas
                    .iter()
                    .filter_map(|schema| schema["properties"].get(name))
                    .flat_map(|property| alternatives(document, property))
                    .collect();
                if !named.is_empty() {
                    walk(document, &named, value, &at, faults);
                } else if !open {
                    faults.push(format!("{at}: the schema does not name this field"));
                }
            }
        }
        Value::Array(items) => {
            let schemas: Vec<&Value> = schemas
                .iter()
                .filter_map(|schema| schema.get("items"))
                .flat_map(|items| alternatives(document, items))
                .collect();
            for (index, item) in items.iter().enumerate() {
                walk(document, &schemas, item, &format!("{path}/{index}"), faults);
            }
        }
        _ => {}
    }
}

/// The schema itself and all that it is composed of, references followed.
fn alternatives<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    let mut found: Vec<&Value> = Vec::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        if found.iter().any(|known| std::ptr::eq(*known, schema)) {
            continue;
        }
        found.push(schema);
        if let Some(target) = schema["$ref"].as_str().and_then(|reference| referred(document, reference)) {
            waiting.push(target);
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let Some(members) = schema[keyword].as_array() {
                waiting.extend(members);
            }
        }
    }
    found
}
