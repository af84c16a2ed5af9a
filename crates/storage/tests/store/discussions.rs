//! Who works an order, whom it is bound to, and what people write under it.

use chrono::Duration;
use domain::by_hand::Act;
use domain::discussion::Deleter;
use domain::history::{Actor, Field};
use domain::{CustomerId, DeliveryMethodId, OrderId, PaymentMethodId, UserId};
use storage::lists::{CustomerDraft, NamedList};
use storage::orders::{ManagerFilter, OrderFilter, OrderSort};
use storage::people::Role;
use storage::{Error, PageAsk, Store};

use crate::fixture::*;

async fn user(store: &Store, email: &str) -> UserId {
    store.add_user(email, "no hash", Role::Manager, morning()).await.expect("is added").id
}

async fn act(store: &Store, order: OrderId, act: Act) -> Result<domain::Order, Error> {
    store.act_on_order(order, act, &Actor::Command, morning()).await
}

async fn of(store: &Store, manager: ManagerFilter) -> Vec<String> {
    let filter = OrderFilter { manager: Some(manager), ..OrderFilter::default() };
    let page = store.orders(&filter, OrderSort::DateAsc, &PageAsk::first(50)).await.expect("answers");
    page.items.into_iter().map(|order| order.posting_number.to_string()).collect()
}

