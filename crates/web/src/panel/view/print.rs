//! Orders on paper: one order, and what to take from the shelves for several.

use askama::Template;
use domain::OrderId;

use super::Frame;
use super::goods::Goods;
use super::order::{FactBox, LabelBarcode, Value};
use crate::panel::routes::Page;
use voice::Voice;

/// One order on paper.
#[derive(Template)]
#[template(path = "print-order.html")]
pub struct PrintedOrder {
    /// Frame, on the screen alone.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Id.
    pub id: OrderId,
    /// The number people see.
    pub number: String,
    /// Ozon's posting number.
    pub posting_number: String,
    /// Scheme, Express, legal entity, boxes, lifting in one line.
    pub badges: String,
    /// Until when it must leave, with its date.
    pub ship_by: Option<String>,
    /// It still has to leave, so that this date matters.
    pub has_to_leave: bool,
    /// Flags with what they ask for.
    pub warnings: Vec<String>,
    /// The label's barcodes.
    pub barcodes: Vec<LabelBarcode>,
    /// The goods.
    pub goods: Goods,
    /// The order, delivery, and persons for whoever may see them.
    pub facts: Vec<FactBox>,
    /// The shop's comment; empty for viewers.
    pub comment: String,
    /// As of when.
    pub printed_at: String,
}

/// What to take from the shelves.
#[derive(Template)]
#[template(path = "pick-list.html")]
pub struct PickListPage {
    /// Frame, on the screen alone.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The list of orders it was asked of.
    pub back: String,
    /// Which orders it was asked of: a tab and filters, or those that were picked.
    pub of: String,
    /// How many orders it is for.
    pub orders: u64,
    /// Pieces in all.
    pub pieces: u64,
    /// There are more orders than one list holds.
    pub more: bool,
    /// Orders left out as cancelled at Ozon.
    pub cancelled: u64,
    /// Orders left out as gone already.
    pub gone: u64,
    /// The goods, by article.
    pub goods: Vec<PickedGoods>,
    /// As of when.
    pub printed_at: String,
}

/// Goods of one article.
pub struct PickedGoods {
    /// Article.
    pub offer_id: String,
    /// Its names.
    pub names: String,
    /// Pieces in all.
    pub pieces: String,
    /// For which orders.
    pub shares: Vec<PickedShare>,
}

/// Pieces for one order.
pub struct PickedShare {
    /// The order.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// Pieces.
    pub pieces: String,
}

#[cfg(test)]
impl PrintedOrder {
    /// A full sheet, and one as a viewer prints it.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        use super::order::Fact;
        use crate::panel::barcode::Barcode;
        let fact =
            |key: &str, value: &str| Fact { name: v.t(key), value: Value::Text(value.into()), copy: false };
        let titled = |key: &str, icon, facts| FactBox {
            id: icon,
            title: v.t(key),
            icon,
            own: Vec::new(),
            facts,
            note: None,
            link: None,
        };
        let delivery = || {
            let facts = vec![
                fact("fact-ozon-method", "Доставка до двери, Москва"),
                fact("fact-warehouse", "Основной склад"),
                fact("fact-boxes", "2"),
            ];
            titled("box-delivery", "truck", facts)
        };
        let sheet = |facts| Self {
            frame: Frame::sample(v, Section::Orders),
            v,
            id: OrderId(7),
            number: "98105259411-0854-2".into(),
            posting_number: "98105259411-0854-2".into(),
            badges: "realFBS · Express".into(),
            ship_by: Some(v.dated(&v.now, None)),
            has_to_leave: true,
            warnings: Vec::new(),
            barcodes: ["%101%10293145035", "201864523528000"]
                .map(|text| LabelBarcode {
                    name: v.t("barcode-upper"),
                    text: text.into(),
                    picture: Barcode::code128(text),
                })
                .into(),
            goods: Goods::sample(v),
            facts,
            comment: String::new(),
            printed_at: v.dated(&v.now, None),
        };
        let person =
            vec![fact("fact-name", "Иванова Мария Сергеевна"), fact("fact-phone", "+7 903 123-45-67")];
        let mut full = sheet(vec![titled("box-recipient", "person", person), delivery()]);
        full.warnings = vec![v.t("flag-cancelled-in-ozon")];
        full.comment = "Позвонить перед выездом\nи упаковать вдвойне".into();
        let mut bare = sheet(vec![delivery()]);
        bare.barcodes = Vec::new();
        (bare.ship_by, bare.has_to_leave) = (None, false);
        bare.goods = Goods::none(v);
        vec![("print-order", full), ("print-order-bare", bare)]
    }
}

#[cfg(test)]
impl PickListPage {
    /// A long list with orders left out, and one for which nothing is left.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;

        let share = |id: i64, pieces: u64| PickedShare {
            id: OrderId(id),
            number: format!("{}-0854-1", 98_105_259_411 + id),
            pieces: v.number(pieces),
        };
        let goods = |article: &str, names: &str, pieces, shares| PickedGoods {
            offer_id: article.into(),
            names: names.into(),
            pieces: v.number(pieces),
            shares,
        };
        let list = |goods: Vec<PickedGoods>| Self {
            frame: Frame::sample(v, Section::Orders),
            v,
            back: "/orders".into(),
            of: format!("{} · <b>Север</b>", v.t("work-assemble")),
            orders: 200,
            pieces: 1_204,
            more: true,
            cancelled: 2,
            gone: 1,
            goods,
            printed_at: v.dated(&v.now, None),
        };
        let full = list(vec![
            goods("CASE-14-FELT", "Чехол для ноутбука 14″, войлок", 3, vec![share(1, 1), share(2, 2)]),
            goods(
                "MUG-330-FOG",
                "Кружка керамическая 330 мл, «Туман» / Кружка «Туман»",
                1_201,
                (1..40).map(|n| share(n, 1)).collect(),
            ),
        ]);
        let none = Self { orders: 0, pieces: 0, more: false, ..list(Vec::new()) };
        vec![("pick-list", full), ("pick-list-none", none)]
    }
}
