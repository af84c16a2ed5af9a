//! The card of one order.

use askama::Template;
use domain::OrderId;

use super::exchange::{Answer, Sent};
use super::goods::Goods;
use super::order_work::Work;
use super::{Dot, Frame, Link};
use crate::panel::barcode::Barcode;
use crate::panel::routes::Page;
use voice::{Left, Moment, Voice};

/// The card of one order.
#[derive(Template)]
#[template(path = "order.html")]
pub struct OrderPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// What the card is worked with.
    pub work: Work,
    /// The last change that the page knows of.
    pub since: i64,
    /// Id.
    pub id: OrderId,
    /// The number people see.
    pub number: String,
    /// Ozon's posting number.
    pub posting_number: String,
    /// The posting in Ozon's own cabinet.
    pub ozon_link: String,
    /// The shop's status.
    pub status: String,
    /// Its dot.
    pub dot: Dot,
    /// The statuses of the menu.
    pub statuses: Vec<StatusChoice>,
    /// Ozon's status and substatus in words.
    pub ozon_status: String,
    /// Ozon's substatus in words.
    pub ozon_substatus: Option<String>,
    /// Paid.
    pub paid: bool,
    /// "с 12 нояб., по правилу".
    pub paid_note: Option<Moment>,
    /// What is left until shipping.
    pub ship_by: Option<Left>,
    /// Until when it was to be shipped, once that matters no more.
    pub was_to_ship_by: Option<Moment>,
    /// Short marks: scheme, Express, legal entity, boxes, lifting.
    pub badges: Vec<Badge>,
    /// Flags with what they ask for.
    pub warnings: Vec<String>,
    /// The goods.
    pub goods: Goods,
    /// Boxes of facts in the right column, in order.
    pub facts: Vec<FactBox>,
    /// Its personal data is erased.
    pub persons_erased: bool,
    /// Its personal data may be erased by this person.
    pub can_be_erased: bool,
    /// The label's barcodes.
    pub barcodes: Vec<LabelBarcode>,
    /// Barcodes were asked for, but Ozon has none yet.
    pub barcodes_awaited: bool,
    /// Orders of the same Ozon order, the parent among them.
    pub related: Vec<Related>,
    /// The track number, to be edited.
    pub track_number: String,
    /// What went or is to go to Ozon about it, newest first.
    pub sent: Vec<Sent>,
    /// A customer's request to cancel that waits for the seller.
    pub request: Option<Request>,
    /// The shop's comment; hidden from viewers.
    pub comment: String,
    /// What happened, newest first.
    pub history: Vec<Event>,
}

/// A status of the menu.
pub struct StatusChoice {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Dot.
    pub dot: Dot,
    /// The order is in it.
    pub here: bool,
}

/// A short mark.
pub struct Badge {
    /// Words.
    pub text: String,
    /// More, for the title.
    pub title: String,
    /// Icon.
    pub icon: &'static str,
    /// It asks for attention.
    pub strong: bool,
}

/// A box of facts.
pub struct FactBox {
    /// Which one.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Icon.
    pub icon: &'static str,
    /// What the shop says.
    pub own: Vec<Fact>,
    /// What Ozon says.
    pub facts: Vec<Fact>,
    /// A word in place of facts, or beneath them.
    pub note: Option<String>,
    /// Where more of it is.
    pub link: Option<Link>,
}

/// A fact.
pub struct Fact {
    /// Name.
    pub name: String,
    /// Value.
    pub value: Value,
    /// Can be copied.
    pub copy: bool,
}

/// A fact's value.
pub enum Value {
    /// Text.
    Text(String),
    /// A time.
    Time(Moment),
    /// A link.
    Link(Link),
}

/// A barcode of the label.
pub struct LabelBarcode {
    /// Which.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its picture, where its symbology is known.
    pub picture: Option<Barcode>,
}

/// Another order of the same Ozon order.
pub struct Related {
    /// Its posting number.
    pub posting_number: String,
    /// Its card, when there is one.
    pub href: Option<String>,
    /// This order was split from it.
    pub is_parent: bool,
}

