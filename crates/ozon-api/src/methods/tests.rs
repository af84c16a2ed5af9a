use chrono::{DateTime, TimeZone, Utc};
use contract::Specification;
use serde_json::{Value, json};

use super::{
    ApproveCancellation, Batch, CancellationFilter, CancellationPageLimit, CancellationWith,
    CheckNotificationUrl, DeleteNotificationUrl, DeliveryMethodFilter, EnableNotificationUrl, GetPosting,
    GetRoles, GetSellerInfo, GetWith, ListCancellationRequests, ListDeliveryMethods, ListNotificationUrls,
    ListPostings, ListPushTypes, ListUnfulfilled, ListWarehouses, Method, MoveToDelivered, MoveToDelivering,
    MoveToLastMile, PageLimit, PostingFilter, RejectCancellation, SetNotificationUrl, SetTrackingNumbers,
    SortDirection, TimeRange, TrackingNumber, UnfulfilledFilter, UnfulfilledWindow, UpdateNotificationUrl,
    With,
};
use crate::codes::{
    CancellationInitiator, CancellationState, IntegrationTypeFlow, PushType, Status, TplIntegrationType,
};
use crate::error::Broken;

fn time(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 5, day, 6, 30, 0).unwrap()
}

fn range() -> TimeRange {
    TimeRange { from: time(1), to: time(2) }
}

fn ids() -> Vec<i64> {
    vec![1, 20_605_650_762_000]
}

fn every_request() -> Vec<(&'static str, Value)> {
    fn of<M: Method>(request: &M) -> (&'static str, Value) {
        (M::PATH, serde_json::to_value(request).unwrap())
    }
    let list = ListPostings {
        filter: PostingFilter {
            since: time(1),
            to: time(9),
            statuses: Status::KNOWN.to_vec(),
            last_changed_status_date: Some(range()),
            delivery_method_ids: ids(),
            provider_ids: ids(),
            warehouse_ids: ids(),
            order_id: Some(33_301_885_134),
            order_numbers: vec!["0700-0001".to_owned()],
            is_blr_traceable: Some(true),
            integration_type_flow: IntegrationTypeFlow::KNOWN.to_vec(),
        },
        limit: PageLimit::new(1).unwrap(),
        cursor: "opaque".to_owned(),
        sort_dir: SortDirection::Descending,
        translit: true,
        with: With::everything(),
    };
    let unfulfilled = |window| ListUnfulfilled {
        filter: UnfulfilledFilter {
            window,
            statuses: Status::KNOWN.to_vec(),
            last_changed_status_date: Some(range()),
            delivery_method_ids: ids(),
            provider_ids: ids(),
            warehouse_ids: ids(),
        },
        limit: PageLimit::MAX,
        cursor: "opaque".to_owned(),
        sort_dir: SortDirection::Descending,
        translit: true,
        with: With::everything(),
    };
    let everything = GetWith {
        analytics_data: true,
        barcodes: true,
        financial_data: true,
        legal_info: true,
        product_exemplars: true,
        related_postings: true,
        translit: true,
    };
    let numbers = || Batch::new(vec!["1-1-1".to_owned(), "1-1-2".to_owned()]).unwrap();
    let track = |number: &str| TrackingNumber {
        posting_number: number.to_owned(),
        tracking_number: "RA1".to_owned(),
    };
    let filters = CancellationFilter {
        state: Some(CancellationState::Approved),
        posting_number: vec!["1-1-1".to_owned()],
        cancellation_initiator: CancellationInitiator::KNOWN.to_vec(),
    };
    let (comment, url) = ("no".to_owned(), "https://example.org/push".to_owned());
    vec![
        of(&SetTrackingNumbers {
            tracking_numbers: Batch::new(vec![track("1-1-1"), track("1-1-2")]).unwrap(),
        }),
        of(&MoveToDelivering { posting_number: numbers() }),
        of(&MoveToLastMile { posting_number: numbers() }),
        of(&MoveToDelivered { posting_number: numbers() }),
        of(&ListCancellationRequests::default()),
        of(&ListCancellationRequests::in_state(CancellationState::OnApproval)),
        of(&ListCancellationRequests {
            filters,
            limit: CancellationPageLimit::MAX,
            last_id: "283784254".to_owned(),
            with: CancellationWith { counter: true },
        }),
        of(&ApproveCancellation { cancellation_id: 1, comment: String::new() }),
        of(&ApproveCancellation { cancellation_id: 1, comment: comment.clone() }),
        of(&RejectCancellation { cancellation_id: 1, comment }),
        of(&CheckNotificationUrl { url: url.clone() }),
        of(&SetNotificationUrl { url: url.clone(), types: PushType::KNOWN.to_vec() }),
        of(&UpdateNotificationUrl { id: 1, url, types: PushType::OF_POSTINGS.to_vec() }),
        of(&UpdateNotificationUrl { id: 1, url: String::new(), types: Vec::new() }),
        of(&EnableNotificationUrl { id: 1, enabled: false }),
        of(&DeleteNotificationUrl { id: 1 }),
        of(&ListNotificationUrls {}),
        of(&ListPushTypes {}),
        of(&list),
        of(&ListPostings::of_period(time(1), time(2))),
        of(&unfulfilled(UnfulfilledWindow::Cutoff(range()))),
        of(&unfulfilled(UnfulfilledWindow::Delivering(range()))),
        of(&ListUnfulfilled::by_cutoff(time(1), time(2))),
        of(&GetPosting { posting_number: "1-1-1".to_owned(), with: everything }),
        of(&GetPosting::new("1-1-1")),
        of(&GetRoles {}),
        of(&GetSellerInfo {}),
        of(&ListWarehouses::default()),
        of(&ListWarehouses { limit: PageLimit::MAX, cursor: "c".to_owned(), warehouse_ids: ids() }),
        of(&ListDeliveryMethods::default()),
        of(&ListDeliveryMethods {
            filter: DeliveryMethodFilter {
                delivery_method_ids: ids(),
                provider_ids: ids(),
                warehouse_ids: ids(),
                status: vec!["ACTIVE".to_owned()],
            },
            limit: PageLimit::MAX,
            cursor: "c".to_owned(),
            sort_dir: SortDirection::Descending,
        }),
    ]
}

