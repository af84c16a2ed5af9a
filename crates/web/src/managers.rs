//! The people whom an order can be given to.

use storage::Store;
use storage::people::User;

use crate::access::{Act, may};

/// Everyone who is let in and may change orders, by address.
pub async fn managers(store: &Store) -> storage::Result<Vec<User>> {
    let works = |user: &User| user.disabled_at.is_none() && may(user.role, Act::ChangeOrders);
    Ok(store.users().await?.into_iter().filter(works).collect())
}
