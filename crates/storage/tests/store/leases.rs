//! Leases: what only one may do at a time.

use chrono::Duration;
use storage::Store;

use crate::fixture::*;

const LENGTH: Duration = Duration::seconds(20);

testkit::on_both_databases! {
    async fn a_lease_is_taken_renewed_lost_after_its_time_and_freed(store: Store) {
        let take = |holder: &'static str, second: i64| {
            let store = store.clone();
            async move {
                store.take_lease("load 1", holder, morning() + Duration::seconds(second), LENGTH).await.expect("answers")
            }
        };
        assert_eq!(take("a", 0).await, None);
        assert_eq!(take("b", 5).await, Some(morning() + LENGTH), "until when the other has it");
        assert_eq!(take("a", 10).await, None, "renewed");
        assert_eq!(take("b", 25).await, Some(morning() + Duration::seconds(30)));
        assert_eq!(take("b", 31).await, None, "lost");
        assert!(take("a", 32).await.is_some());
        store.free_lease("load 1", "a").await.expect("nothing to free");
        assert!(take("a", 33).await.is_some(), "only the holder frees it");
        store.free_lease("load 1", "b").await.expect("is freed");
        assert_eq!(take("a", 34).await, None);
        let other = store.take_lease("load 2", "b", morning(), LENGTH).await.expect("answers");
        assert_eq!(other, None, "each lease for itself");
    }

    async fn of_many_takers_at_once_exactly_one_gets_the_lease(store: Store) {
        for round in 0..5 {
            let takers: Vec<_> = (0..8)
                .map(|taker| {
                    let store = store.clone();
                    let (name, holder) = (format!("round {round}"), format!("taker {taker}"));
                    tokio::spawn(async move { store.take_lease(&name, &holder, morning(), LENGTH).await })
                })
                .collect();
            let mut winners = 0;
            for taker in takers {
                winners += u32::from(taker.await.expect("ends").expect("answers").is_none());
            }
            assert_eq!(winners, 1);
        }
    }
}
