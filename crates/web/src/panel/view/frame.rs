//! What stands around every page: rail, top bar, the note of what was just done.

use askama::Template;
use domain::CabinetId;

use crate::panel::routes::Page;
use voice::{Lang, Moment, Voice};

use super::Link;

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// How the page speaks.
    pub v: Voice,
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// The rail shows icons only.
    pub narrow_rail: bool,
    /// Which part of the site this is.
    pub here: Section,
    /// E-mail address and role, in words, of who is signed in.
    pub person: Option<Person>,
    /// What this person may do.
    pub can: Can,
    /// What stands in the search field.
    pub search: String,
    /// The state of loading.
    pub pulse: Pulse,
    /// Orders in the status that new ones get, for the rail.
    pub new_orders: String,
    /// Postings without an order, as a short text; empty for none.
    pub without_order: String,
    /// How much Ozon refused, for the rail.
    pub refused: String,
    /// The only cabinet, whose settings the rail leads to; with several each cabinet leads to its own.
    pub only_cabinet: Option<CabinetId>,
    /// What was just done.
    pub flash: Option<Flash>,
    /// This page's own address, to return to.
    pub path: String,
    /// The addresses of style and scripts.
    pub files: Files,
    /// A demonstration: nothing here is real.
    pub demo: bool,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// E-mail address.
    pub email: String,
    /// Role in words.
    pub role: String,
}

impl Person {
    /// The first letter, for the round mark.
    pub fn initial(&self) -> String {
        self.email.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
    }
}

/// What the person may do, from the one table of `access`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Can {
    /// See names, phones, addresses and raw answers.
    pub see_persons: bool,
    /// Change orders.
    pub change_orders: bool,
    /// Make orders of postings.
    pub create_order: bool,
    /// Start loads and check keys.
    pub load: bool,
    /// Change customers.
    pub change_customers: bool,
    /// Change cabinets.
    pub change_cabinets: bool,
    /// Change settings.
    pub change_settings: bool,
    /// Change lists.
    pub change_lists: bool,
    /// Change users.
    pub change_users: bool,
    /// Change how letters are sent.
    pub change_mail: bool,
    /// Erase personal data.
    pub erase_persons: bool,
}

/// A part of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Обзор.
    Overview,
    /// Заказы.
    Orders,
    /// Отправления без заказа.
    Postings,
    /// Обмен с Ozon.
    Exchange,
    /// Кабинеты.
    Cabinets,
    /// Покупатели.
    Customers,
    /// Настройки.
    Settings,
    /// Справочники.
    Lists,
    /// Журнал.
    Runs,
    /// Почта.
    Mail,
    /// Пользователи.
    Users,
    /// None of them.
    Outside,
}

/// A line of the rail.
pub struct RailItem {
    /// Icon of the sprite.
    pub icon: &'static str,
    /// Where it leads.
    pub href: Page,
    /// Its words.
    pub label: String,
    /// Shorter words for a phone's bottom bar.
    pub short: String,
    /// A count, only where an act is wanted.
    pub count: String,
    /// This is where the person is.
    pub here: bool,
    /// On a phone it stands under "More".
    pub is_more: bool,
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As the cookie and the page's root write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one that the switch leads to.
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    /// The key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "theme-auto",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "sun",
            Self::Dark => "moon",
        }
    }

    /// Reads a code; anything else is the system's choice.
    pub fn parse(code: &str) -> Self {
        match code {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// The state of loading, over all cabinets.
#[derive(Clone, Debug, Default)]
pub struct Pulse {
    /// Loads that run now.
    pub running: Vec<Load>,
    /// The end of the last good load.
    pub last: Option<Moment>,
    /// What is wrong, with the page that helps.
    pub trouble: Option<Link>,
}

/// The state of loading alone, as the page polls it.
#[derive(Template)]
#[template(path = "pulse.html")]
pub struct PulseFragment {
    /// Voice.
    pub v: Voice,
    /// The state.
    pub pulse: Pulse,
}

#[cfg(test)]
impl PulseFragment {
    /// At rest, running, and in trouble.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let load =
            Load { cabinet: "Дом и свет".into(), words: v.n("load-seen", 120_u64), percent: None };
        let trouble = Link { href: Page::Cabinets.to_string(), text: v.t("pulse-trouble") };
        vec![
            ("pulse", Self { v, pulse: Pulse { last: Some(v.ago(&v.now)), ..Pulse::default() } }),
            ("pulse-running", Self { v, pulse: Pulse { running: vec![load], ..Pulse::default() } }),
            ("pulse-trouble", Self { v, pulse: Pulse { trouble: Some(trouble), ..Pulse::default() } }),
        ]
    }
}

/// A load that runs.
#[derive(Clone, Debug)]
pub struct Load {
    /// The cabinet's name.
    pub cabinet: String,
    /// "120 из ~600".
    pub words: String,
    /// For the bar; `None` while nobody knows how much there is.
    pub percent: Option<u64>,
}

/// A note of what was just done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// It went wrong.
    pub bad: bool,
    /// Words.
    pub text: String,
    /// Where to look next.
    pub link: Option<Link>,
    /// The act on several orders that can be undone.
    pub undo: Option<i64>,
}

