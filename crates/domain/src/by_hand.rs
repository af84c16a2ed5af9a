//! What a person (or a program with a token) does to an order, and what Ozon is told of it.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::history::{Actor, Field, HistoryEntry, Reason};
use crate::ids::{CustomerId, DeliveryMethodId, PaymentMethodId, StatusId, UserId};
use crate::intake::is_paid;
use crate::order::Order;
use crate::posting::Posting;
use crate::push::{self, Next, Push, Step};
use crate::settings::{PostingNumberTo, Settings};

/// One act on an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Move it to a status.
    SetStatus(StatusId),
    /// Set or take the mark of payment.
    SetPaid(bool),
    /// Set the mark of payment with its time, which cannot be still to come.
    SetPaidAt(DateTime<Utc>),
    /// Fill, change or empty the track number.
    SetTrackNumber(Option<String>),
    /// Write the shop's comment.
    SetComment(String),
    /// Give it to a person, or to nobody.
    SetManager(Option<UserId>),
    /// Bind it to another customer of the shop.
    SetCustomer {
        /// Whom.
        id: CustomerId,
        /// The customer's name, for the order to show.
        name: String,
    },
    /// Have it delivered another way.
    SetDeliveryMethod(DeliveryMethodId),
    /// Have it paid another way.
    SetPaymentMethod(PaymentMethodId),
}

/// What an act is decided with.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The settings of the order's cabinet.
    pub settings: &'a Settings,
    /// All that Ozon has said of the posting.
    pub facts: Option<&'a Posting>,
    /// Who acts.
    pub actor: &'a Actor,
    /// Our time.
    pub now: DateTime<Utc>,
}

/// What comes of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The order as it is then.
    pub order: Order,
    /// What happened to it.
    pub history: Vec<HistoryEntry>,
    /// What Ozon is to be told.
    pub pushes: Vec<Push>,
    /// Words of the pushes that the act makes pointless, as far as they have not been sent ([`Push::word`]).
    pub withdraws: &'static [&'static str],
}

/// Decides about an act; one that changes nothing leaves no trace.
pub fn decide(order: &Order, act: Act, with: Situation<'_>) -> Option<Decided> {
    let mut doing = Doing { order: order.clone(), history: Vec::new(), pushes: Vec::new(), with };
    let withdraws: &[&str] = match act {
        Act::SetStatus(_) => &["delivering", "last_mile", "delivered"],
        Act::SetTrackNumber(_) => &["track_number"],
        Act::SetPaid(_)
        | Act::SetPaidAt(_)
        | Act::SetComment(_)
        | Act::SetManager(_)
        | Act::SetCustomer { .. }
        | Act::SetDeliveryMethod(_)
        | Act::SetPaymentMethod(_) => &[],
    };
    match act {
        Act::SetStatus(id) => doing.status(id),
        Act::SetPaid(paid) => doing.paid(paid),
        Act::SetTrackNumber(number) => doing.track_number(number),
        Act::SetComment(text) => doing.comment(text),
        Act::SetPaidAt(at) => doing.paid_at(at),
        Act::SetManager(manager) => doing.manager(manager),
        Act::SetCustomer { id, name } => doing.customer(id, name),
        Act::SetDeliveryMethod(id) => doing.delivery_method(id),
        Act::SetPaymentMethod(id) => doing.payment_method(id),
    }
    let Doing { order, history, pushes, .. } = doing;
    (!history.is_empty()).then_some(Decided { order, history, pushes, withdraws })
}

struct Doing<'a> {
    order: Order,
    history: Vec<HistoryEntry>,
    pushes: Vec<Push>,
    with: Situation<'a>,
}

