//! Owns the application of overrides to a posting's shown JSON. Does not know what they are for.

use serde_json::{Map, Value};

use crate::model::posting::Override;

pub(crate) fn apply(shown: &mut Value, overrides: &[Override]) {
    for change in overrides {
        match change {
            Override::Merge(patch) => merge(shown, patch),
            Override::At { pointer, value } => put(shown, pointer, value),
        }
    }
}

/// RFC 7396.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.as_str()).or_insert(Value::Null), value);
        }
    }
}

/// Adds the field when its parent is an object; does nothing where there is no parent.
fn put(target: &mut Value, pointer: &str, value: &Value) {
    if let Some(place) = target.pointer_mut(pointer) {
        place.clone_from(value);
    } else if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(parent)) = target.pointer_mut(parent)
    {
        let name = name.replace("~1", "/").replace("~0", "~");
        parent.insert(name, value.clone());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_merge_replaces_adds_and_removes() {
        let mut shown = json!({"a": 1, "b": {"c": 2, "d": 3}, "products": [1]});
        apply(
            &mut shown,
            &[Override::Merge(json!({"a": null, "b": {"c": "x"}, "products": "oops", "new": {"e": null}}))],
        );
        assert_eq!(shown, json!({"b": {"c": "x", "d": 3}, "products": "oops", "new": {}}));
    }

    #[test]
    fn a_pointer_puts_nulls_and_new_fields() {
        let mut shown = json!({"products": [{"name": "a"}]});
        apply(
            &mut shown,
            &[
                Override::At { pointer: "/products/0/name".to_owned(), value: Value::Null },
                Override::At { pointer: "/products/0/extra".to_owned(), value: json!(1) },
                Override::At { pointer: "/nowhere/at/all".to_owned(), value: json!(1) },
            ],
        );
        assert_eq!(shown, json!({"products": [{"name": null, "extra": 1}]}));
    }
}
