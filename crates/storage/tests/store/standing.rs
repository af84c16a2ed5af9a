//! What whoever watches over the installation is told.

use storage::Store;
use storage::outbox::{OutboxState, What};

use crate::fixture::*;

testkit::on_both_databases! {
    async fn what_waits_to_go_out_is_counted_by_kind_with_its_oldest(store: Store) {
        assert!(store.outbox_standing().await.expect("answers").is_empty());
        let letter = What::Letter { kind: "trial".to_owned(), payload: "{}".to_owned() };
        let later = morning() + chrono::Duration::hours(1);
        for at in [later, morning()] {
            store.write_letter(None, &letter, None, at).await.expect("is written");
        }
        let standing = store.outbox_standing().await.expect("answers");
        assert_eq!(standing.len(), 1);
        let one = &standing[0];
        assert_eq!((one.kind.as_str(), one.state, one.many), ("letter", OutboxState::Waiting, 2));
        assert_eq!(one.oldest, morning());
    }

    async fn postings_that_cannot_be_read_are_counted_by_cabinet(store: Store) {
        let id = cabinet(&store).await;
        assert!(store.unreadable_postings().await.expect("answers").is_empty());
        take(&store, &page(id, 1, vec![unreadable("1-1-1"), unreadable("1-1-2")])).await;
        one(&store, id, 1, &posting("1-1-3", "awaiting_packaging")).await;
        assert_eq!(store.unreadable_postings().await.expect("answers"), [(id, 2)]);
    }

    async fn the_database_tells_what_it_is_and_that_it_is_sound(store: Store) {
        let version = store.database_version().await.expect("answers");
        assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{version}");
        assert_eq!(store.damage().await.expect("answers"), None);
        let is_postgres = store.backend_name() == "postgres";
        assert_eq!(store.has_trigrams().await.expect("answers"), is_postgres.then_some(true));
        let at = store.database_time().await.expect("answers");
        assert_eq!(at.is_some(), is_postgres);
        assert!(at.is_none_or(|at| (at - chrono::Utc::now()).num_seconds().abs() < 60));
        let pool = store.pool();
        assert!(pool.open >= 1 && pool.idle <= pool.open, "{pool:?}");
    }
}
