//! The people whom an order can be given to.

use storage::Store;
use storage::people::User;

use crate::access::{Act, may};

/// Everyone who may be given one, by address.
pub async fn managers(store: &Store) -> storage::Result<Vec<User>> {
    Ok(store.users().await?.into_iter().filter(may_be_manager).collect())
}

/// Who is let in and may change orders.
pub fn may_be_manager(user: &User) -> bool {
    user.disabled_at.is_none() && may(user.role, Act::ChangeOrders)
}
