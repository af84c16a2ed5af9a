//! From Ozon's shapes to the shop's words: the only place that knows both.

use chrono::SubsecRound;
use domain::posting::{Address, Cancellation, Company, Container, Customer, Details, Product, Recipient};
use domain::{Currency, Money, OzonStatus, Posting, PostingNumber};
use ozon_api::ListedPosting;
use ozon_api::posting as ozon;
use storage::intake::Arrived;

/// A posting as a list or `/v3/posting/fbs/get` showed it, ready to be taken in. One that cannot be read keeps its own
/// words, under its number where that can be told, else under a name made of its text.
pub fn arrived(listed: &ListedPosting) -> Arrived {
    let raw = listed.raw.get().to_owned();
    let told = listed.posting_number().and_then(|text| PostingNumber::new(&clean(text)).ok());
    let posting = match &listed.decoded {
        Ok(posting) => normalised(posting),
        Err(error) => Err(error.to_string()),
    };
    let number = match (&posting, told) {
        (Ok(posting), _) => posting.number.clone(),
        (Err(_), Some(number)) => number,
        (Err(_), None) => nameless(&raw),
    };
    Arrived { number, raw, posting }
}

fn nameless(raw: &str) -> PostingNumber {
    let hash = blake3::hash(raw.as_bytes()).to_hex();
    PostingNumber::new(&format!("unreadable-{}", &hash[..16])).expect("short and printable")
}

fn normalised(from: &ozon_api::Posting) -> Result<Posting, String> {
    let number = PostingNumber::new(&clean(&from.posting_number)).map_err(|e| e.to_string())?;
    let products = products(from)?;
    Ok(Posting {
        status: OzonStatus::from(clean(from.status.as_str())),
        substatus: text(from.substatus.as_ref()),
        products,
        details: details(from, &number),
        customer: from.customer.as_ref().map(customer),
        recipient: from.addressee.as_ref().map(|a| Recipient {
            name: text(a.name.as_ref()),
            phone: text(a.phone.as_ref()),
            pin: text(a.pin.as_ref()),
        }),
        related: from.related_postings.as_ref().map(|told| relatives(told, &number)),
        number,
    })
}

fn relatives(told: &[String], own: &PostingNumber) -> Vec<PostingNumber> {
    let numbers = told.iter().filter_map(|text| PostingNumber::new(&clean(text)).ok());
    numbers.filter(|number| number != own).collect()
}

/// Without what neither database nor page should see: control characters, NUL above all.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>().trim().to_owned()
}

/// A text that says something.
fn text(from: Option<&String>) -> Option<String> {
    from.map(|text| clean(text)).filter(|text| !text.is_empty())
}

fn micros(at: Option<chrono::DateTime<chrono::Utc>>) -> Option<chrono::DateTime<chrono::Utc>> {
    at.map(|at| at.trunc_subsecs(6))
}

fn products(from: &ozon_api::Posting) -> Result<Vec<Product>, String> {
    let financial = from.financial_data.as_ref().and_then(|f| f.products.as_ref());
    // Ozon leaves the currency out only where all prices share the account's.
    let shared = from.products.iter().find_map(|p| p.price.currency.as_deref()).and_then(Currency::parse);
    let mut products = Vec::with_capacity(from.products.len());
    for product in &from.products {
        let paid = financial
            .and_then(|all| all.iter().find(|f| f.product_id.is_some() && f.product_id == product.sku));
        let price = money(&product.price, shared).ok_or("a price that is too large")?;
        products.push(Product {
            offer_id: product.offer_id.as_deref().map(clean).unwrap_or_default(),
            sku: product.sku,
            name: product.name.as_deref().map(clean).unwrap_or_default(),
            quantity: product.quantity,
            price,
            old_price: paid.and_then(|f| f.old_price.as_ref()).and_then(|m| money(m, Some(price.currency))),
            customer_price: paid
                .and_then(|f| f.customer_price.as_ref())
                .and_then(|m| money(m, Some(price.currency))),
            weight_grams: product.weight_grams.and_then(|w| u32::try_from(w.round()).ok()),
            color: text(product.product_color.as_ref()),
        });
    }
    if products.windows(2).any(|pair| pair[0].price.currency != pair[1].price.currency) {
        return Err("its lines are in several currencies".to_owned());
    }
    let sum = products.iter().try_fold(0_i64, |sum, p| sum.checked_add(p.price.times(p.quantity)?.minor));
    if sum.is_none() || products.iter().any(|p| i32::try_from(p.quantity).is_err()) {
        return Err("its quantities or prices are too large to add up".to_owned());
    }
    Ok(products)
}

fn money(from: &ozon_api::Money, shared: Option<Currency>) -> Option<Money> {
    let currency = from.currency.as_deref().and_then(Currency::parse).or(shared).unwrap_or(Currency::RUB);
    Money::from_decimal(from.amount, currency)
}