/// The addresses of the files that a page needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files {
    /// Style.
    pub css: &'static str,
    /// Our script.
    pub js: &'static str,
    /// The script of pages that are told what changes.
    pub live: &'static str,
    /// htmx.
    pub htmx: &'static str,
    /// The mark in the browser's tab.
    pub mark: &'static str,
}

impl Frame {
    /// The rail's lines: only pages that exist and that this person may see.
    pub fn rail(&self) -> Vec<RailItem> {
        let item = |section, icon, href, key: &str| RailItem {
            icon,
            href,
            label: self.v.t(key),
            short: self.v.t(&format!("{key}-short")),
            count: match section {
                Section::Orders => self.new_orders.clone(),
                Section::Postings => self.without_order.clone(),
                Section::Exchange => self.refused.clone(),
                _ => String::new(),
            },
            here: self.here == section,
            // The bar of a phone holds five and the way to the others.
            is_more: !matches!(
                section,
                Section::Overview
                    | Section::Orders
                    | Section::Postings
                    | Section::Exchange
                    | Section::Cabinets
            ),
        };
        let mut items = vec![
            item(Section::Overview, "overview", Page::Overview, "rail-overview"),
            item(Section::Orders, "orders", Page::Orders, "rail-orders"),
            item(Section::Postings, "postings", Page::Postings, "rail-postings"),
            item(Section::Exchange, "exchange", Page::Exchange, "rail-exchange"),
            RailItem {
                here: self.here == Section::Cabinets
                    || self.here == Section::Settings && self.only_cabinet.is_none(),
                ..item(Section::Cabinets, "cabinets", Page::Cabinets, "rail-cabinets")
            },
        ];
        if self.can.see_persons {
            items.push(item(Section::Customers, "person", Page::Customers, "rail-customers"));
        }
        items.push(item(Section::Lists, "lists", Page::Statuses, "rail-lists"));
        if let Some(cabinet) = self.only_cabinet {
            items.push(item(Section::Settings, "gear", Page::Settings(cabinet), "rail-settings"));
        }
        items.push(item(Section::Runs, "runs", Page::Runs, "rail-runs"));
        if self.can.change_mail {
            items.push(item(Section::Mail, "mail", Page::Mail, "rail-mail"));
        }
        if self.can.change_users {
            items.push(item(Section::Users, "users", Page::Users, "rail-users"));
        }
        items
    }

    /// The person is on a page that a phone shows under "More".
    pub fn here_is_more(&self) -> bool {
        self.rail().iter().any(|item| item.here && item.is_more)
    }

    /// The other language, to switch to.
    pub fn other_lang(&self) -> Lang {
        match self.v.lang {
            Lang::Ru => Lang::En,
            Lang::En => Lang::Ru,
        }
    }
}

#[cfg(test)]
impl Frame {
    /// A frame as an administrator sees it while a load runs.
    pub fn sample(v: Voice, here: Section) -> Self {
        let all = Can {
            see_persons: true,
            change_orders: true,
            create_order: true,
            load: true,
            change_customers: true,
            change_cabinets: true,
            change_settings: true,
            change_lists: true,
            change_users: true,
            change_mail: true,
            erase_persons: true,
        };
        Self {
            v,
            theme: Theme::Auto,
            narrow_rail: false,
            here,
            person: Some(Person { email: "olga@example.com".into(), role: v.t("role-admin") }),
            can: all,
            search: String::new(),
            pulse: Pulse {
                running: Vec::new(),
                last: Some(v.ago(&(v.now - chrono::Duration::minutes(2)))),
                trouble: None,
            },
            new_orders: "999+".into(),
            without_order: "12".into(),
            refused: "1".into(),
            only_cabinet: Some(CabinetId(1)),
            flash: None,
            path: "/orders".into(),
            files: Files {
                css: "/assets/panel.css",
                js: "/assets/panel.js",
                live: "/assets/live.js",
                htmx: "/assets/htmx.js",
                mark: "/assets/mark.svg",
            },
            demo: false,
        }
    }
}
