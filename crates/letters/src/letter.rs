//! The letters that there are, as plain data that is kept until they are sent.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::reconcile::Difference;
use domain::{Currency, Money};
use serde::{Deserialize, Serialize};

/// A letter to the shop's administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Letter {
    /// New orders of one load (settings row 10).
    NewOrders(NewOrders),
    /// What Ozon changed in one load (settings row 14).
    StatusChanges(StatusChanges),
    /// Orders were cancelled at Ozon that are in work, or on their way.
    CancelledInWork(CancelledInWork),
    /// The cabinet's key does not work.
    KeyFails {
        /// The cabinet's name.
        cabinet: String,
        /// What Ozon has against it.
        code: String,
    },
    /// The cabinet's key ends soon.
    KeyExpires {
        /// The cabinet's name.
        cabinet: String,
        /// When.
        expires_at: DateTime<Utc>,
        /// In so many days.
        days_left: u32,
    },
    /// Loads fail.
    LoadsFail {
        /// The cabinet's name.
        cabinet: String,
        /// What stopped the load.
        code: String,
        /// The same in English, for whoever helps.
        error: String,
        /// When it began.
        since: DateTime<Utc>,
    },
    /// Loads are well again.
    LoadsWellAgain {
        /// The cabinet's name.
        cabinet: String,
        /// When it began to fail.
        failed_since: DateTime<Utc>,
        /// When it was well again.
        well_at: DateTime<Utc>,
    },
    /// A comparison found what is not as Ozon has it.
    Reconciled(Reconciled),
    /// The trial letter of the mail settings.
    Trial,
}

/// New orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewOrders {
    /// The cabinet's name.
    pub cabinet: String,
    /// So many that a summary by days is enough.
    pub summary: Option<Summary>,
    /// How many there are.
    pub total: u64,
    /// The first ones.
    pub orders: Vec<OrderInShort>,
    /// How many by their day in the shop's zone.
    pub by_day: BTreeMap<NaiveDate, u64>,
}

/// Why a letter tells new orders by their days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Summary {
    /// The cabinet had never been loaded before.
    FirstLoad,
    /// Stored postings became orders when the settings changed.
    BackFill,
}

/// An order in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderInShort {
    /// The shop's id.
    pub id: i64,
    /// The number people see.
    pub number: String,
    /// Names of goods with their pieces.
    pub goods: String,
    /// The sum at the seller's price.
    pub total: Money,
    /// "Отгрузить до".
    pub ship_by: Option<DateTime<Utc>>,
    /// Minutes east of UTC of the warehouse that it leaves from, where that is known.
    #[serde(default)]
    pub warehouse_zone: Option<i32>,
}

/// Changes that came from Ozon.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatusChanges {
    /// The cabinet's name.
    pub cabinet: String,
    /// How many there are.
    pub total: u64,
    /// The first ones.
    pub changes: Vec<StatusChange>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// The order's id.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Ozon's status before, perhaps with `/substatus`.
    pub ozon_before: String,
    /// Ozon's status after.
    pub ozon_after: String,
    /// The shop's status then, where the change moved the order.
    pub shop_after: Option<String>,
}

/// Cancellations that somebody must know of at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CancelledInWork {
    /// The cabinet's name.
    pub cabinet: String,
    /// How many there are.
    pub total: u64,
    /// The first ones.
    pub cancelled: Vec<Cancelled>,
}

/// One cancelled order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// The order.
    pub order: OrderInShort,
    /// Already with the carrier: a return is to be expected.
    pub shipped: bool,
    /// Who cancelled, in Ozon's words.
    pub initiator: Option<String>,
    /// Why, in Ozon's words.
    pub reason: Option<String>,
}

/// What a comparison of Ozon's list with the store found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// The cabinet's name.
    pub cabinet: String,
    /// Its id.
    pub cabinet_id: i64,
    /// The period's begin.
    pub since: DateTime<Utc>,
    /// The period's end.
    pub until: DateTime<Utc>,
    /// How many postings differ.
    pub total: u64,
    /// The first ones.
    pub found: Vec<Discrepancy>,
}

/// A posting that is not as Ozon has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// Its order's id.
    pub order: Option<i64>,
    /// The posting.
    pub posting_number: String,
    /// What differs.
    pub differences: Vec<Difference>,
}

