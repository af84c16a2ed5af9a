//! How the databases go about the lists of orders: by an index, from where the page begins, without sorting.

use chrono::{DateTime, Utc};
use domain::{CabinetId, CustomerId, Scheme, SourceId, StatusId, UserId};
use entities::orders;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, DbBackend, QuerySelect, QueryTrait, Select, Statement};

use super::ids::Ids;
use super::kinds::{Kinds, of_that_kind};
use super::lead::{Facet, Lead};
use super::stretch::{Stretch, page_of};
use super::{ManagerFilter, OrderFilter, OrderSort, Queue, Way};
use crate::{Config, PageAsk, SecretKey, Store};

pub(crate) async fn store(folder: &tempfile::TempDir) -> Store {
    let database_url = format!("sqlite://{}", folder.path().join("vygruzka.db").display());
    let config = Config { database_url, secret_key: Some(SecretKey::generate()), zone: chrono_tz::UTC };
    let store = Store::open(&config).await.expect("opens");
    store.migrate().await.expect("migrates");
    store
}

/// What SQLite means to do for a page, in its own words; with `further` for a page that is not the first.
async fn plan(store: &Store, filter: &OrderFilter, sort: OrderSort, further: bool) -> String {
    let cursor = further.then(|| {
        let rows = vec![(5, 1), (5, 2)];
        crate::Page::cut(rows, &PageAsk::first(1), |row| *row).next.expect("there is more")
    });
    let lead = store.lead(filter, sort).await.expect("answers");
    explained(store, &page(store, filter, sort, &PageAsk { limit: 50, cursor }, &lead)).await
}

fn page(
    store: &Store,
    filter: &OrderFilter,
    sort: OrderSort,
    ask: &PageAsk,
    lead: &Lead,
) -> Select<orders::Entity> {
    let rows = ask.rows() + 1;
    let all = Stretch::of_page(filter, sort, ask, lead).expect("a cursor of ours");
    page_of(store.along(&all, None), sort, lead, rows)
}

/// The same for where that page ends.
async fn ended(store: &Store, filter: &OrderFilter, sort: OrderSort, further: bool) -> String {
    let lead = store.lead(filter, sort).await.expect("answers");
    let Lead::FirstOfKinds(kinds) = &lead else { panic!("{lead:?} leads {filter:?}") };
    let place = further.then_some((5, 1));
    let all = Stretch { filter, sort, lead: &lead, place, down: sort.is_descending() };
    let all = store.beyond(&all, Some(of_that_kind()));
    explained_statement(store, &kinds.filling(all, sort.is_descending(), 51, true)).await.join("; ")
}

/// The lines of a plan of a statement that is no query of an entity.
pub(crate) async fn explained_statement(store: &Store, statement: &SelectStatement) -> Vec<String> {
    let sql = statement.to_string(sea_orm::sea_query::SqliteQueryBuilder);
    let asked = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = store.db.query_all_raw(asked).await.expect("answers");
    rows.iter().map(|row| row.try_get("", "detail").expect("a plan")).collect()
}

pub(crate) async fn explained(store: &Store, query: &impl QueryTrait) -> String {
    let asked = query.build(DbBackend::Sqlite);
    let sql = format!("EXPLAIN QUERY PLAN {}", asked.sql);
    let values = asked.values.map(|values| values.0).unwrap_or_default();
    let rows = store
        .db
        .query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values))
        .await
        .expect("answers");
    let details = rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a plan"));
    details.collect::<Vec<_>>().join("; ")
}

/// Whether nothing is sorted but the few orders of a page that were found already.
fn sorts_its_page_alone(plan: &str) -> bool {
    plan.starts_with("SEARCH orders USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY")
        && plan.matches("TEMP B-TREE").count() == 1
}

pub(crate) fn at() -> DateTime<Utc> {
    "2026-11-23T08:00:00Z".parse().expect("a literal time")
}

#[tokio::test]
async fn every_sort_is_served_by_its_index_and_leads_straight_to_the_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    for (sort, index, key) in [
        (OrderSort::DateDesc, "orders_by_date", "order_date<"),
        (OrderSort::DateAsc, "orders_by_date", "order_date>"),
        (OrderSort::ShipByAsc, "orders_by_ship_by", "<expr>>"),
        (OrderSort::ShipByDesc, "orders_by_ship_by_back", "<expr><"),
        (OrderSort::TotalDesc, "orders_by_total", "total_minor<"),
        (OrderSort::TotalAsc, "orders_by_total", "total_minor>"),
    ] {
        let first = plan(&store, &OrderFilter::default(), sort, false).await;
        assert_eq!(first, format!("SCAN orders USING INDEX {index}"), "{sort}");
        let further = plan(&store, &OrderFilter::default(), sort, true).await;
        assert!(further.starts_with(&format!("SEARCH orders USING INDEX {index} (")), "{sort}: {further}");
        assert!(further.contains(key) && !further.contains("TEMP B-TREE"), "{sort}: {further}");
    }
}

