//! Rules of warehouses and delivery methods: kept, followed by every way to an order, and in the way of deletions.

use domain::history::{Actor, Field, Reason};
use domain::warehouse_rules::{Instead, Place, PlaceKind};
use domain::{CabinetId, DeliveryMethodId, PaymentMethodId, Posting, SourceId, WarehouseRules};
use serde_json::json;
use storage::lists::NamedList;
use storage::uses::CabinetUse;
use storage::warehouse_rules::OzonDeliveryMethod;
use storage::{Error, PageAsk, Store, Warehouse};

use crate::fixture::*;

const NORTH: i64 = 1_020_004_870_220_000;
const COURIER: i64 = 1_020_005_000_220_010;

fn from_the_north(number: &str, status: &str) -> Posting {
    let mut posting = posting(number, status);
    posting.details.warehouse_id = Some(NORTH);
    posting.details.warehouse_name = Some("Склад Север".to_owned());
    posting.details.delivery_method_id = Some(COURIER);
    posting
}

async fn source(store: &Store, name: &str) -> SourceId {
    SourceId(store.save_named(NamedList::Sources, None, name).await.expect("is saved").id)
}

fn only_source(id: SourceId) -> Instead {
    Instead { source: Some(id), ..Instead::default() }
}

async fn rule(store: &Store, cabinet: CabinetId, rules: &[(Place, Instead)]) {
    let rules: WarehouseRules = rules.iter().copied().collect();
    store.set_warehouse_rules(cabinet, &rules, "olga", morning()).await.expect("they are set");
}

