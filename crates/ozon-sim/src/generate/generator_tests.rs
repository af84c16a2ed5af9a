//! Tests of the generator: determinism, variety, believable ages.

use super::*;
use crate::model::cabinet::CabinetSettings;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().expect("a literal instant")
}

fn cabinet() -> Cabinet {
    Cabinet::new(CabinetSettings::new("1", "key"), now())
}

fn batch(count: usize, options: &GeneratorOptions) -> Vec<Posting> {
    Generator::new(&cabinet(), options, now()).expect("the cabinet has methods").batch(count, |_| false)
}

#[test]
fn the_same_seed_gives_the_same_postings() {
    let options = GeneratorOptions::seeded(7);
    assert_eq!(format!("{:?}", batch(200, &options)), format!("{:?}", batch(200, &options)));
    assert_ne!(
        format!("{:?}", batch(200, &options)),
        format!("{:?}", batch(200, &GeneratorOptions::seeded(8)))
    );
}

#[test]
fn numbers_are_unique_and_some_orders_have_several_postings() {
    let postings = batch(3_000, &GeneratorOptions::default());
    let numbers: HashSet<_> = postings.iter().map(|p| &p.posting_number).collect();
    assert_eq!(numbers.len(), 3_000);
    let orders: HashSet<_> = postings.iter().map(|p| &p.order_number).collect();
    assert!(orders.len() < 2_900);
}

#[test]
fn fresh_postings_are_mostly_open_and_old_ones_mostly_done() {
    let postings = batch(4_000, &GeneratorOptions { days: 60, ..GeneratorOptions::default() });
    let open_share = |younger: i64, older: i64| {
        let chosen: Vec<_> = postings
            .iter()
            .filter(|posting| {
                let hours = (now() - posting.in_process_at).num_hours();
                (younger..older).contains(&hours)
            })
            .collect();
        let open = chosen.iter().filter(|p| !p.status.is_final()).count();
        open * 100 / chosen.len()
    };
    assert!(open_share(0, 24) > 80);
    assert!(open_share(24 * 30, 24 * 60) < 10);
    for kind in DeliveryType::ALL {
        assert!(postings.iter().any(|p| p.delivery_type == *kind), "{kind}");
    }
}

#[test]
fn every_status_and_type_is_reached_when_asked_for() {
    let postings = batch(70, &GeneratorOptions::every_status_and_type(3));
    let reached: HashSet<_> = postings.iter().map(|p| (p.status.clone(), p.delivery_type.clone())).collect();
    assert_eq!(reached.len(), 70);
    for posting in &postings {
        assert!(posting.status_changed_at <= now());
        assert!(posting.history.is_sorted_by_key(|entry| entry.at));
        assert_eq!(posting.cancellation.is_some(), posting.status == Status::Cancelled);
    }
}

#[test]
fn instants_are_equal_at_page_borders_when_asked_for() {
    let postings = batch(
        500,
        &GeneratorOptions {
            equal_at_borders: Some(EqualAtBorders { page: 100, run: 6 }),
            ..GeneratorOptions::default()
        },
    );
    for border in [100, 200, 300, 400] {
        assert_eq!(postings[border - 1].in_process_at, postings[border].in_process_at);
    }
    assert!(postings.is_sorted_by_key(|p| p.in_process_at));
}

#[test]
fn lines_of_a_posting_do_not_repeat() {
    assert_ne!(goods::GOODS.len() % 23, 0);
    for posting in batch(1_000, &GeneratorOptions::default()) {
        let skus: HashSet<_> = posting.lines.iter().map(|line| line.sku).collect();
        assert_eq!(skus.len(), posting.lines.len());
    }
}
