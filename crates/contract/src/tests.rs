use serde_json::{Value, json};

use super::Specification;

fn small() -> Specification {
    Specification::from_document(json!({
        "paths": {
            "/v1/parcel/list": { "post": {
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Request" } } } },
                "responses": {
                    "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Answer" } } } },
                    "400": { "content": { "application/json": { "schema": { "type": "object", "properties": {
                        "code": { "type": "integer", "format": "int32" }, "message": { "type": "string" } } } } } }
                }
            } },
            "/v1/nothing": { "post": { "responses": {}, "x-in-2026-10": true } },
            "/v1/old": { "post": { "deprecated": true, "x-sunset": "2026-08-11 (removed from docs)", "responses": {} } },
            "/v1/gone": { "post": { "x-in-2026-10": false, "responses": {} } },
            "/v1/broken": { "post": {
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Nowhere" } } } },
                "responses": {} } }
        },
        "components": { "schemas": {
            "Request": { "type": "object", "required": ["filter"], "properties": {
                "filter": { "type": "object", "properties": {
                    "since": { "type": "string", "format": "date-time" },
                    "ids": { "type": "array", "maximum": 2, "items": { "type": "string", "format": "int64" } },
                    "order_id": { "type": "integer", "format": "int64" },
                    "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Part" } } } },
                "limit": { "type": "integer", "format": "int64", "minimum": 1, "maximum": 100 },
                "sort_dir": { "type": "string", "enum": ["ASC", "DESC"] },
                "free": { "type": "object", "additionalProperties": { "type": "string" } } } },
            "Part": { "type": "object", "properties": {
                "name": { "type": "string" }, "part": { "$ref": "#/components/schemas/Part" } } },
            "Answer": { "type": "object", "required": ["parcels"], "properties": {
                "parcels": { "type": "array", "items": { "type": "object", "properties": {
                    "id": { "type": "integer", "format": "int64" },
                    "sent_at": { "type": "string", "format": "date-time" },
                    "customer": { "anyOf": [ { "$ref": "#/components/schemas/Part" }, { "type": "object", "nullable": true, "enum": [null] } ] },
                    "weight": { "type": "number", "format": "double" } } } } } }
        } }
    }))
}

#[track_caller]
fn accepts(body: &Value) {
    small().check_request("/v1/parcel/list", body).expect("the request is right");
}

#[track_caller]
fn refuses(body: &Value, word: &str) {
    let faults = small().check_request("/v1/parcel/list", body).expect_err("the request is wrong");
    assert!(faults.iter().any(|fault| fault.contains(word)), "{word:?} is not among {faults:?}");
}

#[test]
fn a_request_as_the_schema_names_it_passes() {
    accepts(&json!({ "filter": {} }));
    accepts(&json!({
        "filter": { "since": "2026-01-01T00:00:00Z", "ids": ["1", "22"], "order_id": 5,
            "parts": [{ "name": "a", "part": { "name": "b" } }] },
        "limit": 100, "sort_dir": "ASC", "free": { "anything": "goes" } }));
}

#[test]
fn a_request_with_a_field_that_the_schema_does_not_name_is_refused_at_any_depth() {
    refuses(&json!({ "filter": {}, "offset": 0 }), "/offset");
    refuses(&json!({ "filter": { "status": "new" } }), "/filter/status");
    refuses(&json!({ "filter": { "parts": [{ "part": { "nam": "x" } }] } }), "/filter/parts/0/part/nam");
}

#[test]
fn a_request_of_wrong_types_is_refused() {
    refuses(&json!({}), "filter");
    refuses(&json!({ "filter": null }), "/filter");
    refuses(&json!({ "filter": { "ids": [1] } }), "/filter/ids/0");
    refuses(&json!({ "filter": { "ids": ["one"] } }), "/filter/ids/0");
    refuses(&json!({ "filter": { "ids": ["1", "2", "3"] } }), "/filter/ids");
    refuses(&json!({ "filter": { "order_id": "5" } }), "/filter/order_id");
    refuses(&json!({ "filter": { "since": "01.01.2026" } }), "/filter/since");
    refuses(&json!({ "filter": {}, "limit": 101 }), "/limit");
    refuses(&json!({ "filter": {}, "sort_dir": "asc" }), "/sort_dir");
    refuses(&json!({ "filter": {}, "free": { "anything": 1 } }), "/free/anything");
}

#[test]
fn a_method_without_a_body_takes_only_an_empty_object() {
    assert!(small().check_request("/v1/nothing", &json!({})).is_ok());
    assert!(small().check_request("/v1/nothing", &json!({ "a": 1 })).is_err());
    assert!(small().check_request("/v1/nothing", &Value::Null).is_err());
}

#[test]
fn an_answer_may_be_as_live_answers_are() {
    let answers = [
        json!({ "parcels": [] }),
        json!({ "parcels": [{ "id": 1, "sent_at": "2026-05-04T06:44:37Z", "customer": { "name": "a" }, "weight": 0.5 }] }),
        json!({ "parcels": [{ "id": "20605650762000", "sent_at": "", "customer": null, "weight": null, "unknown": [1] }] }),
        json!({ "parcels": [{ "id": null, "sent_at": null, "customer": { "name": null, "part": null } }] }),
        json!({ "parcels": [{ "sent_at": "9999-12-31T23:59:59.999999900Z" }] }),
    ];
    for answer in answers {
        small().check_answer("/v1/parcel/list", 200, &answer).expect("live answers look so");
    }
}

