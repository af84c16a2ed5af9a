//! Single facts of the installation.

use domain::number_template;

use crate::connect::Store;
use crate::error::Result;
use crate::install::{fact, set_fact};

pub(crate) const NUMBER_TEMPLATE: &str = "number_template";
pub(crate) const NEXT_NUMBER: &str = "next_number";

impl Store {
    /// A single fact by its key.
    pub async fn shop_value(&self, key: &str) -> Result<Option<String>> {
        fact(&self.db, key).await
    }

    /// Sets a single fact.
    pub async fn set_shop_value(&self, key: &str, value: &str) -> Result<()> {
        set_fact(&self.db, key, value).await
    }

    /// The template of the shop's own order numbers.
    pub async fn number_template(&self) -> Result<String> {
        Ok(fact(&self.db, NUMBER_TEMPLATE).await?.unwrap_or_else(|| number_template::DEFAULT.to_owned()))
    }

    /// Changes the template; numbers already given stay.
    pub async fn set_number_template(&self, template: &str) -> Result<()> {
        set_fact(&self.db, NUMBER_TEMPLATE, template).await
    }
}
