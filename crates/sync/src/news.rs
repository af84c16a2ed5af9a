//! Makes letters of news: one letter tells all that one load brought (settings rows 10 and 14). Sends nothing.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use domain::{CabinetId, Order, OrderId, StatusId};
use letters::{
    Cancelled, CancelledInWork, Letter, NewOrders, OrderInShort, StatusChange, StatusChanges, Summary,
};
use storage::news::{Gathered, News, NewsKind};
use storage::outbox::What;
use strum::IntoEnumIterator;

use crate::desk::Desk;
use crate::load;

/// The most orders that one letter lists; the rest it counts.
const LISTED: usize = 500;
/// The longest list of goods in a letter, characters.
const LONGEST_GOODS: usize = 200;
/// So many days before a key ends, a letter warns of it; each of them once.
const WARNINGS: [i64; 3] = [1, 7, 14];
/// News that does not wait for the end of a load.
const AT_ONCE: [NewsKind; 2] = [NewsKind::CancelledInWork, NewsKind::KeyFails];
/// News as old as this was forgotten by whoever found it: its process died, or no load has come since.
const LEFT: Duration = Duration::minutes(10);
/// How often news is gathered when other processes tell it at the same time.
const TRIES: u32 = 5;

impl Desk {
    /// Tells the news of a load that has ended, and all that waited for its end. The first load's orders are told by their
    /// days alone, and only once it is complete.
    pub(crate) async fn tell_of_load(&self, cabinet: CabinetId, is_first: bool, is_complete: bool) {
        for kind in NewsKind::iter() {
            match (kind, is_first) {
                (NewsKind::NewOrder, true) if !is_complete => {}
                (NewsKind::NewOrder, true) => self.tell_as(cabinet, kind, Some(Summary::FirstLoad)).await,
                _ => self.tell(cabinet, &[kind]).await,
            }
        }
    }

    /// Tells the news of readings, unless a load is going: it tells them with its own.
    pub(crate) async fn tell_aside(&self, cabinet: CabinetId) {
        match self.may_tell_aside(cabinet).await {
            Ok(kinds) => self.tell(cabinet, &kinds).await,
            Err(error) => tracing::warn!(cabinet = cabinet.0, "its news waits for the next letter: {error}"),
        }
    }

    /// Tells at once what cannot wait, whoever has found it, and what nobody has told for long.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn tell_what_waits(&self) -> storage::Result<()> {
        for waiting in self.store.waiting_news().await? {
            let is_left = waiting.since + LEFT <= self.now();
            if AT_ONCE.contains(&waiting.kind)
                || (is_left && self.may_tell_aside(waiting.cabinet).await?.contains(&waiting.kind))
            {
                self.tell(waiting.cabinet, &[waiting.kind]).await;
            }
        }
        Ok(())
    }

    async fn may_tell_aside(&self, cabinet: CabinetId) -> storage::Result<Vec<NewsKind>> {
        if self.store.is_leased(&load::lease_name(cabinet), self.now()).await? {
            return Ok(Vec::new());
        }
        let is_loaded = self.store.cabinet(cabinet).await?.watermark.is_some();
        Ok(NewsKind::iter().filter(|kind| is_loaded || *kind != NewsKind::NewOrder).collect())
    }

    /// Tells news of these kinds. What cannot be told now stays and is told later: no load or reading fails of it.
    pub(crate) async fn tell(&self, cabinet: CabinetId, kinds: &[NewsKind]) {
        for kind in kinds {
            let summary = (*kind == NewsKind::BackFilled).then_some(Summary::BackFill);
            self.tell_as(cabinet, *kind, summary).await;
        }
    }

    async fn tell_as(&self, cabinet: CabinetId, kind: NewsKind, summary: Option<Summary>) {
        for _ in 0..TRIES {
            match self.write_letter_of(cabinet, kind, summary).await {
                Ok(true) => return,
                // Another process has told a part of it: the rest is gathered again.
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(cabinet = cabinet.0, %kind, "its news waits for the next letter: {error}");
                    return;
                }
            }
        }
    }

    /// `false` when another process has told a part of it meanwhile.
    async fn write_letter_of(
        &self,
        cabinet: CabinetId,
        kind: NewsKind,
        summary: Option<Summary>,
    ) -> storage::Result<bool> {
        let listed = if summary.is_some() { 0 } else { LISTED };
        let Some(gathered) = self.store.gather_news(cabinet, kind, listed).await? else { return Ok(true) };
        let name = self.store.cabinet(cabinet).await?.name;
        let letter = match kind {
            NewsKind::NewOrder | NewsKind::BackFilled => {
                Some(self.new_orders(name, &gathered, summary).await?)
            }
            NewsKind::StatusChange => Some(self.status_changes(name, &gathered).await?),
            NewsKind::CancelledInWork => Some(self.cancellations(name, &gathered).await?),
            NewsKind::KeyFails | NewsKind::LoadsFail | NewsKind::LoadsWell => {
                gathered.items.last().map(|last| incident(name, last))
            }
        };
        let Some(letter) = letter else { return Ok(true) };
        let is_told = self.store.tell_news(cabinet, kind, &gathered, &kept(&letter)?, self.now()).await?;
        if is_told {
            self.told_something();
        }
        Ok(is_told)
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
        if left <= Duration::zero() || self.store.mail().await?.is_none() {
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
