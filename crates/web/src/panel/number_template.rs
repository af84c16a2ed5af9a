//! The template of the shop's own order numbers, with a live example.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::number_template;
use serde::Deserialize;

use super::faults::Fault;
use super::flash::Done;
use super::routes::Page;
use super::view::Section;
use super::view::lists::{NumberTemplatePage, tabs};
use super::visitor::{Visitor, go};
use crate::access::Act;
use crate::state::AppState;

/// A running number for the example, not the real next one.
const EXAMPLE: i64 = 1042;
const LONGEST: usize = 60;

#[derive(Deserialize)]
pub(crate) struct Typed {
    template: Option<String>,
}

async fn page(
    visitor: &Visitor,
    state: &AppState,
    typed: Option<String>,
    fault: Option<String>,
) -> Result<Response, Fault> {
    let v = visitor.v;
    let code = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let template = match typed {
        Some(typed) => typed.chars().take(LONGEST).collect(),
        None => state.store.number_template().await?,
    };
    let page = NumberTemplatePage {
        frame: visitor.frame_of(state, Section::Lists).await?,
        v,
        tabs: tabs(v, visitor.may(Act::SeePersons), &Page::NumberTemplate),
        example: number_template::fill(&template, EXAMPLE, v.now, v.zone),
        template,
        fault,
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
    if !template.contains("#NUMBER#") || template.chars().count() > LONGEST {
        let fault = visitor.v.t("fault-template");
        return page(&visitor, &state, Some(template), Some(fault)).await;
    }
    state.store.set_number_template(&template).await?;
    visitor.note(&state, "number_template.change", &template, "").await?;
    Ok(go(&Page::NumberTemplate.to_string(), Done::Saved))
}
