//! What was told to Ozon, what waits, and what was refused.

use askama::Template;

use super::{Choice, Frame, Link};
use crate::panel::routes::Page;
use voice::{Moment, Voice};

/// "Обмен с Ozon".
#[derive(Template)]
#[template(path = "exchange.html")]
pub struct ExchangePage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// The states, with how many there are.
    pub tabs: Vec<Tab>,
    /// The state chosen, for the filter's form.
    pub state: String,
    /// Pushes, letters or both.
    pub kind: Vec<Choice>,
    /// Cabinets to choose from.
    pub cabinet: Vec<Choice>,
    /// The rows, newest first.
    pub rows: Vec<Sent>,
    /// The address of older ones.
    pub next: Option<String>,
}

/// A state as a tab.
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// It is the one shown.
    pub here: bool,
    /// Its words.
    pub label: String,
    /// How many, where that asks for attention.
    pub count: Option<String>,
}

/// A push or a letter.
#[derive(Clone)]
pub struct Sent {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub what: String,
    /// The order that it is about.
    pub order: Option<Link>,
    /// `ok`, `bad`, `busy` or `off`.
    pub kind: &'static str,
    /// How it stands.
    pub state: String,
    /// When it is tried again.
    pub next: Option<Moment>,
    /// When it ended, was sent, or came into being.
    pub at: Moment,
    /// Failed tries.
    pub tries: Option<String>,
    /// What stands in its way.
    pub why: Option<String>,
    /// What to do about that.
    pub advice: Option<String>,
    /// The other side's words.
    pub answer: Option<Answer>,
    /// It may be tried again.
    pub can_retry: bool,
    /// It may be taken back.
    pub can_cancel: bool,
}

#[cfg(test)]
impl Sent {
    /// One of each state.
    pub fn samples(v: Voice) -> Vec<Self> {
        let row = |id: i64, kind: &'static str, state: &str| Self {
            id,
            what: v.with("push-track-number", "value", "RA644000001RU"),
            order: Some(Link { href: Page::Orders.to_string(), text: "0105259411-0854-1".into() }),
            kind,
            state: v.t(state),
            next: (kind == "off").then(|| v.when_exactly(&v.now)),
            at: v.when_exactly(&v.now),
            tries: (kind == "off").then(|| v.n("push-tries", 2_u64)),
            why: (kind == "bad").then(|| v.t("not-told-delivered-by-ozon")),
            advice: (kind == "bad").then(|| v.t("not-told-advice-delivered-by-ozon")),
            answer: Answer::of(Some("HAS_INCORRECT_TPL_INTEGRATION_TYPE"), Some("6f1d8a")),
            can_retry: kind == "bad",
            can_cancel: kind == "off",
        };
        vec![
            row(1, "off", "push-waits-until"),
            row(2, "busy", "push-sent"),
            row(3, "ok", "push-done"),
            row(4, "bad", "push-refused"),
        ]
    }
}

#[cfg(test)]
impl ExchangePage {
    /// With rows, and without.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        use super::Section;
        let page = |rows: Vec<Sent>| Self {
            frame: Frame::sample(v, Section::Exchange),
            v,
            tabs: vec![
                Tab { href: "/exchange".into(), here: true, label: v.t("tab-all"), count: None },
                Tab {
                    href: "/exchange?state=refused".into(),
                    here: false,
                    label: v.t("tab-refused"),
                    count: Some("3".into()),
                },
            ],
            state: String::new(),
            kind: vec![Choice::new("", v.t("exchange-any-kind"), "")],
            cabinet: vec![Choice::new("", v.t("filter-any-cabinet"), ""), Choice::new(1, "Дом и свет", "")],
            next: (!rows.is_empty()).then(|| "/exchange?cursor=x".into()),
            rows,
        };
        vec![("exchange", page(Sent::samples(v))), ("exchange-none", page(Vec::new()))]
    }
}

/// Characters at the end of an id that are never left out.
const TRACE_END: usize = 4;

/// The other side's own words about what we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words.
    pub words: Option<String>,
    /// Ozon's id of the call, by which its support finds it.
    pub trace_id: Option<String>,
}

impl Answer {
    /// An answer, where there is anything of one.
    pub fn of(words: Option<&str>, trace_id: Option<&str>) -> Option<Self> {
        let given = |text: Option<&str>| text.filter(|t| !t.trim().is_empty()).map(str::to_owned);
        let answer = Self { words: given(words), trace_id: given(trace_id) };
        (answer.words.is_some() || answer.trace_id.is_some()).then_some(answer)
    }

    /// The id but for its end; where there is no room it is this part that is shortened.
    pub fn trace_beginning(&self) -> &str {
        self.trace_parts().0
    }

    /// The id's end, which always stands there.
    pub fn trace_end(&self) -> &str {
        self.trace_parts().1
    }

    fn trace_parts(&self) -> (&str, &str) {
        let id = self.trace_id.as_deref().unwrap_or_default();
        let end = id.char_indices().rev().nth(TRACE_END - 1).map_or(0, |(at, _)| at);
        id.split_at(end)
    }
}