testkit::on_both_databases! {
    async fn orders_are_given_to_people_and_found_by_them(store: Store) {
        let id = cabinet(&store).await;
        let two = ["1-1-1", "2-2-1"].map(|number| shown(&posting(number, "awaiting_packaging")));
        take(&store, &page(id, 1, two.into())).await;
        let made = order(&store, id, "1-1-1").await;
        let (anna, boris) = (user(&store, "anna@shop.example").await, user(&store, "boris@shop.example").await);
        let after = act(&store, made.id, Act::SetManager(Some(anna))).await.expect("is done");
        assert_eq!(after.manager, Some(anna));
        assert_eq!(store.order(made.id).await.expect("is there"), after);
        assert_eq!(of(&store, ManagerFilter::Is(anna)).await, ["1-1-1"]);
        assert_eq!(of(&store, ManagerFilter::Nobody).await, ["2-2-1"]);
        assert!(of(&store, ManagerFilter::Is(boris)).await.is_empty());
        one(&store, id, 2, &posting("1-1-1", "delivering")).await;
        assert_eq!(order(&store, id, "1-1-1").await.manager, Some(anna), "a load leaves it with her");

        store.disable_user(boris, morning()).await.expect_err("somebody must be able to set things up");
        user_admin(&store).await;
        store.disable_user(boris, morning()).await.expect("is done");
        for nobody in [boris, UserId(99)] {
            assert!(matches!(act(&store, made.id, Act::SetManager(Some(nobody))).await, Err(Error::NotFound)));
        }
        act(&store, made.id, Act::SetManager(None)).await.expect("is done");
        assert_eq!(of(&store, ManagerFilter::Nobody).await.len(), 2);
        let history = store.history(made.id, &PageAsk::first(50)).await.expect("answers").items;
        let told: Vec<_> = history.iter().filter(|e| e.field == Field::Manager).map(|e| e.new.clone()).collect();
        assert_eq!(told, [Some(anna.to_string()), None]);
    }

    async fn a_part_of_a_posting_goes_to_whoever_works_the_whole(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let anna = user(&store, "anna@shop.example").await;
        act(&store, order(&store, id, "1-1-1").await.id, Act::SetManager(Some(anna))).await.expect("is done");
        let mut part = posting("1-1-2", "awaiting_deliver");
        part.details.parent = Some(posting("1-1-1", "awaiting_packaging").number);
        one(&store, id, 2, &part).await;
        assert_eq!(order(&store, id, "1-1-2").await.manager, Some(anna));
    }

    async fn a_chosen_customer_stays_whatever_ozon_says_and_the_order_is_found_by_the_name(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let made = order(&store, id, "1-1-1").await;
        let draft = CustomerDraft { name: "Ольга Кедрова".to_owned(), ..CustomerDraft::default() };
        let olga = store.save_customer(None, draft, morning()).await.expect("is saved").id;
        let chosen = Act::SetCustomer { id: olga, name: "Ольга Кедрова".to_owned() };
        act(&store, made.id, chosen).await.expect("is done");
        let mut named = posting("1-1-1", "awaiting_packaging");
        named.customer = buyer(7, "Семён Ёлкин");
        one(&store, id, 2, &named).await;
        let after = order(&store, id, "1-1-1").await;
        assert_eq!((after.customer_id, after.customer_name.as_str()), (olga, "Ольга Кедрова"));
        assert!(after.customer_by_hand);
        let filter = OrderFilter { q: Some("кедрова".to_owned()), ..OrderFilter::default() };
        let found = store.orders(&filter, OrderSort::default(), &PageAsk::first(5)).await.expect("answers").items;
        assert_eq!(found.len(), 1, "the search knows the new name");
        let nobody = Act::SetCustomer { id: CustomerId(99), name: "Никто".to_owned() };
        assert!(matches!(act(&store, made.id, nobody).await, Err(Error::NotFound)));
    }

    async fn methods_change_to_those_that_there_are(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let made = order(&store, id, "1-1-1").await.id;
        let courier = store.save_named(NamedList::DeliveryMethods, None, "Курьер").await.expect("is saved").id;
        let cash = store.save_named(NamedList::PaymentMethods, None, "Наличные").await.expect("is saved").id;
        act(&store, made, Act::SetDeliveryMethod(DeliveryMethodId(courier))).await.expect("is done");
        let after = act(&store, made, Act::SetPaymentMethod(PaymentMethodId(cash))).await.expect("is done");
        assert_eq!((after.delivery_method_id.0, after.payment_method_id.0), (courier, cash));
        for odd in [Act::SetDeliveryMethod(DeliveryMethodId(99)), Act::SetPaymentMethod(PaymentMethodId(99))] {
            assert!(matches!(act(&store, made, odd).await, Err(Error::NotFound)));
        }
    }

    async fn a_comment_is_taken_back_by_its_author_for_a_while_and_leaves_a_trace(store: Store) {
        let id = cabinet(&store).await;
        one(&store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
        let order = order(&store, id, "1-1-1").await.id;
        let (anna, boris) = (user(&store, "anna@shop.example").await, user(&store, "boris@shop.example").await);
        let say = |text: &'static str| store.comment_order(order, anna, "anna@shop.example", text, false, morning());
        let (first, second) = (say(" Позвонить\0 ").await.expect("is written"), say("Ждём").await.expect("is written"));
        assert!(matches!(say(" \r\n ").await, Err(Error::Refused("empty"))));
        let nowhere = store.comment_order(OrderId(99), anna, "anna@shop.example", "x", false, morning()).await;
        assert!(matches!(nowhere, Err(Error::NotFound)));
        let told = store.order_comments(order).await.expect("answers");
        assert_eq!(told.iter().map(|c| c.text.as_str()).collect::<Vec<_>>(), ["Позвонить", "Ждём"]);

        let by = |id, of_all| Deleter { id, of_all };
        let soon = morning() + Duration::minutes(14);
        let late = morning() + Duration::minutes(16);
        let take = |id, by, at| store.delete_order_comment(order, id, by, "who@shop.example", at);
        assert!(matches!(take(first, by(boris, false), soon).await, Err(Error::Refused("comment_stays"))));
        assert!(matches!(take(first, by(anna, false), late).await, Err(Error::Refused("comment_stays"))));
        take(first, by(anna, false), soon).await.expect("it is hers");
        take(second, by(boris, true), late).await.expect("an administrator may");
        take(second, by(anna, false), late).await.expect("it is gone already");
        assert!(matches!(take(999, by(anna, true), soon).await, Err(Error::NotFound)));
        let elsewhere = store.delete_order_comment(OrderId(99), first, by(anna, true), "x", soon).await;
        assert!(matches!(elsewhere, Err(Error::NotFound)));
        let traces = store.order_comments(order).await.expect("answers");
        assert!(traces.iter().all(|c| c.text.is_empty()), "the words are gone");
        assert_eq!(traces[0].deleted, Some((soon, "who@shop.example".to_owned())));
    }
}

/// Somebody who can set things up.
async fn user_admin(store: &Store) {
    store.add_user("root@shop.example", "no hash", Role::Admin, morning()).await.expect("is added");
}
