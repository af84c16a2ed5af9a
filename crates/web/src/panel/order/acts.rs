//! What is done on an order's card to what the operator owns.

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use chrono::{DateTime, Datelike, NaiveDateTime, TimeZone, Utc};
use domain::by_hand::Act as OrderAct;
use domain::{CustomerId, DeliveryMethodId, Order, OrderId, PaymentMethodId, StatusId, UserId};
use serde::Deserialize;

use super::tidy;
use super::way::CameFrom;
use crate::access::Act;
use crate::managers::managers;
use crate::panel::faults::Fault;
use crate::panel::flash::Done;
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;
use voice::Voice;

#[derive(Deserialize)]
pub(crate) struct Wish {
    status: Option<StatusId>,
    paid: Option<bool>,
    paid_at: Option<String>,
    track_number: Option<String>,
    comment: Option<String>,
    /// A person's id; empty for nobody.
    manager: Option<String>,
    /// Whoever asks works it themselves.
    take: Option<bool>,
    customer: Option<CustomerId>,
    delivery_method: Option<DeliveryMethodId>,
    payment_method: Option<PaymentMethodId>,
}

pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Path(id): Path<OrderId>,
    Query(came): Query<CameFrom>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    let card = came.card(id);
    let before = state.store.order(id).await?;
    let paid = match wish.paid(visitor.v, &before) {
        Ok(paid) => paid,
        Err(why) => return Ok(go(&card, why)),
    };
    let manager = wish.manager(visitor.user.id)?;
    if let Some(OrderAct::SetManager(Some(person))) = manager
        && before.manager != Some(person)
        && !managers(&state.store).await?.iter().any(|user| user.id == person)
    {
        return Ok(go(&card, Done::ManagerGone));
    }
    let customer = match wish.customer.filter(|chosen| *chosen != before.customer_id) {
        Some(chosen) => {
            visitor.must(Act::SeePersons)?;
            let name = state.store.customer(chosen).await?.name;
            Some(OrderAct::SetCustomer { id: chosen, name })
        }
        None => None,
    };
    let acts = [
        wish.status.map(OrderAct::SetStatus),
        paid,
        wish.track_number.map(|text| OrderAct::SetTrackNumber(Some(text.chars().take(100).collect()))),
        wish.comment.map(|text| OrderAct::SetComment(tidy(&text))),
        manager,
        customer,
        wish.delivery_method.map(OrderAct::SetDeliveryMethod),
        wish.payment_method.map(OrderAct::SetPaymentMethod),
    ];
    let mut after = before.clone();
    for act in acts.into_iter().flatten() {
        // A person who stays the manager may have lost access meanwhile; that is no change.
        if act != OrderAct::SetManager(after.manager) {
            after = state.desk.act_on_order(id, act, &visitor.actor()).await?;
        }
    }
    if after == before {
        return Ok(go(&card, Done::Unchanged));
    }
    visitor.note(&state, "orders.change", &after.number, "").await?;
    Ok(go(&card, Done::OrderChanged))
}

impl Wish {
    /// The mark of payment; with a time when one was typed that is not the one shown.
    fn paid(&self, v: Voice, before: &Order) -> Result<Option<OrderAct>, Done> {
        let typed = self.paid_at.as_deref().map(str::trim).filter(|text| !text.is_empty());
        match (self.paid, typed) {
            (Some(true), Some(typed)) if before.paid_at.is_some_and(|at| minute(v, &at) == typed) => {
                Ok(Some(OrderAct::SetPaid(true)))
            }
            (Some(true), Some(typed)) => {
                let at = when(v, typed).filter(|at| *at <= v.now).ok_or(Done::PaidWhen)?;
                Ok(Some(OrderAct::SetPaidAt(at)))
            }
            (paid, _) => Ok(paid.map(OrderAct::SetPaid)),
        }
    }

    /// Whom to give it to, if to anybody else.
    fn manager(&self, me: UserId) -> Result<Option<OrderAct>, Fault> {
        match (self.take, self.manager.as_deref().map(str::trim)) {
            (Some(true), _) => Ok(Some(OrderAct::SetManager(Some(me)))),
            (_, Some("")) => Ok(Some(OrderAct::SetManager(None))),
            (_, Some(id)) => {
                let id = id.parse().map_err(|_| Fault::BadRequest)?;
                Ok(Some(OrderAct::SetManager(Some(id))))
            }
            (_, None) => Ok(None),
        }
    }
}

/// A time as a form's field shows it, to the minute and by the shop's clock.
pub(crate) fn minute(v: Voice, at: &DateTime<Utc>) -> String {
    at.with_timezone(&v.zone).format("%Y-%m-%dT%H:%M").to_string()
}

/// What was typed into such a field.
fn when(v: Voice, typed: &str) -> Option<DateTime<Utc>> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(typed, format).ok())?;
    let at = v.zone.from_local_datetime(&local).earliest()?;
    (2000..=9999).contains(&local.year()).then(|| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_typed_by_the_shops_clock() {
        let now = DateTime::UNIX_EPOCH;
        let v = Voice { lang: voice::Lang::Ru, zone: chrono_tz::Europe::Moscow, now };
        let at = when(v, "2026-11-23T12:00").expect("a time");
        assert_eq!(at.to_rfc3339(), "2026-11-23T09:00:00+00:00");
        assert_eq!(minute(v, &at), "2026-11-23T12:00");
        for odd in ["2026-11-23", "вчера", "0001-01-01T00:00", "+262000-01-01T00:00"] {
            assert_eq!(when(v, odd), None, "{odd}");
        }
    }
}
