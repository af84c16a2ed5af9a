//! Makes letters of news: one letter tells all that one load brought (settings rows 10 and 14). Sends nothing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{CabinetId, Order, OrderId, StatusId};
use letters::{
    Cancelled, CancelledInWork, Letter, NewOrders, OrderInShort, StatusChange, StatusChanges, Summary,
};
use storage::news::{Gathered, News, NewsKind};
use storage::outbox::What;
use strum::IntoEnumIterator;

use crate::desk::Desk;

/// The most orders that one letter lists; the rest it counts.
const LISTED: usize = 500;
/// The longest list of goods in a letter, characters.
const LONGEST_GOODS: usize = 200;
/// So many days before a key ends, a letter warns of it; each of them once.
const WARNINGS: [i64; 3] = [1, 7, 14];

impl Desk {
    /// Writes the letters that tell all news of a cabinet; with `summary` new orders are told by their days alone.
    pub(crate) async fn write_letters(
        &self,
        cabinet: CabinetId,
        summary: Option<Summary>,
    ) -> storage::Result<()> {
        for kind in NewsKind::iter() {
            self.write_letters_of(cabinet, kind, summary).await?;
        }
        Ok(())
    }

    /// The same for news of one kind.
    pub(crate) async fn write_letters_of(
        &self,
        cabinet: CabinetId,
        kind: NewsKind,
        summary: Option<Summary>,
    ) -> storage::Result<()> {
        let listed = if kind == NewsKind::NewOrder && summary.is_some() { 0 } else { LISTED };
        let Some(gathered) = self.store.gather_news(cabinet, kind, listed).await? else { return Ok(()) };
        let name = self.store.cabinet(cabinet).await?.name;
        let letter = match kind {
            NewsKind::NewOrder => Some(self.new_orders(name, &gathered, summary).await?),
            NewsKind::StatusChange => Some(self.status_changes(name, &gathered).await?),
            NewsKind::CancelledInWork => Some(self.cancellations(name, &gathered).await?),
            NewsKind::KeyFails | NewsKind::LoadsFail | NewsKind::LoadsWell => {
                gathered.items.last().map(|last| incident(name, last))
            }
        };
        let Some(letter) = letter else { return Ok(()) };
        // Where another process has told a part of it, that one goes on with the rest.
        if self.store.tell_news(cabinet, kind, &gathered, &kept(&letter)?, self.now()).await? {
            self.told_something();
        }
        Ok(())
    }

    async fn new_orders(
        &self,
        cabinet: String,
        gathered: &Gathered,
        summary: Option<Summary>,
    ) -> storage::Result<Letter> {
        let orders = self.in_short(gathered).await?;
        let in_order = gathered.items.iter().filter_map(|news| orders.get(&news.order.as_ref()?.id).cloned());
        Ok(Letter::NewOrders(NewOrders {
            cabinet,
            summary,
            total: gathered.total,
            orders: in_order.collect(),
            by_day: gathered.by_day.clone(),
        }))
    }

    async fn status_changes(&self, cabinet: String, gathered: &Gathered) -> storage::Result<Letter> {
        let statuses: HashMap<StatusId, String> =
            self.store.statuses().await?.into_iter().map(|status| (status.id, status.name)).collect();
        let change = |news: &News| {
            let order = news.order.as_ref()?;
            Some(StatusChange {
                id: order.id.0,
                number: order.number.clone(),
                ozon_before: news.detail.ozon_before.clone().unwrap_or_default(),
                ozon_after: news.detail.ozon_after.clone().unwrap_or_default(),
                shop_after: news.detail.shop_after.and_then(|id| statuses.get(&StatusId(id)).cloned()),
            })
        };
        let changes = gathered.items.iter().filter_map(change).collect();
        Ok(Letter::StatusChanges(StatusChanges { cabinet, total: gathered.total, changes }))
    }

    async fn cancellations(&self, cabinet: String, gathered: &Gathered) -> storage::Result<Letter> {
        let orders = self.in_short(gathered).await?;
        let one = |news: &News| {
            Some(Cancelled {
                order: orders.get(&news.order.as_ref()?.id)?.clone(),
                shipped: news.detail.shipped,
                initiator: news.detail.initiator.clone(),
                reason: news.detail.reason.clone(),
            })
        };
        let cancelled = gathered.items.iter().filter_map(one).collect();
        Ok(Letter::CancelledInWork(CancelledInWork { cabinet, total: gathered.total, cancelled }))
    }

    /// The orders that the news are about.
    async fn in_short(&self, gathered: &Gathered) -> storage::Result<HashMap<OrderId, OrderInShort>> {
        let orders: Vec<Order> = gathered.items.iter().filter_map(|news| news.order.clone()).collect();
        let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
        let facts = self.store.facts_of(&ids).await?;
        let zones = self.store.warehouse_zones(&orders, &facts).await?;
        let short = |order: &Order| OrderInShort {
            id: order.id.0,
            number: order.number.clone(),
            goods: goods(order),
            total: order.total,
            ship_by: order.ship_by,
            warehouse_zone: zones.get(&order.id).map(|zone| zone.local_minus_utc() / 60),
        };
        Ok(orders.iter().map(|order| (order.id, short(order))).collect())
    }

    /// Warns that a key ends soon, once each 14, 7 and 1 days before.
    pub(crate) async fn warn_of_expiry(&self, id: CabinetId, ends: DateTime<Utc>) -> storage::Result<()> {
        let left = ends - self.now();
        let days = left.num_days() + i64::from(left.num_seconds() % 86_400 > 0);
        let Some(warning) = WARNINGS.into_iter().find(|warning| days <= *warning) else { return Ok(()) };
        if left <= chrono::Duration::zero() || self.store.mail().await?.is_none() {
            return Ok(());
        }
        let cabinet = self.store.cabinet(id).await?.name;
        let days_left = u32::try_from(days).unwrap_or(0);
        let letter = Letter::KeyExpires { cabinet, expires_at: ends, days_left };
        let once = format!("key of cabinet {id} ends {}, {warning} days", ends.timestamp());
        self.store.write_letter(Some(id), &kept(&letter)?, Some(&once), self.now()).await?;
        self.told_something();
        Ok(())
    }
}

fn incident(cabinet: String, news: &News) -> Letter {
    let (code, error) = (news.detail.code.clone().unwrap_or_default(), news.detail.error.clone());
    let since = news.detail.since.unwrap_or(news.at);
    match news.kind {
        NewsKind::KeyFails => Letter::KeyFails { cabinet, code },
        NewsKind::LoadsWell => Letter::LoadsWellAgain { cabinet, failed_since: since, well_at: news.at },
        _ => Letter::LoadsFail { cabinet, code, error: error.unwrap_or_default(), since },
    }
}

/// As the outbox keeps it.
pub(crate) fn kept(letter: &Letter) -> storage::Result<What> {
    let payload =
        serde_json::to_string(letter).map_err(|error| storage::Error::Corrupt(error.to_string()))?;
    Ok(What::Letter { kind: letter.kind().to_owned(), payload })
}

fn goods(order: &Order) -> String {
    let pieces = order.lines.iter().filter(|line| line.quantity > 0);
    let all: Vec<String> = pieces.map(|line| format!("{} × {}", line.name, line.quantity)).collect();
    let all = all.join(", ");
    match all.char_indices().nth(LONGEST_GOODS) {
        Some((at, _)) => format!("{}…", &all[..at]),
        None => all,
    }
}