#[tokio::test]
async fn every_filter_is_served_by_its_index_without_sorting() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let none = OrderFilter::default;
    for (filter, index) in [
        (OrderFilter { customer: Some(CustomerId(1)), ..none() }, "orders_by_customer (customer_id=?"),
        (
            OrderFilter { customer: Some(CustomerId(1)), cabinet: Some(CabinetId(1)), ..none() },
            "orders_by_customer (customer_id=?",
        ),
        (OrderFilter { placed_from: Some(at()), ..none() }, "orders_by_date (order_date>?"),
        (OrderFilter { placed_to: Some(at()), ..none() }, "orders_by_date (order_date<?)"),
    ] {
        for further in [false, true] {
            let plan = plan(&store, &filter, OrderSort::DateDesc, further).await;
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{index}: {plan}");
        }
    }
    let queues = [
        Queue::ToShip { until: at() },
        Queue::ToAssemble { until: at() },
        Queue::Overdue { now: at() },
        Queue::AtRisk { now: at(), until: at() },
    ];
    for queue in queues {
        let plan =
            plan(&store, &OrderFilter { queue: Some(queue), ..none() }, OrderSort::ShipByAsc, false).await;
        assert!(
            plan.contains("COVERING INDEX orders_still_here") && sorts_its_page_alone(&plan),
            "{queue:?}: {plan}"
        );
    }
    let refused = OrderFilter { queue: Some(Queue::Refused), ..none() };
    let refused = plan(&store, &refused, OrderSort::DateDesc, false).await;
    assert!(
        refused.contains("outbox_by_state (state=?)") && refused.contains("INTEGER PRIMARY KEY"),
        "{refused}"
    );
    let urgent = OrderFilter { ship_by_to: Some(at()), ..none() };
    let plan = plan(&store, &urgent, OrderSort::ShipByAsc, false).await;
    assert_eq!(plan, "SEARCH orders USING INDEX orders_by_ship_by (<expr><?)");
}

#[tokio::test]
async fn of_each_kind_no_more_orders_are_looked_at_than_a_page_by_date_may_need() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let none = OrderFilter::default;
    let filters = [
        OrderFilter { status: vec![StatusId(1)], ..none() },
        OrderFilter { ozon_status: Some("delivering".into()), ..none() },
        OrderFilter { cabinet: Some(CabinetId(1)), ..none() },
        OrderFilter { source: Some(SourceId(1)), ..none() },
        OrderFilter { paid: Some(false), ..none() },
        OrderFilter { manager: Some(ManagerFilter::Is(UserId(1))), ..none() },
        OrderFilter { manager: Some(ManagerFilter::Nobody), ..none() },
        OrderFilter { scheme: Some(Scheme::Fbs), ..none() },
        OrderFilter { warehouse: Some(7), ..none() },
        OrderFilter { express: true, ..none() },
        OrderFilter { paid: Some(true), placed_from: Some(at()), placed_to: Some(at()), ..none() },
    ];
    for filter in filters {
        for (sort, further, of_page, of_one) in [
            (OrderSort::DateDesc, false, "order_date>?", ""),
            (OrderSort::DateAsc, false, "order_date<?", ""),
            (OrderSort::DateDesc, true, "order_date>? AND order_date<?", " AND order_date<?"),
            (OrderSort::DateAsc, true, "order_date>? AND order_date<?", " AND order_date>?"),
        ] {
            let dated = filter.placed_from.is_some();
            let (of_page, of_one) = if dated {
                ("order_date>? AND order_date<?", " AND order_date>? AND order_date<?")
            } else {
                (of_page, of_one)
            };
            let plan = plan(&store, &filter, sort, further).await;
            let index = "SEARCH orders USING COVERING INDEX orders_by_kind (kind_id=?";
            assert!(plan.contains(&format!("{index} AND {of_page})")), "{filter:?} {sort}: {plan}");
            let end = ended(&store, &filter, sort, further).await;
            assert!(
                end.contains(&format!("{index}{of_one})")) && !end.contains("TEMP"),
                "{filter:?} {sort}: {end}"
            );
            assert!(plan.starts_with("SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)"), "{plan}");
        }
    }
}

