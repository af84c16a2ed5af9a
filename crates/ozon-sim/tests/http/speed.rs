//! The simulator is quick enough for load tests, even unoptimised.

use std::time::{Duration, Instant};

use ozon_sim::{GeneratorOptions, POSTING_LIST};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::client::{CLIENT_ID, Client, list_request, simulator, with_all};

/// Decodes no posting, so that the server's work is measured and not the test's.
#[derive(Deserialize)]
struct PageFrame<'a> {
    cursor: &'a str,
    has_next: bool,
    #[serde(borrow)]
    postings: Vec<&'a RawValue>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_postings_are_made_and_read_in_seconds() {
    let simulator = simulator().await;
    let client = Client::new(&simulator);
    let start = Instant::now();
    simulator.handle().generate(CLIENT_ID, 20_000, &GeneratorOptions::seeded(1)).unwrap();
    let made_in = start.elapsed();
    let mut request = with_all(list_request());
    let (mut pages, mut postings, mut bytes) = (0_u32, 0, 0);
    let mut served_in = Duration::ZERO;
    loop {
        let start = Instant::now();
        let answered = client.post(POSTING_LIST, &request).await;
        served_in += start.elapsed();
        let page: PageFrame = serde_json::from_slice(&answered.body).unwrap();
        (pages, postings, bytes) = (pages + 1, postings + page.postings.len(), bytes + answered.body.len());
        if !page.has_next {
            break;
        }
        request["cursor"] = json!(page.cursor);
    }
    assert_eq!(postings, 20_000);
    println!("20,000 postings made in {made_in:?}; {pages} pages ({bytes} bytes) served in {served_in:?}");
    // Ample for a busy machine; alone it takes a small part of it.
    assert!(made_in < Duration::from_secs(20));
    assert!(served_in < Duration::from_mins(1));
}
