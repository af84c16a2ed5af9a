//! What an order's card tells of people, delivery, payment and dates.

use chrono::{DateTime, FixedOffset, Utc};
use domain::posting::{Address, Details};
use domain::{Flag, Order, Posting, Scheme};
use storage::lists::{Named, NamedList};

use crate::panel::faults::Fault;
use crate::panel::orders::row;
use crate::panel::routes::Page;
use crate::panel::view::Link;
use crate::panel::view::order::{Badge, Fact, FactBox, Value};
use crate::panel::words;
use voice::Voice;

/// Names of the shop's own things that the order refers to.
pub(crate) struct Names {
    cabinet: String,
    source: String,
    pub(crate) delivery_methods: Vec<Named>,
    pub(crate) payment_methods: Vec<Named>,
}

impl Names {
    pub(crate) async fn of(store: &storage::Store, order: &Order) -> Result<Self, Fault> {
        let (cabinet, sources, delivery_methods, payment_methods) = tokio::try_join!(
            store.cabinet(order.cabinet_id),
            store.named(NamedList::Sources),
            store.named(NamedList::DeliveryMethods),
            store.named(NamedList::PaymentMethods),
        )?;
        let (cabinet, source) = (cabinet.name, name(&sources, order.source_id.0));
        Ok(Self { cabinet, source, delivery_methods, payment_methods })
    }
}

fn name(all: &[Named], id: i64) -> String {
    all.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default()
}

/// An order with what Ozon told of it.
pub(crate) struct Told<'a> {
    pub(crate) v: Voice,
    pub(crate) order: &'a Order,
    pub(crate) facts: Option<&'a Posting>,
    pub(crate) names: &'a Names,
    /// Of the warehouse it leaves from, where known.
    pub(crate) zone: Option<FixedOffset>,
    pub(crate) sees_persons: bool,
    /// The visitor has forms for what the operator owns.
    pub(crate) may_change: bool,
    /// Since when its personal data is gone.
    pub(crate) erased_at: Option<DateTime<Utc>>,
    /// Until when a customer's request to cancel is to be decided.
    pub(crate) decide_by: Option<DateTime<Utc>>,
}

/// Facts as they are gathered: what is absent is not shown.
struct Gathered {
    v: Voice,
    facts: Vec<Fact>,
}

impl Gathered {
    fn text(&mut self, key: &str, value: Option<&str>) {
        self.push(key, value, false);
    }

    fn copied(&mut self, key: &str, value: Option<&str>) {
        self.push(key, value, true);
    }

    fn push(&mut self, key: &str, value: Option<&str>, copy: bool) {
        if let Some(text) = value.map(str::trim).filter(|t| !t.is_empty()) {
            self.facts.push(Fact { name: self.v.t(key), value: Value::Text(text.to_owned()), copy });
        }
    }

    fn time(&mut self, key: &str, at: Option<DateTime<Utc>>) {
        self.time_at(key, at, None);
    }

    /// A time by the clock of a warehouse, where its zone is known.
    fn time_at(&mut self, key: &str, at: Option<DateTime<Utc>>, zone: Option<FixedOffset>) {
        if let Some(at) = at {
            let value = Value::Time(self.v.when_exactly_at(&at, zone));
            self.facts.push(Fact { name: self.v.t(key), value, copy: false });
        }
    }
}

