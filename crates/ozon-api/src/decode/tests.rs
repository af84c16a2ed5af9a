use chrono::{DateTime, TimeZone, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{from_text, part, parts, scalar, scalars, time};

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Everything {
    #[serde(deserialize_with = "scalar")]
    id: Option<i64>,
    #[serde(deserialize_with = "scalar")]
    small: Option<u32>,
    #[serde(deserialize_with = "scalar")]
    text: Option<String>,
    #[serde(deserialize_with = "scalar")]
    truth: Option<bool>,
    #[serde(deserialize_with = "scalar")]
    amount: Option<Decimal>,
    #[serde(deserialize_with = "scalar")]
    place: Option<f64>,
    #[serde(deserialize_with = "scalar")]
    at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "scalars")]
    ids: Option<Vec<i64>>,
    #[serde(deserialize_with = "part")]
    inner: Option<Inner>,
    #[serde(deserialize_with = "parts")]
    inners: Option<Vec<Inner>>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Inner {
    #[serde(deserialize_with = "scalar")]
    name: Option<String>,
}

fn read(json: &str) -> Everything {
    from_text(json).unwrap()
}

#[test]
fn an_int64_is_read_from_a_number_or_a_text() {
    assert_eq!(read(r#"{"id":20605650762000}"#).id, Some(20_605_650_762_000));
    assert_eq!(read(r#"{"id":"20605650762000"}"#).id, Some(20_605_650_762_000));
    assert_eq!(read(r#"{"id":7.0}"#).id, Some(7));
    for odd in
        [r#""""#, r#""abc""#, "1.5", "18446744073709551615", "1e300", "[1]", r#"{"a":1}"#, "true", "null"]
    {
        assert_eq!(read(&format!(r#"{{"id":{odd}}}"#)).id, None, "{odd}");
    }
}

#[test]
fn a_field_of_a_wrong_type_costs_only_itself() {
    let read = read(
        r#"{"id":{"deep":[1,{"a":2}]},"small":-1,"text":"kept","truth":"yes","amount":"dear","place":[],"at":5,"ids":"none","inner":"none","inners":7}"#,
    );
    assert_eq!(read, Everything { text: Some("kept".to_owned()), ..Everything::default() });
}

#[test]
fn members_of_a_list_that_cannot_be_read_are_left_out() {
    let read = read(r#"{"ids":[1,"2",null,"x",[3],4],"inners":[{"name":"a"},null,5,{"name":null}]}"#);
    assert_eq!(read.ids, Some(vec![1, 2, 4]));
    assert_eq!(read.inners, Some(vec![Inner { name: Some("a".to_owned()) }, Inner { name: None }]));
}

#[test]
fn an_amount_keeps_its_kopecks_whether_text_or_number() {
    for (json, amount) in [
        (r#""1530.0000""#, "1530"),
        (r#""12990.05""#, "12990.05"),
        ("0.1", "0.1"),
        ("2500", "2500"),
        ("99999999.99", "99999999.99"),
        (r#"" 300 ""#, "300"),
        ("1e3", "1000"),
    ] {
        let read = read(&format!(r#"{{"amount":{json}}}"#)).amount.unwrap();
        assert_eq!(read.to_string(), amount, "{json}");
    }
    assert_eq!(read(r#"{"amount":""}"#).amount, None);
    assert_eq!(read(r#"{"amount":"1e400"}"#).amount, None);
}

#[test]
fn truths_are_read_from_texts_and_numbers() {
    assert_eq!(read(r#"{"truth":"true"}"#).truth, Some(true));
    assert_eq!(read(r#"{"truth":0}"#).truth, Some(false));
    assert_eq!(read(r#"{"truth":2}"#).truth, None);
}

#[test]
fn times_are_read_with_any_fraction_and_cut_to_microseconds() {
    let second = Utc.with_ymd_and_hms(2026, 5, 4, 6, 44, 37).unwrap();
    for text in [
        "2026-05-04T06:44:37Z",
        "2026-05-04T06:44:37.0Z",
        "2026-05-04T09:44:37+03:00",
        "2026-05-04T06:44:37",
        "2026-05-04 06:44:37",
        "2026-05-04T06:44:37.000000900Z",
        " 2026-05-04T06:44:37Z ",
    ] {
        assert_eq!(time::parse(text), Some(second), "{text}");
    }
    let fine = time::parse("2026-05-04T06:44:37.123456789Z").unwrap();
    assert_eq!(fine.timestamp_subsec_nanos(), 123_456_000);
    assert_eq!(time::parse("2026-05-04").unwrap().to_rfc3339(), "2026-05-04T00:00:00+00:00");
}

#[test]
fn empty_times_sentinels_and_what_is_no_time_are_absent() {
    for text in [
        "",
        " ",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999900Z",
        "9999-12-31T00:00:00Z",
        "tomorrow",
        "2026-13-01T00:00:00Z",
        "2026-05-04T25:00:00Z",
    ] {
        assert_eq!(time::parse(text), None, "{text}");
    }
}

#[test]
fn half_of_an_emoji_is_replaced_and_the_rest_is_kept() {
    let read = read(r#"{"text":"a\\ud83d \ud83d b \ud83d\ude00 \ude00","id":1}"#);
    assert_eq!(read.text.unwrap(), "a\\ud83d \u{fffd} b \u{1f600} \u{fffd}");
    assert_eq!(read.id, Some(1));
}
