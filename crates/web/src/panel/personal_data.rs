//! Personal data: the rule after how long it goes, what that would touch, and what went. `by_hand` erases one order or
//! customer.

pub(crate) mod by_hand;

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::erasure::EraseAfter;
use serde::Deserialize;
use storage::personal_data::{Erased, Erasure, MOST_COUNTED};

use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::users;
use super::view::Section;
use super::view::personal_data::{ErasureRow, PersonalDataPage, Proposed};
use super::visitor::{Visitor, go};
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// Erasings that the page tells.
const LAST: u64 = 50;
/// What an empty form proposes: a customer's claims are over by then.
const USUAL: &str = "180";

#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    days: Option<String>,
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    visitor.must(Act::ErasePersons)?;
    page(&visitor, &state, asked.days).await
}

#[derive(Deserialize)]
pub(crate) struct Typed {
    /// Nothing switches the rule off.
    days: Option<String>,
}

/// Sets the rule or switches it off, and begins with what is due.
pub(crate) async fn save(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ErasePersons)?;
    let typed = typed.days.ok_or(Fault::BadRequest)?;
    let rule = read(&typed);
    if rule.is_none() && !typed.trim().is_empty() {
        return page(&visitor, &state, Some(typed)).await;
    }
    state.store.set_erasing_rule(rule, &visitor.actor(), state.now()).await?;
    let done = if rule.is_some() { Done::ErasingOn } else { Done::ErasingOff };
    if rule.is_some() {
        state.desk.start_erasing();
    }
    Ok(go(&Page::PersonalData.to_string(), done))
}

fn read(typed: &str) -> Option<EraseAfter> {
    typed.trim().parse().ok().and_then(EraseAfter::days)
}

/// The page, with what a rule that was typed would touch.
async fn page(visitor: &Visitor, state: &AppState, typed: Option<String>) -> Result<Response, Fault> {
    let (v, store) = (visitor.v, &state.store);
    let rule = store.erasing_rule().await?;
    let wanted = typed.as_deref().and_then(read);
    let fault = (typed.is_some() && wanted.is_none()).then(|| v.t("fault-erasing-days"));
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let touches = async |rule| Ok::<_, Fault>(touches(v, store.would_erase(rule, state.now()).await?));
    let proposed = match wanted.filter(|wanted| Some(*wanted) != rule) {
        Some(wanted) => Some(Proposed {
            days: wanted.get(),
            title: v.n("erasing-proposed-title", u64::from(wanted.get())),
            touches: touches(wanted).await?,
        }),
        None => None,
    };
    let kept = rule.map(|rule| rule.get().to_string());
    let page = PersonalDataPage {
        frame: visitor.frame_of(state, Section::Users).await?,
        v,
        tabs: users::tabs(visitor, &Page::PersonalData),
        is_on: rule.is_some(),
        rule: match rule {
            Some(rule) => v.n("erasing-rule-on", u64::from(rule.get())),
            None => v.t("erasing-rule-off"),
        },
        touches: match rule {
            Some(rule) => Some(touches(rule).await?),
            None => None,
        },
        days: typed.or(kept).unwrap_or_else(|| USUAL.to_owned()).chars().take(20).collect(),
        fault,
        proposed,
        erasures: store.erasures(LAST).await?.iter().map(|erasure| row(v, erasure)).collect(),
    };
    visitor.page_with(status, &page)
}

/// What a rule touches now, in a sentence.
fn touches(v: Voice, would: Erased) -> String {
    if would.is_nothing() {
        return v.t("erasing-touches-nothing");
    }
    v.with("erasing-touches", "what", listed(would, |key, count| counted(v, key, count)))
}

/// "1 204 заказа", and "больше 9 999 заказов" where counting stopped.
fn counted(v: Voice, key: &str, count: u64) -> String {
    if count < MOST_COUNTED {
        return v.n(key, count);
    }
    v.with(&format!("{key}-many"), "n", v.number(MOST_COUNTED - 1))
}

/// "1 204 заказа, 987 покупателей".
fn listed(erased: Erased, told: impl Fn(&str, u64) -> String) -> String {
    let parts = [
        ("erased-orders", erased.orders),
        ("erased-customers", erased.customers),
        ("erased-postings", erased.postings),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| told(key, count)).collect();
    parts.join(", ")
}

fn row(v: Voice, erasure: &Erasure) -> ErasureRow {
    ErasureRow {
        at: v.when_exactly(&erasure.at),
        what: listed(erasure.erased, |key, count| v.n(key, count)),
        who: match erasure.rule {
            Some(rule) => v.n("erasing-by-rule", u64::from(rule.get())),
            None => words::actor(v, &erasure.actor),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_touches_is_told_without_noughts() {
        let v = Voice { lang: voice::Lang::Ru, zone: chrono_tz::UTC, now: chrono::DateTime::UNIX_EPOCH };
        let would = Erased { orders: 1204, postings: 0, customers: 987 };
        assert_eq!(touches(v, would), "Сейчас под правило попадает: 1\u{202f}204 заказа, 987 покупателей.");
        let many = Erased { orders: MOST_COUNTED, postings: 3, customers: 0 };
        let told = "Сейчас под правило попадает: больше 9\u{202f}999 заказов, 3 отправления без заказа.";
        assert_eq!(touches(v, many), told);
        assert_eq!(touches(v, Erased::default()), "Сейчас под правило ничего не попадает.");
    }

    #[test]
    fn only_a_number_of_days_within_reason_is_a_rule() {
        assert_eq!(read(" 90 ").map(EraseAfter::get), Some(90));
        for typed in ["", "0", "3651", "-1", "1.5", "много", "99999999999999999999"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