#[test]
fn every_request_with_all_its_options_is_as_the_specification_names_it() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let requests = every_request();
    for (path, body) in &requests {
        assert_eq!(specification.check_request(path, body), Ok(()), "{path} {body}");
    }
    for path in crate::sunset::METHODS {
        assert!(requests.iter().any(|(built, _)| *built == path), "{path} is not built here");
    }
}

#[test]
fn a_list_request_is_written_so() {
    let mut list = ListPostings::of_period(time(1), time(2));
    list.filter.warehouse_ids = vec![3_092_889_984];
    list.filter.statuses = vec![Status::AwaitingPackaging];
    assert_eq!(
        serde_json::to_value(&list).unwrap(),
        json!({
            "filter": {
                "since": "2026-05-01T06:30:00.000Z", "to": "2026-05-02T06:30:00.000Z",
                "statuses": ["awaiting_packaging"], "warehouse_ids": ["3092889984"]
            },
            "limit": 100, "cursor": "", "sort_dir": "ASC",
            "with": { "analytics_data": true, "barcodes": true, "financial_data": true, "legal_info": true }
        })
    );
    let unfulfilled = ListUnfulfilled::by_cutoff(time(1), time(2));
    assert_eq!(
        serde_json::to_value(&unfulfilled).unwrap()["filter"],
        json!({ "cutoff_from": "2026-05-01T06:30:00.000Z", "cutoff_to": "2026-05-02T06:30:00.000Z" })
    );
    assert_eq!(serde_json::to_value(GetRoles {}).unwrap(), json!({}));
}

#[test]
fn a_page_takes_one_to_a_hundred_items() {
    assert_eq!(PageLimit::new(0), None);
    assert_eq!(PageLimit::new(101), None);
    assert_eq!(PageLimit::new(100), Some(PageLimit::MAX));
    assert_eq!(PageLimit::default().get(), 100);
}