/// Something that happened.
pub struct Event {
    /// What, in words.
    pub what: String,
    /// Why, in words.
    pub why: Option<String>,
    /// The setting that caused it.
    pub setting: Option<Link>,
    /// Who.
    pub who: String,
    /// When here.
    pub at: Moment,
    /// When at Ozon.
    pub ozon_at: Option<Moment>,
    /// Ozon's own words.
    pub answer: Option<Answer>,
    /// Icon.
    pub icon: &'static str,
    /// Status dot, where it is about one.
    pub dot: Option<Dot>,
    /// What a person wrote.
    pub said: Option<Said>,
}

/// A comment.
pub struct Said {
    /// Its words.
    pub text: String,
    /// Its id, where the visitor may take it back.
    pub delete: Option<i64>,
}

/// A customer's request to cancel.
pub struct Request {
    /// Ozon's id.
    pub id: i64,
    /// Why.
    pub reason: Option<String>,
    /// Silence counts as approval from then on.
    pub decide_by: Option<Moment>,
    /// It was decided here, and Ozon is being told.
    pub answered: bool,
}

#[cfg(test)]
impl OrderPage {
    /// A full card, and the barest one as a viewer sees it.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        use chrono::Duration;

        let ago = |hours| v.now - Duration::hours(hours);
        let text =
            |key: &str, value: &str, copy| Fact { name: v.t(key), value: Value::Text(value.into()), copy };
        let time =
            |key: &str, at| Fact { name: v.t(key), value: Value::Time(v.when_exactly(&at)), copy: false };
        let event = |what: &str, why: Option<&str>, hours: i64, icon: &'static str| Event {
            what: what.into(),
            why: why.map(Into::into),
            setting: why.map(|_| Link {
                href: "/cabinets/1/settings#status_map".into(),
                text: v.t("setting-status_map"),
            }),
            who: v.t("actor-rule"),
            at: v.when_exactly(&ago(hours)),
            ozon_at: Some(v.when_exactly(&(ago(hours) - Duration::minutes(7)))),
            answer: None,
            icon,
            dot: (icon == "status").then(|| Dot::new("#f59e0b")),
            said: (icon == "talk")
                .then(|| Said { text: "Позвонить <b>до пяти</b>".into(), delete: Some(3) }),
        };
        let names = [
            ("Новый", "#3b82f6"),
            ("В обработке", "#8b5cf6"),
            ("Собран", "#0ea5a3"),
            ("Отправлен", "#f59e0b"),
            ("Доставлен", "#22a06b"),
        ];
        let full = Self {
            frame: Frame::sample(v, Section::Orders),
            v,
            work: Work::sample(v),
            since: 4711,
            id: OrderId(7),
            number: "98105259411-0854-2".into(),
            posting_number: "98105259411-0854-2".into(),
            ozon_link: "https://seller.ozon.ru/app/postings/fbs".into(),
            status: "Собран".into(),
            dot: Dot::new("#0ea5a3"),
            statuses: names
                .iter()
                .zip(1..)
                .map(|((name, colour), id)| StatusChoice {
                    id,
                    name: (*name).into(),
                    dot: Dot::new(colour),
                    here: id == 3,
                })
                .collect(),
            ozon_status: v.ozon_status("awaiting_deliver"),
            ozon_substatus: Some(v.ozon_substatus("posting_in_carriage")),
            paid: true,
            paid_note: Some(v.when_exactly(&ago(2))),
            ship_by: Some(v.left(&(v.now + Duration::hours(2)), None)),
            was_to_ship_by: None,
            badges: vec![
                Badge {
                    text: "realFBS".into(),
                    title: v.t("scheme-realfbs-title"),
                    icon: "truck",
                    strong: false,
                },
                Badge {
                    text: v.t("badge-express"),
                    title: v.t("badge-express-title"),
                    icon: "bolt",
                    strong: true,
                },
                Badge {
                    text: v.t("badge-legal"),
                    title: "ООО «Северный ветер»".into(),
                    icon: "legal",
                    strong: false,
                },
                Badge {
                    text: v.t("badge-multibox"),
                    title: v.t("badge-multibox-title"),
                    icon: "boxes",
                    strong: false,
                },
            ],
            warnings: vec![v.t("flag-cancelled-in-ozon")],
            goods: Goods::sample(v),
            facts: vec![
                FactBox {
                    id: "customer",
                    title: v.t("box-customer"),
                    icon: "person",
                    own: Vec::new(),
                    facts: vec![
                        text("fact-name", "Иванова Мария Сергеевна", false),
                        text("fact-phone", "+7 903 123-45-67", true),
                        text("fact-pin", "4521", false),
                    ],
                    note: None,
                    link: Some(Link {
                        href: Page::Customer(domain::CustomerId(3)).to_string(),
                        text: v.t("fact-bound-to"),
                    }),
                },
                FactBox {
                    id: "delivery",
                    title: v.t("box-delivery"),
                    icon: "truck",
                    own: vec![text("fact-method", "Доставка Ozon", false)],
                    facts: vec![
                        text("fact-ozon-method", "Доставка до двери, Москва", false),
                        text("fact-warehouse", "Основной склад", false),
                        text("fact-track-number", "RA644000001RU", true),
                    ],
                    note: None,
                    link: None,
                },
                FactBox {
                    id: "dates",
                    title: v.t("box-dates"),
                    icon: "calendar",
                    own: Vec::new(),
                    facts: vec![
                        time("fact-placed", ago(30)),
                        time("fact-imported", ago(29)),
                        time("fact-ship-by", ago(-2)),
                    ],
                    note: None,
                    link: None,
                },
            ],
            barcodes: vec![
                LabelBarcode {
                    name: v.t("barcode-upper"),
                    text: "%101%10293145035".into(),
                    picture: Barcode::code128("%101%10293145035"),
                },
                LabelBarcode {
                    name: v.t("barcode-lower"),
                    text: "201864523528000".into(),
                    picture: Barcode::code128("201864523528000"),
                },
                LabelBarcode { name: v.t("barcode-scanit"), text: "ii123456789".into(), picture: None },
            ],
            persons_erased: true,
            can_be_erased: true,
            barcodes_awaited: false,
            track_number: "RA644000001RU".into(),
            sent: Sent::samples(v),
            request: Some(Request {
                id: 7,
                reason: Some("Передумал".into()),
                decide_by: Some(v.when_exactly(&v.now)),
                answered: false,
            }),
            related: vec![Related {
                posting_number: "98105259411-0854-1".into(),
                href: Some("/orders/6".into()),
                is_parent: true,
            }],
            comment: "Позвонить перед выездом".into(),
            history: vec![
                event(
                    "Статус «Собран»",
                    Some(&v.with("why-status-map", "row", v.ozon_status("awaiting_deliver"))),
                    1,
                    "status",
                ),
                event("Ozon: Ожидает отгрузки", None, 1, "ozon"),
                event(&v.t("said"), None, 2, "talk"),
                event("Оплачен", None, 2, "paid"),
                event("Заказ создан", None, 29, "created"),
            ],
        };
        let mut frame = Frame::sample(v, Section::Orders);
        frame.can = super::Can::default();
        let bare = Self {
            track_number: String::new(),
            sent: Vec::new(),
            request: None,
            frame,
            v,
            work: Work::bare(v),
            since: 0,
            id: OrderId(8),
            number: "1042".into(),
            posting_number: "98105259412-0001-1".into(),
            ozon_link: "https://seller.ozon.ru/app/postings/fbs".into(),
            status: "Новый".into(),
            dot: Dot::new("#3b82f6"),
            statuses: Vec::new(),
            ozon_status: v.ozon_status("teleported"),
            ozon_substatus: None,
            paid: false,
            paid_note: None,
            ship_by: None,
            was_to_ship_by: Some(v.when_exactly(&ago(30))),
            badges: Vec::new(),
            warnings: Vec::new(),
            goods: Goods::none(v),
            facts: vec![FactBox {
                id: "customer",
                title: v.t("box-customer"),
                icon: "person",
                own: Vec::new(),
                facts: Vec::new(),
                note: Some(v.t("persons-hidden")),
                link: None,
            }],
            barcodes: Vec::new(),
            persons_erased: false,
            can_be_erased: false,
            barcodes_awaited: true,
            related: Vec::new(),
            comment: String::new(),
            history: Vec::new(),
        };
        vec![("order", full), ("order-bare", bare)]
    }
}
