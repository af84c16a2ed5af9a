//! What people and programs ask for: random addresses of each kind, over a shop of [`crate::shop`].

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use storage::Store;

use crate::{Outcome, shop};

/// A kind of request, with the bound that its 99th percentile has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The list as it opens.
    First,
    /// The list by any filter, in any order, and any later page.
    List,
    /// A whole posting number.
    Number,
    /// A surname.
    Surname,
    /// An article.
    Article,
    /// The card of an order.
    Card,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::First, Self::List, Self::Number, Self::Surname, Self::Article, Self::Card];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first page",
            Self::List => "any filter, sort and page",
            Self::Number => "posting number",
            Self::Surname => "surname",
            Self::Article => "article",
            Self::Card => "order card",
        }
    }

    /// Milliseconds.
    pub fn bound(self) -> f64 {
        match self {
            Self::First | Self::List => 20.0,
            Self::Number => 10.0,
            Self::Surname | Self::Article => 50.0,
            Self::Card => 15.0,
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A person in the panel.
    Panel,
    /// A program over REST.
    Rest,
}

impl Side {
    /// The address of the list, with a query.
    fn orders(self, query: &[(&str, String)]) -> Outcome<String> {
        let base = match self {
            Self::Panel => "/orders",
            Self::Rest => "/api/v1/orders",
        };
        let query = serde_urlencoded::to_string(query)?;
        Ok(if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") })
    }
}

/// Makes requests.
pub struct Asking {
    rng: StdRng,
    orders: u64,
    statuses: Vec<i64>,
    sources: Vec<i64>,
    people: Vec<i64>,
    now: DateTime<Utc>,
}

const OZON_STATUSES: [&str; 5] =
    ["awaiting_packaging", "delivering", "delivered", "cancelled", "arbitration"];
const SORTS: [&str; 6] = ["-order_date", "order_date", "ship_by", "-ship_by", "-total", "total"];
const TABS: [&str; 6] = ["new", "assemble", "overdue", "risk", "refused", "cancelled"];

impl Asking {
    /// For a store of so many orders; another seed asks for other things.
    pub async fn of(store: &Store, orders: u64, seed: u64) -> Outcome<Self> {
        let sources = store.named(storage::lists::NamedList::Sources).await?;
        Ok(Self {
            rng: StdRng::seed_from_u64(seed),
            orders,
            statuses: store.statuses().await?.iter().map(|status| status.id.0).collect(),
            sources: sources.iter().map(|source| source.id).collect(),
            people: store.users().await?.iter().map(|user| user.id.0).collect(),
            now: Utc::now(),
        })
    }

    /// An address of that kind.
    pub fn next(&mut self, kind: Kind, side: Side) -> Outcome<String> {
        match kind {
            Kind::First => side.orders(&[]),
            Kind::List => self.list(side),
            Kind::Number => {
                let number = shop::number(self.rng.random_range(0..self.orders));
                side.orders(&[("q", number)])
            }
            Kind::Surname => {
                let surname = shop::surname(self.rng.random_range(0..shop::SURNAMES));
                side.orders(&[("q", surname)])
            }
            Kind::Article => {
                let article = shop::article(self.rng.random_range(0..shop::ARTICLES));
                side.orders(&[("q", article)])
            }
            Kind::Card => {
                let id = self.rng.random_range(1..=self.orders);
                Ok(match side {
                    Side::Panel => format!("/orders/{id}"),
                    Side::Rest => format!("/api/v1/orders/{id}"),
                })
            }
        }
    }

    fn list(&mut self, side: Side) -> Outcome<String> {
        let mut query = Vec::new();
        // Nothing, one filter mostly, sometimes two.
        let filters = [0, 1, 1, 1, 1, 1, 1, 1, 2, 2][self.rng.random_range(0..10_usize)];
        for _ in 0..filters {
            let (name, value) = self.filter(side);
            if !query.iter().any(|(known, _)| *known == name) {
                query.push((name, value));
            }
        }
        let sort = self.rng.random_bool(0.7).then(|| SORTS[self.rng.random_range(0..SORTS.len())]);
        if let Some(sort) = sort {
            query.push(("sort", sort.to_owned()));
        }
        let urgent = query.iter().any(|(name, value)| {
            *name == "ship_by" || *name == "tab" && ["assemble", "overdue", "risk"].contains(&value.as_str())
        });
        if self.rng.random_bool(0.4) {
            let usual = if urgent { "ship_by" } else { "-order_date" };
            query.push(("cursor", self.cursor(sort.unwrap_or(usual))));
        }
        side.orders(&query)
    }

    fn filter(&mut self, side: Side) -> (&'static str, String) {
        let of = |rng: &mut StdRng, ids: &[i64]| ids[rng.random_range(0..ids.len())].to_string();
        let rng = &mut self.rng;
        // Only the panel has the last ones.
        let kinds = if side == Side::Panel { 13 } else { 9 };
        match rng.random_range(0..kinds) {
            0 => ("status", of(rng, &self.statuses)),
            1 => ("ozon_status", OZON_STATUSES[rng.random_range(0..OZON_STATUSES.len())].to_owned()),
            2 => ("cabinet", rng.random_range(1..=shop::CABINETS).to_string()),
            3 => ("source", of(rng, &self.sources)),
            4 => ("paid", rng.random_bool(0.5).to_string()),
            5 if rng.random_bool(0.5) => ("manager", "none".to_owned()),
            5 => ("manager", of(rng, &self.people)),
            6 => {
                let day = self.now - Duration::days(rng.random_range(0..shop::DAYS));
                let name = if side == Side::Panel { "from" } else { "placed_from" };
                (name, day.format("%Y-%m-%d").to_string())
            }
            7 => {
                let day = self.now - Duration::days(rng.random_range(0..shop::DAYS));
                let name = if side == Side::Panel { "to" } else { "placed_to" };
                (name, day.format("%Y-%m-%d").to_string())
            }
            // Ids of customers follow the order in which they first bought.
            8 => ("customer", rng.random_range(1..100_000).to_string()),
            9 => ("scheme", ["fbs", "rfbs"][rng.random_range(0..2_usize)].to_owned()),
            10 => {
                let cabinet = rng.random_range(0..shop::CABINETS);
                ("warehouse", shop::warehouse(cabinet, rng.random_range(0..shop::WAREHOUSES)).to_string())
            }
            11 if rng.random_bool(0.3) => ("express", "true".to_owned()),
            11 => ("ship_by", ["today", "tomorrow", "overdue"][rng.random_range(0..3_usize)].to_owned()),
            _ => ("tab", TABS[rng.random_range(0..TABS.len())].to_owned()),
        }
    }

    /// A cursor to anywhere: the keys of a page that ended there.
    fn cursor(&mut self, sort: &str) -> String {
        let key: i64 = if sort.ends_with("total") {
            self.rng.random_range(10_000..2_000_000)
        } else {
            let back = Duration::seconds(self.rng.random_range(0..shop::DAYS * 86_400));
            (self.now - back).timestamp_micros()
        };
        let id: u64 = self.rng.random_range(1..=self.orders);
        URL_SAFE_NO_PAD.encode([key.to_be_bytes(), id.to_be_bytes()].concat())
    }
}