#[tokio::test]
async fn where_few_rows_fit_they_are_sorted_and_where_many_do_the_order_is_walked_through() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let filter = OrderFilter {
        status: vec![StatusId(1)],
        cabinet: Some(CabinetId(1)),
        placed_from: Some(at()),
        ..OrderFilter::default()
    };
    let plan =
        async |sort, lead| explained(&store, &page(&store, &filter, sort, &PageAsk::first(50), &lead)).await;
    let of_kinds = "SEARCH orders USING COVERING INDEX orders_by_kind (kind_id=? AND order_date>?)";
    let kinds = Kinds::meeting(&store.db, &filter).await.expect("answers");
    for sort in [OrderSort::TotalDesc, OrderSort::ShipByAsc, OrderSort::ShipByDesc] {
        let few = plan(sort, Lead::Kinds(kinds.clone())).await;
        assert!(few.starts_with("SEARCH orders USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY"), "{few}");
        assert!(few.contains(of_kinds) && !few.contains("SCAN orders"), "{few}");
    }
    let counted = explained_statement(&store, &kinds.ids(&filter, true, 9)).await;
    assert_eq!(counted[0], of_kinds, "{counted:?}");
    let sorted = plan(OrderSort::TotalDesc, Lead::Condition(Facet::OrderDate)).await;
    let by_date = "SEARCH orders USING INDEX orders_by_date (order_date>?); ";
    assert!(sorted.starts_with(by_date) && sorted.ends_with("; USE TEMP B-TREE FOR ORDER BY"), "{sorted}");
    let walked = plan(OrderSort::TotalDesc, Lead::Sort).await;
    assert!(walked.contains("SCAN orders USING COVERING INDEX orders_by_total; "), "{walked}");
    assert!(sorts_its_page_alone(&walked), "{walked}");
    let walked = plan(OrderSort::ShipByAsc, Lead::Sort).await;
    assert!(walked.contains("SCAN orders USING COVERING INDEX orders_by_ship_by; "), "{walked}");
    assert!(sorts_its_page_alone(&walked), "{walked}");
}

#[tokio::test]
async fn what_a_search_found_is_looked_for_in_the_index_of_the_list() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let lead = Lead::Among(Ids::new("1,2".to_owned(), 2));
    for sort in [OrderSort::DateDesc, OrderSort::DateAsc] {
        let found = page(&store, &OrderFilter::default(), sort, &PageAsk::first(50), &lead);
        let plan = explained(&store, &found).await;
        assert!(plan.contains("SCAN orders USING COVERING INDEX orders_by_date; "), "{plan}");
    }
}

fn beside(
    store: &Store,
    filter: &OrderFilter,
    sort: OrderSort,
    way: Way,
    lead: &Lead,
) -> Select<orders::Entity> {
    let beside = Stretch { filter, sort, lead, place: Some((5, 1)), down: way.is_down(sort) };
    store.along(&beside, None).limit(1)
}

#[tokio::test]
async fn the_neighbours_of_an_order_are_found_by_the_index_without_sorting() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let of_one = OrderFilter { customer: Some(CustomerId(1)), ..OrderFilter::default() };
    for (filter, sort, index) in [
        (OrderFilter::default(), OrderSort::DateDesc, "orders_by_date ("),
        (OrderFilter::default(), OrderSort::ShipByAsc, "orders_by_ship_by ("),
        (OrderFilter::default(), OrderSort::ShipByDesc, "orders_by_ship_by_back ("),
        (OrderFilter::default(), OrderSort::TotalAsc, "orders_by_total ("),
        (of_one, OrderSort::DateAsc, "orders_by_customer (customer_id=?"),
    ] {
        for way in [Way::Back, Way::On] {
            let plan = explained(&store, &beside(&store, &filter, sort, way, &Lead::Database)).await;
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{sort} {way:?}: {plan}");
        }
    }
    let of_kinds = OrderFilter { paid: Some(true), ..OrderFilter::default() };
    for way in [Way::Back, Way::On] {
        let lead = store.lead(&of_kinds, OrderSort::DateDesc).await.expect("answers");
        let plan = explained(&store, &beside(&store, &of_kinds, OrderSort::DateDesc, way, &lead)).await;
        assert!(
            !plan.contains("SCAN orders") && plan.contains("AND order_date>? AND order_date<?)"),
            "{plan}"
        );
    }
}

