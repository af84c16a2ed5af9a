//! One act on several orders: told before when Ozon is to be told something, and undone on request.

use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::Form;
use domain::by_hand::Act as OrderAct;
use domain::{OrderId, StatusId, UserId};
use serde::Deserialize;
use storage::Error;
use storage::people::User;

use crate::access::Act;
use crate::managers::may_be_manager;
use crate::panel::exchange::told;
use crate::panel::faults::Fault;
use crate::panel::flash::{Done, Note};
use crate::panel::preferences::own_path;
use crate::panel::view::bulk::{BulkPage, Counted};
use crate::panel::view::{Choice, Section};
use crate::panel::visitor::{Visitor, go};
use crate::state::AppState;
use voice::Voice;

/// What the bar below the list asks for.
#[derive(Deserialize)]
pub(crate) struct Picked {
    #[serde(default)]
    ids: Vec<OrderId>,
    #[serde(default)]
    act: String,
    status: Option<StatusId>,
    manager: Option<String>,
    back: Option<String>,
    #[serde(default)]
    agreed: bool,
}

impl Picked {
    fn wanted(&self) -> Option<OrderAct> {
        match self.act.as_str() {
            "status" => self.status.map(OrderAct::SetStatus),
            "paid" => Some(OrderAct::SetPaid(true)),
            "unpaid" => Some(OrderAct::SetPaid(false)),
            "manager" => {
                let wanted = self.manager.as_deref().unwrap_or_default();
                let id = if wanted.is_empty() { None } else { Some(UserId(wanted.parse().ok()?)) };
                Some(OrderAct::SetManager(id))
            }
            _ => None,
        }
    }
}

/// People whom orders can be given to, for those who may do so.
pub(super) fn managers(visitor: &Visitor, people: &[User]) -> Vec<Choice> {
    if !visitor.may(Act::ChangeOrders) {
        return Vec::new();
    }
    let nobody = Choice::new("", visitor.v.t("manager-nobody"), "");
    let works = people.iter().filter(|user| may_be_manager(user));
    std::iter::once(nobody).chain(works.map(|user| Choice::new(user.id, user.email.clone(), ""))).collect()
}

/// Does it, or first tells what Ozon would be told.
pub(crate) async fn act(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(picked): Form<Picked>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    let back = own_path(picked.back.as_deref());
    let Some(wanted) = picked.wanted() else { return Err(Fault::BadRequest) };
    if picked.ids.is_empty() {
        return Ok(go(&back, Done::NothingPicked));
    }
    let (store, actor, now) = (&state.store, visitor.actor(), state.now());
    if !picked.agreed {
        let preview = store.preview_acts(&picked.ids, &wanted, &actor, now).await?;
        if !preview.told.is_empty() || !preview.not_told.is_empty() {
            let v = visitor.v;
            let count = |many: u64| v.number(many);
            let page = BulkPage {
                frame: visitor.frame_of(&state, Section::Orders).await?,
                v,
                title: title(v, &state, &wanted).await?,
                changed: v.n("bulk-changed", preview.changed),
                unchanged: (preview.unchanged > 0).then(|| v.n("bulk-unchanged", preview.unchanged)),
                told: preview
                    .told
                    .iter()
                    .map(|(word, many)| Counted {
                        what: told::subject(v, word, None),
                        why: None,
                        many: count(*many),
                    })
                    .collect(),
                not_told: preview
                    .not_told
                    .iter()
                    .map(|(why, many)| {
                        let (what, advice) = told::not_told(v, *why);
                        Counted { what, why: Some(advice), many: count(*many) }
                    })
                    .collect(),
                ids: picked.ids.clone(),
                act: picked.act.clone(),
                status: picked.status.map(|status| status.to_string()),
                back,
            };
            return visitor.page(&page);
        }
    }
    let done = state.desk.act_on_orders(&picked.ids, &wanted, visitor.user.id, &actor).await?;
    if done.changed > 0 {
        visitor.note(&state, "orders.change_several", &done.changed.to_string(), &picked.act).await?;
    }
    Ok(go(&back, Note::counted(Done::OrdersChanged, done.changed).undone_by(done.id)))
}

async fn title(v: Voice, state: &AppState, wanted: &OrderAct) -> Result<String, Fault> {
    Ok(match wanted {
        OrderAct::SetStatus(id) => {
            let statuses = state.store.statuses().await?;
            let name = statuses.into_iter().find(|status| status.id == *id).map(|status| status.name);
            v.with("bulk-title-status", "status", name.ok_or(Fault::NotFound)?)
        }
        OrderAct::SetPaid(true) => v.t("bulk-title-paid"),
        _ => v.t("bulk-title-unpaid"),
    })
}

#[derive(Deserialize)]
pub(crate) struct Undo {
    id: i64,
    back: Option<String>,
}

/// Undoes what was done to several orders, as far as Ozon was told nothing.
pub(crate) async fn undo(
    visitor: Visitor,
    State(state): State<AppState>,
    Form(undo): Form<Undo>,
) -> Result<Response, Fault> {
    visitor.must(Act::ChangeOrders)?;
    let back = own_path(undo.back.as_deref());
    let undone = state.store.undo_acts(undo.id, visitor.user.id, &visitor.actor(), state.now()).await;
    if let Ok(undone) = &undone {
        visitor.note(&state, "orders.undo", &undone.undone.to_string(), "").await?;
    }
    match undone {
        Ok(undone) if undone.kept > 0 => Ok(go(&back, Note::counted(Done::UndoneInPart, undone.kept))),
        Ok(undone) => Ok(go(&back, Note::counted(Done::Undone, undone.undone))),
        Err(Error::Refused(_)) => Ok(go(&back, Done::UndoOver)),
        Err(error) => Err(error.into()),
    }
}
