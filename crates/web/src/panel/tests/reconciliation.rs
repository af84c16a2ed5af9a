//! Comparisons with Ozon in the panel.

use super::*;
use domain::CabinetId;
use domain::reconcile::Difference;
use storage::reconciliations::{Compared, Finding, Reconciliation};
use storage::runs::Cause;

const PAGE: &str = "/cabinets/1/reconciliation";

async fn kept(store: &Store, found: Vec<Difference>) {
    let missing = u64::from(found.contains(&Difference::Missing));
    let findings = vec![Finding {
        posting_number: "98105259411-0854-2".into(),
        order_id: None,
        differences: found,
        repaired: false,
    }];
    let told = Reconciliation {
        id: 0,
        cabinet_id: CabinetId(1),
        cause: Cause::Schedule,
        since: noon() - chrono::Duration::days(30),
        until: noon(),
        started_at: noon(),
        finished_at: noon(),
        compared: Compared { matched: 7, missing, unknown: 1 - missing, ..Compared::default() },
        findings,
        error_code: None,
    };
    store.keep_reconciliation(&told, None).await.expect("it is kept");
}

on_both_databases! {
    async fn what_differs_is_told_in_words_and_can_be_mended_by_an_administrator(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let admin = panel.signed_in(Role::Admin).await;
        let first = panel.get(PAGE, &admin).await.html;
        assert!(first.contains("Сверок ещё не было"));
        assert!(first.contains("value=\"2026-10-25\"") && first.contains("value=\"2026-11-23\""), "thirty days, today among them");
        kept(&store, vec![Difference::Missing]).await;
        let shown = panel.get(PAGE, &admin).await.html;
        assert!(shown.contains("1 расхождение") && shown.contains("есть в Ozon, нет у нас"));
        assert!(shown.contains("Исправить") && shown.contains("98105259411-0854-2"));
        let manager = panel.signed_in(Role::Manager).await;
        let seen = panel.get(PAGE, &manager).await.html;
        assert!(seen.contains("Сверить") && !seen.contains("name=\"repair\""));
        let viewer = panel.signed_in(Role::Viewer).await;
        assert!(!panel.get(PAGE, &viewer).await.html.contains("<button class=\"primary\""));

        kept(&store, vec![Difference::Unknown]).await;
        let unknown = panel.get(PAGE, &admin).await.html;
        assert!(unknown.contains("в списке Ozon нет") && unknown.contains("Проверьте в кабинете Ozon"));
        assert!(panel.get(&format!("{PAGE}?show=1"), &admin).await.html.contains("есть в Ozon, нет у нас"));
        assert_eq!(panel.get(&format!("{PAGE}?show=99"), &admin).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_comparison_is_started_by_whom_it_is_allowed_and_for_a_sensible_period(store: Store) {
        let panel = Panel::new(store.clone(), None);
        panel.with_an_order().await;
        let form = "since=2026-11-01&until=2026-11-22";
        let viewer = panel.signed_in(Role::Viewer).await;
        assert_eq!(panel.ask(Method::POST, PAGE, &viewer, form).await.status, StatusCode::FORBIDDEN);
        let manager = panel.signed_in(Role::Manager).await;
        let repair = format!("{form}&repair=true");
        assert_eq!(panel.ask(Method::POST, PAGE, &manager, &repair).await.status, StatusCode::FORBIDDEN);
        let too_long = "since=2025-11-23&until=2026-11-22";
        for wrong in ["since=2026-11-22&until=2026-11-01", "since=2024-01-01&until=2026-11-01", too_long, "since=x&until=y"] {
            let refused = panel.ask(Method::POST, PAGE, &manager, wrong).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(refused.html.contains("не больше 364 дней"), "{wrong}");
        }
        let started = panel.ask(Method::POST, PAGE, &manager, form).await;
        assert_eq!((started.status, started.location.as_str()), (StatusCode::SEE_OTHER, PAGE));
        // Nobody is at the cabinet's address: that is kept and told too.
        for _ in 0..600 {
            if let Some(told) = store.last_reconciliation(CabinetId(1)).await.expect("an answer") {
                assert!(told.error_code.is_some());
                assert!(panel.get(PAGE, &manager).await.html.contains("class=\"icon"));
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("the comparison does not end");
    }
}
