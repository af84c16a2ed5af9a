//! The customers of the shop: their list, and one of them with the orders.

use askama::Template;

use super::{Dot, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// Customers.
#[derive(Template)]
#[template(path = "customers.html")]
pub struct CustomersPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// What is searched for.
    pub q: String,
    /// The customers.
    pub rows: Vec<CustomerRow>,
    /// The address of the next ones.
    pub next: Option<String>,
    /// The form of a new one, with what was typed.
    pub new: CustomerForm,
}

/// A customer of the list.
pub struct CustomerRow {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Orders, counted.
    pub orders: String,
    /// The same in words, where no head of a column says what is counted.
    pub orders_told: String,
    /// Came from Ozon.
    pub of_ozon: bool,
}

/// A customer in a form.
#[derive(Clone, Default)]
pub struct CustomerForm {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Comment.
    pub comment: String,
    /// What is wrong.
    pub fault: Option<String>,
}

/// A customer.
#[derive(Template)]
#[template(path = "customer.html")]
pub struct CustomerPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Id.
    pub id: domain::CustomerId,
    /// The form.
    pub form: CustomerForm,
    /// Ozon's id, when it came from there.
    pub ozon_id: Option<String>,
    /// The personal data may be erased by this person.
    pub can_be_erased: bool,
    /// That and when it was erased.
    pub erased: Option<String>,
    /// The customer's orders, in the list.
    pub orders: String,
    /// How many there are, in words.
    pub count: String,
    /// A page of them, the newest first.
    pub rows: Vec<CustomerOrder>,
    /// The address of the next ones.
    pub next: Option<String>,
}

/// An order of a customer.
pub struct CustomerOrder {
    /// Id.
    pub id: domain::OrderId,
    /// The number people see.
    pub number: String,
    /// The shop's status.
    pub status: String,
    /// Its dot.
    pub dot: Dot,
    /// The order's date.
    pub date: Moment,
    /// Total.
    pub total: String,
}

#[cfg(test)]
impl CustomersPage {
    /// With customers, and without.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let row = |id: i64, name: &str| CustomerRow {
            id,
            name: name.into(),
            phone: "+7 903 123-45-67".into(),
            email: String::new(),
            orders: "3".into(),
            orders_told: v.n("uses-orders", 3_u64),
            of_ozon: id > 1,
        };
        let page = |rows: Vec<CustomerRow>| Self {
            frame: Frame::sample(v, Section::Customers),
            v,
            q: String::new(),
            next: (!rows.is_empty()).then(|| "/lists/customers?cursor=x".into()),
            rows,
            new: CustomerForm { fault: Some(v.t("fault-empty")), ..CustomerForm::default() },
        };
        vec![
            ("customers", page(vec![row(1, "Покупатель Ozon"), row(2, "Иванова Мария")])),
            ("customers-none", page(Vec::new())),
        ]
    }
}

#[cfg(test)]
impl CustomerPage {
    /// A customer of Ozon's.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let form = CustomerForm {
            name: "Иванова Мария".into(),
            phone: "+7 903 123-45-67".into(),
            fault: Some(v.t("fault-empty")),
            ..CustomerForm::default()
        };
        vec![(
            "customer",
            Self {
                frame: Frame::sample(v, Section::Customers),
                v,
                id: domain::CustomerId(2),
                form,
                ozon_id: Some("60006".into()),
                can_be_erased: true,
                erased: Some(v.with("persons-erased-at", "time", v.when_exactly(&v.now).text)),
                orders: "/orders?customer=2".into(),
                count: v.n("uses-orders", 41_u64),
                rows: vec![CustomerOrder {
                    id: domain::OrderId(1),
                    number: "0105259411-0854-2".into(),
                    status: "Новый".into(),
                    dot: Dot::new("#3b82f6"),
                    date: v.when(&v.now),
                    total: "1 530,00 ₽".into(),
                }],
                next: Some("/lists/customers/2?cursor=x".into()),
            },
        )]
    }
}
