//! `/v1/notification/set`, `/update`, `/enable` and `/delete`: registers the addresses that Ozon pushes to (API section 6).
//!
//! None of them answers anything: the identifier of a new address is in the list of [`ListNotificationUrls`](super::ListNotificationUrls).

use serde::Serialize;

use super::Method;
use super::directory::done;
use crate::codes::PushType;
use crate::error::Broken;

/// Registers an address. [`CheckNotificationUrl`](super::CheckNotificationUrl) says beforehand whether Ozon would be content with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetNotificationUrl {
    /// The address.
    pub url: String,
    /// What to send there.
    pub types: Vec<PushType>,
}

/// Changes an address. What is empty is not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpdateNotificationUrl {
    /// Which.
    pub id: i64,
    /// The new address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// What to send there from now on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<PushType>,
}

/// Switches an address on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EnableNotificationUrl {
    /// Which.
    pub id: i64,
    /// Whether to send there.
    pub enabled: bool,
}

/// Forgets an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeleteNotificationUrl {
    /// Which.
    pub id: i64,
}

impl Method for SetNotificationUrl {
    const PATH: &'static str = "/v1/notification/set";
    const CHANGES: bool = true;
    type Answer = ();

    fn decode(body: &str) -> Result<(), Broken> {
        done(body)
    }
}

impl Method for UpdateNotificationUrl {
    const PATH: &'static str = "/v1/notification/update";
    const CHANGES: bool = true;
    type Answer = ();

    fn decode(body: &str) -> Result<(), Broken> {
        done(body)
    }
}

impl Method for EnableNotificationUrl {
    const PATH: &'static str = "/v1/notification/enable";
    const CHANGES: bool = true;
    type Answer = ();

    fn decode(body: &str) -> Result<(), Broken> {
        done(body)
    }
}

impl Method for DeleteNotificationUrl {
    const PATH: &'static str = "/v1/notification/delete";
    const CHANGES: bool = true;
    type Answer = ();

    fn decode(body: &str) -> Result<(), Broken> {
        done(body)
    }
}

#[cfg(test)]
mod tests {
    use super::{DeleteNotificationUrl, EnableNotificationUrl, SetNotificationUrl, UpdateNotificationUrl};
    use crate::error::Broken;
    use crate::methods::{ApproveCancellation, Method, RejectCancellation};

    fn says_only_that_it_is_done<M: Method<Answer = ()>>() {
        for done in ["{}", r#" {"result":{}} "#, r#"{"new":[1]}"#] {
            assert_eq!(M::decode(done), Ok(()), "{done}");
        }
        for odd in ["[]", "null", "true", "7"] {
            assert_eq!(M::decode(odd), Err(Broken::MissingList), "{odd}");
        }
        for odd in ["", "<html>", "{"] {
            assert_eq!(M::decode(odd), Err(Broken::NotJson), "{odd}");
        }
        let (changes, path) = (M::CHANGES, M::PATH);
        assert!(changes, "{path}");
    }

    #[test]
    fn an_object_says_that_it_is_done_and_nothing_else_does() {
        says_only_that_it_is_done::<SetNotificationUrl>();
        says_only_that_it_is_done::<UpdateNotificationUrl>();
        says_only_that_it_is_done::<EnableNotificationUrl>();
        says_only_that_it_is_done::<DeleteNotificationUrl>();
        says_only_that_it_is_done::<ApproveCancellation>();
        says_only_that_it_is_done::<RejectCancellation>();
    }
}