#[test]
fn a_wrong_answer_is_refused() {
    let answers = [
        json!({}),
        json!([]),
        json!({ "parcels": null }),
        json!({ "parcels": [{ "id": "many" }] }),
        json!({ "parcels": [{ "id": 1.5 }] }),
        json!({ "parcels": [{ "sent_at": "yesterday" }] }),
        json!({ "parcels": [{ "customer": "Ivan" }] }),
        json!({ "parcels": [{ "customer": { "part": { "name": 1 } } }] }),
        json!({ "parcels": [{ "weight": "0.5" }] }),
    ];
    for answer in answers {
        assert!(small().check_answer("/v1/parcel/list", 200, &answer).is_err(), "{answer} passed");
    }
}

#[test]
fn an_error_of_a_status_that_is_not_named_is_held_against_the_error_schema() {
    let specification = small();
    let right = json!({ "code": 8, "message": "slower" });
    let wrong = json!({ "code": "eight" });
    assert!(specification.check_answer("/v1/parcel/list", 429, &right).is_ok());
    assert!(specification.check_answer("/v1/parcel/list", 429, &wrong).is_err());
    assert!(specification.check_answer("/v1/parcel/list", 204, &right).is_err());
}

#[test]
fn a_method_that_is_not_in_the_specification_is_refused() {
    let specification = small();
    assert!(!specification.has("/v1/parcel"));
    assert!(specification.check_request("/v1/parcel", &json!({})).is_err());
    assert!(specification.check_answer("/v1/parcel", 200, &json!({})).is_err());
}

#[test]
fn a_schema_that_refers_to_nothing_refuses_everything() {
    assert!(small().check_request("/v1/broken", &json!({})).is_err());
}

#[test]
fn methods_that_are_switched_off_have_a_day() {
    let specification = small();
    assert_eq!(specification.sunset("/v1/old").as_deref(), Some("2026-08-11"));
    assert_eq!(specification.sunset("/v1/gone").as_deref(), Some("2026-10-01"));
    assert_eq!(specification.sunset("/v1/nothing"), None);
}

#[test]
fn every_schema_of_the_published_specification_compiles() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let paths: Vec<String> = specification.paths().iter().map(ToString::to_string).collect();
    assert!(paths.len() > 100);
    for path in &paths {
        for outcome in [
            specification.check_request(path, &json!({})),
            specification.check_answer(path, 200, &json!({})),
            specification.check_answer(path, 400, &json!({})),
        ] {
            if let Err(faults) = outcome {
                assert!(!faults.iter().any(|fault| fault.contains("does not compile")), "{path}: {faults:?}");
            }
        }
    }
}

#[test]
fn the_published_specification_refuses_what_old_clients_send() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let list = "/v4/posting/fbs/list";
    let filter = json!({ "since": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z" });
    specification
        .check_request(list, &json!({ "filter": filter, "limit": 100 }))
        .expect("this is how the method is called");
    for old in [
        json!({ "filter": filter, "limit": 1000 }),
        json!({ "filter": filter, "limit": 100, "offset": 0 }),
        json!({ "filter": filter, "limit": 100, "dir": "ASC" }),
        json!({ "filter": { "since": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z", "status": "delivering" }, "limit": 100 }),
    ] {
        assert!(specification.check_request(list, &old).is_err(), "{old} passed");
    }
    assert_eq!(specification.sunset("/v3/posting/fbs/list").as_deref(), Some("2026-08-31"));
    assert_eq!(specification.sunset(list), None);
}

#[test]
fn the_official_examples_are_found_and_the_answers_of_order_lists_pass() {
    let Some(specification) = Specification::load() else {
        return;
    };
    for path in
        ["/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list", "/v3/posting/fbs/get", "/v1/roles"]
    {
        let answers = specification.example_answers(path);
        assert!(!answers.is_empty(), "{path} has no example");
        for answer in answers {
            specification.check_answer(path, 200, &answer).expect("the official answer passes");
        }
    }
    assert_eq!(specification.example_requests("/v4/posting/fbs/list").len(), 1);
    assert!(
        specification
            .push_examples()
            .iter()
            .any(|(kind, message)| kind == "TYPE_PING" && message["message_type"] == "TYPE_PING")
    );
    assert!(
        specification
            .error_examples()
            .iter()
            .any(|example| example.status == 429 && example.body["code"] == 8)
    );
}

#[test]
fn the_misspelt_field_of_an_official_request_is_refused() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let path = "/v4/posting/fbs/unfulfilled/list";
    for request in specification.example_requests(path) {
        let faults = specification.check_request(path, &request).expect_err("the example misspells a field");
        assert!(faults.iter().any(|fault| fault.contains("/filter/last_change_status_date")));
    }
}
