//! Where a row of one of the shop's lists is needed: links to the orders, settings and rules that keep it from being deleted.

use storage::uses::{CabinetUse, Uses};

use super::routes::Page;
use super::view::Link;
use super::words;
use voice::Voice;

/// One link for the orders and one for each place of the settings. `orders` is the address of the list of those orders, where
/// the list can be filtered by them.
pub(crate) fn links(v: Voice, uses: &Uses, orders: Option<String>) -> Vec<Link> {
    let mut links = Vec::new();
    if uses.orders > 0 {
        links.push(Link { href: orders.unwrap_or_default(), text: v.n("uses-orders", uses.orders) });
    }
    links.extend(uses.cabinets.iter().flat_map(|cabinet| of_cabinet(v, cabinet)));
    links
}

fn of_cabinet(v: Voice, cabinet: &CabinetUse) -> Vec<Link> {
    let named = |text: String| v.fill("uses-cabinet", &[("name", cabinet.name.clone()), ("what", text)]);
    let mut links: Vec<Link> = Vec::new();
    for key in &cabinet.keys {
        // Rows of the map, the acts of a cancellation and the steps of delivery stand together on the settings' page.
        let setting = key.split_once('.').map_or(key.as_str(), |(setting, _)| setting);
        let link = match setting {
            "seller_delivery" => Link {
                href: Page::Settings(cabinet.id).place(setting),
                text: v.t("settings-seller-delivery"),
            },
            _ => words::setting(v, cabinet.id, setting),
        };
        if links.iter().all(|known| known.href != link.href) {
            links.push(link);
        }
    }
    if cabinet.rules > 0 {
        links.push(Link { href: Page::Warehouses(cabinet.id).to_string(), text: v.t("warehouses-title") });
    }
    links.into_iter().map(|link| Link { text: named(link.text), ..link }).collect()
}
