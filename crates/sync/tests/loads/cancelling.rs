//! Cancellations at Ozon, by how far the order had come.

use domain::by_hand::Act;
use domain::ozon_status::Stage;
use domain::{Flag, Order, Reason, SkipReason};
use ozon_sim::{Canceller, PostingDraft, Status};
use serde_json::json;
use storage::Store;
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};

const NUMBER: &str = "0105259411-0854-1";
/// Two postings, one for each canceller.
const BOTH: [(&str, Canceller); 2] = [(NUMBER, Canceller::Customer), ("0105259411-0855-1", Canceller::Ozon)];

async fn loaded(store: Store, status: Status) -> Shop {
    let shop = Shop::open(store).await;
    shop.set(json!({ "also_awaiting_deliver": true })).await;
    for (number, _) in BOTH {
        shop.add(&PostingDraft { status: Some(status.clone()), ..PostingDraft::numbered(number) });
    }
    shop.load().await;
    shop
}

async fn cancelled(shop: &Shop, number: &str, by: Canceller) -> Order {
    shop.ozon.cancel(CLIENT, number, by).unwrap();
    shop.load().await;
    let order = shop.order(number).await;
    assert_eq!(order.ozon_status.code(), "cancelled");
    order
}

/// The stage, Ozon's reason and the initiator that the history gives.
async fn told(shop: &Shop, order: &Order) -> (Stage, Option<String>, Option<String>) {
    let reasons = shop.history(order).await.into_iter().filter_map(|entry| match entry.reason {
        Reason::OnCancel { stage, reason, initiator } => Some((stage, reason, initiator)),
        _ => None,
    });
    let mut reasons: Vec<_> = reasons.collect();
    assert_eq!(reasons.len(), 1, "a cancellation acts once");
    reasons.remove(0)
}

on_both_databases! {
    async fn before_work_the_order_is_cancelled(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        for (number, by) in BOTH {
            let order = cancelled(&shop, number, by).await;
            assert_eq!(shop.status_of(number).await, "Отменён");
            assert!(order.flags.is_empty());
            let (stage, reason, initiator) = told(&shop, &order).await;
            let (words, who) = match by {
                Canceller::Customer => ("Покупатель передумал", "Клиент"),
                _ => ("Отменено площадкой", "Ozon"),
            };
            assert_eq!(stage, Stage::BeforeWork);
            assert_eq!((reason.as_deref(), initiator.as_deref()), (Some(words), Some(who)));
        }
    }

    async fn in_work_by_hand_it_stays_and_is_flagged(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        let in_work = shop.status("В обработке").await;
        for (number, by) in BOTH {
            shop.act(number, Act::SetStatus(in_work)).await;
            let order = cancelled(&shop, number, by).await;
            assert_eq!(order.status_id, in_work);
            assert_eq!(order.flags.iter().copied().collect::<Vec<_>>(), [Flag::CancelledInOzon]);
            assert_eq!(told(&shop, &order).await.0, Stage::InWork);
        }
    }

    async fn packed_it_is_in_work_too(store: Store) {
        let shop = loaded(store, Status::AwaitingDeliver).await;
        let order = cancelled(&shop, NUMBER, Canceller::Customer).await;
        assert_eq!(shop.status_of(NUMBER).await, "Собран");
        assert_eq!(order.flags.iter().copied().collect::<Vec<_>>(), [Flag::CancelledInOzon]);
    }

    async fn shipped_it_awaits_its_return(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        for (number, by) in BOTH {
            shop.ozon.set_status(CLIENT, number, Status::Delivering).unwrap();
            shop.load().await;
            let order = cancelled(&shop, number, by).await;
            assert_eq!(shop.status_of(number).await, "Отправлен");
            assert_eq!(order.flags.iter().copied().collect::<Vec<_>>(), [Flag::AwaitingReturn]);
            assert_eq!(told(&shop, &order).await.0, Stage::Shipped);
        }
    }

    async fn on_cancel_may_name_statuses_instead_of_flags(store: Store) {
        let shop = loaded(store, Status::AwaitingDeliver).await;
        let (cancelled_status, returning, dispute) = (
            shop.status("Отменён").await, shop.status("Ожидается возврат").await, shop.status("Спор").await,
        );
        shop.set(json!({ "on_cancel": {
            "before_work": cancelled_status, "in_work": dispute, "shipped": returning,
        } })).await;
        let order = cancelled(&shop, NUMBER, Canceller::Ozon).await;
        assert_eq!((order.status_id, order.flags.len()), (dispute, 0));
    }

    async fn a_cancelled_order_stays_cancelled_whatever_ozon_shows_later(store: Store) {
        let shop = loaded(store, Status::AwaitingPackaging).await;
        cancelled(&shop, NUMBER, Canceller::Customer).await;
        shop.ozon.set_status(CLIENT, NUMBER, Status::Delivering).unwrap();
        for _ in 0..3 {
            shop.load().await;
        }
        let order = shop.order(NUMBER).await;
        assert_eq!(order.ozon_status.code(), "cancelled");
        assert_eq!(shop.status_of(NUMBER).await, "Отменён");
        let noted = shop.history(&order).await;
        assert_eq!(noted.iter().filter(|entry| entry.reason == Reason::AfterCancellation).count(), 1);
    }

    async fn a_posting_first_seen_as_cancelled_makes_no_order(store: Store) {
        let shop = loaded(store, Status::Cancelled).await;
        assert!(shop.find_order(NUMBER).await.is_none());
        assert_eq!(shop.posting(NUMBER).await.skipped_because, Some(SkipReason::FirstSeenTooLate));
    }
}
