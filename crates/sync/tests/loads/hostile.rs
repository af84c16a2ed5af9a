//! Postings that nobody would believe: each is kept, none stops its page, and readable ones heal.

use chrono::TimeDelta;
use domain::SkipReason;
use ozon_sim::{
    Act, DeliveryType, Fault, FaultPlan, LineDraft, Override, POSTING_LIST, PostingDraft, Status,
};
use serde_json::{Value, json};
use storage::Store;
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};
use crate::stored;

const NUMBER: &str = "0105259411-0854-1";
const HTML: &str = "<script>alert('x')</script> \u{1f9e6} & \"кавычки\"";

fn line(name: &str, quantity: u32) -> LineDraft {
    LineDraft {
        sku: 11,
        offer_id: "A-11".to_owned(),
        name: name.to_owned(),
        quantity,
        price: "100.50".to_owned(),
    }
}

fn draft() -> PostingDraft {
    PostingDraft {
        delivery_type: Some(DeliveryType::NonIntegrated),
        lines: vec![line("Кружка", 2)],
        ..PostingDraft::numbered(NUMBER)
    }
}

/// Puts a value at a place of the JSON that Ozon shows.
fn put(shop: &Shop, number: &str, pointer: &str, value: Value) {
    let change = Override::At { pointer: pointer.to_owned(), value };
    shop.ozon.act(CLIENT, number, &Act::Patch { change, touch: true }).unwrap();
}

/// A long text that no compression makes short.
fn noise(length: usize) -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + u8::try_from(state % 26).unwrap())
    };
    (0..length).map(next).collect()
}

