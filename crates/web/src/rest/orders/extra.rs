//! The additional data of an order: what Ozon told beside the order's own fields, each only where it is known.

use domain::{Order, Posting, posting};
use serde::Serialize;
use utoipa::ToSchema;

use crate::rest::wire::{Amount, Time};

macro_rules! known_fields {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $kind:ty,)* }) => {
        #[derive(Debug, Default, Serialize, ToSchema)]
        $(#[$outer])*
        pub struct $name {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] $field: Option<$kind>,)*
        }
    };
}

known_fields! {
    /// What else Ozon told; a key that is left out is not known.
    Extra {
        /// Upper barcode of the label, when the setting `load_barcode` is on.
        upper_barcode: String,
        /// Lower barcode of the label.
        lower_barcode: String,
        /// The `ScanIt` barcode of labels since October 2026.
        scanit: String,
        /// Ozon's order id.
        ozon_order_id: i64,
        /// The seller's warehouse at Ozon.
        warehouse: String,
        /// Its id.
        warehouse_id: i64,
        /// Who delivers: `ozon`, `non_integrated`, `3pl_tracking`, `aggregator`, `hybryd`.
        tpl_integration_type: String,
        /// The finer division since July 2026.
        integration_type_flow: String,
        /// `PVZ`, `Courier` and so on.
        delivery_type: String,
        /// Ozon's delivery method.
        ozon_delivery_method: String,
        /// Its id.
        ozon_delivery_method_id: i64,
        /// Who carries it.
        carrier: String,
        /// The price of delivery.
        delivery_price: Amount,
        /// Its currency.
        delivery_currency: String,
        /// Promised window, begin.
        delivery_from: Time,
        /// Promised window, end.
        delivery_to: Time,
        /// Handed to delivery.
        delivering_date: Time,
        /// Overdue after this.
        overdue_after: Time,
        /// How the customer pays Ozon.
        payment_type: String,
        /// Region.
        region: String,
        /// Express delivery.
        is_express: bool,
        /// May be packed into several boxes.
        is_multibox: bool,
        /// The customer is a legal entity.
        is_legal: bool,
        /// Its name; not for a token that may not see persons.
        company: String,
        /// ИНН.
        inn: String,
        /// КПП.
        kpp: String,
        /// Unloading service ("подъём").
        lifting: String,
        /// The container it lies in.
        container: ContainerView,
        /// What the seller may do now, in Ozon's words.
        available_actions: Vec<String>,
        /// Why and by whom it was cancelled.
        cancellation: CancellationView,
    }
}

known_fields! {
    /// A container at Ozon.
    #[schema(as = Container)]
    ContainerView {
        /// Number.
        number: i64,
        /// Kind of cargo.
        cargo_type: String,
        /// Date, as Ozon writes it.
        date: String,
    }
}

known_fields! {
    /// Ozon's account of a cancellation.
    #[schema(as = Cancellation)]
    CancellationView {
        /// Ozon's reason id.
        reason_id: i64,
        /// The reason in words.
        reason: String,
        /// `seller`, `client`, `customer`, `ozon`, `system`, `delivery`.
        kind: String,
        /// The initiator in Ozon's words.
        initiator: String,
        /// After it was shipped.
        after_ship: bool,
    }
}

impl Extra {
    /// The additional data of an order; the company of a legal entity only for those who may see persons, since of a
    /// sole trader it is one.
    pub fn of(order: &Order, facts: Option<Posting>, persons: bool) -> Self {
        let details = facts.map(|facts| facts.details).unwrap_or_default();
        let company = details.company.filter(|_| persons).unwrap_or_default();
        Self {
            upper_barcode: order.barcodes.upper.clone(),
            lower_barcode: order.barcodes.lower.clone(),
            scanit: order.barcodes.scanit.clone(),
            ozon_order_id: details.order_id,
            warehouse: details.warehouse_name,
            warehouse_id: details.warehouse_id,
            tpl_integration_type: details.tpl_integration_type,
            integration_type_flow: details.integration_type_flow,
            delivery_type: details.delivery_type,
            ozon_delivery_method: details.delivery_method_name,
            ozon_delivery_method_id: details.delivery_method_id,
            carrier: details.carrier,
            delivery_price: details.delivery_price.map(Amount),
            delivery_currency: details.delivery_price.map(|price| price.currency.to_string()),
            delivery_from: Time::of(details.delivery_from),
            delivery_to: Time::of(details.delivery_to),
            delivering_date: Time::of(details.delivering_date),
            overdue_after: Time::of(order.overdue_after),
            payment_type: details.payment_type,
            region: details.region.filter(|_| persons),
            is_express: details.is_express,
            is_multibox: details.is_multibox,
            is_legal: details.is_legal,
            company: company.name,
            inn: company.inn,
            kpp: company.kpp,
            lifting: details.lifting,
            container: details.container.map(ContainerView::from),
            available_actions: details.available_actions,
            cancellation: details.cancellation.map(CancellationView::from),
        }
    }
}

impl From<posting::Container> for ContainerView {
    fn from(told: posting::Container) -> Self {
        Self { number: told.number, cargo_type: told.cargo_type, date: told.date }
    }
}

impl From<posting::Cancellation> for CancellationView {
    fn from(told: posting::Cancellation) -> Self {
        Self {
            reason_id: told.reason_id,
            reason: told.reason,
            kind: told.kind,
            initiator: told.initiator,
            after_ship: told.after_ship,
        }
    }
}