impl Letter {
    /// The word it is listed under.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NewOrders(_) => "new_orders",
            Self::StatusChanges(_) => "status_changes",
            Self::CancelledInWork(_) => "cancelled_in_work",
            Self::KeyFails { .. } => "key_fails",
            Self::KeyExpires { .. } => "key_expires",
            Self::LoadsFail { .. } => "loads_fail",
            Self::LoadsWellAgain { .. } => "loads_well_again",
            Self::Reconciled(_) => "reconciled",
            Self::Trial => "trial",
        }
    }

    /// A letter of every kind, for the panel's preview and for tests.
    pub fn samples(now: DateTime<Utc>) -> Vec<Self> {
        let cabinet = || "Домашний уют".to_owned();
        let order = |id: i64, number: &str| OrderInShort {
            id,
            number: number.to_owned(),
            goods: "Кружка «Утро» × 2, Тарелка × 1".to_owned(),
            total: Money { minor: 153_000, currency: Currency::RUB },
            ship_by: Some(now + chrono::Duration::hours(20)),
            warehouse_zone: (id == 2).then_some(7 * 60),
        };
        let today = now.date_naive();
        let days = |total: u64| BTreeMap::from([(today.pred_opt().unwrap_or(today), total - 1), (today, 1)]);
        let orders = vec![order(1, "0105259411-0854-1"), order(2, "0105259411-0854-2")];
        let change = |id: i64, number: &str, after: &str, shop: Option<&str>| StatusChange {
            id,
            number: number.to_owned(),
            ozon_before: "awaiting_deliver/posting_in_carriage".to_owned(),
            ozon_after: after.to_owned(),
            shop_after: shop.map(str::to_owned),
        };
        let changes = vec![
            change(1, "0105259411-0854-1", "delivering/posting_on_way_to_city", Some("Отправлен")),
            change(2, "0105259411-0855-1", "teleported", None),
        ];
        let cancelled = |shipped| Cancelled {
            order: order(3, "0105259411-0901-1"),
            shipped,
            initiator: Some("Покупатель".to_owned()),
            reason: Some("Передумал".to_owned()),
        };
        let cancellations = |cancelled: Vec<Cancelled>| {
            let total = cancelled.len() as u64;
            Self::CancelledInWork(CancelledInWork { cabinet: cabinet(), total, cancelled })
        };
        vec![
            Self::NewOrders(NewOrders {
                cabinet: cabinet(),
                summary: None,
                total: 2,
                orders: orders.clone(),
                by_day: days(2),
            }),
            Self::NewOrders(NewOrders {
                cabinet: cabinet(),
                summary: Some(Summary::FirstLoad),
                total: 341,
                orders: orders.clone(),
                by_day: days(341),
            }),
            Self::NewOrders(NewOrders {
                cabinet: cabinet(),
                summary: Some(Summary::BackFill),
                total: 12,
                orders,
                by_day: days(12),
            }),
            Self::StatusChanges(StatusChanges { cabinet: cabinet(), total: 5, changes }),
            cancellations(vec![cancelled(false)]),
            cancellations(vec![cancelled(false), cancelled(true)]),
            Self::KeyFails { cabinet: cabinet(), code: "key_invalid".to_owned() },
            Self::KeyExpires {
                cabinet: cabinet(),
                expires_at: now + chrono::Duration::days(7),
                days_left: 7,
            },
            Self::LoadsFail {
                cabinet: cabinet(),
                code: "outage".to_owned(),
                error: "Ozon answers with status 503".to_owned(),
                since: now - chrono::Duration::minutes(5),
            },
            Self::LoadsWellAgain {
                cabinet: cabinet(),
                failed_since: now - chrono::Duration::minutes(65),
                well_at: now,
            },
            Self::Reconciled(Reconciled {
                cabinet: cabinet(),
                cabinet_id: 1,
                since: now - chrono::Duration::days(30),
                until: now,
                total: 3,
                found: vec![
                    Discrepancy {
                        order: None,
                        posting_number: "0105259411-0854-1".to_owned(),
                        differences: vec![Difference::Missing],
                    },
                    Discrepancy {
                        order: Some(2),
                        posting_number: "0105259411-0854-2".to_owned(),
                        differences: vec![
                            Difference::Status {
                                here: "delivering".to_owned(),
                                there: "delivered".to_owned(),
                            },
                            Difference::Lines { here: "MUG × 1".to_owned(), there: "MUG × 2".to_owned() },
                        ],
                    },
                ],
            }),
            Self::Trial,
        ]
    }
}
