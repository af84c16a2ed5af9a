//! Owns the making of believable postings from a seed. Does not number their creation and does
//! not put them into a cabinet.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::options::{EqualAtBorders, GeneratorOptions};
use super::{goods, people, timeline};
use crate::model::cabinet::{Cabinet, Route};
use crate::model::machine::ActError;
use crate::model::posting::{Address, Buyer, LegalEntity, Line, Posting};
use crate::model::vocabulary::{DeliveryType, Flow, Status};

pub(crate) struct Generator<'a> {
    cabinet: &'a Cabinet,
    options: &'a GeneratorOptions,
    now: DateTime<Utc>,
    rng: StdRng,
    goods: Vec<StockedGoods>,
}

/// The texts of goods shared by all postings of a batch.
struct StockedGoods {
    sku: i64,
    offer_id: Arc<str>,
    name: Arc<str>,
    color: Arc<str>,
}

/// What the postings of one order have in common.
struct Order {
    number: Arc<str>,
    id: i64,
    last: u32,
    in_process_at: DateTime<Utc>,
    is_premium: bool,
    payment: &'static str,
    legal: Option<Arc<LegalEntity>>,
    city: &'static people::City,
    buyer_name: Arc<str>,
    customer_id: i64,
}

impl<'a> Generator<'a> {
    pub(crate) fn new(
        cabinet: &'a Cabinet,
        options: &'a GeneratorOptions,
        now: DateTime<Utc>,
    ) -> Result<Self, ActError> {
        if cabinet.methods.is_empty() {
            return Err(ActError::NoDeliveryMethod);
        }
        let goods = goods::GOODS
            .iter()
            .zip(0_i64..)
            .map(|(goods, index)| StockedGoods {
                sku: 827_090_000 + index * 7_919,
                offer_id: goods.offer_id.into(),
                name: goods.name.into(),
                color: goods.color.into(),
            })
            .collect();
        Ok(Self { cabinet, options, now, rng: StdRng::seed_from_u64(options.seed), goods })
    }

    /// `count` postings in the order of `in_process_at`; `is_taken` knows the cabinet's numbers.
    pub(crate) fn batch(&mut self, count: usize, is_taken: impl Fn(&str) -> bool) -> Vec<Posting> {
        let instants = self.instants(count);
        let mut orders: HashSet<Arc<str>> = HashSet::new();
        let mut order: Option<Order> = None;
        let mut postings = Vec::with_capacity(count);
        for (index, in_process_at) in instants.into_iter().enumerate() {
            let joins = self.share(self.options.same_order_share);
            let keeps_borders = self.options.equal_at_borders.is_some();
            match &mut order {
                // All postings of an order start together; at page borders no instant may move.
                Some(order)
                    if joins
                        && order.last < 4
                        && (!keeps_borders || order.in_process_at == in_process_at) =>
                {
                    order.last += 1;
                }
                _ => order = Some(self.order(in_process_at, &mut orders, &is_taken)),
            }
            let Some(order) = &order else { continue };
            let target = turn(&self.options.statuses, index).cloned();
            let kind =
                turn(&self.options.delivery_types, index / self.options.statuses.len().max(1)).cloned();
            let route = self.route(kind.as_ref());
            postings.push(self.posting(order, route, kind, target.as_ref()));
        }
        postings
    }

    /// One posting of an instant, of a type and in a status of choice.
    pub(crate) fn one(
        &mut self,
        in_process_at: DateTime<Utc>,
        kind: Option<DeliveryType>,
        target: Option<&Status>,
        is_taken: impl Fn(&str) -> bool,
    ) -> Posting {
        let order = self.order(in_process_at, &mut HashSet::new(), &is_taken);
        let route = self.route(kind.as_ref());
        self.posting(&order, route, kind, target)
    }

    fn share(&mut self, share: f64) -> bool {
        self.rng.random_bool(share.clamp(0.0, 1.0))
    }

