//! What a card is worked with: the list it belongs to, whose it is, and what else can be chosen.

use super::Choice;

/// The working side of an order's card.
pub struct Work {
    /// Where acts on the order go; leads back to the card as it is.
    pub act: String,
    /// Where the answer to a request to cancel goes.
    pub decide: String,
    /// Where comments go.
    pub comment: String,
    /// Where comments are taken back.
    pub delete_comment: String,
    /// The list that the card was opened from.
    pub list: String,
    /// The card before this one in that list.
    pub previous: Option<String>,
    /// The card after this one.
    pub next: Option<String>,
    /// What the order waits for from the seller.
    pub todo: Option<String>,
    /// The address of whoever works it; empty for nobody.
    pub manager: String,
    /// Whom it can be given to.
    pub managers: Vec<Choice>,
    /// The visitor does not work it, and may.
    pub may_take: bool,
    /// Since when it is paid, for the field; empty while it is not.
    pub paid_at: String,
    /// Now, for the same field.
    pub paid_latest: String,
    /// Delivery methods.
    pub delivery_methods: Vec<Choice>,
    /// Payment methods.
    pub payment_methods: Vec<Choice>,
    /// The list's query; empty for the list of all orders.
    pub from: String,
    /// The customer who is looked for.
    pub find: String,
    /// Somebody is looked for.
    pub looks: bool,
    /// Who was found.
    pub found: Vec<Found>,
}

/// A customer whom the order can be bound to.
pub struct Found {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Phone and e-mail.
    pub more: String,
}

#[cfg(test)]
impl Work {
    /// For somebody who works orders, in the middle of a list.
    pub fn sample(v: voice::Voice) -> Self {
        Self {
            act: "/orders/7/act?from=paid%3Dfalse".into(),
            list: "/orders?paid=false".into(),
            previous: Some("/orders/6?from=paid%3Dfalse".into()),
            next: Some("/orders/9?from=paid%3Dfalse".into()),
            todo: Some(v.t("todo-pack")),
            manager: "anna@shop.example".into(),
            managers: vec![
                Choice::new("", v.t("manager-nobody"), "1"),
                Choice::new(1, "anna@shop.example", "1"),
            ],
            may_take: true,
            paid_at: "2026-11-23T12:00".into(),
            from: "paid=false".into(),
            find: "ёж <b>".into(),
            looks: true,
            found: vec![
                Found { id: 3, name: "Пётр Ёлкин".into(), more: "+7 903 123-45-67".into() },
                Found { id: 4, name: "—".into(), more: String::new() },
            ],
            ..Self::bare(v)
        }
    }

    /// For somebody who only looks, or with nothing to choose from.
    pub fn bare(v: voice::Voice) -> Self {
        Self {
            act: "/orders/8/act".into(),
            decide: "/orders/8/decide".into(),
            comment: "/orders/8/comments".into(),
            delete_comment: "/orders/8/comments/delete".into(),
            list: "/orders".into(),
            previous: None,
            next: None,
            todo: None,
            manager: String::new(),
            managers: Vec::new(),
            may_take: false,
            paid_at: String::new(),
            paid_latest: "2026-11-23T14:05".into(),
            delivery_methods: vec![Choice::new(1, v.t("box-delivery"), "1")],
            payment_methods: vec![Choice::new(1, v.t("box-payment"), "1")],
            from: String::new(),
            find: String::new(),
            looks: false,
            found: Vec::new(),
        }
    }
}
