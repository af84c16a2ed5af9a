//! What a form with several buttons asks for.

use serde::Deserialize;

/// The act that the pressed button names.
#[derive(Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    pub(crate) act: String,
}
