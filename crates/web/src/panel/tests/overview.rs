//! The overview.

use super::*;

on_both_databases! {
    async fn the_overview_tells_what_must_leave_and_how_cabinets_stand(store: Store) {
        let panel = Panel::new(store.clone(), None);
        let admin = panel.signed_in(Role::Admin).await;
        let empty = panel.get(at::OVERVIEW, &admin).await;
        assert!(empty.html.contains("href=\"/cabinets/new\""), "an empty installation is led on");
        panel.with_an_order().await;
        for role in [Role::Viewer, Role::Manager] {
            let cookie = panel.signed_in(role).await;
            let page = panel.get(at::OVERVIEW, &cookie).await;
            assert_eq!(page.status, StatusCode::OK);
            for words in ["Отгрузить сегодня", "Просрочено", "Заказы по дням", "Дом и свет", "Сверка с Ozon"] {
                assert!(page.html.contains(words), "{words}");
            }
            for personal in PERSONAL {
                assert!(!page.html.contains(personal), "{personal} is nobody's business here");
            }
        }
    }
}
