//! "Обмен с Ozon": what went out and what is to go out, and what a person may do about it.

pub(crate) mod told;

use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::{CabinetId, OrderId};
use serde::Deserialize;
use storage::PageAsk;
use storage::outbox::{OutboxFilter, OutboxItem, OutboxState, What};
use strum::IntoEnumIterator;

use super::cabinets;
use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::view::exchange::{Answer, ExchangePage, Sent, Tab};
use super::view::{Choice, Link, Section};
use super::visitor::{Visitor, go};
use super::wish::Wish;
use super::words;
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// Rows on a page.
const ROWS: u64 = 50;

#[derive(Deserialize)]
pub(crate) struct Asked {
    state: Option<String>,
    kind: Option<String>,
    cabinet: Option<String>,
    order: Option<String>,
    cursor: Option<String>,
}

pub(crate) async fn list(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (chosen, kind, cabinet) = (text(&asked.state), text(&asked.kind), text(&asked.cabinet));
    let order: Option<OrderId> = asked.order.as_deref().and_then(|id| id.parse().ok());
    let filter = OutboxFilter {
        state: chosen.parse().ok(),
        letters: match kind.as_str() {
            "push" => Some(false),
            "letter" => Some(true),
            _ => None,
        },
        cabinet: cabinet.parse::<CabinetId>().ok(),
        order,
    };
    let counts = state.store.outbox_counts().await?;
    let page = state.store.outbox(&filter, &PageAsk { limit: ROWS, cursor: asked.cursor }).await?;
    let kept = |state: &str, cursor: Option<String>| {
        let order = order.map(|id| id.to_string()).unwrap_or_default();
        let all = [
            ("state", state.to_owned()),
            ("kind", kind.clone()),
            ("cabinet", cabinet.clone()),
            ("order", order),
            ("cursor", cursor.unwrap_or_default()),
        ];
        Page::Exchange.with(all.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    };
    let tabs = std::iter::once((String::new(), v.t("tab-all"), None)).chain(OutboxState::iter().map(|s| {
        let label = v.ozon_word("tab", s.into()).unwrap_or_default();
        // What waits and what did not go out is asked for at a glance, also when there is none.
        let told = matches!(s, OutboxState::Waiting | OutboxState::Refused).then_some(0);
        (s.to_string(), label, counts.get(&s).copied().or(told).map(|many| v.number(many)))
    }));
    let page = ExchangePage {
        frame: visitor.frame_of(&state, Section::Exchange).await?,
        v,
        tabs: tabs
            .map(|(word, label, count)| Tab { href: kept(&word, None), here: word == chosen, label, count })
            .collect(),
        state: chosen.clone(),
        kind: [("", "exchange-any-kind"), ("push", "exchange-pushes"), ("letter", "exchange-letters")]
            .map(|(value, key)| Choice::new(value, v.t(key), &kind))
            .into(),
        cabinet: cabinets::any_or_each(v, &state.store.cabinets().await?, &cabinet),
        rows: page.items.iter().map(|item| row(v, item, visitor.may(Act::ChangeOrders))).collect(),
        next: page.next.map(|cursor| kept(&chosen, Some(cursor))),
    };
    visitor.page(&page)
}

/// A push or a letter as people see it.
pub(crate) fn row(v: Voice, item: &OutboxItem, may_act: bool) -> Sent {
    let (why, advice) = trouble(v, item);
    let order = item
        .order_id
        .zip(item.order.as_ref())
        .map(|(id, (number, _))| Link { href: Page::Order(id).to_string(), text: number.clone() });
    Sent {
        id: item.id,
        what: told::what(v, &item.what),
        order,
        kind: match item.state {
            OutboxState::Done => "ok",
            OutboxState::Refused => "bad",
            OutboxState::Sending | OutboxState::Sent => "busy",
            OutboxState::Waiting | OutboxState::Cancelled => "off",
        },
        state: stands(v, item),
        next: (item.state == OutboxState::Waiting && item.tries > 0).then(|| v.when_exactly(&item.due_at)),
        at: v.when_exactly(&item.finished_at.or(item.sent_at).unwrap_or(item.created_at)),
        tries: (item.tries > 0).then(|| v.n("push-tries", u64::from(item.tries))),
        why,
        advice,
        answer: Answer::of(item.answer.as_deref(), item.trace_id.as_deref()),
        can_retry: may_act
            && matches!(item.state, OutboxState::Waiting | OutboxState::Refused | OutboxState::Cancelled),
        can_cancel: may_act
            && matches!(item.state, OutboxState::Waiting | OutboxState::Sent | OutboxState::Refused),
    }
}

fn stands(v: Voice, item: &OutboxItem) -> String {
    match item.state {
        OutboxState::Waiting if item.trouble.as_deref() == Some("not_packed_yet") => {
            v.t("push-waits-for-change")
        }
        OutboxState::Waiting if item.tries > 0 => v.t("push-waits-until"),
        OutboxState::Waiting => v.t("push-waits"),
        OutboxState::Sending => v.t("push-sending"),
        OutboxState::Sent => v.t("push-sent"),
        OutboxState::Done if matches!(item.what, What::Letter { .. }) => v.t("letter-done"),
        OutboxState::Done => v.t("push-done"),
        OutboxState::Refused => v.t("push-refused"),
        OutboxState::Cancelled if item.trouble.as_deref() == Some("replaced") => v.t("push-replaced"),
        OutboxState::Cancelled => v.t("push-cancelled"),
    }
}

/// What stands in the way, and what to do about it.
fn trouble(v: Voice, item: &OutboxItem) -> (Option<String>, Option<String>) {
    let Some(code) = item.trouble.as_deref().filter(|code| *code != "replaced") else { return (None, None) };
    if let Ok(why) = code.parse() {
        let (text, advice) = told::not_told(v, why);
        return (Some(text), Some(advice));
    }
    let (text, advice) = match item.what {
        What::Letter { .. } => {
            let (why, advice) = told::not_sent(v, code);
            (format!("{why}."), advice)
        }
        What::Push(_) => words::trouble(v, code),
    };
    (Some(text), Some(advice))
}

/// Tries again, or takes back.
pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    let actor = visitor.actor();
    let done = match wish.act.as_str() {
        "retry" => state.store.retry_outbox(id, &actor, state.now()).await.map(|_| Done::PushRetried),
        "cancel" => state.store.cancel_outbox(id, &actor, state.now()).await.map(|_| Done::PushCancelled),
        _ => return Err(Fault::BadRequest),
    };
    let note = match done {
        Ok(done) => done,
        Err(storage::Error::Refused("outbox_state")) => Done::PushMovedOn,
        Err(error) => return Err(error.into()),
    };
    state.desk.told_something();
    Ok(go(&back(&headers), note))
}

/// The page of ours that the act was made on: the order's card, or the list.
fn back(headers: &HeaderMap) -> String {
    let referer = headers.get("referer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = url::Url::parse(referer).ok().map(|url| match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    });
    let ours = |path: &String| path.starts_with("/orders/") || path.starts_with("/exchange");
    path.filter(ours).unwrap_or_else(|| Page::Exchange.to_string())
}
