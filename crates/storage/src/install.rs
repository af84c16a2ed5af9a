//! What exists on install: statuses, the Ozon source, customer, delivery and payment methods, the number template.

use domain::settings::Installed;
use domain::{DeliveryMethodId, PaymentMethodId, SourceId, StatusId};
use entities::{customers, delivery_methods, payment_methods, shop, sources, statuses};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::error::{Error, Result};
use crate::text::clean;

/// The code of the customer to whom orders of unnamed people are bound.
pub const OZON_BUYER: &str = "ozon_buyer";
const OZON: &str = "ozon";
pub(crate) const KEY_FINGERPRINT: &str = "secret_key_fingerprint";
const INSTALLED: &str = "installed";

/// Code, name, colour, flags.
const STATUSES: &[(&str, &str, &str)] = &[
    ("new", "Новый", "#2563eb"),
    ("in_work", "В обработке", "#7c3aed"),
    ("packed", "Собран", "#0891b2"),
    ("sent", "Отправлен", "#d97706"),
    ("at_pickup_point", "В пункте выдачи", "#8b5e34"),
    ("delivered", "Доставлен", "#16a34a"),
    ("disputed", "Спор", "#db2777"),
    ("cancelled", "Отменён", "#6b7280"),
    ("awaiting_return", "Ожидается возврат", "#dc2626"),
    ("returned", "Возвращён", "#a21caf"),
];

/// Checks the secret key and adds what is missing; rows that people renamed or deleted stay as they left them.
pub async fn fill_in<C: ConnectionTrait>(db: &C, fingerprint: &str) -> Result<()> {
    check_key(db, fingerprint).await?;
    // Never over another one: the key may be rotated at this very moment.
    if fact(db, KEY_FINGERPRINT).await?.is_none() {
        set_fact(db, KEY_FINGERPRINT, fingerprint).await?;
    }
    if fact(db, INSTALLED).await?.is_some() {
        return Ok(());
    }
    let rows = STATUSES.iter().enumerate().map(|(position, &(code, name, color))| statuses::ActiveModel {
        name: Set(name.to_owned()),
        color: Set(color.to_owned()),
        position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
        is_default: Set(code == "new"),
        is_cancelled: Set(code == "cancelled"),
        is_completed: Set(code == "delivered"),
        hidden_from_customer: Set(false),
        shown_as_tab: Set(matches!(code, "new" | "in_work" | "packed")),
        code: Set(Some(code.to_owned())),
        ..Default::default()
    });
    statuses::Entity::insert_many(rows).exec_without_returning(db).await?;
    let code = || Set(Some(OZON.to_owned()));
    let name = |text: &str| Set(text.to_owned());
    let source = sources::ActiveModel { name: name("Ozon"), code: code(), ..Default::default() };
    sources::Entity::insert(source).exec_without_returning(db).await?;
    let method =
        delivery_methods::ActiveModel {
            name: name("Доставка Ozon"), code: code(), ..Default::default()
        };
    delivery_methods::Entity::insert(method).exec_without_returning(db).await?;
    let method =
        payment_methods::ActiveModel {
            name: name("Оплата через Ozon"), code: code(), ..Default::default()
        };
    payment_methods::Entity::insert(method).exec_without_returning(db).await?;
    let buyer = customers::ActiveModel {
        name: name("Покупатель Ozon"),
        search: Set(domain::search::customer_document("Покупатель Ozon", None, None)),
        comment: Set(String::new()),
        code: Set(Some(OZON_BUYER.to_owned())),
        created_at: Set(0),
        ..Default::default()
    };
    customers::Entity::insert(buyer).exec_without_returning(db).await?;
    set_fact(db, INSTALLED, "1").await
}

/// Refuses a secret key that is not the one the database was made with.
pub async fn check_key<C: ConnectionTrait>(db: &C, fingerprint: &str) -> Result<()> {
    match fact(db, KEY_FINGERPRINT).await? {
        Some(known) if known != fingerprint => Err(Error::WrongSecretKey),
        _ => Ok(()),
    }
}

/// The rows that default settings refer to. A status that people deleted is stood in for by the default one.
pub async fn installed<C: ConnectionTrait>(db: &C) -> Result<Installed> {
    let all = statuses::Entity::find().all(db).await?;
    let default = all.iter().find(|s| s.is_default).or(all.first()).map(|s| s.id).ok_or(Error::NotFound)?;
    let status =
        |code: &str| StatusId(all.iter().find(|s| s.code.as_deref() == Some(code)).map_or(default, |s| s.id));
    let missing = || Error::Corrupt("a list of the shop is empty".to_owned());
    let source = sources::Entity::find().all(db).await?;
    let source = source.iter().find(|s| s.code.is_some()).or(source.first()).ok_or_else(missing)?.id;
    let delivery = delivery_methods::Entity::find().all(db).await?;
    let delivery = delivery.iter().find(|s| s.code.is_some()).or(delivery.first()).ok_or_else(missing)?.id;
    let payment = payment_methods::Entity::find().all(db).await?;
    let payment = payment.iter().find(|s| s.code.is_some()).or(payment.first()).ok_or_else(missing)?.id;
    Ok(Installed {
        source: SourceId(source),
        delivery_method: DeliveryMethodId(delivery),
        payment_method: PaymentMethodId(payment),
        new: status("new"),
        in_work: status("in_work"),
        packed: status("packed"),
        sent: status("sent"),
        at_pickup_point: status("at_pickup_point"),
        delivered: status("delivered"),
        disputed: status("disputed"),
        cancelled: status("cancelled"),
        returned: status("returned"),
    })
}

/// A single fact of the installation.
pub async fn fact<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<String>> {
    let row = shop::Entity::find().filter(shop::Column::Key.eq(key)).one(db).await?;
    Ok(row.map(|row| row.value))
}

/// Sets a single fact.
pub async fn set_fact<C: ConnectionTrait>(db: &C, key: &str, value: &str) -> Result<()> {
    use sea_orm::sea_query::OnConflict;
    let row = shop::ActiveModel { key: Set(key.to_owned()), value: Set(clean(value)) };
    shop::Entity::insert(row)
        .on_conflict(OnConflict::column(shop::Column::Key).update_column(shop::Column::Value).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
