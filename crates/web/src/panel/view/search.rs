//! What the search of the top bar found.

use askama::Template;

use super::{Frame, Link};
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
    // Nothing counts what a group leaves out.
    let is_all = groups.iter().all(|group| group.all.is_none());
    v.n(if is_all { "search-found" } else { "search-found-more" }, hits as u64)
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
    pub all: Option<Link>,
    /// What was looked for is the very number of the only hit.
    pub is_exact: bool,
}

impl Group {
    /// A group; none without a hit.
    pub fn of(title: String, icon: &'static str, found: Vec<Found>, all: Option<Link>) -> Option<Self> {
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
                Some(Link { href: "/orders?q=кружка".into(), text: v.t("search-all-orders") }),
            ),
            Group::of(v.t("search-pages"), "next", vec![hit("Справочники", "")], None),
        ];
        vec![("search-found", Self { v, q: "кружка".into(), groups: groups.into_iter().flatten().collect() })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_group_leaves_out_is_said_and_not_counted() {
        let v = Voice { lang: voice::Lang::Ru, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
        let hit = || Found { href: String::new(), text: String::new(), more: String::new() };
        let group = |all: Option<Link>| Group::of(String::new(), "orders", vec![hit(), hit()], all);
        let all = Link { href: String::new(), text: String::new() };
        let whole: Vec<Group> = group(None).into_iter().collect();
        assert_eq!(told(v, &whole), "Найдено: 2");
        let parted: Vec<Group> = group(None).into_iter().chain(group(Some(all))).collect();
        assert_eq!(told(v, &parted), "Показано: 4, найдено больше");
    }
}
