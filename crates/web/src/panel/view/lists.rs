//! The shop's own lists: statuses, names (sources, methods), and the template of order numbers; customers have a module of
//! their own.

use askama::Template;

use super::{Dot, Frame, Link};
use crate::panel::routes::{NamedPath, Page};
use voice::Voice;

/// The lists' own line of tabs.
pub struct ListTab {
    /// Where it leads.
    pub href: Page,
    /// Words.
    pub label: String,
    /// It is the one shown.
    pub here: bool,
}

/// The tabs of all lists.
pub fn tabs(v: Voice, here: &Page) -> Vec<ListTab> {
    let pages = [
        (Page::Statuses, "list-statuses"),
        (Page::Named(NamedPath::Sources), "list-sources"),
        (Page::Named(NamedPath::DeliveryMethods), "list-delivery-methods"),
        (Page::Named(NamedPath::PaymentMethods), "list-payment-methods"),
        (Page::NumberTemplate, "list-number-template"),
    ];
    pages.into_iter().map(|(href, key)| ListTab { here: href == *here, label: v.t(key), href }).collect()
}

/// Statuses.
#[derive(Template)]
#[template(path = "statuses.html")]
pub struct StatusesPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// The statuses in their order.
    pub rows: Vec<StatusForm>,
    /// The form of a new one, with what was typed.
    pub new: StatusForm,
}

/// A status in its form.
#[derive(Clone, Default)]
pub struct StatusForm {
    /// Id; nought for a new one.
    pub id: i64,
    /// Name.
    pub name: String,
    /// `#rrggbb`.
    pub colour: String,
    /// Place in the list.
    pub position: String,
    /// New orders begin in it.
    pub is_default: bool,
    /// Orders in it are cancelled.
    pub is_cancelled: bool,
    /// Orders in it are completed.
    pub is_completed: bool,
    /// Hidden from the customer.
    pub hidden: bool,
    /// A tab above the orders.
    pub tab: bool,
    /// The mark of what the form shows; empty for a new one.
    pub seen: String,
    /// What is wrong with what was typed.
    pub fault: Option<String>,
    /// What keeps it from being deleted.
    pub uses: Vec<Link>,
    /// How many orders are in it, where there are any.
    pub orders: Option<Link>,
    /// It was just moved up: the keyboard goes on from there.
    pub moved_up: bool,
    /// It was just moved down.
    pub moved_down: bool,
}

impl StatusForm {
    /// The status's dot.
    pub fn dot(&self) -> Dot {
        Dot::new(&self.colour)
    }
}

/// A list that is names only.
#[derive(Template)]
#[template(path = "named.html")]
pub struct NamedPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// Which list.
    pub list: NamedPath,
    /// Heading.
    pub title: String,
    /// What the list is for.
    pub help: String,
    /// Id, name and fault.
    pub rows: Vec<NamedRow>,
    /// What was typed for a new one.
    pub new_name: String,
    /// What is wrong with it.
    pub new_fault: Option<String>,
}

/// A name.
pub struct NamedRow {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// It came with the installation and stays.
    pub installed: bool,
    /// What is wrong with what was typed or asked.
    pub fault: Option<String>,
    /// What keeps it from being deleted.
    pub uses: Vec<Link>,
}

/// The template of order numbers.
#[derive(Template)]
#[template(path = "number-template.html")]
pub struct NumberTemplatePage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// Tabs.
    pub tabs: Vec<ListTab>,
    /// The template.
    pub template: String,
    /// What it would make of the next order; none where it cannot be used.
    pub example: Option<String>,
    /// What is wrong with what is being typed.
    pub wrong: Option<String>,
    /// The cabinets that use it now.
    pub used_by: Vec<String>,
    /// What is wrong with what was to be saved.
    pub fault: Option<String>,
}

/// What keeps a row, for the samples.
#[cfg(test)]
fn used(v: Voice) -> Vec<Link> {
    let what = [("name", "Дом и свет".to_owned()), ("what", v.t("setting-status_map"))];
    vec![
        Link { href: "/orders?status=2".into(), text: v.n("uses-orders", 12_u64) },
        Link { href: "/cabinets/1/settings#status_map".into(), text: v.fill("uses-cabinet", &what) },
        Link { href: String::new(), text: v.n("uses-orders", 1_u64) },
    ]
}

#[cfg(test)]
impl StatusesPage {
    /// With a refusal.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let row = |id: i64, name: &str, colour: &str| StatusForm {
            id,
            name: name.into(),
            colour: colour.into(),
            position: (id * 10).to_string(),
            is_default: id == 1,
            is_completed: id == 5,
            tab: id < 4,
            fault: (id == 2).then(|| v.n("fault-in-use", 12_u64)),
            uses: if id == 2 { used(v) } else { Vec::new() },
            orders: (id != 4)
                .then(|| Link { href: "/orders?status=1".into(), text: v.n("uses-orders", 41_u64) }),
            moved_up: id == 3,
            ..StatusForm::default()
        };
        let rows = vec![
            row(1, "Новый", "#3b82f6"),
            row(2, "В обработке", "#8b5cf6"),
            row(3, "Собран", "#0ea5a3"),
            row(4, "Отправлен", "#f59e0b"),
            row(5, "Доставлен", "#22a06b"),
        ];
        let new =
            StatusForm { colour: "#6b7280".into(), fault: Some(v.t("fault-empty")), ..StatusForm::default() };
        vec![(
            "statuses",
            Self { frame: Frame::sample(v, Section::Lists), v, tabs: tabs(v, &Page::Statuses), rows, new },
        )]
    }
}

#[cfg(test)]
impl NamedPage {
    /// Sources, with a refusal.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let row = |id: i64, name: &str| NamedRow {
            id,
            name: name.into(),
            installed: id == 2,
            fault: (id == 3).then(|| v.n("fault-in-use", 3_u64)),
            uses: if id == 3 { used(v) } else { Vec::new() },
        };
        vec![(
            "sources",
            Self {
                frame: Frame::sample(v, Section::Lists),
                v,
                tabs: tabs(v, &Page::Named(NamedPath::Sources)),
                list: NamedPath::Sources,
                title: v.t("list-sources"),
                help: v.t("list-sources-help"),
                rows: vec![row(1, "Сайт"), row(2, "Ozon"), row(3, "Телефон")],
                new_name: String::new(),
                new_fault: Some(v.t("fault-empty")),
            },
        )]
    }
}

#[cfg(test)]
impl NumberTemplatePage {
    /// A template with a date, and one that cannot be used.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |template: &str, example: Option<&str>| {
            let wrong = example.is_none().then(|| v.with("fault-template-word", "word", "#WEEK#"));
            Self {
                frame: Frame::sample(v, Section::Lists),
                v,
                tabs: tabs(v, &Page::NumberTemplate),
                template: template.into(),
                example: example.map(str::to_owned),
                fault: wrong.clone(),
                wrong,
                used_by: if example.is_some() { vec!["Дом и свет".into()] } else { Vec::new() },
            }
        };
        let wrong = page("#WEEK#-#NUMBER#", None);
        vec![
            ("number-template", page("#YEAR#-#NUMBER#", Some("2026-1043"))),
            ("number-template-wrong", wrong),
        ]
    }
}