#[tokio::test]
async fn numbers_and_words_are_looked_up_and_not_read_through() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let look = |filter: OrderFilter| {
        let store = store.clone();
        async move { plan(&store, &filter, OrderSort::DateDesc, false).await }
    };
    let exact = look(OrderFilter { posting_number: Some("1-1-1".into()), ..OrderFilter::default() }).await;
    assert!(exact.contains("orders_identity (posting_number=?)"), "{exact}");
    let order = look(OrderFilter { ozon_order_number: Some("1-1".into()), ..OrderFilter::default() }).await;
    assert!(order.contains("orders_by_ozon_order_number (ozon_order_number=?)"), "{order}");
    let typed = |q: &str| OrderFilter { q: Some(q.to_owned()), ..OrderFilter::default() };
    let prefix = look(typed("0105259411-0854-1")).await;
    assert!(prefix.contains("orders_identity (posting_number>? AND posting_number<?)"), "{prefix}");
    assert!(prefix.contains("orders_number (number>? AND number<?)"), "{prefix}");
    let identified = || OrderFilter { identified: Some("MUG-1".into()), ..OrderFilter::default() };
    let asked = |filter: OrderFilter, lead: Lead| {
        page(&store, &filter, OrderSort::DateDesc, &PageAsk::first(50), &lead)
    };
    // As they are looked up once, and counted.
    let looked_up = async |filter: OrderFilter| {
        let found = store.looked_up(&filter).await.expect("answers").expect("an index knows it");
        explained(&store, &asked(filter, Lead::LookedUp(Box::new(found.all())))).await
    };
    let exactly = looked_up(identified()).await;
    for index in [
        "orders_identity",
        "orders_number",
        "orders_by_track_number",
        "products_by_article",
        "COVERING INDEX order_goods_by_product (product_id=?)",
    ] {
        assert!(exactly.contains(index), "{index}: {exactly}");
    }
    let words = looked_up(typed("семен елкин")).await;
    assert!(words.contains("order_search VIRTUAL TABLE INDEX"), "{words}");
    assert!(!words.contains("order_goods_by_product"), "no product has either word: {words}");
    let word = looked_up(typed("mug-1")).await;
    for index in ["order_search VIRTUAL", "product_search VIRTUAL", "order_goods_by_product (product_id=?)"] {
        assert!(word.contains(index), "{index}: {word}");
    }
    for few in [identified(), typed("семен елкин")] {
        let few = look(few).await;
        assert!(few.starts_with("SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)"), "{few}");
        assert!(few.contains("SCAN json_each") && !few.contains("order_search"), "{few}");
    }
    let often = explained(&store, &asked(identified(), Lead::Sort)).await;
    assert!(often.contains("SCAN orders USING COVERING INDEX orders_by_date; "), "{often}");
    assert!(sorts_its_page_alone(&often), "{often}");
    assert!(often.contains("order_goods USING PRIMARY KEY (order_id=?)"), "{often}");
    let often = explained(&store, &asked(typed("семен"), Lead::Sort)).await;
    assert!(often.contains("SCAN orders USING COVERING INDEX orders_by_date; "), "{often}");
    assert!(sorts_its_page_alone(&often), "{often}");
    assert!(often.contains("order_search_content USING INTEGER PRIMARY KEY"), "{often}");
}

#[tokio::test]
async fn what_must_leave_is_read_from_what_is_still_here_without_sorting() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let plan = crate::overview::leaving_plan(&store).await;
    assert!(plan.contains("orders_still_here (<expr><?)") && !plan.contains("TEMP B-TREE"), "{plan}");
}

#[tokio::test]
async fn what_every_start_asks_is_found_by_kinds() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let plan = super::way::lacking_plan(&store).await;
    assert!(plan.starts_with("SEARCH orders USING INDEX orders_by_kind (kind_id=?)"), "{plan}");
}

#[tokio::test]
async fn the_loads_under_way_are_found_without_those_of_the_past() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let plan = crate::runs::under_way_plan(&store).await;
    assert_eq!(plan, "SCAN runs USING INDEX runs_running");
}

#[tokio::test]
async fn the_counts_of_postings_without_an_order_read_no_posting() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    for plan in crate::postings::count_plans(&store).await {
        assert!(plan.contains("USING COVERING INDEX postings_without_order"), "{plan}");
    }
}

#[tokio::test]
async fn what_changed_lately_is_read_from_its_place_in_the_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let plan = crate::changes::plan(&store).await;
    assert_eq!(plan, "SEARCH order_history USING INTEGER PRIMARY KEY (rowid>?)");
}

#[tokio::test]
async fn the_others_of_an_ozon_order_are_found_by_its_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let plan = explained(&store, &super::related("1-1", CabinetId(1), domain::OrderId(1))).await;
    assert!(plan.starts_with("SEARCH orders USING INDEX orders_by_ozon_order_number ("), "{plan}");
}
