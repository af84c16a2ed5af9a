//! A page of both lists of postings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ozon_api::methods::{ListPostings, ListUnfulfilled, Method};

fuzz_target!(|body: &str| {
    if let Ok(page) = ListPostings::decode(body) {
        for listed in &page.items {
            let _ = listed.posting_number();
        }
        // The two lists have one shape.
        assert_eq!(ListUnfulfilled::decode(body).map(|page| page.items.len()), Ok(page.items.len()));
    }
});