testkit::on_both_databases! {
    async fn rules_are_kept_as_they_were_set_each_cabinets_its_own(store: Store) {
        let id = cabinet(&store).await;
        let other = store.add_cabinet(new_cabinet("Мастерская", "200"), morning(), "test").await.expect("is added").id;
        let shop = source(&store, "Сайт").await;
        let whole = Instead {
            source: Some(shop),
            delivery_method: Some(DeliveryMethodId(1)),
            payment_method: Some(PaymentMethodId(1)),
        };
        let rules = [(Place::warehouse(NORTH), whole), (Place::delivery_method(NORTH), only_source(shop))];
        rule(&store, id, &rules).await;
        let kept = store.warehouse_rules(id).await.expect("answers");
        assert_eq!(kept, rules.into_iter().collect());
        assert_eq!(store.warehouse_rules(other).await.expect("answers"), WarehouseRules::default());

        rule(&store, id, &[(Place::warehouse(NORTH), only_source(shop))]).await;
        let kept = store.warehouse_rules(id).await.expect("answers");
        assert_eq!(kept.iter().collect::<Vec<_>>(), [(Place::warehouse(NORTH), only_source(shop))], "the rest is gone");
        // The same once more leaves no trace.
        rule(&store, id, &[(Place::warehouse(NORTH), only_source(shop))]).await;
        let audit = store.audit(&PageAsk::first(50)).await.expect("answers").items;
        let told: Vec<_> = audit.iter().filter(|e| e.act == "cabinet.warehouses").collect();
        assert_eq!(told.len(), 2);
        assert_eq!((told[0].actor.as_str(), told[0].subject.as_str()), ("olga", "Дом"));
    }

    async fn a_rule_that_names_what_the_shop_does_not_have_changes_nothing(store: Store) {
        let id = cabinet(&store).await;
        let shop = source(&store, "Сайт").await;
        rule(&store, id, &[(Place::warehouse(NORTH), only_source(shop))]).await;
        for wrong in [
            Instead { source: Some(SourceId(999)), ..Instead::default() },
            Instead { delivery_method: Some(DeliveryMethodId(999)), ..Instead::default() },
            Instead { payment_method: Some(PaymentMethodId(999)), ..Instead::default() },
        ] {
            let rules = [(Place::warehouse(NORTH + 1), only_source(shop)), (Place::warehouse(NORTH), wrong)];
            let refused = store.set_warehouse_rules(id, &rules.into_iter().collect(), "olga", morning()).await;
            assert!(matches!(refused, Err(Error::Refused("unknown_choice"))));
        }
        let kept = store.warehouse_rules(id).await.expect("answers");
        assert_eq!(kept.iter().collect::<Vec<_>>(), [(Place::warehouse(NORTH), only_source(shop))]);
        let nobody = store.set_warehouse_rules(CabinetId(999), &WarehouseRules::default(), "olga", morning()).await;
        assert!(matches!(nobody, Err(Error::NotFound)));
    }

    async fn every_way_to_an_order_follows_the_rules(store: Store) {
        let id = cabinet(&store).await;
        let (north, courier) = (source(&store, "Север").await, source(&store, "Курьер").await);
        one(&store, id, 1, &from_the_north("1-1-1", "delivering")).await;
        one(&store, id, 1, &from_the_north("1-1-2", "awaiting_deliver")).await;
        rule(&store, id, &[(Place::warehouse(NORTH), only_source(north))]).await;

        // A load.
        one(&store, id, 2, &from_the_north("1-1-3", "awaiting_packaging")).await;
        let loaded = order(&store, id, "1-1-3").await;
        assert_eq!(loaded.source_id, north);
        let history = store.history(loaded.id, &PageAsk::first(50)).await.expect("answers").items;
        let told = history.iter().find(|e| e.field == Field::Assigned).expect("the history names the rule");
        let settings = vec!["source_id".to_owned()];
        assert_eq!(told.reason, Reason::WarehouseRule { of: PlaceKind::Warehouse, settings });
        assert_eq!(told.new.as_deref(), Some("Склад Север"));

        // By hand.
        let late = store.postings_numbered("1-1-1").await.expect("answers").remove(0);
        store.create_order(late.id, &Actor::Command, morning()).await.expect("it becomes an order");
        assert_eq!(order(&store, id, "1-1-1").await.source_id, north);

        // Deciding anew, by a rule of the delivery method.
        let rules = [(Place::warehouse(NORTH), only_source(north)), (Place::delivery_method(COURIER), only_source(courier))];
        rule(&store, id, &rules).await;
        set(&store, id, also_awaiting_deliver()).await;
        store.decide_anew(id, &Actor::Command, morning(), false).await.expect("is decided");
        assert_eq!(order(&store, id, "1-1-2").await.source_id, courier);
        assert_eq!(order(&store, id, "1-1-3").await.source_id, north, "an order that exists stays as it was made");
    }

    async fn warehouses_and_delivery_methods_stand_together_with_their_rules(store: Store) {
        let id = cabinet(&store).await;
        let shop = source(&store, "Сайт").await;
        let warehouse = |id, name: &str| Warehouse { id, name: name.to_owned(), utc_offset_minutes: Some(180) };
        store.keep_warehouses(id, &[warehouse(NORTH, "Север"), warehouse(8, "Юг")], morning()).await.expect("kept");
        let method = |id, warehouse_id, name: &str| OzonDeliveryMethod {
            id,
            warehouse_id,
            name: name.to_owned(),
            status: Some("ACTIVE".to_owned()),
        };
        // A list that names one twice is no reason to fail; the last word counts.
        let listed = [method(21, Some(NORTH), "Курьер"), method(22, Some(404), "Почта"), method(21, Some(NORTH), "Свой курьер")];
        store.keep_delivery_methods(id, &listed, morning()).await.expect("kept");
        let later = morning() + chrono::Duration::hours(1);
        store.keep_delivery_methods(id, &[method(21, Some(NORTH), "Наш курьер")], later).await.expect("kept");
        store.keep_delivery_methods(id, &[], later).await.expect("nothing is kept");
        let rules = [
            (Place::warehouse(99), only_source(shop)),
            (Place::delivery_method(21), only_source(shop)),
            (Place::delivery_method(77), only_source(shop)),
        ];
        rule(&store, id, &rules).await;

        let all = store.warehouses_with_rules(id).await.expect("answers");
        let ids: Vec<_> = all.iter().map(|w| (w.id, w.name.as_str())).collect();
        assert_eq!(ids, [(Some(NORTH), "Север"), (Some(8), "Юг"), (Some(99), ""), (None, "")]);
        assert_eq!((all[0].read_at, all[0].utc_offset_minutes), (Some(morning()), Some(180)));
        assert_eq!((all[0].methods[0].name.as_str(), all[0].methods[0].read_at), ("Наш курьер", Some(later)));
        assert_eq!(all[0].methods[0].instead, only_source(shop));
        assert!(all[0].instead.is_nothing());
        assert_eq!((all[2].instead, all[2].read_at), (only_source(shop), None));
        let homeless: Vec<_> = all[3].methods.iter().map(|m| m.id).collect();
        assert_eq!(homeless, [22, 77]);
    }

    async fn what_a_rule_names_is_not_deleted_and_it_is_told_where(store: Store) {
        let id = cabinet(&store).await;
        for list in [NamedList::Sources, NamedList::DeliveryMethods, NamedList::PaymentMethods] {
            let own = store.save_named(list, None, "Свой").await.expect("is saved").id;
            let instead = match list {
                NamedList::Sources => only_source(SourceId(own)),
                NamedList::DeliveryMethods => {
                    Instead { delivery_method: Some(DeliveryMethodId(own)), ..Instead::default() }
                }
                NamedList::PaymentMethods => {
                    Instead { payment_method: Some(PaymentMethodId(own)), ..Instead::default() }
                }
            };
            rule(&store, id, &[(Place::warehouse(NORTH), instead), (Place::delivery_method(COURIER), instead)]).await;
            assert!(matches!(store.delete_named(list, own).await, Err(Error::InUse { count: 1 })));
            let uses = store.uses_of_named(list, own).await.expect("answers");
            let cabinet = CabinetUse { id, name: "Дом".to_owned(), keys: Vec::new(), rules: 2 };
            assert_eq!((uses.orders, uses.cabinets), (0, vec![cabinet]));
            rule(&store, id, &[]).await;
            store.delete_named(list, own).await.expect("nothing needs it any more");
        }
    }

    async fn it_is_told_which_orders_and_settings_need_a_row(store: Store) {
        let id = cabinet(&store).await;
        let shop = source(&store, "Сайт").await;
        set(&store, id, json!({"source_id": shop})).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        one(&store, id, 1, &posting("1-1-2", "awaiting_packaging")).await;
        let uses = store.uses_of_named(NamedList::Sources, shop.0).await.expect("answers");
        let named = CabinetUse { id, name: "Дом".to_owned(), keys: vec!["source_id".to_owned()], rules: 0 };
        assert_eq!((uses.count(), uses.orders, uses.cabinets), (3, 2, vec![named]));

        let cancelled = store.statuses().await.expect("answers").remove(7).id;
        let uses = store.uses_of_status(cancelled).await.expect("answers");
        assert_eq!((uses.orders, uses.cabinets.len()), (0, 1));
        assert!(uses.cabinets[0].keys.iter().any(|key| key == "on_cancel.before_work"), "{:?}", uses.cabinets);
    }
}
