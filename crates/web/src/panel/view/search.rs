//! What the search of the top bar found.

use askama::Template;

use super::Frame;
use crate::panel::routes::Page;
use voice::Voice;

/// All that was found, as a page.
#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// What was looked for.
    pub q: String,
    /// What was found.
    pub groups: Vec<Group>,
}

/// The same under the search field, while one types.
#[derive(Template)]
#[template(path = "search-found.html")]
pub struct SearchFragment {
    /// Voice.
    pub v: Voice,
    /// What was looked for.
    pub q: String,
    /// What was found.
    pub groups: Vec<Group>,
}

impl SearchFragment {
    /// How much was found, for ears.
    pub fn told(&self) -> String {
        told(self.v, &self.groups)
    }
}

impl SearchPage {
    /// How much was found.
    pub fn told(&self) -> String {
        told(self.v, &self.groups)
    }
}

fn told(v: Voice, groups: &[Group]) -> String {
    let hits: usize = groups.iter().map(|group| group.found.len()).sum();
    v.n("search-found", hits as u64)
}

/// Hits of one kind.
pub struct Group {
    /// Their kind.
    pub title: String,
    /// Icon.
    pub icon: &'static str,
    /// The hits.
    pub found: Vec<Found>,
    /// Where all of them are, when there are more.
    pub all: Option<String>,
    /// What was looked for is the very number of the only hit.
    pub is_exact: bool,
}

impl Group {
    /// A group; none without a hit.
    pub fn of(title: String, icon: &'static str, found: Vec<Found>, all: Option<String>) -> Option<Self> {
        (!found.is_empty()).then_some(Self { title, icon, found, all, is_exact: false })
    }
}

/// A hit.
pub struct Found {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub text: String,
    /// More words about it.
    pub more: String,
}

#[cfg(test)]
impl SearchPage {
    /// With hits of two kinds, and without any.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let found = SearchFragment::samples(v).swap_remove(0).1;
        let page = |q: &str, groups| Self {
            frame: Frame::sample(v, super::Section::Outside),
            v,
            q: q.to_owned(),
            groups,
        };
        vec![("search", page("кружка", found.groups)), ("search-none", page("ёж <b>", Vec::new()))]
    }
}

#[cfg(test)]
impl SearchFragment {
    /// With hits of two kinds.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let hit =
            |text: &str, more: &str| Found { href: "/orders/1".into(), text: text.into(), more: more.into() };
        let groups = [
            Group::of(
                v.t("orders-title"),
                "orders",
                vec![hit("98105259411-0085-1", "Новый · Иванова Мария · Кружка керамическая")],
                Some("/orders?q=кружка".into()),
            ),
            Group::of(v.t("search-pages"), "next", vec![hit("Справочники", "")], None),
        ];
        vec![("search-found", Self { v, q: "кружка".into(), groups: groups.into_iter().flatten().collect() })]
    }
}
