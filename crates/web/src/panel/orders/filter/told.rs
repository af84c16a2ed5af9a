//! What a list of orders holds, in words, for paper, which is read without the list: its tab and its filters.

use domain::UserId;
use storage::Warehouse;

use super::{Asked, given, id};
use crate::panel::days;
use crate::panel::orders::rows::Lists;
use voice::Voice;

impl Asked {
    /// The tab and every filter that is set; nothing for the whole list.
    pub(in crate::panel::orders) fn told(
        &self,
        v: Voice,
        lists: &Lists,
        me: UserId,
        sees_persons: bool,
    ) -> Vec<String> {
        let warehouses: Vec<Warehouse> = lists.warehouses.iter().map(|(_, place)| place.clone()).collect();
        let form = self.form(v, &lists.cabinets, &lists.sources, &warehouses, None);
        let managers = self.managers(v, &lists.people, me);
        let status = self.status_id().and_then(|id| lists.statuses.iter().find(|status| status.id == id));
        let choices = [
            &form.ship_by,
            &form.cabinet,
            &form.scheme,
            &form.warehouse,
            &form.ozon_status,
            &form.source,
            &form.paid,
            &managers,
        ];
        let chosen = choices.into_iter().flatten().filter(|choice| choice.chosen && !choice.value.is_empty());
        let day = |key: &str, text: Option<&String>| {
            let day = given(text)?.parse().ok()?;
            Some(format!("{} {}", v.t(key), days::worded(v, day)))
        };
        let customer = id(self.customer.as_ref()).filter(|_| sees_persons);

        let mut told: Vec<String> = self.work().map(|work| v.t(work.key())).into_iter().collect();
        told.extend(status.map(|status| status.name.clone()));
        told.extend(chosen.map(|choice| choice.label.clone()));
        told.extend(form.express.then(|| v.t("filter-express")));
        told.extend(day("filter-from", self.from.as_ref()));
        told.extend(day("filter-to", self.to.as_ref()));
        told.extend(customer.map(|number| v.with("audit-customer", "number", number)));
        told.extend(given(self.q.as_ref()).map(|q| v.with("search-asked", "q", q)));
        told
    }
}
