//! The template of the shop's own order numbers, with a live example.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::number_template::{self, Fault as Wrong};
use domain::settings::PostingNumberTo;
use serde::Deserialize;

use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::view::Section;
use super::view::lists::{NumberTemplatePage, tabs};
use super::visitor::{Visitor, go};
use crate::access::Act;
use crate::state::AppState;
use voice::Voice;

/// The most of what is typed that is given back.
const KEPT: usize = 200;

#[derive(Deserialize)]
pub(crate) struct Typed {
    template: Option<String>,
}

/// What is wrong with a template, in words.
fn in_words(v: Voice, wrong: &Wrong) -> String {
    match wrong {
        Wrong::NoNumber => v.t("fault-template"),
        Wrong::UnknownWord(word) => v.with("fault-template-word", "word", word),
        Wrong::TooLong | Wrong::NotOneLine => v.n("fault-one-line", number_template::LONGEST as u64),
    }
}

/// The cabinets whose new orders get such a number.
async fn used_by(state: &AppState) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    for cabinet in state.store.cabinets().await? {
        let settings = state.store.settings(cabinet.id).await?.settings;
        if settings.posting_number_to == PostingNumberTo::CustomerName {
            names.push(cabinet.name);
        }
    }
    Ok(names)
}

/// The page with an example of what is stored or being typed; `refused` is what was to be saved and cannot.
async fn page(
    visitor: &Visitor,
    state: &AppState,
    typed: Option<String>,
    refused: Option<Wrong>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let code = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let template: String = match typed {
        Some(typed) => typed.trim().chars().take(KEPT).collect(),
        None => state.store.number_template().await?,
    };
    let next = state.store.next_number().await?;
    let wrong = number_template::check(&template).err();
    let page = NumberTemplatePage {
        frame: visitor.frame_of(state, Section::Lists).await?,
        v,
        tabs: tabs(v, &Page::NumberTemplate),
        example: wrong.is_none().then(|| number_template::fill(&template, next, v.now, v.zone)),
        wrong: wrong.filter(|_| refused.is_none()).map(|wrong| in_words(v, &wrong)),
        used_by: used_by(state).await?,
        template,
        fault: refused.map(|wrong| in_words(v, &wrong)),
    };
    visitor.page_with(code, &page)
}

pub(crate) async fn show(
    visitor: Visitor,
    State(state): State<AppState>,
    Query(typed): Query<Typed>,
) -> Result<Response, Fault> {
    page(&visitor, &state, typed.template, None).await
}

pub(crate) async fn change(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeLists)?;
    let template = typed.template.unwrap_or_default().trim().to_owned();
    if let Err(wrong) = number_template::check(&template) {
        return page(&visitor, &state, Some(template), Some(wrong)).await;
    }
    let before = state.store.number_template().await?;
    if template == before {
        return Ok(go(&Page::NumberTemplate.to_string(), Done::Unchanged));
    }
    state.store.set_number_template(&template).await?;
    let who = &visitor.user.email;
    state.store.note_audit(who, "number_template.change", &template, &before, state.now()).await?;
    Ok(go(&Page::NumberTemplate.to_string(), Done::Saved))
}