#[test]
fn a_page_with_or_without_the_wrapper_is_the_same() {
    let bare =
        json!({ "cursor": "c", "has_next": true, "postings": [{ "posting_number": "1-1-1" }], "count": "7" });
    for body in [bare.clone(), json!({ "result": bare })] {
        let page = ListPostings::decode(&body.to_string()).unwrap();
        assert_eq!((page.cursor.as_str(), page.has_next, page.count), ("c", true, Some(7)));
        assert_eq!(page.items[0].posting_number(), Some("1-1-1"));
        assert!(page.items[0].decoded.is_err());
    }
}

#[test]
fn a_page_without_a_list_is_broken_and_not_empty() {
    let broken = |body: &str| ListPostings::decode(body).unwrap_err();
    for body in [
        "{}",
        "null",
        "[]",
        r#"{"has_next":false,"cursor":""}"#,
        r#"{"has_next":false,"postings":null}"#,
        r#"{"has_next":false,"postings":{}}"#,
        r#"{"result":{}}"#,
        r#"{"result":[]}"#,
        r#"{"result":null}"#,
        r#"{"code":7,"message":"no"}"#,
    ] {
        assert_eq!(broken(body), Broken::MissingList, "{body}");
    }
    assert_eq!(broken(r#"{"has_next":true,"cursor":"c","postings":[]}"#), Broken::NextWithoutItems);
    for body in ["<html>", "{\"postings\":[", "postings"] {
        assert_eq!(broken(body), Broken::NotJson, "{body}");
    }
}

#[test]
fn an_empty_last_page_is_a_page() {
    let page = ListPostings::decode(r#"{"has_next":false,"cursor":"","postings":[]}"#).unwrap();
    assert!(page.items.is_empty() && !page.has_next);
}

#[test]
fn where_it_is_not_said_whether_there_is_more_the_cursor_is_followed() {
    let has_next = |body: &str| ListPostings::decode(body).unwrap().has_next;
    assert!(has_next(r#"{"cursor":"c","postings":[{}]}"#));
    assert!(has_next(r#"{"cursor":"c","has_next":null,"postings":[{}]}"#));
    assert!(!has_next(r#"{"cursor":"","postings":[{}]}"#));
    assert!(!has_next(r#"{"cursor":"c","postings":[]}"#));
    assert!(!has_next(r#"{"cursor":"c","has_next":"false","postings":[{}]}"#));
}

#[test]
fn one_posting_is_read_with_and_without_its_wrapper_or_refused() {
    let posting = json!({ "posting_number": "1-1-1", "status": "delivered", "products": [] });
    for body in [json!({ "result": posting }), posting] {
        let listed = GetPosting::decode(&body.to_string()).unwrap();
        assert_eq!(listed.decoded.unwrap().posting_number, "1-1-1");
    }
    let undecodable = GetPosting::decode(r#" {"result": {"posting_number":"1-1-1"}}"#).unwrap();
    assert_eq!(undecodable.posting_number(), Some("1-1-1"));
    assert_eq!(undecodable.raw.get(), r#"{"posting_number":"1-1-1"}"#);
    for body in ["{}", "[]", "null", r#"{"result":null}"#, r#"{"result":[]}"#, r#"{"result":"1-1-1"}"#] {
        assert_eq!(GetPosting::decode(body).unwrap_err(), Broken::MissingList, "{body}");
    }
    assert_eq!(GetPosting::decode("<html>").unwrap_err(), Broken::NotJson);
}

#[test]
fn the_official_examples_of_the_account_are_read() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let example = |path: &str| specification.example_answers(path).remove(0);
    let raw = example(GetRoles::PATH);
    let roles = GetRoles::decode(&raw.to_string()).unwrap();
    assert_eq!(
        roles.expires_at.unwrap(),
        raw["expires_at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap()
    );
    assert_eq!(serde_json::to_value(&roles.roles).unwrap(), raw["roles"]);

    let raw = example(GetSellerInfo::PATH);
    let seller = GetSellerInfo::decode(&raw.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&seller.company).unwrap(), raw["company"]);

    let raw = example(ListWarehouses::PATH);
    let page = ListWarehouses::decode(&raw.to_string()).unwrap();
    let (raw, read) = (&raw["warehouses"][0], &page.items[0]);
    assert_eq!((page.items.len(), page.unreadable), (1, 0));
    assert_eq!(read.address.as_deref(), raw["address_info"]["address"].as_str());
    assert_eq!(read.utc.as_deref(), raw["address_info"]["utc"].as_str());
    assert_eq!(
        read.updated_at.unwrap(),
        raw["updated_at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap()
    );
    let fields = serde_json::to_value(read).unwrap();
    for (name, value) in fields.as_object().unwrap() {
        if !["address", "utc", "updated_at"].contains(&name.as_str()) {
            assert_eq!(*value, raw[name], "{name}");
        }
    }
}

#[test]
fn delivery_methods_are_read_as_the_specification_describes_them() {
    let Some(specification) = Specification::load() else {
        return;
    };
    let answer = json!({ "cursor": "", "has_next": false, "delivery_methods": [{
        "created_at": "2026-01-01T00:00:00Z", "cutoff": "14:00", "id": "5", "is_express": true, "name": "Courier",
        "provider_id": 7, "sla_cut_in": 30, "status": "ACTIVE", "template_id": 8,
        "tpl_dropoff_point": { "address": "1", "address_coordinates": { "latitude": 1.0, "longitude": 2.0 }, "code": "C", "name": "N" },
        "tpl_integration_type": "non_integrated", "updated_at": "2026-01-02T00:00:00Z", "warehouse_id": 9 }, { "name": "no id" }] });
    specification.check_answer(ListDeliveryMethods::PATH, 200, &answer).unwrap();
    let page = ListDeliveryMethods::decode(&answer.to_string()).unwrap();
    assert_eq!((page.items.len(), page.unreadable, page.has_next), (1, 1, false));
    let method = &page.items[0];
    assert_eq!((method.id, method.warehouse_id, method.provider_id), (5, Some(9), Some(7)));
    assert_eq!((method.sla_cut_in, method.template_id), (Some(30), Some(8)));
    assert_eq!(method.tpl_integration_type, Some(TplIntegrationType::NonIntegrated));
    assert_eq!(method.cutoff.as_deref(), Some("14:00"));
    assert_eq!(method.dropoff_code.as_deref(), Some("C"));
    assert_eq!(method.updated_at.unwrap().to_rfc3339(), "2026-01-02T00:00:00+00:00");
}

#[test]
fn answers_without_what_they_should_hold_are_broken() {
    for body in [
        "{}",
        "[]",
        "null",
        "7",
        r#"{"result":{}}"#,
        r#"{"roles":5,"warehouses":{},"delivery_methods":null,"company":[]}"#,
    ] {
        assert_eq!(GetRoles::decode(body), Err(Broken::MissingList), "{body}");
        assert_eq!(GetSellerInfo::decode(body), Err(Broken::MissingList), "{body}");
        assert_eq!(ListWarehouses::decode(body), Err(Broken::MissingList), "{body}");
        assert_eq!(ListDeliveryMethods::decode(body), Err(Broken::MissingList), "{body}");
    }
    assert_eq!(GetRoles::decode("<html>"), Err(Broken::NotJson));
    assert_eq!(ListWarehouses::decode(r#"{"has_next":true,"warehouses":[]}"#), Err(Broken::NextWithoutItems));
}

#[test]
fn a_role_covers_a_method_by_its_path_or_the_paths_beginning() {
    let roles = |json: &str| GetRoles::decode(json).unwrap();
    let posting =
        roles(r#"{"roles":[{"name":"Posting FBS","methods":["/v4/posting","/v3/posting/fbs/get"]}]}"#);
    assert!(posting.covers("/v4/posting/fbs/list"));
    assert!(posting.covers("/v3/posting/fbs/get"));
    assert!(!posting.covers("/v4/postings/list"));
    assert!(!posting.covers("/v3/posting/fbs/list"));
    assert!(roles(r#"{"roles":[{"name":"admin","methods":null}]}"#).covers("/v1/anything"));
    assert!(!roles(r#"{"expires_at":"2026-01-01T00:00:00Z"}"#).covers("/v1/anything"));
}
