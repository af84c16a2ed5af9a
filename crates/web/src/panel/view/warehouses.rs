//! The warehouses and delivery methods of a cabinet with their rules.

use askama::Template;
use domain::CabinetId;

use super::overtaken::Overtaken;
use super::{Choice, Frame};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// The warehouses and delivery methods of a cabinet.
#[derive(Template)]
#[template(path = "warehouses.html")]
pub struct WarehousesPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The cabinet.
    pub id: CabinetId,
    /// Its name.
    pub cabinet: String,
    /// When they were last read.
    pub read_at: Option<Moment>,
    /// Each warehouse, and under it its delivery methods.
    pub rows: Vec<PlaceRow>,
    /// What went wrong.
    pub bad: Vec<String>,
    /// The mark of what the form shows.
    pub seen: String,
    /// What somebody else has saved meanwhile.
    pub overtaken: Option<Overtaken>,
}

impl WarehousesPage {
    /// A row was not read with the others: their clocks differ by more than the words show, which is minutes.
    pub fn read_apart(&self, at: &Moment) -> bool {
        self.read_at.as_ref().is_none_or(|all| all.iso.get(..16) != at.iso.get(..16))
    }
}

/// A warehouse or a delivery method.
#[derive(Default)]
pub struct PlaceRow {
    /// Name.
    pub name: String,
    /// Ozon's id.
    pub ozon_id: String,
    /// It is a delivery method of the warehouse above.
    pub is_method: bool,
    /// Ozon has switched it off.
    pub off: bool,
    /// The warehouse's zone.
    pub zone: String,
    /// When Ozon last listed it.
    pub read_at: Option<Moment>,
    /// The beginning of its fields' names; empty where there is nothing to choose.
    pub field: String,
    /// Sources.
    pub source: Vec<Choice>,
    /// Delivery methods of the shop.
    pub delivery: Vec<Choice>,
    /// Payment methods.
    pub payment: Vec<Choice>,
}

#[cfg(test)]
impl WarehousesPage {
    /// With rules and what went wrong, and before anything was read.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let choices = |chosen: &str| {
            vec![
                Choice::new("", v.with("warehouse-as-cabinet", "name", "Ozon"), chosen),
                Choice::new(2, "Сайт", chosen),
            ]
        };
        let row = |name: &str, id: &str, is_method: bool| PlaceRow {
            name: name.into(),
            ozon_id: id.into(),
            is_method,
            off: is_method,
            zone: if is_method { String::new() } else { "UTC+03:00".into() },
            read_at: Some(v.when(&v.now)),
            field: format!("warehouse.{id}"),
            source: choices("2"),
            delivery: choices(""),
            payment: choices(""),
        };
        let page = |rows: Vec<PlaceRow>, bad: Vec<String>| Self {
            frame: Frame::sample(v, Section::Cabinets),
            v,
            id: CabinetId(1),
            cabinet: "Дом и свет".into(),
            read_at: (!rows.is_empty()).then(|| v.when_exactly(&v.now)),
            rows,
            bad,
            seen: "0f1e".into(),
            overtaken: None,
        };
        let rows = vec![
            row("Склад Север", "1020004870220000", false),
            row("Свой курьер по городу", "1020005000220010", true),
            PlaceRow { name: v.t("warehouse-unknown"), ..PlaceRow::default() },
            row(&v.with("ozon-method-unnamed", "id", 77), "77", true),
        ];
        let bad = ["no-role", "no-role-for-methods", "no-role-for-warehouses", "unknown-choice"];
        let bad = bad.map(|word| v.t(&format!("warehouses-{word}"))).into();
        let overtaken = Self {
            overtaken: Some(Overtaken::sample(v)),
            ..page(vec![row("Склад Юг", "1020004870220001", false)], Vec::new())
        };
        vec![
            ("warehouses", page(rows, bad)),
            ("warehouses-none", page(Vec::new(), Vec::new())),
            ("warehouses-overtaken", overtaken),
        ]
    }
}