    fn pick<T: ?Sized>(&mut self, from: &[&'static T]) -> &'static T {
        from.choose(&mut self.rng).copied().expect("the lists of invented things are not empty")
    }

    /// Sorted; fresh postings are more frequent than old ones and most come by day.
    fn instants(&mut self, count: usize) -> Vec<DateTime<Utc>> {
        if let Some(at) = self.options.in_process_at {
            return vec![at; count];
        }
        let span = f64::from(self.options.days) * 86_400.0;
        let now = self.now.with_nanosecond(0).unwrap_or(self.now);
        let mut instants: Vec<_> = (0..count)
            .map(|_| {
                let mut at = now;
                for _ in 0..3 {
                    let ago = span * self.rng.random::<f64>().powf(1.4);
                    #[expect(clippy::cast_possible_truncation, reason = "a few years of seconds")]
                    let ago = TimeDelta::seconds(ago as i64);
                    at = now - ago;
                    if (5..=20).contains(&at.hour()) {
                        break;
                    }
                }
                at
            })
            .collect();
        instants.sort_unstable();
        if let Some(EqualAtBorders { page, run }) = self.options.equal_at_borders
            && page > 0
        {
            for border in (page..count).step_by(page) {
                let first = border.saturating_sub(run / 2);
                let past = (first + run).min(count);
                let shared = instants[border];
                instants[first..past].fill(shared);
            }
            instants.sort_unstable();
        }
        instants
    }

    fn order(
        &mut self,
        in_process_at: DateTime<Utc>,
        orders: &mut HashSet<Arc<str>>,
        is_taken: &impl Fn(&str) -> bool,
    ) -> Order {
        let number: Arc<str> = loop {
            let customer: u32 = self.rng.random_range(10_000_000..250_000_000);
            let sequence: u32 = self.rng.random_range(1..1_500);
            let number: Arc<str> = if customer > 99_999_999 {
                format!("0{customer}-{sequence:04}").into()
            } else {
                format!("{customer}-{sequence:04}").into()
            };
            if !is_taken(&format!("{number}-1")) && orders.insert(Arc::clone(&number)) {
                break number;
            }
        };
        let is_man = self.rng.random_bool(0.45);
        let first = self.pick(if is_man { people::MEN } else { people::WOMEN });
        let surname = people::SURNAMES[self.rng.random_range(0..people::SURNAMES.len())];
        let surname = if is_man { surname.0 } else { surname.1 };
        let legal = self.share(self.options.legal_share).then(|| {
            let (company_name, inn, kpp) =
                people::COMPANIES[self.rng.random_range(0..people::COMPANIES.len())];
            Arc::new(LegalEntity {
                company_name: company_name.to_owned(),
                inn: inn.to_owned(),
                kpp: kpp.to_owned(),
            })
        });
        Order {
            number,
            id: self.rng.random_range(33_000_000_000..38_000_000_000),
            last: 1,
            in_process_at,
            is_premium: self.rng.random_bool(0.3),
            payment: self.pick(people::PAYMENTS),
            legal,
            city: &people::CITIES[self.rng.random_range(0..people::CITIES.len())],
            buyer_name: format!("{first} {surname}").into(),
            customer_id: self.rng.random_range(10_000_000..250_000_000),
        }
    }

    /// Without a wish Ozon's own delivery is the most frequent. A type that the cabinet has no
    /// method for is served by any method.
    fn route(&mut self, kind: Option<&DeliveryType>) -> Arc<Route> {
        let weight = |route: &&Arc<Route>| match (kind, &route.method.delivery_type) {
            (Some(kind), of) => f64::from(u8::from(kind == of)),
            (None, DeliveryType::Ozon) => 5.0,
            (None, DeliveryType::NonIntegrated) => 4.0,
            (None, DeliveryType::Aggregator) => 1.5,
            (None, _) => 2.0,
        };
        let routes: Vec<&Arc<Route>> = self.cabinet.methods.iter().collect();
        let chosen = routes
            .choose_weighted(&mut self.rng, weight)
            .ok()
            .or_else(|| routes.first())
            .expect("a generator is made only for a cabinet with methods");
        Arc::clone(chosen)
    }

    fn posting(
        &mut self,
        order: &Order,
        route: Arc<Route>,
        kind: Option<DeliveryType>,
        target: Option<&Status>,
    ) -> Posting {
        let kind = kind.unwrap_or_else(|| route.method.delivery_type.clone());
        let flow = self.flow(&kind);
        let is_express = route.method.is_express;
        let at = order.in_process_at;
        let (shipment_date, window) = self.dates(at, is_express);
        let has_date = !self.share(self.options.without_shipment_date_share);
        let is_multibox = kind == DeliveryType::Aggregator && !is_express && self.rng.random_bool(0.2);
        let boxes = if is_multibox { self.rng.random_range(2..4) } else { 1 };
        let mut posting = Posting {
            id: 0,
            posting_number: format!("{}-{}", order.number, order.last).into(),
            order_number: Arc::clone(&order.number),
            order_id: order.id,
            parent: None,
            related: Vec::new(),
            buyer: (kind != DeliveryType::Ozon).then(|| self.buyer(order, &kind)),
            tracking_number: "".into(),
            moves_under_way: Vec::new(),
            delivery_type: kind,
            flow,
            route,
            currency: Arc::clone(&self.cabinet.currency),
            status: Status::AwaitingPackaging,
            substatus: "".into(),
            previous_substatus: "".into(),
            in_process_at: at,
            shipment_date: has_date.then_some(shipment_date),
            shipment_date_without_delay: has_date.then_some(shipment_date + TimeDelta::hours(12)),
            delivering_date: None,
            delivery_window: window,
            status_changed_at: at,
            lines: self.lines(),
            cancellation: None,
            legal: order.legal.clone(),
            container: None,
            is_packed: false,
            is_express,
            is_multibox,
            boxes,
            is_premium: order.is_premium,
            payment: order.payment,
            city_to: order.city.name,
            history: Vec::with_capacity(4),
            overrides: Vec::new(),
        };
        match target {
            None => timeline::live(&mut posting, self.now, &mut self.rng),
            Some(target) => timeline::reach(&mut posting, target, self.now, &mut self.rng),
        }
        if matches!(posting.delivery_type, DeliveryType::ThirdPartyTracking | DeliveryType::Hybryd)
            && posting.delivering_date.is_some()
        {
            posting.tracking_number =
                format!("80{:012}", self.rng.random_range(0..1_000_000_000_000_u64)).into();
        }
        posting.history.shrink_to_fit();
        posting
    }

    fn flow(&mut self, kind: &DeliveryType) -> Flow {
        match kind {
            DeliveryType::Hybryd => [
                Flow::Hybrid,
                Flow::HybridAggregator,
                Flow::HybridNonIntegrated,
                Flow::HybridThirdPartyTracking,
            ]
            .choose(&mut self.rng)
            .cloned()
            .unwrap_or(Flow::Hybrid),
            DeliveryType::NonIntegrated if self.rng.random_bool(0.05) => Flow::ClickAndCollect,
            other => other.usual_flow(),
        }
    }

    /// Deadline of packing and the promised window of delivery.
    fn dates(
        &mut self,
        at: DateTime<Utc>,
        is_express: bool,
    ) -> (DateTime<Utc>, (DateTime<Utc>, DateTime<Utc>)) {
        if is_express {
            let shipment = at + TimeDelta::minutes(self.rng.random_range(30..90));
            let begin = shipment + TimeDelta::minutes(30);
            return (shipment, (begin, begin + TimeDelta::hours(2)));
        }
        let whole_hour = |at: DateTime<Utc>| {
            at.with_minute(0)
                .and_then(|at| at.with_second(0))
                .and_then(|at| at.with_nanosecond(0))
                .unwrap_or(at)
        };
        let shipment = whole_hour(at + TimeDelta::hours(self.rng.random_range(14..44)));
        let begin = shipment + TimeDelta::days(self.rng.random_range(1..6));
        let end = begin + TimeDelta::hours(9 + 24 * self.rng.random_range(0..3));
        (shipment, (begin, end))
    }

    fn lines(&mut self) -> Vec<Line> {
        let most = self.options.max_lines.clamp(1, goods::GOODS.len());
        let count = if self.rng.random_bool(0.6) { 1 } else { self.rng.random_range(1..=most) };
        let first: usize = self.rng.random_range(0..goods::GOODS.len());
        (0..count)
            .map(|step| {
                // 23 has no divisor in common with the number of goods, so no line repeats.
                let index = (first + step * 23) % goods::GOODS.len();
                let goods = &goods::GOODS[index];
                let stocked = &self.goods[index];
                let in_currency = goods.price * 100 * currency_per_mille(&self.cabinet.currency) / 1_000;
                let mut price = in_currency * self.rng.random_range(880..1_120) / 1_000;
                if self.rng.random_bool(0.6) {
                    price -= price % 100;
                }
                let price = price.max(1);
                Line {
                    sku: stocked.sku,
                    offer_id: Arc::clone(&stocked.offer_id),
                    name: Arc::clone(&stocked.name),
                    color: Arc::clone(&stocked.color),
                    quantity: if self.rng.random_bool(0.75) { 1 } else { self.rng.random_range(2..7) },
                    price,
                    old_price: price * self.rng.random_range(100..160) / 100,
                    customer_price: price * self.rng.random_range(86..=100) / 100,
                    weight_grams: goods.weight,
                    size: goods.size,
                    is_marked: goods.is_marked,
                }
            })
            .collect()
    }

    fn buyer(&mut self, order: &Order, kind: &DeliveryType) -> Buyer {
        let is_bare = *kind == DeliveryType::Aggregator && self.rng.random_bool(0.5);
        let phone: u64 = self.rng.random_range(1_000_000..9_999_999);
        let has_pin = matches!(kind, DeliveryType::NonIntegrated | DeliveryType::ThirdPartyTracking);
        let city = order.city;
        let address = if is_bare {
            // Partners' postings may show nothing but the country's and the city's name.
            Address {
                tail: format!("{}, Россия", city.name),
                city: city.name.to_owned(),
                ..Address::default()
            }
        } else {
            let street = self.pick(people::STREETS);
            let house: u32 = self.rng.random_range(1..180);
            let flat: u32 = self.rng.random_range(1..320);
            Address {
                tail: format!("{street}, д. {house}, кв. {flat}"),
                city: city.name.to_owned(),
                region: city.region.to_owned(),
                district: String::new(),
                zip: format!("{}{:03}", city.zip, self.rng.random_range(0..1_000)),
                comment: self.pick(people::COMMENTS).to_owned(),
                latitude: city.latitude + f64::from(house) / 10_000.0,
                longitude: city.longitude + f64::from(flat) / 10_000.0,
            }
        };
        Buyer {
            customer_id: order.customer_id,
            name: Arc::clone(&order.buyer_name),
            phone: if is_bare { "".into() } else { format!("+7958{phone:07}").into() },
            pin: has_pin.then(|| format!("{:05}", self.rng.random_range(0..100_000)).into()),
            email: "".into(),
            address: Arc::new(address),
        }
    }
}

fn turn<T>(list: &[T], index: usize) -> Option<&T> {
    list.get(index % list.len().max(1))
}

/// Thousandths of a currency's unit for a rouble; believable, not exact.
fn currency_per_mille(currency: &str) -> i64 {
    match currency {
        "BYN" => 36,
        "KZT" => 6_400,
        "CNY" => 88,
        "USD" | "EUR" => 12,
        _ => 1_000,
    }
}

#[cfg(test)]
#[path = "generator_tests.rs"]
mod tests;
