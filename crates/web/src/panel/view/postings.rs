//! Postings that made no order, and one posting as Ozon sent it.

use askama::Template;

use super::{Choice, Frame, Link};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// Postings that made no order.
#[derive(Template)]
#[template(path = "postings.html")]
pub struct PostingsPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Cabinets to choose from.
    pub cabinet: Vec<Choice>,
    /// Reasons to choose from.
    pub reason: Vec<Choice>,
    /// The posting number looked for.
    pub number: String,
    /// The archive is shown too.
    pub archive: bool,
    /// Any filter is set.
    pub active: bool,
    /// The postings.
    pub rows: Vec<PostingRow>,
    /// The address of the next ones.
    pub next: Option<String>,
}

impl PostingsPage {
    /// There is more than one cabinet to tell apart.
    pub fn with_cabinet(&self) -> bool {
        // The first choice is any of them.
        self.cabinet.len() > 2
    }
}

/// A posting.
pub struct PostingRow {
    /// Id of the stored row.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Ozon's status in words.
    pub ozon_status: String,
    /// Ozon's substatus in words.
    pub ozon_substatus: Option<String>,
    /// When Ozon began to process it.
    pub in_process: Option<Moment>,
    /// When we first saw it.
    pub first_seen: Moment,
    /// Cabinet.
    pub cabinet: String,
    /// Why there is no order.
    pub reason: String,
    /// The setting that kept it out.
    pub setting: Option<Link>,
    /// It could not be read: quarantine.
    pub quarantined: bool,
    /// An order can be made of it.
    pub can_become: bool,
    /// It is cancelled: an order is made of it only by who has opened it.
    pub cancelled: bool,
}

/// One posting as Ozon sent it.
#[derive(Template)]
#[template(path = "posting.html")]
pub struct PostingPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The posting.
    pub row: PostingRow,
    /// Its order, when it has one by now.
    pub order: Option<Link>,
    /// What could not be read.
    pub undecodable: Option<String>,
    /// What is in it.
    pub goods: Vec<GoodsRow>,
    /// What it comes to; `None` for goods in several currencies.
    pub total: Option<String>,
    /// The warehouse it leaves from.
    pub warehouse: Option<String>,
    /// Its delivery method.
    pub method: Option<String>,
    /// Method and answer, indented.
    pub raw: Vec<(String, String)>,
    /// When it was read.
    pub read_at: Moment,
}

/// What is in a posting.
pub struct GoodsRow {
    /// Name at Ozon.
    pub name: String,
    /// The seller's article.
    pub offer_id: String,
    /// Pieces.
    pub quantity: String,
    /// A piece.
    pub price: String,
    /// All of them.
    pub sum: String,
}

#[cfg(test)]
impl PostingRow {
    fn sample(v: Voice, id: i64) -> Self {
        let quarantined = id == 3;
        Self {
            id,
            number: format!("5210{id}8811-0042-{id}"),
            ozon_status: v.ozon_status(if id % 2 == 0 { "awaiting_deliver" } else { "delivering" }),
            ozon_substatus: (id == 2).then(|| v.ozon_substatus("posting_in_carriage")),
            in_process: Some(v.when(&(v.now - chrono::Duration::hours(id * 13)))),
            first_seen: v.when(&v.now),
            cabinet: "Дом и свет".into(),
            reason: v.t(if quarantined { "skip-undecodable" } else { "skip-also-awaiting-deliver-off" }),
            setting: (!quarantined).then(|| Link {
                href: "/cabinets/1/settings#also_awaiting_deliver".into(),
                text: v.t("setting-also_awaiting_deliver"),
            }),
            quarantined,
            can_become: !quarantined,
            cancelled: false,
        }
    }
}

#[cfg(test)]
impl PostingsPage {
    /// With postings, and without.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |rows: Vec<PostingRow>| Self {
            frame: Frame::sample(v, Section::Postings),
            v,
            cabinet: vec![Choice::new("", v.t("filter-any-cabinet"), "")],
            reason: vec![Choice::new("", v.t("filter-any-reason"), "")],
            number: String::new(),
            archive: false,
            active: false,
            next: (!rows.is_empty()).then(|| "/postings?cursor=x".into()),
            rows,
        };
        vec![
            ("postings", page((1..7).map(|id| PostingRow::sample(v, id)).collect())),
            ("postings-none", page(Vec::new())),
        ]
    }
}

#[cfg(test)]
impl PostingPage {
    /// A posting that can be read, one that is cancelled, and one in quarantine.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |id: i64| Self {
            frame: Frame::sample(v, Section::Postings),
            v,
            row: PostingRow::sample(v, id),
            order: (id == 1).then(|| Link { href: "/orders/4".into(), text: "98105259411-0854-2".into() }),
            undecodable: (id == 3).then(|| "products: invalid type: string, expected a list".into()),
            goods: if id == 3 {
                Vec::new()
            } else {
                vec![GoodsRow {
                    name: "Кружка <керамическая>".into(),
                    offer_id: "KR-330".into(),
                    quantity: v.number(2),
                    price: "100,00 ₽".into(),
                    sum: "200,00 ₽".into(),
                }]
            },
            total: (id == 1).then(|| "200,00 ₽".into()),
            warehouse: (id == 1).then(|| "Склад Север".into()),
            method: (id == 1).then(|| "Доставка Ozon".into()),
            raw: vec![("/v4/posting/fbs/list".into(), "{\n  \"posting_number\": \"<b>\"\n}".into())],
            read_at: v.when_exactly(&v.now),
        };
        let mut cancelled = page(2);
        cancelled.row.cancelled = true;
        vec![("posting", page(1)), ("posting-cancelled", cancelled), ("posting-quarantined", page(3))]
    }
}
