//! Single facts of the installation.

use domain::number_template;

use crate::connect::Store;
use crate::error::{Error, Result};
use crate::install::{fact, set_fact};

pub(crate) const NUMBER_TEMPLATE: &str = "number_template";
pub(crate) const NEXT_NUMBER: &str = "next_number";

impl Store {
    /// A single fact by its key.
    pub async fn shop_value(&self, key: &str) -> Result<Option<String>> {
        fact(&self.steady, key).await
    }

    /// Sets a single fact.
    pub async fn set_shop_value(&self, key: &str, value: &str) -> Result<()> {
        set_fact(&self.steady, key, value).await
    }

    /// The template of the shop's own order numbers.
    pub async fn number_template(&self) -> Result<String> {
        Ok(fact(&self.steady, NUMBER_TEMPLATE).await?.unwrap_or_else(|| number_template::DEFAULT.to_owned()))
    }

    /// The running number that the next order by the template gets; it only ever grows.
    pub async fn next_number(&self) -> Result<i64> {
        let kept = fact(&self.steady, NEXT_NUMBER).await?;
        kept.map_or(Ok(1), |text| {
            text.parse().map_err(|_| Error::Corrupt(format!("the next number is {text}")))
        })
    }

    /// Changes the template; numbers already given stay.
    pub async fn set_number_template(&self, template: &str) -> Result<()> {
        set_fact(&self.steady, NUMBER_TEMPLATE, template).await
    }
}
