//! Owns the taking of values out of a checked request. Does not check shapes and selects nothing.

use std::collections::HashSet;

use chrono::{DateTime, Months, Utc};
use serde_json::Value;

use super::cursor::Direction;
use super::shape::whole;
use crate::model::posting::Posting;
use crate::refusal::Refusal;

/// Which parts of a posting are asked for.
#[expect(clippy::struct_excessive_bools, reason = "they are the flags of Ozon's request")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct With {
    pub(crate) analytics_data: bool,
    pub(crate) barcodes: bool,
    pub(crate) financial_data: bool,
    pub(crate) legal_info: bool,
    pub(crate) product_exemplars: bool,
    pub(crate) related_postings: bool,
}

impl With {
    pub(crate) fn of(body: &Value) -> Self {
        let flag = |name: &str| body["with"][name].as_bool().unwrap_or(false);
        Self {
            analytics_data: flag("analytics_data"),
            barcodes: flag("barcodes"),
            financial_data: flag("financial_data"),
            legal_info: flag("legal_info"),
            product_exemplars: flag("product_exemplars"),
            related_postings: flag("related_postings"),
        }
    }
}

/// Where a page begins and how long it is.
#[derive(Debug)]
pub(crate) struct Paging<'a> {
    pub(crate) limit: usize,
    pub(crate) cursor: &'a str,
    pub(crate) direction: Direction,
}

impl<'a> Paging<'a> {
    pub(crate) fn of(body: &'a Value, request: &str, most: i64) -> Result<Self, Refusal> {
        let limit = whole(&body["limit"]).unwrap_or(0);
        let refusal =
            || Refusal::invalid(format!("invalid {request}.Limit: value must be inside range (0, {most}]"));
        if limit < 1 || limit > most {
            return Err(refusal());
        }
        let descending = body["sort_dir"].as_str().is_some_and(|word| word.eq_ignore_ascii_case("desc"));
        Ok(Self {
            limit: usize::try_from(limit).map_err(|_| refusal())?,
            cursor: body["cursor"].as_str().unwrap_or(""),
            direction: if descending { Direction::Descending } else { Direction::Ascending },
        })
    }
}

/// An instant of a checked request.
pub(crate) fn instant(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.to_utc())
}

/// Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
}

impl Period {
    /// Refuses a period of more than a year and one that ends before it begins.
    pub(crate) fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, Refusal> {
        if to < from {
            return Err(Refusal::invalid("the end of the period must not be before its beginning"));
        }
        if from.checked_add_months(Months::new(12)).is_some_and(|latest| to > latest) {
            return Err(Refusal::invalid("PERIOD_IS_TOO_LONG"));
        }
        Ok(Self { from, to })
    }

    pub(crate) fn has(&self, at: DateTime<Utc>) -> bool {
        (self.from..=self.to).contains(&at)
    }
}

/// What both lists can filter by. Empty lists and absent values filter nothing.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    statuses: Vec<String>,
    flows: Vec<String>,
    changed_from: Option<DateTime<Utc>>,
    changed_to: Option<DateTime<Utc>>,
    warehouse_ids: HashSet<i64>,
    provider_ids: HashSet<i64>,
    delivery_method_ids: HashSet<i64>,
    order_numbers: HashSet<String>,
    order_id: i64,
    is_blr_traceable: bool,
}

impl Filter {
    pub(crate) fn of(filter: &Value) -> Self {
        let changed = &filter["last_changed_status_date"];
        Self {
            statuses: texts(&filter["statuses"]),
            flows: texts(&filter["integration_type_flow"]),
            changed_from: instant(&changed["from"]),
            changed_to: instant(&changed["to"]),
            warehouse_ids: wholes(&filter["warehouse_ids"]),
            provider_ids: wholes(&filter["provider_ids"]),
            delivery_method_ids: wholes(&filter["delivery_method_ids"]),
            order_numbers: texts(&filter["order_numbers"]).into_iter().collect(),
            order_id: whole(&filter["order_id"]).unwrap_or(0),
            is_blr_traceable: filter["is_blr_traceable"].as_bool().unwrap_or(false),
        }
    }

    pub(crate) fn lets_through(&self, posting: &Posting) -> bool {
        let word = |list: &[String], word: &str| list.is_empty() || list.iter().any(|w| w == word);
        let id = |set: &HashSet<i64>, id: i64| set.is_empty() || set.contains(&id);
        let method = &posting.route.method;
        self.changed_from
            .is_none_or(|from| posting.status_changed_at >= from)
            && self.changed_to.is_none_or(|to| posting.status_changed_at <= to)
            && word(&self.statuses, posting.status.as_str())
            && word(&self.flows, posting.flow.as_str())
            && id(&self.warehouse_ids, posting.route.warehouse.id)
            && id(&self.provider_ids, method.provider_id)
            && id(&self.delivery_method_ids, method.id)
            && (self.order_id == 0 || self.order_id == posting.order_id)
            && (self.order_numbers.is_empty()
                || self.order_numbers.contains(&*posting.order_number))
            // Nothing that is sold here is traceable in Belarus.
            && !self.is_blr_traceable
    }
}

pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().map_or_else(Vec::new, |list| {
        list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    })
}

pub(crate) fn wholes(value: &Value) -> HashSet<i64> {
    value.as_array().map_or_else(HashSet::new, |list| list.iter().filter_map(whole).collect())
}
