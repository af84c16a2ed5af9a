//! Warehouses and delivery methods as Ozon lists them, and loads that follow their rules.

use domain::warehouse_rules::{Instead, Place};
use domain::{CabinetId, SourceId};
use ozon_sim::{PostingDraft, Role};
use storage::Store;
use storage::lists::NamedList;
use sync::WarehousesRead;
use testkit::on_both_databases;

use crate::shop::{CLIENT, Shop};

/// The simulator's "Склад Север", its own courier, and its post.
const NORTH: i64 = 1_020_004_870_220_000;
const COURIER: i64 = 1_020_005_000_220_010;
const POST: i64 = 1_020_005_000_220_030;

async fn source(shop: &Shop, name: &str) -> SourceId {
    SourceId(shop.store.save_named(NamedList::Sources, None, name).await.unwrap().id)
}

fn draft(number: &str, method: Option<i64>) -> PostingDraft {
    PostingDraft { delivery_method_id: method, ..PostingDraft::numbered(number) }
}

on_both_databases! {
    async fn a_loaded_order_gets_the_source_of_its_warehouse_or_of_its_delivery_method(store: Store) {
        let shop = Shop::open(store).await;
        let (north, post) = (source(&shop, "Север").await, source(&shop, "Почта").await);
        let instead = |source| Instead { source: Some(source), ..Instead::default() };
        let rules = [(Place::warehouse(NORTH), instead(north)), (Place::delivery_method(POST), instead(post))];
        shop.store
            .set_warehouse_rules(shop.cabinet, &rules.into_iter().collect(), "tester", shop.desk.now())
            .await
            .unwrap();
        shop.add(&draft("0105259411-0001-1", Some(COURIER)));
        shop.add(&draft("0105259411-0002-1", Some(POST)));
        shop.add(&draft("0105259411-0003-1", None));
        shop.load().await;
        assert_eq!(shop.order("0105259411-0001-1").await.source_id, north);
        assert_eq!(shop.order("0105259411-0002-1").await.source_id, post);
        let usual = shop.store.settings(shop.cabinet).await.unwrap().settings.source_id;
        assert_eq!(shop.order("0105259411-0003-1").await.source_id, usual);
    }

    async fn warehouses_and_delivery_methods_are_read_as_ozon_lists_them(store: Store) {
        let shop = Shop::open(store).await;
        let read = shop.desk.read_warehouses(shop.cabinet).await.unwrap();
        assert_eq!(read, WarehousesRead { warehouses: Some(3), delivery_methods: Some(5) });
        let all = shop.store.warehouses_with_rules(shop.cabinet).await.unwrap();
        assert_eq!(all.len(), 3);
        let north = all.iter().find(|warehouse| warehouse.id == Some(NORTH)).unwrap();
        assert_eq!((north.name.as_str(), north.utc_offset_minutes), ("Склад Север", Some(180)));
        let courier = north.methods.iter().find(|method| method.id == COURIER).unwrap();
        assert_eq!((courier.name.as_str(), courier.status.as_deref()), ("Свой курьер по городу", Some("ACTIVE")));
    }

    async fn a_key_without_the_role_is_told_and_not_blamed(store: Store) {
        let shop = Shop::open(store).await;
        let roles = vec![Role::new("Склады", &["/v1/roles", "/v2/warehouse/list"])];
        shop.ozon.set_roles(CLIENT, roles).unwrap();
        let read = shop.desk.read_warehouses(shop.cabinet).await.unwrap();
        assert_eq!(read, WarehousesRead { warehouses: Some(3), delivery_methods: None });
        assert_eq!(shop.cabinet().await.check_error, None);

        shop.ozon.set_roles(CLIENT, vec![Role::new("Товары", &["/v1/roles"])]).unwrap();
        let read = shop.desk.read_warehouses(shop.cabinet).await.unwrap();
        assert_eq!(read, WarehousesRead { warehouses: None, delivery_methods: None });
        assert_eq!(shop.store.warehouses().await.unwrap().len(), 3, "what was read before stays");

        shop.ozon.deactivate_key(CLIENT).unwrap();
        let error = shop.desk.read_warehouses(shop.cabinet).await.expect_err("the key is off");
        assert_eq!(error.code(), "key_deactivated");
        assert_eq!(shop.cabinet().await.check_error.as_deref(), Some("key_deactivated"));
        assert!(shop.desk.read_warehouses(CabinetId(999)).await.is_err());
    }
}
