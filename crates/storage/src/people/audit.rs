//! The audit: who did what to the installation, and when.

use chrono::{DateTime, Utc};
use domain::Actor;
use entities::audit;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::connect::Store;
use crate::error::Result;
use crate::instant::{instant, micros};
use crate::page::{Page, PageAsk};
use crate::text::clean;

/// One act on the installation.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What, as a code such as `cabinet.key`.
    pub act: String,
    /// On what.
    pub subject: String,
    /// More of it; never a secret.
    pub detail: String,
}

/// Which acts are wanted.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Of this one only.
    pub actor: Option<String>,
    /// Of these codes only; none: of any.
    pub acts: Vec<String>,
}

impl Store {
    /// Notes an act in the audit.
    pub async fn note_audit(
        &self,
        actor: &str,
        act: &str,
        subject: &str,
        detail: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        note(&self.db, actor, act, subject, detail, now).await
    }

    /// The audit, the newest first.
    pub async fn audit(&self, ask: &PageAsk) -> Result<Page<AuditEntry>> {
        self.audit_of(&AuditFilter::default(), ask).await
    }

    /// What of the audit is wanted, the newest first.
    pub async fn audit_of(&self, filter: &AuditFilter, ask: &PageAsk) -> Result<Page<AuditEntry>> {
        use audit::Column as C;
        let mut query = audit::Entity::find().order_by_desc(C::Id).limit(ask.rows() + 1);
        if let Some((_, id)) = ask.after()? {
            query = query.filter(C::Id.lt(id));
        }
        if let Some(actor) = &filter.actor {
            query = query.filter(C::Actor.eq(clean(actor)));
        }
        if !filter.acts.is_empty() {
            query = query.filter(C::Act.is_in(filter.acts.iter().map(|act| clean(act))));
        }
        let page = Page::cut(query.all(&self.db).await?, ask, |row| (0, row.id));
        Ok(page.map(|row| AuditEntry {
            at: instant(row.at),
            actor: row.actor,
            act: row.act,
            subject: row.subject,
            detail: row.detail,
        }))
    }
}

/// How the audit names someone.
pub(crate) fn name_of(actor: &Actor) -> String {
    match actor {
        Actor::User { name, .. } => name.clone(),
        Actor::Token { name } => format!("token {name}"),
        Actor::Command => "command".to_owned(),
        Actor::Ozon => "ozon".to_owned(),
        Actor::Rule => "rule".to_owned(),
    }
}

pub(crate) async fn note<C: ConnectionTrait>(
    db: &C,
    actor: &str,
    act: &str,
    subject: &str,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = audit::ActiveModel {
        at: Set(micros(now)),
        actor: Set(clean(actor)),
        act: Set(act.to_owned()),
        subject: Set(clean(subject)),
        detail: Set(clean(detail)),
        ..Default::default()
    };
    audit::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