fn details(from: &ozon_api::Posting, number: &PostingNumber) -> Details {
    let method = from.delivery_method.as_ref();
    let analytics = from.analytics_data.as_ref();
    let barcodes = from.barcodes.as_ref();
    let address = from.customer.as_ref().and_then(|c| c.address.as_ref());
    let order_number = text(from.order_number.as_ref())
        .or_else(|| number.as_str().rsplit_once('-').map(|(order, _)| order.to_owned()));
    Details {
        order_number,
        order_id: from.order_id,
        in_process_at: micros(from.in_process_at),
        shipment_date: micros(from.shipment_date),
        shipment_date_without_delay: micros(from.shipment_date_without_delay),
        delivering_date: micros(from.delivering_date),
        delivery_from: micros(analytics.and_then(|a| a.delivery_date_begin)),
        delivery_to: micros(analytics.and_then(|a| a.delivery_date_end)),
        tpl_integration_type: from.tpl_integration_type.as_ref().map(|t| clean(t.as_str())),
        integration_type_flow: from.integration_type_flow.as_ref().map(|t| clean(t.as_str())),
        delivery_method_id: method.and_then(|m| m.id),
        delivery_method_name: text(method.and_then(|m| m.name.as_ref())),
        warehouse_id: method.and_then(|m| m.warehouse_id).or(analytics.and_then(|a| a.warehouse_id)),
        warehouse_name: text(method.and_then(|m| m.warehouse.as_ref()))
            .or_else(|| text(analytics.and_then(|a| a.warehouse.as_ref()))),
        carrier: text(method.and_then(|m| m.tpl_provider.as_ref()))
            .or_else(|| text(analytics.and_then(|a| a.tpl_provider.as_ref()))),
        delivery_type: text(analytics.and_then(|a| a.delivery_type.as_ref())),
        payment_type: text(analytics.and_then(|a| a.payment_type_group_name.as_ref())),
        delivery_price: from.delivery_price.as_ref().and_then(|m| money(m, None)),
        tracking_number: text(from.tracking_number.as_ref()),
        upper_barcode: text(barcodes.and_then(|b| b.upper.as_ref())),
        lower_barcode: text(barcodes.and_then(|b| b.lower.as_ref())),
        scanit: text(barcodes.and_then(|b| b.scanit.as_ref())),
        city: text(analytics.and_then(|a| a.city.as_ref()))
            .or_else(|| text(address.and_then(|a| a.city.as_ref()))),
        region: text(analytics.and_then(|a| a.region.as_ref()))
            .or_else(|| text(address.and_then(|a| a.region.as_ref()))),
        is_legal: analytics.and_then(|a| a.is_legal),
        company: from.legal_info.as_ref().and_then(company),
        is_express: from.is_express,
        is_multibox: from.is_multibox,
        multi_box_qty: from.multi_box_qty,
        container: from.container.as_ref().and_then(container),
        parent: text(from.parent_posting_number.as_ref()).and_then(|n| PostingNumber::new(&n).ok()),
        cancellation: from.cancellation.as_ref().and_then(cancellation),
        available_actions: from.available_actions.as_ref().map(|all| all.iter().map(|a| clean(a)).collect()),
        lifting: text(from.prr_option.as_ref().and_then(|p| p.code.as_ref())),
    }
}

fn company(from: &ozon::LegalInfo) -> Option<Company> {
    let company = Company {
        name: text(from.company_name.as_ref()),
        inn: text(from.inn.as_ref()),
        kpp: text(from.kpp.as_ref()),
    };
    (company != Company::default()).then_some(company)
}

fn container(from: &ozon::Container) -> Option<Container> {
    let container = Container {
        number: from.container_number.filter(|n| *n != 0),
        cargo_type: text(from.cargo_type.as_ref()),
        date: text(from.container_date.as_ref()),
    };
    container.number.is_some().then_some(container)
}

/// Ozon fills the block with zeros and empty texts while nothing is cancelled.
fn cancellation(from: &ozon::Cancellation) -> Option<Cancellation> {
    let cancellation = Cancellation {
        reason_id: from.cancel_reason_id.filter(|id| *id != 0),
        reason: text(from.cancel_reason.as_ref()),
        kind: text(from.cancellation_type.as_ref()),
        initiator: text(from.cancellation_initiator.as_ref()),
        after_ship: from.cancelled_after_ship,
    };
    let told =
        cancellation.reason_id.is_some() || cancellation.reason.is_some() || cancellation.kind.is_some();
    told.then_some(cancellation)
}

fn customer(from: &ozon::Customer) -> Customer {
    Customer {
        id: from.customer_id.filter(|id| *id != 0),
        name: text(from.name.as_ref()),
        phone: text(from.phone.as_ref()),
        email: text(from.customer_email.as_ref()),
        address: from.address.as_ref().map(|a| Address {
            country: text(a.country.as_ref()),
            region: text(a.region.as_ref()),
            district: text(a.district.as_ref()),
            city: text(a.city.as_ref()),
            tail: text(a.address_tail.as_ref()),
            zip_code: text(a.zip_code.as_ref()),
            comment: text(a.comment.as_ref()),
            pickup_code: text(a.provider_pvz_code.as_ref()),
        }),
    }
}
