//! A shop in memory: settings, a clock, and what is known of one posting, as the store would remember it.

use chrono::{DateTime, Duration, Utc};
use domain::by_hand::{self, Act};
use domain::customer::CustomerChoice;
use domain::history::{Actor, Field, HistoryEntry, Reason};
use domain::intake::{Circumstances, Kin, Known, NumberChoice, Outcome, Part, create_by_hand, decide};
use domain::posting::{Customer, Details, Product};
use domain::push::{self, Push};
use domain::settings::Installed;
use domain::{
    CabinetId, Currency, CustomerId, DeliveryMethodId, Money, Order, OrderId, OzonStatus, PaymentMethodId,
    Posting, PostingNumber, Settings, SkipReason, SourceId, StatusId, UserId, WarehouseRules,
};

pub const NEW: StatusId = StatusId(1);
pub const IN_WORK: StatusId = StatusId(2);
pub const PACKED: StatusId = StatusId(3);
pub const SENT: StatusId = StatusId(4);
pub const AT_PICKUP_POINT: StatusId = StatusId(5);
pub const DELIVERED: StatusId = StatusId(6);
pub const DISPUTED: StatusId = StatusId(7);
pub const CANCELLED: StatusId = StatusId(8);
pub const AWAITING_RETURN: StatusId = StatusId(9);
pub const RETURNED: StatusId = StatusId(10);

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("a literal time")
}

pub fn rub(kopecks: i64) -> Money {
    Money { minor: kopecks, currency: Currency::RUB }
}

/// The settings on install of a cabinet added on 23 November 2026.
pub fn on_install() -> Settings {
    let installed = Installed {
        source: SourceId(1),
        delivery_method: DeliveryMethodId(1),
        payment_method: PaymentMethodId(1),
        new: NEW,
        in_work: IN_WORK,
        packed: PACKED,
        sent: SENT,
        at_pickup_point: AT_PICKUP_POINT,
        delivered: DELIVERED,
        disputed: DISPUTED,
        cancelled: CANCELLED,
        returned: RETURNED,
    };
    Settings::on_install(&installed, utc("2026-11-23T09:00:00Z"))
}

/// Goods at a price in kopecks.
pub fn goods(article: &str, quantity: u32, kopecks: i64) -> Product {
    Product {
        offer_id: article.to_owned(),
        sku: Some(article.bytes().map(i64::from).sum()),
        name: format!("Товар {article}"),
        quantity,
        price: rub(kopecks),
        old_price: None,
        customer_price: None,
        weight_grams: None,
        color: None,
    }
}

/// A posting of one mug, placed on the morning of 23 November 2026.
pub fn posting(status: &str) -> Posting {
    Posting {
        number: PostingNumber::new("0105259411-0854-1").expect("a literal number"),
        status: OzonStatus::from(status),
        substatus: None,
        products: vec![goods("MUG-1", 2, 49_900)],
        details: Details {
            order_number: Some("0105259411-0854".to_owned()),
            in_process_at: Some(utc("2026-11-23T08:00:00Z")),
            shipment_date: Some(utc("2026-11-25T10:00:00Z")),
            ..Details::default()
        },
        customer: None,
        recipient: None,
        related: None,
    }
}

pub trait Told: Sized {
    fn sub(self, substatus: &str) -> Self;
    fn with(self, change: impl FnOnce(&mut Details)) -> Self;
    fn of(self, products: Vec<Product>) -> Self;
    fn bought_by(self, id: i64, name: &str) -> Self;
}

impl Told for Posting {
    fn sub(mut self, substatus: &str) -> Self {
        self.substatus = Some(substatus.to_owned());
        self
    }
    fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(&mut self.details);
        self
    }
    fn of(mut self, products: Vec<Product>) -> Self {
        self.products = products;
        self
    }
    fn bought_by(mut self, id: i64, name: &str) -> Self {
        self.customer = Some(Customer {
            id: Some(id),
            name: Some(name.to_owned()),
            phone: Some("+79031234567".to_owned()),
            ..Customer::default()
        });
        self
    }
}

/// What came of an answer, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    Stale,
    Skipped(SkipReason),
    Created,
    Updated,
    Unchanged,
}

/// One posting in a shop, remembered as the store does it.
pub struct Shop {
    pub settings: Settings,
    /// What some warehouses and delivery methods get instead.
    pub warehouses: WarehouseRules,
    pub now: DateTime<Utc>,
    pub known: Option<Known>,
    pub number: Option<NumberChoice>,
    pub customer: Option<CustomerChoice>,
    pub history: Vec<HistoryEntry>,
    /// What waits to be told to Ozon.
    pub pushes: Vec<Push>,
    /// The order of the posting that this one was split from.
    pub parent: Option<Order>,
    /// What it was split into.
    pub parts: Vec<Part>,
    /// The last decision wants the family to be asked for.
    pub asks_related: bool,
    /// What the last decision leaves to the parent's history.
    pub for_parent: Option<HistoryEntry>,
}