impl Told<'_> {
    fn details(&self) -> Option<&Details> {
        self.facts.map(|f| &f.details)
    }

    fn gathered(&self) -> Gathered {
        Gathered { v: self.v, facts: Vec::new() }
    }

    /// Scheme, Express, legal entity, boxes, lifting.
    pub(crate) fn badges(&self) -> Vec<Badge> {
        let v = self.v;
        let mut badges = Vec::new();
        let mut badge =
            |text: String, title: String, icon, strong| badges.push(Badge { text, title, icon, strong });
        match self.facts.map_or(Scheme::Unknown, Posting::scheme) {
            Scheme::Unknown => {}
            scheme @ Scheme::Fbs => badge(scheme.name().into(), v.t("scheme-fbs-title"), "truck", false),
            scheme @ Scheme::RealFbs => {
                badge(scheme.name().into(), v.t("scheme-realfbs-title"), "truck", false);
            }
        }
        let Some(details) = self.details() else { return badges };
        if details.is_express == Some(true) {
            badge(v.t("badge-express"), v.t("badge-express-title"), "bolt", true);
        }
        if details.is_legal == Some(true) {
            let company = details.company.as_ref().filter(|_| self.sees_persons);
            let company = company.and_then(|c| c.name.clone()).unwrap_or_default();
            badge(v.t("badge-legal"), company, "legal", false);
        }
        if self.order.boxes > 1 {
            badge(v.n("badge-boxes", u64::from(self.order.boxes)), v.t("box-boxes"), "boxes", false);
        } else if details.is_multibox == Some(true) {
            badge(v.t("badge-multibox"), v.t("badge-multibox-title"), "boxes", false);
        }
        if let Some(lifting) = &details.lifting {
            badge(v.t("badge-lifting"), lifting.clone(), "lift", false);
        }
        badges
    }

    /// Flags, with Ozon's account of a cancellation.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let told = self.details().and_then(|d| d.cancellation.as_ref());
        self.order
            .flags
            .iter()
            .map(|flag| {
                let mut words = row::flag(self.v, *flag, self.decide_by);
                if *flag != Flag::PartlyCancelled
                    && let Some(cancellation) = told
                {
                    words.push_str(&account(
                        self.v,
                        cancellation.initiator.as_deref(),
                        cancellation.reason.as_deref(),
                    ));
                }
                words
            })
            .collect()
    }

    /// The right column.
    pub(crate) fn boxes(&self) -> Vec<FactBox> {
        let mut boxes = self.people();
        boxes.extend([self.delivery(), self.payment(), self.dates()]);
        // A box with a form stays.
        let form = |b: &FactBox| self.may_change && matches!(b.id, "delivery" | "payment");
        let says =
            |b: &FactBox| !b.own.is_empty() || !b.facts.is_empty() || b.note.is_some() || b.link.is_some();
        boxes.retain(|b| form(b) || says(b));
        boxes
    }

    /// The customer, the recipient, the company; a word in their place for whoever may not see them.
    pub(crate) fn people(&self) -> Vec<FactBox> {
        let v = self.v;
        let titled = |id, title, icon, facts, note| FactBox {
            id,
            title,
            icon,
            own: Vec::new(),
            facts,
            note,
            link: None,
        };
        if !self.sees_persons {
            let hidden = Some(v.t("persons-hidden"));
            return vec![titled("customer", v.t("box-customer"), "person", Vec::new(), hidden)];
        }
        let mut bound = self.gathered();
        let mut customer = self.gathered();
        let card = |text| Link { href: Page::Customer(self.order.customer_id).to_string(), text };
        let name = words::person(v, &self.order.customer_name);
        // A customer without a name still has a card.
        let nameless = name.is_empty().then(|| card(v.t("fact-bound-to")));
        if nameless.is_none() {
            let value = Value::Link(card(name));
            bound.facts.push(Fact { name: v.t("fact-name"), value, copy: false });
        }
        if let Some(at) = self.erased_at {
            let note = v.with("persons-erased-at", "time", v.when_exactly(&at).text);
            let customer = titled("customer", v.t("box-customer"), "person", Vec::new(), Some(note));
            return vec![FactBox { own: bound.facts, link: nameless, ..customer }];
        }
        let known = self.facts.and_then(|f| f.customer.as_ref());
        if let Some(known) = known {
            if known.name.as_deref() != Some(&self.order.customer_name) {
                customer.text("fact-name", known.name.as_deref());
            }
            customer.copied("fact-phone", known.phone.as_deref());
            customer.copied("fact-email", known.email.as_deref());
            if let Some(address) = &known.address {
                address_facts(&mut customer, address);
            }
        }
        let received = self.facts.and_then(|f| f.recipient.as_ref());
        let note = (known.is_none() && received.is_none()).then(|| v.t("no-customer-data"));
        let customer = titled("customer", v.t("box-customer"), "person", customer.facts, note);
        let mut boxes = vec![FactBox { own: bound.facts, link: nameless, ..customer }];
        if let Some(recipient) = received {
            let mut facts = self.gathered();
            facts.text("fact-name", recipient.name.as_deref());
            facts.copied("fact-phone", recipient.phone.as_deref());
            facts.copied("fact-pin", recipient.pin.as_deref());
            boxes.push(titled("recipient", v.t("box-recipient"), "person", facts.facts, None));
        }
        if let Some(company) = self.details().and_then(|d| d.company.as_ref()) {
            let mut facts = self.gathered();
            facts.text("fact-company", company.name.as_deref());
            facts.copied("fact-inn", company.inn.as_deref());
            facts.copied("fact-kpp", company.kpp.as_deref());
            boxes.push(titled("company", v.t("box-company"), "legal", facts.facts, None));
        }
        boxes
    }

    /// How it is delivered, and in how many boxes.
    pub(crate) fn delivery(&self) -> FactBox {
        let mut own = self.gathered();
        if !self.may_change {
            own.text(
                "fact-method",
                Some(&name(&self.names.delivery_methods, self.order.delivery_method_id.0)),
            );
        }
        let mut facts = self.gathered();
        if let Some(d) = self.details() {
            facts.text("fact-ozon-method", d.delivery_method_name.as_deref());
            facts.text("fact-warehouse", d.warehouse_name.as_deref());
            facts.text("fact-carrier", d.carrier.as_deref());
            // Ozon's code, in words where we know it.
            let kind = d.delivery_type.as_deref();
            let word = |code: &str| self.v.ozon_word("ozon-delivery-type", code);
            let kind = kind.map(|code| word(code).unwrap_or_else(|| code.to_owned()));
            facts.text("fact-delivery-type", kind.as_deref());
            if self.sees_persons {
                facts.text("fact-region", place(d).as_deref());
            }
            facts.text("fact-lifting", d.lifting.as_deref());
            if let Some(container) = &d.container {
                facts.text("fact-container", container.number.map(|n| n.to_string()).as_deref());
                facts.text("fact-cargo", container.cargo_type.as_deref());
            }
        }
        if self.order.boxes > 1 {
            facts.text("fact-boxes", Some(&self.order.boxes.to_string()));
        }
        FactBox {
            id: "delivery",
            title: self.v.t("box-delivery"),
            icon: "truck",
            own: own.facts,
            facts: facts.facts,
            note: None,
            link: None,
        }
    }

    fn payment(&self) -> FactBox {
        let mut own = self.gathered();
        if !self.may_change {
            let method = name(&self.names.payment_methods, self.order.payment_method_id.0);
            own.text("fact-payment-method", Some(&method));
        }
        own.time("fact-paid-at", self.order.paid_at);
        own.text("fact-source", Some(&self.names.source));
        own.text("fact-cabinet", Some(&self.names.cabinet));
        let mut facts = self.gathered();
        facts.text("fact-ozon-payment", self.details().and_then(|d| d.payment_type.as_deref()));
        facts.copied("fact-ozon-order", self.order.ozon_order_number.as_deref());
        FactBox {
            id: "payment",
            title: self.v.t("box-payment"),
            icon: "money",
            own: own.facts,
            facts: facts.facts,
            note: None,
            link: None,
        }
    }

    fn dates(&self) -> FactBox {
        let v = self.v;
        let mut own = self.gathered();
        own.time("fact-imported", Some(self.order.imported_at));
        let mut facts = self.gathered();
        facts.time("fact-placed", self.order.placed_at);
        facts.time_at("fact-ship-by", self.order.ship_by, self.zone);
        facts.time_at(
            "fact-overdue-after",
            self.order.overdue_after.filter(|at| Some(*at) != self.order.ship_by),
            self.zone,
        );
        if let Some(d) = self.details() {
            facts.time("fact-handed-over", d.delivering_date);
            match (d.delivery_from, d.delivery_to) {
                (Some(from), Some(to)) => {
                    let (from, to) = (v.when_exactly(&from).text, v.when_exactly(&to).text);
                    let window = v.fill("fact-promised-window", &[("from", from), ("to", to)]);
                    facts.text("fact-promised", Some(&window));
                }
                (from, to) => facts.time("fact-promised", from.or(to)),
            }
        }
        FactBox {
            id: "dates",
            title: v.t("box-dates"),
            icon: "calendar",
            own: own.facts,
            facts: facts.facts,
            note: None,
            link: None,
        }
    }
}

