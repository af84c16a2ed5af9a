//! An invented shop: five years of postings as a real one has them. The same number gives the same posting.

use chrono::{DateTime, Duration, Utc};
use domain::posting::{Customer, Details, Product, Recipient};
use domain::{Currency, Money, OzonStatus, Posting, PostingNumber};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::Outcome;

/// Cabinets of the shop.
pub const CABINETS: i64 = 5;
/// Warehouses of a cabinet.
pub const WAREHOUSES: i64 = 3;
/// Articles that it sells.
pub const ARTICLES: usize = 400;
/// How far back its orders go, days.
pub const DAYS: i64 = 5 * 365;

const BEGINNINGS: [&str; 24] = [
    "Ива",
    "Петр",
    "Сидор",
    "Кузне",
    "Смирн",
    "Попо",
    "Соко",
    "Лебед",
    "Козл",
    "Новик",
    "Мороз",
    "Волк",
    "Зайц",
    "Павл",
    "Семен",
    "Голуб",
    "Виногр",
    "Богда",
    "Воробь",
    "Федор",
    "Михайл",
    "Беля",
    "Тарас",
    "Комар",
];
const MIDDLES: [&str; 25] = [
    "", "ен", "ар", "ил", "ош", "ец", "ищ", "ук", "ал", "ер", "ин", "ат", "ор", "ушк", "еньк", "ыг", "ав",
    "ел", "ом", "юх", "ач", "ид", "ол", "ян", "ех",
];
const ENDINGS: [&str; 9] = ["ов", "ова", "ев", "ева", "ин", "ина", "ский", "ская", "енко"];
const NAMES: [&str; 16] = [
    "Анна",
    "Мария",
    "Елена",
    "Ольга",
    "Наталья",
    "Татьяна",
    "Ирина",
    "Светлана",
    "Иван",
    "Сергей",
    "Алексей",
    "Андрей",
    "Дмитрий",
    "Николай",
    "Пётр",
    "Семён",
];
const GOODS: [&str; 8] = ["KRZ", "FTB", "SVT", "LMP", "NOZ", "POL", "CHA", "IGR"];

/// How many surnames there are.
pub const SURNAMES: usize = BEGINNINGS.len() * MIDDLES.len() * ENDINGS.len();

/// One of the surnames; the first ones are the most frequent.
pub fn surname(at: usize) -> String {
    let (ending, rest) = (ENDINGS[at % ENDINGS.len()], at / ENDINGS.len());
    let (beginning, middle) =
        (BEGINNINGS[rest % BEGINNINGS.len()], MIDDLES[rest / BEGINNINGS.len() % MIDDLES.len()]);
    format!("{beginning}{middle}{ending}")
}

/// One of the articles; the first ones sell best.
pub fn article(at: usize) -> String {
    format!(
        "{}-{:04}-{}",
        GOODS[at % GOODS.len()],
        1_000 + at * 7,
        ["S", "M", "L", "XL"][at / GOODS.len() % 4]
    )
}

/// The id of a warehouse, of 0 up to [`WAREHOUSES`], of a cabinet, of 0 up to [`CABINETS`].
pub fn warehouse(cabinet: i64, at: i64) -> i64 {
    20_000_000_000 + cabinet * 1_000 + at
}

/// A few of many are frequent: the place of one of `many`.
fn popular(rng: &mut StdRng, many: usize) -> usize {
    let all = f64::from(u32::try_from(many).unwrap_or(u32::MAX));
    let chosen = all.powf(rng.random_range(0.0..1.0_f64));
    (0..many).nth(floor(chosen).saturating_sub(1)).unwrap_or(0)
}

/// The whole part of a small positive number.
fn floor(number: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    let whole = number as usize;
    whole
}

/// The number of the posting in this place.
pub fn number(at: u64) -> String {
    let mixed = at.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{:08}-{:04}-{}", 10_000_000 + mixed % 89_999_999, at % 10_000, 1 + at % 3)
}

/// The cabinet of the posting in this place, of 0 up to [`CABINETS`]: pages of one cabinet follow each other.
pub fn cabinet_of(page: u64) -> i64 {
    // The first cabinet sells as much as the other ones together.
    let turn = i64::try_from(page % 8).unwrap_or(0);
    (turn - 3).max(0)
}