impl Shop {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = on_install();
        change(&mut settings);
        Self {
            settings,
            warehouses: WarehouseRules::default(),
            now: utc("2026-11-23T11:00:00Z"),
            known: None,
            number: None,
            customer: None,
            history: Vec::new(),
            pushes: Vec::new(),
            parent: None,
            parts: Vec::new(),
            asks_related: false,
            for_parent: None,
        }
    }

    /// A shop that has just taken this posting in.
    pub fn that_saw(posting: Posting) -> Self {
        let mut shop = Self::new();
        shop.sees(posting);
        shop
    }

    /// Ozon shows the posting a minute later.
    pub fn sees(&mut self, posting: Posting) -> Came {
        self.now += Duration::minutes(1);
        self.sees_as_of(posting, self.now)
    }

    /// Ozon's answer to a request that began at `read_at`. Where only a reading of the posting tells what became of its
    /// goods, that reading follows, as it does at the end of a load.
    pub fn sees_as_of(&mut self, posting: Posting, read_at: DateTime<Utc>) -> Came {
        let came = self.sees_at_first(posting.clone(), read_at);
        if !self.asks_related {
            return came;
        }
        let related = Some(self.parts.iter().map(|part| part.facts.number.clone()).collect());
        match self.sees_at_first(Posting { related, ..posting }, read_at) {
            Came::Unchanged => came,
            then => then,
        }
    }

    /// Ozon's answer, without what is asked because of it.
    pub fn sees_at_first(&mut self, posting: Posting, read_at: DateTime<Utc>) -> Came {
        let with = Circumstances {
            cabinet_id: CabinetId(1),
            settings: &self.settings,
            warehouses: &self.warehouses,
            default_status: NEW,
            now: self.now,
            read_at,
        };
        let kin = Kin { parent: self.parent.as_ref(), parts: &self.parts };
        let decision = decide(posting, self.known.as_ref(), kin, with);
        self.asks_related = decision.ask_related;
        self.for_parent = decision.for_parent;
        if let Outcome::Stale = decision.outcome {
            return Came::Stale;
        }
        let mut known = self.known.take().unwrap_or(Known {
            read_at,
            facts: None,
            skipped_because: None,
            order: None,
            noted_after_cancellation: None,
            told: push::Told::default(),
        });
        known.read_at = read_at;
        known.facts = Some(decision.facts);
        known.skipped_because = None;
        let came = match decision.outcome {
            Outcome::Stale => Came::Stale,
            Outcome::Skipped(reason) => {
                known.skipped_because = Some(reason);
                Came::Skipped(reason)
            }
            Outcome::Created(new) => {
                known.order = Some(Order { id: OrderId(1), customer_id: CustomerId(1), ..new.order });
                self.number = Some(new.number);
                self.customer = Some(new.customer);
                self.history.extend(new.history);
                Came::Created
            }
            Outcome::Updated { order, customer, history } => {
                known.order = Some(*order);
                self.customer = customer.or(self.customer.take());
                for entry in history {
                    if entry.reason == Reason::AfterCancellation {
                        known.noted_after_cancellation = entry.new.as_deref().map(OzonStatus::from);
                    }
                    self.history.push(entry);
                }
                Came::Updated
            }
            Outcome::Unchanged => Came::Unchanged,
        };
        self.known = Some(known);
        came
    }

    pub fn order(&self) -> &Order {
        self.known.as_ref().and_then(|k| k.order.as_ref()).expect("it has an order")
    }

    pub fn facts(&self) -> &Posting {
        self.known.as_ref().and_then(|k| k.facts.as_ref()).expect("it was seen")
    }

    pub fn has_order(&self) -> bool {
        self.known.as_ref().is_some_and(|k| k.order.is_some())
    }

    /// A person does something to the order.
    pub fn person(&mut self, act: Act) {
        self.now += Duration::minutes(1);
        let Some(after) = self.would(act) else { return };
        if let Some(known) = &mut self.known {
            known.order = Some(after.order);
        }
        self.history.extend(after.history);
        self.pushes.retain(|push| !after.withdraws.contains(&push.word()));
        self.pushes.extend(after.pushes);
        self.told(|told| told.waits = true);
    }

    /// What would come of an act.
    pub fn would(&self, act: Act) -> Option<by_hand::Decided> {
        let known = self.known.as_ref();
        let with = by_hand::Situation {
            settings: &self.settings,
            facts: known.and_then(|k| k.facts.as_ref()),
            actor: &person(),
            now: self.now,
        };
        by_hand::decide(self.order(), act, with)
    }

    /// All that waits has been sent to Ozon.
    pub fn sends(&mut self) {
        for push in std::mem::take(&mut self.pushes) {
            if let Push::Move { goal } = push {
                self.told(|told| told.sent = told.sent.max(Some(goal)));
            }
        }
        self.told(|told| told.waits = false);
    }

    fn told(&mut self, change: impl FnOnce(&mut push::Told)) {
        let waits = self.pushes.iter().any(|push| matches!(push, Push::Move { .. }));
        if let Some(known) = &mut self.known {
            change(&mut known.told);
            known.told.waits &= waits;
        }
    }

    /// A person asks for an order of the stored posting.
    pub fn person_makes_an_order(&mut self) {
        let with = Circumstances {
            cabinet_id: CabinetId(1),
            settings: &self.settings,
            warehouses: &self.warehouses,
            default_status: NEW,
            now: self.now,
            read_at: self.now,
        };
        let new = create_by_hand(self.facts(), with, person());
        self.history.extend(new.history);
        if let Some(known) = &mut self.known {
            known.order = Some(Order { id: OrderId(1), ..new.order });
            known.skipped_because = None;
        }
    }

    /// The last line of history about a field.
    pub fn last(&self, field: Field) -> &HistoryEntry {
        self.history.iter().rev().find(|entry| entry.field == field).expect("the history speaks of it")
    }

    pub fn times(&self, field: Field) -> usize {
        self.history.iter().filter(|entry| entry.field == field).count()
    }
}

pub fn person() -> Actor {
    Actor::User { id: UserId(1), name: "anna@shop.example".to_owned() }
}
