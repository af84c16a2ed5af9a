//! Texts that one of the databases cannot keep, and values that a row cannot give back: they stop nothing.

use chrono::Duration;
use domain::OzonStatus;
use domain::by_hand::Act;
use domain::history::Actor;
use domain::posting::Cancellation;
use storage::intake::Became;
use storage::lists::{CustomerDraft, NamedList, StatusDraft};
use storage::orders::{OrderFilter, OrderSort};
use storage::postings::PostingFilter;
use storage::{PageAsk, Store};

use crate::fixture::*;

testkit::on_both_databases! {
    async fn nul_in_ozons_texts_is_left_out_and_stops_nothing(store: Store) {
        let id = cabinet(&store).await;
        let mut told = posting("1-1-1", "awaiting_packaging");
        told.substatus = Some("sub\0status".to_owned());
        told.products[0].name = "Круж\0ка".to_owned();
        told.products[0].offer_id = "\0".to_owned();
        told.customer = buyer(1, "Ан\0на");
        told.details.tracking_number = Some("RA\0".to_owned());
        told.details.upper_barcode = Some("%\0%".to_owned());
        assert_eq!(one(&store, id, 1, &told).await, Became::Created);
        let made = order(&store, id, "1-1-1").await;
        assert_eq!(made.customer_name, "Анна");
        assert_eq!(made.lines[0].name, "Кружка");
        assert_eq!(made.ozon_substatus.as_deref(), Some("substatus"));
        told.status = OzonStatus::from("cancelled");
        told.details.cancellation = Some(Cancellation { reason: Some("\0".to_owned()), ..Cancellation::default() });
        assert_eq!(one(&store, id, 2, &told).await, Became::Updated);
        told.number = domain::PostingNumber::new("1-1-2").expect("a number");
        told.status = OzonStatus::from("od\0d");
        assert_eq!(one(&store, id, 3, &told).await, Became::Skipped);
        assert_eq!(store.unknown_codes(id).await.expect("answers"), ["odd"]);
        let mut unread = unreadable("1-1-3");
        unread.posting = Err("odd \0 byte".to_owned());
        unread.raw.push('\0');
        assert_eq!(take(&store, &page(id, 4, vec![unread])).await[0].1, Became::Failed);
    }

    async fn very_long_texts_are_kept_and_stop_nothing(store: Store) {
        let id = cabinet(&store).await;
        let long = "ж".repeat(20_000);
        let mut told = posting("1-1-1", "awaiting_packaging");
        told.details.order_number = Some(long.clone());
        told.products[0].name = long.clone();
        told.products[0].offer_id = long.clone();
        told.customer = buyer(1, &long);
        told.details.tracking_number = Some(long.clone());
        assert_eq!(one(&store, id, 1, &told).await, Became::Created);
        let made = order(&store, id, "1-1-1").await;
        assert_eq!(made.lines[0].name, long);
        assert_eq!(made.customer_name, long);
        assert_eq!(made.ozon_order_number.map(|n| n.chars().count()), Some(200));
        told.status = OzonStatus::from(long.as_str());
        assert_eq!(one(&store, id, 2, &told).await, Became::Updated);
        told.details.shipment_date = Some(utc("2026-11-30T00:00:00Z"));
        assert_eq!(one(&store, id, 3, &told).await, Became::Updated);
        assert_eq!(order(&store, id, "1-1-1").await.ozon_status.code().chars().count(), 200);
        let filter = OrderFilter { q: Some(long), ..OrderFilter::default() };
        let found = store.orders(&filter, OrderSort::default(), &PageAsk::first(1)).await.expect("answers");
        assert_eq!(found.items.len(), 1);
    }

    async fn what_a_row_cannot_hold_exactly_does_not_change_at_every_load(store: Store) {
        let id = cabinet(&store).await;
        let mut told = posting("1-1-1", "awaiting_packaging");
        told.details.shipment_date = Some(utc("2026-11-25T10:00:00.123456789Z"));
        told.details.in_process_at = Some(utc("2026-11-23T08:00:00.000000001Z"));
        told.details.shipment_date_without_delay = Some(utc("2026-11-25T23:59:60.5Z"));
        told.details.multi_box_qty = Some(u32::MAX);
        told.products[0].quantity = u32::MAX;
        assert_eq!(one(&store, id, 1, &told).await, Became::Created);
        told.details.carrier = Some("other words".to_owned());
        one(&store, id, 2, &told).await;
        let made = order(&store, id, "1-1-1").await;
        let history = store.history(made.id, &PageAsk::first(50)).await.expect("answers").items;
        told.details.lifting = Some("words that no order shows".to_owned());
        assert_eq!(one(&store, id, 3, &told).await, Became::Unchanged);
        assert_eq!(made.total, domain::order::total(&made.lines));
        let again = store.history(made.id, &PageAsk::first(50)).await.expect("answers").items;
        assert_eq!(history, again);
    }

    async fn nul_in_what_people_and_programs_say_stops_nothing(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let made = order(&store, id, "1-1-1").await;
        let actor = Actor::Token { name: "\0".to_owned() };
        let after = store.act_on_order(made.id, Act::SetComment("a\0b".to_owned()), &actor, morning()).await;
        assert_eq!(after.expect("is done").admin_comment, "ab");
        let nul = || Some("1-1-1\0".to_owned());
        let filter = OrderFilter {
            posting_number: nul(),
            ozon_order_number: Some("1-1\0".to_owned()),
            ozon_status: Some("awaiting_packaging\0".to_owned()),
            q: Some("круж\0".to_owned()),
            ..OrderFilter::default()
        };
        store.orders(&filter, OrderSort::default(), &PageAsk::first(1)).await.expect("answers");
        let filter = PostingFilter { posting_number: nul(), ..PostingFilter::default() };
        store.postings(&filter, &PageAsk::first(1)).await.expect("answers");
        store.postings_numbered("\0").await.expect("answers");
        store.customers(Some("\0ан\0"), &PageAsk::first(1)).await.expect("answers");
        let draft = CustomerDraft { name: "\0".to_owned(), phone: Some("\0".to_owned()), ..CustomerDraft::default() };
        store.save_customer(None, draft, morning()).await.expect("is saved");
        store.save_named(NamedList::Sources, None, "\0").await.expect("is saved");
        store.save_status(None, StatusDraft { name: "\0".to_owned(), color: "\0".to_owned(), ..StatusDraft::default() })
            .await.expect("is saved");
        store.set_number_template("\0#NUMBER#").await.expect("is set");
        store.add_cabinet(new_cabinet("\0Дача", "200\0"), morning(), "\0").await.expect("is added");
        store.add_token("\0", storage::people::Role::Viewer, morning()).await.expect("is made");
        store.apply_settings(id, &also_awaiting_deliver(), "\0", morning() + Duration::hours(1)).await.expect("is right");
    }

    async fn a_posting_is_kept_under_the_number_it_arrived_with(store: Store) {
        let id = cabinet(&store).await;
        let mut arrived = shown(&posting("1-1-1", "awaiting_packaging"));
        arrived.number = domain::PostingNumber::new("2-2-2").expect("a number");
        take(&store, &page(id, 1, vec![arrived])).await;
        let stored = store.postings_numbered("2-2-2").await.expect("answers").remove(0);
        assert_eq!(stored.order_id, Some(order(&store, id, "2-2-2").await.id));
    }
}