/// The posting in this place among so many, new and waiting to be packed.
pub fn posting(at: u64, many: u64, cabinet: i64, now: DateTime<Utc>) -> Outcome<Posting> {
    let mut rng = StdRng::seed_from_u64(at);
    let number = number(at);
    let whole = Duration::days(DAYS).num_seconds();
    let left = i64::try_from(u128::from(many - at) * u128::from(whole.unsigned_abs()) / u128::from(many))?;
    let began = now - Duration::seconds(left) + Duration::seconds(rng.random_range(0..3_600));
    let ship_by = began + Duration::hours(rng.random_range(12..72));
    // One, two or three lines: 1.7 on the average.
    let lines = [1, 1, 1, 1, 1, 2, 2, 2, 3, 3][rng.random_range(0..10_usize)];
    let by_seller = rng.random_bool(0.2);
    let name = format!("{} {}", NAMES[popular(&mut rng, NAMES.len())], surname(popular(&mut rng, SURNAMES)));
    let phone = format!("+7 9{:02} {:03}-{:02}-{:02}", at % 90, at / 7 % 1_000, at / 11 % 100, at / 13 % 100);
    let products = (0..lines).map(|_| product(&mut rng)).collect();
    let place = warehouse(cabinet, rng.random_range(0..WAREHOUSES));
    let kind = if by_seller { "non_integrated" } else { "ozon" };
    Ok(Posting {
        status: OzonStatus::AwaitingPackaging,
        substatus: Some("posting_created".to_owned()),
        products,
        details: Details {
            order_number: number.rsplit_once('-').map(|(order, _)| order.to_owned()),
            order_id: Some(i64::try_from(at)? + 700_000_000),
            in_process_at: Some(began),
            shipment_date: Some(ship_by),
            shipment_date_without_delay: Some(ship_by),
            tpl_integration_type: Some(kind.to_owned()),
            integration_type_flow: Some(kind.to_owned()),
            delivery_method_id: Some(place + 100),
            delivery_method_name: Some("Доставка с нашего склада".to_owned()),
            warehouse_id: Some(place),
            warehouse_name: Some(format!("Склад {}", place % 1_000 + 1)),
            carrier: Some("Ozon Логистика".to_owned()),
            delivery_type: Some("PVZ".to_owned()),
            payment_type: Some("Банковская карта".to_owned()),
            city: Some("Казань".to_owned()),
            region: Some("Республика Татарстан".to_owned()),
            upper_barcode: Some(format!("%101%{at:010}")),
            lower_barcode: Some(format!("{at:014}")),
            is_express: Some(rng.random_bool(0.03)),
            is_legal: Some(false),
            ..Details::default()
        },
        customer: by_seller.then(|| Customer {
            id: i64::try_from(1 + at % 150_000).ok(),
            name: Some(name.clone()),
            phone: Some(phone.clone()),
            ..Customer::default()
        }),
        recipient: rng.random_bool(0.5).then_some(Recipient {
            name: Some(name),
            phone: Some(phone),
            pin: None,
        }),
        related: None,
        number: PostingNumber::new(&number)?,
    })
}

fn product(rng: &mut StdRng) -> Product {
    let at = popular(rng, ARTICLES);
    let price = |minor| Money { minor, currency: Currency::RUB };
    let kopecks = rng.random_range(100..9_000) * 100;
    Product {
        offer_id: article(at),
        sku: i64::try_from(148_000_000 + at * 13).ok(),
        name: format!("Товар «{}» для дома, размер {}, цвет по выбору", article(at), at % 50),
        quantity: [1, 1, 1, 2, 5][rng.random_range(0..5_usize)],
        price: price(kopecks),
        old_price: Some(price(kopecks * 5 / 4)),
        customer_price: Some(price(kopecks * 9 / 10)),
        weight_grams: Some(400),
        color: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_differ_and_pages_go_round_all_cabinets() {
        let numbers: std::collections::HashSet<_> = (0..200_000).map(number).collect();
        assert_eq!(numbers.len(), 200_000);
        let cabinets: std::collections::BTreeSet<_> = (0..8).map(cabinet_of).collect();
        assert_eq!(cabinets.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn there_are_about_seventeen_lines_in_ten_postings_and_the_last_is_the_newest() {
        let now = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let made: Vec<Posting> = (0..2_000).map(|at| posting(at, 2_000, 0, now).expect("is made")).collect();
        let lines: usize = made.iter().map(|posting| posting.products.len()).sum();
        assert!((3_200..3_600).contains(&lines), "{lines}");
        assert!(made[0].details.in_process_at < made[1_999].details.in_process_at);
    }
}