impl Doing<'_> {
    fn note(&mut self, field: Field, old: Option<String>, new: Option<String>) {
        self.note_because(self.with.actor.clone(), field, old, new, Reason::ByHand);
    }

    fn note_because(
        &mut self,
        actor: Actor,
        field: Field,
        old: Option<String>,
        new: Option<String>,
        reason: Reason,
    ) {
        let at = self.with.now;
        self.history.push(HistoryEntry { at, ozon_at: None, actor, field, old, new, reason });
    }

    fn status(&mut self, id: StatusId) {
        if self.order.status_id == id {
            return;
        }
        self.order.moved_by_hand = true;
        let old = std::mem::replace(&mut self.order.status_id, id);
        self.note(Field::Status, Some(old.to_string()), Some(id.to_string()));
        // Settings row 13 looks at both: Ozon's status, and the shop's that is now entered.
        let settings = self.with.settings;
        let delivered = self.with.facts.is_some_and(|facts| is_paid(facts, settings, id));
        if delivered && !self.order.paid && !self.order.paid_by_hand {
            self.order.paid = true;
            self.order.paid_at = Some(self.with.now);
            let (old, new) = (Some("false".to_owned()), Some("true".to_owned()));
            self.note_because(Actor::Rule, Field::Paid, old, new, Reason::MarkPaidWhenDelivered);
        }
        if let Some(goal) = Step::asked_by(settings, id) {
            self.tell(Push::Move { goal });
        }
    }

    fn paid(&mut self, paid: bool) {
        if self.order.paid == paid {
            return;
        }
        self.order.paid = paid;
        self.order.paid_at = paid.then_some(self.with.now);
        self.order.paid_by_hand = true;
        self.note(Field::Paid, Some((!paid).to_string()), Some(paid.to_string()));
    }

    fn paid_at(&mut self, at: DateTime<Utc>) {
        let at = at.min(self.with.now);
        self.paid(true);
        let before = self.order.paid_at.replace(at);
        if before == Some(at) {
            return;
        }
        self.order.paid_by_hand = true;
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        self.note(Field::Paid, before.map(text), Some(text(at)));
    }

    fn manager(&mut self, manager: Option<UserId>) {
        if self.order.manager == manager {
            return;
        }
        let old = std::mem::replace(&mut self.order.manager, manager);
        let text = |id: UserId| id.to_string();
        self.note(Field::Manager, old.map(text), manager.map(text));
    }

    /// The order shows the customer's name, unless the posting's number stands in its place (settings row 5).
    fn customer(&mut self, id: CustomerId, name: String) {
        if self.order.customer_id == id {
            return;
        }
        self.order.customer_id = id;
        self.order.customer_by_hand = true;
        let numbered = self.with.settings.posting_number_to == PostingNumberTo::CustomerName
            && self.order.customer_name == self.order.posting_number.as_str();
        let shown = if numbered { self.order.customer_name.clone() } else { name.clone() };
        let old = std::mem::replace(&mut self.order.customer_name, shown);
        self.note(Field::Customer, Some(old), Some(name));
    }

    fn delivery_method(&mut self, id: DeliveryMethodId) {
        if self.order.delivery_method_id == id {
            return;
        }
        let old = std::mem::replace(&mut self.order.delivery_method_id, id);
        self.note(Field::DeliveryMethod, Some(old.to_string()), Some(id.to_string()));
    }

    fn payment_method(&mut self, id: PaymentMethodId) {
        if self.order.payment_method_id == id {
            return;
        }
        let old = std::mem::replace(&mut self.order.payment_method_id, id);
        self.note(Field::PaymentMethod, Some(old.to_string()), Some(id.to_string()));
    }

    fn track_number(&mut self, number: Option<String>) {
        let number = number.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
        if self.order.track_number == number {
            return;
        }
        let old = std::mem::replace(&mut self.order.track_number, number.clone());
        self.order.track_by_hand = true;
        self.note(Field::TrackNumber, old, number.clone());
        if let Some(value) = number.filter(|_| self.with.settings.send_track_numbers) {
            self.tell(Push::TrackNumber { value });
        }
    }

    fn comment(&mut self, text: String) {
        if self.order.admin_comment == text {
            return;
        }
        let old = std::mem::replace(&mut self.order.admin_comment, text.clone());
        self.note(Field::AdminComment, Some(old), Some(text));
    }

    /// Settings rows 15 and 16: told only where Ozon offers it; otherwise the order says why not.
    fn tell(&mut self, push: Push) {
        let Some(facts) = self.with.facts else { return self.pushes.push(push) };
        match push::next(&push, facts) {
            Next::Send(_) | Next::Hold(_) => self.pushes.push(push),
            Next::Done => {}
            Next::Refuse(why) => {
                let reason = Reason::NotTold {
                    setting: push.setting().unwrap_or_default().to_owned(),
                    why,
                    answer: None,
                    trace_id: None,
                };
                self.note_because(Actor::Rule, Field::Push, None, Some(push.word().to_owned()), reason);
            }
        }
    }
}