/// Who cancelled and why, after the flag's own words.
fn account(v: Voice, initiator: Option<&str>, reason: Option<&str>) -> String {
    let told = |key: &str, name: &'static str, value: Option<&str>| {
        value.filter(|t| !t.is_empty()).map(|t| v.with(key, name, t)).unwrap_or_default()
    };
    let who = initiator.map(|who| v.ozon_initiator(who));
    let words = [told("cancelled-by", "who", who.as_deref()), told("cancelled-because", "reason", reason)];
    let words: Vec<_> = words.into_iter().filter(|w| !w.is_empty()).collect();
    if words.is_empty() { String::new() } else { format!(". {}", words.join(" ")) }
}

fn place(d: &Details) -> Option<String> {
    let parts: Vec<&str> =
        [&d.region, &d.city].into_iter().flatten().map(String::as_str).filter(|p| !p.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// An address as one line.
pub(crate) fn one_line(address: &Address) -> String {
    let parts = [&address.country, &address.region, &address.district, &address.city, &address.tail];
    let mut told: Vec<&str> = Vec::new();
    for part in parts.into_iter().flatten().map(|p| p.trim()).filter(|p| !p.is_empty()) {
        // The rest often repeats what stands before it.
        if !told.contains(&part) {
            told.push(part);
        }
    }
    let tail = address.tail.as_deref().unwrap_or_default();
    told.retain(|part| *part == tail.trim() || !tail.contains(part));
    told.join(", ")
}

fn address_facts(facts: &mut Gathered, address: &Address) {
    facts.copied("fact-address", Some(&one_line(address)));
    facts.text("fact-zip", address.zip_code.as_deref());
    facts.text("fact-pickup-code", address.pickup_code.as_deref());
    facts.text("fact-address-comment", address.comment.as_deref());
}
