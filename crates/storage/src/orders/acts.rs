//! What people and programs do to orders: decided by `domain::by_hand`, carried out here in one transaction.

use chrono::{DateTime, Utc};
use domain::by_hand::{self, Act, Decided};
use domain::history::Actor;
use domain::{Order, OrderId, Posting};
use entities::orders;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, QuerySelect};

use super::{document, facts_in, note};
use crate::connect::Store;
use crate::error::{Error, Result};
use crate::instant::{instant, micros};
use crate::order_rows::{order_row, with_lines};
use crate::outbox::Written;
use crate::people::Role;
use crate::text::clean;
use crate::{outbox, search, settings};

/// An act on an order, decided and not carried out.
pub(super) struct Step {
    pub(super) before: Order,
    pub(super) decided: Option<Decided>,
    facts: Option<Posting>,
}

impl Store {
    /// What a person or program does to an order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the order, or what the act refers to, does not exist; a person who is no longer let in counts
    /// as such.
    pub async fn act_on_order(
        &self,
        id: OrderId,
        act: Act,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Order> {
        let act = &act;
        self.write(|tx, _| {
            Box::pin(async move {
                let act = &standing(tx, act).await?;
                let step = decide(tx, id, act, actor, now).await?;
                match &step.decided {
                    Some(decided) => {
                        carry_out(tx, &step, decided, actor, now).await?;
                        Ok(decided.order.clone())
                    }
                    None => Ok(step.before),
                }
            })
        })
        .await
    }
}

/// The act with texts as a row can hold them; refused when what it refers to does not exist.
pub(super) async fn standing(tx: &DatabaseTransaction, act: &Act) -> Result<Act> {
    use entities::{customers, delivery_methods, payment_methods, statuses, users};
    let exists = match act {
        Act::SetStatus(id) => statuses::Entity::find_by_id(id.0).one(tx).await?.is_some(),
        Act::SetManager(Some(id)) => {
            let user = users::Entity::find_by_id(id.0).one(tx).await?;
            user.is_some_and(|user| user.disabled_at.is_none() && user.role != Role::Viewer.word())
        }
        Act::SetCustomer { id, .. } => customers::Entity::find_by_id(id.0).one(tx).await?.is_some(),
        Act::SetDeliveryMethod(id) => delivery_methods::Entity::find_by_id(id.0).one(tx).await?.is_some(),
        Act::SetPaymentMethod(id) => payment_methods::Entity::find_by_id(id.0).one(tx).await?.is_some(),
        Act::SetPaid(_)
        | Act::SetPaidAt(_)
        | Act::SetTrackNumber(_)
        | Act::SetComment(_)
        | Act::SetManager(None) => true,
    };
    if !exists {
        return Err(Error::NotFound);
    }
    Ok(match act {
        Act::SetComment(text) => Act::SetComment(clean(text)),
        Act::SetTrackNumber(text) => Act::SetTrackNumber(text.as_deref().map(clean)),
        Act::SetCustomer { id, name } => Act::SetCustomer { id: *id, name: clean(name) },
        Act::SetPaidAt(at) => Act::SetPaidAt(instant(micros(*at))),
        other => other.clone(),
    })
}

/// Decides about one order, which stays locked until the transaction ends.
pub(super) async fn decide(
    tx: &DatabaseTransaction,
    id: OrderId,
    act: &Act,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Step> {
    let row = orders::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    let before = with_lines(tx, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    let facts = facts_in(tx, id).await?;
    let rules = settings::current(tx, before.cabinet_id).await?.settings;
    let with = by_hand::Situation { settings: &rules, facts: facts.as_ref(), actor, now };
    let decided = by_hand::decide(&before, act.clone(), with);
    Ok(Step { before, decided, facts })
}

/// Writes what was decided: the order, its history, and what Ozon is to be told.
pub(super) async fn carry_out(
    tx: &DatabaseTransaction,
    step: &Step,
    decided: &Decided,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Written> {
    let (id, after) = (step.before.id, &decided.order);
    let mut change = order_row(after)?;
    change.id = Set(id.0);
    change.update(tx).await?;
    let entries: Vec<_> = decided.history.iter().map(|entry| (id, entry.clone())).collect();
    note(tx, &entries).await?;
    if let Some(facts) = &step.facts {
        let text = document(after, facts);
        if text != document(&step.before, facts) {
            search::index(tx, &[(id, text)]).await?;
        }
    }
    outbox::tell(tx, after.cabinet_id, id, &decided.pushes, decided.withdraws, actor, now).await
}