on_both_databases! {
    async fn a_posting_that_cannot_be_read_is_kept_aside_and_heals(store: Store) {
        let spoilt = [
            ("/products", json!("oops")),
            ("/products", json!([])),
            ("/products/0/price", Value::Null),
            ("/products/0/price", json!({ "amount": "-5", "currency": "RUB" })),
            ("/products/0/quantity", json!(-3)),
            ("/products/0/quantity", json!("много")),
            ("/products/0", json!("oops\u{0}")),
            ("/status", Value::Null),
            ("/products/0/price", json!({ "amount": "999999999999999999999", "currency": "RUB" })),
        ];
        let shop = Shop::open(store).await;
        let mut numbers = Vec::new();
        let mut whole = Vec::new();
        for (at, (pointer, value)) in spoilt.iter().enumerate() {
            let number = format!("{:08}-0001-1", 70_000 + at);
            shop.add(&PostingDraft { posting_number: Some(number.clone()), ..draft() });
            whole.push(shop.ozon.snapshot(CLIENT, &number).unwrap());
            put(&shop, &number, pointer, value.clone());
            numbers.push(number);
        }
        shop.add(&draft());
        let figures = shop.load().await.figures;
        // An empty list of goods is readable, and an order of nothing is better than no order.
        assert_eq!((figures.seen, figures.failed, figures.created), (10, 8, 2), "{figures:?}");
        shop.order(NUMBER).await;
        for (number, (pointer, value)) in numbers.iter().zip(&spoilt) {
            let posting = shop.posting(number).await;
            if *value == json!([]) {
                continue;
            }
            assert_eq!(posting.skipped_because, Some(SkipReason::Undecodable), "{pointer} {value}");
            assert!(posting.undecodable.is_some_and(|why| !why.is_empty()), "{pointer} {value}");
            let raw = shop.store.raw_posting(posting.id).await.unwrap().list.unwrap();
            assert!(raw.contains(number.as_str()), "its own words are kept");
        }
        assert_eq!(shop.load().await.figures.failed, 8, "still unreadable, still no failure of the load");

        shop.ozon.advance_clock(TimeDelta::minutes(1));
        for (number, shown) in numbers.iter().zip(whole) {
            shop.ozon.patch(CLIENT, number, json!({ "products": shown["products"], "status": shown["status"] })).unwrap();
        }
        let figures = shop.load().await.figures;
        assert_eq!((figures.failed, figures.created, figures.updated), (0, 8, 1), "{figures:?}");
        for number in &numbers {
            assert_eq!(shop.posting(number).await.undecodable, None);
            assert_eq!(shop.order(number).await.total.minor, 20_100, "{number}");
        }
    }

    async fn an_order_survives_that_its_posting_cannot_be_read_for_a_while(store: Store) {
        let shop = Shop::open(store).await;
        shop.add(&draft());
        shop.load().await;
        let before = shop.order(NUMBER).await;
        let shown = shop.ozon.snapshot(CLIENT, NUMBER).unwrap();
        put(&shop, NUMBER, "/products", json!("oops"));
        assert_eq!(shop.load().await.figures.failed, 1);
        assert_eq!(shop.order(NUMBER).await, before);
        let posting = shop.posting(NUMBER).await;
        assert!(posting.undecodable.is_some() && posting.order_id == Some(before.id));
        put(&shop, NUMBER, "/products", shown["products"].clone());
        assert_eq!(shop.load().await.figures.unchanged, 1);
        assert_eq!(shop.posting(NUMBER).await.undecodable, None);
        assert_eq!(shop.order(NUMBER).await, before);
    }

    async fn a_posting_without_a_number_is_kept_under_a_name_made_of_its_text(store: Store) {
        let shop = Shop::open(store).await;
        for number in ["70001-0001-1", "70002-0001-1", "70003-0001-1"] {
            shop.add(&PostingDraft { posting_number: Some(number.to_owned()), ..draft() });
        }
        put(&shop, "70001-0001-1", "/posting_number", Value::Null);
        put(&shop, "70002-0001-1", "/posting_number", json!("a\u{0}b"));
        put(&shop, "70003-0001-1", "/posting_number", json!("9".repeat(5_000)));
        for _ in 0..2 {
            let figures = shop.load().await.figures;
            assert_eq!((figures.seen, figures.failed), (3, 3));
        }
        let kept = stored::postings(&shop).await;
        assert_eq!(kept.len(), 3);
        assert!(kept.iter().all(|p| p.posting_number.starts_with("unreadable-")), "{kept:?}");
    }

    async fn html_emoji_and_nul_in_names_are_kept_as_text(store: Store) {
        let shop = Shop::open(store).await;
        shop.add(&PostingDraft {
            buyer_name: Some(format!("{HTML}\u{0}\u{1b}[31m")),
            lines: vec![line(&format!("\u{0}{HTML}\r\n\u{7}"), 1)],
            ..draft()
        });
        shop.load().await;
        let order = shop.order(NUMBER).await;
        assert_eq!(order.customer_name, format!("{HTML}[31m"));
        assert_eq!(order.lines[0].name, HTML);
        let facts = shop.store.facts_of(&[order.id]).await.unwrap().remove(&order.id).unwrap();
        assert_eq!(facts.recipient.unwrap().name.unwrap(), format!("{HTML}[31m"));
        assert_eq!(shop.load().await.figures.unchanged, 1);
    }

    async fn texts_of_100_kilobytes_stop_nothing(store: Store) {
        let shop = Shop::open(store).await;
        let long = noise(100_000);
        shop.add(&PostingDraft {
            buyer_name: Some(long.clone()),
            lines: vec![line(&long, 1)],
            ..draft()
        });
        let pointers = [
            "/substatus",
            "/order_number",
            "/tracking_number",
            "/delivery_method/name",
            "/delivery_method/warehouse",
            "/customer/phone",
            "/customer/customer_email",
            "/customer/address/address_tail",
            "/barcodes/upper_barcode",
            "/products/0/offer_id",
            "/products/0/product_color",
            "/tpl_integration_type",
            "/parent_posting_number",
            "/legal_info/company_name",
            "/available_actions/0",
        ];
        for (at, pointer) in pointers.iter().enumerate() {
            let number = format!("{:08}-0001-1", 70_000 + at);
            shop.add(&PostingDraft { posting_number: Some(number.clone()), ..draft() });
            put(&shop, &number, pointer, json!(long));
        }
        let unknown = "80000-0001-1";
        shop.add(&PostingDraft { posting_number: Some(unknown.to_owned()), ..draft() });
        put(&shop, unknown, "/status", json!(long));
        let figures = shop.load().await.figures;
        assert_eq!(figures.seen, pointers.len() as u64 + 2);
        assert_eq!((figures.failed, figures.created, figures.skipped), (0, pointers.len() as u64 + 1, 1));
        assert_eq!(shop.order(NUMBER).await.lines[0].name.len(), 100_000, "a long name is a name");
        assert_eq!(shop.posting(unknown).await.skipped_because, Some(SkipReason::UnknownStatus));
        assert_eq!(shop.load().await.figures.updated, 0);
    }

    async fn odd_times_are_read_or_taken_as_absent(store: Store) {
        let shop = Shop::open(store).await;
        shop.add(&draft());
        put(&shop, NUMBER, "/shipment_date", json!("2026-12-04 06:44:37"));
        put(&shop, NUMBER, "/in_process_at", json!("9999-12-31T23:59:59.999999900Z"));
        put(&shop, NUMBER, "/shipment_date_without_delay", json!("вчера"));
        shop.load().await;
        let order = shop.order(NUMBER).await;
        assert_eq!(order.ship_by, Some("2026-12-04T06:44:37Z".parse().unwrap()));
        assert_eq!((order.placed_at, order.overdue_after), (None, None));
        assert_eq!(order.order_date, order.imported_at);
    }

    async fn one_line_of_a_foreign_currency_is_no_order_of_a_wrong_sum(store: Store) {
        let shop = Shop::open(store).await;
        shop.add(&PostingDraft { lines: vec![line("Кружка", 1), LineDraft { sku: 12, ..line("Чай", 1) }], ..draft() });
        put(&shop, NUMBER, "/products/1/price/currency", json!("BYN"));
        assert_eq!(shop.load().await.figures.failed, 1);
        assert!(shop.posting(NUMBER).await.undecodable.is_some());
    }

    async fn a_refusal_with_nul_in_its_words_is_kept(store: Store) {
        let shop = Shop::open(store).await;
        let message = format!("нельзя\u{0} {}", "я".repeat(20_000));
        let refusal = Fault::Refuse { http: 400, code: 3, message };
        shop.ozon.inject_fault(FaultPlan::next_call(refusal).of_method(POSTING_LIST));
        assert_eq!(shop.try_load().await.expect_err("refused").code(), "rejected");
        let run = shop.last_run().await;
        assert_eq!(run.error_code.as_deref(), Some("rejected"));
        assert!(run.error.is_some_and(|text| text.contains("нельзя")));
    }

    async fn a_hostile_page_of_every_kind_at_once_loads_the_rest(store: Store) {
        let shop = Shop::open(store).await;
        let mut expected = 0;
        for at in 0..150 {
            let number = format!("{:08}-0001-1", 70_000 + at);
            shop.add(&PostingDraft {
                posting_number: Some(number.clone()),
                status: Some(if at % 5 == 0 { Status::AwaitingDeliver } else { Status::AwaitingPackaging }),
                ..draft()
            });
            if at % 7 == 0 {
                put(&shop, &number, "", [json!(null), json!([]), json!("текст"), json!(7), json!({})][at % 5].clone());
            } else if at % 5 != 0 {
                expected += 1;
            }
        }
        let figures = shop.load().await.figures;
        assert_eq!(figures.created, expected);
        assert!(figures.failed >= 1);
        assert_eq!(shop.last_run().await.error, None);
    }
}
