//! The zones of warehouses.

use std::collections::HashMap;

use storage::{Store, Warehouse};

use crate::fixture::*;

testkit::on_both_databases! {
    async fn the_zones_of_many_warehouses_are_told_at_once_each_cabinets_its_own(store: Store) {
        let first = cabinet(&store).await;
        let other = store.add_cabinet(new_cabinet("Мастерская", "200"), morning(), "test").await.expect("is added").id;
        let warehouse = |id, minutes| Warehouse { id, name: format!("Склад {id}"), utc_offset_minutes: minutes };
        store.keep_warehouses(first, &[warehouse(7, Some(420)), warehouse(8, None)], morning()).await.expect("kept");
        store.keep_warehouses(other, &[warehouse(7, Some(180)), warehouse(9, Some(-90))], morning()).await.expect("kept");
        let wanted = [(first, 7), (first, 8), (other, 7), (other, 9), (other, 7), (first, 404)];
        let told = store.warehouse_offsets(&wanted).await.expect("answers");
        assert_eq!(told, HashMap::from([((first, 7), 420), ((other, 7), 180), ((other, 9), -90)]));
        assert!(store.warehouse_offsets(&[]).await.expect("answers").is_empty());
    }
}
