//! Pages that say what went wrong.

use askama::Template;

use super::{Frame, Link};
use crate::panel::routes::Page;
use voice::Voice;

/// A page that says what went wrong and what to do.
#[derive(Template)]
#[template(path = "fault.html")]
pub struct FaultPage {
    /// Frame.
    pub frame: Frame,
    /// Voice.
    pub v: Voice,
    /// HTTP status.
    pub status: u16,
    /// What happened.
    pub title: String,
    /// What to do.
    pub text: String,
    /// Where to go.
    pub link: Link,
}

#[cfg(test)]
impl FaultPage {
    /// Not found, with the frame of somebody who is not signed in.
    pub fn samples(v: Voice) -> Vec<(&'static str, Self)> {
        let mut frame = Frame::sample(v, super::Section::Outside);
        frame.person = None;
        vec![(
            "not-found",
            Self {
                frame,
                v,
                status: 404,
                title: v.t("fault-404-title"),
                text: v.t("fault-404-text"),
                link: Link { href: Page::Orders.to_string(), text: v.t("fault-to-orders") },
            },
        )]
    }
}
